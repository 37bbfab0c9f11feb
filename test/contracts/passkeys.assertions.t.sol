// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Base64Url} from "../../contracts/libraries/Base64Url.sol";
import {Assertion, PasskeySigning} from "./support/PasskeySigning.sol";

/// What of WebAuthn is a signature, asked of the contract itself.
contract PasskeyAssertionsTest is PasskeySigning {
    uint256 private constant FIELD = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF;
    uint256 private constant FIXED = 166;
    bytes32 private constant DIGEST = keccak256("what is signed");

    function testFuzz_anAssertionIsASignatureInEveryForm(uint256 secret, uint256 salt, bytes32 digest) public view {
        secret = bound(secret, 1, P256_ORDER - 1);
        for (uint8 form = 0; form <= uint8(Form.Sorted); ++form) {
            Assertion memory a = _assertion(secret, salt, digest, Form(form));
            assertTrue(passkeys.isSignedBy(_account(secret, salt), digest, _pack(a)), "form");
        }
    }

    function testFuzz_anAccountIsThatOfKeyAndSalt(bytes32 qx, bytes32 qy, uint256 salt) public view {
        bytes32 hash = keccak256(abi.encode(keccak256("touchstone.passkey.v1"), qx, qy, salt));
        assertEq(passkeys.accountOf(qx, qy, salt), address(uint160(uint256(hash))), "account");
    }

    function testFuzz_itSignsForNoOtherAccountKeySaltOrDigest(uint256 by) public view {
        by = bound(by, 1, P256_ORDER - PASSKEY_SECRET - 1);
        bytes memory signature = _signedByPasskey(PASSKEY_SECRET, SALT, DIGEST);
        address account = _account(PASSKEY_SECRET, SALT);
        assertFalse(passkeys.isSignedBy(address(uint160(account) ^ uint160(by | 1)), DIGEST, signature), "account");
        assertFalse(passkeys.isSignedBy(account, bytes32(uint256(DIGEST) ^ by), signature), "digest");
        _expectNot(_assertion(PASSKEY_SECRET, SALT ^ by, DIGEST, Form.Rest), "another's salt");
        _expectNot(_assertion(PASSKEY_SECRET + by, SALT, DIGEST, Form.Rest), "another's key");
        Assertion memory posing = _assertion(PASSKEY_SECRET + by, SALT, DIGEST, Form.Rest);
        (uint256 qx, uint256 qy) = vm.publicKeyP256(PASSKEY_SECRET);
        (posing.qx, posing.qy) = (bytes32(qx), bytes32(qy));
        _expectNot(posing, "signed by another");
    }

    function testFuzz_noFlippedBitIsAccepted(uint8 form, uint256 bit) public view {
        bytes memory signature = _pack(_assertion(PASSKEY_SECRET, SALT, DIGEST, Form(form % 3)));
        bit = bound(bit, 0, signature.length * 8 - 1);
        signature[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        _expectNot(signature, "a flipped bit");
    }

    function test_nothingShorterOrLongerIsAccepted() public view {
        for (uint8 form = 0; form <= uint8(Form.Sorted); ++form) {
            bytes memory signature = _pack(_assertion(PASSKEY_SECRET, SALT, DIGEST, Form(form)));
            for (uint256 length = 0; length < signature.length; ++length) _expectNot(_cut(signature, length), "cut");
            _expectNot(bytes.concat(signature, hex"00"), "a byte more");
        }
    }

    function testFuzz_noBytesAreASignatureNorMakeItFail(bytes calldata noise, address account) public view {
        assertFalse(passkeys.isSignedBy(account, DIGEST, noise), "noise");
        assertFalse(passkeys.isSignedBy(address(0), DIGEST, noise), "nobody");
    }

    /// The account fits and so do the first lengths, so that every later check meets noise too.
    function testFuzz_noBytesBehindTheRightKeyAreASignature(
        uint8[3] calldata lengths,
        bytes32 r,
        bytes calldata noise
    ) public view {
        Assertion memory a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.Rest);
        bytes memory first = abi.encodePacked(uint16(lengths[0]), uint16(lengths[1]), uint16(lengths[2]));
        _expectNot(abi.encodePacked(a.qx, a.qy, a.salt, r, a.s, first, noise), "noise behind a key");
        bytes memory second = abi.encodePacked(uint16(37), uint16(lengths[1] % 64), uint16(lengths[2] % 64));
        second = abi.encodePacked(a.qx, a.qy, a.salt, a.r, a.s, second, a.authenticatorData, noise);
        _expectNot(second, "noise for client data");
    }

    function test_lengthsThatReachBeyondTheEndAreRefused() public view {
        Assertion memory a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.Sorted);
        bytes memory right = _pack(a);
        for (uint256 i = 160; i < FIXED; i += 2) {
            bytes memory signature = bytes.concat(right);
            (signature[i], signature[i + 1]) = (0xff, 0xff);
            _expectNot(signature, "a length of 65,535");
        }
        a.typeAt = uint16(a.head.length + a.rest.length - 20);
        _expectNot(a, "a type that begins within and ends beyond");
    }

    function test_theStandardHeadHasTwoFormsAndNoMore() public view {
        for (uint16 form = 0; form < 300; ++form) {
            Assertion memory a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.Rest);
            a.typeAt = form;
            assertTrue(_isSigned(_pack(a)) == (form == 0), "form of the rest");
            a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.OriginOnly);
            a.typeAt = form;
            assertTrue(_isSigned(_pack(a)) == (form == 1), "form of the origin");
        }
    }

    /// In Solidity alone the curve takes many times as much.
    function test_theCurveIsLeftToTheChainItself() public view {
        bytes memory signature = _signedByPasskey(PASSKEY_SECRET, SALT, DIGEST);
        address account = _account(PASSKEY_SECRET, SALT);
        uint256 before = gasleft();
        assertTrue(passkeys.isSignedBy(account, DIGEST, signature), "signed");
        assertTrue(before - gasleft() < 25_000, "gas");
    }

    function test_theUpperHalfOfSIsRefused() public view {
        Assertion memory a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.Rest);
        a.s = _mirrored(a.s);
        _expectNot(a, "mirrored");
    }

    function test_halvesOutOfRangeAreRefused() public view {
        Assertion memory a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.Rest);
        (bytes32 r, bytes32 s) = (a.r, a.s);
        bytes32[4] memory values = [
            bytes32(0),
            bytes32(P256_ORDER),
            bytes32(P256_ORDER + 1),
            bytes32(type(uint256).max)
        ];
        for (uint256 i = 0; i < values.length; ++i) {
            (a.r, a.s) = (values[i], s);
            _expectNot(a, "r");
            (a.r, a.s) = (r, values[i]);
            _expectNot(a, "s");
            (a.r, a.s) = (values[i], values[i]);
            _expectNot(a, "both");
        }
    }

    function testFuzz_whatIsNoPointOfTheCurveNeverSigns(bytes32 qx, bytes32 qy) public view {
        Assertion memory a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.Rest);
        (bytes32 rightX, bytes32 rightY) = (a.qx, a.qy);
        _expectNoKey(a, qx, qy);
        _expectNoKey(a, rightX, qy);
        _expectNoKey(a, qx, rightY);
        _expectNoKey(a, rightY, rightX);
        _expectNoKey(a, rightX, bytes32(FIELD - uint256(rightY)));
    }

    function test_theEdgesOfTheFieldNeverSign() public view {
        Assertion memory a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.Rest);
        bytes32[4] memory edges = [bytes32(0), bytes32(FIELD), bytes32(FIELD + 1), bytes32(type(uint256).max)];
        for (uint256 i = 0; i < 16; ++i) _expectNoKey(a, edges[i / 4], edges[i % 4]);
    }

    function testFuzz_somebodyIsPresentAndVerified(uint8 flags) public view {
        Assertion memory a = _withData(_authenticatorData(bytes1(flags)));
        bool good = flags & 5 == 5 && (flags & 16 == 0 || flags & 8 != 0);
        assertTrue(_isSigned(_pack(a)) == good, "flags");
    }

    function test_everyMissingFlagIsMissed() public view {
        bytes1[8] memory flags = [bytes1(0x00), 0x01, 0x04, 0x15, 0x05, 0x0d, 0x1d, 0xcd];
        for (uint256 i = 0; i < flags.length; ++i) {
            assertTrue(_isSigned(_pack(_withData(_authenticatorData(flags[i])))) == (i > 3), "flags");
        }
    }

    function test_authenticatorDataHaveThirtySevenBytesOrMore() public view {
        bytes memory data = _authenticatorData(FLAGS);
        for (uint256 length = 0; length < 37; ++length) _expectNot(_withData(_cut(data, length)), "too short");
        assertTrue(
            _isSigned(_pack(_withData(bytes.concat(data, hex"a16b6372656450726f7465637401")))),
            "with extensions"
        );
    }

    function test_onlyAnAssertionIsASignature() public view {
        string memory rest = string.concat('","origin":"', ORIGIN, '"}');
        _expectOf('{"type":"webauthn.get","challenge":"', 1, rest, true, "the head written out");
        _expectOf('{"type":"webauthn.create","challenge":"', 1, rest, false, "a registration");
        _expectOf('{"type":"payment.get","challenge":"', 1, rest, false, "a payment");
        _expectOf('{"type":"webauthn.gets","challenge":"', 1, rest, false, "another word");
        _expectOf('{"challenge":"', 0, rest, false, "no type");
        _expectOf('{"type": "webauthn.get","challenge":"', 1, rest, false, "a blank");
        _expectOf('{"type":"webauthn.get","challenge":"', 0, rest, false, "the type a place before");
        _expectOf('{"type":"webauthn.get","challenge":"', 2, rest, false, "the type a place behind");
        _expectOf('{"type":"webauthn.get","challenge":"', 200, rest, false, "the type beyond the end");
    }

    function test_theDigestStandsWhereTheChallengeDoes() public view {
        string memory rest = string.concat('","origin":"', ORIGIN, '"}');
        _expectOf('{"type":"webauthn.get","challenge":"AAAA","note":"', 1, rest, false, "under another name");
        _expectOf('{"type":"webauthn.get","challenge":"AAAA', 1, rest, false, "behind another challenge");
        _expectOf('{"type":"webauthn.get","no-challenge":"', 1, rest, false, "under a longer name");
        _expectOf('{"type":"webauthn.get","challenge": "', 1, rest, false, "behind a blank");
        _expectOf('"challenge":"', 0, string.concat(rest, '"type":"webauthn.get"'), false, "the type elsewhere");
        _expectOf("", 0, string.concat("A", rest), false, "a longer challenge");
        _expectOf('{"type":"webauthn.get","challenge":"', 1, string.concat("A", rest), false, "a longer challenge");
        _expectOf('{"type":"webauthn.get","challenge":"', 1, "", false, "nothing behind");
        _expectOf('hallenge":"', 0, '","type":"webauthn.get"}', false, "too short for a challenge");
    }

    /// Signed over the client data in which the challenge is written otherwise: nothing that is packed makes those.
    function test_aChallengeIsInBase64UrlWithoutPadding() public view {
        bytes32 digest = hex"fbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbff";
        address account = _account(PASSKEY_SECRET, SALT);
        string[2] memory written = [
            Base64.encode(abi.encodePacked(digest)),
            string.concat(Base64.encodeURL(abi.encodePacked(digest)), "=")
        ];
        for (uint256 i = 0; i < written.length; ++i) {
            Assertion memory a = _assertion(PASSKEY_SECRET, SALT, digest, Form.Rest);
            assertTrue(passkeys.isSignedBy(account, digest, _pack(a)), "as it is right");
            _sign(
                a,
                PASSKEY_SECRET,
                SALT,
                bytes.concat('{"type":"webauthn.get","challenge":"', bytes(written[i]), a.rest)
            );
            assertFalse(passkeys.isSignedBy(account, digest, _pack(a)), written[i]);
            if (i == 1) a.rest = bytes.concat("=", a.rest);
            assertFalse(passkeys.isSignedBy(account, digest, _pack(a)), "with what is behind it");
        }
    }

    function testFuzz_base64UrlIsAsEverybodyWritesIt(bytes32 data) public pure {
        _expectWritten(data);
        _expectWritten(0);
        _expectWritten(bytes32(type(uint256).max));
        // All 64 characters, in both parts.
        _expectWritten(0x00108310518720928b30d38f41149351559761969b71d79f8218a39259a7a29a);
        _expectWritten(0xabb2dbafc31cb3d35db7e39ebbf3dfbf00108310518720928b30d38f41149351);
        for (uint256 i = 0; i < 256; i += 2) _expectWritten(bytes32(uint256(data) ^ (3 << i)));
    }

    function test_lengthHasALimitAndSoHasItsPrice() public view {
        Assertion memory a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.OriginOnly);
        a.rest = new bytes(4_096 - FIXED - 37);
        for (uint256 i = 0; i < a.rest.length; ++i) a.rest[i] = "a";
        bytes memory challenge = bytes(Base64.encodeURL(abi.encodePacked(DIGEST)));
        bytes memory start = bytes.concat('{"type":"webauthn.get","challenge":"', challenge, '","origin":"');
        _sign(a, PASSKEY_SECRET, SALT, bytes.concat(start, a.rest, '","crossOrigin":false}'));
        assertTrue(_isSigned(_pack(a)), "4,096 bytes");
        a.rest = bytes.concat(a.rest, "a");
        _sign(a, PASSKEY_SECRET, SALT, bytes.concat(start, a.rest, '","crossOrigin":false}'));
        _expectNot(a, "4,097 bytes");
        bytes memory huge = bytes.concat(_pack(a), new bytes(500_000));
        address account = _account(PASSKEY_SECRET, SALT);
        bytes memory question = abi.encodeCall(passkeys.isSignedBy, (account, DIGEST, huge));
        (bool answered, bytes memory answer) = address(passkeys).staticcall{gas: 5_000}(question);
        assertTrue(answered && !abi.decode(answer, (bool)), "half a megabyte for 5,000 gas");
    }

    function _withData(bytes memory data) private pure returns (Assertion memory a) {
        a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.Rest);
        a.authenticatorData = data;
        bytes memory challenge = bytes(Base64.encodeURL(abi.encodePacked(DIGEST)));
        _sign(a, PASSKEY_SECRET, SALT, bytes.concat('{"type":"webauthn.get","challenge":"', challenge, a.rest));
    }

    /// Signs head, digest and rest, as they are; an empty head is the standard one.
    function _expectOf(
        string memory head,
        uint16 typeAt,
        string memory rest,
        bool good,
        string memory what
    ) private view {
        Assertion memory a = _assertion(PASSKEY_SECRET, SALT, DIGEST, Form.Rest);
        (a.head, a.typeAt, a.rest) = (bytes(head), typeAt, bytes(rest));
        bytes memory start = a.head.length == 0 ? bytes('{"type":"webauthn.get","challenge":"') : a.head;
        bytes memory challenge = bytes(Base64.encodeURL(abi.encodePacked(DIGEST)));
        _sign(a, PASSKEY_SECRET, SALT, bytes.concat(start, challenge, a.rest));
        assertTrue(_isSigned(_pack(a)) == good, what);
    }

    /// Asked for the account of these very numbers.
    function _expectNoKey(Assertion memory a, bytes32 qx, bytes32 qy) private view {
        (a.qx, a.qy) = (qx, qy);
        assertFalse(passkeys.isSignedBy(passkeys.accountOf(qx, qy, SALT), DIGEST, _pack(a)), "no key");
    }

    function _expectNot(Assertion memory a, string memory what) private view {
        _expectNot(_pack(a), what);
    }

    function _expectNot(bytes memory signature, string memory what) private view {
        assertFalse(_isSigned(signature), what);
    }

    function _isSigned(bytes memory signature) private view returns (bool) {
        return passkeys.isSignedBy(_account(PASSKEY_SECRET, SALT), DIGEST, signature);
    }

    function _expectWritten(bytes32 data) private pure {
        (bytes32 first, bytes11 rest) = Base64Url.encode(data);
        assertEq(
            keccak256(bytes.concat(first, rest)),
            keccak256(bytes(Base64.encodeURL(abi.encodePacked(data)))),
            "base64url"
        );
    }

    function _cut(bytes memory whole, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) part[i] = whole[i];
    }
}
