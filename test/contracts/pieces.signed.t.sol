// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {TestedPieces} from "./support/Contracts.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Ledger} from "./support/Ledger.sol";
import {AcceptingReceiver, ReenteringReceiver, RevertingReceiver} from "./support/Receivers.sol";
import {BrokenWallet, SmartWallet} from "./support/Wallets.sol";

contract PiecesSignedTest is Ledger {
    function testFuzz_anybodyRelaysAnOwnersSignature(address relayer, uint32 later) public {
        uint256 token = _pieceOf(alice);
        uint48 deadline = START + later;
        Authorization memory authorization = _order(ALICE_SECRET, token, alice, bob, 1, deadline);
        vm.warp(deadline);
        vm.prank(relayer);
        pieces.transferWithSignature(token, bob, 1, authorization);
        (address owner, uint24 moves, ) = pieces.pieceOf(token);
        assertEq(owner, bob, "owner");
        assertEq(moves, 2, "moves");
    }

    function test_anOrganisationsKeySignsForAPieceOfItsRange() public {
        uint256 token = _token(_register(3), 2);
        _setKey(shopKey, TRANSFER, FOREVER);
        pieces.transferWithSignature(token, alice, 0, _order(SHOP_SECRET, token, workshop, alice, 0, FOREVER));
        assertEq(pieces.ownerOf(token), alice, "owner");
    }

    function test_anOperatorSignsForTheOwnerWhoAppointedHim() public {
        uint256 token = _pieceOf(alice);
        vm.prank(alice);
        pieces.setApprovalForAll(bob, true);
        pieces.transferWithSignature(token, bob, 1, _order(BOB_SECRET, token, alice, bob, 1, FOREVER));
        assertEq(pieces.ownerOf(token), bob, "owner");
    }

    function test_beingApprovedForOnePieceIsNotEnoughToSign() public {
        uint256 token = _pieceOf(alice);
        vm.prank(alice);
        pieces.approve(bob, token);
        _expectNotOwnersKey(token, bob, 1, _order(BOB_SECRET, token, alice, bob, 1, FOREVER));
    }

    function test_aRevokedKeysSignatureIsWorthless() public {
        uint256 token = _token(_register(3), 0);
        _setKey(shopKey, TRANSFER, FOREVER);
        Authorization memory authorization = _order(SHOP_SECRET, token, workshop, bob, 0, FOREVER);
        _revoke(shopKey);
        _expectNotOwnersKey(token, bob, 0, authorization);
    }

    function test_aStrangersSignatureIsWorthlessEvenOverTheRightWords() public {
        uint256 token = _pieceOf(alice);
        _expectNotOwnersKey(token, bob, 1, _order(BOB_SECRET, token, alice, bob, 1, FOREVER));
        Authorization memory posing = _order(BOB_SECRET, token, alice, bob, 1, FOREVER);
        posing.key = alice;
        _expectInvalidSignature(token, bob, 1, posing);
    }

    function test_aPreviousOwnersSignatureIsWorthless() public {
        uint256 token = _pieceOf(alice);
        Authorization memory authorization = _order(ALICE_SECRET, token, alice, alice, 2, FOREVER);
        vm.prank(alice);
        pieces.transferFrom(alice, bob, token);
        _expectNotOwnersKey(token, alice, 2, authorization);
    }

    function test_aSignatureIsUsedOnceEvenWhenThePieceComesBack() public {
        uint256 token = _pieceOf(alice);
        Authorization memory authorization = _order(ALICE_SECRET, token, alice, bob, 1, FOREVER);
        pieces.transferWithSignature(token, bob, 1, authorization);
        vm.prank(bob);
        pieces.transferFrom(bob, alice, token);
        revertsWith(abi.encodeWithSelector(IPieces.StaleMoves.selector, token, 3));
        pieces.transferWithSignature(token, bob, 1, authorization);
        _expectInvalidSignature(token, bob, 3, authorization);
    }

    function test_anOwnerWithdrawsASignatureByMovingThePieceToHerself() public {
        uint256 token = _pieceOf(alice);
        Authorization memory authorization = _order(ALICE_SECRET, token, alice, bob, 1, FOREVER);
        vm.prank(alice);
        pieces.transferFrom(alice, alice, token);
        assertEq(pieces.balanceOf(alice), 1, "balance");
        revertsWith(abi.encodeWithSelector(IPieces.StaleMoves.selector, token, 2));
        pieces.transferWithSignature(token, bob, 1, authorization);
    }

    function testFuzz_aSignatureIsOverAfterItsDeadline(uint48 deadline) public {
        deadline = uint48(bound(deadline, 0, START - 1));
        uint256 token = _pieceOf(alice);
        Authorization memory authorization = _order(ALICE_SECRET, token, alice, bob, 1, deadline);
        revertsWith(abi.encodeWithSelector(IPieces.SignatureExpired.selector, deadline));
        pieces.transferWithSignature(token, bob, 1, authorization);
    }

    function testFuzz_aSignatureIsGoodForExactlyWhatItSays(uint8 field, uint16 by) public {
        uint256 token = _pieceOf(alice);
        uint256 shift = bound(by, 1, 1000);
        field = uint8(bound(field, 0, 4));
        uint48 deadline = START + 100;
        bytes32 digest = _transferDigest(
            field == 0 ? token ^ shift : token,
            field == 1 ? address(uint160(alice) ^ uint160(shift)) : alice,
            field == 2 ? address(uint160(bob) ^ uint160(shift)) : bob,
            field == 3 ? uint24(1 + shift) : 1,
            field == 4 ? uint48(deadline + shift) : deadline
        );
        _expectInvalidSignature(token, bob, 1, _signed(ALICE_SECRET, deadline, digest));
    }

    function test_aSignatureForOnePieceDoesNotMoveAnother() public {
        uint224 batch = _register(3);
        _setKey(shopKey, TRANSFER, FOREVER);
        Authorization memory authorization = _order(SHOP_SECRET, _token(batch, 0), workshop, alice, 0, FOREVER);
        _expectInvalidSignature(_token(batch, 1), alice, 0, authorization);
    }

    function test_aSignatureIsForOneChainOneContractAndOnePurpose() public {
        uint256 token = _token(_register(3), 0);
        Authorization memory authorization = _order(MAKER_SECRET, token, workshop, alice, 0, FOREVER);
        TestedPieces other = _deployPieces(address(pieces), "");
        vm.prank(makerKey);
        other.register(_rootOnly(ROOT, 3), _direct(makerKey));
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, makerKey));
        other.transferWithSignature(token, alice, 0, authorization);

        bytes32 registration = _registerDigest(_rootOnly(ROOT, 4), FOREVER);
        _expectInvalidSignature(token, alice, 0, _signed(MAKER_SECRET, FOREVER, registration));
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, makerKey));
        pieces.register(_rootOnly(ROOT, 4), authorization);

        vm.chainId(block.chainid + 1);
        _expectInvalidSignature(token, alice, 0, authorization);
    }

    function testFuzz_noBytesStandInForASignature(bytes calldata noise) public {
        uint256 token = _pieceOf(alice);
        vm.prank(alice);
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, alice));
        pieces.transferWithSignature(token, bob, 1, Authorization(alice, FOREVER, noise));
    }

    function test_beingTheOwnerAndCallingIsNoSignature() public {
        uint256 token = _pieceOf(alice);
        vm.prank(alice);
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, alice));
        pieces.transferWithSignature(token, bob, 1, Authorization(alice, FOREVER, ""));
    }

    function test_theOtherHalfOfAnEcdsaSignatureIsRefused() public {
        uint256 token = _pieceOf(alice);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ALICE_SECRET, _transferDigest(token, alice, bob, 1, FOREVER));
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes memory mirrored = abi.encodePacked(r, order - uint256(s), v == 27 ? uint8(28) : uint8(27));
        _expectInvalidSignature(token, bob, 1, Authorization(alice, FOREVER, mirrored));
    }

    function test_aSmartWalletOwnsAndSigns() public {
        SmartWallet wallet = new SmartWallet(alice);
        uint256 token = _pieceOf(address(wallet));
        Authorization memory wrong = _order(BOB_SECRET, token, address(wallet), bob, 1, FOREVER);
        wrong.key = address(wallet);
        _expectInvalidSignature(token, bob, 1, wrong);
        Authorization memory right = _order(ALICE_SECRET, token, address(wallet), bob, 1, FOREVER);
        _expectNotOwnersKey(token, bob, 1, right);
        right.key = address(wallet);
        pieces.transferWithSignature(token, bob, 1, right);
        assertEq(pieces.ownerOf(token), bob, "owner");
    }

    function test_aWalletThatFailsHasNotSigned() public {
        BrokenWallet wallet = new BrokenWallet();
        uint256 token = _pieceOf(address(wallet));
        _expectInvalidSignature(token, bob, 1, Authorization(address(wallet), FOREVER, hex"00"));
    }

    function test_aDelegatedAccountSignsWithItsKey() public {
        uint256 token = _pieceOf(alice);
        _delegate(alice);
        assertTrue(alice.code.length != 0, "account has code");
        pieces.transferWithSignature(token, bob, 1, _order(ALICE_SECRET, token, alice, bob, 1, FOREVER));
        assertEq(pieces.ownerOf(token), bob, "owner");
    }

    function test_aDelegatedAccountReceivesOnlyIfItsCodeSaysSo() public {
        uint256 token = _pieceOf(alice);
        _delegate(bob);
        Authorization memory authorization = _order(ALICE_SECRET, token, alice, bob, 1, FOREVER);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, bob));
        pieces.transferWithSignature(token, bob, 1, authorization);
        vm.prank(alice);
        pieces.transferFrom(alice, bob, token);
        assertEq(pieces.ownerOf(token), bob, "owner");
    }

    function test_theRecipientIsToldWhoSigned() public {
        AcceptingReceiver shop = new AcceptingReceiver();
        uint256 token = _token(_register(3), 0);
        Authorization memory order = _order(MAKER_SECRET, token, workshop, address(shop), 0, FOREVER);
        vm.prank(stranger);
        pieces.transferWithSignature(token, address(shop), 0, order);
        assertEq(shop.operator(), makerKey, "operator");
        assertEq(shop.from(), workshop, "from");
        assertEq(shop.tokenId(), token, "token");
        assertEq(shop.data().length, 0, "data");
    }

    function test_aRecipientThatRefusesLeavesTheSignatureUnused() public {
        RevertingReceiver shop = new RevertingReceiver();
        uint256 token = _pieceOf(alice);
        Authorization memory authorization = _order(ALICE_SECRET, token, alice, address(shop), 1, FOREVER);
        revertsWith(abi.encodeWithSelector(RevertingReceiver.ClosedToday.selector, token));
        pieces.transferWithSignature(token, address(shop), 1, authorization);
        (address owner, uint24 moves, ) = pieces.pieceOf(token);
        assertEq(owner, alice, "owner");
        assertEq(moves, 1, "moves");
    }

    function test_aRecipientThatReplaysTheSignatureFromItsHookGetsNothing() public {
        ReenteringReceiver shop = new ReenteringReceiver();
        uint256 token = _pieceOf(alice);
        Authorization memory authorization = _order(ALICE_SECRET, token, alice, address(shop), 1, FOREVER);
        bytes memory replay = abi.encodeCall(IPieces.transferWithSignature, (token, address(shop), 1, authorization));
        shop.plan(replay);
        pieces.transferWithSignature(token, address(shop), 1, authorization);
        assertTrue(shop.entered() && !shop.succeeded(), "replayed");
        bytes memory stale = abi.encodeWithSelector(IPieces.StaleMoves.selector, token, 2);
        assertEq(keccak256(shop.answer()), keccak256(stale), "answer");
        assertEq(pieces.balanceOf(address(shop)), 1, "balance");
    }

    function test_aSignatureToNobodyOrForNothingIsRefused() public {
        uint256 token = _pieceOf(alice);
        Authorization memory burn = _order(ALICE_SECRET, token, alice, address(0), 1, FOREVER);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        pieces.transferWithSignature(token, address(0), 1, burn);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 7));
        pieces.transferWithSignature(7, bob, 0, burn);
    }

    function _order(
        uint256 secret,
        uint256 token,
        address from,
        address to,
        uint24 moves,
        uint48 deadline
    ) private view returns (Authorization memory) {
        return _signed(secret, deadline, _transferDigest(token, from, to, moves, deadline));
    }

    function _expectInvalidSignature(uint256 token, address to, uint24 moves, Authorization memory order) private {
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, order.key));
        pieces.transferWithSignature(token, to, moves, order);
    }

    function _expectNotOwnersKey(uint256 token, address to, uint24 moves, Authorization memory order) private {
        revertsWith(abi.encodeWithSelector(IPieces.NotOwnersKey.selector, token, order.key));
        pieces.transferWithSignature(token, to, moves, order);
    }
}
