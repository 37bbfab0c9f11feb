// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchHeader, IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Ledger} from "./support/Ledger.sol";
import {MerkleTree} from "./support/MerkleTree.sol";

contract PiecesRecordsTest is Ledger {
    struct Claim {
        BatchHeader header;
        uint32 index;
        bytes32 recordHash;
        address claimKey;
        bytes32 extra;
        bytes32[] proof;
    }

    function testFuzz_everyRecordOfABatchIsProven(uint32 count, uint32 index) public {
        Claim memory claim = _claim(count, index);
        assertTrue(_verified(claim), "proven");
    }

    function testFuzz_noRecordIsProvenThatDiffersInOneField(
        uint32 count,
        uint32 index,
        uint8 field,
        uint256 by
    ) public {
        Claim memory claim = _claim(count, index);
        uint256 shift = bound(by, 1, type(uint160).max);
        field = uint8(bound(field, 0, claim.proof.length == 0 ? 3 : 6));
        if (field == 0) claim.index = uint32(bound(by, 0, type(uint32).max));
        if (field == 0 && claim.index == uint32(bound(index, 0, claim.header.count - 1))) claim.index ^= 1;
        if (field == 1) claim.recordHash = bytes32(uint256(claim.recordHash) ^ shift);
        if (field == 2) claim.claimKey = address(uint160(claim.claimKey) ^ uint160(shift));
        if (field == 3) claim.extra = bytes32(uint256(claim.extra) ^ shift);
        if (field == 4) claim.proof[by % claim.proof.length] ^= bytes32(shift);
        if (field == 5) claim.proof = _resized(claim.proof, claim.proof.length - 1);
        if (field == 6) claim.proof = _resized(claim.proof, claim.proof.length + 1);
        assertFalse(_verified(claim), "proven");
    }

    function test_aRecordIsOfTheOrganisationThatRegisteredIt() public {
        Claim memory claim = _claim(4, 2);
        address rival = _admit("rival", bob);
        claim.header.organisation = rival;
        vm.prank(bob);
        pieces.register(claim.header, _direct(bob));
        assertFalse(_verified(claim), "proven for a rival with the same root");
    }

    function test_anInnerNodeIsNoRecord() public {
        bytes32 left = keccak256("left");
        bytes32 right = keccak256("right");
        BatchHeader memory header = _rootOnly(keccak256(abi.encodePacked(left, right)), 2);
        vm.prank(makerKey);
        pieces.register(header, _direct(makerKey));
        assertFalse(_verified(Claim(header, 0, left, address(uint160(uint256(right))), 0, new bytes32[](0))), "proven");
        assertFalse(_verified(Claim(header, 0, header.root, address(0), 0, new bytes32[](0))), "root proven");
    }

    function test_anIndexBeyondTheCountIsNotProvenThoughALeafNamesIt() public {
        bytes32 leaf = _leaf(5, keccak256("record"), address(0), 0);
        BatchHeader memory header = _rootOnly(leaf, 5);
        vm.prank(makerKey);
        pieces.register(header, _direct(makerKey));
        assertFalse(_verified(Claim(header, 5, keccak256("record"), address(0), 0, new bytes32[](0))), "proven");
    }

    function test_nothingIsProvenOfAnUnknownBatch() public {
        Claim memory claim = _claim(4, 2);
        claim.header.count = 5;
        revertsWith(abi.encodeWithSelector(IPieces.UnknownBatch.selector, pieces.batchIdOf(claim.header)));
        pieces.verifyRecord(claim.header, 2, claim.recordHash, claim.claimKey, claim.extra, claim.proof);
    }

    function testFuzz_anybodyPostsThePartsTheOrganisationCommittedTo(address poster, bytes calldata data) public {
        (BatchHeader memory header, bytes32[] memory hashes) = _published(keccak256(data));
        uint224 batch = pieces.batchIdOf(header);
        vm.expectEmit(address(pieces));
        emit IPieces.BatchPart(batch, 1, data);
        vm.prank(poster);
        pieces.postPart(header, hashes, 1, data);
    }

    function testFuzz_noOtherPartIsPosted(bytes calldata data) public {
        vm.assume(keccak256(data) != keccak256("second"));
        (BatchHeader memory header, bytes32[] memory hashes) = _published(keccak256("second"));
        _expectPartMismatch(header, hashes, 1, data);
        hashes[1] = keccak256(data);
        _expectPartMismatch(header, hashes, 1, data);
    }

    function test_aPartIsPostedInItsOwnPlaceWithTheWholeList() public {
        (BatchHeader memory header, bytes32[] memory hashes) = _published(keccak256("second"));
        _expectPartMismatch(header, hashes, 0, "second");
        _expectPartMismatch(header, hashes, 3, "third");
        _expectPartMismatch(header, hashes, type(uint32).max, "third");
        _expectPartMismatch(header, _resized(hashes, 2), 1, "second");
        _expectPartMismatch(header, _resized(hashes, 4), 1, "second");
        _expectPartMismatch(header, new bytes32[](0), 0, "");
        pieces.postPart(header, hashes, 2, "third");
    }

    function test_nothingIsPostedForARootOnlyBatch() public {
        uint224 batch = _register(3);
        revertsWith(abi.encodeWithSelector(IPieces.NotPublished.selector, batch));
        pieces.postPart(_rootOnly(ROOT, 3), new bytes32[](0), 0, "");
    }

    function test_nothingIsPostedForAnUnknownBatch() public {
        BatchHeader memory header = BatchHeader(workshop, ROOT, 3, 1, ROOT, 1);
        revertsWith(abi.encodeWithSelector(IPieces.UnknownBatch.selector, pieces.batchIdOf(header)));
        pieces.postPart(header, new bytes32[](1), 0, "");
    }

    /// A registered batch of `count` records and what is true of one of them.
    function _claim(uint32 count, uint32 index) private returns (Claim memory claim) {
        count = uint32(bound(count, 1, 33));
        index = uint32(bound(index, 0, count - 1));
        bytes32[] memory leaves = new bytes32[](count);
        for (uint32 i = 0; i < count; ++i) leaves[i] = _leaf(i, _recordHash(i), _claimKey(i), bytes32(0));
        claim = Claim(
            _rootOnly(MerkleTree.root(leaves), count),
            index,
            _recordHash(index),
            _claimKey(index),
            0,
            MerkleTree.proof(leaves, index)
        );
        vm.prank(makerKey);
        pieces.register(claim.header, _direct(makerKey));
    }

    function _verified(Claim memory c) private view returns (bool) {
        return pieces.verifyRecord(c.header, c.index, c.recordHash, c.claimKey, c.extra, c.proof);
    }

    function _leaf(uint32 index, bytes32 record, address claimKey, bytes32 extra) private view returns (bytes32) {
        bytes32 tag = keccak256("touchstone.leaf.v1");
        return keccak256(abi.encode(keccak256(abi.encode(tag, uint8(1), workshop, index, record, claimKey, extra))));
    }

    function _recordHash(uint32 index) private pure returns (bytes32) {
        return keccak256(abi.encode("record", index));
    }

    function _claimKey(uint32 index) private pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("card", index)))));
    }

    function _published(bytes32 second) private returns (BatchHeader memory header, bytes32[] memory hashes) {
        hashes = new bytes32[](3);
        (hashes[0], hashes[1], hashes[2]) = (keccak256("first"), second, keccak256("third"));
        header = BatchHeader(workshop, ROOT, 7, 1, keccak256(abi.encodePacked(hashes)), 3);
        vm.prank(makerKey);
        pieces.register(header, _direct(makerKey));
    }

    function _resized(bytes32[] memory list, uint256 length) private pure returns (bytes32[] memory copy) {
        copy = new bytes32[](length);
        for (uint256 i = 0; i < length && i < list.length; ++i) copy[i] = list[i];
    }

    function _expectPartMismatch(
        BatchHeader memory header,
        bytes32[] memory hashes,
        uint32 part,
        bytes memory data
    ) private {
        uint224 batch = pieces.batchIdOf(header);
        revertsWith(abi.encodeWithSelector(IPieces.PartMismatch.selector, batch, part));
        pieces.postPart(header, hashes, part, data);
    }
}
