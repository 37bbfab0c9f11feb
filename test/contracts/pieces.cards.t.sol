// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Trading} from "./support/Trading.sol";
import {Vm} from "./support/Test.sol";

/// Claim cards set later than the piece was made: by the organisation that owns it and nobody else.
contract PiecesCardsTest is Trading {
    uint224 private _batch;
    uint256 private _piece;

    function setUp() public override {
        super.setUp();
        _batch = _make();
        _piece = _token(_batch, 2);
        _setKey(tillKey, RELEASE, FOREVER);
    }

    function test_aFreshCardReplacesTheOneThePieceWasMadeWith() public {
        _setFreshCard(_piece, makerKey);
        _expectDeadBornCard();
        _claimFresh(_piece, TILL_SECRET, alice);
        assertEq(pieces.ownerOf(_piece), alice, "owner");
        _expectFreshDead(TILL_SECRET, bob);
        _expectDeadBornCard();
    }

    function test_aFreshCardIsToldAndCountedAndLeavesTheOwner() public {
        _setFreshCard(_piece, makerKey);
        vm.recordLogs();
        _setFreshCard(_piece, makerKey);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        bytes32[] memory topics = new bytes32[](2);
        (topics[0], topics[1]) = (IPieces.CardSet.selector, bytes32(_piece));
        _expectLog(logs[0], topics, abi.encode(uint24(2), freshCard, makerKey), "CardSet");
        (address owner, uint24 moves, uint24 events) = pieces.pieceOf(_piece);
        assertEq(owner, workshop, "owner");
        assertEq(moves, 0, "moves");
        assertEq(events, 2, "events");
        assertEq(pieces.balanceOf(workshop), MADE, "balance");
        (, , uint24 departed, ) = pieces.batchOf(_batch);
        assertEq(departed, 1, "departed");
    }

    function test_withoutAFreshCardThereIsNoneToClaimWith() public {
        _expectFreshDead(TILL_SECRET, alice);
        _claim(_piece, TILL_SECRET, alice);
        _expectFreshDead(TILL_SECRET, alice);
    }

    function test_onlyTheLastFreshCardWorks() public {
        _setFreshCard(_piece, makerKey);
        bytes memory card = _cardSays(FRESH_SECRET, _piece, alice);
        vm.prank(makerKey);
        pieces.setCard(_piece, _cardOf(4), _direct(makerKey));
        Authorization memory release = _release(TILL_SECRET, _piece);
        revertsWith(_invalid(_cardOf(4)));
        pieces.claimByFreshCard(_piece, alice, false, FOREVER, card, release);
        card = _cardSays(FIRST_CARD_SECRET + 4, _piece, alice);
        pieces.claimByFreshCard(_piece, alice, false, FOREVER, card, release);
    }

    function test_aReleaseGivenForAnOlderCardIsWorthless() public {
        Authorization memory release = _release(TILL_SECRET, _piece);
        _setFreshCard(_piece, makerKey);
        bytes memory card = _cardSays(FRESH_SECRET, _piece, alice);
        revertsWith(_invalid(tillKey));
        pieces.claimByFreshCard(_piece, alice, false, FOREVER, card, release);
    }

    function test_aFreshCardNeedsAReleaseToo() public {
        _setFreshCard(_piece, makerKey);
        bytes memory card = _cardSays(FRESH_SECRET, _piece, alice);
        Authorization memory release = _release(BOB_SECRET, _piece);
        revertsWith(abi.encodeWithSelector(IPieces.NotReleased.selector, _piece, workshop, bob));
        pieces.claimByFreshCard(_piece, alice, false, FOREVER, card, release);
    }

    function test_goodsThatCameBackAreSoldAgainWithAFreshCard() public {
        _claim(_piece, TILL_SECRET, alice);
        _move(alice, boutique, _piece, alice);
        _setFreshCard(_piece, boutiqueKey);
        _expectDeadBornCard();
        _claimFresh(_piece, BOUTIQUE_SECRET, bob);
        assertEq(pieces.ownerOf(_piece), bob, "owner");
        _move(bob, boutique, _piece, bob);
        _expectFreshDead(BOUTIQUE_SECRET, alice);
        _setFreshCard(_piece, boutiqueKey);
        _claimFresh(_piece, BOUTIQUE_SECRET, alice);
    }

    function test_aFreshCardLivesOnAmongOrganisationsAndDiesWithAPerson() public {
        _setFreshCard(_piece, makerKey);
        _move(workshop, dealer, _piece, makerKey);
        uint256 among = vm.snapshotState();
        _claimFresh(_piece, DEALER_SECRET, alice);
        vm.revertToState(among);
        _move(dealer, bob, _piece, dealerKey);
        _move(bob, dealer, _piece, bob);
        _expectFreshDead(DEALER_SECRET, alice);
    }

    function test_onlyTheOrganisationThatOwnsThePieceSetsACard() public {
        _expectNotOwners(stranger);
        _expectNotOwners(dealerKey);
        _expectNotOwners(administrator);
        _expectNotOwners(tillKey);
        _move(workshop, dealer, _piece, makerKey);
        _expectNotOwners(makerKey);
        _setFreshCard(_piece, dealerKey);
    }

    function test_anApprovedSpenderSetsNoCard() public {
        vm.prank(makerKey);
        pieces.approve(bob, _piece);
        _expectNotOwners(bob);
    }

    function test_aPersonSetsNoCard() public {
        _move(workshop, alice, _piece, makerKey);
        vm.prank(alice);
        revertsWith(abi.encodeWithSelector(IPieces.NotAnOrganisation.selector, alice));
        pieces.setCard(_piece, freshCard, _direct(alice));
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IPieces.NotAnOrganisation.selector, alice));
        pieces.setCard(_piece, freshCard, _direct(makerKey));
    }

    function test_whatIsNoCardOrNoPieceIsRefused() public {
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IPieces.CardDead.selector, _piece));
        pieces.setCard(_piece, address(0), _direct(makerKey));
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, _token(_batch, MADE)));
        pieces.setCard(_token(_batch, MADE), freshCard, _direct(makerKey));
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 7));
        pieces.claimByFreshCard(7, alice, false, FOREVER, "", _direct(makerKey));
    }

    function test_aCardIsSetInPersonOrBySignature() public {
        vm.prank(stranger);
        revertsWith(_invalid(makerKey));
        pieces.setCard(_piece, freshCard, _direct(makerKey));
        Authorization memory order = _signed(MAKER_SECRET, FOREVER, _setCardDigest(_piece, freshCard, 0, 0, FOREVER));
        vm.prank(stranger);
        pieces.setCard(_piece, freshCard, order);
        revertsWith(_invalid(makerKey));
        pieces.setCard(_piece, freshCard, order);
        _claimFresh(_piece, MAKER_SECRET, alice);
    }

    function test_anOrderForACardIsForOneCountOfMovesAndEvents() public {
        Authorization memory order = _signed(MAKER_SECRET, FOREVER, _setCardDigest(_piece, freshCard, 0, 0, FOREVER));
        uint256 before = vm.snapshotState();
        _move(workshop, workshop, _piece, makerKey);
        revertsWith(_invalid(makerKey));
        pieces.setCard(_piece, freshCard, order);
        vm.revertToState(before);
        _pass(_batch, 0, dealer, 0, _none(), makerKey);
        _pass(_batch, 0, workshop, 1, _none(), dealerKey);
        revertsWith(_invalid(makerKey));
        pieces.setCard(_piece, freshCard, order);
        vm.revertToState(before);
        vm.prank(makerKey);
        pieces.withdrawHandovers(_piece, _direct(makerKey));
        revertsWith(_invalid(makerKey));
        pieces.setCard(_piece, freshCard, order);
    }

    function test_aPieceWithAFreshCardStaysBehindWhenItsRangePassesOn() public {
        _setFreshCard(_piece, makerKey);
        _pass(_batch, 0, dealer, 0, _list(2), makerKey);
        assertEq(pieces.ownerOf(_piece), workshop, "owner");
        _claimFresh(_piece, MAKER_SECRET, alice);
    }

    function _expectDeadBornCard() private {
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, bob);
        Authorization memory release = _release(TILL_SECRET, _piece);
        revertsWith(abi.encodeWithSelector(IPieces.CardDead.selector, _piece));
        pieces.claim(_leaf(2), bob, false, FOREVER, card, release);
    }

    function _expectFreshDead(uint256 releaser, address to) private {
        bytes memory card = _cardSays(FRESH_SECRET, _piece, to);
        Authorization memory release = _release(releaser, _piece);
        revertsWith(abi.encodeWithSelector(IPieces.CardDead.selector, _piece));
        pieces.claimByFreshCard(_piece, to, false, FOREVER, card, release);
    }

    function _expectNotOwners(address caller) private {
        vm.prank(caller);
        revertsWith(abi.encodeWithSelector(IPieces.NotOwnersKey.selector, _piece, caller));
        pieces.setCard(_piece, freshCard, _direct(caller));
    }
}
