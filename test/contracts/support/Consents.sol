// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ledger} from "./Ledger.sol";

/// What is signed in trade, claims and handovers. Typed data are hashed here anew, from the text of the interfaces, so that
/// a changed type or domain in the contracts shows.
abstract contract Consents is Ledger {
    uint16 internal constant RELEASE = 16;

    function _passDigest(
        uint224 batch,
        uint32 part,
        address from,
        address to,
        uint24 events,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256(
            "PassRange(uint224 batchId,uint32 part,address from,address to,uint24 events,uint48 deadline)"
        );
        return _ofPieces(abi.encode(kind, batch, part, from, to, events, deadline));
    }

    function _claimDigest(uint256 token, address to, uint24 moves, uint48 deadline) internal view returns (bytes32) {
        bytes32 kind = keccak256("Claim(uint256 tokenId,address to,bool recoverable,uint24 moves,uint48 deadline)");
        return _ofPieces(abi.encode(kind, token, to, false, moves, deadline));
    }

    function _releaseDigest(
        uint256 token,
        uint24 moves,
        uint24 events,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256("Release(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline)");
        return _ofPieces(abi.encode(kind, token, moves, events, deadline));
    }

    function _setCardDigest(
        uint256 token,
        address key,
        uint24 moves,
        uint24 events,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256(
            "SetCard(uint256 tokenId,address claimKey,uint24 moves,uint24 events,uint48 deadline)"
        );
        return _ofPieces(abi.encode(kind, token, key, moves, events, deadline));
    }

    function _handoverDigest(
        uint256 token,
        address from,
        address key,
        uint24 moves,
        uint24 events,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256(
            "Handover(uint256 tokenId,address from,address key,uint24 moves,uint24 events,uint48 deadline)"
        );
        return _ofPieces(abi.encode(kind, token, from, key, moves, events, deadline));
    }

    function _acceptDigest(uint256 token, address to, uint24 moves, uint48 deadline) internal view returns (bytes32) {
        bytes32 kind = keccak256("Accept(uint256 tokenId,address to,uint24 moves,uint48 deadline)");
        return _ofPieces(abi.encode(kind, token, to, moves, deadline));
    }

    function _withdrawDigest(
        uint256 token,
        uint24 moves,
        uint24 events,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256("WithdrawHandovers(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline)");
        return _ofPieces(abi.encode(kind, token, moves, events, deadline));
    }

    function _shipmentDigest(
        address from,
        address to,
        uint256[] memory tokens,
        uint24[] memory moves,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256(
            "TransferMany(address from,address to,uint256[] tokenIds,uint24[] moves,uint48 deadline)"
        );
        bytes32 listed = keccak256(abi.encodePacked(tokens));
        return _ofPieces(abi.encode(kind, from, to, listed, keccak256(abi.encodePacked(moves)), deadline));
    }

    function _ofPieces(bytes memory encoded) internal view returns (bytes32) {
        return _digest(address(pieces), "Touchstone Pieces", keccak256(encoded));
    }
}
