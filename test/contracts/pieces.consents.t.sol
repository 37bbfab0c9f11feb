// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {SignatureCases} from "./signatures.t.sol";
import {Ledger} from "./support/Ledger.sol";
import {Trading} from "./support/Trading.sol";

/// The questions that signatures.t.sol puts to every call that takes a signature, put to the seven consents of trade,
/// claims and handovers. Words that a consent names and its call does not are put to them here too.
abstract contract SignedTrade is SignatureCases, Trading {
    uint224 internal _batch;
    uint256 internal _piece;

    function setUp() public virtual override(Trading, Ledger) {
        super.setUp();
        _batch = _make();
        _piece = _token(_batch, 2);
    }

    /// Which of the seven this is, so that the others stand for another purpose.
    function _purpose() internal pure virtual returns (uint256);

    function _domain() internal view override returns (string memory, address) {
        return ("Touchstone Pieces", address(pieces));
    }

    /// The very words of this consent, or drawn ones, under the type of another.
    function _otherPurpose(uint256 seed) internal view override returns (bytes32) {
        (address owner, uint24 moves, uint24 events) = pieces.pieceOf(_piece);
        if (seed % 3 == 0) (moves, events) = (uint24(seed >> 16), uint24(seed >> 40));
        uint256 other = (_purpose() + 1 + ((seed >> 8) % 8)) % 9;
        if (other == 0) return _passDigest(_batch, 0, owner, dealer, events, DEADLINE);
        if (other == 1) return _claimDigest(_piece, bob, moves, DEADLINE);
        if (other == 2) return _releaseDigest(_piece, moves, events, DEADLINE);
        if (other == 3) return _setCardDigest(_piece, freshCard, moves, events, DEADLINE);
        if (other == 4) return _handoverDigest(_piece, owner, onceKey, moves, events, DEADLINE);
        if (other == 5) return _acceptDigest(_piece, bob, moves, DEADLINE);
        if (other == 6) return _withdrawDigest(_piece, moves, events, DEADLINE);
        if (other == 7) return _transferDigest(_piece, owner, bob, moves, DEADLINE);
        return _registerDigest(_rootOnly(bytes32(seed), 1), DEADLINE);
    }

    function _moves() internal view returns (uint24 moves) {
        (, moves, ) = pieces.pieceOf(_piece);
    }

    function _events() internal view returns (uint24 events) {
        (, , events) = pieces.pieceOf(_piece);
    }
}

/// Signed by a key of the workshop.
abstract contract SignedByTheWorkshop is SignedTrade {
    address internal _key = makerKey;

    function _signer() internal view override returns (address, uint256) {
        return (_key, MAKER_SECRET);
    }

    function _letSign(address wallet) internal override {
        _setKey(wallet, TRANSFER | RELEASE, FOREVER);
        _key = wallet;
    }
}

contract SignedPassTest is SignedByTheWorkshop {
    function testFuzz_aPassIsForOneRangeOneHolderOneTakerOneCount(uint8 field, uint16 by) public {
        uint16 shift = uint16(bound(by, 1, type(uint16).max));
        field = uint8(bound(field, 0, 4));
        bytes32 digest = _passDigest(
            field == 0 ? _batch ^ shift : _batch,
            field == 1 ? shift : 0,
            field == 2 ? address(uint160(workshop) ^ shift) : workshop,
            field == 3 ? address(uint160(dealer) ^ shift) : dealer,
            field == 4 ? shift : 0,
            DEADLINE
        );
        _expectInvalid(_signature(MAKER_SECRET, digest), "another word");
    }

    function _purpose() internal pure override returns (uint256) {
        return 0;
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256(
            "PassRange(uint224 batchId,uint32 part,address from,address to,uint24 events,uint48 deadline)"
        );
        return keccak256(abi.encode(kind, _batch, uint32(0), workshop, dealer, uint24(0), deadline));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(IPieces.passRange, (_batch, 0, dealer, 0, _none(), authorization));
    }

    function _isDone() internal view override returns (bool) {
        return pieces.ownerOf(_piece) != workshop;
    }
}

