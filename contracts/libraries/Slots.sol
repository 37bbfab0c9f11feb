// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// One slot a piece, low bits first: owner 160, moves 24, events 24, report day 16, state 8, flags 8, reserve 16.
/// Zero: nothing has happened to the piece itself; it belongs to whoever holds its range, and has moved whenever that did.
type PieceSlot is uint256;

/// One slot a range, which is a batch or a block of one, low bits first: holder 160, count 24, departed 24, events 24,
/// flags 8, batch events 16. A block's count is not kept: it follows from its batch's; its events go on from those of its
/// batch. Batch events are what was said of the batch as registered, whoever holds its pieces; a block has none.
type RangeSlot is uint256;

using Slots for PieceSlot global;
using Slots for RangeSlot global;

/// @dev Owns the packing of the slots. Counters are checked: an overflow reverts with Solidity's panic 0x11 rather than
/// spilling into its neighbour.
library Slots {
    uint256 private constant OWNER_MASK = type(uint160).max;
    uint256 private constant COUNTER_MASK = type(uint24).max;
    uint256 private constant MOVES_SHIFT = 160;
    uint256 private constant EVENTS_SHIFT = 184;
    uint256 private constant DAY_SHIFT = 208;
    uint256 private constant STATE_SHIFT = 224;
    uint256 private constant FLAGS_SHIFT = 232;
    uint256 private constant COUNT_SHIFT = 160;
    uint256 private constant DEPARTED_SHIFT = 184;
    uint256 private constant RANGE_EVENTS_SHIFT = 208;
    uint256 private constant RANGE_FLAGS_SHIFT = 232;
    uint256 private constant BATCH_EVENTS_SHIFT = 240;

    /// The present owner reported it stolen, or lost.
    uint8 internal constant STOLEN = 1;
    uint8 internal constant LOST = 2;
    /// An earlier owner did, and nobody took it back.
    uint8 internal constant EARLIER = 4;
    /// It does not move: by a report, by an arbiter, because it is no more.
    uint8 internal constant BLOCKED = 8;
    uint8 internal constant LOCKED = 16;
    uint8 internal constant RECALLED = 32;
    uint8 internal constant WITHDRAWN = 64;
    uint8 internal constant ENDED = 128;
    uint8 internal constant IMMOBILE = BLOCKED | LOCKED | ENDED;

    uint8 internal constant RECOVERABLE = 8;
    uint8 internal constant RECOVERING = 16;

    uint8 internal constant RANGE_ENDED = 2;
    uint8 internal constant RANGE_RECALLED = 4;
    uint8 internal constant RANGE_WITHDRAWN = 8;
    uint8 internal constant RANGE_NOTES = RANGE_ENDED | RANGE_RECALLED | RANGE_WITHDRAWN;

    /// The piece has an entry among the approvals; without it that slot is never read.
    uint256 private constant APPROVED_FLAG = 1 << FLAGS_SHIFT;
    /// No claim card of the piece works any more.
    uint256 private constant CARD_DEAD_FLAG = 2 << FLAGS_SHIFT;
    /// A fresh claim card replaced the one the piece was born with; its key has a slot of its own.
    uint256 private constant FRESH_CARD_FLAG = 4 << FLAGS_SHIFT;
    /// Some block of this batch has a holder of its own.
    uint256 private constant SPLIT_FLAG = 1 << RANGE_FLAGS_SHIFT;

    function owner(PieceSlot slot) internal pure returns (address) {
        return address(uint160(PieceSlot.unwrap(slot)));
    }

    function moves(PieceSlot slot) internal pure returns (uint24) {
        return uint24(PieceSlot.unwrap(slot) >> MOVES_SHIFT);
    }

    function events(PieceSlot slot) internal pure returns (uint24) {
        return uint24(PieceSlot.unwrap(slot) >> EVENTS_SHIFT);
    }

    function day(PieceSlot slot) internal pure returns (uint16) {
        return uint16(PieceSlot.unwrap(slot) >> DAY_SHIFT);
    }

    function state(PieceSlot slot) internal pure returns (uint8) {
        return uint8(PieceSlot.unwrap(slot) >> STATE_SHIFT);
    }

    function flags(PieceSlot slot) internal pure returns (uint8) {
        return uint8(PieceSlot.unwrap(slot) >> FLAGS_SHIFT);
    }

    function isImmobile(PieceSlot slot) internal pure returns (bool) {
        return state(slot) & IMMOBILE != 0;
    }

    function approved(PieceSlot slot) internal pure returns (bool) {
        return PieceSlot.unwrap(slot) & APPROVED_FLAG != 0;
    }

    function cardDead(PieceSlot slot) internal pure returns (bool) {
        return PieceSlot.unwrap(slot) & CARD_DEAD_FLAG != 0;
    }

    function hasFreshCard(PieceSlot slot) internal pure returns (bool) {
        return PieceSlot.unwrap(slot) & FRESH_CARD_FLAG != 0;
    }

    /// What stands for the slot of a piece that has none: it has moved whenever its range did, and ended with it.
    function inRange(RangeSlot range) internal pure returns (PieceSlot) {
        uint256 ended = isEnded(range) ? uint256(ENDED) << STATE_SHIFT : 0;
        return PieceSlot.wrap((uint256(rangeEvents(range)) << MOVES_SHIFT) | ended);
    }

    /// The slot of a piece that leaves its range without moving.
    function keptBy(PieceSlot slot, address holder_) internal pure returns (PieceSlot) {
        return PieceSlot.wrap(PieceSlot.unwrap(slot) | uint160(holder_));
    }

    function withApproved(PieceSlot slot, bool value) internal pure returns (PieceSlot) {
        uint256 cleared = PieceSlot.unwrap(slot) & ~APPROVED_FLAG;
        return PieceSlot.wrap(value ? cleared | APPROVED_FLAG : cleared);
    }

    function withFreshCard(PieceSlot slot) internal pure returns (PieceSlot) {
        return PieceSlot.wrap((PieceSlot.unwrap(slot) & ~CARD_DEAD_FLAG) | FRESH_CARD_FLAG);
    }

    function withDeadCard(PieceSlot slot) internal pure returns (PieceSlot) {
        return PieceSlot.wrap(PieceSlot.unwrap(slot) | CARD_DEAD_FLAG);
    }

    function withEvent(PieceSlot slot) internal pure returns (PieceSlot) {
        uint24 next = events(slot) + 1;
        uint256 kept = PieceSlot.unwrap(slot) & ~(COUNTER_MASK << EVENTS_SHIFT);
        return PieceSlot.wrap(kept | (uint256(next) << EVENTS_SHIFT));
    }

    /// The slot after a life event; the day of a report only where one is given.
    function noted(
        PieceSlot slot,
        uint8 set,
        uint8 clear,
        uint8 setFlags,
        uint8 clearFlags,
        uint16 day_
    ) internal pure returns (PieceSlot) {
        uint256 value = PieceSlot.unwrap(withEvent(slot));
        value = (value & ~(uint256(clear) << STATE_SHIFT)) | (uint256(set) << STATE_SHIFT);
        value = (value & ~(uint256(clearFlags) << FLAGS_SHIFT)) | (uint256(setFlags) << FLAGS_SHIFT);
        if (day_ != 0) value = (value & ~(uint256(type(uint16).max) << DAY_SHIFT)) | (uint256(day_) << DAY_SHIFT);
        return PieceSlot.wrap(value);
    }

    function withRecoverable(PieceSlot slot) internal pure returns (PieceSlot) {
        return PieceSlot.wrap(PieceSlot.unwrap(slot) | (uint256(RECOVERABLE) << FLAGS_SHIFT));
    }

    function isRecovering(PieceSlot slot) internal pure returns (bool) {
        return flags(slot) & RECOVERING != 0;
    }

    /// The owner has shown to be there: nobody recovers the piece for her.
    function withoutRecovery(PieceSlot slot) internal pure returns (PieceSlot) {
        return PieceSlot.wrap(PieceSlot.unwrap(slot) & ~(uint256(RECOVERING) << FLAGS_SHIFT));
    }

    /// The slot after a move: new owner, one more move; approval and what concerns recovery gone; what its owner reported is
    /// what an earlier one reported; everything else kept.
    function movedTo(PieceSlot slot, address to) internal pure returns (PieceSlot) {
        uint24 next = moves(slot) + 1;
        uint256 gone =
            OWNER_MASK |
                (COUNTER_MASK << MOVES_SHIFT) |
                APPROVED_FLAG |
                (uint256(RECOVERABLE | RECOVERING) << FLAGS_SHIFT) |
                (uint256(STOLEN | LOST) << STATE_SHIFT);
        uint256 kept = PieceSlot.unwrap(slot) & ~gone;
        if (state(slot) & (STOLEN | LOST) != 0) kept |= uint256(EARLIER) << STATE_SHIFT;
        return PieceSlot.wrap(kept | uint160(to) | (uint256(next) << MOVES_SHIFT));
    }

    function newRange(
        address holder_,
        uint24 count_,
        uint24 departed_,
        uint24 events_
    ) internal pure returns (RangeSlot) {
        uint256 low = uint160(holder_) | (uint256(count_) << COUNT_SHIFT) | (uint256(departed_) << DEPARTED_SHIFT);
        return RangeSlot.wrap(low | (uint256(events_) << RANGE_EVENTS_SHIFT));
    }

    function holder(RangeSlot slot) internal pure returns (address) {
        return address(uint160(RangeSlot.unwrap(slot)));
    }

    function count(RangeSlot slot) internal pure returns (uint24) {
        return uint24(RangeSlot.unwrap(slot) >> COUNT_SHIFT);
    }

    function departed(RangeSlot slot) internal pure returns (uint24) {
        return uint24(RangeSlot.unwrap(slot) >> DEPARTED_SHIFT);
    }

    function rangeEvents(RangeSlot slot) internal pure returns (uint24) {
        return uint24(RangeSlot.unwrap(slot) >> RANGE_EVENTS_SHIFT);
    }

    function isSplit(RangeSlot slot) internal pure returns (bool) {
        return RangeSlot.unwrap(slot) & SPLIT_FLAG != 0;
    }

    function isEnded(RangeSlot slot) internal pure returns (bool) {
        return rangeFlags(slot) & RANGE_ENDED != 0;
    }

    function rangeFlags(RangeSlot slot) internal pure returns (uint8) {
        return uint8(RangeSlot.unwrap(slot) >> RANGE_FLAGS_SHIFT);
    }

    function batchEvents(RangeSlot slot) internal pure returns (uint16) {
        return uint16(RangeSlot.unwrap(slot) >> BATCH_EVENTS_SHIFT);
    }

    /// The slot after a batch event.
    function batchNoted(RangeSlot slot, uint8 set, uint8 clear) internal pure returns (RangeSlot) {
        uint16 next = batchEvents(slot) + 1;
        uint256 value = RangeSlot.unwrap(slot) & ~(uint256(type(uint16).max) << BATCH_EVENTS_SHIFT);
        value = (value & ~(uint256(clear) << RANGE_FLAGS_SHIFT)) | (uint256(set) << RANGE_FLAGS_SHIFT);
        return RangeSlot.wrap(value | (uint256(next) << BATCH_EVENTS_SHIFT));
    }

    /// One more piece has an owner of its own. Never overflows: departed <= count, and count fits.
    function withDeparture(RangeSlot slot) internal pure returns (RangeSlot) {
        return RangeSlot.wrap(RangeSlot.unwrap(slot) + (1 << DEPARTED_SHIFT));
    }

    /// A block took so many of the departed with it.
    function splitOff(RangeSlot slot, uint24 departedWithIt) internal pure returns (RangeSlot) {
        return RangeSlot.wrap((RangeSlot.unwrap(slot) - (uint256(departedWithIt) << DEPARTED_SHIFT)) | SPLIT_FLAG);
    }

    /// The slot after its range passed on: new holder, one more event.
    function passedTo(RangeSlot slot, address to) internal pure returns (RangeSlot) {
        uint24 next = rangeEvents(slot) + 1;
        uint256 kept = RangeSlot.unwrap(slot) & ~(OWNER_MASK | (COUNTER_MASK << RANGE_EVENTS_SHIFT));
        return RangeSlot.wrap(kept | uint160(to) | (uint256(next) << RANGE_EVENTS_SHIFT));
    }
}
