// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces, Leaf} from "../../contracts/interfaces/IPieces.sol";
import {AcceptingReceiver, NoReceiver, ReenteringReceiver, RevertingReceiver} from "./support/Receivers.sol";
import {Trading} from "./support/Trading.sol";
import {Vm} from "./support/Test.sol";

/// A piece claimed by the card it was made with: once, released, from an organisation's hands only. Fresh cards stand in
/// pieces.cards.t.sol.
contract PiecesClaimsTest is Trading {
    uint224 private _batch;
    uint256 private _piece;

    function setUp() public override {
        super.setUp();
        _batch = _make();
        _piece = _token(_batch, 2);
        _setKey(tillKey, RELEASE, FOREVER);
    }

    function testFuzz_anybodyBringsAClaimThatTheTillReleased(address relayer, uint32 index) public {
        uint256 token = _token(_batch, uint32(bound(index, 0, MADE - 1)));
        Leaf memory leaf = _leaf(uint32(token));
        bytes memory card = _cardSays(FIRST_CARD_SECRET + uint32(token), token, alice);
        Authorization memory release = _release(TILL_SECRET, token);
        vm.prank(relayer);
        pieces.claim(leaf, alice, false, FOREVER, card, release);
        _expectPiece(token, alice, 1, 0);
        assertEq(pieces.balanceOf(alice), 1, "balance of alice");
        assertEq(pieces.balanceOf(workshop), MADE - 1, "balance of the workshop");
        (, , uint24 departed, ) = pieces.batchOf(_batch);
        assertEq(departed, 1, "departed");
    }

    function test_aClaimTellsOfTheMoveAndOfTheCard() public {
        vm.recordLogs();
        _claim(_piece, TILL_SECRET, alice);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        bytes32[] memory moved = _topics(IERC721.Transfer.selector, _word(workshop), _word(alice), bytes32(_piece));
        _expectLog(logs[0], moved, "", "Transfer");
        bytes32[] memory claimed = new bytes32[](3);
        (claimed[0], claimed[1], claimed[2]) = (IPieces.Claimed.selector, bytes32(_piece), _word(alice));
        _expectLog(logs[1], claimed, abi.encode(_cardOf(2), false), "Claimed");
    }

    function test_aCardWorksOnce() public {
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, alice);
        Authorization memory release = _release(TILL_SECRET, _piece);
        pieces.claim(_leaf(2), alice, false, FOREVER, card, release);
        revertsWith(_cardDead(_piece));
        pieces.claim(_leaf(2), alice, false, FOREVER, card, release);
        _expectDead(_piece, TILL_SECRET, bob);
    }

    function test_withoutAReleaseTheCardDoesNothing() public {
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, alice);
        bytes32 digest = _releaseDigest(_piece, 0, 0, FOREVER);
        _expectRefused(card, _signed(BOB_SECRET, FOREVER, digest), _notReleased(workshop, bob));
        _expectRefused(card, _signed(BOUTIQUE_SECRET, FOREVER, digest), _notReleased(workshop, boutiqueKey));
        _expectRefused(card, Authorization(workshop, FOREVER, hex"00"), _notReleased(workshop, workshop));
        _expectRefused(card, Authorization(address(0), FOREVER, ""), _notReleased(workshop, address(0)));
        Authorization memory posing = _signed(BOB_SECRET, FOREVER, digest);
        posing.key = tillKey;
        _expectRefused(card, posing, _invalid(tillKey));
        Authorization memory spoken = Authorization(tillKey, FOREVER, "");
        vm.prank(tillKey);
        revertsWith(_invalid(tillKey));
        pieces.claim(_leaf(2), alice, false, FOREVER, card, spoken);
    }

    function testFuzz_onlyAKeyThatMayReleaseReleases(uint16 permissions) public {
        permissions = uint16(bound(permissions, 1, EVERYTHING)) & ~RELEASE;
        vm.assume(permissions != 0);
        _setKey(tillKey, permissions, FOREVER);
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, alice);
        _expectRefused(card, _release(TILL_SECRET, _piece), _notReleased(workshop, tillKey));
    }

    function test_aRevokedTillReleasesNothingNotEvenWhatItSignedBefore() public {
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, alice);
        Authorization memory release = _release(TILL_SECRET, _piece);
        _revoke(tillKey);
        _expectRefused(card, release, _notReleased(workshop, tillKey));
    }

    /// What a stolen till can do is let cards work; not one piece moves by it alone.
    function test_aTillDoesNothingButRelease() public {
        uint32[] memory none = _none();
        vm.prank(tillKey);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, tillKey, _piece));
        pieces.transferFrom(workshop, tillKey, _piece);
        vm.prank(tillKey);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidApprover.selector, tillKey));
        pieces.approve(tillKey, _piece);
        vm.prank(tillKey);
        revertsWith(_notPermitted(workshop, tillKey, REGISTER));
        pieces.register(_rootOnly(ROOT, 1), _direct(tillKey));
        vm.prank(tillKey);
        revertsWith(_notPermitted(workshop, tillKey, ADMINISTER));
        organisations.setKey(workshop, bob, TRANSFER, FOREVER, _direct(tillKey));
        vm.prank(tillKey);
        revertsWith(abi.encodeWithSelector(IPieces.NotOwnersKey.selector, _token(_batch, 0), tillKey));
        pieces.passRange(_batch, 0, dealer, 0, none, _direct(tillKey));
        _expectNotOwnersTill();
    }

    function test_theCardOfAnotherPieceDoesNothing() public {
        Authorization memory release = _release(TILL_SECRET, _piece);
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 3, _piece, alice);
        _expectRefused(card, release, _invalid(_cardOf(2)));
        Leaf memory leaf = _leaf(2);
        leaf.claimKey = _cardOf(3);
        revertsWith(_notProven(2));
        pieces.claim(leaf, alice, false, FOREVER, card, release);
        card = _cardSays(FIRST_CARD_SECRET + 3, _token(_batch, 3), alice);
        revertsWith(_invalid(tillKey));
        pieces.claim(_leaf(3), alice, false, FOREVER, card, release);
    }

    function testFuzz_noLeafIsClaimedThatDiffersInOneField(uint8 field, uint256 by) public {
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, alice);
        Authorization memory release = _release(TILL_SECRET, _piece);
        Leaf memory leaf = _leaf(2);
        uint256 shift = bound(by, 1, type(uint160).max);
        field = uint8(bound(field, 0, 9));
        if (field == 0) leaf.index = leaf.index ^ uint32(bound(by, 1, type(uint32).max));
        if (field == 1) leaf.recordHash ^= bytes32(shift);
        if (field == 2) leaf.claimKey = address(uint160(leaf.claimKey) ^ uint160(shift));
        if (field == 3) leaf.extra ^= bytes32(shift);
        if (field == 4) leaf.proof[by % leaf.proof.length] ^= bytes32(shift);
        if (field == 5) leaf.header.organisation = address(uint160(workshop) ^ uint160(shift));
        if (field == 6) leaf.header.root ^= bytes32(shift);
        if (field == 7) leaf.header.count = leaf.header.count ^ uint32(bound(by, 1, type(uint32).max));
        if (field == 8) leaf.header.payloadHash ^= bytes32(shift);
        if (field == 9) leaf.header.parts = uint32(bound(by, 1, type(uint32).max));
        (bool done, ) = address(pieces).call(
            abi.encodeCall(pieces.claim, (leaf, alice, false, FOREVER, card, release))
        );
        assertFalse(done, "claimed");
    }

    function test_aBatchThatWasNotRegisteredHasNoPieceToClaim() public {
        Leaf memory leaf = Leaf(_rootOnly(0, 1), 0, 0, bob, 0, new bytes32[](0));
        leaf.header.root = keccak256(
            abi.encode(keccak256(abi.encode(keccak256("touchstone.leaf.v1"), uint8(1), workshop, uint32(0), 0, bob, 0)))
        );
        uint256 token = _token(pieces.batchIdOf(leaf.header), 0);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, token));
        pieces.claim(leaf, alice, false, FOREVER, "", _direct(makerKey));
    }

    function test_aPieceMadeWithoutACardIsNotClaimed() public {
        bytes32 inner = keccak256(
            abi.encode(keccak256("touchstone.leaf.v1"), uint8(1), workshop, uint32(0), bytes32(0), address(0), 0)
        );
        Leaf memory leaf = Leaf(_rootOnly(keccak256(abi.encode(inner)), 1), 0, 0, address(0), 0, new bytes32[](0));
        vm.prank(makerKey);
        uint256 token = _token(pieces.register(leaf.header, _direct(makerKey)), 0);
        Authorization memory release = _release(TILL_SECRET, token);
        revertsWith(_cardDead(token));
        pieces.claim(leaf, alice, false, FOREVER, new bytes(65), release);
    }

    function test_whoRelaysAClaimCannotTakeItForHimself() public {
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, alice);
        Authorization memory release = _release(TILL_SECRET, _piece);
        revertsWith(_invalid(_cardOf(2)));
        pieces.claim(_leaf(2), bob, false, FOREVER, card, release);
        revertsWith(_invalid(_cardOf(2)));
        pieces.claim(_leaf(2), alice, false, FOREVER - 1, card, release);
        pieces.claim(_leaf(2), alice, false, FOREVER, card, release);
    }

    function test_bothSignaturesHaveTheirOwnDeadline() public {
        bytes memory card = _signature(FIRST_CARD_SECRET + 2, _claimDigest(_piece, alice, 0, START - 1));
        Authorization memory release = _release(TILL_SECRET, _piece);
        revertsWith(abi.encodeWithSelector(IPieces.SignatureExpired.selector, START - 1));
        pieces.claim(_leaf(2), alice, false, START - 1, card, release);
        release = _signed(TILL_SECRET, START - 2, _releaseDigest(_piece, 0, 0, START - 2));
        revertsWith(abi.encodeWithSelector(IPieces.SignatureExpired.selector, START - 2));
        pieces.claim(_leaf(2), alice, false, START, card, release);
        card = _signature(FIRST_CARD_SECRET + 2, _claimDigest(_piece, alice, 0, START));
        release = _signed(TILL_SECRET, START, _releaseDigest(_piece, 0, 0, START));
        pieces.claim(_leaf(2), alice, false, START, card, release);
    }

    function test_afterWholesaleTheBuyerReleasesAndTheMakerDoesNot() public {
        Authorization memory stale = _release(MAKER_SECRET, _piece);
        _pass(_batch, 0, boutique, 0, _none(), makerKey);
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, alice);
        _expectRefused(card, stale, _notReleased(boutique, makerKey));
        _expectRefused(card, _release(TILL_SECRET, _piece), _notReleased(boutique, tillKey));
        _claim(_piece, BOUTIQUE_SECRET, alice);
        _expectPiece(_piece, alice, 2, 0);
    }

    function test_aReleaseOfAPieceDiesWhenItsRangePassesOnEvenIfItComesBack() public {
        Authorization memory stale = _release(TILL_SECRET, _piece);
        _pass(_batch, 1, dealer, 0, _none(), makerKey);
        _pass(_batch, 1, workshop, 1, _none(), dealerKey);
        _expectRefused(_cardSays(FIRST_CARD_SECRET + 2, _piece, alice), stale, _invalid(tillKey));
        _claim(_piece, TILL_SECRET, alice);
    }

    function test_anOrganisationWithdrawsARelease() public {
        Authorization memory release = _release(TILL_SECRET, _piece);
        vm.prank(makerKey);
        pieces.withdrawHandovers(_piece, _direct(makerKey));
        _expectRefused(_cardSays(FIRST_CARD_SECRET + 2, _piece, alice), release, _invalid(tillKey));
        _claim(_piece, TILL_SECRET, alice);
    }

    function test_aCardLivesOnWhileOrganisationsSellThePieceOneByOne() public {
        _move(workshop, dealer, _piece, makerKey);
        _move(dealer, boutique, _piece, dealerKey);
        _claim(_piece, BOUTIQUE_SECRET, alice);
        _expectPiece(_piece, alice, 3, 0);
    }

    function test_aMoveToAPersonKillsTheCardEvenIfThePieceComesBack() public {
        _move(workshop, alice, _piece, makerKey);
        Authorization memory release = _release(TILL_SECRET, _piece);
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, bob);
        _expectRefused(card, release, _cardDead(_piece));
        _move(alice, workshop, _piece, alice);
        _expectDead(_piece, TILL_SECRET, bob);
        _move(workshop, boutique, _piece, makerKey);
        _expectDead(_piece, BOUTIQUE_SECRET, bob);
    }

    function test_aPersonHasNothingToRelease() public {
        _setFreshCard(_piece, makerKey);
        _move(workshop, alice, _piece, makerKey);
        bytes memory card = _cardSays(FRESH_SECRET, _piece, bob);
        Authorization memory release = _release(ALICE_SECRET, _piece);
        revertsWith(_cardDead(_piece));
        pieces.claimByFreshCard(_piece, bob, false, FOREVER, card, release);
    }

    function test_aClaimForAnOrganisationUsesTheCardUp() public {
        _claim(_piece, TILL_SECRET, dealer);
        _expectPiece(_piece, dealer, 1, 0);
        _expectDead(_piece, DEALER_SECRET, alice);
        uint256 other = _token(_batch, 3);
        _claim(other, TILL_SECRET, workshop);
        _expectPiece(other, workshop, 1, 0);
        assertEq(pieces.balanceOf(workshop), MADE - 1, "balance");
        _expectDead(other, TILL_SECRET, alice);
    }

    function test_nobodyClaimsForNobody() public {
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, address(0));
        Authorization memory release = _release(TILL_SECRET, _piece);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        pieces.claim(_leaf(2), address(0), false, FOREVER, card, release);
    }

    function test_aContractThatClaimsIsAskedAndToldWhoReleased() public {
        AcceptingReceiver safe = new AcceptingReceiver();
        _claim(_piece, TILL_SECRET, address(safe));
        assertEq(safe.operator(), tillKey, "operator");
        assertEq(safe.from(), workshop, "from");
        assertEq(safe.tokenId(), _piece, "token");
    }

    function test_aContractThatRefusesLeavesTheCardAlive() public {
        address shut = address(new RevertingReceiver());
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, shut);
        Authorization memory release = _release(TILL_SECRET, _piece);
        revertsWith(abi.encodeWithSelector(RevertingReceiver.ClosedToday.selector, _piece));
        pieces.claim(_leaf(2), shut, false, FOREVER, card, release);
        address plain = address(new NoReceiver());
        card = _cardSays(FIRST_CARD_SECRET + 2, _piece, plain);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, plain));
        pieces.claim(_leaf(2), plain, false, FOREVER, card, release);
        _claim(_piece, TILL_SECRET, alice);
    }

    function test_aReceiverThatClaimsAgainFromItsHookGetsNothing() public {
        ReenteringReceiver shop = new ReenteringReceiver();
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, address(shop));
        Authorization memory release = _release(TILL_SECRET, _piece);
        shop.plan(abi.encodeCall(pieces.claim, (_leaf(2), address(shop), false, FOREVER, card, release)));
        pieces.claim(_leaf(2), address(shop), false, FOREVER, card, release);
        assertTrue(shop.entered() && !shop.succeeded(), "claimed again");
        assertEq(keccak256(shop.answer()), keccak256(_cardDead(_piece)), "answer");
        assertEq(pieces.balanceOf(address(shop)), 1, "balance");
    }

    function test_anApprovalDiesWithAClaim() public {
        vm.prank(makerKey);
        pieces.approve(bob, _piece);
        _claim(_piece, TILL_SECRET, alice);
        assertEq(pieces.getApproved(_piece), address(0), "approved");
        vm.prank(bob);
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, bob, _piece));
        pieces.transferFrom(alice, bob, _piece);
    }

    function _expectNotOwnersTill() private {
        bytes memory notOwners = abi.encodeWithSelector(IPieces.NotOwnersKey.selector, _piece, tillKey);
        vm.prank(tillKey);
        revertsWith(notOwners);
        pieces.setCard(_piece, freshCard, _direct(tillKey));
        vm.prank(tillKey);
        revertsWith(notOwners);
        pieces.withdrawHandovers(_piece, _direct(tillKey));
        Authorization memory order = _handover(TILL_SECRET, _piece, onceKey);
        bytes memory accept = _accepts(ONCE_SECRET, _piece, tillKey);
        revertsWith(notOwners);
        pieces.acceptHandover(_piece, tillKey, onceKey, FOREVER, accept, order);
        order = _signed(TILL_SECRET, FOREVER, _transferDigest(_piece, workshop, tillKey, 0, FOREVER));
        revertsWith(notOwners);
        pieces.transferWithSignature(_piece, tillKey, 0, order);
    }

    function _expectRefused(bytes memory card, Authorization memory release, bytes memory reason) private {
        revertsWith(reason);
        pieces.claim(_leaf(2), alice, false, FOREVER, card, release);
    }

    function _expectDead(uint256 token, uint256 releaser, address to) private {
        bytes memory card = _cardSays(FIRST_CARD_SECRET + uint32(token), token, to);
        Authorization memory release = _release(releaser, token);
        revertsWith(_cardDead(token));
        pieces.claim(_leaf(uint32(token)), to, false, FOREVER, card, release);
    }

    function _expectPiece(uint256 token, address owner, uint24 moves, uint24 events) private view {
        (address owner_, uint24 moves_, uint24 events_) = pieces.pieceOf(token);
        assertEq(owner_, owner, "owner");
        assertEq(moves_, moves, "moves");
        assertEq(events_, events, "events");
    }

    function _notReleased(address owner, address key) private view returns (bytes memory) {
        return abi.encodeWithSelector(IPieces.NotReleased.selector, _piece, owner, key);
    }

    function _cardDead(uint256 token) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IPieces.CardDead.selector, token);
    }

    function _notProven(uint32 index) private view returns (bytes memory) {
        return abi.encodeWithSelector(IPieces.NotProven.selector, _batch, index);
    }
}
