// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Ledger} from "./Ledger.sol";

/// Everything in a passkey's signature, so that a test can change any of it before it is packed.
struct Assertion {
    bytes32 qx;
    bytes32 qy;
    uint256 salt;
    bytes32 r;
    bytes32 s;
    bytes authenticatorData;
    bytes head;
    uint16 typeAt;
    bytes rest;
}

/// An authenticator and its browser in a few lines: they sign what a test tells them to, also what no real one would.
abstract contract PasskeySigning is Ledger {
    /// Packed as other clients than the standard's have their members: sorted by name.
    enum Form {
        Rest,
        OriginOnly,
        Sorted
    }

    uint256 internal constant P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;
    uint256 internal constant PASSKEY_SECRET = 0xB1;
    uint256 internal constant SALT = 77;
    string internal constant ORIGIN = "https://touchstone.example";
    /// User present and verified.
    bytes1 internal constant FLAGS = 0x05;

    function _account(uint256 secret, uint256 salt) internal pure returns (address) {
        (uint256 qx, uint256 qy) = vm.publicKeyP256(secret);
        bytes32 tag = keccak256("touchstone.passkey.v1");
        return address(uint160(uint256(keccak256(abi.encode(tag, qx, qy, salt)))));
    }

    function _signedByPasskey(uint256 secret, uint256 salt, bytes32 digest) internal pure returns (bytes memory) {
        return _pack(_assertion(secret, salt, digest, Form.OriginOnly));
    }

    function _assertion(
        uint256 secret,
        uint256 salt,
        bytes32 digest,
        Form form
    ) internal pure returns (Assertion memory a) {
        string memory challenge = Base64.encodeURL(abi.encodePacked(digest));
        a.rest = bytes(string.concat('","origin":"', ORIGIN, '","crossOrigin":false}'));
        if (form == Form.Sorted) {
            a.head = '{"challenge":"';
            a.rest = bytes(string.concat('","origin":"', ORIGIN, '","type":"webauthn.get"}'));
            a.typeAt = uint16(a.head.length + a.rest.length - 22);
        }
        bytes memory start = form == Form.Sorted ? a.head : bytes('{"type":"webauthn.get","challenge":"');
        a.authenticatorData = _authenticatorData(FLAGS);
        _sign(a, secret, salt, bytes.concat(start, bytes(challenge), a.rest));
        if (form == Form.OriginOnly) (a.typeAt, a.rest) = (1, bytes(ORIGIN));
    }

    function _authenticatorData(bytes1 flags) internal pure returns (bytes memory) {
        return abi.encodePacked(sha256("touchstone.example"), flags, uint32(1));
    }

    /// Signs these client data, whatever is in them, with the authenticator data that are there.
    function _sign(Assertion memory a, uint256 secret, uint256 salt, bytes memory clientData) internal pure {
        (uint256 qx, uint256 qy) = vm.publicKeyP256(secret);
        (a.qx, a.qy, a.salt) = (bytes32(qx), bytes32(qy), salt);
        (a.r, a.s) = vm.signP256(secret, sha256(bytes.concat(a.authenticatorData, sha256(clientData))));
        if (uint256(a.s) > P256_ORDER / 2) a.s = _mirrored(a.s);
    }

    function _mirrored(bytes32 s) internal pure returns (bytes32) {
        return bytes32(P256_ORDER - uint256(s));
    }

    function _pack(Assertion memory a) internal pure returns (bytes memory) {
        bytes memory lengths = abi.encodePacked(uint16(a.authenticatorData.length), uint16(a.head.length), a.typeAt);
        return abi.encodePacked(a.qx, a.qy, a.salt, a.r, a.s, lengths, a.authenticatorData, a.head, a.rest);
    }
}
