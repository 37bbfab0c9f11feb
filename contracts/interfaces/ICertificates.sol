// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization, IOrganisations} from "./IOrganisations.sol";
import {IPasskeys} from "./IPasskeys.sol";

/// @notice What a certifier puts its name to: everything a certificate's id commits to.
/// @param organisation The certifier.
/// @param kind What `subject` is: 1 a piece (token id), 2 a record (record hash), 3 a report (report key), 4 a batch
/// (batch id), 5 an organisation (address), 6 a lot (lot id).
/// @param subject The subject as 32 bytes, numbers and addresses padded on the left. That it exists isn't checked.
/// @param contentHash keccak256 of the statement's canonical bytes (docs/format.md, "Certificate").
/// @param validUntil Block time from which the certificate says nothing about the present; 0 if it has no end.
/// @param pieceEvents Of a piece: the number of its events the certifier knew of, so that a later change shows. Else 0.
struct Certificate {
    address organisation;
    uint8 kind;
    bytes32 subject;
    bytes32 contentHash;
    uint48 validUntil;
    uint24 pieceEvents;
}

/// @title Certificates
/// @notice What certifiers attest: who, about what, since when, and whether it was revoked. One at a time, or any
/// number under one Merkle root, each of them checked and revoked on its own.
/// @dev Certificate id: keccak256(abi.encode(CERTIFICATE_TAG, fields in order)). Leaf of a batch:
/// keccak256(keccak256(abi.encode(CERTIFICATE_LEAF_TAG, 1, index, certificate id))). Batch id:
/// keccak256(abi.encode(CERTIFICATE_BATCH_TAG, organisation, root, count)).
///
/// A single certificate is an event and takes no storage; a batch, whatever its size, takes one slot, so that its
/// certificates can be checked from state alone, by contracts and by nodes that keep no old logs. A batch may have one.
/// Issuing the same again changes nothing: the first event counts.
///
/// A certifier needs the role and a key with the permission, in good standing, when it certifies. A later suspension
/// takes nothing back. Warning: nothing here says that a certificate is true, nor that there are no others.
interface ICertificates {
    /// @notice One certificate was issued.
    event CertificateIssued(
        bytes32 indexed id,
        address indexed organisation,
        bytes32 indexed subject,
        address key,
        uint8 kind,
        bytes32 contentHash,
        uint48 validUntil,
        uint24 pieceEvents
    );
    /// @notice `count` certificates under one root were issued.
    event CertificatesIssued(bytes32 indexed id, address indexed organisation, address key, bytes32 root, uint32 count);
    /// @notice A certificate was revoked: a single one (its id, index 0), or one of a batch (the batch's id, its index).
    /// Reasons: 1 mistake, 2 replaced by another, 3 the piece has changed, 4 obtained by deceit, 5 other.
    event CertificateRevoked(
        bytes32 indexed id,
        uint32 indexed index,
        address indexed organisation,
        address key,
        uint8 reason,
        string words
    );
    /// @notice Bytes whose hash is `contentHash`: the statement of a certificate, public for ever.
    event ContentPosted(bytes32 indexed contentHash, bytes content);

    /// @notice A field breaks a rule given at Certificate, or a batch is empty, too large or without root.
    error InvalidCertificate();
    /// @notice This batch was issued already; its id says so.
    error AlreadyIssued(bytes32 id);
    /// @notice No batch has this id, or it has no certificate with this index.
    error UnknownCertificate(bytes32 id, uint32 index);
    /// @notice It is revoked already. Revoking can't be undone: issue another certificate.
    error AlreadyRevoked(bytes32 id, uint32 index);
    /// @notice The reason is none of 1 to 5.
    error InvalidReason(uint8 reason);
    /// @notice The signature's time is over.
    error SignatureExpired(uint48 deadline);
    /// @notice The signature is not `key`'s over these typed data.
    error InvalidSignature(address key);

    /// @notice Issues one certificate; the caller is a key of the certifier.
    /// @return id The certificate's id.
    function issue(Certificate calldata certificate) external returns (bytes32 id);

    /// @notice Issues one certificate that a key of the certifier signed; anybody relays it.
    /// @dev Typed data: Issue(address organisation,uint8 kind,bytes32 subject,bytes32 contentHash,uint48 validUntil,uint24
    /// pieceEvents,uint48 deadline). Being the caller is no consent here. Relayed again, it repeats an event that counts
    /// once.
    function issueWithSignature(
        Certificate calldata certificate,
        Authorization calldata authorization
    ) external returns (bytes32 id);

    /// @notice Issues `count` certificates, 1 to 131,072, under one Merkle root.
    /// @dev Typed data: IssueBatch(address organisation,bytes32 root,uint32 count,uint48 deadline).
    /// @param authorization By a key of the organisation with the permission to certify, in good standing.
    /// @return id The id of the batch of certificates.
    function issueBatch(
        address organisation,
        bytes32 root,
        uint32 count,
        Authorization calldata authorization
    ) external returns (bytes32 id);

    /// @notice Revokes a certificate that was issued by itself, for good.
    /// @dev Typed data: Revoke(bytes32 id,uint32 index,uint8 reason,string words,uint48 deadline), with the certificate's
    /// id and index 0. A suspended certifier's administrators still may: what it takes back, it takes back from itself.
    /// @param reason As listed at CertificateRevoked.
    /// @param words The certifier's own words, public for ever; may be empty.
    /// @param authorization By a key of the certifier with the permission to certify, or to administer keys.
    function revoke(
        Certificate calldata certificate,
        uint8 reason,
        string calldata words,
        Authorization calldata authorization
    ) external;

    /// @notice Revokes one certificate of a batch, for good. As `revoke`, with the batch's id and the index in it.
    function revokeInBatch(
        bytes32 batchId,
        uint32 index,
        uint8 reason,
        string calldata words,
        Authorization calldata authorization
    ) external;

    /// @notice Makes bytes public under their hash. Anybody may: they prove themselves.
    function postContent(bytes calldata content) external;

    /// @notice A batch of certificates. Zeros if none was issued under this id.
    /// @return organisation The certifier.
    /// @return issuedAt Block time.
    /// @return count Number of certificates in it.
    function certificateBatchOf(
        bytes32 batchId
    ) external view returns (address organisation, uint48 issuedAt, uint32 count);

    /// @notice Whether a certificate was revoked: by its own id and index 0, or its batch's id and its index there.
    /// Warning: false as well for what was never issued.
    function isRevoked(bytes32 id, uint32 index) external view returns (bool);

    /// @notice Whether the certifier issued this certificate as `index` of the batch with this root and count.
    /// @dev Says nothing about revocation.
    function verifyCertificate(
        bytes32 root,
        uint32 count,
        uint32 index,
        Certificate calldata certificate,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice The id of a certificate, issued or not.
    function certificateIdOf(Certificate calldata certificate) external pure returns (bytes32);

    /// @notice The id of a batch of certificates, issued or not.
    function certificateBatchIdOf(address organisation, bytes32 root, uint32 count) external pure returns (bytes32);

    /// @notice Who is admitted, with which keys.
    function organisations() external view returns (IOrganisations);

    /// @notice Where passkeys are asked whether they signed; fixed.
    function passkeys() external view returns (IPasskeys);
}
