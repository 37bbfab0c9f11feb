// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {AcceptingReceiver, ReenteringReceiver, RevertingReceiver} from "./support/Receivers.sol";
import {SmartWallet} from "./support/Wallets.sol";
import {Trading} from "./support/Trading.sol";
import {Vm} from "./support/Test.sol";

/// From owner to next owner by a one-time key: the owner signs whose key, the key signs where to.
contract PiecesHandoversTest is Trading {
    uint224 private _batch;
    uint256 private _piece;

    function setUp() public override {
        super.setUp();
        _batch = _make();
        _piece = _token(_batch, 2);
        _move(workshop, alice, _piece, makerKey);
    }

    function testFuzz_anybodyRelaysAHandover(address relayer, uint32 later) public {
        uint48 deadline = START + later;
        bytes32 offer = _handoverDigest(_piece, alice, onceKey, 1, 0, deadline);
        Authorization memory order = _signed(ALICE_SECRET, deadline, offer);
        bytes memory accept = _signature(ONCE_SECRET, _acceptDigest(_piece, bob, 1, deadline));
        vm.warp(deadline);
        vm.prank(relayer);
        pieces.acceptHandover(_piece, bob, onceKey, deadline, accept, order);
        _expectPiece(_piece, bob, 2, 0);
        assertEq(pieces.balanceOf(bob), 1, "balance of bob");
        assertEq(pieces.balanceOf(alice), 0, "balance of alice");
    }

    function test_aHandoverIsAMoveLikeAnyOther() public {
        (Authorization memory order, bytes memory accept) = _offerTo(bob);
        vm.recordLogs();
        pieces.acceptHandover(_piece, bob, onceKey, FOREVER, accept, order);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        bytes32[] memory topics = _topics(IERC721.Transfer.selector, _word(alice), _word(bob), bytes32(_piece));
        _expectLog(logs[0], topics, "", "Transfer");
    }

    function test_aHandoverIsUsedOnceEvenWhenThePieceComesBack() public {
        (Authorization memory order, bytes memory accept) = _offerTo(bob);
        pieces.acceptHandover(_piece, bob, onceKey, FOREVER, accept, order);
        _expectRefused(bob, onceKey, accept, order, _notOwners(alice));
        _move(bob, alice, _piece, bob);
        _expectRefused(bob, onceKey, accept, order, _invalid(alice));
        _expectRefused(bob, onceKey, _accepts(ONCE_SECRET, _piece, bob), order, _invalid(alice));
    }

    function test_aHandoverWithdrawnIsWorthless() public {
        (Authorization memory order, bytes memory accept) = _offerTo(bob);
        vm.prank(alice);
        pieces.withdrawHandovers(_piece, _direct(alice));
        _expectRefused(bob, onceKey, accept, order, _invalid(alice));
        Authorization memory again = _handover(ALICE_SECRET, _piece, onceKey);
        pieces.acceptHandover(_piece, bob, onceKey, FOREVER, accept, again);
    }

    function test_aHandoverEndsAtEitherDeadline() public {
        (Authorization memory order, bytes memory accept) = _offerTo(bob);
        bytes32 offer = _handoverDigest(_piece, alice, onceKey, 1, 0, START - 1);
        Authorization memory late = _signed(ALICE_SECRET, START - 1, offer);
        bytes memory expired = abi.encodeWithSelector(IPieces.SignatureExpired.selector, START - 1);
        _expectRefused(bob, onceKey, accept, late, expired);
        accept = _signature(ONCE_SECRET, _acceptDigest(_piece, bob, 1, START - 1));
        revertsWith(expired);
        pieces.acceptHandover(_piece, bob, onceKey, START - 1, accept, order);
        revertsWith(_invalid(onceKey));
        pieces.acceptHandover(_piece, bob, onceKey, START, accept, order);
    }

    function test_anotherKeyTakesNothing() public {
        (Authorization memory order, bytes memory accept) = _offerTo(bob);
        _expectRefused(bob, onceKey, _accepts(BOB_SECRET, _piece, bob), order, _invalid(onceKey));
        _expectRefused(bob, bob, _accepts(BOB_SECRET, _piece, bob), order, _invalid(alice));
        _expectRefused(bob, address(0), accept, order, _invalid(alice));
        order = _handover(ALICE_SECRET, _piece, address(0));
        _expectRefused(bob, address(0), accept, order, _invalid(address(0)));
        _expectRefused(bob, address(0), new bytes(65), order, _invalid(address(0)));
    }

    function test_whoRelaysAHandoverCannotTakeItForHimself() public {
        (Authorization memory order, bytes memory accept) = _offerTo(bob);
        _expectRefused(stranger, onceKey, accept, order, _invalid(onceKey));
        pieces.acceptHandover(_piece, bob, onceKey, FOREVER, accept, order);
    }

    function test_anyMoveEndsTheHandoversBeforeIt() public {
        (Authorization memory order, bytes memory accept) = _offerTo(bob);
        _move(alice, alice, _piece, alice);
        _expectRefused(bob, onceKey, accept, order, _invalid(alice));
        _expectRefused(bob, onceKey, _accepts(ONCE_SECRET, _piece, bob), order, _invalid(alice));
    }

    function test_aPassOfItsRangeEndsTheHandoversOfAPiece() public {
        uint256 token = _token(_batch, 4);
        Authorization memory order = _handover(MAKER_SECRET, token, onceKey);
        bytes memory accept = _accepts(ONCE_SECRET, token, bob);
        _pass(_batch, 0, dealer, 0, _list(2), makerKey);
        revertsWith(abi.encodeWithSelector(IPieces.NotOwnersKey.selector, token, makerKey));
        pieces.acceptHandover(token, bob, onceKey, FOREVER, accept, order);
        _pass(_batch, 0, workshop, 1, _list(2), dealerKey);
        revertsWith(_invalid(makerKey));
        pieces.acceptHandover(token, bob, onceKey, FOREVER, accept, order);
    }

    function test_aFreshCardEndsTheHandoversBeforeIt() public {
        uint256 token = _token(_batch, 3);
        Authorization memory order = _handover(MAKER_SECRET, token, onceKey);
        bytes memory accept = _accepts(ONCE_SECRET, token, bob);
        _setFreshCard(token, makerKey);
        revertsWith(_invalid(makerKey));
        pieces.acceptHandover(token, bob, onceKey, FOREVER, accept, order);
    }

    function test_anOrganisationHandsOverByItsKeyAndThePersonKillsTheCard() public {
        uint256 token = _token(_batch, 3);
        _setKey(shopKey, TRANSFER, FOREVER);
        Authorization memory order = _handover(SHOP_SECRET, token, onceKey);
        pieces.acceptHandover(token, bob, onceKey, FOREVER, _accepts(ONCE_SECRET, token, bob), order);
        _expectPiece(token, bob, 1, 0);
        _move(bob, workshop, token, bob);
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 3, token, alice);
        Authorization memory release = _release(MAKER_SECRET, token);
        revertsWith(abi.encodeWithSelector(IPieces.CardDead.selector, token));
        pieces.claim(_leaf(3), alice, false, FOREVER, card, release);
    }

    function test_onlyTheOwnerOrHerOperatorHandsOver() public {
        bytes memory accept = _accepts(ONCE_SECRET, _piece, bob);
        _expectRefused(bob, onceKey, accept, _handover(BOB_SECRET, _piece, onceKey), _notOwners(bob));
        _expectRefused(bob, onceKey, accept, _handover(MAKER_SECRET, _piece, onceKey), _notOwners(makerKey));
        Authorization memory posing = _handover(BOB_SECRET, _piece, onceKey);
        posing.key = alice;
        _expectRefused(bob, onceKey, accept, posing, _invalid(alice));
        Authorization memory spoken = Authorization(alice, FOREVER, "");
        vm.prank(alice);
        revertsWith(_invalid(alice));
        pieces.acceptHandover(_piece, bob, onceKey, FOREVER, accept, spoken);
        vm.prank(alice);
        pieces.approve(bob, _piece);
        _expectRefused(bob, onceKey, accept, _handover(BOB_SECRET, _piece, onceKey), _notOwners(bob));
        vm.prank(alice);
        pieces.setApprovalForAll(bob, true);
        pieces.acceptHandover(_piece, bob, onceKey, FOREVER, accept, _handover(BOB_SECRET, _piece, onceKey));
    }

    function test_aDismissedOperatorsHandoverIsWorthless() public {
        vm.prank(alice);
        pieces.setApprovalForAll(bob, true);
        Authorization memory order = _handover(BOB_SECRET, _piece, onceKey);
        bytes memory accept = _accepts(ONCE_SECRET, _piece, bob);
        vm.prank(alice);
        pieces.setApprovalForAll(bob, false);
        _expectRefused(bob, onceKey, accept, order, _notOwners(bob));
    }

    function test_aHandoverIsToSomebodyAndOfSomething() public {
        (Authorization memory order, bytes memory accept) = _offerTo(address(0));
        bytes memory nobody = abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0));
        _expectRefused(address(0), onceKey, accept, order, nobody);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 7));
        pieces.acceptHandover(7, bob, onceKey, FOREVER, accept, order);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 7));
        pieces.withdrawHandovers(7, _direct(alice));
    }

    function test_aWalletOwnsHandsOverAndTakes() public {
        SmartWallet wallet = new SmartWallet(bob);
        (Authorization memory order, bytes memory accept) = _offerTo(address(wallet));
        pieces.acceptHandover(_piece, address(wallet), onceKey, FOREVER, accept, order);
        order = _handover(BOB_SECRET, _piece, onceKey);
        order.key = address(wallet);
        pieces.acceptHandover(_piece, alice, onceKey, FOREVER, _accepts(ONCE_SECRET, _piece, alice), order);
        assertEq(pieces.ownerOf(_piece), alice, "owner");
    }

    function test_aReceiverIsToldWhoOffered() public {
        AcceptingReceiver safe = new AcceptingReceiver();
        (Authorization memory order, bytes memory accept) = _offerTo(address(safe));
        pieces.acceptHandover(_piece, address(safe), onceKey, FOREVER, accept, order);
        assertEq(safe.operator(), alice, "operator");
        assertEq(safe.from(), alice, "from");
    }

    function test_aReceiverThatRefusesLeavesTheHandoverUnused() public {
        address shut = address(new RevertingReceiver());
        (Authorization memory order, bytes memory accept) = _offerTo(shut);
        bytes memory closed = abi.encodeWithSelector(RevertingReceiver.ClosedToday.selector, _piece);
        _expectRefused(shut, onceKey, accept, order, closed);
        pieces.acceptHandover(_piece, bob, onceKey, FOREVER, _accepts(ONCE_SECRET, _piece, bob), order);
    }

    function test_aReceiverThatAcceptsAgainFromItsHookGetsNothing() public {
        ReenteringReceiver shop = new ReenteringReceiver();
        (Authorization memory order, bytes memory accept) = _offerTo(address(shop));
        shop.plan(abi.encodeCall(pieces.acceptHandover, (_piece, address(shop), onceKey, FOREVER, accept, order)));
        pieces.acceptHandover(_piece, address(shop), onceKey, FOREVER, accept, order);
        assertTrue(shop.entered() && !shop.succeeded(), "accepted again");
        assertEq(keccak256(shop.answer()), keccak256(_notOwners(alice)), "answer");
    }

    function test_aWithdrawalIsToldAndCountedAndLeavesTheOwner() public {
        uint256 token = _token(_batch, 0);
        vm.recordLogs();
        vm.prank(makerKey);
        pieces.withdrawHandovers(token, _direct(makerKey));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        bytes32[] memory topics = new bytes32[](2);
        (topics[0], topics[1]) = (IPieces.HandoversWithdrawn.selector, bytes32(token));
        _expectLog(logs[0], topics, abi.encode(uint24(1), makerKey), "HandoversWithdrawn");
        _expectPiece(token, workshop, 0, 1);
        assertEq(pieces.balanceOf(workshop), MADE - 1, "balance");
        (, , uint24 departed, ) = pieces.batchOf(_batch);
        assertEq(departed, 2, "departed");
    }

    function test_onlyTheOwnerOrHerOperatorWithdraws() public {
        address[3] memory others = [bob, makerKey, administrator];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.prank(others[i]);
            revertsWith(_notOwners(others[i]));
            pieces.withdrawHandovers(_piece, _direct(others[i]));
        }
        vm.prank(bob);
        revertsWith(_invalid(alice));
        pieces.withdrawHandovers(_piece, _direct(alice));
        vm.prank(alice);
        pieces.setApprovalForAll(bob, true);
        vm.prank(bob);
        pieces.withdrawHandovers(_piece, _direct(bob));
    }

    function test_aSignedWithdrawalIsUsedOnce() public {
        Authorization memory order = _signed(ALICE_SECRET, FOREVER, _withdrawDigest(_piece, 1, 0, FOREVER));
        pieces.withdrawHandovers(_piece, order);
        revertsWith(_invalid(alice));
        pieces.withdrawHandovers(_piece, order);
        _expectPiece(_piece, alice, 1, 1);
    }

    /// By alice to the one-time key, which names this recipient.
    function _offerTo(address to) private view returns (Authorization memory order, bytes memory accept) {
        return (_handover(ALICE_SECRET, _piece, onceKey), _accepts(ONCE_SECRET, _piece, to));
    }

    function _expectRefused(
        address to,
        address key,
        bytes memory accept,
        Authorization memory order,
        bytes memory reason
    ) private {
        revertsWith(reason);
        pieces.acceptHandover(_piece, to, key, FOREVER, accept, order);
    }

    function _expectPiece(uint256 token, address owner, uint24 moves, uint24 events) private view {
        (address owner_, uint24 moves_, uint24 events_) = pieces.pieceOf(token);
        assertEq(owner_, owner, "owner");
        assertEq(moves_, moves, "moves");
        assertEq(events_, events, "events");
    }

    function _notOwners(address key) private view returns (bytes memory) {
        return abi.encodeWithSelector(IPieces.NotOwnersKey.selector, _piece, key);
    }
}
