// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization, IOrganisations} from "../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader, IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Signatures} from "../../contracts/libraries/Signatures.sol";
import {SignedCall} from "./support/SignedCall.sol";
import {ScriptedWallet, WritingWallet} from "./support/Wallets.sol";

/// What is a signature and what is none: the same questions put to every call that takes one.
abstract contract SignatureCases is SignedCall {
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 private constant RIGHT = bytes32(bytes4(0x1626ba7e));

    /// Without this one, all refusals below would prove nothing.
    function test_aFaultlessSignatureIsAcceptedFromAStranger() public {
        (address key, ) = _signer();
        _expectAccepted(key, _faultless(), "faultless");
    }

    function testFuzz_noOtherVIsAccepted(uint8 v) public {
        bytes memory signature = _faultless();
        vm.assume(v != uint8(signature[64]));
        signature[64] = bytes1(v);
        _expectInvalid(signature, "v");
    }

    function testFuzz_noFlippedBitIsAccepted(uint256 bit) public {
        bytes memory signature = _faultless();
        bit = bound(bit, 0, 65 * 8 - 1);
        signature[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        _expectInvalid(signature, "a flipped bit");
    }

    function test_theUpperHalfOfSIsRefusedWithEitherV() public {
        (, uint256 secret) = _signer();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secret, _digestUntil(DEADLINE));
        bytes32 mirrored = bytes32(ORDER - uint256(s));
        _expectInvalid(abi.encodePacked(r, mirrored, uint8(27)), "upper half, 27");
        _expectInvalid(abi.encodePacked(r, mirrored, uint8(28)), "upper half, 28");
        _expectInvalid(abi.encodePacked(r, bytes32(0), v), "s of zero");
        _expectInvalid(abi.encodePacked(bytes32(0), s, v), "r of zero");
    }

    /// ERC-2098: the same signature would exist in two forms.
    function test_aCompactSignatureIsRefused() public {
        (, uint256 secret) = _signer();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secret, _digestUntil(DEADLINE));
        bytes32 withParity = bytes32(uint256(s) | (uint256(v - 27) << 255));
        _expectInvalid(abi.encodePacked(r, withParity), "compact");
        _expectInvalid(abi.encodePacked(r, s), "without v");
    }

    function testFuzz_aSignatureHasSixtyFiveBytes(uint8 length) public {
        bytes memory signature = _faultless();
        vm.assume(length != 65);
        bytes memory resized = new bytes(length);
        for (uint256 i = 0; i < length && i < 65; ++i) resized[i] = signature[i];
        _expectInvalid(resized, "length");
    }

    function testFuzz_nobodySignsForAnother(uint256 secret) public {
        (address key, uint256 right) = _signer();
        secret = bound(secret, 1, ORDER - 1);
        vm.assume(secret != right);
        bytes memory foreign = _signature(secret, _digestUntil(DEADLINE));
        _expectInvalidOf(key, foreign, "signed by another");
        (bool done, ) = _try(Authorization(vm.addr(secret), DEADLINE, foreign));
        assertFalse(done || _isDone(), "another, who may not");
    }

    /// What recovers to nobody must not count as signed by nobody.
    function testFuzz_nobodyIsNoKey(bytes calldata signature) public {
        (bool done, ) = _try(Authorization(address(0), DEADLINE, signature));
        assertFalse(done || _isDone(), "key zero");
        assertFalse(this.isSignedBy(address(0), _digestUntil(DEADLINE), signature), "signed by nobody");
        bytes memory unrecoverable = abi.encodePacked(bytes32(uint256(1)), bytes32(uint256(1)), uint8(29));
        assertFalse(this.isSignedBy(address(0), _digestUntil(DEADLINE), unrecoverable), "unrecoverable");
    }

    function testFuzz_aSignatureIsForOneDomain(uint8 field, uint64 other) public {
        (string memory name, address verifier) = _domain();
        field = uint8(bound(field, 0, 3));
        vm.assume(other != block.chainid && other != 0);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(field == 0 ? string.concat(name, " ") : name)),
                keccak256(field == 1 ? abi.encodePacked(other) : bytes("1")),
                field == 2 ? other : block.chainid,
                field == 3 ? address(uint160(verifier) ^ uint160(other)) : verifier
            )
        );
        _expectSignedInvalid(keccak256(abi.encodePacked(hex"1901", domain, _structHash(DEADLINE))), "domain");
    }

    function testFuzz_aSignatureDiesWhenTheChainForks(uint64 chain) public {
        (address key, ) = _signer();
        uint256 here = block.chainid;
        vm.assume(chain != here && chain != 0);
        bytes memory signature = _faultless();
        vm.chainId(chain);
        _expectInvalid(signature, "on another chain");
        vm.chainId(here);
        _expectAccepted(key, signature, "on its own chain");
    }

    function test_whatIsNoTypedDataIsNoConsent() public {
        bytes32 digest = _digestUntil(DEADLINE);
        _expectSignedInvalid(_structHash(DEADLINE), "without a domain");
        _expectSignedInvalid(keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", digest)), "as a message");
        _expectSignedInvalid(keccak256(abi.encodePacked(digest)), "hashed again");
        _expectSignedInvalid(bytes32(0), "zero");
    }

    function testFuzz_consentToSomethingElseIsNone(uint256 seed) public {
        _expectSignedInvalid(_otherPurpose(seed), "another purpose");
    }

    function testFuzz_aDeadlineIsSignedToo(uint48 signed, uint48 told) public {
        (address key, uint256 secret) = _signer();
        vm.assume(signed != told);
        bytes memory signature = _signature(secret, _digestUntil(signed));
        (bool done, bytes memory answer) = _try(Authorization(key, told, signature));
        assertFalse(done || _isDone(), "deadline");
        bytes memory reason =
            told < START ? abi.encodeWithSelector(EXPIRED, told) : abi.encodeWithSelector(INVALID, key);
        assertEq(keccak256(answer), keccak256(reason), "reason");
    }

    function testFuzz_aWalletsAnswerIsOneWordAndNoOther(bytes calldata answer) public {
        bool right = answer.length >= 32 && bytes32(answer[:32]) == RIGHT;
        _expectOfWallet(false, answer, right, "any answer");
        _expectOfWallet(true, answer, false, "any revert");
    }

    function test_aWalletThatSaysYesHasSigned() public {
        _expectOfWallet(false, abi.encode(RIGHT), true, "the word");
    }

    /// Solidity's own decoder ignores what follows a word, and so does this.
    function test_aWalletThatSaysYesAndMoreHasSigned() public {
        _expectOfWallet(false, abi.encode(RIGHT, RIGHT), true, "the word and another");
    }

    function test_aWalletThatSaysAnythingElseHasNot() public {
        _expectOfWallet(false, "", false, "nothing");
        _expectOfWallet(false, abi.encodePacked(bytes4(RIGHT)), false, "four bytes");
        _expectOfWallet(false, abi.encodePacked(bytes31(RIGHT)), false, "31 bytes");
        _expectOfWallet(false, abi.encode(bytes32(uint256(RIGHT) | 1)), false, "a word with a bit more");
        _expectOfWallet(false, abi.encode(bytes4(0xffffffff)), false, "no");
        _expectOfWallet(false, abi.encode(true), false, "true");
        _expectOfWallet(false, abi.encode(uint32(bytes4(RIGHT))), false, "the word at the wrong end");
        _expectOfWallet(false, abi.encode(bytes32(0), RIGHT), false, "the word too late");
        _expectOfWallet(true, abi.encode(RIGHT), false, "the word, reverted with");
        _expectOfWallet(true, "", false, "a revert");
    }

    function test_aWalletIsAskedAboutTheVeryDigestAndSignature() public {
        uint256 before = vm.snapshotState();
        address wallet = address(new ScriptedWallet(_digestUntil(DEADLINE), hex"01", false, abi.encode(RIGHT)));
        _letSign(wallet);
        _expectInvalidOf(wallet, hex"02", "another signature");
        vm.revertToState(before);
        wallet = address(new ScriptedWallet(bytes32(0), hex"01", false, abi.encode(RIGHT)));
        _letSign(wallet);
        _expectInvalidOf(wallet, hex"01", "another digest");
    }

    function test_aWalletThatWritesWhileItIsAskedHasNotSigned() public {
        WritingWallet wallet = new WritingWallet();
        _letSign(address(wallet));
        _expectInvalidOf(address(wallet), hex"01", "a wallet that writes");
        assertEq(wallet.asked(), 0, "written");
    }

    function isSignedBy(address key, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return Signatures.isSignedBy(passkeys, key, digest, signature);
    }

    function _expectSignedInvalid(bytes32 digest, string memory what) private {
        (, uint256 secret) = _signer();
        _expectInvalid(_signature(secret, digest), what);
    }

    /// The wallet's typed data name the wallet, so they are hashed only when it is there; a twin at the same address
    /// then knows what it will be asked.
    function _expectOfWallet(bool reverts, bytes memory answer, bool accepted, string memory what) private {
        uint256 before = vm.snapshotState();
        address wallet = address(new ScriptedWallet(bytes32(0), hex"01", reverts, answer));
        _letSign(wallet);
        bytes32 digest = _digestUntil(DEADLINE);
        vm.revertToState(before);
        address twin = address(new ScriptedWallet(digest, hex"01", reverts, answer));
        assertEq(twin, wallet, "twin");
        _letSign(twin);
        if (accepted) _expectAccepted(twin, hex"01", what);
        else _expectInvalidOf(twin, hex"01", what);
        vm.revertToState(before);
    }
}

