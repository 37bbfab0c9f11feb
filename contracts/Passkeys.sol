// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {IPasskeys} from "./interfaces/IPasskeys.sol";
import {Base64Url} from "./libraries/Base64Url.sol";

/// @title Passkeys
/// @dev What it does and promises stands in IPasskeys. The checks are those of OpenZeppelin's WebAuthn with user
/// verification required; they are written out here because with this shorter encoding there is less to look for: the
/// client data are made around the digest, not searched for it.
contract Passkeys is IPasskeys {
    bytes32 internal constant PASSKEY_TAG = keccak256("touchstone.passkey.v1");
    // solhint-disable quotes
    /// How the client data of every client begins that follows the standard, and how most of them go on and end.
    bytes internal constant STANDARD_START = '{"type":"webauthn.get","challenge":"';
    bytes internal constant BEFORE_ORIGIN = '","origin":"';
    bytes internal constant STANDARD_END = '","crossOrigin":false}';
    uint256 internal constant ORIGIN_ONLY = 1;
    bytes13 internal constant BEFORE_CHALLENGE = '"challenge":"';
    bytes21 internal constant TYPE = '"type":"webauthn.get"';
    bytes1 internal constant QUOTE = '"';
    // solhint-enable quotes
    /// What of a signature has a place of its own: five words and three lengths.
    uint256 internal constant FIXED = 166;
    uint256 internal constant MAX_LENGTH = 4_096;
    /// A hash, the flags and a counter.
    uint256 internal constant MIN_AUTHENTICATOR_DATA = 37;
    uint256 internal constant FLAGS_AT = 32;

    /// @inheritdoc IPasskeys
    function isSignedBy(address account, bytes32 digest, bytes calldata signature) external view returns (bool) {
        if (signature.length < FIXED || signature.length > MAX_LENGTH) return false;
        (bytes32 qx, bytes32 qy, uint256 salt, bytes32 r, bytes32 s) = abi.decode(
            signature[:160],
            (bytes32, bytes32, uint256, bytes32, bytes32)
        );
        if (accountOf(qx, qy, salt) != account) return false;
        bytes32 signed = _signed(digest, signature);
        return signed != 0 && P256.verify(signed, r, s, qx, qy);
    }

    /// @inheritdoc IPasskeys
    function accountOf(bytes32 qx, bytes32 qy, uint256 salt) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(PASSKEY_TAG, qx, qy, salt)))));
    }

    /// What the authenticator signed, if it consented to this digest; else zero, which no hash is.
    function _signed(bytes32 digest, bytes calldata signature) private pure returns (bytes32) {
        uint256 lengths = uint48(bytes6(signature[160:FIXED]));
        uint256 clientDataAt = FIXED + (lengths >> 32);
        if (clientDataAt > signature.length) return 0;
        bytes calldata authenticatorData = signature[FIXED:clientDataAt];
        if (authenticatorData.length < MIN_AUTHENTICATOR_DATA || !_isConsent(authenticatorData[FLAGS_AT])) return 0;
        bytes calldata around = signature[clientDataAt:];
        bytes memory clientData = _clientData(digest, around, uint16(lengths >> 16), uint16(lengths));
        if (clientData.length == 0) return 0;
        return sha256(bytes.concat(authenticatorData, sha256(clientData)));
    }

    /// The client data with the digest put in as its challenge, so that no other challenge can be in it; empty where
    /// `around` isn't what stands around a challenge.
    function _clientData(
        bytes32 digest,
        bytes calldata around,
        uint256 headLength,
        uint256 typeAt
    ) private pure returns (bytes memory) {
        (bytes32 challenge, bytes11 rest) = Base64Url.encode(digest);
        if (headLength == 0 && typeAt == ORIGIN_ONLY) {
            return bytes.concat(STANDARD_START, challenge, rest, BEFORE_ORIGIN, around, STANDARD_END);
        }
        // The challenge ends where the digest does: else it would be a longer one that only begins like it.
        if (headLength >= around.length || around[headLength] != QUOTE) return "";
        bytes calldata tail = around[headLength:];
        if (headLength == 0) return typeAt == 0 ? bytes.concat(STANDARD_START, challenge, rest, tail) : bytes("");
        bytes calldata head = around[:headLength];
        if (headLength < 13 || bytes13(head[headLength - 13:]) != BEFORE_CHALLENGE) return "";
        // It can't reach over the challenge's place: two quotes meet there, and the type has no such two.
        if (typeAt + 21 > around.length || bytes21(around[typeAt:typeAt + 21]) != TYPE) return "";
        return bytes.concat(head, challenge, rest, tail);
    }

    /// Somebody was there and showed who he is; and no backup exists of what can't be backed up.
    function _isConsent(bytes1 flags) private pure returns (bool) {
        bytes1 needed = WebAuthn.AUTH_DATA_FLAGS_UP | WebAuthn.AUTH_DATA_FLAGS_UV;
        bool backedUp = flags & WebAuthn.AUTH_DATA_FLAGS_BS != 0;
        return flags & needed == needed && (!backedUp || flags & WebAuthn.AUTH_DATA_FLAGS_BE != 0);
    }
}
