// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Ledger} from "./support/Ledger.sol";

/// ERC-721 on pieces that are born owned: what one piece does and what its neighbours in the range notice of it.
contract PiecesTokenTest is Ledger {
    bytes32 private constant PIECES_SLOT = bytes32(uint256(4));

    function testFuzz_theFirstMoveOfAnyPieceLeavesItsNeighboursAlone(uint32 count, uint32 index) public {
        count = uint32(bound(count, 1, 131_072));
        index = uint32(bound(index, 0, count - 1));
        _expectOnlyThisPieceMoves(_register(count), count, index);
    }

    function test_theFirstTheMiddleAndTheLastPieceMoveAlike() public {
        uint224 batch = _register(9);
        vm.prank(makerKey);
        pieces.transferFrom(workshop, alice, _token(batch, 0));
        vm.prank(makerKey);
        pieces.transferFrom(workshop, alice, _token(batch, 4));
        vm.prank(makerKey);
        pieces.transferFrom(workshop, alice, _token(batch, 8));
        for (uint32 i = 0; i < 9; ++i) {
            assertEq(pieces.ownerOf(_token(batch, i)), i % 4 == 0 ? alice : workshop, "owner");
        }
        (, , uint24 departed, ) = pieces.batchOf(batch);
        assertEq(departed, 3, "departed");
        assertEq(pieces.balanceOf(workshop), 6, "balance of the workshop");
        assertEq(pieces.balanceOf(alice), 3, "balance of alice");
    }

    function test_aPieceThatReturnsToTheWorkshopStaysDeparted() public {
        uint224 batch = _register(2);
        uint256 token = _token(batch, 1);
        vm.prank(makerKey);
        pieces.transferFrom(workshop, alice, token);
        vm.prank(alice);
        pieces.transferFrom(alice, workshop, token);
        (address owner, uint24 moves, ) = pieces.pieceOf(token);
        (, , uint24 departed, ) = pieces.batchOf(batch);
        assertEq(owner, workshop, "owner");
        assertEq(moves, 2, "moves");
        assertEq(departed, 1, "departed");
        assertEq(pieces.balanceOf(workshop), 2, "balance");
    }

    function testFuzz_aStrangerMovesNothing(address caller) public {
        vm.assume(caller != alice && caller != makerKey);
        _expectInsufficientApproval(caller, alice, _pieceOf(alice));
        vm.assume(caller != workshop);
        _expectInsufficientApproval(caller, workshop, _token(_register(4), 2));
    }

    function test_theRegistrarMovesNothingNotEvenThroughItself() public {
        uint256 token = _pieceOf(alice);
        _expectInsufficientApproval(administrator, alice, token);
        bytes memory order = abi.encodeCall(IERC721.transferFrom, (alice, administrator, token));
        bytes memory refusal = abi.encodeWithSelector(
            IERC721Errors.ERC721InsufficientApproval.selector,
            address(registrar),
            token
        );
        vm.prank(administrator);
        revertsWith(refusal);
        registrar.execute(address(pieces), order);
    }

    function test_theWorkshopMovesNothingItHasPassedOn() public {
        uint256 token = _pieceOf(alice);
        _expectInsufficientApproval(makerKey, alice, token);
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidApprover.selector, makerKey));
        pieces.approve(makerKey, token);
    }

    function testFuzz_aKeyWithoutThePermissionToTransferMovesNothing(uint16 permissions) public {
        permissions = uint16(bound(permissions, 1, EVERYTHING)) & ~TRANSFER;
        if (permissions != 0) _setKey(shopKey, permissions, FOREVER);
        _expectInsufficientApproval(shopKey, workshop, _token(_register(4), 2));
    }

    function test_aRevokedKeyMovesNothingAndASuspendedOrganisationsKeyStillDoes() public {
        uint224 batch = _register(4);
        _setKey(shopKey, TRANSFER, FOREVER);
        _suspend(workshop);
        vm.prank(shopKey);
        pieces.transferFrom(workshop, alice, _token(batch, 0));
        _revoke(shopKey);
        _expectInsufficientApproval(shopKey, workshop, _token(batch, 1));
    }

    function test_onlyWhatIsOwnedByTheSenderNamedIsMoved() public {
        uint256 token = _pieceOf(alice);
        vm.prank(alice);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721IncorrectOwner.selector, workshop, token, alice));
        pieces.transferFrom(workshop, bob, token);
    }

    function test_nothingIsMovedToNobody() public {
        uint256 token = _pieceOf(alice);
        vm.prank(alice);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        pieces.transferFrom(alice, address(0), token);
    }

    function testFuzz_whatDoesNotExistAnswersNothing(uint256 token) public {
        bytes memory unknown = abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, token);
        revertsWith(unknown);
        pieces.ownerOf(token);
        revertsWith(unknown);
        pieces.pieceOf(token);
        revertsWith(unknown);
        pieces.getApproved(token);
        revertsWith(unknown);
        pieces.tokenURI(token);
        revertsWith(unknown);
        pieces.approve(alice, token);
        revertsWith(unknown);
        pieces.transferFrom(address(0), alice, token);
    }

    function test_nobodyHasABalanceAndNobodyIsAnOperator() public {
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidOwner.selector, address(0)));
        pieces.balanceOf(address(0));
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidOperator.selector, address(0)));
        pieces.setApprovalForAll(address(0), true);
    }

    function test_anApprovalGivenBeforeTheFirstMoveIsUsedOnce() public {
        uint224 batch = _register(3);
        uint256 token = _token(batch, 1);
        vm.expectEmit(address(pieces));
        emit IERC721.Approval(workshop, bob, token);
        vm.prank(makerKey);
        pieces.approve(bob, token);
        assertEq(pieces.getApproved(token), bob, "approved");
        assertEq(pieces.ownerOf(token), workshop, "owner");
        (, , uint24 departed, ) = pieces.batchOf(batch);
        assertEq(departed, 1, "left its range with the approval");

        vm.expectEmit(address(pieces));
        emit IERC721.Transfer(workshop, alice, token);
        vm.prank(bob);
        pieces.transferFrom(workshop, alice, token);
        assertEq(pieces.getApproved(token), address(0), "approved after");
        (, , departed, ) = pieces.batchOf(batch);
        assertEq(departed, 1, "departed");
        _expectInsufficientApproval(bob, alice, token);
    }

    function test_anApprovalOfOnePieceIsNoneOfItsNeighbours() public {
        uint224 batch = _register(3);
        vm.prank(makerKey);
        pieces.approve(bob, _token(batch, 1));
        assertEq(pieces.getApproved(_token(batch, 0)), address(0), "approved");
        _expectInsufficientApproval(bob, workshop, _token(batch, 0));
    }

    function test_anApprovalDiesWithAnyMoveAndDoesNotComeBack() public {
        uint256 token = _pieceOf(alice);
        vm.prank(alice);
        pieces.approve(stranger, token);
        vm.prank(alice);
        pieces.transferFrom(alice, bob, token);
        vm.prank(bob);
        pieces.transferFrom(bob, alice, token);
        assertEq(pieces.getApproved(token), address(0), "approved");
        _expectInsufficientApproval(stranger, alice, token);
    }

    function test_anApprovalTakenBackLeavesThePieceOutOfItsRangeAndNothingElse() public {
        uint256 token = _token(_register(3), 1);
        vm.prank(makerKey);
        pieces.approve(bob, token);
        vm.prank(makerKey);
        pieces.approve(address(0), token);
        assertEq(pieces.getApproved(token), address(0), "approved");
        assertEq(vm.load(address(pieces), _pieceSlot(token)), bytes32(uint256(uint160(workshop))), "slot");
        _expectInsufficientApproval(bob, workshop, token);
    }

    function test_anApprovalOutlivesTheKeyThatGaveIt() public {
        uint256 token = _token(_register(3), 1);
        _setKey(shopKey, TRANSFER, FOREVER);
        vm.prank(shopKey);
        pieces.approve(bob, token);
        _revoke(shopKey);
        vm.prank(bob);
        pieces.transferFrom(workshop, bob, token);
        assertEq(pieces.ownerOf(token), bob, "owner");
    }

    function test_anOperatorActsUntilHeIsDismissed() public {
        uint256 token = _pieceOf(alice);
        vm.expectEmit(address(pieces));
        emit IERC721.ApprovalForAll(alice, bob, true);
        vm.prank(alice);
        pieces.setApprovalForAll(bob, true);
        assertTrue(pieces.isApprovedForAll(alice, bob), "operator");
        vm.prank(bob);
        pieces.approve(stranger, token);
        vm.prank(alice);
        pieces.setApprovalForAll(bob, false);
        _expectInsufficientApproval(bob, alice, token);
        vm.prank(bob);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidApprover.selector, bob));
        pieces.approve(bob, token);
    }

    function test_theLastPossibleMoveIsNotFollowedByAnother() public {
        uint256 token = _pieceOf(alice);
        uint256 full = uint256(uint160(alice)) | (uint256(type(uint24).max - 1) << 160);
        vm.store(address(pieces), _pieceSlot(token), bytes32(full));
        vm.prank(alice);
        pieces.transferFrom(alice, bob, token);
        vm.prank(bob);
        revertsWith(abi.encodeWithSignature("Panic(uint256)", 0x11));
        pieces.transferFrom(bob, alice, token);
    }

    function test_severalMovesAreOneCallAndOneRefusalUndoesThemAll() public {
        uint224 batch = _register(3);
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(IERC721.transferFrom, (workshop, alice, _token(batch, 0)));
        calls[1] = abi.encodeCall(IERC721.transferFrom, (workshop, bob, _token(batch, 1)));
        bytes memory refusal = abi.encodeWithSelector(
            IERC721Errors.ERC721InsufficientApproval.selector,
            stranger,
            _token(batch, 0)
        );
        vm.prank(stranger);
        revertsWith(refusal);
        pieces.multicall(calls);
        vm.prank(makerKey);
        pieces.multicall(calls);
        assertEq(pieces.ownerOf(_token(batch, 1)), bob, "owner");

        calls[0] = hex"12345678";
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(Errors.FailedCall.selector));
        pieces.multicall(calls);
    }

    function test_onlyTheRegistrarSaysWhereMetadataLiveAlsoInSeveralCallsAtOnce() public {
        uint256 token = _token(_register(1), 0);
        bytes[] memory calls = new bytes[](1);
        calls[0] = abi.encodeCall(IPieces.setBaseURI, ("https://other.example/"));
        vm.prank(makerKey);
        revertsWith(_notRegistrar(makerKey));
        pieces.setBaseURI("https://evil.example/");
        vm.prank(makerKey);
        revertsWith(_notRegistrar(makerKey));
        pieces.multicall(calls);
        vm.prank(makerKey);
        revertsWith(_notRegistrar(makerKey));
        pieces.setAuthority(makerKey);

        _expectURI(token, string.concat("https://example.org/t/", _decimal(token)));
        vm.expectEmit(address(pieces));
        emit IPieces.BatchMetadataUpdate(0, type(uint256).max);
        vm.prank(administrator);
        pieces.multicall(calls);
        _expectURI(token, string.concat("https://other.example/", _decimal(token)));
        vm.prank(administrator);
        pieces.setBaseURI("");
        _expectURI(token, "");
    }

    function test_theRegistrySaysWhatItIs() public view {
        assertEq(keccak256(bytes(pieces.name())), keccak256("Touchstone Pieces"), "name");
        assertEq(keccak256(bytes(pieces.symbol())), keccak256("TOUCH"), "symbol");
        assertEq(address(pieces.organisations()), address(organisations), "organisations");
        assertTrue(pieces.supportsInterface(0x01ffc9a7), "ERC-165");
        assertTrue(pieces.supportsInterface(0x80ac58cd), "ERC-721");
        assertTrue(pieces.supportsInterface(0x5b5e139f), "ERC-721 metadata");
        assertTrue(pieces.supportsInterface(0x49064906), "ERC-4906");
        assertTrue(pieces.supportsInterface(0x84b0196e), "ERC-5267");
        assertFalse(pieces.supportsInterface(0xffffffff), "invalid");
        assertFalse(pieces.supportsInterface(0x780e9d63), "enumerable");
    }

    function _expectOnlyThisPieceMoves(uint224 batch, uint32 count, uint32 index) private {
        uint256 token = _token(batch, index);
        vm.expectEmit(address(pieces));
        emit IERC721.Transfer(workshop, alice, token);
        vm.prank(makerKey);
        pieces.transferFrom(workshop, alice, token);
        (address owner, uint24 moves, ) = pieces.pieceOf(token);
        assertEq(owner, alice, "owner");
        assertEq(moves, 1, "moves");
        if (index != 0) assertEq(pieces.ownerOf(token - 1), workshop, "piece before");
        if (index != count - 1) assertEq(pieces.ownerOf(token + 1), workshop, "piece after");
        (address holder, uint24 born, uint24 departed, ) = pieces.batchOf(batch);
        assertEq(holder, workshop, "holder");
        assertEq(born, count, "count");
        assertEq(departed, 1, "departed");
        assertEq(pieces.balanceOf(workshop), count - 1, "balance of the workshop");
        assertEq(pieces.balanceOf(alice), 1, "balance of alice");
    }

    function _expectInsufficientApproval(address caller, address owner, uint256 token) private {
        vm.prank(caller);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, caller, token));
        pieces.transferFrom(owner, caller, token);
    }

    function _expectURI(uint256 token, string memory uri) private view {
        assertEq(keccak256(bytes(pieces.tokenURI(token))), keccak256(bytes(uri)), uri);
    }

    function _pieceSlot(uint256 token) private pure returns (bytes32) {
        return keccak256(abi.encode(token, PIECES_SLOT));
    }

    function _decimal(uint256 value) private pure returns (string memory text) {
        for (; value != 0; value /= 10) text = string.concat(string(abi.encodePacked(uint8(48 + (value % 10)))), text);
    }
}
