// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Passkeys
/// @notice Accounts that a passkey signs for, derived from its public key.
interface IPasskeys {
    /// @notice The account of a public key on P-256 and a salt.
    function accountOf(bytes32 qx, bytes32 qy, uint256 salt) external pure returns (address);

    /// @notice Whether the passkey of `account` signed `digest`. Never reverts, whatever the bytes.
    function isSignedBy(address account, bytes32 digest, bytes calldata signature) external view returns (bool);
}
