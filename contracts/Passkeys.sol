// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {IPasskeys} from "./interfaces/IPasskeys.sol";

/// @title Passkeys
/// @dev What it does and promises stands in IPasskeys.
contract Passkeys is IPasskeys {
    bytes32 internal constant PASSKEY_TAG = keccak256("touchstone.passkey.v1");
    uint256 internal constant MAX_LENGTH = 4096;

    /// @inheritdoc IPasskeys
    function isSignedBy(address account, bytes32 digest, bytes calldata signature) external view returns (bool) {
        if (signature.length < 0x140 || signature.length > MAX_LENGTH) return false;
        bytes32 qx = bytes32(signature[:0x20]);
        bytes32 qy = bytes32(signature[0x20:0x40]);
        if (accountOf(qx, qy, uint256(bytes32(signature[0x40:0x60]))) != account) return false;
        if (uint256(bytes32(signature[0x60:0x80])) != 0x80) return false;
        (bool decoded, WebAuthn.WebAuthnAuth calldata auth) = WebAuthn.tryDecodeAuth(signature[0x80:]);
        return decoded && WebAuthn.verify(abi.encodePacked(digest), auth, qx, qy);
    }

    /// @inheritdoc IPasskeys
    function accountOf(bytes32 qx, bytes32 qy, uint256 salt) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(PASSKEY_TAG, qx, qy, salt)))));
    }
}