contract SignedMoveTest is SignatureCases {
    uint256 private _piece;
    address private _owner;

    function setUp() public override {
        super.setUp();
        (_piece, _owner) = (_pieceOf(alice), alice);
    }

    function testFuzz_aSignatureIsForOneCountOfMoves(uint8 signed, uint8 made) public {
        (signed, made) = (uint8(bound(signed, 0, 9)), uint8(bound(made, 1, 9)));
        bytes32 digest = _transferDigest(_piece, alice, bob, signed, DEADLINE);
        for (uint256 i = 1; i < made; ++i) {
            vm.prank(alice);
            pieces.transferFrom(alice, alice, _piece);
        }
        Authorization memory order = Authorization(alice, DEADLINE, _signature(ALICE_SECRET, digest));
        bytes memory atItsOwnCount = abi.encodeCall(IPieces.transferWithSignature, (_piece, bob, signed, order));
        bytes memory atTodaysCount = abi.encodeCall(IPieces.transferWithSignature, (_piece, bob, made, order));
        (bool done, ) = address(pieces).call(atItsOwnCount);
        assertTrue(done == (signed == made), "good at its own count only");
        (done, ) = address(pieces).call(atTodaysCount);
        assertFalse(done, "at today's count");
    }

    function _signer() internal view override returns (address, uint256) {
        return (alice, ALICE_SECRET);
    }

    function _letSign(address wallet) internal override {
        vm.prank(alice);
        pieces.transferFrom(alice, wallet, _piece);
        _owner = wallet;
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256("Transfer(uint256 tokenId,address from,address to,uint24 moves,uint48 deadline)");
        return keccak256(abi.encode(kind, _piece, _owner, bob, _moves(), deadline));
    }

    function _domain() internal view override returns (string memory, address) {
        return ("Touchstone Pieces", address(pieces));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(IPieces.transferWithSignature, (_piece, bob, _moves(), authorization));
    }

    function _otherPurpose(uint256 seed) internal view override returns (bytes32) {
        if (seed % 2 == 0) return _registerDigest(_rootOnly(bytes32(seed), 1), DEADLINE);
        return _setKeyDigest(alice, bob, uint16(seed >> 8), FOREVER, uint32(seed >> 32), DEADLINE);
    }

    function _isDone() internal view override returns (bool) {
        return pieces.ownerOf(_piece) != _owner;
    }

    function _moves() private view returns (uint24) {
        return _owner == alice ? 1 : 2;
    }
}

