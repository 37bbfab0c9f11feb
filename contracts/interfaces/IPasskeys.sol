// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Passkeys
/// @notice Lets people own and sign with the passkey of their telephone, computer or security key: no wallet, no seed
/// words, nothing to deploy first.
/// @dev A passkey's account is the low 160 bits of keccak256(abi.encode(PASSKEY_TAG, qx, qy, salt)), PASSKEY_TAG =
/// keccak256("touchstone.passkey.v1"); qx and qy are the coordinates of its public key on P-256. The salt gives one
/// passkey any number of accounts that nobody can tell to be the same person's while none of them has signed. Nobody
/// has a secp256k1 key of such an account, and no contract can be deployed there.
///
/// It keeps nothing and nobody administers it: every answer follows from the arguments alone.
interface IPasskeys {
    /// @notice The account of a passkey. Given for any two numbers: that they are a point on the curve is not checked
    /// here, and an account of none can never sign.
    /// @param qx The public key's x coordinate.
    /// @param qy The public key's y coordinate.
    /// @param salt Which of the passkey's accounts.
    function accountOf(bytes32 qx, bytes32 qy, uint256 salt) external pure returns (address account);

    /// @notice Whether the passkey of this account signed this digest. Never reverts, whatever the bytes are.
    /// @dev `signature` is abi.encode(bytes32 qx, bytes32 qy, uint256 salt, WebAuthn.WebAuthnAuth auth).
    function isSignedBy(address account, bytes32 digest, bytes calldata signature) external view returns (bool);
}