/// Signed by the card's key; a wallet's card is a fresh one.
contract SignedClaimTest is SignedTrade {
    address private _card = vm.addr(FIRST_CARD_SECRET + 2);

    function testFuzz_aClaimIsForOnePieceOneOwnerOneCount(uint8 field, uint16 by) public {
        uint16 shift = uint16(bound(by, 1, type(uint16).max));
        field = uint8(bound(field, 0, 2));
        bytes32 digest = _claimDigest(
            field == 0 ? _piece ^ shift : _piece,
            field == 1 ? address(uint160(bob) ^ shift) : bob,
            field == 2 ? shift : 0,
            DEADLINE
        );
        _expectInvalid(_signature(FIRST_CARD_SECRET + 2, digest), "another word");
        bytes32 kind = keccak256("Claim(uint256 tokenId,address to,bool recoverable,uint24 moves,uint48 deadline)");
        digest = _ofPieces(abi.encode(kind, _piece, bob, true, uint24(0), DEADLINE));
        _expectInvalid(_signature(FIRST_CARD_SECRET + 2, digest), "recoverable");
    }

    function _purpose() internal pure override returns (uint256) {
        return 1;
    }

    function _signer() internal view override returns (address, uint256) {
        return (_card, FIRST_CARD_SECRET + 2);
    }

    function _letSign(address wallet) internal override {
        vm.prank(makerKey);
        pieces.setCard(_piece, wallet, _direct(makerKey));
        _card = wallet;
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256("Claim(uint256 tokenId,address to,bool recoverable,uint24 moves,uint48 deadline)");
        return keccak256(abi.encode(kind, _piece, bob, false, _moves(), deadline));
    }

    function _call(Authorization memory a) internal view override returns (bytes memory) {
        Authorization memory release = _release(MAKER_SECRET, _piece);
        if (_card == _cardOf(2)) {
            return abi.encodeCall(IPieces.claim, (_leaf(2), bob, false, a.deadline, a.signature, release));
        }
        return abi.encodeCall(IPieces.claimByFreshCard, (_piece, bob, false, a.deadline, a.signature, release));
    }

    function _isDone() internal view override returns (bool) {
        return pieces.ownerOf(_piece) != workshop;
    }
}

contract SignedReleaseTest is SignedByTheWorkshop {
    function testFuzz_aReleaseIsForOnePieceAndItsCounts(uint8 field, uint16 by) public {
        uint16 shift = uint16(bound(by, 1, type(uint16).max));
        field = uint8(bound(field, 0, 2));
        bytes32 digest = _releaseDigest(
            field == 0 ? _piece ^ shift : _piece,
            field == 1 ? shift : 0,
            field == 2 ? shift : 0,
            DEADLINE
        );
        _expectInvalid(_signature(MAKER_SECRET, digest), "another word");
    }

    function _purpose() internal pure override returns (uint256) {
        return 2;
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256("Release(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline)");
        return keccak256(abi.encode(kind, _piece, _moves(), _events(), deadline));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        bytes memory card = _cardSays(FIRST_CARD_SECRET + 2, _piece, bob);
        return abi.encodeCall(IPieces.claim, (_leaf(2), bob, false, FOREVER, card, authorization));
    }

    function _isDone() internal view override returns (bool) {
        return pieces.ownerOf(_piece) != workshop;
    }
}

contract SignedCardTest is SignedByTheWorkshop {
    function testFuzz_aCardIsForOnePieceOneKeyAndItsCounts(uint8 field, uint16 by) public {
        uint16 shift = uint16(bound(by, 1, type(uint16).max));
        field = uint8(bound(field, 0, 3));
        bytes32 digest = _setCardDigest(
            field == 0 ? _piece ^ shift : _piece,
            field == 1 ? address(uint160(freshCard) ^ shift) : freshCard,
            field == 2 ? shift : 0,
            field == 3 ? shift : 0,
            DEADLINE
        );
        _expectInvalid(_signature(MAKER_SECRET, digest), "another word");
    }

    function _purpose() internal pure override returns (uint256) {
        return 3;
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256(
            "SetCard(uint256 tokenId,address claimKey,uint24 moves,uint24 events,uint48 deadline)"
        );
        return keccak256(abi.encode(kind, _piece, freshCard, _moves(), _events(), deadline));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(IPieces.setCard, (_piece, freshCard, authorization));
    }

    function _isDone() internal view override returns (bool) {
        return _events() != 0;
    }
}

