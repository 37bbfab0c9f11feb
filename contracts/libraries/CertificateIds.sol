// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Certificate} from "../interfaces/ICertificates.sol";

/// @dev Owns the identifiers of certificates (docs/format.md, "Certificate"). Pure; no state ever enters it.
library CertificateIds {
    bytes32 internal constant CERTIFICATE_TAG = keccak256("touchstone.certificate.v1");
    bytes32 internal constant LEAF_TAG = keccak256("touchstone.certificate-leaf.v1");
    bytes32 internal constant BATCH_TAG = keccak256("touchstone.certificate-batch.v1");
    uint8 internal constant LEAF_VERSION = 1;

    function id(Certificate calldata c) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    CERTIFICATE_TAG,
                    c.organisation,
                    c.kind,
                    c.subject,
                    c.contentHash,
                    c.validUntil,
                    c.pieceEvents
                )
            );
    }

    /// Hashed twice, so that a 64-byte inner node of the tree can never be read as a leaf.
    function leaf(uint32 index, bytes32 certificateId) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(LEAF_TAG, LEAF_VERSION, index, certificateId))));
    }

    function batchId(address organisation, bytes32 root, uint32 count) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH_TAG, organisation, root, count));
    }
}