contract SignedRegistrationTest is SignatureCases {
    address private _key = makerKey;

    function _signer() internal view override returns (address, uint256) {
        return (_key, MAKER_SECRET);
    }

    function _letSign(address wallet) internal override {
        _setKey(wallet, REGISTER, FOREVER);
        _key = wallet;
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256(
            "Register(address organisation,bytes32 root,uint32 count,uint8 mode,bytes32 payloadHash,uint32 parts,uint48 deadline)"
        );
        BatchHeader memory h = _header();
        return keccak256(abi.encode(kind, h.organisation, h.root, h.count, h.mode, h.payloadHash, h.parts, deadline));
    }

    function _domain() internal view override returns (string memory, address) {
        return ("Touchstone Pieces", address(pieces));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(IPieces.register, (_header(), authorization));
    }

    function _otherPurpose(uint256 seed) internal view override returns (bytes32) {
        if (seed % 2 == 0) return _transferDigest(seed, workshop, bob, uint24(seed), DEADLINE);
        return _setKeyDigest(workshop, bob, uint16(seed >> 8), FOREVER, uint32(seed >> 32), DEADLINE);
    }

    function _isDone() internal view override returns (bool) {
        return pieces.balanceOf(workshop) != 0;
    }

    function _header() private view returns (BatchHeader memory) {
        return BatchHeader(workshop, ROOT, 9, 1, keccak256("payload"), 2);
    }
}

