// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Standing} from "../../contracts/interfaces/IPieces.sol";
import {EventLife} from "./support/EventLife.sol";
import {EventBook} from "./support/EventBook.sol";
import {EventTrade} from "./support/EventTrade.sol";
import {Test} from "./support/Test.sol";

/// What holds after every step of every random life in which things happen to pieces. One invariant_ function asks them
/// all, because each function of its own would live all lives again; each names itself when it falls.
contract JudgedEventLife is EventLife {
    function holdsAfterAStep() external view {
        holds_whatIsImmobileEndedOrCountedObeysTheLaws();
        holds_nothingHappensByWhoIsNotAllowed();
        holds_nothingIsDeniedToWhoIsAllowed();
        holds_everyPieceStandsAsItsHistorySays();
        holds_everyPieceHasOneOwnerAndBalancesAddUp();
        holds_batchesStandAsWasSaidOfThem();
    }

    function holds_whatIsImmobileEndedOrCountedObeysTheLaws() public view {
        assertTrue(bytes(unlawful).length == 0, unlawful);
    }

    function holds_nothingHappensByWhoIsNotAllowed() public view {
        assertTrue(bytes(breach).length == 0, string.concat("nothingHappensByWhoIsNotAllowed: ", breach));
    }

    function holds_nothingIsDeniedToWhoIsAllowed() public view {
        assertTrue(bytes(denial).length == 0, string.concat("nothingIsDeniedToWhoIsAllowed: ", denial));
    }

    function holds_everyPieceStandsAsItsHistorySays() public view {
        for (uint256 i = 0; i < PIECES; ++i) {
            Entry memory entry = _book[i];
            Standing memory piece = pieces.standingOf(tokens[i]);
            assertEq(piece.moves, entry.moves, "moves");
            assertEq(piece.events, entry.events, "events");
            assertEq(piece.state, entry.state, "state");
            assertEq(piece.day, entry.day, "day");
            assertEq(piece.flags, _flagsOf(entry), "flags");
            assertTrue(pieces.locked(tokens[i]) == (entry.state & IMMOBILE != 0), "locked");
        }
    }

    function holds_everyPieceHasOneOwnerAndBalancesAddUp() public view {
        uint256[7] memory owned;
        for (uint256 i = 0; i < PIECES; ++i) {
            assertEq(pieces.ownerOf(tokens[i]), _book[i].owner, "everyPieceHasOneOwner");
            ++owned[_placeOf(_book[i].owner)];
        }
        for (uint256 i = 0; i < owned.length; ++i) assertEq(pieces.balanceOf(people[i]), owned[i], "balances");
    }

    function holds_batchesStandAsWasSaidOfThem() public view {
        for (uint256 place = 0; place < BATCHES; ++place) {
            (uint8 flags, uint16 events) = pieces.batchStandingOf(batches[place]);
            assertEq(flags, flagsInBook[place], "flags of a batch");
            assertEq(events, batchEventsInBook[place], "events of a batch");
            (address holder, , , uint24 passes) = pieces.batchOf(batches[place]);
            assertEq(holder, holderInBook[place], "holder of a batch");
            assertEq(passes, passesInBook[place], "passes of a batch");
        }
    }

    function _flagsOf(Entry memory entry) private pure returns (uint256 flags) {
        if (entry.approved != address(0)) flags += 1;
        if (entry.cardDead) flags += 2;
        if (entry.fresh != 0) flags += 4;
        if (entry.recoverable) flags += 8;
        if (entry.recovering) flags += 16;
    }
}

contract LifeEventsInvariants is Test {
    JudgedEventLife private _life;
    bytes4[] private _acts = [
        EventTrade.move.selector,
        EventTrade.approve.selector,
        EventTrade.pass.selector,
        EventTrade.claim.selector,
        EventTrade.replayClaim.selector,
        EventTrade.setCard.selector,
        EventTrade.withdraw.selector,
        EventLife.report.selector,
        EventLife.withdrawReport.selector,
        EventLife.lapse.selector,
        EventLife.allowRecovery.selector,
        EventLife.end.selector,
        EventLife.endBatch.selector,
        EventLife.arbitrate.selector,
        EventLife.record.selector,
        EventLife.notice.selector,
        EventLife.noticeBatch.selector,
        EventLife.beginRecovery.selector,
        EventLife.completeRecovery.selector,
        EventTrade.suspend.selector,
        EventTrade.trespass.selector,
        EventTrade.passTime.selector
    ];

    function setUp() public {
        _life = new JudgedEventLife();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_life);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_life), _acts);
    }

    function invariant_everythingHoldsAfterEveryStep() external view {
        _life.holdsAfterAStep();
    }

    /// The random lives would prove nothing if nothing happened in them: in these, drawn alike from fixed seeds, each act is
    /// done and is refused, but for those that nobody may ever do.
    function test_everythingThatMayHappenDoesAndWhatMayNotIsTried() public {
        uint256[21] memory done;
        uint256[21] memory refused;
        for (uint256 lives = 0; lives < 8; ++lives) {
            _life = new JudgedEventLife();
            for (uint256 step = 0; step < 250; ++step) {
                uint256 seed = uint256(keccak256(abi.encode("a life of events", lives, step)));
                (bool lived, ) = address(_life).call(abi.encodeWithSelector(_acts[seed % _acts.length], seed));
                assertTrue(lived, "an act failed");
            }
            _life.holdsAfterAStep();
            for (uint256 i = 0; i < done.length; ++i) {
                done[i] += _life.done(i);
                refused[i] += _life.refused(i);
            }
        }
        for (uint256 i = 0; i < done.length; ++i) {
            bool never = i == uint256(EventBook.Act.ReplayClaim) || i == uint256(EventBook.Act.Trespass);
            assertTrue(
                never ? done[i] == 0 : done[i] != 0,
                string.concat("done, act ", string(abi.encodePacked(bytes1(uint8(65 + i)))))
            );
            assertTrue(refused[i] > 5, string.concat("refused, act ", string(abi.encodePacked(bytes1(uint8(65 + i))))));
        }
    }
}
