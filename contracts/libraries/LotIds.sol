// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotHeader, Mass} from "../interfaces/ILots.sol";

/// @dev Owns the identifiers of lots (docs/format.md, "Lot") and what it means that two are alike. Pure; no state ever
/// enters it.
library LotIds {
    bytes32 internal constant LOT_TAG = keccak256("touchstone.lot.v1");
    bytes32 internal constant RETURN_TAG = keccak256("touchstone.return.v1");
    bytes32 internal constant MASSES_TAG = keccak256("touchstone.masses.v1");

    function id(LotHeader calldata lot) internal pure returns (bytes32) {
        return keccak256(abi.encode(LOT_TAG, lot));
    }

    function ids(LotHeader[] calldata lots) internal pure returns (bytes32[] memory all) {
        all = new bytes32[](lots.length);
        for (uint256 i = 0; i < lots.length; ++i) all[i] = id(lots[i]);
    }

    /// What the parents of a lot made from one other are called.
    function parents(bytes32 lotId) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(lotId));
    }

    function parents(bytes32[] memory lotIds) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(lotIds));
    }

    /// What stands for the parents of a lot that was a piece. Tagged and longer, so no list of lots hashes to it.
    function returned(uint256 tokenId) internal pure returns (bytes32) {
        return keccak256(abi.encode(RETURN_TAG, tokenId));
    }

    /// What a leaf's `extra` says of the piece's masses.
    function extra(Mass[] calldata masses) internal pure returns (bytes32) {
        return keccak256(abi.encode(MASSES_TAG, masses));
    }

    function alike(LotHeader calldata a, LotHeader calldata b) internal pure returns (bool) {
        return
            a.material == b.material &&
            a.fineness == b.fineness &&
            a.unit == b.unit &&
            a.custody == b.custody &&
            a.origin == b.origin;
    }
}
