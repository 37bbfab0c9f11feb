// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PieceSlot, RangeSlot, Slots} from "../../contracts/libraries/Slots.sol";
import {Test} from "./support/Test.sol";

/// Every field of the two slots in its place, and none that touches its neighbour.
contract SlotsTest is Test {
    function testFuzz_aPieceSlotIsReadFieldByField(
        address owner,
        uint24 moves,
        uint24 events,
        uint48 rest
    ) public pure {
        PieceSlot slot = _piece(owner, moves, events, rest);
        assertEq(slot.owner(), owner, "owner");
        assertEq(slot.moves(), moves, "moves");
        assertEq(slot.events(), events, "events");
        assertTrue(slot.approved() == ((rest >> 24) & 1 == 1), "approved");
    }

    function testFuzz_aMoveChangesOwnerMovesAndWhatIsOfTheOwnerOnly(
        address owner,
        address to,
        uint24 moves,
        uint24 events,
        uint48 rest
    ) public pure {
        moves = uint24(bound(moves, 0, type(uint24).max - 1));
        PieceSlot moved = _piece(owner, moves, events, rest).movedTo(to);
        uint48 left = rest & ~uint48((1 << 24) | (1 << 27) | (1 << 28) | (1 << 16) | (1 << 17));
        if (rest & ((1 << 16) | (1 << 17)) != 0) left |= 1 << 18;
        PieceSlot expected = _piece(to, moves + 1, events, left);
        assertEq(PieceSlot.unwrap(moved), PieceSlot.unwrap(expected), "slot");
    }

    function testFuzz_anApprovalChangesItsOwnBitOnly(uint256 word, bool value) public pure {
        uint256 expected = value ? word | (1 << 232) : word & ~uint256(1 << 232);
        assertEq(PieceSlot.unwrap(PieceSlot.wrap(word).withApproved(value)), expected, "slot");
    }

    function testFuzz_theMoveAfterTheLastIsRefused(address owner, uint24 events, uint48 rest) public {
        revertsWith(abi.encodeWithSignature("Panic(uint256)", 0x11));
        this.moveOn(_piece(owner, type(uint24).max, events, rest));
    }

    function testFuzz_aCardChangesItsOwnBitsOnly(uint256 word) public pure {
        PieceSlot slot = PieceSlot.wrap(word);
        assertTrue(slot.cardDead() == ((word >> 233) & 1 == 1), "dead");
        assertTrue(slot.hasFreshCard() == ((word >> 234) & 1 == 1), "fresh");
        assertEq(PieceSlot.unwrap(slot.withDeadCard()), word | (1 << 233), "killed");
        assertEq(PieceSlot.unwrap(slot.withFreshCard()), (word & ~uint256(1 << 233)) | (1 << 234), "replaced");
    }

    function testFuzz_anEventChangesItsOwnCounterOnly(address owner, uint24 moves, uint24 events, uint48 rest) public {
        events = uint24(bound(events, 0, type(uint24).max - 1));
        PieceSlot noted = _piece(owner, moves, events, rest).withEvent();
        assertEq(PieceSlot.unwrap(noted), PieceSlot.unwrap(_piece(owner, moves, events + 1, rest)), "slot");
        revertsWith(abi.encodeWithSignature("Panic(uint256)", 0x11));
        this.noteIn(_piece(owner, moves, type(uint24).max, rest));
    }

    function testFuzz_aPieceThatLeavesItsRangeKeepsItsCounters(address owner, uint24 moves, uint24 flags) public pure {
        PieceSlot inRange = Slots.inRange(_range(address(1), 9, 8, moves, flags));
        uint48 rest = flags & 2 == 0 ? 0 : uint48(128) << 16;
        assertEq(PieceSlot.unwrap(inRange), PieceSlot.unwrap(_piece(address(0), moves, 0, rest)), "in its range");
        assertEq(PieceSlot.unwrap(inRange.keptBy(owner)), PieceSlot.unwrap(_piece(owner, moves, 0, rest)), "out of it");
    }

    function testFuzz_aLifeEventChangesWhatItSaysOnly(uint256 word, uint8[4] memory bits, uint16 day) public pure {
        word &= ~uint256(uint256(1) << 207);
        PieceSlot before = PieceSlot.wrap(word);
        PieceSlot noted = before.noted(bits[0], bits[1], bits[2], bits[3], day);
        assertEq(noted.events(), before.events() + 1, "events");
        assertEq(noted.state(), (before.state() & ~bits[1]) | bits[0], "state");
        assertEq(noted.flags(), (before.flags() & ~bits[3]) | bits[2], "flags");
        assertEq(noted.day(), day == 0 ? before.day() : day, "day");
        assertEq(noted.owner(), before.owner(), "owner");
        assertEq(noted.moves(), before.moves(), "moves");
        assertEq(PieceSlot.unwrap(noted) >> 240, word >> 240, "reserve");
    }

    function testFuzz_aBatchEventChangesItsFlagsAndCounterOnly(uint256 word, uint8 set, uint8 clear) public pure {
        word &= ~(uint256(1) << 255);
        RangeSlot noted = RangeSlot.wrap(word).batchNoted(set, clear);
        assertEq(noted.batchEvents(), RangeSlot.wrap(word).batchEvents() + 1, "events");
        assertEq(noted.rangeFlags(), (uint8(word >> 232) & ~clear) | set, "flags");
        assertEq(_word(noted) << 24, word << 24, "the rest");
    }

    function testFuzz_recoveryHasBitsOfItsOwn(uint256 word) public pure {
        PieceSlot slot = PieceSlot.wrap(word);
        assertEq(PieceSlot.unwrap(slot.withRecoverable()), word | (uint256(1) << 235), "allowed");
        assertEq(PieceSlot.unwrap(slot.withoutRecovery()), word & ~(uint256(1) << 236), "ended");
        assertTrue(slot.isRecovering() == ((word >> 236) & 1 == 1), "under way");
        assertTrue(slot.isImmobile() == ((word >> 224) & 0x98 != 0), "doesn't move");
    }

    function testFuzz_aRangeSlotIsReadFieldByField(
        address holder,
        uint24 count,
        uint24 gone,
        uint24 events
    ) public pure {
        gone = uint24(bound(gone, 0, type(uint24).max - 1));
        RangeSlot slot = _range(holder, count, gone, events, 0);
        assertEq(slot.holder(), holder, "holder");
        assertEq(slot.count(), count, "count");
        assertEq(slot.departed(), gone, "departed");
        assertEq(slot.rangeEvents(), events, "events");
        assertFalse(slot.isSplit(), "not split");
        assertTrue(_range(holder, count, gone, events, 1).isSplit(), "split");
        assertFalse(_range(holder, count, gone, events, 2).isSplit(), "another flag");
        assertEq(_word(slot.withDeparture()), _word(_range(holder, count, gone + 1, events, 0)), "one more departed");
        assertEq(_word(Slots.newRange(holder, count, gone, events)), _word(slot), "new");
    }

    function testFuzz_aBlockTakesItsDepartedWithItAndNothingElse(
        address holder,
        uint24 gone,
        uint24 taken
    ) public pure {
        taken = uint24(bound(taken, 0, gone));
        RangeSlot rest = _range(holder, 131_072, gone, 7, 0).splitOff(taken);
        assertEq(_word(rest), _word(_range(holder, 131_072, gone - taken, 7, 1)), "rest");
        assertEq(_word(rest.splitOff(0)), _word(rest), "again");
    }

    function testFuzz_aRangePassesOnAndKeepsTheRest(address holder, address to, uint24 events, uint24 flags) public {
        events = uint24(bound(events, 0, type(uint24).max - 1));
        RangeSlot passed = _range(holder, 9, 8, events, flags).passedTo(to);
        assertEq(_word(passed), _word(_range(to, 9, 8, events + 1, flags)), "slot");
        revertsWith(abi.encodeWithSignature("Panic(uint256)", 0x11));
        this.passOn(_range(holder, 9, 8, type(uint24).max, flags));
    }

    function noteIn(PieceSlot slot) external pure returns (PieceSlot) {
        return slot.withEvent();
    }

    function passOn(RangeSlot slot) external pure returns (RangeSlot) {
        return slot.passedTo(address(1));
    }

    function moveOn(PieceSlot slot) external pure returns (PieceSlot) {
        return slot.movedTo(address(1));
    }

    function _piece(address owner, uint24 moves, uint24 events, uint48 rest) private pure returns (PieceSlot) {
        uint256 counters = (uint256(moves) << 160) | (uint256(events) << 184);
        return PieceSlot.wrap(uint160(owner) | counters | (uint256(rest) << 208));
    }

    function _range(
        address holder,
        uint24 count,
        uint24 gone,
        uint24 events,
        uint24 flags
    ) private pure returns (RangeSlot) {
        uint256 low = uint160(holder) | (uint256(count) << 160) | (uint256(gone) << 184);
        return RangeSlot.wrap(low | (uint256(events) << 208) | (uint256(flags) << 232));
    }

    function _word(RangeSlot slot) private pure returns (uint256) {
        return RangeSlot.unwrap(slot);
    }
}
