// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOrganisations} from "../../contracts/interfaces/IOrganisations.sol";
import {Book} from "./support/Book.sol";
import {Life} from "./support/Life.sol";
import {TradeLife} from "./support/TradeLife.sol";
import {Test} from "./support/Test.sol";

/// What holds after every step of every random life. Each has met a contract that breaks it: see contracts/README.md.
/// One invariant_ function asks them all, because each function of its own would live all lives again; each names itself
/// when it falls. What costs too much to ask after every step is asked at the end of every life.
contract JudgedLife is TradeLife {
    uint256 private constant PIECES_SLOT = 4;
    uint256 private constant MOVES_SHIFT = 160;
    uint256 private constant CARD_DEAD_BIT = 233;
    uint256 private constant FRESH_CARD_BIT = 234;

    function holdsAfterAStep() external view {
        holds_everyPieceHasTheOneOwnerItsHistoryGaveIt();
        holds_balancesAreThePiecesPeopleOwnAndAddUpToThoseBorn();
        holds_departedPiecesAreThoseWithAnOwnerOfTheirOwn();
        holds_nothingSucceedsForWhoIsNotAllowed();
        holds_nothingIsDeniedToWhoIsAllowed();
        holds_movesGrowByOneWithEachMove();
        holds_eventsAreNumberedWithoutGaps();
    }

    function holdsAfterALife() external view {
        holds_standingKeysAndPrefixesAreWhatWasDecided();
        holds_approvalsAndOperatorsAreThoseGiven();
        holds_cardsAreAliveThatWereNeverNearAPerson();
    }

    function holds_everyPieceHasTheOneOwnerItsHistoryGaveIt() public view {
        for (uint256 i = 0; i < tokens.length; ++i) {
            uint256 token = tokens[i];
            assertEq(pieces.ownerOf(token), ownerInBook[token], "everyPieceHasTheOneOwnerItsHistoryGaveIt");
        }
    }

    function holds_balancesAreThePiecesPeopleOwnAndAddUpToThoseBorn() public view {
        uint256[] memory owned = new uint256[](people.length);
        uint256 born = 0;
        for (uint256 i = 0; i < tokens.length; ++i) owned[placeOf[ownerInBook[tokens[i]]]] += weightOf[tokens[i]];
        for (uint256 b = 0; b < batches.length; ++b) born += batches[b].count;
        uint256 sum = 0;
        for (uint256 p = 0; p < owned.length; ++p) {
            uint256 balance = pieces.balanceOf(people[p]);
            assertEq(balance, owned[p], "balancesAreThePiecesPeopleOwn");
            sum += balance;
        }
        assertEq(sum, born, "balancesAddUpToThePiecesBorn");
    }

    function holds_departedPiecesAreThoseWithAnOwnerOfTheirOwn() public view {
        for (uint256 b = 0; b < batches.length; ++b) {
            uint24[4] memory own;
            for (uint256 i = 0; i < tokens.length; ++i) {
                if (batchOfPiece[tokens[i]] != b || !departedInBook[tokens[i]]) continue;
                uint32 part = uint32(tokens[i]) / 256 + 1;
                ++own[holderInBook[b][part] == address(0) ? 0 : part];
            }
            (address holder, uint24 count, uint24 departed, uint24 events) = pieces.batchOf(batches[b].id);
            assertEq(count, batches[b].count, "count of a batch");
            assertEq(holder, holderInBook[b][0], "holder of a batch");
            assertEq(departed, own[0], "departedPiecesAreThoseWithAnOwnerOfTheirOwn");
            assertEq(events, passesInBook[b][0], "events of a batch");
            for (uint32 part = 1; part <= (count + 255) / 256; ++part) {
                (holder, departed, events) = pieces.blockOf(batches[b].id, part);
                assertEq(holder, holderInBook[b][part], "holder of a block");
                assertEq(departed, own[part], "departed of a block");
                assertEq(events, passesInBook[b][part], "events of a block");
            }
        }
        for (uint256 i = 0; i < tokens.length; ++i) {
            bool own = address(uint160(_slotOf(tokens[i]))) != address(0);
            assertTrue(own == departedInBook[tokens[i]], "an owner of its own");
        }
    }

    function holds_nothingSucceedsForWhoIsNotAllowed() public view {
        assertTrue(bytes(breach).length == 0, string.concat("nothingSucceedsForWhoIsNotAllowed: ", breach));
    }

    function holds_nothingIsDeniedToWhoIsAllowed() public view {
        assertTrue(bytes(denial).length == 0, string.concat("nothingIsDeniedToWhoIsAllowed: ", denial));
    }

    function holds_movesGrowByOneWithEachMove() public view {
        for (uint256 i = 0; i < tokens.length; ++i) {
            uint256 token = tokens[i];
            (, uint24 moves, ) = pieces.pieceOf(token);
            assertEq(moves, movesInBook[token], "movesGrowByOneWithEachMove");
            if (departedInBook[token]) assertEq(uint24(_slotOf(token) >> MOVES_SHIFT), moves, "moves in its slot");
        }
    }

    function holds_eventsAreNumberedWithoutGaps() public view {
        assertTrue(bytes(gap).length == 0, string.concat("eventsAreNumberedWithoutGaps: ", gap));
        for (uint256 i = 0; i < tokens.length; ++i) {
            (, , uint24 events) = pieces.pieceOf(tokens[i]);
            assertEq(events, eventsInBook[tokens[i]], "eventsAreNumberedWithoutGaps");
        }
    }

    /// Whose card is dead, and that no dead one works, is foretold by the book like everything else.
    function holds_cardsAreAliveThatWereNeverNearAPerson() public view {
        for (uint256 i = 0; i < tokens.length; ++i) {
            uint256 slot = _slotOf(tokens[i]);
            assertTrue(((slot >> CARD_DEAD_BIT) & 1 == 1) == cardDeadInBook[tokens[i]], "dead card");
            assertTrue(((slot >> FRESH_CARD_BIT) & 1 == 1) == (freshInBook[tokens[i]] != 0), "fresh card");
        }
    }

    function holds_standingKeysAndPrefixesAreWhatWasDecided() public view {
        for (uint256 o = 0; o < ORGANISATIONS; ++o) {
            address organisation = people[o];
            IOrganisations.Organisation memory entry = organisations.organisationOf(organisation);
            assertTrue((entry.suspendedAt != 0) == suspendedInBook[organisation], "standing");
            assertEq(entry.nonce, keyChanges[organisation], "number of key changes");
            for (uint256 p = 0; p < people.length; ++p) {
                IOrganisations.KeyWindow memory window = organisations.keyOf(organisation, people[p]);
                assertEq(window.until, _windows[organisation][people[p]].until, "end of a key");
                assertEq(window.permissions, _windows[organisation][people[p]].permissions, "permissions of a key");
            }
        }
        for (uint64 prefix = 10_000_000; prefix < 10_000_003; ++prefix) {
            assertEq(organisations.prefixHolder(prefix), prefixInBook[prefix], "holder of a prefix");
        }
    }

    function holds_approvalsAndOperatorsAreThoseGiven() public view {
        for (uint256 i = 0; i < tokens.length; ++i) {
            assertEq(pieces.getApproved(tokens[i]), _approvedInBook[tokens[i]], "approved");
        }
        for (uint256 p = 0; p < people.length; ++p) {
            for (uint256 q = 0; q < people.length; ++q) {
                bool expected = _operatorInBook[people[p]][people[q]] || _isPermitted(people[p], people[q], TRANSFER);
                assertTrue(pieces.isApprovedForAll(people[p], people[q]) == expected, "operator");
            }
        }
    }

    function _slotOf(uint256 token) private view returns (uint256) {
        return uint256(vm.load(address(pieces), keccak256(abi.encode(token, PIECES_SLOT))));
    }
}

