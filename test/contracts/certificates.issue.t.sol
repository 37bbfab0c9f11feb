// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Certificate, ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {Certifying} from "./support/Certifying.sol";
import {Vm} from "./support/Test.sol";

contract CertificatesIssueTest is Certifying {
    function testFuzz_aCertificateIsOneEventAndNoStorage(
        uint8 kind,
        bytes32 subject,
        bytes32 contentHash,
        uint48 validUntil,
        uint24 pieceEvents
    ) public {
        vm.assume(contentHash != 0);
        kind = uint8(bound(kind, 1, 6));
        if (validUntil != 0) validUntil = uint48(bound(validUntil, START + 1, FOREVER));
        if (kind != PIECE) pieceEvents = 0;
        Certificate memory c = Certificate(lab, kind, subject, contentHash, validUntil, pieceEvents);
        vm.recordLogs();
        vm.record();
        vm.prank(labKey);
        bytes32 id = certificates.issue(c);
        (, bytes32[] memory writes) = vm.accesses(address(certificates));
        assertEq(writes.length, 0, "slots written");
        _assertOnlyLog(_issueLog(c, labKey));
        assertEq(id, _certificateId(c), "id");
        assertEq(certificates.certificateIdOf(c), id, "id, asked");
        assertFalse(certificates.isRevoked(id, 0), "revoked");
    }

    function test_everyFieldOfACertificateIsInItsId() public view {
        bytes32 id = certificates.certificateIdOf(_certificate(7));
        for (uint256 field = 0; field < 6; ++field) {
            Certificate memory other = _certificate(7);
            if (field == 0) other.organisation = rival;
            if (field == 1) other.kind = 2;
            if (field == 2) other.subject = bytes32(uint256(8));
            if (field == 3) other.contentHash = keccak256("other content");
            if (field == 4) other.validUntil = START + 1;
            if (field == 5) other.pieceEvents = 1;
            assertTrue(certificates.certificateIdOf(other) != id, "another certificate, the same id");
            assertEq(certificates.certificateIdOf(other), _certificateId(other), "id");
        }
    }

    function test_anyKeyOfTheLabThatMayCertifyIssues() public {
        vm.recordLogs();
        vm.prank(clerkKey);
        certificates.issue(_certificate(1));
        _assertOnlyLog(_issueLog(_certificate(1), clerkKey));
    }

    function test_issuingAgainRepeatsTheEventAndChangesNothing() public {
        Certificate memory c = _issued(1);
        bytes32 batch = _issuedBatch(ROOT, 3);
        vm.prank(labKey);
        certificates.revokeInBatch(batch, 2, MISTAKE, "", _direct(labKey));
        vm.recordLogs();
        vm.record();
        vm.prank(clerkKey);
        assertEq(certificates.issue(c), _certificateId(c), "id");
        (, bytes32[] memory writes) = vm.accesses(address(certificates));
        assertEq(writes.length, 0, "slots written");
        _assertOnlyLog(_issueLog(c, clerkKey));
    }

    function testFuzz_aKindOfSubjectWithoutMeaningIsRefused(uint8 kind) public {
        vm.assume(kind == 0 || kind > 6);
        Certificate memory c = _certificate(1);
        c.kind = kind;
        _expectInvalid(c);
        c.kind = 0;
        _expectInvalid(c);
        c.kind = 7;
        _expectInvalid(c);
    }

    function test_aCertificateWithoutContentIsRefused() public {
        Certificate memory c = _certificate(1);
        c.contentHash = 0;
        _expectInvalid(c);
    }

    function testFuzz_aCertificateWhoseTimeIsOverIsRefused(uint48 validUntil) public {
        Certificate memory c = _certificate(1);
        c.validUntil = uint48(bound(validUntil, 1, START));
        _expectInvalid(c);
        c.validUntil = START;
        _expectInvalid(c);
        c.validUntil = START + 1;
        vm.prank(labKey);
        certificates.issue(c);
        vm.warp(START + 1);
        _expectInvalid(c);
    }

    function testFuzz_onlyOfAPieceAreEventsCounted(uint8 kind, uint24 pieceEvents) public {
        Certificate memory c = _certificate(1);
        c.kind = uint8(bound(kind, 2, 6));
        c.pieceEvents = uint24(bound(pieceEvents, 1, type(uint24).max));
        _expectInvalid(c);
        c.kind = PIECE;
        vm.prank(labKey);
        certificates.issue(c);
    }

    /// A signature doesn't lift a rule.
    function test_whatIsRefusedDirectlyIsRefusedSignedToo() public {
        for (uint256 rule = 0; rule < 4; ++rule) {
            Certificate memory c = _certificate(1);
            if (rule == 0) c.kind = 7;
            if (rule == 1) c.contentHash = 0;
            if (rule == 2) c.validUntil = START;
            if (rule == 3) (c.kind, c.pieceEvents) = (2, 1);
            bytes32 digest = _issueDigest(c, FOREVER);
            revertsWith(abi.encodeWithSelector(ICertificates.InvalidCertificate.selector));
            certificates.issueWithSignature(c, _signed(LAB_SECRET, FOREVER, digest));
        }
    }

    function test_manyAreIssuedInOneCall() public {
        bytes[] memory calls = new bytes[](4);
        calls[0] = abi.encodeCall(ICertificates.issue, (_certificate(1)));
        calls[1] = abi.encodeCall(ICertificates.issue, (_certificate(2)));
        calls[2] = abi.encodeCall(ICertificates.issueBatch, (lab, ROOT, 3, _direct(clerkKey)));
        calls[3] = abi.encodeCall(ICertificates.revoke, (_certificate(1), MISTAKE, "", _direct(clerkKey)));
        vm.recordLogs();
        vm.prank(clerkKey);
        bytes[] memory answers = certificates.multicall(calls);
        assertEq(abi.decode(answers[0], (bytes32)), _certificateId(_certificate(1)), "first id");
        assertEq(abi.decode(answers[1], (bytes32)), _certificateId(_certificate(2)), "second id");
        assertEq(abi.decode(answers[2], (bytes32)), _certificateBatchId(lab, ROOT, 3), "id of the batch");
        assertTrue(certificates.isRevoked(_certificateId(_certificate(1)), 0), "first revoked");
        assertFalse(certificates.isRevoked(_certificateId(_certificate(2)), 0), "second revoked");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 4, "events");
        assertEq(
            keccak256(abi.encode(logs[1])),
            keccak256(abi.encode(_issueLog(_certificate(2), clerkKey))),
            "second event"
        );
    }

    function test_ofManyInOneCallAllAreIssuedOrNone() public {
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(ICertificates.issueBatch, (lab, ROOT, 3, _direct(labKey)));
        calls[1] = abi.encodeCall(ICertificates.issueBatch, (lab, ROOT, 0, _direct(labKey)));
        vm.prank(labKey);
        revertsWith(abi.encodeWithSelector(ICertificates.InvalidCertificate.selector));
        certificates.multicall(calls);
        (, uint48 issuedAt, ) = certificates.certificateBatchOf(_certificateBatchId(lab, ROOT, 3));
        assertEq(issuedAt, 0, "issued");
    }

    function test_manyCallsInOneAreStillTheCallersOwn() public {
        bytes[] memory calls = new bytes[](1);
        calls[0] = abi.encodeCall(ICertificates.issue, (_certificate(1)));
        vm.prank(stranger);
        revertsWith(_notPermitted(lab, stranger, CERTIFY));
        certificates.multicall(calls);
        calls[0] = abi.encodeCall(ICertificates.issueBatch, (lab, ROOT, 3, _direct(labKey)));
        vm.prank(stranger);
        revertsWith(abi.encodeWithSelector(ICertificates.InvalidSignature.selector, labKey));
        certificates.multicall(calls);
    }

    function testFuzz_anybodyMakesBytesPublicUnderTheirHash(address poster, bytes calldata content) public {
        Vm.Log memory expected;
        expected.topics = new bytes32[](2);
        expected.topics[0] = keccak256("ContentPosted(bytes32,bytes)");
        expected.topics[1] = keccak256(content);
        expected.data = abi.encode(content);
        expected.emitter = address(certificates);
        vm.record();
        for (uint256 time = 0; time < 2; ++time) {
            vm.recordLogs();
            vm.prank(poster);
            certificates.postContent(content);
            _assertOnlyLog(expected);
        }
        (, bytes32[] memory writes) = vm.accesses(address(certificates));
        assertEq(writes.length, 0, "slots written");
    }

    function test_theOrganisationsItBelievesAreSaid() public view {
        assertEq(address(certificates.organisations()), address(organisations), "organisations");
        assertEq(address(pieces.certificates()), address(certificates), "named by the registry");
    }

    function _expectInvalid(Certificate memory c) private {
        vm.prank(labKey);
        revertsWith(abi.encodeWithSelector(ICertificates.InvalidCertificate.selector));
        certificates.issue(c);
    }
}
