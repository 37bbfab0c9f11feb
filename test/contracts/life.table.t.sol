// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Standing} from "../../contracts/interfaces/IPieces.sol";
import {LifeRule} from "./support/LifeRule.sol";

/// Every state a piece can be in × everybody × all that can be done: done or refused as the table in contracts/README.md says.
abstract contract LifeTable is LifeRule {
    /// Everybody, what each does, and whether each may: by action and then by actor.
    struct Cast {
        address[] people;
        bytes[] calls;
        bool[] may;
        bool[] mayIfApproved;
    }

    struct Case {
        Action action;
        uint8 state;
        uint8 flags;
        bool allowed;
        bool happened;
        uint8 stateThen;
        uint8 flagsThen;
    }

    error Outcome(bool done, uint8 state, uint8 flags);
    error NotAsTheTableSays(Actor actor, Action action, uint8 state, uint8 flags, bool done);

    uint256 private constant PIECES_SLOT = 4;
    uint256 private constant APPROVALS_SLOT = 6;
    uint256 private constant FRESH_CARDS_SLOT = 10;
    uint256 private constant RECOVERIES_SLOT = 2;

    uint256 internal _tried;
    uint256 internal _done;

    function _castNow() internal returns (Cast memory cast) {
        vm.prank(_ofAnOrganisation ? _who(Actor.TransferKey) : alice);
        pieces.setApprovalForAll(_who(Actor.Operator), true);
        vm.prank(_ownerNow());
        pieces.setApprovalForAll(_who(Actor.Operator), true);
        vm.store(address(pieces), keccak256(abi.encode(_piece, FRESH_CARDS_SLOT)), _word(_cardOf(2)));
        vm.store(address(pieces), keccak256(abi.encode(_piece, APPROVALS_SLOT)), _word(_who(Actor.Approved)));
        cast = Cast(
            new address[](ACTORS),
            new bytes[](ACTORS * ACTIONS),
            new bool[](ACTORS * ACTIONS),
            new bool[](ACTORS * ACTIONS)
        );
        for (uint256 i = 0; i < ACTORS; ++i) cast.people[i] = _who(Actor(i));
        for (uint256 i = 0; i < ACTORS * ACTIONS; ++i) {
            (Actor actor, Action action) = (Actor(i % ACTORS), Action(i / ACTORS));
            cast.calls[i] = _callOf(actor, action);
            cast.may[i] = _may(actor, action, false);
            cast.mayIfApproved[i] = _may(actor, action, true);
        }
    }

    /// Everybody tries this one thing; what came of it is written down.
    function _everybodyTries(Cast memory cast, Case memory one) internal {
        address target = _targetOf(one.action);
        bool[] memory may = one.flags & APPROVED == 0 ? cast.may : cast.mayIfApproved;
        uint256 first = uint256(one.action) * ACTORS;
        for (uint256 i = 0; i < ACTORS; ++i) {
            bytes memory data = cast.calls[first + i];
            bool expected = one.allowed && may[first + i];
            bool done;
            if (expected) {
                done = _undone(target, cast.people[i], data, one);
            } else {
                vm.prank(cast.people[i]);
                assembly ("memory-safe") {
                    done := call(gas(), target, 0, add(data, 0x20), mload(data), 0, 0)
                }
            }
            if (done != expected) revert NotAsTheTableSays(Actor(i), one.action, one.state, one.flags, done);
        }
        _tried += ACTORS;
        if (one.happened) ++_done;
    }

    /// Tries it, looks at what came of it, and leaves nothing behind.
    function attempt(address target, address caller, bytes calldata data) external {
        vm.prank(caller);
        (bool done, ) = target.call(data);
        Standing memory then_ = pieces.standingOf(_piece);
        revert Outcome(done, then_.state, then_.flags);
    }

    function _undone(address target, address caller, bytes memory data, Case memory one) private returns (bool done) {
        (uint8 state, uint8 flags) = (0, 0);
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        try this.attempt(target, caller, data) {} catch (bytes memory answer) {
            assembly ("memory-safe") {
                done := mload(add(answer, 0x24))
                state := mload(add(answer, 0x44))
                flags := mload(add(answer, 0x64))
            }
        }
        // Else a hundred thousand answers would fill the memory.
        assembly {
            mstore(0x40, free)
        }
        (one.happened, one.stateThen, one.flagsThen) = (true, state, flags);
    }

    /// Puts a piece of its own into this state, past every rule. A report's day and a recovery's are over, or not at all.
    function _put(Action action, uint8 state, uint8 flags) internal {
        uint256 slot = uint160(_ownerNow()) | (uint256(_movesNow) << 160) | (uint256(_eventsNow) << 184);
        if (action != Action.Lapse) slot |= uint256(type(uint16).max) << 208;
        slot |= (uint256(state) << 224) | (uint256(flags) << 232);
        vm.store(address(pieces), keccak256(abi.encode(_piece, PIECES_SLOT)), bytes32(slot));
        uint256 readyAt = action == Action.CompleteEarly ? START + 1 : START;
        bytes32 recovery = bytes32(uint160(newcomer) | (readyAt << 160));
        vm.store(address(lifeEvents), keccak256(abi.encode(_piece, RECOVERIES_SLOT)), recovery);
    }
}