contract PiecesInvariants is Test {
    JudgedLife private _life;
    bytes4[] private _acts = [
        Life.register.selector,
        Life.registerSigned.selector,
        Life.replayRegistration.selector,
        Life.move.selector,
        Life.moveAsRegistrar.selector,
        Life.moveSigned.selector,
        Life.replayMove.selector,
        Life.approve.selector,
        Life.appointOperator.selector,
        Life.setKey.selector,
        Life.setKeySigned.selector,
        Life.replayKey.selector,
        Life.decide.selector,
        Life.passTime.selector,
        TradeLife.passRange.selector,
        TradeLife.claim.selector,
        TradeLife.setCard.selector,
        TradeLife.handOver.selector,
        TradeLife.withdraw.selector,
        TradeLife.replayTrade.selector
    ];

    function setUp() public {
        _life = new JudgedLife();
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

    function afterInvariant() external view {
        _life.holdsAfterALife();
        assertTrue(_life.done(uint256(Book.Act.Move)) + _life.done(uint256(Book.Act.MoveSigned)) != 0, "nobody moved");
    }

    /// The random lives would prove nothing if nothing happened in them: in this one, drawn alike from a fixed seed, each
    /// act is done and is refused, but for those that nobody may ever do.
    function test_everythingThatMayHappenDoesAndWhatMayNotIsTried() public {
        for (uint256 step = 0; step < 4_000; ++step) {
            uint256 seed = uint256(keccak256(abi.encode("a life", step)));
            (bool lived, ) = address(_life).call(abi.encodeWithSelector(_acts[seed % _acts.length], seed));
            assertTrue(lived, "an act failed");
        }
        _life.holdsAfterAStep();
        _life.holdsAfterALife();
        for (uint256 i = 0; i <= uint256(type(Book.Act).max); ++i) {
            Book.Act act = Book.Act(i);
            bool never =
                act == Book.Act.ReplayRegistration ||
                    act == Book.Act.MoveAsRegistrar ||
                    act == Book.Act.ReplayMove ||
                    act == Book.Act.ReplayKey ||
                    act == Book.Act.ReplayTrade ||
                    act == Book.Act.Admit;
            assertTrue(never ? _life.done(i) == 0 : _life.done(i) != 0, string.concat(_life.nameOf(act), ", done"));
            assertTrue(_life.refused(i) > 5, string.concat(_life.nameOf(act), ", refused"));
        }
    }
}
