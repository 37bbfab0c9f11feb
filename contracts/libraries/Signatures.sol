// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @dev Owns one question: did this account sign this digest? ECDSA is tried first, because an externally owned
/// account that delegates by EIP-7702 has code and yet signs with its key; ERC-1271 second.
library Signatures {
    function isSignedBy(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && recovered == account) return true;
        return account.code.length != 0 && SignatureChecker.isValidERC1271SignatureNow(account, digest, signature);
    }
}
