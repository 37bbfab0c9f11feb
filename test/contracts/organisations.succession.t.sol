// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILifeEvents} from "../../contracts/interfaces/ILifeEvents.sol";
import {Authorization, IOrganisations} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Living} from "./support/Living.sol";
import {Vm} from "./support/Test.sol";

/// What becomes of an organisation, and of what it registered and owns.
contract OrganisationsSuccessionTest is Living {
    uint224 private _batch;
    uint256 private _sold;
    uint256 private _kept;

    function setUp() public override {
        super.setUp();
        _sold = _madeFor(alice);
        _batch = uint224(_sold >> 32);
        _kept = _token(_batch, 0);
    }

    function test_aSuccessionIsToldAndForGood() public {
        assertEq(organisations.successorOf(workshop), address(0), "none");
        vm.recordLogs();
        _succeed(workshop, heir);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        bytes32[] memory topics = new bytes32[](3);
        topics[0] = IOrganisations.OrganisationSucceeded.selector;
        (topics[1], topics[2]) = (_word(workshop), _word(heir));
        bytes32 actual = keccak256(abi.encode(logs[0].topics, logs[0].data));
        assertEq(actual, keccak256(abi.encode(topics, bytes(""))), "OrganisationSucceeded");
        assertEq(logs[0].emitter, address(organisations), "told by");
        assertEq(organisations.successorOf(workshop), heir, "successor");
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.AlreadySucceeded.selector, workshop, heir));
        organisations.succeed(workshop, dealer);
    }

    function testFuzz_nobodyButTheRegistrarNamesASuccessor(address caller) public {
        vm.assume(caller != administrator && caller != address(registrar));
        vm.prank(caller);
        revertsWith(_notRegistrar(caller));
        organisations.succeed(workshop, heir);
    }

    function test_bothAreOrganisations() public {
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.UnknownOrganisation.selector, alice));
        organisations.succeed(alice, heir);
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.UnknownOrganisation.selector, alice));
        organisations.succeed(workshop, alice);
    }

    function test_nobodySucceedsItselfHoweverLongTheLine() public {
        address[12] memory line;
        for (uint256 i = 0; i < 12; ++i) {
            line[i] = _admit(string.concat("line-", string(abi.encodePacked(uint8(97 + i)))), heirKey);
            _expectCircle(line[i], line[i]);
            if (i != 0) _succeed(line[i - 1], line[i]);
            if (i != 0) _expectCircle(line[i], line[0]);
        }
        _expectCircle(line[11], line[5]);
    }

    function test_eightSuccessorsInLineSpeakForTheFirst() public {
        address[10] memory line;
        for (uint256 i = 0; i < 10; ++i) {
            line[i] = _admit(string.concat("line-", string(abi.encodePacked(uint8(97 + i)))), heirKey);
            if (i != 0) _succeed(line[i - 1], line[i]);
        }
        for (uint256 i = 0; i < 10; ++i) {
            assertTrue(organisations.speaksFor(line[0], line[i]) == (i <= 8), "for the first");
            assertTrue(organisations.speaksFor(line[i], line[0]) == (i == 0), "never backwards");
        }
        assertTrue(organisations.speaksFor(line[1], line[9]), "eight further");
    }

    function test_nobodySpeaksForNobody() public view {
        assertFalse(organisations.speaksFor(address(0), address(0)), "zero");
        assertFalse(organisations.speaksFor(workshop, address(0)), "zero for the workshop");
        assertFalse(organisations.speaksFor(workshop, heir), "a stranger");
        assertTrue(organisations.speaksFor(workshop, workshop), "itself");
    }

    function test_aSuccessorSpeaksForOldBatchesAndOwnsNothingMore() public {
        assertFalse(_tellsOf(heir, heirKey), "before");
        _succeed(workshop, heir);
        assertTrue(_tellsOf(heir, heirKey), "of a piece");
        assertTrue(_tellsOf(workshop, makerKey), "the workshop still speaks, too");
        vm.recordLogs();
        vm.prank(heirKey);
        lifeEvents.noticeBatch(_made(), 40, heir, REASON, _direct(heirKey));
        _expectOfBatch(vm.getRecordedLogs()[1], _batch, 1, 40, heir, heirKey);

        assertEq(pieces.balanceOf(heir), 0, "owns nothing");
        assertEq(pieces.ownerOf(_kept), workshop, "the workshop's");
        assertFalse(pieces.isApprovedForAll(workshop, heirKey), "moves nothing");
        vm.prank(heirKey);
        revertsWith(abi.encodeWithSelector(ILifeEvents.NotOwnersKey.selector, _kept, heirKey));
        lifeEvents.endBatch(_batch, 50, REASON, _direct(heirKey));
        vm.prank(heirKey);
        revertsWith(_notPermitted(workshop, heirKey, REGISTER));
        pieces.register(_rootOnly(ROOT, 1), _direct(heirKey));
        vm.prank(heirKey);
        revertsWith(_notPermitted(workshop, heirKey, ADMINISTER));
        organisations.setKey(workshop, heirKey, TRANSFER, FOREVER, _direct(heirKey));
    }

    function test_aSuccessorsKeyNeedsThePermissionAndItsGoodStanding() public {
        _succeed(workshop, heir);
        vm.prank(heirKey);
        organisations.setKey(heir, bob, EVERYTHING - STATE, FOREVER, _direct(heirKey));
        assertFalse(_tellsOf(heir, bob), "without the permission");
        _suspend(heir);
        assertFalse(_tellsOf(heir, heirKey), "suspended");
        vm.prank(administrator);
        organisations.reinstate(heir);
        assertTrue(_tellsOf(heir, heirKey), "reinstated");
    }

    function test_aBankruptMakersHeirSpeaksAndItDoesNot() public {
        _succeed(workshop, heir);
        _suspend(workshop);
        assertFalse(_tellsOf(workshop, makerKey), "the workshop");
        assertTrue(_tellsOf(heir, heirKey), "its heir");
    }

    function test_suspensionTakesTheWordAboutOldPiecesAndNothingThatIsOwned() public {
        _suspend(workshop);
        assertFalse(_tellsOf(workshop, makerKey), "statements");
        _expectSoldPieceLives();
        _move(workshop, bob, _kept, makerKey);
        _claim(_token(_batch, 1), MAKER_SECRET, bob);
        uint256 last = _token(_batch, 3);
        _setFreshCard(last, makerKey);
        _reports(last, 30, makerKey);
        _withdrawsReport(last, makerKey);
        _allows(last, true, makerKey);
        _ends(last, 50, makerKey);
        _endsAll(_batch, 50, makerKey);
    }

    function test_reinstatementGivesTheWordBack() public {
        _suspend(workshop);
        vm.prank(administrator);
        organisations.reinstate(workshop);
        assertTrue(_tellsOf(workshop, makerKey), "statements");
        _expectSoldPieceLives();
    }

    function test_aRotatedKeyTakesOverEverythingAndTheOldOneNothing() public {
        Authorization memory oldRelease = _release(MAKER_SECRET, _kept);
        bytes memory card = _cardSays(FIRST_CARD_SECRET, _kept, bob);
        _setKey(shopKey, EVERYTHING, FOREVER);
        vm.prank(shopKey);
        organisations.setKey(workshop, makerKey, 0, 0, _direct(shopKey));
        assertFalse(_tellsOf(workshop, makerKey), "the old key says nothing");
        assertTrue(_tellsOf(workshop, shopKey), "the new one does");
        revertsWith(abi.encodeWithSelector(IPieces.NotReleased.selector, _kept, workshop, makerKey));
        pieces.claim(_leaf(0), bob, false, FOREVER, card, oldRelease);
        assertFalse(pieces.isApprovedForAll(workshop, makerKey), "the old key moves nothing");
        _move(workshop, bob, _kept, shopKey);
        _expectSoldPieceLives();
    }

    function test_aPrefixMovesAndPiecesDoNot() public {
        vm.prank(administrator);
        organisations.grantPrefix(workshop, 10614141);
        vm.prank(administrator);
        organisations.withdrawPrefix(workshop, 10614141);
        vm.prank(administrator);
        organisations.grantPrefix(heir, 10614141);
        assertEq(organisations.prefixHolder(10614141), heir, "prefix");
        assertFalse(_tellsOf(heir, heirKey), "a prefix is no succession");
        assertTrue(_tellsOf(workshop, makerKey), "the workshop's batch");
        assertEq(pieces.ownerOf(_kept), workshop, "the workshop's piece");
        _expectSoldPieceLives();
    }

    /// Whether this key, for this organisation, may correct the sold piece's record; leaves nothing behind.
    function _tellsOf(address organisation, address key) private returns (bool told) {
        uint256 before = vm.snapshotState();
        bytes memory call = abi.encodeCall(
            ILifeEvents.notice,
            (_made(), 2, 43, organisation, STATEMENT, REASON, _direct(key))
        );
        vm.prank(key);
        (told, ) = address(lifeEvents).call(call);
        vm.revertToState(before);
    }

    /// Its owner reports, is served, and sells it as ever.
    function _expectSoldPieceLives() private {
        uint256 before = vm.snapshotState();
        _reports(_sold, 30, alice);
        _withdrawsReport(_sold, alice);
        _records(_sold, 10, ALICE_SECRET);
        _move(alice, bob, _sold, alice);
        assertEq(pieces.ownerOf(_sold), bob, "sold on");
        vm.revertToState(before);
    }

    function _expectCircle(address organisation, address successor) private {
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.CircularSuccession.selector, organisation, successor));
        organisations.succeed(organisation, successor);
    }
}
