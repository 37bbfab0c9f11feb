// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILifeEvents} from "../../contracts/interfaces/ILifeEvents.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Living} from "./support/Living.sol";
import {Vm} from "./support/Test.sol";

contract LifeEndsTest is Living {
    uint224 private _batch;
    uint256 private _piece;
    uint256 private _inRange;

    function setUp() public override {
        super.setUp();
        _piece = _madeFor(alice);
        _batch = uint224(_piece >> 32);
        _inRange = _token(_batch, 0);
    }

    function testFuzz_anOwnerEndsHerPieceForGood(uint8 kind) public {
        kind = uint8(bound(kind, 50, 52));
        vm.recordLogs();
        _ends(_piece, kind, alice);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 3, "logs");
        _expectOfPiece(logs[0], IPieces.Locked.selector, _piece);
        _expectOfPiece(logs[1], IPieces.MetadataUpdate.selector, _piece);
        _expectLife(logs[2], _piece, 1, kind, address(0), alice, STATEMENT, "");
        _expectStanding(_piece, ENDED, CARD_DEAD, 1, "ended");
        vm.prank(alice);
        revertsWith(_blocked(_piece, ENDED));
        pieces.transferFrom(alice, bob, _piece);
        vm.prank(alice);
        revertsWith(_notApplicable(50, ENDED));
        lifeEvents.end(_piece, 50, 0, _direct(alice));
    }

    function testFuzz_noOtherKindEndsAnything(uint8 kind) public {
        vm.assume(kind < 50 || kind > 52);
        vm.prank(alice);
        revertsWith(_notApplicable(kind, 0));
        lifeEvents.end(_piece, kind, 0, _direct(alice));
        vm.prank(makerKey);
        revertsWith(_notApplicable(kind, 0));
        lifeEvents.endBatch(_batch, kind, REASON, _direct(makerKey));
    }

    function test_anEndNeedsNoStatement() public {
        vm.recordLogs();
        vm.prank(alice);
        lifeEvents.end(_piece, 51, 0, _direct(alice));
        _expectLife(vm.getRecordedLogs()[2], _piece, 1, 51, address(0), alice, 0, "");
    }

    function test_aReportedOrLockedPieceDoesNotEnd() public {
        _reports(_piece, 31, alice);
        vm.prank(alice);
        revertsWith(_notApplicable(50, LOST | BLOCKED));
        lifeEvents.end(_piece, 50, 0, _direct(alice));
        _withdrawsReport(_piece, alice);
        _rules(_piece, 35);
        vm.prank(alice);
        revertsWith(_notApplicable(50, LOCKED));
        lifeEvents.end(_piece, 50, 0, _direct(alice));
    }

    function test_anEndEndsRecoveryToo() public {
        _allows(_piece, true, alice);
        _beginsRecovery(_piece, bob);
        _ends(_piece, 52, alice);
        _expectStanding(_piece, ENDED, CARD_DEAD, 3, "ended");
        vm.warp(START + 30 days);
        revertsWith(_notApplicable(64, ENDED));
        lifeEvents.completeRecovery(_piece);
    }

    function test_ofWhatEndedOnlyItsRecordIsSpokenAbout() public {
        _reports(_piece, 30, alice);
        vm.warp(START + 91 days);
        lifeEvents.lapse(_piece);
        _ends(_piece, 50, alice);
        vm.prank(alice);
        revertsWith(_notApplicable(30, ENDED | STOLEN));
        lifeEvents.report(_piece, 30, _direct(alice));
        vm.prank(alice);
        revertsWith(_notApplicable(60, ENDED | STOLEN));
        lifeEvents.allowRecovery(_piece, true, _direct(alice));
        Authorization memory consent = _recordConsent(ALICE_SECRET, _piece, 10, repairer);
        vm.prank(repairKey);
        revertsWith(_notApplicable(10, ENDED | STOLEN));
        lifeEvents.record(_piece, 10, repairer, STATEMENT, _direct(repairKey), consent);
        vm.prank(arbiterKey);
        revertsWith(_notApplicable(35, ENDED | STOLEN));
        lifeEvents.arbitrate(_piece, 35, arbiter, REASON, _direct(arbiterKey));
        _rules(_piece, 34);
        _says(43, STATEMENT);
        _says(40, 0);
        _says(41, 0);
        _says(42, 0);
        _expectStanding(_piece, ENDED | WITHDRAWN, CARD_DEAD, 8, "ended and withdrawn");
    }

    function testFuzz_aHolderEndsAllThatIsInItsRangeForGood(uint8 kind) public {
        kind = uint8(bound(kind, 50, 52));
        vm.recordLogs();
        _endsAll(_batch, kind, makerKey);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        _expectAllToBeReadAgain(logs[0]);
        _expectOfBatch(logs[1], _batch, 1, kind, workshop, makerKey);
        (uint8 flags, uint16 events) = pieces.batchStandingOf(_batch);
        assertEq(flags, 2, "flags");
        assertEq(events, 1, "events");
        _expectStanding(_inRange, ENDED, 0, 0, "in its range");
        _expectStanding(_piece, 0, CARD_DEAD, 0, "sold before");
        _move(alice, bob, _piece, alice);
        vm.prank(makerKey);
        revertsWith(_notApplicable(50, 2));
        lifeEvents.endBatch(_batch, 50, REASON, _direct(makerKey));
    }

    function test_anEndedBatchDoesNotPassOn() public {
        _endsAll(_batch, 50, makerKey);
        bytes memory ended = abi.encodeWithSelector(IPieces.BatchHasEnded.selector, _batch);
        vm.prank(makerKey);
        revertsWith(ended);
        pieces.passRange(_batch, 0, dealer, 0, _list(2), _direct(makerKey));
        vm.prank(makerKey);
        revertsWith(ended);
        pieces.passRange(_batch, 1, dealer, 0, _list(2), _direct(makerKey));
    }

    function test_anEndedBatchLetsNoPieceLeave() public {
        _endsAll(_batch, 50, makerKey);
        bytes memory ended = _blocked(_inRange, ENDED);
        vm.prank(makerKey);
        revertsWith(ended);
        pieces.transferFrom(workshop, bob, _inRange);
        vm.prank(makerKey);
        revertsWith(ended);
        pieces.approve(bob, _inRange);
        vm.prank(makerKey);
        revertsWith(ended);
        pieces.setCard(_inRange, freshCard, _direct(makerKey));
        vm.prank(makerKey);
        revertsWith(ended);
        pieces.withdrawHandovers(_inRange, _direct(makerKey));
        vm.prank(address(lifeEvents));
        revertsWith(ended);
        pieces.note(_inRange, RECALLED, 0, 0, 0, 0, false);
        vm.prank(makerKey);
        revertsWith(ended);
        lifeEvents.notice(_made(), 0, 43, workshop, STATEMENT, REASON, _direct(makerKey));
        (, , uint24 departed, ) = pieces.batchOf(_batch);
        assertEq(departed, 1, "departed");
    }

    function test_aBatchOfWhichABlockPassedOnDoesNotEnd() public {
        _pass(_batch, 1, dealer, 0, _list(2), makerKey);
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IPieces.RangeIsSplit.selector, _batch));
        lifeEvents.endBatch(_batch, 50, REASON, _direct(makerKey));
    }

    function test_whatIsEmptyOrWasNeverRegisteredDoesNotEnd() public {
        uint224 alone = _register(1);
        _move(workshop, alice, _token(alone, 0), makerKey);
        vm.prank(makerKey);
        revertsWith(_notApplicable(50, 0));
        lifeEvents.endBatch(alone, 50, REASON, _direct(makerKey));
        vm.prank(makerKey);
        revertsWith(_notApplicable(50, 0));
        lifeEvents.endBatch(alone + 1, 50, REASON, _direct(makerKey));
    }

    function test_whoHoldsTheBatchEndsItAndNobodyElse() public {
        _pass(_batch, 0, dealer, 0, _list(2), makerKey);
        vm.prank(makerKey);
        revertsWith(_notOwners(_token(_batch, 0), makerKey));
        lifeEvents.endBatch(_batch, 50, REASON, _direct(makerKey));
        vm.recordLogs();
        _endsAll(_batch, 50, dealerKey);
        _expectOfBatch(vm.getRecordedLogs()[1], _batch, 1, 50, dealer, dealerKey);
    }

    function test_aBatchEndsWithAReason() public {
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NoReason.selector, 0));
        lifeEvents.endBatch(_batch, 50, "", _direct(makerKey));
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NoReason.selector, 1001));
        lifeEvents.endBatch(_batch, 50, string(new bytes(1001)), _direct(makerKey));
    }

    function test_ofABatchThatEndedTheRegistrantStillSpeaks() public {
        _endsAll(_batch, 50, makerKey);
        _saysOfAll(40);
        _saysOfAll(41);
        _saysOfAll(42);
        (uint8 flags, uint16 events) = pieces.batchStandingOf(_batch);
        assertEq(flags, 2 | 8, "ended and withdrawn");
        assertEq(events, 4, "events");
    }

    function _expectAllToBeReadAgain(Vm.Log memory log) private view {
        bytes32[] memory topics = new bytes32[](1);
        topics[0] = IPieces.BatchMetadataUpdate.selector;
        _expectLog(log, topics, abi.encode(_token(_batch, 0), _token(_batch, MADE - 1)), "the whole batch");
    }
}
