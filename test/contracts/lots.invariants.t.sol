// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotHeader} from "../../contracts/interfaces/ILots.sol";
import {LotBook} from "./support/LotBook.sol";
import {LotLife} from "./support/LotLife.sol";
import {Test} from "./support/Test.sol";

/// What holds after every step of every random life of lots. Each has met a contract that breaks it: see
/// contracts/README.md. One invariant_ function asks them all, because each function of its own would live all lives
/// again; each names itself when it falls.
contract JudgedLots is LotLife {
    function holdsAfterAStep() public view {
        holds_noMassIsMade();
        holds_noLotChangesForWhoIsNotAllowed();
        holds_nobodyWhoMayIsRefusedALot();
        holds_eventsOfLotsAreNumberedWithoutGaps();
        holds_eventsAloneTellWhatALotIs();
    }

    /// Of each material: what is in lots, what is out in pieces and what refining lost is what was declared. The book's sums
    /// are those of the events, which are compared with the contract lot by lot; no loss is ever below nothing.
    function holds_noMassIsMade() public view {
        bytes32[3] memory materials = [GOLD, SILVER, DIAMOND];
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 m = materials[i];
            assertEq(inLots[m] + inPieces[m] + lost[m], declared[m], "noMassIsMade");
        }
    }

    function holds_noLotChangesForWhoIsNotAllowed() public view {
        assertTrue(bytes(breach).length == 0, string.concat("noLotChangesForWhoIsNotAllowed: ", breach));
    }

    function holds_nobodyWhoMayIsRefusedALot() public view {
        assertTrue(bytes(denial).length == 0, string.concat("nobodyWhoMayIsRefusedALot: ", denial));
    }

    function holds_eventsOfLotsAreNumberedWithoutGaps() public view {
        assertTrue(bytes(gap).length == 0, string.concat("eventsOfLotsAreNumberedWithoutGaps: ", gap));
    }

    /// Those touched last at each step; all of them at the end.
    function holds_eventsAloneTellWhatALotIs() public view {
        for (uint256 i = 0; i < _touched.length; ++i) _assertTold(_touched[i]);
    }

    function holdsAtTheEnd() external view {
        for (uint256 i = 0; i < lotIds.length; ++i) _assertTold(lotIds[i]);
        for (uint256 i = 0; i < _rings.length; ++i) {
            Ring memory ring = _rings[i];
            LotHeader memory source = _known[ring.mass.lotId].header;
            (uint64 drawn, uint192 returned) = lots.drawnOf(ring.batchId, ring.mass.lotId);
            assertEq(_fine(source, drawn) - returned, _out[ring.batchId][ring.mass.lotId], "out in pieces");
            assertTrue(lots.isReturned(_token(ring.batchId, 0)) == ring.returned, "returned");
        }
    }

    function _assertTold(bytes32 lotId) private view {
        Known storage known = _known[lotId];
        (address holder, uint64 remaining, uint24 events) = lots.lotOf(lotId);
        bool same = holder == known.holder && remaining == known.remaining && events == known.events;
        assertTrue(same, "eventsAloneTellWhatALotIs");
    }
}

contract LotsInvariants is Test {
    JudgedLots private _life;
    bytes4[] private _acts = [
        LotLife.declare.selector,
        LotLife.declare.selector,
        LotLife.move.selector,
        LotLife.split.selector,
        LotLife.split.selector,
        LotLife.merge.selector,
        LotLife.merge.selector,
        LotLife.refine.selector,
        LotLife.refine.selector,
        LotLife.draw.selector,
        LotLife.draw.selector,
        LotLife.returnPiece.selector,
        LotLife.returnPiece.selector,
        LotLife.replay.selector,
        LotLife.makeRing.selector,
        LotLife.endRing.selector,
        LotLife.decide.selector
    ];

    function setUp() public {
        _life = new JudgedLots();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_life);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_life), _acts);
    }

    function invariant_lotsAreHeldToTheBookAfterEveryStep() external view {
        _life.holdsAfterAStep();
    }

    function afterInvariant() external view {
        _life.holdsAtTheEnd();
        assertTrue(_life.lotCount() > 5, "nothing was declared");
    }

    /// The random lives would prove nothing if nothing happened in them: in this one, drawn alike from a fixed seed, each
    /// act is done and is refused, but for replaying, which nobody may ever do.
    function test_everythingThatMayHappenToLotsDoesAndWhatMayNotIsTried() public {
        for (uint256 step = 0; step < 3_000; ++step) {
            uint256 seed = uint256(keccak256(abi.encode("a life of lots", step)));
            (bool lived, ) = address(_life).call(abi.encodeWithSelector(_acts[seed % _acts.length], seed));
            assertTrue(lived, "an act failed");
            _life.holdsAfterAStep();
        }
        _life.holdsAtTheEnd();
        for (uint256 act = 0; act <= uint256(type(LotBook.Act).max); ++act) {
            bool never = act == uint256(LotBook.Act.Replay);
            string memory name = _life.nameOf(act);
            assertTrue(never ? _life.done(act) == 0 : _life.done(act) > 3, string.concat(name, ", done"));
            assertTrue(_life.refused(act) > 5, string.concat(name, ", refused"));
        }
    }
}
