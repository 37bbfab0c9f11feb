// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Passkeys
/// @notice Lets people own pieces and sign with the passkey of their telephone, computer or security key: no wallet, no
/// words to keep, nothing to deploy first.
/// @dev A passkey's account is the low 160 bits of keccak256(abi.encode(PASSKEY_TAG, qx, qy, salt)), PASSKEY_TAG =
/// keccak256("touchstone.passkey.v1"); qx and qy are the coordinates of its public key on P-256. The salt gives one
/// passkey any number of accounts, which nobody can tell to be the same person's before two of them have signed:
/// customers use the token id, organisations' keys 0. Nobody has a secp256k1 key of such an account.
///
/// A signature is an assertion of WebAuthn with the 32 bytes of the digest as its challenge, packed:
///
/// | at | bytes | what |
/// |---|---|---|
/// | 0 | 32 each | qx, qy, salt, r, s |
/// | 160 | 2 | length of the authenticator data |
/// | 162 | 2 | length of the head |
/// | 164 | 2 | where the type is, or the form |
/// | 166 | | authenticator data, then the client data JSON without the 43 characters of its challenge |
///
/// Head: the part of the client data before the challenge's characters. Where it is empty, it is the standard one,
/// {"type":"webauthn.get","challenge":" and the form says what follows: 0 the rest of the client data, from the quote
/// that ends the challenge; 1 the origin alone, with ","origin":" before it and ","crossOrigin":false} after it. Where it
/// is not empty, it ends with "challenge":" and the number at 164 is where "type":"webauthn.get" begins, counted in the
/// client data without the challenge: there are clients that put the members in another order.
///
/// Good is what WebAuthn, section 7.2, asks for, as far as a contract can: type, challenge, user present, user verified,
/// no backup of what can't be backed up, and ECDSA over sha256(authenticator data, sha256(client data)). User
/// verification is required, because a signature alone moves a piece: who finds a telephone or a security key must not
/// own what its owner owns. Not checked: origin, relying party and counter. A browser lets a passkey sign only for the
/// site it was made for, and a counter would need storage. s must be in the lower half; clients replace it by n - s.
///
/// It keeps nothing and nobody administers it: every answer follows from the arguments alone.
interface IPasskeys {
    /// @notice The account of a passkey. It is given for any numbers: whether they are a point of the curve is only asked
    /// when it signs.
    /// @param qx The public key's x coordinate.
    /// @param qy The public key's y coordinate.
    /// @param salt Which of the passkey's accounts.
    function accountOf(bytes32 qx, bytes32 qy, uint256 salt) external pure returns (address account);

    /// @notice Whether the passkey of this account signed this digest. No bytes make it revert.
    /// @dev Callers ask accounts with code themselves, by ERC-1271, and never here.
    /// @param signature As told above, 4,096 bytes at most. The same assertion can be packed in more than one way, so
    /// nothing may be recognised by these bytes.
    function isSignedBy(address account, bytes32 digest, bytes calldata signature) external view returns (bool);
}
