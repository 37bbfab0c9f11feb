// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {Ledger} from "./Ledger.sol";

/// One call that can be authorised by a signature, with all its words fixed but the signature, its key and its
/// deadline; always brought by a stranger. The tests of signatures are written against this.
abstract contract SignedCall is Ledger {
    bytes4 internal constant INVALID = bytes4(keccak256("InvalidSignature(address)"));
    bytes4 internal constant EXPIRED = bytes4(keccak256("SignatureExpired(uint48)"));
    uint48 internal constant DEADLINE = START + 1000;

    /// Whose signature is asked for, and what she signs with.
    function _signer() internal view virtual returns (address, uint256 secret);

    /// Makes a contract account the one whose signature is asked for. Called before anything is signed.
    function _letSign(address wallet) internal virtual;

    /// What stands between domain and signature: the hash of the typed data.
    function _structHash(uint48 deadline) internal view virtual returns (bytes32);

    function _domain() internal view virtual returns (string memory name, address verifier);

    /// The call with this authorization, encoded for `_domain`'s verifier.
    function _call(Authorization memory authorization) internal view virtual returns (bytes memory);

    /// Typed data of the other signed calls, of the same key, with words drawn from a seed.
    function _otherPurpose(uint256 seed) internal view virtual returns (bytes32 digest);

    /// Whether the call has been done.
    function _isDone() internal view virtual returns (bool);

    function _digestUntil(uint48 deadline) internal view returns (bytes32) {
        (string memory name, address verifier) = _domain();
        return _digest(verifier, name, _structHash(deadline));
    }

    function _faultless() internal view returns (bytes memory signature) {
        (, uint256 secret) = _signer();
        return _signature(secret, _digestUntil(DEADLINE));
    }

    function _try(Authorization memory authorization) internal returns (bool done, bytes memory answer) {
        (, address verifier) = _domain();
        bytes memory call = _call(authorization);
        vm.prank(stranger);
        return verifier.call(call);
    }

    function _expectAccepted(address key, bytes memory signature, string memory what) internal {
        (bool done, ) = _try(Authorization(key, DEADLINE, signature));
        assertTrue(done && _isDone(), what);
    }

    /// Refused, and because of the signature.
    function _expectInvalid(bytes memory signature, string memory what) internal {
        (address key, ) = _signer();
        _expectInvalidOf(key, signature, what);
    }

    function _expectInvalidOf(address key, bytes memory signature, string memory what) internal {
        (bool done, bytes memory answer) = _try(Authorization(key, DEADLINE, signature));
        assertFalse(done || _isDone(), what);
        assertEq(keccak256(answer), keccak256(abi.encodeWithSelector(INVALID, key)), what);
    }
}
