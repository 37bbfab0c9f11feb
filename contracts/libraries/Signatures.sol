// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IPasskeys} from "../interfaces/IPasskeys.sol";

/// @dev Owns one question: did this account sign this digest? ECDSA is tried first, because an externally owned
/// account that delegates by EIP-7702 has code and yet signs with its key. Then an account with code speaks for itself
/// by ERC-1271, and for one without, longer bytes may be a passkey's.
library Signatures {
    uint256 internal constant ECDSA_LENGTH = 65;

    function isSignedBy(
        IPasskeys passkeys,
        address account,
        bytes32 digest,
        bytes calldata signature
    ) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && recovered == account) return true;
        if (account.code.length != 0) {
            return SignatureChecker.isValidERC1271SignatureNow(account, digest, signature);
        }
        return signature.length > ECDSA_LENGTH && passkeys.isSignedBy(account, digest, signature);
    }
}
