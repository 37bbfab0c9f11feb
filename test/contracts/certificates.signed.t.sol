// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Certificate, ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {Certifying} from "./support/Certifying.sol";

/// What a key has signed and anybody brings to the chain. Three calls take signatures; where a test says `order`, it is
/// asked of all three.
contract CertificatesSignedTest is Certifying {
    bytes32 private _batch;
    uint8 private constant ORDERS = 3;
    uint8 private constant ISSUE = 0;
    uint8 private constant ISSUE_BATCH = 1;

    function setUp() public override {
        super.setUp();
        _batch = _issuedBatch(ROOT, 300);
    }

    function testFuzz_anybodyRelaysASignedCertificate(address relayer, uint32 later) public {
        uint48 deadline = START + later;
        Certificate memory c = _certificate(1);
        Authorization memory order = _signed(CLERK_SECRET, deadline, _issueDigest(c, deadline));
        vm.warp(deadline);
        vm.recordLogs();
        vm.prank(relayer);
        bytes32 id = certificates.issueWithSignature(c, order);
        _assertOnlyLog(_issueLog(c, clerkKey));
        assertEq(id, _certificateId(c), "id");
    }

    function testFuzz_anybodyRelaysASignedBatch(address relayer, uint32 later) public {
        uint48 deadline = START + later;
        Authorization memory order = _signed(CLERK_SECRET, deadline, _issueBatchDigest(lab, ROOT, 7, deadline));
        vm.warp(deadline);
        vm.recordLogs();
        vm.prank(relayer);
        certificates.issueBatch(lab, ROOT, 7, order);
        _assertOnlyLog(_issueBatchLog(lab, clerkKey, ROOT, 7));
    }

    function testFuzz_anybodyRelaysASignedRevocation(address relayer, uint32 later, string calldata words) public {
        uint48 deadline = START + later;
        Certificate memory c = _certificate(1);
        bytes32 id = _certificateId(c);
        Authorization memory alone = _signed(BOARD_SECRET, deadline, _revokeDigest(id, 0, 5, words, deadline));
        Authorization memory ofMany = _signed(BOARD_SECRET, deadline, _revokeDigest(_batch, 257, 5, words, deadline));
        vm.warp(deadline);
        vm.recordLogs();
        vm.prank(relayer);
        certificates.revoke(c, 5, words, alone);
        _assertOnlyLog(_revokeLog(id, 0, lab, boardKey, 5, words));
        vm.recordLogs();
        vm.prank(relayer);
        certificates.revokeInBatch(_batch, 257, 5, words, ofMany);
        _assertOnlyLog(_revokeLog(_batch, 257, lab, boardKey, 5, words));
    }

    function test_manySignedOrdersAreRelayedInOneCall() public {
        bytes[] memory calls = new bytes[](3);
        for (uint8 what = 0; what < ORDERS; ++what) calls[what] = _call(what, _order(what, LAB_SECRET, FOREVER));
        vm.prank(stranger);
        certificates.multicall(calls);
        assertTrue(certificates.isRevoked(_batch, 7), "revoked");
    }

    function test_aSignedCertificateRelayedAgainRepeatsAnEventThatCountsOnce() public {
        Certificate memory c = _certificate(1);
        Authorization memory order = _signed(LAB_SECRET, FOREVER, _issueDigest(c, FOREVER));
        certificates.issueWithSignature(c, order);
        vm.prank(labKey);
        certificates.revoke(c, MISTAKE, "", _direct(labKey));
        vm.recordLogs();
        vm.record();
        vm.prank(stranger);
        certificates.issueWithSignature(c, order);
        (, bytes32[] memory writes) = vm.accesses(address(certificates));
        assertEq(writes.length, 0, "slots written");
        _assertOnlyLog(_issueLog(c, labKey));
        assertTrue(certificates.isRevoked(_certificateId(c), 0), "still revoked");
    }

    function test_aSignedBatchOrRevocationIsUsedOnce() public {
        Authorization memory order = _order(ISSUE_BATCH, LAB_SECRET, FOREVER);
        _relay(ISSUE_BATCH, order);
        bytes32 id = _certificateBatchId(lab, ROOT, 5);
        _expect(ISSUE_BATCH, order, abi.encodeWithSelector(ICertificates.AlreadyIssued.selector, id));
        order = _order(2, LAB_SECRET, FOREVER);
        _relay(2, order);
        _expect(2, order, abi.encodeWithSelector(ICertificates.AlreadyRevoked.selector, _batch, 7));
    }

    function testFuzz_aSignatureIsOverAfterItsDeadline(uint48 deadline) public {
        uint48[2] memory deadlines = [uint48(bound(deadline, 0, START - 1)), START - 1];
        for (uint8 what = 0; what < ORDERS; ++what) {
            for (uint256 i = 0; i < 2; ++i) {
                bytes memory refusal = abi.encodeWithSelector(ICertificates.SignatureExpired.selector, deadlines[i]);
                _expect(what, _order(what, LAB_SECRET, deadlines[i]), refusal);
            }
            _relay(what, _order(what, LAB_SECRET, START));
        }
    }

    function testFuzz_aSignedCertificateIsGoodForExactlyWhatItSays(uint256 by) public {
        uint48 deadline = START + 100;
        for (uint256 field = 0; field < 7; ++field) {
            Certificate memory c = _full();
            uint256 shift = bound(by, 1, 200);
            if (field == 0) c.organisation = address(uint160(lab) ^ uint160(shift));
            if (field == 1) c.kind ^= uint8(shift);
            if (field == 2) c.subject ^= bytes32(shift);
            if (field == 3) c.contentHash ^= bytes32(shift);
            if (field == 4) c.validUntil ^= uint48(shift);
            if (field == 5) c.pieceEvents ^= uint24(shift);
            bytes32 digest = _issueDigest(c, field == 6 ? uint48(deadline ^ shift) : deadline);
            _expectInvalid(ISSUE, _signed(LAB_SECRET, deadline, digest));
        }
        _relay(ISSUE, _order(ISSUE, LAB_SECRET, deadline));
    }

    function testFuzz_aSignedBatchIsGoodForExactlyWhatItSays(uint256 by) public {
        uint48 deadline = START + 100;
        uint256 shift = bound(by, 1, 200);
        for (uint256 field = 0; field < 4; ++field) {
            bytes32 digest = _issueBatchDigest(
                field == 0 ? address(uint160(lab) ^ uint160(shift)) : lab,
                field == 1 ? ROOT ^ bytes32(shift) : ROOT,
                field == 2 ? uint32(5 ^ shift) : 5,
                field == 3 ? uint48(deadline ^ shift) : deadline
            );
            _expectInvalid(ISSUE_BATCH, _signed(LAB_SECRET, deadline, digest));
        }
        _relay(ISSUE_BATCH, _order(ISSUE_BATCH, LAB_SECRET, deadline));
    }

    function testFuzz_aSignedRevocationIsGoodForExactlyWhatItSays(uint256 by, string calldata words) public {
        vm.assume(keccak256(bytes(words)) != keccak256("cracked"));
        uint48 deadline = START + 100;
        uint256 shift = bound(by, 1, 200);
        for (uint256 field = 0; field < 5; ++field) {
            bytes32 digest = _revokeDigest(
                field == 0 ? _batch ^ bytes32(shift) : _batch,
                field == 1 ? uint32(7 ^ shift) : 7,
                field == 2 ? uint8(4 ^ shift) : 4,
                field == 3 ? words : "cracked",
                field == 4 ? uint48(deadline ^ shift) : deadline
            );
            _expectInvalid(2, _signed(LAB_SECRET, deadline, digest));
        }
        _relay(2, _order(2, LAB_SECRET, deadline));
    }

    /// Each neighbour of a certificate, in its batch or issued by itself, is revoked by a word of its own.
    function test_aSignedRevocationRevokesNoOther() public {
        Authorization memory order = _order(2, LAB_SECRET, FOREVER);
        bytes memory refusal = abi.encodeWithSelector(ICertificates.InvalidSignature.selector, labKey);
        uint32[4] memory others = [uint32(0), 6, 8, 263];
        for (uint256 i = 0; i < others.length; ++i) {
            revertsWith(refusal);
            certificates.revokeInBatch(_batch, others[i], 4, "cracked", order);
        }
        bytes32 other = _issuedBatch(keccak256("another root"), 300);
        revertsWith(refusal);
        certificates.revokeInBatch(other, 7, 4, "cracked", order);
        revertsWith(refusal);
        certificates.revoke(_certificate(7), 4, "cracked", order);
    }

    function test_aSignatureIsForOnePurpose() public {
        for (uint8 signed = 0; signed < ORDERS; ++signed) {
            Authorization memory order = _order(signed, LAB_SECRET, FOREVER);
            for (uint8 used = 0; used < ORDERS; ++used) if (used != signed) _expectInvalid(used, order);
        }
        for (uint8 what = 0; what < ORDERS; ++what) {
            bytes32 elsewhere = _setKeyDigest(lab, labKey, EVERYTHING, FOREVER, 0, FOREVER);
            _expectInvalid(what, _signed(LAB_SECRET, FOREVER, elsewhere));
        }
    }

    function test_aSignatureIsForOneContractAndOneChain() public {
        Authorization[3] memory orders;
        for (uint8 what = 0; what < ORDERS; ++what) orders[what] = _order(what, LAB_SECRET, FOREVER);
        certificates = _deployCertificates();
        assertEq(_issuedBatch(ROOT, 300), _batch, "the same batch in another contract");
        for (uint8 what = 0; what < ORDERS; ++what) {
            _expectInvalid(what, orders[what]);
            orders[what] = _order(what, LAB_SECRET, FOREVER);
        }
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        for (uint8 what = 0; what < ORDERS; ++what) _expectInvalid(what, orders[what]);
        vm.chainId(here);
        for (uint8 what = 0; what < ORDERS; ++what) _relay(what, orders[what]);
    }

    function test_aStrangersSignatureIsWorthlessUnderAnyName() public {
        for (uint8 what = 0; what < ORDERS; ++what) {
            Authorization memory order = _order(what, ALICE_SECRET, FOREVER);
            _expect(what, order, _notPermitted(lab, alice, CERTIFY));
            order.key = labKey;
            _expectInvalid(what, order);
            order.key = clerkKey;
            _expectInvalid(what, order);
            order = _order(what, RIVAL_SECRET, FOREVER);
            _expect(what, order, _notPermitted(lab, rivalKey, CERTIFY));
        }
    }

    /// A signature that recovers to nobody mustn't be taken for the word of the zero address.
    function test_nobodySignsNothing() public {
        for (uint8 what = 0; what < ORDERS; ++what) {
            Authorization memory order = Authorization(address(0), FOREVER, new bytes(65));
            bytes memory refusal = abi.encodeWithSelector(ICertificates.InvalidSignature.selector, address(0));
            // Revoking asks who may before it looks at the signature.
            if (what == 2) refusal = _notPermitted(lab, address(0), CERTIFY);
            _expect(what, order, refusal);
        }
    }

    function test_aKeyThatMayNotAnyMoreHasSignedInVain() public {
        Authorization[3] memory orders;
        for (uint8 what = 0; what < ORDERS; ++what) orders[what] = _order(what, CLERK_SECRET, FOREVER);
        bytes memory refusal = _notPermitted(lab, clerkKey, CERTIFY);
        _suspend(lab);
        for (uint8 what = 0; what < ORDERS; ++what) _expect(what, orders[what], refusal);
        vm.prank(administrator);
        organisations.reinstate(lab);
        _setRoles(lab, MAKER);
        for (uint8 what = 0; what < ORDERS; ++what) _expect(what, orders[what], refusal);
        _setRoles(lab, CERTIFIER);
        uint256 before = vm.snapshotState();
        for (uint8 what = 0; what < ORDERS; ++what) _relay(what, orders[what]);
        assertTrue(vm.revertToState(before), "taken back");
        _setLabKey(clerkKey, 0, 0);
        for (uint8 what = 0; what < ORDERS; ++what) _expect(what, orders[what], refusal);
    }

    function testFuzz_noBytesStandInForASignature(bytes calldata noise) public {
        for (uint8 what = 0; what < ORDERS; ++what) _expectInvalid(what, Authorization(labKey, FOREVER, noise));
    }

    function test_beingTheKeyAndCallingIsNoSignature() public {
        revertsWith(abi.encodeWithSelector(ICertificates.InvalidSignature.selector, labKey));
        vm.prank(labKey);
        certificates.issueWithSignature(_full(), _direct(labKey, FOREVER));
    }

    function test_theOtherHalfAndTheShortFormOfAnEcdsaSignatureAreRefused() public {
        uint256 curve = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        for (uint8 what = 0; what < ORDERS; ++what) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(LAB_SECRET, _digestOf(what, FOREVER));
            bytes memory mirrored = abi.encodePacked(r, curve - uint256(s), v == 27 ? uint8(28) : uint8(27));
            _expectInvalid(what, Authorization(labKey, FOREVER, mirrored));
            bytes memory short = abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
            _expectInvalid(what, Authorization(labKey, FOREVER, short));
            _expectInvalid(what, Authorization(labKey, FOREVER, abi.encodePacked(r, s, v, uint8(0))));
            _relay(what, Authorization(labKey, FOREVER, abi.encodePacked(r, s, v)));
        }
    }

    /// With no field zero: what is left out of a signature would not show in one that is.
    function _full() private view returns (Certificate memory c) {
        c = _certificate(1);
        (c.validUntil, c.pieceEvents) = (START + 10_000, 9);
    }

    function _direct(address key, uint48 deadline) private pure returns (Authorization memory) {
        return Authorization(key, deadline, "");
    }

    function _order(uint8 what, uint256 secret, uint48 deadline) private view returns (Authorization memory) {
        return _signed(secret, deadline, _digestOf(what, deadline));
    }

    function _digestOf(uint8 what, uint48 deadline) private view returns (bytes32) {
        if (what == ISSUE) return _issueDigest(_full(), deadline);
        if (what == ISSUE_BATCH) return _issueBatchDigest(lab, ROOT, 5, deadline);
        return _revokeDigest(_batch, 7, 4, "cracked", deadline);
    }

    function _call(uint8 what, Authorization memory order) private view returns (bytes memory) {
        if (what == ISSUE) return abi.encodeCall(ICertificates.issueWithSignature, (_full(), order));
        if (what == ISSUE_BATCH) return abi.encodeCall(ICertificates.issueBatch, (lab, ROOT, 5, order));
        return abi.encodeCall(ICertificates.revokeInBatch, (_batch, 7, 4, "cracked", order));
    }

    function _relay(uint8 what, Authorization memory order) private {
        if (what == ISSUE) certificates.issueWithSignature(_full(), order);
        else if (what == ISSUE_BATCH) certificates.issueBatch(lab, ROOT, 5, order);
        else certificates.revokeInBatch(_batch, 7, 4, "cracked", order);
    }

    function _expect(uint8 what, Authorization memory order, bytes memory refusal) private {
        revertsWith(refusal);
        _relay(what, order);
    }

    function _expectInvalid(uint8 what, Authorization memory order) private {
        _expect(what, order, abi.encodeWithSelector(ICertificates.InvalidSignature.selector, order.key));
    }
}
