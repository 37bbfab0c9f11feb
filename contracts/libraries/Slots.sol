// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// One slot a piece, low bits first: owner 160, moves 24, events 24, lock-until day 16, state 8, flags 8, reserve 16.
/// Zero: nothing has happened to the piece itself. Owner zero in a slot that isn't: still in its range.
type PieceSlot is uint256;

/// One slot a batch, low bits first: holder 160, count 24, departed 24, events 24, flags 24.
type BatchSlot is uint256;

using Slots for PieceSlot global;
using Slots for BatchSlot global;

/// @dev Owns the packing of the two slots. Counters are checked: an overflow reverts with Solidity's panic 0x11
/// rather than spilling into its neighbour.
library Slots {
    uint256 private constant OWNER_MASK = type(uint160).max;
    uint256 private constant COUNTER_MASK = type(uint24).max;
    uint256 private constant MOVES_SHIFT = 160;
    uint256 private constant EVENTS_SHIFT = 184;
    uint256 private constant FLAGS_SHIFT = 232;
    uint256 private constant COUNT_SHIFT = 160;
    uint256 private constant DEPARTED_SHIFT = 184;
    uint256 private constant RANGE_EVENTS_SHIFT = 208;
    /// The piece has an entry among the approvals; without it that slot is never read.
    uint256 private constant APPROVED_FLAG = 1 << FLAGS_SHIFT;

    function owner(PieceSlot slot) internal pure returns (address) {
        return address(uint160(PieceSlot.unwrap(slot)));
    }

    function moves(PieceSlot slot) internal pure returns (uint24) {
        return uint24(PieceSlot.unwrap(slot) >> MOVES_SHIFT);
    }

    function events(PieceSlot slot) internal pure returns (uint24) {
        return uint24(PieceSlot.unwrap(slot) >> EVENTS_SHIFT);
    }

    function approved(PieceSlot slot) internal pure returns (bool) {
        return PieceSlot.unwrap(slot) & APPROVED_FLAG != 0;
    }

    function withApproved(PieceSlot slot, bool value) internal pure returns (PieceSlot) {
        uint256 cleared = PieceSlot.unwrap(slot) & ~APPROVED_FLAG;
        return PieceSlot.wrap(value ? cleared | APPROVED_FLAG : cleared);
    }

    /// The slot after a move: new owner, one more move, approval gone, everything else kept.
    function movedTo(PieceSlot slot, address to) internal pure returns (PieceSlot) {
        uint24 next = moves(slot) + 1;
        uint256 kept = PieceSlot.unwrap(slot) & ~(OWNER_MASK | (COUNTER_MASK << MOVES_SHIFT) | APPROVED_FLAG);
        return PieceSlot.wrap(kept | uint160(to) | (uint256(next) << MOVES_SHIFT));
    }

    function newBatch(address holder_, uint24 count_) internal pure returns (BatchSlot) {
        return BatchSlot.wrap(uint160(holder_) | (uint256(count_) << COUNT_SHIFT));
    }

    function holder(BatchSlot slot) internal pure returns (address) {
        return address(uint160(BatchSlot.unwrap(slot)));
    }

    function count(BatchSlot slot) internal pure returns (uint24) {
        return uint24(BatchSlot.unwrap(slot) >> COUNT_SHIFT);
    }

    function departed(BatchSlot slot) internal pure returns (uint24) {
        return uint24(BatchSlot.unwrap(slot) >> DEPARTED_SHIFT);
    }

    function rangeEvents(BatchSlot slot) internal pure returns (uint24) {
        return uint24(BatchSlot.unwrap(slot) >> RANGE_EVENTS_SHIFT);
    }

    /// One more piece has an owner of its own. Never overflows: departed <= count, and count fits.
    function withDeparture(BatchSlot slot) internal pure returns (BatchSlot) {
        return BatchSlot.wrap(BatchSlot.unwrap(slot) + (1 << DEPARTED_SHIFT));
    }
}
