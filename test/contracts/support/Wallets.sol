// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// A contract account with one signer, asked by ERC-1271. It can also call out, as its signer tells it.
contract SmartWallet is IERC1271, ERC721Holder {
    address private immutable _signer;

    constructor(address signer) {
        _signer = signer;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address recovered, , ) = ECDSA.tryRecover(digest, signature);
        return recovered == _signer ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    function call(address target, bytes calldata data) external returns (bytes memory) {
        require(msg.sender == _signer, "not the signer");
        (bool done, bytes memory answer) = target.call(data);
        require(done, "refused");
        return answer;
    }
}

/// A contract account that fails whenever it is asked about a signature.
contract BrokenWallet is IERC1271, ERC721Holder {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        revert("broken");
    }
}

/// A contract account that says yes to everything and, whenever it is asked, tries to do what it was told first.
contract ReenteringWallet is ERC721Holder {
    address private immutable _target;
    bytes[] private _plans;

    constructor(address target) {
        _target = target;
    }

    function plan(bytes calldata order) external {
        _plans.push(order);
    }

    /// Not `view`, as ERC-1271 wants it: how the asker calls is what keeps it from writing.
    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        for (uint256 i = 0; i < _plans.length; ++i) {
            (bool ignored, ) = _target.call{gas: 200_000}(_plans[i]);
            ignored;
        }
        return IERC1271.isValidSignature.selector;
    }
}

/// A contract account that answers whatever it was told to, or reverts with it, when it is asked about one digest and
/// one signature; about any other it answers zero.
contract ScriptedWallet is ERC721Holder {
    bytes32 private immutable _question;
    bool private immutable _reverts;
    bytes private _answer;

    constructor(bytes32 digest, bytes memory signature, bool reverts, bytes memory answer) {
        _question = keccak256(abi.encode(digest, signature));
        _reverts = reverts;
        _answer = answer;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view {
        bytes memory answer = _answer;
        if (keccak256(abi.encode(digest, signature)) != _question) answer = new bytes(32);
        bool reverts = _reverts;
        assembly ("memory-safe") {
            if reverts {
                revert(add(answer, 0x20), mload(answer))
            }
            return(add(answer, 0x20), mload(answer))
        }
    }
}

/// A contract account that answers rightly, but wants to write something down before it does.
contract WritingWallet is ERC721Holder {
    uint256 public asked;

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        ++asked;
        return IERC1271.isValidSignature.selector;
    }
}

/// What an EIP-7702 account delegates to here: code that knows neither signatures nor pieces.
contract DelegatedCode {
    receive() external payable {}
}
