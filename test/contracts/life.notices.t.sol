// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ILifeEvents} from "../../contracts/interfaces/ILifeEvents.sol";
import {BatchHeader, IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Living} from "./support/Living.sol";
import {Vm} from "./support/Test.sol";

contract LifeNoticesTest is Living {
    uint224 private _batch;
    uint256 private _piece;

    function setUp() public override {
        super.setUp();
        _piece = _madeFor(alice);
        _batch = uint224(_piece >> 32);
    }

    function test_aRecallIsToldAndLiftedAndMovesOnWithThePiece() public {
        vm.recordLogs();
        _says(40, 0);
        _expectNotice(vm.getRecordedLogs(), 1, 40, 0);
        _move(alice, bob, _piece, alice);
        _expectStanding(_piece, RECALLED, CARD_DEAD, 1, "sold on");
        vm.prank(makerKey);
        revertsWith(_notApplicable(40, RECALLED));
        lifeEvents.notice(_made(), 2, 40, workshop, 0, REASON, _direct(makerKey));
        vm.recordLogs();
        _says(41, 0);
        _expectNotice(vm.getRecordedLogs(), 2, 41, 0);
        _expectStanding(_piece, 0, CARD_DEAD, 2, "lifted");
        vm.prank(makerKey);
        revertsWith(_notApplicable(41, 0));
        lifeEvents.notice(_made(), 2, 41, workshop, 0, REASON, _direct(makerKey));
    }

    function test_aRegistrationIsWithdrawnForGood() public {
        vm.recordLogs();
        _says(42, 0);
        _expectNotice(vm.getRecordedLogs(), 1, 42, 0);
        _says(40, 0);
        _says(41, 0);
        _says(43, STATEMENT);
        _move(alice, bob, _piece, alice);
        _expectStanding(_piece, WITHDRAWN, CARD_DEAD, 4, "withdrawn");
        vm.prank(makerKey);
        revertsWith(_notApplicable(42, WITHDRAWN));
        lifeEvents.notice(_made(), 2, 42, workshop, 0, REASON, _direct(makerKey));
    }

    function test_aCorrectionIsAStatementAndChangesNothingElse() public {
        vm.recordLogs();
        _says(43, STATEMENT);
        _expectNotice(vm.getRecordedLogs(), 1, 43, STATEMENT);
        _says(43, STATEMENT);
        _expectStanding(_piece, 0, CARD_DEAD, 2, "corrected twice");
    }

    function test_aStatementComesWithACorrectionOnly() public {
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.InvalidContent.selector, 43));
        lifeEvents.notice(_made(), 2, 43, workshop, 0, REASON, _direct(makerKey));
        for (uint8 kind = 40; kind <= 42; ++kind) {
            if (kind == 41) _says(40, 0);
            vm.prank(makerKey);
            revertsWith(abi.encodeWithSelector(ILifeEvents.InvalidContent.selector, kind));
            lifeEvents.notice(_made(), 2, kind, workshop, STATEMENT, REASON, _direct(makerKey));
        }
    }

    function test_aNoticeHasAReason() public {
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NoReason.selector, 0));
        lifeEvents.notice(_made(), 2, 40, workshop, 0, "", _direct(makerKey));
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NoReason.selector, 1001));
        lifeEvents.noticeBatch(_made(), 40, workshop, string(new bytes(1001)), _direct(makerKey));
    }

    function testFuzz_noOtherKindIsANotice(uint8 kind) public {
        if (kind != 40 && kind != 42 && kind != 43) {
            vm.prank(makerKey);
            revertsWith(_notApplicable(kind, 0));
            lifeEvents.notice(_made(), 2, kind, workshop, 0, REASON, _direct(makerKey));
        }
        if (kind != 40 && kind != 42) {
            vm.prank(makerKey);
            revertsWith(_notApplicable(kind, 0));
            lifeEvents.noticeBatch(_made(), kind, workshop, REASON, _direct(makerKey));
        }
    }

    function test_aNoticeIsOfAPieceOfARegisteredBatch() public {
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NoSuchPiece.selector, _batch, MADE));
        lifeEvents.notice(_made(), MADE, 40, workshop, 0, REASON, _direct(makerKey));
        BatchHeader memory other = _rootOnly(ROOT, 3);
        uint224 unregistered = pieces.batchIdOf(other);
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, _token(unregistered, 0)));
        lifeEvents.notice(other, 0, 40, workshop, 0, REASON, _direct(makerKey));
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IPieces.UnknownBatch.selector, unregistered));
        lifeEvents.noticeBatch(other, 40, workshop, REASON, _direct(makerKey));
    }

    function test_nobodyButWhoRegisteredItOrItsSuccessorSpeaksOfAPiece() public {
        vm.prank(dealerKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NotRegistrant.selector, workshop, dealer));
        lifeEvents.notice(_made(), 2, 40, dealer, 0, REASON, _direct(dealerKey));
        vm.prank(dealerKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NotRegistrant.selector, workshop, dealer));
        lifeEvents.noticeBatch(_made(), 40, dealer, REASON, _direct(dealerKey));
        vm.prank(dealerKey);
        revertsWith(_mayNot(workshop, dealerKey, STATE));
        lifeEvents.notice(_made(), 2, 40, workshop, 0, REASON, _direct(dealerKey));
        _setKey(shopKey, EVERYTHING - STATE, FOREVER);
        vm.prank(shopKey);
        revertsWith(_mayNot(workshop, shopKey, STATE));
        lifeEvents.noticeBatch(_made(), 40, workshop, REASON, _direct(shopKey));
    }

    function test_anIndexAndHeaderAreAsRegistered() public {
        BatchHeader memory bent = _made();
        bent.organisation = dealer;
        uint256 elsewhere = _token(pieces.batchIdOf(bent), 2);
        vm.prank(dealerKey);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, elsewhere));
        lifeEvents.notice(bent, 2, 40, dealer, 0, REASON, _direct(dealerKey));
    }

    function test_aWholeBatchIsRecalledInOneWriteWhoeverOwnsItsPieces() public {
        _pass(_batch, 1, dealer, 0, _list(2), makerKey);
        vm.recordLogs();
        _saysOfAll(40);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        bytes32[] memory topics = new bytes32[](1);
        topics[0] = IPieces.BatchMetadataUpdate.selector;
        _expectLog(logs[0], topics, abi.encode(_token(_batch, 0), _token(_batch, MADE - 1)), "to be read again");
        _expectOfBatch(logs[1], _batch, 1, 40, workshop, makerKey);
        _expectBatch(1 | 4, 1);
        _expectStanding(_piece, 0, CARD_DEAD, 0, "said of the batch, not of the piece");
        vm.prank(makerKey);
        revertsWith(_notApplicable(40, 1 | 4));
        lifeEvents.noticeBatch(_made(), 40, workshop, REASON, _direct(makerKey));
        _saysOfAll(42);
        _saysOfAll(41);
        _expectBatch(1 | 8, 3);
        vm.prank(makerKey);
        revertsWith(_notApplicable(41, 1 | 8));
        lifeEvents.noticeBatch(_made(), 41, workshop, REASON, _direct(makerKey));
        vm.prank(makerKey);
        revertsWith(_notApplicable(42, 1 | 8));
        lifeEvents.noticeBatch(_made(), 42, workshop, REASON, _direct(makerKey));
    }

    function test_whatWasSaidOfABatchStaysWhenItPassesOn() public {
        _saysOfAll(42);
        _saysOfAll(40);
        _pass(_batch, 0, dealer, 0, _list(2), makerKey);
        _pass(_batch, 1, boutique, 1, _list(2), dealerKey);
        _expectBatch(1 | 4 | 8, 2);
    }

    function test_aWithdrawnOrRecalledPieceIsItsOwnersStill() public {
        _says(40, 0);
        _says(42, 0);
        _saysOfAll(40);
        _saysOfAll(42);
        _move(alice, bob, _piece, alice);
        _move(workshop, bob, _token(_batch, 0), makerKey);
        assertEq(pieces.balanceOf(bob), 2, "moved");
    }

    function _expectNotice(Vm.Log[] memory logs, uint24 number, uint8 kind, bytes32 contentHash) private view {
        assertEq(logs.length, 2, "logs");
        _expectOfPiece(logs[0], IPieces.MetadataUpdate.selector, _piece);
        _expectLife(logs[1], _piece, number, kind, workshop, makerKey, contentHash, REASON);
    }

    function _expectBatch(uint8 flags, uint16 events) private view {
        (uint8 flagsNow, uint16 eventsNow) = pieces.batchStandingOf(_batch);
        assertEq(flagsNow, flags, "flags of the batch");
        assertEq(eventsNow, events, "events of the batch");
    }
}