/// Signed by alice, or by the wallet that she moved her piece to.
abstract contract SignedByTheOwner is SignedTrade {
    address internal _owner = alice;

    function setUp() public override {
        super.setUp();
        _move(workshop, alice, _piece, makerKey);
    }

    function _signer() internal view override returns (address, uint256) {
        return (_owner, ALICE_SECRET);
    }

    function _letSign(address wallet) internal override {
        _move(alice, wallet, _piece, alice);
        _owner = wallet;
    }
}

contract SignedHandoverTest is SignedByTheOwner {
    function testFuzz_aHandoverIsForOnePieceOneOwnerOneKeyAndItsCounts(uint8 field, uint16 by) public {
        uint16 shift = uint16(bound(by, 1, type(uint16).max));
        field = uint8(bound(field, 0, 4));
        bytes32 digest = _handoverDigest(
            field == 0 ? _piece ^ shift : _piece,
            field == 1 ? address(uint160(alice) ^ shift) : alice,
            field == 2 ? address(uint160(onceKey) ^ shift) : onceKey,
            field == 3 ? 1 ^ shift : 1,
            field == 4 ? shift : 0,
            DEADLINE
        );
        _expectInvalid(_signature(ALICE_SECRET, digest), "another word");
    }

    function _purpose() internal pure override returns (uint256) {
        return 4;
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256(
            "Handover(uint256 tokenId,address from,address key,uint24 moves,uint24 events,uint48 deadline)"
        );
        return keccak256(abi.encode(kind, _piece, _owner, onceKey, _moves(), _events(), deadline));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        bytes memory accept = _accepts(ONCE_SECRET, _piece, bob);
        return abi.encodeCall(IPieces.acceptHandover, (_piece, bob, onceKey, FOREVER, accept, authorization));
    }

    function _isDone() internal view override returns (bool) {
        return pieces.ownerOf(_piece) == bob;
    }
}

/// Signed by the one-time key.
contract SignedAcceptanceTest is SignedTrade {
    address private _once = onceKey;

    function setUp() public override {
        super.setUp();
        _move(workshop, alice, _piece, makerKey);
    }

    function testFuzz_anAcceptanceIsForOnePieceOneOwnerOneCount(uint8 field, uint16 by) public {
        uint16 shift = uint16(bound(by, 1, type(uint16).max));
        field = uint8(bound(field, 0, 2));
        bytes32 digest = _acceptDigest(
            field == 0 ? _piece ^ shift : _piece,
            field == 1 ? address(uint160(bob) ^ shift) : bob,
            field == 2 ? 1 ^ shift : 1,
            DEADLINE
        );
        _expectInvalid(_signature(ONCE_SECRET, digest), "another word");
    }

    function _purpose() internal pure override returns (uint256) {
        return 5;
    }

    function _signer() internal view override returns (address, uint256) {
        return (_once, ONCE_SECRET);
    }

    function _letSign(address wallet) internal override {
        _once = wallet;
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256("Accept(uint256 tokenId,address to,uint24 moves,uint48 deadline)");
        return keccak256(abi.encode(kind, _piece, bob, _moves(), deadline));
    }

    /// The owner handed over to whichever key is told here, so that only that key's own word is in question.
    function _call(Authorization memory a) internal view override returns (bytes memory) {
        Authorization memory offer = _handover(ALICE_SECRET, _piece, _once);
        return abi.encodeCall(IPieces.acceptHandover, (_piece, bob, a.key, a.deadline, a.signature, offer));
    }

    function _isDone() internal view override returns (bool) {
        return pieces.ownerOf(_piece) == bob;
    }
}

contract SignedWithdrawalTest is SignedByTheOwner {
    function testFuzz_aWithdrawalIsForOnePieceAndItsCounts(uint8 field, uint16 by) public {
        uint16 shift = uint16(bound(by, 1, type(uint16).max));
        field = uint8(bound(field, 0, 2));
        bytes32 digest = _withdrawDigest(
            field == 0 ? _piece ^ shift : _piece,
            field == 1 ? 1 ^ shift : 1,
            field == 2 ? shift : 0,
            DEADLINE
        );
        _expectInvalid(_signature(ALICE_SECRET, digest), "another word");
    }

    function _purpose() internal pure override returns (uint256) {
        return 6;
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256("WithdrawHandovers(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline)");
        return keccak256(abi.encode(kind, _piece, _moves(), _events(), deadline));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(IPieces.withdrawHandovers, (_piece, authorization));
    }

    function _isDone() internal view override returns (bool) {
        return _events() != 0;
    }
}
