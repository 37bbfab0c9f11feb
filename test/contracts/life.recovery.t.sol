// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILifeEvents} from "../../contracts/interfaces/ILifeEvents.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader, IPieces, Standing} from "../../contracts/interfaces/IPieces.sol";
import {Living} from "./support/Living.sol";
import {Vm} from "./support/Test.sol";

/// alice allowed recovery; the workshop and the arbiter recover the piece for bob.
contract LifeRecoveryTest is Living {
    uint256 private constant READY = uint256(START) + 30 days;
    uint256 private _piece;

    function setUp() public override {
        super.setUp();
        _piece = _madeFor(alice);
        _allows(_piece, true, alice);
    }

    function test_anOwnerAllowsRecoveryAndForbidsIt() public {
        _expectStanding(_piece, 0, CARD_DEAD | RECOVERABLE, 1, "allowed");
        vm.prank(alice);
        revertsWith(_notApplicable(60, 0));
        lifeEvents.allowRecovery(_piece, true, _direct(alice));
        vm.recordLogs();
        _allows(_piece, false, alice);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        _expectLife(logs[0], _piece, 2, 61, address(0), alice, 0, "");
        _expectStanding(_piece, 0, CARD_DEAD, 2, "forbidden");
        vm.prank(alice);
        revertsWith(_notApplicable(61, 0));
        lifeEvents.allowRecovery(_piece, false, _direct(alice));
        vm.recordLogs();
        _allows(_piece, true, alice);
        _expectLife(vm.getRecordedLogs()[0], _piece, 3, 60, address(0), alice, 0, "");
    }

    function test_aRecoveryIsBegunByMakerAndArbiterAndTold() public {
        vm.recordLogs();
        _beginsRecovery(_piece, bob);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        _expectLife(logs[0], _piece, 2, 62, arbiter, arbiterKey, _word(bob), REASON);
        _expectStanding(_piece, 0, CARD_DEAD | RECOVERABLE | RECOVERING, 2, "under way");
        (address to, uint48 readyAt) = lifeEvents.recoveryOf(_piece);
        assertEq(to, bob, "to");
        assertEq(readyAt, READY, "ready at");
        assertEq(pieces.ownerOf(_piece), alice, "owner");
    }

    function test_itIsCompletedAtTheLastSecondOfThirtyDaysByAnybody() public {
        _beginsRecovery(_piece, bob);
        vm.warp(READY - 1);
        revertsWith(abi.encodeWithSelector(ILifeEvents.TooEarly.selector, READY));
        lifeEvents.completeRecovery(_piece);
        vm.warp(READY);
        vm.recordLogs();
        vm.prank(stranger);
        lifeEvents.completeRecovery(_piece);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        _expectLog(
            logs[0],
            _topics(keccak256("Transfer(address,address,uint256)"), _word(alice), _word(bob), bytes32(_piece)),
            "",
            "Transfer"
        );
        _expectLife(logs[1], _piece, 3, 64, address(0), address(0), _word(bob), "");
        assertEq(pieces.ownerOf(_piece), bob, "owner");
        assertEq(pieces.standingOf(_piece).moves, 2, "moves");
        assertEq(pieces.balanceOf(alice), 0, "balance before");
        assertEq(pieces.balanceOf(bob), 1, "balance after");
        _expectStanding(_piece, 0, CARD_DEAD, 3, "the next owner has allowed nothing");
        (address to, uint48 readyAt) = lifeEvents.recoveryOf(_piece);
        assertEq(to, address(0), "to");
        assertEq(readyAt, 0, "ready at");
        revertsWith(_notApplicable(64, 0));
        lifeEvents.completeRecovery(_piece);
    }

    function test_withoutTheOwnersLeaveNoneBegins() public {
        _allows(_piece, false, alice);
        _expectNotBegun(_notApplicable(62, 0));
    }

    function test_aMoveTakesTheLeaveWithIt() public {
        _move(alice, bob, _piece, alice);
        _move(bob, alice, _piece, bob);
        _expectStanding(_piece, 0, CARD_DEAD, 1, "back");
        _expectNotBegun(_notApplicable(62, 0));
    }

    function test_aRecoveryUnderWayIsNotBegunAgain() public {
        _beginsRecovery(_piece, bob);
        _expectNotBegun(_notApplicable(62, 0));
    }

    function test_whatIsReportedOrLockedIsNotRecovered() public {
        _reports(_piece, 30, alice);
        _expectNotBegun(_notApplicable(62, STOLEN | BLOCKED));
        _withdrawsReport(_piece, alice);
        _rules(_piece, 35);
        _expectNotBegun(_notApplicable(62, LOCKED));
        _rules(_piece, 36);
        _beginsRecovery(_piece, bob);
        _rules(_piece, 35);
        vm.warp(READY);
        revertsWith(_blocked(_piece, LOCKED));
        lifeEvents.completeRecovery(_piece);
        _rules(_piece, 36);
        lifeEvents.completeRecovery(_piece);
        assertEq(pieces.ownerOf(_piece), bob, "owner");
    }

    function test_itGoesToSomebodyElse() public {
        BatchHeader memory header = _made();
        address[2] memory nobodyNew = [address(0), alice];
        for (uint256 i = 0; i < 2; ++i) {
            Authorization memory maker = _makersWord(nobodyNew[i], workshop, arbiter);
            vm.prank(arbiterKey);
            revertsWith(abi.encodeWithSelector(ILifeEvents.InvalidRecipient.selector, nobodyNew[i]));
            lifeEvents.beginRecovery(header, 2, nobodyNew[i], workshop, arbiter, REASON, maker, _direct(arbiterKey));
        }
    }

    function test_itHasAReason() public {
        Authorization memory maker = _makersWord(bob, workshop, arbiter);
        BatchHeader memory header = _made();
        vm.prank(arbiterKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NoReason.selector, 0));
        lifeEvents.beginRecovery(header, 2, bob, workshop, arbiter, "", maker, _direct(arbiterKey));
    }

    function test_neitherMakerNorArbiterBeginsItAlone() public {
        BatchHeader memory header = _made();
        Authorization memory maker = _makersWord(bob, workshop, arbiter);
        vm.prank(stranger);
        revertsWith(_lifeInvalid(arbiterKey));
        lifeEvents.beginRecovery(header, 2, bob, workshop, arbiter, REASON, maker, _direct(arbiterKey));
        vm.prank(arbiterKey);
        revertsWith(_lifeInvalid(makerKey));
        lifeEvents.beginRecovery(header, 2, bob, workshop, arbiter, REASON, _direct(makerKey), _direct(arbiterKey));
        vm.prank(makerKey);
        revertsWith(_mayNot(arbiter, makerKey, ARBITRATE));
        lifeEvents.beginRecovery(header, 2, bob, workshop, arbiter, REASON, _direct(makerKey), _direct(makerKey));
        vm.prank(arbiterKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NotRegistrant.selector, workshop, arbiter));
        lifeEvents.beginRecovery(header, 2, bob, arbiter, arbiter, REASON, _direct(arbiterKey), _direct(arbiterKey));
    }

    /// Two are asked so that one can't do it: an arbiter that may speak for the registrant itself is not the second.
    function test_aMakerThatIsAnArbiterTooNeedsAnother() public {
        vm.prank(administrator);
        organisations.setRoles(workshop, MAKER | ARBITER);
        BatchHeader memory header = _made();
        vm.prank(makerKey);
        revertsWith(_mayNot(workshop, makerKey, ARBITRATE));
        lifeEvents.beginRecovery(header, 2, bob, workshop, workshop, REASON, _direct(makerKey), _direct(makerKey));
        _succeed(workshop, arbiter);
        Authorization memory maker = _makersWord(bob, workshop, arbiter);
        vm.prank(arbiterKey);
        revertsWith(_mayNot(arbiter, arbiterKey, ARBITRATE));
        lifeEvents.beginRecovery(header, 2, bob, workshop, arbiter, REASON, maker, _direct(arbiterKey));
    }

    function test_makerAndArbiterNeedPermissionAndGoodStanding() public {
        BatchHeader memory header = _made();
        _setKey(shopKey, EVERYTHING - STATE, FOREVER);
        vm.prank(shopKey);
        revertsWith(_mayNot(workshop, shopKey, STATE));
        lifeEvents.beginRecovery(header, 2, bob, workshop, arbiter, REASON, _direct(shopKey), _direct(arbiterKey));
        _suspend(arbiter);
        _expectNotBegun(_mayNot(arbiter, arbiterKey, ARBITRATE));
        _suspend(workshop);
        _expectNotBegun(_mayNot(workshop, makerKey, STATE));
    }

    function test_anArbiterCancelsIt() public {
        vm.prank(arbiterKey);
        revertsWith(_notApplicable(63, 0));
        lifeEvents.arbitrate(_piece, 63, arbiter, REASON, _direct(arbiterKey));
        _beginsRecovery(_piece, bob);
        vm.recordLogs();
        _rules(_piece, 63);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        _expectLife(logs[0], _piece, 3, 63, arbiter, arbiterKey, 0, REASON);
        _expectDead(true);
        vm.warp(START + 1 days);
        _beginsRecovery(_piece, stranger);
        (address to, uint48 readyAt) = lifeEvents.recoveryOf(_piece);
        assertEq(to, stranger, "the second");
        assertEq(readyAt, READY + 1 days, "counted anew");
    }

    function test_itDiesWhenThePieceMoves() public {
        _beginsRecovery(_piece, bob);
        _move(alice, alice, _piece, alice);
        _expectDead(false);
    }

    function test_itDiesWhenWhoWasApprovedMovesIt() public {
        vm.prank(alice);
        pieces.approve(stranger, _piece);
        _beginsRecovery(_piece, bob);
        vm.prank(stranger);
        pieces.transferFrom(alice, stranger, _piece);
        _expectDead(false);
    }

    function test_itDiesWhenTheOwnerApprovesSomebody() public {
        _beginsRecovery(_piece, bob);
        vm.prank(alice);
        pieces.approve(stranger, _piece);
        _expectDead(true);
    }

    function test_itDiesWhenTheOwnerApprovesNobody() public {
        _beginsRecovery(_piece, bob);
        vm.prank(alice);
        pieces.approve(address(0), _piece);
        _expectDead(true);
    }

    function test_itDiesWhenTheOwnerWithdrawsHandovers() public {
        _beginsRecovery(_piece, bob);
        vm.prank(alice);
        pieces.withdrawHandovers(_piece, _direct(alice));
        _expectDead(true);
    }

    function test_itDiesWhenTheOwnerReportsAndStaysDeadAfterwards() public {
        _beginsRecovery(_piece, bob);
        _reports(_piece, 30, alice);
        _expectDead(true);
        vm.warp(START + 91 days);
        lifeEvents.lapse(_piece);
        _expectDead(true);
        _withdrawsReport(_piece, alice);
        _expectDead(true);
    }

    function test_itDiesWhenTheOwnerTakesAnOldReportBack() public {
        _reports(_piece, 30, alice);
        vm.warp(START + 91 days);
        lifeEvents.lapse(_piece);
        _beginsRecovery(_piece, bob);
        _withdrawsReport(_piece, alice);
        _expectDead(true);
    }

    function test_itDiesWhenTheOwnerForbidsIt() public {
        _beginsRecovery(_piece, bob);
        _allows(_piece, false, alice);
        _expectDead(false);
        _allows(_piece, true, alice);
        _expectDead(true);
    }

    function test_itDiesWhenTheOwnerConsentsToWork() public {
        _beginsRecovery(_piece, bob);
        _records(_piece, 10, ALICE_SECRET);
        _expectDead(true);
    }

    function test_itDiesWhenAnOrganisationSetsAFreshCard() public {
        _move(alice, workshop, _piece, alice);
        _allows(_piece, true, makerKey);
        _beginsRecovery(_piece, bob);
        _setFreshCard(_piece, makerKey);
        vm.warp(READY);
        revertsWith(_notApplicable(64, 0));
        lifeEvents.completeRecovery(_piece);
    }

    function test_whatOthersSayOfThePieceLeavesIt() public {
        _beginsRecovery(_piece, bob);
        _says(40, 0);
        _says(43, STATEMENT);
        _rules(_piece, 35);
        _rules(_piece, 36);
        vm.warp(READY);
        lifeEvents.completeRecovery(_piece);
        assertEq(pieces.ownerOf(_piece), bob, "owner");
    }

    function test_theSuccessorOfABankruptMakerRecovers() public {
        _succeed(workshop, heir);
        _suspend(workshop);
        Standing memory s = pieces.standingOf(_piece);
        Authorization memory maker = _signed(
            HEIR_SECRET,
            FOREVER,
            _recoveryDigest(_piece, alice, bob, heir, arbiter, s.moves, s.events, FOREVER)
        );
        BatchHeader memory header = _made();
        vm.prank(arbiterKey);
        lifeEvents.beginRecovery(header, 2, bob, heir, arbiter, REASON, maker, _direct(arbiterKey));
        vm.warp(READY);
        lifeEvents.completeRecovery(_piece);
        assertEq(pieces.ownerOf(_piece), bob, "owner");
    }

    /// She can allow it when she claims, by what her card signs.
    function test_aClaimSaysWhetherRecoveryIsAllowed() public {
        uint256 claimed = _token(uint224(_piece >> 32), 3);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 before = vm.snapshotState();
            bool recoverable = i == 1;
            bytes32 kind = keccak256("Claim(uint256 tokenId,address to,bool recoverable,uint24 moves,uint48 deadline)");
            bytes32 digest = _ofPieces(abi.encode(kind, claimed, bob, recoverable, uint24(0), FOREVER));
            Authorization memory release = _release(MAKER_SECRET, claimed);
            bytes memory card = _signature(FIRST_CARD_SECRET + 3, digest);
            revertsWith(_invalid(_cardOf(3)));
            pieces.claim(_leaf(3), bob, !recoverable, FOREVER, card, release);
            vm.recordLogs();
            pieces.claim(_leaf(3), bob, recoverable, FOREVER, card, release);
            Vm.Log[] memory logs = vm.getRecordedLogs();
            assertEq(logs.length, 2, "logs");
            bytes32[] memory topics = new bytes32[](3);
            (topics[0], topics[1], topics[2]) = (IPieces.Claimed.selector, bytes32(claimed), _word(bob));
            _expectLog(logs[1], topics, abi.encode(_cardOf(3), recoverable), "Claimed");
            _expectStanding(claimed, 0, recoverable ? CARD_DEAD | RECOVERABLE : CARD_DEAD, 0, "claimed");
            vm.revertToState(before);
        }
    }

    /// Thirty days later nothing happens, and none is under way; `allowed` whether another could begin.
    function _expectDead(bool allowed) private {
        uint8 flags = _flagsOf(_piece);
        assertTrue(flags & RECOVERING == 0, "none is under way");
        assertTrue((flags & RECOVERABLE != 0) == allowed, "allowed");
        vm.warp(block.timestamp + 30 days);
        revertsWith(_notApplicable(64, _stateOf(_piece)));
        lifeEvents.completeRecovery(_piece);
        vm.warp(block.timestamp - 30 days);
    }

    function _makersWord(address to, address organisation, address court) private view returns (Authorization memory) {
        Standing memory s = pieces.standingOf(_piece);
        bytes32 digest = _recoveryDigest(_piece, s.owner, to, organisation, court, s.moves, s.events, FOREVER);
        return _signed(MAKER_SECRET, FOREVER, digest);
    }

    function _expectNotBegun(bytes memory reason) private {
        Authorization memory maker = _makersWord(bob, workshop, arbiter);
        BatchHeader memory header = _made();
        vm.prank(arbiterKey);
        revertsWith(reason);
        lifeEvents.beginRecovery(header, 2, bob, workshop, arbiter, REASON, maker, _direct(arbiterKey));
    }
}
