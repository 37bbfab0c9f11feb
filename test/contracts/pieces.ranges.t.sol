// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Trading} from "./support/Trading.sol";
import {Vm} from "./support/Test.sol";

/// Batches and blocks that pass from organisation to organisation: what is written, told and refused. Which pieces change
/// hands, over random histories, is asked in pieces.ranges.runs.t.sol.
contract PiecesRangesTest is Trading {
    function test_aWholeBatchPassesOnInOneSlotAndTwoBalances() public {
        uint224 batch = _register(1000);
        vm.record();
        _pass(batch, 0, dealer, 0, _none(), makerKey);
        (, bytes32[] memory writes) = vm.accesses(address(pieces));
        assertEq(writes.length, 3, "slots written");
        _expectBatch(batch, dealer, 0, 1);
        for (uint32 i = 0; i < 1000; i += 111) _expectPiece(_token(batch, i), dealer, 1);
        assertEq(pieces.balanceOf(dealer), 1000, "balance of the dealer");
        assertEq(pieces.balanceOf(workshop), 0, "balance of the workshop");
    }

    function test_aWholeBatchTellsOfOneRunAndItself() public {
        uint224 batch = _register(1000);
        vm.recordLogs();
        _pass(batch, 0, dealer, 0, _none(), makerKey);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        _expectRun(logs[0], batch, 0, 999);
        _expectPassed(logs[1], batch, 0, 1, 1000);
    }

    function test_runsLeaveOutThePiecesThatHaveLeft() public {
        uint224 batch = _register(300);
        _move(workshop, alice, _token(batch, 0), makerKey);
        _move(workshop, alice, _token(batch, 7), makerKey);
        _move(workshop, alice, _token(batch, 299), makerKey);
        vm.recordLogs();
        _pass(batch, 0, dealer, 0, _list(0, 7, 299), makerKey);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 3, "logs");
        _expectRun(logs[0], batch, 1, 6);
        _expectRun(logs[1], batch, 8, 298);
        _expectPassed(logs[2], batch, 0, 1, 297);
        assertEq(pieces.ownerOf(_token(batch, 7)), alice, "who bought hers");
        assertEq(pieces.balanceOf(alice), 3, "balance of alice");
    }

    function test_aBlockPassesOnAndTheRestStays() public {
        uint224 batch = _register(600);
        vm.recordLogs();
        _pass(batch, 3, dealer, 0, _none(), makerKey);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        _expectRun(logs[0], batch, 512, 599);
        _expectPassed(logs[1], batch, 3, 1, 88);
        _expectPiece(_token(batch, 511), workshop, 0);
        _expectPiece(_token(batch, 512), dealer, 1);
        _expectBatch(batch, workshop, 0, 0);
        _expectBlock(batch, 3, dealer, 0, 1);
        _expectBlock(batch, 2, address(0), 0, 0);
        _expectBlock(batch, 0, address(0), 0, 0);
        assertEq(pieces.balanceOf(dealer), 88, "balance");
    }

    function test_aBlockTakesItsDepartedWithItAndTheBatchKeepsTheOthers() public {
        uint224 batch = _register(600);
        for (uint32 i = 255; i < 258; ++i) _move(workshop, alice, _token(batch, i), makerKey);
        _pass(batch, 2, dealer, 0, _list(255, 256, 257), makerKey);
        _expectBatch(batch, workshop, 1, 0);
        _expectBlock(batch, 2, dealer, 2, 1);
        _move(dealer, bob, _token(batch, 300), dealerKey);
        _move(workshop, bob, _token(batch, 0), makerKey);
        _expectBatch(batch, workshop, 2, 0);
        _expectBlock(batch, 2, dealer, 3, 1);
        _pass(batch, 2, boutique, 1, _list(256, 257, 300), dealerKey);
        _expectBlock(batch, 2, boutique, 3, 2);
    }

    /// With thousands sold one by one from the whole batch, to list them all would not fit into a transaction.
    function test_aBlocksOwnDepartedAreListEnough() public {
        uint224 batch = _register(600);
        _move(workshop, alice, _token(batch, 3), makerKey);
        _move(workshop, alice, _token(batch, 300), makerKey);
        _move(workshop, alice, _token(batch, 599), makerKey);
        _pass(batch, 2, dealer, 0, _list(300), makerKey);
        _expectBlock(batch, 2, dealer, 1, 1);
        _expectBatch(batch, workshop, 2, 0);
        _pass(batch, 1, dealer, 0, _list(3), makerKey);
        _expectBatch(batch, workshop, 1, 0);
        _pass(batch, 3, dealer, 0, _list(599), makerKey);
        _expectBatch(batch, workshop, 0, 0);
        assertEq(pieces.balanceOf(dealer), 597, "balance");
    }

    function test_afterABlockLeftTheWholeBatchDoesNotPass() public {
        uint224 batch = _register(600);
        _pass(batch, 1, dealer, 0, _none(), makerKey);
        _expectRefused(batch, 0, dealer, 0, _none(), abi.encodeWithSelector(IPieces.RangeIsSplit.selector, batch));
        _pass(batch, 2, dealer, 0, _none(), makerKey);
        _pass(batch, 3, dealer, 0, _none(), makerKey);
        assertEq(pieces.balanceOf(dealer), 600, "block by block");
    }

    function test_aBlockGoesOnCountingWhereItsBatchLeftOff() public {
        uint224 batch = _register(600);
        _pass(batch, 0, dealer, 0, _none(), makerKey);
        _pass(batch, 0, workshop, 1, _none(), dealerKey);
        _expectRefused(batch, 2, dealer, 0, _none(), _staleRange(batch, 2, 2));
        vm.recordLogs();
        _pass(batch, 2, dealer, 2, _none(), makerKey);
        _expectPassed(vm.getRecordedLogs()[1], batch, 2, 3, 256);
        _expectBlock(batch, 2, dealer, 0, 3);
        _expectPiece(_token(batch, 256), dealer, 3);
        _expectPiece(_token(batch, 0), workshop, 2);
    }

    function test_nobodyButAnotherOrganisationIsPassedARange() public {
        uint224 batch = _register(300);
        address[4] memory none = [alice, address(0), workshop, makerKey];
        for (uint256 i = 0; i < none.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(IPieces.NotAnOrganisation.selector, none[i]);
            _expectRefused(batch, 0, none[i], 0, _none(), reason);
            _expectRefused(batch, 2, none[i], 0, _none(), reason);
        }
    }

    function test_whatDoesNotExistDoesNotPass() public {
        uint224 batch = _register(512);
        bytes memory unknown = abi.encodeWithSelector(IPieces.UnknownBatch.selector, batch);
        _expectRefused(batch, 3, dealer, 0, _none(), unknown);
        _expectRefused(batch, type(uint32).max, dealer, 0, _none(), unknown);
        _expectRefused(7, 0, dealer, 0, _none(), abi.encodeWithSelector(IPieces.UnknownBatch.selector, 7));
    }

    function test_anEmptyRangeDoesNotPass() public {
        uint224 batch = _register(257);
        _move(workshop, alice, _token(batch, 256), makerKey);
        bytes memory nothing = abi.encodeWithSelector(IPieces.NothingToPass.selector, batch);
        _expectRefused(batch, 2, dealer, 0, _list(256), nothing);
        uint224 single = _register(1);
        _move(workshop, alice, _token(single, 0), makerKey);
        nothing = abi.encodeWithSelector(IPieces.NothingToPass.selector, single);
        _expectRefused(single, 0, dealer, 0, _list(0), nothing);
    }

    function test_onlyTheHolderOrWhoMayMoveForItPassesARangeOn() public {
        uint224 batch = _register(300);
        _setKey(shopKey, REGISTER | CERTIFY | ADMINISTER | RELEASE, FOREVER);
        address[4] memory others = [shopKey, stranger, dealerKey, administrator];
        for (uint256 i = 0; i < others.length; ++i) _expectNotOwners(batch, others[i]);
        vm.prank(stranger);
        revertsWith(_invalid(makerKey));
        pieces.passRange(batch, 0, dealer, 0, _none(), _direct(makerKey));
        _setKey(shopKey, TRANSFER, FOREVER);
        _pass(batch, 0, dealer, 0, _none(), shopKey);
        _expectNotOwners(batch, makerKey);
    }

    function test_aPieceWithAnApprovalStaysBehindWithIt() public {
        uint224 batch = _register(300);
        uint256 token = _token(batch, 9);
        vm.prank(makerKey);
        pieces.approve(bob, token);
        _expectBatch(batch, workshop, 1, 0);
        _expectPiece(token, workshop, 0);
        bytes memory differ = abi.encodeWithSelector(IPieces.DepartedDiffer.selector, batch, 1);
        _expectRefused(batch, 0, dealer, 0, _none(), differ);
        _pass(batch, 0, dealer, 0, _list(9), makerKey);
        assertEq(pieces.ownerOf(token), workshop, "owner");
        _move(workshop, bob, token, bob);
        assertEq(pieces.ownerOf(token), bob, "whom the workshop approved");
    }

    function test_clearingNoApprovalLeavesThePieceInItsRange() public {
        uint224 batch = _register(300);
        vm.prank(makerKey);
        pieces.approve(address(0), _token(batch, 9));
        _expectBatch(batch, workshop, 0, 0);
        _pass(batch, 0, dealer, 0, _none(), makerKey);
    }

    function test_aListThatDiffersIsRefusedByNameAndNumber() public {
        uint224 batch = _register(600);
        _move(workshop, alice, _token(batch, 5), makerKey);
        _move(workshop, alice, _token(batch, 300), makerKey);
        bytes memory two = abi.encodeWithSelector(IPieces.DepartedDiffer.selector, batch, 2);
        _expectRefused(batch, 0, dealer, 0, _none(), two);
        _expectRefused(batch, 0, dealer, 0, _list(5), two);
        _expectRefused(batch, 0, dealer, 0, _list(5, 301), two);
        _expectRefused(batch, 0, dealer, 0, _list(300, 5), two);
        _expectRefused(batch, 0, dealer, 0, _list(5, 5), two);
        _expectRefused(batch, 0, dealer, 0, _list(5, 300, 600), two);
        _expectRefused(batch, 2, dealer, 0, _list(300, 5), two);
        _expectRefused(batch, 2, dealer, 0, _list(6, 300), two);
        bytes memory one = abi.encodeWithSelector(IPieces.DepartedDiffer.selector, batch, 1);
        _expectRefused(batch, 2, dealer, 0, _list(5), one);
        _expectRefused(batch, 2, dealer, 0, _none(), one);
        _expectRefused(batch, 2, dealer, 0, _list(300, 300, 300), one);
        _pass(batch, 1, dealer, 0, _list(5, 300), makerKey);
        _expectRefused(batch, 2, dealer, 0, _list(5, 300), one);
        _expectRefused(batch, 2, dealer, 0, _list(5), one);
    }

    function test_aSignedPassIsRelayedByAnybodyOnce() public {
        uint224 batch = _register(300);
        Authorization memory order = _signedPass(batch, 0, 0);
        vm.prank(stranger);
        pieces.passRange(batch, 0, dealer, 0, _none(), order);
        _expectBatch(batch, dealer, 0, 1);
        _pass(batch, 0, workshop, 1, _none(), dealerKey);
        revertsWith(_staleRange(batch, 0, 2));
        pieces.passRange(batch, 0, dealer, 0, _none(), order);
        revertsWith(_invalid(makerKey));
        pieces.passRange(batch, 0, dealer, 2, _none(), order);
    }

    function test_anOrderForABlockDiesWhenItsBatchPassesOn() public {
        uint224 batch = _register(600);
        Authorization memory order = _signedPass(batch, 2, 0);
        _pass(batch, 0, dealer, 0, _none(), makerKey);
        _pass(batch, 0, workshop, 1, _none(), dealerKey);
        revertsWith(_staleRange(batch, 2, 2));
        pieces.passRange(batch, 2, dealer, 0, _none(), order);
    }

    function test_anOrderForAPieceDiesWhenItsRangePassesOnEvenIfItComesBack() public {
        uint224 batch = _register(300);
        uint256 token = _token(batch, 4);
        Authorization memory order = _signed(MAKER_SECRET, FOREVER, _transferDigest(token, workshop, bob, 0, FOREVER));
        _pass(batch, 0, dealer, 0, _none(), makerKey);
        _pass(batch, 0, workshop, 1, _none(), dealerKey);
        revertsWith(_staleMoves(token, 2));
        pieces.transferWithSignature(token, bob, 0, order);
        revertsWith(_invalid(makerKey));
        pieces.transferWithSignature(token, bob, 2, order);
    }

    function test_movesGoOnFromThoseOfTheRange() public {
        uint224 batch = _register(300);
        _pass(batch, 0, dealer, 0, _none(), makerKey);
        _pass(batch, 2, boutique, 1, _none(), dealerKey);
        uint256 token = _token(batch, 299);
        _expectPiece(token, boutique, 2);
        _move(boutique, alice, token, boutiqueKey);
        _expectPiece(token, alice, 3);
        _move(dealer, dealer, _token(batch, 0), dealerKey);
        _expectPiece(_token(batch, 0), dealer, 2);
        vm.prank(boutiqueKey);
        pieces.approve(bob, _token(batch, 298));
        _expectPiece(_token(batch, 298), boutique, 2);
    }

    function test_aSuspendedOrganisationMayStillPassOnWhatItOwns() public {
        uint224 batch = _register(300);
        _suspend(workshop);
        _pass(batch, 0, dealer, 0, _none(), makerKey);
        assertEq(pieces.balanceOf(dealer), 300, "balance");
    }

    function test_aRangeIsReadInThreeSlotsAtMost() public {
        uint224 batch = _register(600);
        _move(workshop, alice, _token(batch, 1), makerKey);
        _expectReads(_token(batch, 1), 1);
        _expectReads(_token(batch, 599), 2);
        _pass(batch, 3, dealer, 0, _list(1), makerKey);
        _expectReads(_token(batch, 1), 1);
        _expectReads(_token(batch, 2), 3);
        _expectReads(_token(batch, 599), 3);
    }

    function test_piecesBeyondTheLastDoNotExistAfterASplitEither() public {
        uint224 batch = _register(600);
        _pass(batch, 3, dealer, 0, _none(), makerKey);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, _token(batch, 600)));
        pieces.ownerOf(_token(batch, 600));
    }

    function _signedPass(uint224 batch, uint32 part, uint24 events) private view returns (Authorization memory) {
        bytes32 digest = _passDigest(batch, part, workshop, dealer, events, FOREVER);
        return _signed(MAKER_SECRET, FOREVER, digest);
    }

    function _staleRange(uint224 batch, uint32 part, uint24 events) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IPieces.StaleRange.selector, batch, part, events);
    }

    /// By a key of the workshop that may do it.
    function _expectRefused(
        uint224 batch,
        uint32 part,
        address to,
        uint24 events,
        uint32[] memory departed,
        bytes memory reason
    ) private {
        vm.prank(makerKey);
        revertsWith(reason);
        pieces.passRange(batch, part, to, events, departed, _direct(makerKey));
    }

    function _expectNotOwners(uint224 batch, address caller) private {
        (address holder, , , uint24 events) = pieces.batchOf(batch);
        vm.prank(caller);
        revertsWith(abi.encodeWithSelector(IPieces.NotOwnersKey.selector, _token(batch, 0), caller));
        pieces.passRange(batch, 0, holder == dealer ? boutique : dealer, events, _none(), _direct(caller));
    }

    function _expectPiece(uint256 token, address owner, uint24 moves) private view {
        (address owner_, uint24 moves_, ) = pieces.pieceOf(token);
        assertEq(owner_, owner, "owner");
        assertEq(pieces.ownerOf(token), owner, "ownerOf");
        assertEq(moves_, moves, "moves");
    }

    function _expectBatch(uint224 batch, address holder, uint24 departed, uint24 events) private view {
        (address holder_, , uint24 departed_, uint24 events_) = pieces.batchOf(batch);
        assertEq(holder_, holder, "holder of the batch");
        assertEq(departed_, departed, "departed of the batch");
        assertEq(events_, events, "events of the batch");
    }

    function _expectBlock(uint224 batch, uint32 part, address holder, uint24 departed, uint24 events) private view {
        (address holder_, uint24 departed_, uint24 events_) = pieces.blockOf(batch, part);
        assertEq(holder_, holder, "holder of the block");
        assertEq(departed_, departed, "departed of the block");
        assertEq(events_, events, "events of the block");
    }

    function _expectReads(uint256 token, uint256 slots) private {
        vm.record();
        pieces.ownerOf(token);
        (bytes32[] memory reads, ) = vm.accesses(address(pieces));
        assertEq(reads.length, slots, "slots read");
    }

    /// From the workshop to the dealer.
    function _expectRun(Vm.Log memory log, uint224 batch, uint32 first, uint32 last) private view {
        bytes32[] memory topics = _topics(
            IPieces.ConsecutiveTransfer.selector,
            bytes32(_token(batch, first)),
            _word(workshop),
            _word(dealer)
        );
        _expectLog(log, topics, abi.encode(_token(batch, last)), "run");
    }

    function _expectPassed(Vm.Log memory log, uint224 batch, uint32 part, uint24 number, uint24 count) private view {
        bytes32[] memory topics = _topics(
            IPieces.RangePassed.selector,
            bytes32(uint256(batch)),
            _word(workshop),
            _word(dealer)
        );
        _expectLog(log, topics, abi.encode(part, number, count), "passed");
    }
}
