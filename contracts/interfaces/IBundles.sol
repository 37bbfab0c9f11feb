// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice One call of a bundle.
/// @param target The contract to call.
/// @param gas What the call may use, and is sure to get.
/// @param data The call.
struct Entry {
    address target;
    uint32 gas;
    bytes data;
}

/// @title Bundles
/// @notice Takes many relayed calls to the chain in one transaction, each for itself: one that fails leaves the others
/// done, so that a stranger's bad entry can't hold up anybody's good one.
/// @dev It has no rights of its own and must be given none: whoever calls it can make it call anything. Calls that stand
/// on the caller's own word are therefore refused by their targets; what it carries are signatures.
///
/// Limits: an entry gets its `gas` and not more, whatever was sent; what it answers is not read, and of what it reverts
/// with only four bytes; it can call back here. A bundle sent with the sum of
/// all limits, a 63rd more of the largest, and 10,000 for each entry (of up to 8 kB) never lacks gas.
interface IBundles {
    /// @notice An entry failed; everything it did is undone.
    /// @param index Its place in the bundle, from 0.
    /// @param reason The selector of the error it reverted with; 0 if it gave none, as when it ran out of gas. For words
    /// of a plain revert it is 0x08c379a0, for a panic 0x4e487b71. Warning: it is the target's word, and can be a lie.
    event EntryFailed(uint256 indexed index, bytes4 reason);

    /// @notice Too little gas is left to give this entry what it may use: nothing of the bundle is done.
    /// @param index The entry.
    /// @param needed Gas that had to be left.
    /// @param left Gas that was.
    error NotEnoughGas(uint256 index, uint256 needed, uint256 left);

    /// @notice Runs the entries in order. An entry whose target has no code fails.
    /// @return done Of each entry, whether it succeeded.
    function run(Entry[] calldata entries) external returns (bool[] memory done);
}
