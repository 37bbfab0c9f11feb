// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILifeEvents} from "../../contracts/interfaces/ILifeEvents.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Living} from "./support/Living.sol";
import {Vm} from "./support/Test.sol";

contract LifeReportsTest is Living {
    uint256 private _piece;

    function setUp() public override {
        super.setUp();
        _piece = _madeFor(alice);
    }

    function test_aReportBlocksThePieceAndIsTold() public {
        vm.recordLogs();
        _reports(_piece, 30, alice);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        _expectOfPiece(logs[0], IPieces.Locked.selector, _piece);
        _expectLife(logs[1], _piece, 1, 30, address(0), alice, 0, "");
        _expectStanding(_piece, STOLEN | BLOCKED, CARD_DEAD, 1, "stolen");
        assertEq(pieces.standingOf(_piece).day, START / 1 days + 90, "day");
        assertEq(pieces.standingOf(_piece).moves, 1, "moves");
        assertEq(pieces.ownerOf(_piece), alice, "owner");
    }

    function test_aPieceBothStolenAndLostIsReportedTwiceAndBlockedOnce() public {
        _reports(_piece, 31, alice);
        _expectStanding(_piece, LOST | BLOCKED, CARD_DEAD, 1, "lost");
        vm.warp(START + 10 days);
        vm.recordLogs();
        _reports(_piece, 30, alice);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        _expectLife(logs[0], _piece, 2, 30, address(0), alice, 0, "");
        _expectStanding(_piece, STOLEN | LOST | BLOCKED, CARD_DEAD, 2, "both");
        assertEq(pieces.standingOf(_piece).day, START / 1 days + 100, "ninety days from the last report");
    }

    /// Every way a piece moves is tried in life.table.t.sol; here, that each says why not.
    function test_aReportedPieceSaysWhyItDoesNotMove() public {
        _reports(_piece, 30, alice);
        vm.prank(alice);
        revertsWith(_blocked(_piece, STOLEN | BLOCKED));
        pieces.transferFrom(alice, bob, _piece);
    }

    function test_aReportOfAPieceInItsRangeTakesItOut() public {
        uint256 inRange = _token(uint224(_piece >> 32), 1);
        _reports(inRange, 30, makerKey);
        (, , uint24 departed, ) = pieces.batchOf(uint224(_piece >> 32));
        assertEq(departed, 2, "departed");
        _expectStanding(inRange, STOLEN | BLOCKED, 0, 1, "of its own");
        assertEq(pieces.ownerOf(inRange), workshop, "owner");
        assertEq(pieces.standingOf(inRange).moves, 0, "moves");
    }

    function test_theOwnerWithdrawsHerReportAndThePieceMovesAgain() public {
        _reports(_piece, 30, alice);
        _reports(_piece, 31, alice);
        vm.recordLogs();
        _withdrawsReport(_piece, alice);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        _expectOfPiece(logs[0], IPieces.Unlocked.selector, _piece);
        _expectLife(logs[1], _piece, 3, 32, address(0), alice, 0, "");
        _expectStanding(_piece, 0, CARD_DEAD, 3, "withdrawn");
        _move(alice, bob, _piece, alice);
    }

    function test_whatWasNotReportedIsNotWithdrawn() public {
        vm.prank(alice);
        revertsWith(_notApplicable(32, 0));
        lifeEvents.withdrawReport(_piece, _direct(alice));
    }

    function test_aReportLapsesAtTheFirstSecondAfterItsDay() public {
        _reports(_piece, 30, alice);
        uint256 end = (uint256(START) / 1 days + 91) * 1 days;
        vm.warp(end - 1);
        revertsWith(abi.encodeWithSelector(ILifeEvents.TooEarly.selector, end));
        lifeEvents.lapse(_piece);
        vm.warp(end);
        vm.recordLogs();
        vm.prank(stranger);
        lifeEvents.lapse(_piece);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        _expectOfPiece(logs[0], IPieces.Unlocked.selector, _piece);
        _expectLife(logs[1], _piece, 2, 33, address(0), address(0), 0, "");
        _expectStanding(_piece, STOLEN, CARD_DEAD, 2, "the report stays");
        revertsWith(_notApplicable(33, STOLEN));
        lifeEvents.lapse(_piece);
    }

    function testFuzz_aBlockLastsNinetyDaysAndNoMoreThanOneOver(uint32 later, uint32 waits) public {
        uint256 reported = uint256(START) + bound(later, 0, type(uint32).max - 2 * uint256(START));
        vm.warp(reported);
        _reports(_piece, 30, alice);
        vm.warp(reported + bound(waits, 0, 90 days - 1));
        (bool early, ) = address(lifeEvents).call(abi.encodeCall(ILifeEvents.lapse, (_piece)));
        assertFalse(early, "within ninety days");
        vm.warp(reported + 91 days);
        lifeEvents.lapse(_piece);
    }

    function test_aReportRenewedBeforeItLapsesHoldsOn() public {
        _reports(_piece, 30, alice);
        vm.warp(START + 89 days);
        _reports(_piece, 30, alice);
        vm.warp(START + 92 days);
        uint256 end = (uint256(START + 89 days) / 1 days + 91) * 1 days;
        revertsWith(abi.encodeWithSelector(ILifeEvents.TooEarly.selector, end));
        lifeEvents.lapse(_piece);
    }

    /// The thief gets it once the block is over: his own report and its withdrawal leave hers on it.
    function test_aThiefCannotLaunderAReport() public {
        _reports(_piece, 30, alice);
        vm.warp(START + 91 days);
        lifeEvents.lapse(_piece);
        _move(alice, bob, _piece, alice);
        _expectStanding(_piece, EARLIER, CARD_DEAD, 2, "an earlier owner's");
        vm.prank(bob);
        revertsWith(_notApplicable(32, EARLIER));
        lifeEvents.withdrawReport(_piece, _direct(bob));
        _reports(_piece, 31, bob);
        _withdrawsReport(_piece, bob);
        _expectStanding(_piece, EARLIER, CARD_DEAD, 4, "his own is gone");
        _move(bob, alice, _piece, bob);
        _expectStanding(_piece, EARLIER, CARD_DEAD, 4, "back with her");
        vm.prank(alice);
        revertsWith(_notApplicable(32, EARLIER));
        lifeEvents.withdrawReport(_piece, _direct(alice));
    }

    function test_anArbiterDismissesAllReportsAtOnce() public {
        _reports(_piece, 30, alice);
        vm.warp(START + 91 days);
        lifeEvents.lapse(_piece);
        _move(alice, bob, _piece, alice);
        _reports(_piece, 31, bob);
        _expectStanding(_piece, EARLIER | LOST | BLOCKED, CARD_DEAD, 3, "two owners'");
        vm.recordLogs();
        _rules(_piece, 34);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        _expectOfPiece(logs[0], IPieces.Unlocked.selector, _piece);
        _expectLife(logs[1], _piece, 4, 34, arbiter, arbiterKey, 0, REASON);
        _expectStanding(_piece, 0, CARD_DEAD, 4, "dismissed");
    }

    function test_aPieceBothReportedAndLockedWaitsForBoth() public {
        _reports(_piece, 30, alice);
        vm.recordLogs();
        _rules(_piece, 35);
        assertEq(vm.getRecordedLogs().length, 1, "locked already");
        vm.recordLogs();
        _withdrawsReport(_piece, alice);
        assertEq(vm.getRecordedLogs().length, 1, "locked still");
        _expectStanding(_piece, LOCKED, CARD_DEAD, 3, "locked");
        vm.prank(alice);
        revertsWith(_blocked(_piece, LOCKED));
        pieces.transferFrom(alice, bob, _piece);
        vm.recordLogs();
        _rules(_piece, 36);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        _expectOfPiece(logs[0], IPieces.Unlocked.selector, _piece);
        _expectLife(logs[1], _piece, 4, 36, arbiter, arbiterKey, 0, REASON);
        _move(alice, bob, _piece, alice);
    }

    function test_aLockIsToldOnceAndLiftedOnce() public {
        vm.recordLogs();
        _rules(_piece, 35);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        _expectOfPiece(logs[0], IPieces.Locked.selector, _piece);
        _expectLife(logs[1], _piece, 1, 35, arbiter, arbiterKey, 0, REASON);
        vm.prank(arbiterKey);
        revertsWith(_notApplicable(35, LOCKED));
        lifeEvents.arbitrate(_piece, 35, arbiter, REASON, _direct(arbiterKey));
        _rules(_piece, 36);
        vm.prank(arbiterKey);
        revertsWith(_notApplicable(36, 0));
        lifeEvents.arbitrate(_piece, 36, arbiter, REASON, _direct(arbiterKey));
    }

    function testFuzz_noOtherKindIsAReportOrARuling(uint8 kind) public {
        if (kind != 30 && kind != 31) {
            vm.prank(alice);
            revertsWith(_notApplicable(kind, 0));
            lifeEvents.report(_piece, kind, _direct(alice));
        }
        if (kind != 35) {
            vm.prank(arbiterKey);
            revertsWith(_notApplicable(kind, 0));
            lifeEvents.arbitrate(_piece, kind, arbiter, REASON, _direct(arbiterKey));
        }
    }

    function test_aReasonIsOneToAThousandBytes() public {
        vm.prank(arbiterKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NoReason.selector, 0));
        lifeEvents.arbitrate(_piece, 35, arbiter, "", _direct(arbiterKey));
        vm.prank(arbiterKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NoReason.selector, 1001));
        lifeEvents.arbitrate(_piece, 35, arbiter, string(new bytes(1001)), _direct(arbiterKey));
        vm.prank(arbiterKey);
        lifeEvents.arbitrate(_piece, 35, arbiter, string(new bytes(1000)), _direct(arbiterKey));
    }

    function test_nobodyButTheOwnersKeysReports() public {
        vm.prank(bob);
        revertsWith(_notOwners(_piece, bob));
        lifeEvents.report(_piece, 30, _direct(bob));
        vm.prank(alice);
        pieces.approve(bob, _piece);
        vm.prank(bob);
        revertsWith(_notOwners(_piece, bob));
        lifeEvents.report(_piece, 30, _direct(bob));
        vm.prank(stranger);
        revertsWith(abi.encodeWithSelector(ILifeEvents.InvalidSignature.selector, alice));
        lifeEvents.report(_piece, 30, _direct(alice));
        vm.prank(alice);
        pieces.setApprovalForAll(bob, true);
        _reports(_piece, 30, bob);
    }

    function test_aSignedReportIsRelayedUntilItsDeadline() public {
        Authorization memory word = _signed(ALICE_SECRET, START, _ownerActDigest(_piece, 30, 1, 0, START));
        vm.warp(START + 1);
        revertsWith(abi.encodeWithSelector(ILifeEvents.SignatureExpired.selector, START));
        lifeEvents.report(_piece, 30, word);
        vm.warp(START);
        vm.prank(stranger);
        lifeEvents.report(_piece, 30, word);
        _expectStanding(_piece, STOLEN | BLOCKED, CARD_DEAD, 1, "relayed");
    }

    function test_anArbiterNeedsPermissionRoleAndGoodStanding() public {
        vm.prank(makerKey);
        revertsWith(_mayNot(workshop, makerKey, ARBITRATE));
        lifeEvents.arbitrate(_piece, 35, workshop, REASON, _direct(makerKey));
        vm.prank(makerKey);
        revertsWith(_mayNot(arbiter, makerKey, ARBITRATE));
        lifeEvents.arbitrate(_piece, 35, arbiter, REASON, _direct(makerKey));
        vm.prank(arbiterKey);
        organisations.setKey(arbiter, bob, EVERYTHING - ARBITRATE, FOREVER, _direct(arbiterKey));
        vm.prank(bob);
        revertsWith(_mayNot(arbiter, bob, ARBITRATE));
        lifeEvents.arbitrate(_piece, 35, arbiter, REASON, _direct(bob));
        _suspend(arbiter);
        vm.prank(arbiterKey);
        revertsWith(_mayNot(arbiter, arbiterKey, ARBITRATE));
        lifeEvents.arbitrate(_piece, 35, arbiter, REASON, _direct(arbiterKey));
    }
}
