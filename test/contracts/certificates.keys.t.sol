// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Certificate, ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {Certifying} from "./support/Certifying.sol";

/// Who may certify, and since and until when.
contract CertificatesKeysTest is Certifying {
    uint256 private _number;

    function testFuzz_certifyingNeedsTheRoleThePermissionAndGoodStanding(
        uint32 roles,
        uint16 held,
        uint16 asked,
        bool suspended
    ) public {
        roles = uint32(bound(roles, 1, 63));
        held = uint16(bound(held, 1, EVERYTHING));
        asked = uint16(bound(asked, 0, EVERYTHING));
        _setLabKey(alice, held, FOREVER);
        _setRoles(lab, roles);
        if (suspended) _suspend(lab);
        bool expected = asked != 0 && asked & ~held == 0;
        if (asked & CERTIFY != 0 && roles & CERTIFIER == 0) expected = false;
        if (asked & SERVE != 0 && roles & SERVICE_CENTRE == 0) expected = false;
        if (asked & ARBITRATE != 0 && roles & ARBITER == 0) expected = false;
        if (asked & (REGISTER | CERTIFY | SERVE | STATE | ARBITRATE) != 0 && suspended) expected = false;
        assertTrue(organisations.isPermitted(lab, alice, asked) == expected, "permitted");

        bool mayCertify = roles & CERTIFIER != 0 && held & CERTIFY != 0 && !suspended;
        if (mayCertify) _assertIssues(lab, alice);
        else _expectRefused(lab, alice);
    }

    /// Each of the six roles by itself: one certifies, one serves, one arbitrates, and none keeps anybody from anything else.
    function test_eachRoleIsNeededForItsOwnWorkAndForNothingElse() public {
        for (uint32 role = 1; role <= 32; role *= 2) {
            _setRoles(lab, role);
            assertTrue(organisations.isPermitted(lab, labKey, CERTIFY) == (role == 4), "certifies");
            assertTrue(organisations.isPermitted(lab, labKey, SERVE) == (role == 8), "serves");
            assertTrue(organisations.isPermitted(lab, labKey, ARBITRATE) == (role == 32), "arbitrates");
            assertFalse(organisations.isPermitted(lab, labKey, EVERYTHING), "everything at once");
            assertTrue(organisations.isPermitted(lab, labKey, EVERYTHING & ~NEED_A_ROLE), "all else");
        }
    }

    function test_aWorkshopCertifiesNothingUntilItIsGivenTheRole() public {
        _expectRefused(workshop, makerKey);
        _setRoles(workshop, MAKER | CERTIFIER);
        _assertIssues(workshop, makerKey);
    }

    function test_aRoleTakenAwayEndsCertifyingUntilItIsGivenBack() public {
        _setRoles(lab, 63 - CERTIFIER);
        _expectRefused(lab, labKey);
        _expectRefused(lab, clerkKey);
        _setRoles(lab, CERTIFIER);
        _assertIssues(lab, clerkKey);
    }

    function test_aSuspensionEndsCertifyingUntilItIsLifted() public {
        _suspend(lab);
        _expectRefused(lab, labKey);
        _expectRefused(lab, clerkKey);
        vm.prank(administrator);
        organisations.reinstate(lab);
        _assertIssues(lab, clerkKey);
    }

    function testFuzz_aKeyCertifiesExactlyWithinItsWindow(uint48 from, uint48 until, uint48 moment) public {
        from = uint48(bound(from, START, FOREVER - 3));
        until = uint48(bound(until, uint256(from) + 1, FOREVER - 1));
        vm.warp(from);
        _setLabKey(alice, CERTIFY, until);
        uint48[4] memory moments = [uint48(bound(moment, from, FOREVER - 1)), from, until - 1, until];
        for (uint256 i = 0; i < 4; ++i) {
            vm.warp(moments[i]);
            if (moments[i] < until) _assertIssues(lab, alice);
            else _expectRefused(lab, alice);
        }
        vm.warp(from - 1);
        _expectRefused(lab, alice);
    }

    function test_aKeyRevokesExactlyWithinItsWindow() public {
        uint16[2] memory permissions = [CERTIFY, ADMINISTER];
        for (uint256 i = 0; i < 2; ++i) {
            vm.warp(START);
            _setLabKey(alice, permissions[i], START + 100);
            vm.warp(START + 99);
            Certificate memory c = _issued(2 * i);
            vm.prank(alice);
            certificates.revoke(c, MISTAKE, "", _direct(alice));
            c = _issued(2 * i + 1);
            vm.warp(START + 100);
            vm.prank(alice);
            revertsWith(_notPermitted(lab, alice, CERTIFY));
            certificates.revoke(c, MISTAKE, "", _direct(alice));
        }
    }

    function test_aRevokedKeyCertifiesNothing() public {
        _assertIssues(lab, clerkKey);
        _setLabKey(clerkKey, 0, 0);
        _expectRefused(lab, clerkKey);
        _assertIssues(lab, labKey);
    }

    function testFuzz_aKeyWithoutThePermissionToCertifyIssuesNothing(uint16 permissions) public {
        permissions = uint16(bound(permissions, 1, EVERYTHING)) & ~CERTIFY;
        if (permissions != 0) _setLabKey(alice, permissions, FOREVER);
        _expectRefused(lab, alice);
        _expectRefused(lab, boardKey);
    }

    function test_aKeyOfAnotherCertifierIssuesNothingInTheLabsName() public {
        _expectRefused(lab, rivalKey);
        _assertIssues(rival, rivalKey);
        vm.prank(rivalKey);
        organisations.setKey(rival, labKey, CERTIFY, FOREVER, _direct(rivalKey));
        _assertIssues(rival, labKey);
        _assertIssues(lab, labKey);
    }

    function test_neitherStrangersNorOrganisationsThemselvesCertify() public {
        address[6] memory others = [stranger, alice, lab, rival, address(organisations), address(certificates)];
        for (uint256 i = 0; i < others.length; ++i) _expectRefused(lab, others[i]);
        _expectRefused(address(0), labKey);
        _expectRefused(labKey, labKey);
    }

    function test_nobodyIsNoKey() public {
        _expectRefused(lab, address(0));
        _expectRefused(address(0), address(0));
        Certificate memory c = _issued(1);
        revertsWith(_notPermitted(lab, address(0), CERTIFY));
        certificates.revoke(c, MISTAKE, "", _direct(address(0)));
    }

    function test_namingSomebodyElsesKeyIsNotHoldingIt() public {
        Certificate memory c = _issued(1);
        bytes32 batch = _issuedBatch(ROOT, 3);
        bytes memory refusal = _invalidSignature(labKey);
        vm.prank(clerkKey);
        revertsWith(refusal);
        certificates.issueBatch(lab, ROOT, 4, _direct(labKey));
        vm.prank(clerkKey);
        revertsWith(refusal);
        certificates.revoke(c, MISTAKE, "", _direct(labKey));
        vm.prank(clerkKey);
        revertsWith(refusal);
        certificates.revokeInBatch(batch, 0, MISTAKE, "", _direct(labKey));
    }

    function test_theRegistrarCanDoNothingHereNotEvenThroughItself() public {
        Certificate memory c = _issued(1);
        bytes32 batch = _issuedBatch(ROOT, 3);
        _expectRefusedThroughRegistrar(c, batch, address(registrar), _notPermitted(lab, address(registrar), CERTIFY));
        _expectRefusedThroughRegistrar(c, batch, labKey, _invalidSignature(labKey));
        vm.prank(administrator);
        revertsWith(_notPermitted(lab, address(registrar), CERTIFY));
        registrar.execute(address(certificates), abi.encodeCall(ICertificates.issue, (_certificate(2))));
        _expectRefused(lab, administrator);
        assertFalse(certificates.isRevoked(_certificateId(c), 0) || certificates.isRevoked(batch, 0), "revoked");
    }

    /// A registrar that takes the lab's role away, suspends it and gives both back has changed nothing it had said.
    function test_nothingTheRegistrarDecidesChangesWhatWasIssuedOrRevoked() public {
        bytes32 id = _certificateId(_issued(1));
        bytes32 batch = _issuedBatch(ROOT, 300);
        vm.prank(labKey);
        certificates.revokeInBatch(batch, 257, MISTAKE, "", _direct(labKey));
        vm.record();
        _suspend(lab);
        _setRoles(lab, MAKER);
        vm.prank(administrator);
        organisations.reinstate(lab);
        _setRoles(lab, CERTIFIER);
        (, bytes32[] memory writes) = vm.accesses(address(certificates));
        assertEq(writes.length, 0, "slots written");
        assertFalse(certificates.isRevoked(id, 0) || certificates.isRevoked(batch, 0), "revoked");
        assertTrue(certificates.isRevoked(batch, 257), "still revoked");
    }

    function _expectRefusedThroughRegistrar(
        Certificate memory c,
        bytes32 batch,
        address named,
        bytes memory refusal
    ) private {
        bytes[3] memory orders = [
            abi.encodeCall(ICertificates.issueBatch, (lab, ROOT, 4, _direct(named))),
            abi.encodeCall(ICertificates.revoke, (c, MISTAKE, "", _direct(named))),
            abi.encodeCall(ICertificates.revokeInBatch, (batch, 0, MISTAKE, "", _direct(named)))
        ];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(administrator);
            revertsWith(refusal);
            registrar.execute(address(certificates), orders[i]);
        }
    }

    function _invalidSignature(address key) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICertificates.InvalidSignature.selector, key);
    }

    function _assertIssues(address organisation, address key) private {
        Certificate memory c = _certificate(++_number);
        c.organisation = organisation;
        vm.recordLogs();
        vm.prank(key);
        certificates.issue(c);
        _assertOnlyLog(_issueLog(c, key));
        bytes32 root = bytes32(_number);
        vm.recordLogs();
        vm.prank(key);
        certificates.issueBatch(organisation, root, 3, _direct(key));
        _assertOnlyLog(_issueBatchLog(organisation, key, root, 3));
    }

    function _expectRefused(address organisation, address key) private {
        Certificate memory c = _certificate(++_number);
        c.organisation = organisation;
        vm.prank(key);
        revertsWith(_notPermitted(organisation, key, CERTIFY));
        certificates.issue(c);
        vm.prank(key);
        revertsWith(_notPermitted(organisation, key, CERTIFY));
        certificates.issueBatch(organisation, bytes32(_number), 3, _direct(key));
    }
}
