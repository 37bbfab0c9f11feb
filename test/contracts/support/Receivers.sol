// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

/// Takes every piece and remembers what it was told.
contract AcceptingReceiver is IERC721Receiver {
    address public operator;
    address public from;
    uint256 public tokenId;
    bytes public data;

    function onERC721Received(
        address operator_,
        address from_,
        uint256 tokenId_,
        bytes calldata data_
    ) external returns (bytes4) {
        (operator, from, tokenId, data) = (operator_, from_, tokenId_, data_);
        return IERC721Receiver.onERC721Received.selector;
    }
}

/// Answers, but not what a receiver must answer.
contract RefusingReceiver {
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return 0xdeadbeef;
    }
}

/// Gives its reason for not taking a piece.
contract RevertingReceiver {
    error ClosedToday(uint256 tokenId);

    function onERC721Received(address, address, uint256 tokenId, bytes calldata) external pure returns (bytes4) {
        revert ClosedToday(tokenId);
    }
}

/// Reverts with the bytes it was made with: a message, a custom error, a panic or nothing at all.
contract FailingReceiver {
    bytes private _reason;

    constructor(bytes memory reason) {
        _reason = reason;
    }

    function onERC721Received(address, address, uint256, bytes calldata) external view returns (bytes4) {
        bytes memory reason = _reason;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}

/// Has code and knows nothing of pieces.
contract NoReceiver {
    function onOtherToken() external pure returns (bool) {
        return true;
    }
}

/// Calls back into the ledger, once, while it receives a piece, and keeps what came of it.
contract ReenteringReceiver is IERC721Receiver {
    bytes private _call;
    bool public entered;
    bool public succeeded;
    bytes public answer;

    function plan(bytes calldata callback) external {
        _call = callback;
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        if (!entered) {
            entered = true;
            (succeeded, answer) = msg.sender.call(_call);
        }
        return IERC721Receiver.onERC721Received.selector;
    }
}
