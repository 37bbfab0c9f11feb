// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {Entry, IBundles} from "../../../contracts/interfaces/IBundles.sol";

/// Uses up whatever gas it is given.
contract BurningReceiver {
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        for (uint256 i = 0; ; ++i) {}
        return 0;
    }
}

/// Answers, or fails, with as many bytes as it is told, beginning with a selector that promises an error.
contract Bomb {
    function fail(uint256 size) external pure {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, shl(224, 0xdeadbeef))
            revert(at, size)
        }
    }

    function answer(uint256 size) external pure {
        assembly ("memory-safe") {
            return(mload(0x40), size)
        }
    }
}

/// Answers a piece with a megabyte of reasons against it.
contract BombReceiver {
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        assembly ("memory-safe") {
            revert(mload(0x40), 1000000)
        }
    }
}

/// Takes a piece, and brings its transfer to the chain once more while it does.
contract RebundlingReceiver is IERC721Receiver {
    IBundles private immutable _bundles;
    Entry[] private _plan;
    bool[] public done;

    constructor(IBundles bundles) {
        _bundles = bundles;
    }

    function plan(Entry calldata entry) external {
        _plan.push(entry);
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        done = _bundles.run(_plan);
        return IERC721Receiver.onERC721Received.selector;
    }
}

/// Counts the calls that came with gas enough, and remembers the least that any came with.
contract GasMeter {
    uint256 public calls;
    uint256 public least = type(uint256).max;

    function enter() external {
        uint256 given = gasleft();
        ++calls;
        if (given < least) least = given;
    }
}
