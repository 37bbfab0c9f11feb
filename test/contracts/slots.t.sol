// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchSlot, PieceSlot, Slots} from "../../contracts/libraries/Slots.sol";
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

    function testFuzz_aMoveChangesOwnerMovesAndApprovalOnly(
        address owner,
        address to,
        uint24 moves,
        uint24 events,
        uint48 rest
    ) public pure {
        moves = uint24(bound(moves, 0, type(uint24).max - 1));
        PieceSlot moved = _piece(owner, moves, events, rest).movedTo(to);
        PieceSlot expected = _piece(to, moves + 1, events, rest & ~uint48(1 << 24));
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

    function testFuzz_aBatchSlotIsReadFieldByField(
        address holder,
        uint24 count,
        uint24 departed,
        uint24 events
    ) public pure {
        count = uint24(bound(count, 1, 131_072));
        departed = uint24(bound(departed, 0, count - 1));
        uint256 word =
            uint160(holder) | (uint256(count) << 160) | (uint256(departed) << 184) | (uint256(events) << 208);
        BatchSlot slot = BatchSlot.wrap(word);
        assertEq(slot.holder(), holder, "holder");
        assertEq(slot.count(), count, "count");
        assertEq(slot.departed(), departed, "departed");
        assertEq(slot.rangeEvents(), events, "events");
        assertEq(BatchSlot.unwrap(slot.withDeparture()), word + (1 << 184), "one more departed");
        assertEq(BatchSlot.unwrap(Slots.newBatch(holder, count)), uint160(holder) | (uint256(count) << 160), "new");
    }

    function moveOn(PieceSlot slot) external pure returns (PieceSlot) {
        return slot.movedTo(address(1));
    }

    function _piece(address owner, uint24 moves, uint24 events, uint48 rest) private pure returns (PieceSlot) {
        uint256 counters = (uint256(moves) << 160) | (uint256(events) << 184);
        return PieceSlot.wrap(uint160(owner) | counters | (uint256(rest) << 208));
    }
}
