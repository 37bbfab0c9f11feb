// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Ledger} from "./support/Ledger.sol";
import {PlainERC721} from "./support/PlainERC721.sol";
import {
    AcceptingReceiver,
    NoReceiver,
    ReenteringReceiver,
    RefusingReceiver,
    RevertingReceiver
} from "./support/Receivers.sol";

/// What contracts that receive pieces are told and can do, and that all of it is what OpenZeppelin's ERC-721 does.
contract PiecesReceivingTest is Ledger {
    function testFuzz_aReceiverIsToldWhoWhenceWhatAndWhy(bytes calldata data) public {
        AcceptingReceiver shop = new AcceptingReceiver();
        uint256 token = _token(_register(3), 2);
        vm.prank(makerKey);
        pieces.safeTransferFrom(workshop, address(shop), token, data);
        assertEq(shop.operator(), makerKey, "operator");
        assertEq(shop.from(), workshop, "from");
        assertEq(shop.tokenId(), token, "token");
        assertEq(keccak256(shop.data()), keccak256(data), "data");
        assertEq(pieces.ownerOf(token), address(shop), "owner");
    }

    function test_aPieceStaysWhenItsReceiverDoesNotTakeIt() public {
        uint256 token = _pieceOf(alice);
        address refusing = address(new RefusingReceiver());
        address deaf = address(new NoReceiver());
        address reverting = address(new RevertingReceiver());
        _expectRefusal(refusing, token, abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, refusing));
        _expectRefusal(deaf, token, abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, deaf));
        _expectRefusal(reverting, token, abi.encodeWithSelector(RevertingReceiver.ClosedToday.selector, token));
        assertEq(pieces.ownerOf(token), alice, "owner");
        vm.prank(alice);
        pieces.transferFrom(alice, deaf, token);
        assertEq(pieces.ownerOf(token), deaf, "owner, unasked");
    }

    function test_aReceiverMayPassOnWhatItJustReceived() public {
        ReenteringReceiver broker = new ReenteringReceiver();
        uint224 batch = _register(3);
        uint256 token = _token(batch, 0);
        broker.plan(abi.encodeCall(IERC721.transferFrom, (address(broker), bob, token)));
        vm.prank(makerKey);
        pieces.safeTransferFrom(workshop, address(broker), token);
        assertTrue(broker.succeeded(), "passed on");
        (address owner, uint24 moves, ) = pieces.pieceOf(token);
        (, , uint24 departed, ) = pieces.batchOf(batch);
        assertEq(owner, bob, "owner");
        assertEq(moves, 2, "moves");
        assertEq(departed, 1, "departed");
        assertEq(pieces.balanceOf(address(broker)), 0, "balance of the broker");
        assertEq(pieces.balanceOf(bob), 1, "balance of bob");
    }

    function test_aReceiverThatCallsBackTakesNothingElse() public {
        ReenteringReceiver thief = new ReenteringReceiver();
        uint224 batch = _register(3);
        thief.plan(abi.encodeCall(IERC721.transferFrom, (workshop, address(thief), _token(batch, 1))));
        vm.prank(makerKey);
        pieces.safeTransferFrom(workshop, address(thief), _token(batch, 0));
        assertTrue(thief.entered() && !thief.succeeded(), "took a second");
        assertEq(pieces.ownerOf(_token(batch, 1)), workshop, "owner");
    }

    /// The same random story told to both contracts: every answer, every refusal to the letter, every state.
    function testFuzz_piecesBehaveLikeOpenZeppelinsTokens(uint256[12] calldata story) public {
        PlainERC721 plain = new PlainERC721();
        uint224 batch = _register(2);
        vm.prank(makerKey);
        pieces.transferFrom(workshop, alice, _token(batch, 0));
        vm.prank(makerKey);
        pieces.approve(alice, _token(batch, 1));
        vm.prank(alice);
        pieces.transferFrom(workshop, alice, _token(batch, 1));
        plain.mint(alice, _token(batch, 0));
        plain.mint(alice, _token(batch, 1));

        for (uint256 i = 0; i < story.length; ++i) {
            address caller = _person(story[i]);
            bytes memory order = _order(story[i] >> 8, batch);
            vm.prank(caller);
            (bool done, bytes memory answer) = address(pieces).call(order);
            vm.prank(caller);
            (bool plainDone, bytes memory plainAnswer) = address(plain).call(order);
            assertTrue(done == plainDone, "one of them refused");
            assertEq(keccak256(answer), keccak256(plainAnswer), "answer");
            for (uint32 t = 0; t < 2; ++t) {
                uint256 token = _token(batch, t);
                assertEq(pieces.ownerOf(token), plain.ownerOf(token), "owner");
                assertEq(pieces.getApproved(token), plain.getApproved(token), "approved");
            }
            for (uint256 p = 0; p < 3; ++p) {
                assertEq(pieces.balanceOf(_person(p)), plain.balanceOf(_person(p)), "balance");
            }
        }
    }

    function _person(uint256 seed) private view returns (address) {
        if (seed % 3 == 0) return alice;
        return seed % 3 == 1 ? bob : stranger;
    }

    function _order(uint256 seed, uint224 batch) private view returns (bytes memory) {
        uint256 token = _token(batch, uint32((seed >> 8) % 7 == 0 ? 2 : (seed >> 8) % 2));
        address one = _person(seed >> 16);
        address other = _person(seed >> 24);
        uint256 kind = seed % 5;
        if (kind == 0) return abi.encodeCall(IERC721.approve, ((seed >> 32) % 4 == 0 ? address(0) : one, token));
        if (kind == 1) return abi.encodeCall(IERC721.setApprovalForAll, (one, (seed >> 32) % 2 == 0));
        if (kind == 2) return abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", one, other, token);
        return abi.encodeCall(IERC721.transferFrom, (one, other, token));
    }

    function _expectRefusal(address receiver, uint256 token, bytes memory reason) private {
        vm.prank(alice);
        revertsWith(reason);
        pieces.safeTransferFrom(alice, receiver, token);
    }
}
