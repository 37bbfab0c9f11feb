// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Living} from "./support/Living.sol";
import {RevertingReceiver} from "./support/Receivers.sol";
import {Vm} from "./support/Test.sol";

contract PiecesShipmentsTest is Living {
    uint224 private _batch;

    function setUp() public override {
        super.setUp();
        _batch = _make();
    }

    function test_manyPiecesMoveAtOnceEachTold() public {
        _move(workshop, workshop, _token(_batch, 3), makerKey);
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 3);
        vm.recordLogs();
        vm.prank(makerKey);
        pieces.transferMany(workshop, dealer, tokens, moves, _direct(makerKey));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 4, "logs");
        bytes32 kind = keccak256("Transfer(address,address,uint256)");
        for (uint256 i = 0; i < 4; ++i) {
            bytes32[] memory topics = _topics(kind, _word(workshop), _word(dealer), bytes32(tokens[i]));
            _expectLog(logs[i], topics, "", "Transfer");
            assertEq(pieces.ownerOf(tokens[i]), dealer, "owner");
            assertEq(pieces.standingOf(tokens[i]).moves, moves[i] + 1, "moves");
            assertEq(_flagsOf(tokens[i]), 0, "cards live on in the trade");
        }
        assertEq(pieces.balanceOf(dealer), 4, "balance of the dealer");
        assertEq(pieces.balanceOf(workshop), 1, "balance of the workshop");
        (, , uint24 departed, ) = pieces.batchOf(_batch);
        assertEq(departed, 4, "departed");
    }

    function test_aShipmentToAPersonKillsEveryCard() public {
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 1);
        vm.prank(makerKey);
        pieces.transferMany(workshop, alice, tokens, moves, _direct(makerKey));
        assertEq(_flagsOf(tokens[0]), CARD_DEAD, "first");
        assertEq(_flagsOf(tokens[1]), CARD_DEAD, "second");
    }

    function test_piecesOfSeveralBatchesAndBlocksMoveTogether() public {
        uint224 large = _register(600);
        _pass(large, 2, dealer, 0, _none(), makerKey);
        _pass(_batch, 0, dealer, 0, _none(), makerKey);
        uint256[] memory tokens = new uint256[](3);
        uint24[] memory moves = new uint24[](3);
        (tokens[0], tokens[1], tokens[2]) = (_token(large, 256), _token(_batch, 4), _token(large, 511));
        (moves[0], moves[1], moves[2]) = (1, 1, 1);
        vm.prank(dealerKey);
        pieces.transferMany(dealer, boutique, tokens, moves, _direct(dealerKey));
        (, uint24 departed, ) = pieces.blockOf(large, 2);
        assertEq(departed, 2, "departed from the block");
        (, , departed, ) = pieces.batchOf(_batch);
        assertEq(departed, 1, "departed from the batch");
        assertEq(pieces.balanceOf(boutique), 3, "balance");
    }

    function test_aShipmentIsAllOrNothing() public {
        _reports(_token(_batch, 1), 30, makerKey);
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 1);
        vm.prank(makerKey);
        revertsWith(_blocked(tokens[1], STOLEN | BLOCKED));
        pieces.transferMany(workshop, dealer, tokens, moves, _direct(makerKey));
        assertEq(pieces.ownerOf(tokens[0]), workshop, "the first");
    }

    function test_aShipmentHoldsOneToFiveHundredPiecesWithAsManyNumbers() public {
        uint224 large = _register(501);
        for (uint256 count = 499; count <= 501; ++count) {
            uint256[] memory tokens = new uint256[](count);
            for (uint32 i = 0; i < count; ++i) tokens[i] = _token(large, i);
            uint24[] memory moves = new uint24[](500);
            uint256 before = vm.snapshotState();
            vm.prank(makerKey);
            if (count != 500) revertsWith(_invalidShipment(count, 500));
            pieces.transferMany(workshop, dealer, tokens, moves, _direct(makerKey));
            vm.revertToState(before);
        }
        vm.prank(makerKey);
        revertsWith(_invalidShipment(501, 501));
        pieces.transferMany(workshop, dealer, new uint256[](501), new uint24[](501), _direct(makerKey));
        vm.prank(makerKey);
        revertsWith(_invalidShipment(0, 0));
        pieces.transferMany(workshop, dealer, new uint256[](0), new uint24[](0), _direct(makerKey));
    }

    function test_aPieceListedTwiceIsNoMoreItsSendersTheSecondTime() public {
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 1);
        (tokens[1], moves[1]) = (tokens[0], 1);
        vm.prank(makerKey);
        revertsWith(_notOf(workshop, tokens[0], dealer));
        pieces.transferMany(workshop, dealer, tokens, moves, _direct(makerKey));
    }

    function test_whatAnotherOwnsIsNotShipped() public {
        _move(workshop, alice, _token(_batch, 1), makerKey);
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 1);
        vm.prank(makerKey);
        revertsWith(_notOf(workshop, tokens[1], alice));
        pieces.transferMany(workshop, dealer, tokens, moves, _direct(makerKey));
        vm.prank(alice);
        revertsWith(_notOf(alice, tokens[0], workshop));
        pieces.transferMany(alice, bob, tokens, moves, _direct(alice));
        vm.prank(bob);
        revertsWith(abi.encodeWithSelector(IPieces.NotOwnersKey.selector, tokens[0], bob));
        pieces.transferMany(workshop, bob, tokens, moves, _direct(bob));
    }

    function test_whoIsApprovedForOnePieceShipsNothing() public {
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 0);
        vm.prank(makerKey);
        pieces.approve(bob, tokens[0]);
        vm.prank(bob);
        revertsWith(abi.encodeWithSelector(IPieces.NotOwnersKey.selector, tokens[0], bob));
        pieces.transferMany(workshop, bob, tokens, moves, _direct(bob));
    }

    function test_aShipmentNamesHowOftenEachHadMoved() public {
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 1);
        moves[1] = 1;
        vm.prank(makerKey);
        revertsWith(_staleMoves(tokens[1], 0));
        pieces.transferMany(workshop, dealer, tokens, moves, _direct(makerKey));
    }

    function test_nobodyIsNoRecipient() public {
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 1);
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        pieces.transferMany(workshop, address(0), tokens, moves, _direct(makerKey));
    }

    function test_theRecipientIsNotAsked() public {
        address deaf = address(new RevertingReceiver());
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 1);
        vm.prank(makerKey);
        pieces.transferMany(workshop, deaf, tokens, moves, _direct(makerKey));
        assertEq(pieces.balanceOf(deaf), 2, "balance");
    }

    function test_aShipmentToItsOwnerCountsMovesAndKeepsBalances() public {
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 1);
        vm.prank(makerKey);
        pieces.transferMany(workshop, workshop, tokens, moves, _direct(makerKey));
        assertEq(pieces.balanceOf(workshop), MADE, "balance");
        assertEq(pieces.standingOf(tokens[1]).moves, 1, "moves");
    }

    function test_aSignedShipmentIsRelayedByAnybodyOnce() public {
        (uint256[] memory tokens, uint24[] memory moves) = _shipment(0, 2);
        Authorization memory order = _signed(
            MAKER_SECRET,
            FOREVER,
            _shipmentDigest(workshop, alice, tokens, moves, FOREVER)
        );
        vm.prank(stranger);
        pieces.transferMany(workshop, alice, tokens, moves, order);
        assertEq(pieces.balanceOf(alice), 3, "balance");
        for (uint256 i = 0; i < 3; ++i) _move(alice, workshop, tokens[i], alice);
        revertsWith(_staleMoves(tokens[0], 2));
        pieces.transferMany(workshop, alice, tokens, moves, order);
    }

    function _shipment(
        uint32 first,
        uint32 last
    ) private view returns (uint256[] memory tokens, uint24[] memory moves) {
        tokens = new uint256[](last - first + 1);
        moves = new uint24[](tokens.length);
        for (uint32 i = first; i <= last; ++i) {
            tokens[i - first] = _token(_batch, i);
            moves[i - first] = pieces.standingOf(_token(_batch, i)).moves;
        }
    }

    function _invalidShipment(uint256 count, uint256 moves) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IPieces.InvalidShipment.selector, count, moves);
    }

    function _notOf(address from, uint256 token, address owner) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IERC721Errors.ERC721IncorrectOwner.selector, from, token, owner);
    }
}