contract SignedKeyChangeTest is SignatureCases {
    address private _key = makerKey;
    uint32 private _nonce;

    function testFuzz_aSignatureIsForOneNonce(uint8 signed, uint8 made) public {
        (signed, made) = (uint8(bound(signed, 0, 9)), uint8(bound(made, 0, 9)));
        bytes32 digest = _setKeyDigest(workshop, shopKey, TRANSFER, FOREVER, signed, DEADLINE);
        for (uint256 i = 0; i < made; ++i) _setKey(bob, TRANSFER, FOREVER);
        (bool done, ) = _try(Authorization(makerKey, DEADLINE, _signature(MAKER_SECRET, digest)));
        assertTrue(done == (signed == made), "good at its own nonce only");
    }

    function _signer() internal view override returns (address, uint256) {
        return (_key, MAKER_SECRET);
    }

    function _letSign(address wallet) internal override {
        _setKey(wallet, ADMINISTER, FOREVER);
        (_key, _nonce) = (wallet, 1);
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256(
            "SetKey(address organisation,address key,uint16 permissions,uint48 until,uint32 nonce,uint48 deadline)"
        );
        return keccak256(abi.encode(kind, workshop, shopKey, TRANSFER, FOREVER, _nonce, deadline));
    }

    function _domain() internal view override returns (string memory, address) {
        return ("Touchstone Organisations", address(organisations));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(IOrganisations.setKey, (workshop, shopKey, TRANSFER, FOREVER, authorization));
    }

    function _otherPurpose(uint256 seed) internal view override returns (bytes32) {
        if (seed % 2 == 0) return _registerDigest(_rootOnly(bytes32(seed), 1), DEADLINE);
        return _transferDigest(seed, workshop, bob, uint24(seed), DEADLINE);
    }

    function _isDone() internal view override returns (bool) {
        return organisations.keyOf(workshop, shopKey).until != 0;
    }
}
