// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchHeader, IPieces, Standing} from "../../../contracts/interfaces/IPieces.sol";

/// The registry as lots see it: its records are the registry's own, how a piece stands is what a test says.
contract StandingPieces {
    IPieces private immutable _pieces;
    mapping(uint256 tokenId => Standing) private _standings;

    constructor(IPieces pieces) {
        _pieces = pieces;
    }

    function set(uint256 tokenId, address owner, uint24 moves, uint24 events, uint8 state) external {
        _standings[tokenId] = Standing(owner, moves, events, 0, state, 0);
    }

    function standingOf(uint256 tokenId) external view returns (Standing memory) {
        return _standings[tokenId];
    }

    function verifyRecord(
        BatchHeader calldata header,
        uint32 index,
        bytes32 recordHash,
        address claimKey,
        bytes32 extra,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return _pieces.verifyRecord(header, index, recordHash, claimKey, extra, proof);
    }
}
