// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Entry, IBundles} from "./interfaces/IBundles.sol";

/// @title Bundles
/// @dev What it does and promises stands in IBundles.
contract Bundles is IBundles {
    /// What is left beside an entry's own gas for telling that it failed and looking at the next one.
    uint256 internal constant RESERVE = 5_000;
    /// And for returning what came of each entry.
    uint256 internal constant RESERVE_EACH = 150;

    /// @inheritdoc IBundles
    function run(Entry[] calldata entries) external returns (bool[] memory done) {
        done = new bool[](entries.length);
        uint256 reserve = RESERVE + RESERVE_EACH * entries.length;
        for (uint256 i = 0; i < entries.length; ++i) {
            Entry calldata entry = entries[i];
            bytes4 reason;
            if (entry.target.code.length != 0) {
                // A call is given 63 of 64 parts of what is left at most (EIP-150).
                uint256 needed = entry.gas + uint256(entry.gas) / 63 + reserve;
                uint256 left;
                (left, done[i], reason) = _call(entry.target, entry.gas, entry.data, needed);
                require(left >= needed, NotEnoughGas(i, needed, left));
            }
            if (!done[i]) emit EntryFailed(i, reason);
        }
    }

    /// Calls unless too little gas is left. In assembly because Solidity copies all that a call returns, at the caller's
    /// expense; and every call's data lie at the same place, so that memory doesn't grow with the bundle.
    // solhint-disable no-inline-assembly
    function _call(
        address target,
        uint256 gasLimit,
        bytes calldata data,
        uint256 needed
    ) private returns (uint256 left, bool done, bytes4 reason) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            calldatacopy(input, data.offset, data.length)
            left := gas()
            if iszero(lt(left, needed)) {
                done := call(gasLimit, target, 0, input, data.length, 0, 0)
                if and(iszero(done), gt(returndatasize(), 3)) {
                    mstore(0, 0)
                    returndatacopy(0, 0, 4)
                    reason := mload(0)
                }
            }
        }
    }
    // solhint-enable no-inline-assembly
}
