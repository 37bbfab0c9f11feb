// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Living} from "./support/Living.sol";
import {Vm} from "./support/Test.sol";

contract LifeRecordsTest is Living {
    uint256 private _piece;

    function setUp() public override {
        super.setUp();
        _piece = _madeFor(alice);
    }

    function testFuzz_workIsRecordedAndRefreshesWhatItChanges(uint8 kind) public {
        kind = uint8(bound(kind, 10, 17));
        vm.recordLogs();
        _records(_piece, kind, ALICE_SECRET);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bool refreshes = kind != 15;
        assertEq(logs.length, refreshes ? 2 : 1, "logs");
        if (refreshes) _expectOfPiece(logs[0], IPieces.MetadataUpdate.selector, _piece);
        _expectLife(logs[logs.length - 1], _piece, 1, kind, repairer, repairKey, STATEMENT, "");
        _expectStanding(_piece, 0, CARD_DEAD, 1, "recorded");
        assertEq(pieces.standingOf(_piece).moves, 1, "moves");
    }

    /// Whoever holds it for the owner does not own it: nothing moves.
    function testFuzz_aConsignmentIsRecordedByWhoMayRelease(uint8 kind) public {
        kind = uint8(bound(kind, 18, 19));
        vm.prank(dealerKey);
        organisations.setKey(dealer, tillKey, RELEASE, FOREVER, _direct(dealerKey));
        Authorization memory consent = _recordConsent(ALICE_SECRET, _piece, kind, dealer);
        vm.recordLogs();
        vm.prank(tillKey);
        lifeEvents.record(_piece, kind, dealer, STATEMENT, _direct(tillKey), consent);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        _expectLife(logs[0], _piece, 1, kind, dealer, tillKey, STATEMENT, "");
        assertEq(pieces.ownerOf(_piece), alice, "owner");
        vm.prank(tillKey);
        revertsWith(_mayNot(dealer, tillKey, SERVE));
        lifeEvents.record(_piece, 10, dealer, STATEMENT, _direct(tillKey), consent);
    }

    function testFuzz_noOtherKindIsARecord(uint8 kind) public {
        vm.assume(kind < 10 || kind > 19);
        Authorization memory consent = _recordConsent(ALICE_SECRET, _piece, kind, repairer);
        vm.prank(repairKey);
        revertsWith(_notApplicable(kind, 0));
        lifeEvents.record(_piece, kind, repairer, STATEMENT, _direct(repairKey), consent);
    }

    function test_workIsRecordedByAServiceCentreInGoodStanding() public {
        Authorization memory consent = _recordConsent(ALICE_SECRET, _piece, 10, dealer);
        vm.prank(dealerKey);
        revertsWith(_mayNot(dealer, dealerKey, SERVE));
        lifeEvents.record(_piece, 10, dealer, STATEMENT, _direct(dealerKey), consent);
        vm.prank(repairKey);
        organisations.setKey(repairer, bob, EVERYTHING - SERVE, FOREVER, _direct(repairKey));
        consent = _recordConsent(ALICE_SECRET, _piece, 10, repairer);
        vm.prank(bob);
        revertsWith(_mayNot(repairer, bob, SERVE));
        lifeEvents.record(_piece, 10, repairer, STATEMENT, _direct(bob), consent);
        _suspend(repairer);
        vm.prank(repairKey);
        revertsWith(_mayNot(repairer, repairKey, SERVE));
        lifeEvents.record(_piece, 10, repairer, STATEMENT, _direct(repairKey), consent);
    }

    function test_withoutTheOwnersWordNothingIsRecorded() public {
        Authorization memory consent = _recordConsent(BOB_SECRET, _piece, 10, repairer);
        vm.prank(repairKey);
        revertsWith(_notOwners(_piece, bob));
        lifeEvents.record(_piece, 10, repairer, STATEMENT, _direct(repairKey), consent);
    }

    function test_theOwnerRecordsHerselfWhatTheServiceSigned() public {
        Authorization memory service = _recordConsent(REPAIR_SECRET, _piece, 12, repairer);
        vm.prank(alice);
        lifeEvents.record(_piece, 12, repairer, STATEMENT, service, _direct(alice));
        _expectStanding(_piece, 0, CARD_DEAD, 1, "recorded");
    }

    /// Consents bind the number of events: what was agreed to before something else was said is agreed to anew.
    function test_aConsentDiesWithTheNextEvent() public {
        Authorization memory consent = _recordConsent(ALICE_SECRET, _piece, 10, repairer);
        _says(43, STATEMENT);
        vm.prank(repairKey);
        revertsWith(_lifeInvalid(alice));
        lifeEvents.record(_piece, 10, repairer, STATEMENT, _direct(repairKey), consent);
    }

    function test_aServiceCentreThatOwnsThePieceConsentsItself() public {
        _move(alice, repairer, _piece, alice);
        vm.prank(repairKey);
        lifeEvents.record(_piece, 11, repairer, 0, _direct(repairKey), _direct(repairKey));
        _expectStanding(_piece, 0, CARD_DEAD, 1, "recorded");
    }

    function test_aReportedOrLockedPieceIsStillWorkedOn() public {
        _reports(_piece, 31, alice);
        _rules(_piece, 35);
        _records(_piece, 11, ALICE_SECRET);
        _expectStanding(_piece, LOST | BLOCKED | LOCKED, CARD_DEAD, 3, "as before");
    }

    /// The registry's own events and these are numbered in one row.
    function test_eventsOfAllKindsAreNumberedInOneRow() public {
        _move(alice, workshop, _piece, alice);
        vm.recordLogs();
        _setFreshCard(_piece, makerKey);
        _reports(_piece, 30, makerKey);
        vm.prank(makerKey);
        pieces.withdrawHandovers(_piece, _direct(makerKey));
        _withdrawsReport(_piece, makerKey);
        _says(43, STATEMENT);
        _rules(_piece, 35);
        _rules(_piece, 36);
        _records(_piece, 16, MAKER_SECRET);
        _allows(_piece, true, makerKey);
        _beginsRecovery(_piece, bob);
        vm.warp(START + 30 days);
        lifeEvents.completeRecovery(_piece);
        uint256 next = 1;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32 kind = logs[i].topics[0];
            bool numbered = logs[i].emitter == address(lifeEvents);
            numbered = numbered || kind == IPieces.CardSet.selector || kind == IPieces.HandoversWithdrawn.selector;
            if (!numbered) continue;
            assertEq(uint256(_firstWord(logs[i].data)), next, "number");
            ++next;
        }
        assertEq(next, 12, "numbered events");
        assertEq(pieces.standingOf(_piece).events, 11, "counted");
    }

    function _firstWord(bytes memory data) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(data, 0x20))
        }
    }
}
