// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Certificate, ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {Certifying} from "./support/Certifying.sol";
import {MerkleTree} from "./support/MerkleTree.sol";

contract CertificatesBatchesTest is Certifying {
    /// What somebody shows to prove a certificate of a batch.
    struct Claim {
        bytes32 root;
        uint32 count;
        uint32 index;
        Certificate certificate;
        bytes32[] proof;
    }

    function testFuzz_aBatchIsOneEventAndOneSlotWhateverItsSize(bytes32 root, uint32 count, uint48 moment) public {
        vm.assume(root != 0);
        count = uint32(bound(count, 1, MAX_COUNT));
        moment = uint48(bound(moment, START, FOREVER - 1));
        vm.warp(moment);
        bytes32 expected = _certificateBatchId(lab, root, count);
        vm.recordLogs();
        vm.record();
        vm.prank(clerkKey);
        bytes32 id = certificates.issueBatch(lab, root, count, _direct(clerkKey));
        (, bytes32[] memory writes) = vm.accesses(address(certificates));
        _assertOnlyLog(_issueBatchLog(lab, clerkKey, root, count));
        assertEq(id, expected, "id");
        assertEq(certificates.certificateBatchIdOf(lab, root, count), expected, "id, asked");
        assertEq(writes.length, 1, "slots written");
        assertEq(writes[0], _batchSlot(id), "slot");
        uint256 packed = uint256(uint160(lab)) | (uint256(moment) << 160) | (uint256(count) << 208);
        assertEq(uint256(vm.load(address(certificates), writes[0])), packed, "packed");
        _assertBatch(id, lab, moment, count);
    }

    function test_aBatchHasFromOneTo131072Certificates() public {
        _expectInvalid(ROOT, 0);
        _expectInvalid(ROOT, 131_073);
        _expectInvalid(ROOT, type(uint32).max);
        _assertBatch(_issuedBatch(ROOT, 1), lab, START, 1);
        _assertBatch(_issuedBatch(ROOT, 131_072), lab, START, 131_072);
    }

    function test_aBatchWithoutRootIsRefused() public {
        _expectInvalid(0, 1);
        bytes32 digest = _issueBatchDigest(lab, 0, 1, FOREVER);
        revertsWith(abi.encodeWithSelector(ICertificates.InvalidCertificate.selector));
        certificates.issueBatch(lab, 0, 1, _signed(LAB_SECRET, FOREVER, digest));
    }

    function test_everyFieldOfABatchIsInItsId() public view {
        bytes32 id = certificates.certificateBatchIdOf(lab, ROOT, 3);
        assertTrue(certificates.certificateBatchIdOf(rival, ROOT, 3) != id, "organisation");
        assertTrue(certificates.certificateBatchIdOf(lab, keccak256("another root"), 3) != id, "root");
        assertTrue(certificates.certificateBatchIdOf(lab, ROOT, 4) != id, "count");
    }

    function test_aBatchIsIssuedOnceWhoeverAsks() public {
        bytes32 id = _issuedBatch(ROOT, 3);
        vm.warp(START + 100);
        bytes memory refusal = abi.encodeWithSelector(ICertificates.AlreadyIssued.selector, id);
        vm.prank(labKey);
        revertsWith(refusal);
        certificates.issueBatch(lab, ROOT, 3, _direct(labKey));
        vm.prank(clerkKey);
        revertsWith(refusal);
        certificates.issueBatch(lab, ROOT, 3, _direct(clerkKey));
        Authorization memory order = _signed(LAB_SECRET, FOREVER, _issueBatchDigest(lab, ROOT, 3, FOREVER));
        revertsWith(refusal);
        certificates.issueBatch(lab, ROOT, 3, order);
        _assertBatch(id, lab, START, 3);
    }

    function test_theSameRootFromTwoCertifiersIsTwoBatches() public {
        bytes32 id = _issuedBatch(ROOT, 3);
        vm.warp(START + 100);
        vm.prank(rivalKey);
        bytes32 other = certificates.issueBatch(rival, ROOT, 3, _direct(rivalKey));
        _assertBatch(id, lab, START, 3);
        _assertBatch(other, rival, START + 100, 3);
    }

    function testFuzz_anUnknownBatchIsAllZeros(bytes32 id) public {
        _issuedBatch(ROOT, 3);
        vm.assume(id != _certificateBatchId(lab, ROOT, 3));
        _assertBatch(id, address(0), 0, 0);
        Certificate memory single = _issued(1);
        _assertBatch(_certificateId(single), address(0), 0, 0);
    }

    function test_firstMiddleAndLastOfABatchAreProven() public {
        uint32[6] memory counts = [uint32(1), 2, 3, 32, 33, 100];
        for (uint256 i = 0; i < counts.length; ++i) {
            _assertProven(_claimOf(counts[i], 0));
            _assertProven(_claimOf(counts[i], counts[i] / 2));
            _assertProven(_claimOf(counts[i], counts[i] - 1));
        }
    }

    function testFuzz_everyCertificateOfABatchIsProven(uint32 count, uint32 index) public {
        _assertProven(_claim(count, index));
    }

    /// The largest tree has 17 levels. Only one path of it is made: what the rest holds doesn't matter to this proof.
    function testFuzz_theFirstAndTheLastOfTheLargestBatchAreProven(bytes32 rest, bool last) public {
        uint32 index = last ? MAX_COUNT - 1 : 0;
        bytes32[] memory proof = new bytes32[](17);
        bytes32 node = _certificateLeaf(index, _certificate(index));
        for (uint256 level = 0; level < 17; ++level) {
            proof[level] = keccak256(abi.encode(rest, level));
            bytes32 sibling = proof[level];
            node = keccak256(node < sibling ? abi.encodePacked(node, sibling) : abi.encodePacked(sibling, node));
        }
        _issuedBatch(node, MAX_COUNT);
        _assertProven(Claim(node, MAX_COUNT, index, _certificate(index), proof));
        assertFalse(_verified(Claim(node, MAX_COUNT, index ^ 1, _certificate(index), proof)), "another index");
    }

    function testFuzz_noCertificateIsProvenThatDiffersInOneField(
        uint32 count,
        uint32 index,
        uint8 field,
        uint256 by
    ) public {
        Claim memory claim = _claim(count, index);
        _assertProven(claim);
        _changed(claim, field % (claim.proof.length == 0 ? 9 : 12), by);
        assertFalse(_verified(claim), "proven");
    }

    function test_aCertificateIsNotProvenInTheNamedBatchsPlaceByItsNeighboursProof() public {
        Claim memory claim = _claimOf(8, 3);
        Claim memory neighbour = _claimOf(8, 2);
        claim.proof = neighbour.proof;
        assertFalse(_verified(claim), "proven by the neighbour's proof");
        claim = _claimOf(8, 3);
        claim.index = 2;
        assertFalse(_verified(claim), "proven in the neighbour's place");
    }

    function test_aCertificateIsOfTheCertifierThatIssuedTheBatch() public {
        Claim memory claim = _claimOf(4, 2);
        vm.prank(rivalKey);
        certificates.issueBatch(rival, claim.root, 4, _direct(rivalKey));
        claim.certificate.organisation = rival;
        assertFalse(_verified(claim), "proven for a rival with the same root");

        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = _certificateLeaf(0, _certificate(7));
        vm.prank(rivalKey);
        certificates.issueBatch(rival, leaves[0], 1, _direct(rivalKey));
        assertFalse(_verified(Claim(leaves[0], 1, 0, _certificate(7), new bytes32[](0))), "a rival speaks for the lab");
    }

    function test_anInnerNodeIsNoCertificate() public {
        Claim memory claim = _claimOf(4, 0);
        bytes32 left = _certificateLeaf(0, _certificate(0));
        bytes32 right = _certificateLeaf(1, _certificate(1));
        Certificate memory forged = _certificate(0);
        (forged.subject, forged.contentHash) = left < right ? (left, right) : (right, left);
        bytes32[] memory upper = new bytes32[](1);
        upper[0] = claim.proof[1];
        for (uint32 index = 0; index < 4; ++index) {
            assertFalse(_verified(Claim(claim.root, 4, index, forged, upper)), "inner node proven");
            assertFalse(_verified(Claim(claim.root, 4, index, forged, new bytes32[](0))), "root proven");
        }
    }

    /// A leaf hashed once, or a certificate's id put into the tree as it is, is no leaf: else its 64 or 32 bytes could be
    /// passed off as something else.
    function test_onlyWhatIsHashedAsALeafIsOne() public {
        Certificate memory c = _certificate(0);
        bytes32 once = keccak256(
            abi.encode(keccak256("touchstone.certificate-leaf.v1"), uint8(1), uint32(0), _certificateId(c))
        );
        bytes32[2] memory roots = [once, _certificateId(c)];
        for (uint256 i = 0; i < 2; ++i) {
            _issuedBatch(roots[i], 1);
            assertFalse(_verified(Claim(roots[i], 1, 0, c, new bytes32[](0))), "proven");
        }
    }

    function test_anIndexBeyondTheCountIsNotProvenThoughALeafNamesIt() public {
        for (uint32 index = 4; index < 7; ++index) {
            bytes32 leaf = _certificateLeaf(index, _certificate(1));
            _issuedBatch(leaf, 5);
            bool proven = _verified(Claim(leaf, 5, index, _certificate(1), new bytes32[](0)));
            assertTrue(proven == (index < 5), "proven");
        }
    }

    function test_nothingIsProvenOfWhatWasNotIssued() public {
        bytes32 leaf = _certificateLeaf(0, _certificate(1));
        assertFalse(_verified(Claim(leaf, 1, 0, _certificate(1), new bytes32[](0))), "before it is issued");
        assertFalse(_verified(Claim(leaf, 0, 0, _certificate(1), new bytes32[](0))), "an empty batch");
        _issuedBatch(leaf, 1);
        assertTrue(_verified(Claim(leaf, 1, 0, _certificate(1), new bytes32[](0))), "once it is issued");
        assertFalse(_verified(Claim(leaf, 2, 0, _certificate(1), new bytes32[](0))), "another count");
        _issued(2);
        bytes32 single = _certificateLeaf(0, _certificate(2));
        assertFalse(_verified(Claim(single, 1, 0, _certificate(2), new bytes32[](0))), "issued by itself");
    }

    function test_aProofSaysNothingAboutRevocation() public {
        Claim memory claim = _claimOf(4, 2);
        bytes32 id = _certificateBatchId(lab, claim.root, 4);
        vm.prank(labKey);
        certificates.revokeInBatch(id, 2, MISTAKE, "", _direct(labKey));
        assertTrue(certificates.isRevoked(id, 2), "revoked");
        _assertProven(claim);
    }

    function test_whatASuspendedCertifierIssuedBeforeStays() public {
        Claim memory claim = _claimOf(4, 2);
        bytes32 id = _certificateBatchId(lab, claim.root, 4);
        bytes32 single = _certificateId(_issued(9));
        vm.warp(START + 100);
        _suspend(lab);
        _setRoles(lab, MAKER);
        _setLabKey(clerkKey, 0, 0);
        _assertProven(claim);
        _assertBatch(id, lab, START, 4);
        assertFalse(certificates.isRevoked(id, 2), "revoked in the batch");
        assertFalse(certificates.isRevoked(single, 0), "revoked");
    }

    /// Warning: rules of single certificates are the issuer's to keep in a batch, whose leaves no contract sees.
    function test_aBatchMayHoldWhatWouldNotBeIssuedByItself() public {
        Certificate memory c = Certificate(lab, 99, 0, 0, 1, 7);
        bytes32 leaf = _certificateLeaf(0, c);
        _issuedBatch(leaf, 1);
        assertTrue(_verified(Claim(leaf, 1, 0, c, new bytes32[](0))), "proven");
    }

    function _claim(uint32 count, uint32 index) private returns (Claim memory) {
        count = uint32(bound(count, 1, 33));
        return _claimOf(count, uint32(bound(index, 0, count - 1)));
    }

    /// A batch of `count` certificates, issued if it wasn't, and what is true of one of them.
    function _claimOf(uint32 count, uint32 index) private returns (Claim memory claim) {
        bytes32[] memory leaves = new bytes32[](count);
        for (uint32 i = 0; i < count; ++i) leaves[i] = _certificateLeaf(i, _certificate(i));
        bytes32 root = MerkleTree.root(leaves);
        (, , uint32 issued) = certificates.certificateBatchOf(_certificateBatchId(lab, root, count));
        if (issued == 0) _issuedBatch(root, count);
        return Claim(root, count, index, _certificate(index), MerkleTree.proof(leaves, index));
    }

    function _changed(Claim memory claim, uint256 field, uint256 by) private pure {
        Certificate memory c = claim.certificate;
        uint256 shift = bound(by, 1, type(uint24).max);
        uint256 bit = 1 << (by % 8);
        if (field == 0) claim.index ^= uint32(shift);
        if (field == 1) claim.count ^= uint32(shift);
        if (field == 2) claim.root ^= bytes32(shift);
        if (field == 3) c.organisation = address(uint160(c.organisation) ^ uint160(shift));
        if (field == 4) c.kind ^= uint8(bit);
        if (field == 5) c.subject ^= bytes32(shift);
        if (field == 6) c.contentHash ^= bytes32(shift);
        if (field == 7) c.validUntil ^= uint48(shift);
        if (field == 8) c.pieceEvents ^= uint24(shift);
        if (field == 9) claim.proof[by % claim.proof.length] ^= bytes32(shift);
        if (field == 10) claim.proof = _resized(claim.proof, claim.proof.length - 1);
        if (field == 11) claim.proof = _resized(claim.proof, claim.proof.length + 1);
    }

    function _resized(bytes32[] memory list, uint256 length) private pure returns (bytes32[] memory copy) {
        copy = new bytes32[](length);
        for (uint256 i = 0; i < length && i < list.length; ++i) copy[i] = list[i];
    }

    function _verified(Claim memory c) private view returns (bool) {
        return certificates.verifyCertificate(c.root, c.count, c.index, c.certificate, c.proof);
    }

    function _assertProven(Claim memory claim) private view {
        assertTrue(_verified(claim), "not proven");
    }

    function _assertBatch(bytes32 id, address organisation, uint48 issuedAt, uint32 count) private view {
        (address actual, uint48 since, uint32 number) = certificates.certificateBatchOf(id);
        assertEq(actual, organisation, "organisation");
        assertEq(since, issuedAt, "issued at");
        assertEq(number, count, "count");
    }

    function _expectInvalid(bytes32 root, uint32 count) private {
        vm.prank(labKey);
        revertsWith(abi.encodeWithSelector(ICertificates.InvalidCertificate.selector));
        certificates.issueBatch(lab, root, count, _direct(labKey));
    }
}
