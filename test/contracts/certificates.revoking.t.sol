// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Certificate, ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {Certifying} from "./support/Certifying.sol";

contract CertificatesRevokingTest is Certifying {
    function testFuzz_aRevocationIsOneEventAndOneBit(uint8 reason, string calldata words) public {
        reason = uint8(bound(reason, 1, 5));
        Certificate memory c = _issued(1);
        bytes32 id = _certificateId(c);
        vm.recordLogs();
        vm.record();
        vm.prank(clerkKey);
        certificates.revoke(c, reason, words, _direct(clerkKey));
        (, bytes32[] memory writes) = vm.accesses(address(certificates));
        assertEq(writes.length, 1, "slots written");
        _assertOnlyLog(_revokeLog(id, 0, lab, clerkKey, reason, words));
        assertTrue(certificates.isRevoked(id, 0), "revoked");
        assertEq(_revocations(id, 0), 1, "bits");
        assertFalse(certificates.isRevoked(_certificateId(_certificate(2)), 0), "another one");
    }

    function testFuzz_aRevocationInABatchIsOneEventAndOneBit(uint32 count, uint32 index, uint8 reason) public {
        count = uint32(bound(count, 1, MAX_COUNT));
        index = uint32(bound(index, 0, count - 1));
        reason = uint8(bound(reason, 1, 5));
        bytes32 id = _issuedBatch(ROOT, count);
        vm.recordLogs();
        vm.record();
        vm.prank(clerkKey);
        certificates.revokeInBatch(id, index, reason, "cracked", _direct(clerkKey));
        (, bytes32[] memory writes) = vm.accesses(address(certificates));
        assertEq(writes.length, 1, "slots written");
        _assertOnlyLog(_revokeLog(id, index, lab, clerkKey, reason, "cracked"));
        assertTrue(certificates.isRevoked(id, index), "revoked");
        assertEq(_revocations(id, index / 256), 1 << (index % 256), "bits");
    }

    /// 256 certificates share a slot: the ends of slots are where a neighbour would be touched.
    function test_eachOfABatchIsRevokedAlone() public {
        bytes32 id = _issuedBatch(ROOT, 600);
        bytes32 other = _issuedBatch(keccak256("another root"), 600);
        uint32[8] memory indices = [uint32(0), 1, 255, 256, 257, 511, 512, 599];
        uint256[3] memory bits;
        for (uint256 i = 0; i < indices.length; ++i) {
            vm.prank(labKey);
            certificates.revokeInBatch(id, indices[i], MISTAKE, "", _direct(labKey));
            bits[indices[i] / 256] |= 1 << (indices[i] % 256);
            for (uint256 word = 0; word < 3; ++word) {
                assertEq(_revocations(id, word), bits[word], "bits");
                assertEq(_revocations(other, word), 0, "bits of another batch");
            }
        }
        for (uint32 index = 0; index < 600; ++index) {
            bool expected = bits[index / 256] & (1 << (index % 256)) != 0;
            assertTrue(certificates.isRevoked(id, index) == expected, "revoked");
        }
    }

    function testFuzz_aReasonWithoutMeaningIsRefused(uint8 reason) public {
        Certificate memory c = _issued(1);
        bytes32 batch = _issuedBatch(ROOT, 3);
        uint8[3] memory reasons = [uint8(bound(reason, 6, 255)), 0, 6];
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory refusal = abi.encodeWithSelector(ICertificates.InvalidReason.selector, reasons[i]);
            vm.prank(labKey);
            revertsWith(refusal);
            certificates.revoke(c, reasons[i], "", _direct(labKey));
            vm.prank(labKey);
            revertsWith(refusal);
            certificates.revokeInBatch(batch, 0, reasons[i], "", _direct(labKey));
        }
    }

    function test_aCertificateIsRevokedOnceWhoeverAsksAndWhyever() public {
        Certificate memory c = _issued(1);
        bytes32 batch = _issuedBatch(ROOT, 3);
        vm.prank(labKey);
        certificates.revoke(c, MISTAKE, "", _direct(labKey));
        vm.prank(labKey);
        certificates.revokeInBatch(batch, 2, MISTAKE, "", _direct(labKey));
        address[3] memory keys = [labKey, clerkKey, boardKey];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(keys[i]);
            revertsWith(abi.encodeWithSelector(ICertificates.AlreadyRevoked.selector, _certificateId(c), 0));
            certificates.revoke(c, 4, "again", _direct(keys[i]));
            vm.prank(keys[i]);
            revertsWith(abi.encodeWithSelector(ICertificates.AlreadyRevoked.selector, batch, 2));
            certificates.revokeInBatch(batch, 2, 4, "again", _direct(keys[i]));
        }
        vm.prank(labKey);
        certificates.revokeInBatch(batch, 1, MISTAKE, "", _direct(labKey));
    }

    function testFuzz_nothingIsRevokedOfABatchThatHasNoSuchCertificate(bytes32 unknown, uint32 index) public {
        bytes32 batch = _issuedBatch(ROOT, 3);
        vm.assume(unknown != batch);
        _expectUnknown(unknown, index);
        _expectUnknown(batch, uint32(bound(index, 3, type(uint32).max)));
        _expectUnknown(batch, 3);
        _expectUnknown(_certificateId(_issued(1)), 0);
    }

    /// Nothing is known of what was issued by itself: a certifier can take back what it hasn't said yet, and no one else.
    function test_aCertificateCanBeRevokedBeforeItIsIssuedAndStaysSo() public {
        Certificate memory c = _certificate(1);
        bytes32 id = _certificateId(c);
        vm.prank(labKey);
        certificates.revoke(c, MISTAKE, "", _direct(labKey));
        vm.prank(labKey);
        certificates.issue(c);
        assertTrue(certificates.isRevoked(id, 0), "revoked");
        c.organisation = rival;
        vm.prank(labKey);
        revertsWith(_notPermitted(rival, labKey, CERTIFY));
        certificates.revoke(c, MISTAKE, "", _direct(labKey));
    }

    function test_issuingAgainDoesNotUndoARevocation() public {
        Certificate memory c = _issued(1);
        vm.prank(labKey);
        certificates.revoke(c, MISTAKE, "", _direct(labKey));
        _issued(1);
        assertTrue(certificates.isRevoked(_certificateId(c), 0), "revoked");
    }

    function test_aCertificateWhoseTimeIsOverCanBeRevoked() public {
        Certificate memory c = _certificate(1);
        c.validUntil = START + 1;
        vm.prank(labKey);
        certificates.issue(c);
        vm.warp(START + 1000);
        vm.prank(labKey);
        certificates.revoke(c, 4, "", _direct(labKey));
        assertTrue(certificates.isRevoked(_certificateId(c), 0), "revoked");
    }

    /// The same certificate issued in both ways is two: each is revoked by its own id.
    function test_revokingByItselfAndInABatchAreTwoThings() public {
        Certificate memory c = _issued(1);
        bytes32 id = _certificateId(c);
        bytes32 batch = _issuedBatch(_certificateLeaf(0, c), 1);
        vm.prank(labKey);
        certificates.revoke(c, MISTAKE, "", _direct(labKey));
        assertFalse(certificates.isRevoked(batch, 0), "in the batch");
        vm.prank(labKey);
        certificates.revokeInBatch(batch, 0, MISTAKE, "", _direct(labKey));
        assertTrue(certificates.isRevoked(id, 0) && certificates.isRevoked(batch, 0), "both");
    }

    function testFuzz_whatIsUnknownIsNotRevoked(bytes32 id, uint32 index) public {
        Certificate memory c = _issued(1);
        vm.prank(labKey);
        certificates.revoke(c, MISTAKE, "", _direct(labKey));
        vm.assume(id != _certificateId(c));
        assertFalse(certificates.isRevoked(id, index), "revoked");
        assertFalse(certificates.isRevoked(_certificateId(c), uint32(bound(index, 1, type(uint32).max))), "index");
    }

    function test_nobodyButTheCertifierRevokes() public {
        _register(3);
        Certificate memory c = _issued(1);
        bytes32 batch = _issuedBatch(ROOT, 3);
        address[8] memory others = [
            rivalKey,
            makerKey,
            stranger,
            administrator,
            address(registrar),
            lab,
            rival,
            address(certificates)
        ];
        for (uint256 i = 0; i < others.length; ++i) _expectNotRevokedBy(others[i], c, batch);
        for (uint16 permissions = 1; permissions <= 3; ++permissions) {
            _setLabKey(alice, permissions, FOREVER);
            _expectNotRevokedBy(alice, c, batch);
        }
    }

    function test_anyKeyThatMayCertifyOrAdministerRevokes() public {
        for (uint16 permissions = 1; permissions <= EVERYTHING; ++permissions) {
            if (permissions & (CERTIFY | ADMINISTER) == 0) continue;
            _setLabKey(alice, permissions, FOREVER);
            Certificate memory c = _issued(permissions);
            vm.prank(alice);
            certificates.revoke(c, MISTAKE, "", _direct(alice));
            assertTrue(certificates.isRevoked(_certificateId(c), 0), "revoked");
        }
    }

    function test_afterASuspensionAdministratorsRevokeAndOtherKeysDoNot() public {
        Certificate memory c = _issued(1);
        bytes32 batch = _issuedBatch(ROOT, 3);
        _suspend(lab);
        _assertOnlyAdministratorsRevoke(c, batch);
        vm.prank(administrator);
        organisations.reinstate(lab);
        vm.prank(clerkKey);
        certificates.revokeInBatch(batch, 1, MISTAKE, "", _direct(clerkKey));
    }

    function test_withoutTheRoleAdministratorsRevokeAndOtherKeysDoNot() public {
        Certificate memory c = _issued(1);
        bytes32 batch = _issuedBatch(ROOT, 3);
        _setRoles(lab, MAKER);
        _assertOnlyAdministratorsRevoke(c, batch);
        _setRoles(lab, CERTIFIER);
        vm.prank(clerkKey);
        certificates.revokeInBatch(batch, 1, MISTAKE, "", _direct(clerkKey));
    }

    function _assertOnlyAdministratorsRevoke(Certificate memory c, bytes32 batch) private {
        _expectNotRevokedBy(clerkKey, c, batch);
        vm.prank(boardKey);
        certificates.revoke(c, MISTAKE, "", _direct(boardKey));
        vm.prank(labKey);
        certificates.revokeInBatch(batch, 0, MISTAKE, "", _direct(labKey));
        assertTrue(certificates.isRevoked(_certificateId(c), 0) && certificates.isRevoked(batch, 0), "revoked");
    }

    function _expectNotRevokedBy(address key, Certificate memory c, bytes32 batch) private {
        vm.prank(key);
        revertsWith(_notPermitted(lab, key, CERTIFY));
        certificates.revoke(c, MISTAKE, "", _direct(key));
        vm.prank(key);
        revertsWith(_notPermitted(lab, key, CERTIFY));
        certificates.revokeInBatch(batch, 0, MISTAKE, "", _direct(key));
        assertFalse(certificates.isRevoked(_certificateId(c), 0) || certificates.isRevoked(batch, 0), "revoked");
    }

    function _expectUnknown(bytes32 batch, uint32 index) private {
        vm.prank(labKey);
        revertsWith(abi.encodeWithSelector(ICertificates.UnknownCertificate.selector, batch, index));
        certificates.revokeInBatch(batch, index, MISTAKE, "", _direct(labKey));
    }
}
