// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TestedCertificates} from "./Contracts.sol";
import {Certificate} from "../../../contracts/interfaces/ICertificates.sol";
import {Ledger} from "./Ledger.sol";
import {Vm} from "./Test.sol";

/// A ledger with two laboratories as well. Ids, leaves, events and typed data of certificates are made here anew, from
/// the text of the interface, so that a changed tag, order or type in the contract shows.
abstract contract Certifying is Ledger {
    uint32 internal constant CERTIFIER = 4;
    uint8 internal constant PIECE = 1;
    uint8 internal constant MISTAKE = 1;
    uint32 internal constant MAX_COUNT = 131_072;

    uint256 internal constant LAB_SECRET = 0xB1;
    uint256 internal constant CLERK_SECRET = 0xB2;
    uint256 internal constant BOARD_SECRET = 0xB3;
    uint256 internal constant RIVAL_SECRET = 0xB4;

    /// Keys of the lab: with every permission, to certify only, to administer keys only. And the rival's, with every one.
    address internal labKey = vm.addr(LAB_SECRET);
    address internal clerkKey = vm.addr(CLERK_SECRET);
    address internal boardKey = vm.addr(BOARD_SECRET);
    address internal rivalKey = vm.addr(RIVAL_SECRET);

    address internal lab;
    address internal rival;

    function setUp() public virtual override {
        super.setUp();
        lab = _admitAs("gem-lab", CERTIFIER, labKey);
        rival = _admitAs("rival-lab", CERTIFIER, rivalKey);
        _setLabKey(clerkKey, CERTIFY, FOREVER);
        _setLabKey(boardKey, ADMINISTER, FOREVER);
    }

    function _deployCertificates() internal returns (TestedCertificates) {
        return
            TestedCertificates(_deploy("contracts/Certificates.sol:Certificates", abi.encode(organisations, passkeys)));
    }

    function _admitAs(string memory handle, uint32 roles, address key) internal returns (address) {
        vm.prank(administrator);
        return organisations.admit(handle, roles, key);
    }

    function _setRoles(address organisation, uint32 roles) internal {
        vm.prank(administrator);
        organisations.setRoles(organisation, roles);
    }

    function _setLabKey(address key, uint16 permissions, uint48 until) internal {
        vm.prank(labKey);
        organisations.setKey(lab, key, permissions, until, _direct(labKey));
    }

    /// What the lab says about a piece: one of many.
    function _certificate(uint256 number) internal view returns (Certificate memory) {
        return Certificate(lab, PIECE, bytes32(number), keccak256(abi.encode("content", number)), 0, 0);
    }

    function _issued(uint256 number) internal returns (Certificate memory c) {
        c = _certificate(number);
        vm.prank(labKey);
        certificates.issue(c);
    }

    function _issuedBatch(bytes32 root, uint32 count) internal returns (bytes32) {
        vm.prank(labKey);
        return certificates.issueBatch(lab, root, count, _direct(labKey));
    }

    function _certificateId(Certificate memory c) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256("touchstone.certificate.v1"),
                    c.organisation,
                    c.kind,
                    c.subject,
                    c.contentHash,
                    c.validUntil,
                    c.pieceEvents
                )
            );
    }

    function _certificateLeaf(uint32 index, Certificate memory c) internal pure returns (bytes32) {
        bytes32 tag = keccak256("touchstone.certificate-leaf.v1");
        return keccak256(abi.encodePacked(keccak256(abi.encode(tag, uint8(1), index, _certificateId(c)))));
    }

    function _certificateBatchId(address organisation, bytes32 root, uint32 count) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256("touchstone.certificate-batch.v1"), organisation, root, count));
    }

    function _issueDigest(Certificate memory c, uint48 deadline) internal view returns (bytes32) {
        bytes32 kind = keccak256(
            "Issue(address organisation,uint8 kind,bytes32 subject,bytes32 contentHash,uint48 validUntil,uint24 pieceEvents,uint48 deadline)"
        );
        bytes32 structHash = keccak256(
            abi.encode(kind, c.organisation, c.kind, c.subject, c.contentHash, c.validUntil, c.pieceEvents, deadline)
        );
        return _certificatesDigest(structHash);
    }

    function _issueBatchDigest(
        address organisation,
        bytes32 root,
        uint32 count,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256("IssueBatch(address organisation,bytes32 root,uint32 count,uint48 deadline)");
        return _certificatesDigest(keccak256(abi.encode(kind, organisation, root, count, deadline)));
    }

    function _revokeDigest(
        bytes32 id,
        uint32 index,
        uint8 reason,
        string memory words,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256("Revoke(bytes32 id,uint32 index,uint8 reason,string words,uint48 deadline)");
        bytes32 structHash = keccak256(abi.encode(kind, id, index, reason, keccak256(bytes(words)), deadline));
        return _certificatesDigest(structHash);
    }

    function _certificatesDigest(bytes32 structHash) private view returns (bytes32) {
        return _digest(address(certificates), "Touchstone Certificates", structHash);
    }

    function _issueLog(Certificate memory c, address key) internal view returns (Vm.Log memory) {
        bytes32 name = keccak256("CertificateIssued(bytes32,address,bytes32,address,uint8,bytes32,uint48,uint24)");
        bytes memory data = abi.encode(key, c.kind, c.contentHash, c.validUntil, c.pieceEvents);
        return _log(name, _certificateId(c), bytes32(uint256(uint160(c.organisation))), c.subject, data);
    }

    function _issueBatchLog(
        address organisation,
        address key,
        bytes32 root,
        uint32 count
    ) internal view returns (Vm.Log memory log) {
        log.topics = new bytes32[](3);
        log.topics[0] = keccak256("CertificatesIssued(bytes32,address,address,bytes32,uint32)");
        log.topics[1] = _certificateBatchId(organisation, root, count);
        log.topics[2] = bytes32(uint256(uint160(organisation)));
        log.data = abi.encode(key, root, count);
        log.emitter = address(certificates);
    }

    function _revokeLog(
        bytes32 id,
        uint32 index,
        address organisation,
        address key,
        uint8 reason,
        string memory words
    ) internal view returns (Vm.Log memory) {
        bytes32 name = keccak256("CertificateRevoked(bytes32,uint32,address,address,uint8,string)");
        bytes memory data = abi.encode(key, reason, words);
        return _log(name, id, bytes32(uint256(index)), bytes32(uint256(uint160(organisation))), data);
    }

    function _log(
        bytes32 name,
        bytes32 first,
        bytes32 second,
        bytes32 third,
        bytes memory data
    ) private view returns (Vm.Log memory log) {
        log.topics = new bytes32[](4);
        (log.topics[0], log.topics[1], log.topics[2], log.topics[3]) = (name, first, second, third);
        (log.data, log.emitter) = (data, address(certificates));
    }

    /// Since the logs began to be recorded there was this one, word for word, and no other.
    function _assertOnlyLog(Vm.Log memory expected) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "number of events");
        assertEq(keccak256(abi.encode(logs[0])), keccak256(abi.encode(expected)), "event");
    }

    /// Whole words of the bitmap: what a revocation did to its neighbours shows here.
    function _revocations(bytes32 id, uint256 word) internal view returns (uint256) {
        return uint256(vm.load(address(certificates), _revocationSlot(id, word)));
    }

    /// See contracts/README.md, "Storage".
    function _revocationSlot(bytes32 id, uint256 word) internal pure returns (bytes32) {
        return keccak256(abi.encode(word, keccak256(abi.encode(id, uint256(3)))));
    }

    function _batchSlot(bytes32 id) internal pure returns (bytes32) {
        return keccak256(abi.encode(id, uint256(2)));
    }
}