/// A piece with a slot of its own, in each of its states.
abstract contract OwnPieceTable is LifeTable {
    /// A state and its flags of recovery, as one number.
    uint256 private constant NODES = 1024;

    function setUp() public override {
        super.setUp();
        _ofAnOrganisation = _isOfAnOrganisation();
        _move(workshop, _ownerNow(), _piece, makerKey);
        (_movesNow, _eventsNow) = (3, EVENTS);
    }

    function _isOfAnOrganisation() internal pure virtual returns (bool);

    function _check() internal returns (uint256 states) {
        Cast memory cast = _castNow();
        uint256[] memory edges = new uint256[](NODES * 4);
        for (uint256 node = 0; node < NODES; ++node) {
            (uint8 state, uint8 recovery) = (uint8(node), uint8((node >> 8) << 3));
            if (!_canArise(state, recovery)) continue;
            ++states;
            for (uint256 action = 0; action <= uint256(Action.Recover); ++action) {
                _checkOne(cast, edges, Action(action), state, recovery);
            }
        }
        _expectExactlyTheseStates(edges);
    }

    /// Cards and approvals, in each of their ways where the action reads them; elsewhere one way, drawn.
    function _checkOne(Cast memory cast, uint256[] memory edges, Action action, uint8 state, uint8 recovery) private {
        uint8 reads = action == Action.TransferFrom ? APPROVED : (action <= Action.ClaimFreshAsTill ? 6 : 0);
        uint8 drawn = uint8(uint256(keccak256(abi.encode(action, state, recovery))) % 8);
        // No card of a person's piece works.
        if (!_ofAnOrganisation) (reads, drawn) = (reads & ~CARD_DEAD, drawn | CARD_DEAD);
        for (uint8 i = 0; i < 8; ++i) {
            if (i & ~reads != drawn & ~reads) continue;
            uint8 flags = recovery | i;
            _put(action, state, flags);
            Case memory one = Case(action, state, flags, _allows(action, state, flags), false, 0, 0);
            _everybodyTries(cast, one);
            if (!one.happened) continue;
            uint256 from = _node(state, flags);
            uint256 to = _node(one.stateThen, one.flagsThen);
            edges[from * 4 + to / 256] |= 1 << (to % 256);
        }
    }

    /// What was done leads from the first state to each of the others, and to none that can't arise.
    function _expectExactlyTheseStates(uint256[] memory edges) private pure {
        uint256[4] memory reached;
        bool more = true;
        reached[0] = 1;
        while (more) {
            more = false;
            for (uint256 node = 0; node < NODES; ++node) {
                if ((reached[node / 256] >> (node % 256)) & 1 == 0) continue;
                for (uint256 w = 0; w < 4; ++w) {
                    more = more || edges[node * 4 + w] & ~reached[w] != 0;
                    reached[w] |= edges[node * 4 + w];
                }
            }
        }
        for (uint256 node = 0; node < NODES; ++node) {
            bool arises = (reached[node / 256] >> (node % 256)) & 1 == 1;
            assertTrue(arises == _canArise(uint8(node), uint8((node >> 8) << 3)), "a state that arises");
        }
    }

    function _node(uint8 state, uint8 flags) private pure returns (uint256) {
        return state | (uint256(flags & (RECOVERABLE | RECOVERING)) << 5);
    }
}

contract PersonsPieceTableTest is OwnPieceTable {
    function test_aPersonsPieceChangesAsTheTableSays() public {
        assertEq(_check(), 320, "states");
        assertEq(_tried, 320 * ACTORS * (36 + 2 + 4 * 2), "tried");
        assertTrue(_done > 320 * 10, "done");
    }

    function _isOfAnOrganisation() internal pure override returns (bool) {
        return false;
    }
}

contract OrganisationsPieceTableTest is OwnPieceTable {
    function test_anOrganisationsPieceChangesAsTheTableSays() public {
        assertEq(_check(), 320, "states");
        assertEq(_tried, 320 * ACTORS * (36 + 2 + 4 * 4), "tried");
        assertTrue(_done > 320 * 10, "done");
    }

    function _isOfAnOrganisation() internal pure override returns (bool) {
        return true;
    }
}

/// A piece in its range, which the dealer holds: of a whole batch, an ended one, in a block that left it, and in what is left.
contract RangePieceTableTest is LifeTable {
    uint256 private constant BATCHES_SLOT = 3;

    function setUp() public override {
        super.setUp();
        _ofAnOrganisation = true;
        _movesNow = 1;
    }

    function test_aPieceInItsRangeChangesAsTheTableSays() public {
        (uint256 before, uint256 free, uint256 tried, uint256 done) = (vm.snapshotState(), 0, 0, 0);
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        for (uint8 flags = 0; flags < 16; ++flags) {
            if (flags & 3 == 3) continue;
            for (uint32 part = 0; part <= flags % 2; ++part) {
                _pass(_batch, part, dealer, 0, _none(), makerKey);
                bytes32 place = keccak256(abi.encode(uint256(_batch), BATCHES_SLOT));
                uint256 slot = uint256(vm.load(address(pieces), place)) | (uint256(flags) << 232);
                vm.store(address(pieces), place, bytes32(slot));
                (uint8 then_, ) = pieces.batchStandingOf(_batch);
                assertEq(then_, flags, "flags of the batch");
                assertEq(pieces.ownerOf(_piece), dealer, "in the dealer's range");
                Cast memory cast = _castNow();
                for (uint256 i = 0; i < ACTIONS; ++i) {
                    (Action action, uint8 state) = (Action(i), flags & 2 != 0 ? ENDED : 0);
                    _everybodyTries(cast, Case(action, state, 0, _rangeAllows(action, flags), false, 0, 0));
                }
                (tried, done) = (tried + _tried, done + _done);
                vm.revertToState(before);
                assembly {
                    mstore(0x40, free)
                }
            }
        }
        assertEq(tried, 16 * ACTORS * ACTIONS, "tried");
        assertTrue(done > 16 * 5, "done");
    }
}
