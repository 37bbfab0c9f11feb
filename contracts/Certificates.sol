// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Certificate, ICertificates} from "./interfaces/ICertificates.sol";
import {Authorization, IOrganisations} from "./interfaces/IOrganisations.sol";
import {IPasskeys} from "./interfaces/IPasskeys.sol";
import {CertificateIds} from "./libraries/CertificateIds.sol";
import {Signatures} from "./libraries/Signatures.sol";

/// @title Certificates
/// @dev What it does and promises stands in ICertificates. Nobody administers it: it has no owner and no setting.
contract Certificates is ICertificates, EIP712, Multicall {
    using BitMaps for BitMaps.BitMap;

    /// One slot a batch.
    struct Batch {
        address organisation;
        uint48 issuedAt;
        uint32 count;
    }

    uint16 internal constant CERTIFY = 4;
    uint16 internal constant ADMINISTER = 8;
    uint32 internal constant MAX_COUNT = 131_072;
    uint8 internal constant PIECE = 1;
    uint8 internal constant LAST_KIND = 6;
    uint8 internal constant LAST_REASON = 5;
    bytes32 internal constant ISSUE_TYPEHASH = keccak256(
        "Issue(address organisation,uint8 kind,bytes32 subject,bytes32 contentHash,uint48 validUntil,uint24 pieceEvents,uint48 deadline)"
    );
    bytes32 internal constant ISSUE_BATCH_TYPEHASH = keccak256(
        "IssueBatch(address organisation,bytes32 root,uint32 count,uint48 deadline)"
    );
    bytes32 internal constant REVOKE_TYPEHASH = keccak256(
        "Revoke(bytes32 id,uint32 index,uint8 reason,string words,uint48 deadline)"
    );

    /// @inheritdoc ICertificates
    IOrganisations public immutable organisations;
    /// @inheritdoc ICertificates
    IPasskeys public immutable passkeys;

    mapping(bytes32 batchId => Batch) private _batches;
    /// By certificate id and index 0, or batch id and index.
    mapping(bytes32 id => BitMaps.BitMap) private _revoked;

    constructor(IOrganisations organisations_, IPasskeys passkeys_) EIP712("Touchstone Certificates", "1") {
        organisations = organisations_;
        passkeys = passkeys_;
    }

    /// @inheritdoc ICertificates
    function issue(Certificate calldata certificate) external returns (bytes32 id) {
        return _issue(certificate, msg.sender);
    }

    /// @inheritdoc ICertificates
    function issueWithSignature(
        Certificate calldata c,
        Authorization calldata authorization
    ) external returns (bytes32 id) {
        bytes32 structHash = keccak256(
            abi.encode(
                ISSUE_TYPEHASH,
                c.organisation,
                c.kind,
                c.subject,
                c.contentHash,
                c.validUntil,
                c.pieceEvents,
                authorization.deadline
            )
        );
        _checkSigned(structHash, authorization);
        return _issue(c, authorization.key);
    }

    /// @inheritdoc ICertificates
    function issueBatch(
        address organisation,
        bytes32 root,
        uint32 count,
        Authorization calldata authorization
    ) external returns (bytes32 id) {
        require(root != 0 && count != 0 && count <= MAX_COUNT, InvalidCertificate());
        _checkConsent(
            keccak256(abi.encode(ISSUE_BATCH_TYPEHASH, organisation, root, count, authorization.deadline)),
            authorization
        );
        _checkPermitted(organisation, authorization.key);
        id = CertificateIds.batchId(organisation, root, count);
        require(_batches[id].count == 0, AlreadyIssued(id));
        _batches[id] = Batch(organisation, uint48(block.timestamp), count);
        emit CertificatesIssued(id, organisation, authorization.key, root, count);
    }

    /// @inheritdoc ICertificates
    function revoke(
        Certificate calldata certificate,
        uint8 reason,
        string calldata words,
        Authorization calldata authorization
    ) external {
        _revoke(CertificateIds.id(certificate), 0, certificate.organisation, reason, words, authorization);
    }

    /// @inheritdoc ICertificates
    function revokeInBatch(
        bytes32 batchId,
        uint32 index,
        uint8 reason,
        string calldata words,
        Authorization calldata authorization
    ) external {
        Batch memory batch = _batches[batchId];
        require(index < batch.count, UnknownCertificate(batchId, index));
        _revoke(batchId, index, batch.organisation, reason, words, authorization);
    }

    /// @inheritdoc ICertificates
    function postContent(bytes calldata content) external {
        emit ContentPosted(keccak256(content), content);
    }

    /// @inheritdoc ICertificates
    function certificateBatchOf(
        bytes32 batchId
    ) external view returns (address organisation, uint48 issuedAt, uint32 count) {
        Batch memory batch = _batches[batchId];
        return (batch.organisation, batch.issuedAt, batch.count);
    }

    /// @inheritdoc ICertificates
    function isRevoked(bytes32 id, uint32 index) public view returns (bool) {
        return _revoked[id].get(index);
    }

    /// @inheritdoc ICertificates
    function verifyCertificate(
        bytes32 root,
        uint32 count,
        uint32 index,
        Certificate calldata certificate,
        bytes32[] calldata proof
    ) external view returns (bool) {
        bytes32 id = CertificateIds.batchId(certificate.organisation, root, count);
        if (count == 0 || _batches[id].count != count || index >= count) return false;
        return MerkleProof.verifyCalldata(proof, root, CertificateIds.leaf(index, CertificateIds.id(certificate)));
    }

    /// @inheritdoc ICertificates
    function certificateIdOf(Certificate calldata certificate) external pure returns (bytes32) {
        return CertificateIds.id(certificate);
    }

    /// @inheritdoc ICertificates
    function certificateBatchIdOf(address organisation, bytes32 root, uint32 count) external pure returns (bytes32) {
        return CertificateIds.batchId(organisation, root, count);
    }

    function _issue(Certificate calldata c, address key) private returns (bytes32 id) {
        require(c.kind != 0 && c.kind <= LAST_KIND && c.contentHash != 0, InvalidCertificate());
        require(c.validUntil == 0 || c.validUntil > block.timestamp, InvalidCertificate());
        require(c.kind == PIECE || c.pieceEvents == 0, InvalidCertificate());
        _checkPermitted(c.organisation, key);
        id = CertificateIds.id(c);
        emit CertificateIssued(id, c.organisation, c.subject, key, c.kind, c.contentHash, c.validUntil, c.pieceEvents);
    }

    /// The only writer of revocations.
    function _revoke(
        bytes32 id,
        uint32 index,
        address organisation,
        uint8 reason,
        string calldata words,
        Authorization calldata authorization
    ) private {
        require(reason != 0 && reason <= LAST_REASON, InvalidReason(reason));
        address key = authorization.key;
        require(
            organisations.isPermitted(organisation, key, CERTIFY) ||
                organisations.isPermitted(organisation, key, ADMINISTER),
            IOrganisations.NotPermitted(organisation, key, CERTIFY)
        );
        _checkConsent(
            keccak256(abi.encode(REVOKE_TYPEHASH, id, index, reason, keccak256(bytes(words)), authorization.deadline)),
            authorization
        );
        require(!isRevoked(id, index), AlreadyRevoked(id, index));
        _revoked[id].set(index);
        emit CertificateRevoked(id, index, organisation, key, reason, words);
    }

    function _checkPermitted(address organisation, address key) private view {
        require(
            organisations.isPermitted(organisation, key, CERTIFY),
            IOrganisations.NotPermitted(organisation, key, CERTIFY)
        );
    }

    /// An empty signature is the caller's own word.
    function _checkConsent(bytes32 structHash, Authorization calldata authorization) private view {
        if (authorization.signature.length == 0) {
            require(msg.sender == authorization.key, InvalidSignature(authorization.key));
        } else {
            _checkSigned(structHash, authorization);
        }
    }

    function _checkSigned(bytes32 structHash, Authorization calldata authorization) private view {
        require(block.timestamp <= authorization.deadline, SignatureExpired(authorization.deadline));
        require(
            Signatures.isSignedBy(passkeys, authorization.key, _hashTypedDataV4(structHash), authorization.signature),
            InvalidSignature(authorization.key)
        );
    }
}
