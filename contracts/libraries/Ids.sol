// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchHeader} from "../interfaces/IPieces.sol";

/// @dev Owns the identifiers of docs/format.md: batch id, token id, leaf. Pure; no state ever enters it.
library Ids {
    bytes32 internal constant BATCH_TAG = keccak256("touchstone.batch.v1");
    bytes32 internal constant LEAF_TAG = keccak256("touchstone.leaf.v1");
    bytes32 internal constant ORGANISATION_TAG = keccak256("touchstone.organisation.v1");
    uint8 internal constant LEAF_VERSION = 1;

    function batchId(BatchHeader calldata h) internal pure returns (uint224) {
        bytes32 hash = keccak256(
            abi.encode(BATCH_TAG, h.organisation, h.root, h.count, h.mode, h.payloadHash, h.parts)
        );
        return uint224(uint256(hash));
    }

    function tokenId(uint224 batch, uint32 index) internal pure returns (uint256) {
        return (uint256(batch) << 32) | index;
    }

    function split(uint256 token) internal pure returns (uint224 batch, uint32 index) {
        return (uint224(token >> 32), uint32(token));
    }

    /// Where the block `number` of a batch is kept: as its tokens' ids, without their last eight bits.
    function blockId(uint224 batch, uint32 number) internal pure returns (uint256) {
        return (uint256(batch) << 24) | number;
    }

    /// Hashed twice, so that a 64-byte inner node of the tree can never be read as a leaf.
    function leaf(
        address registrant,
        uint32 index,
        bytes32 recordHash,
        address claimKey,
        bytes32 extra
    ) internal pure returns (bytes32) {
        bytes32 inner = keccak256(abi.encode(LEAF_TAG, LEAF_VERSION, registrant, index, recordHash, claimKey, extra));
        return keccak256(abi.encode(inner));
    }

    function organisation(string calldata handle) internal view returns (address) {
        bytes32 hash = keccak256(abi.encode(ORGANISATION_TAG, block.chainid, address(this), handle));
        return address(uint160(uint256(hash)));
    }
}
