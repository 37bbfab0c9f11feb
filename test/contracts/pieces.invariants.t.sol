// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOrganisations} from "../../contracts/interfaces/IOrganisations.sol";
import {Book} from "./support/Book.sol";
import {Life} from "./support/Life.sol";
import {Test} from "./support/Test.sol";

/// What holds after every step of every random life. Each has met a contract that breaks it: see contracts/README.md.
/// One invariant_ function asks them all, because each function of its own would live all lives again; each names itself
/// when it falls. What costs too much to ask after every step is asked at the end of every life.
contract JudgedLife is Life {
    uint256 private constant PIECES_SLOT = 4;
    uint256 private constant MOVES_SHIFT = 160;

    function holdsAfterAStep() external view {
        holds_everyPieceHasTheOneOwnerItsHistoryGaveIt();
        holds_balancesAreThePiecesPeopleOwnAndAddUpToThoseBorn();
        holds_departedPiecesAreThoseWithAnOwnerOfTheirOwn();
        holds_nothingSucceedsForWhoIsNotAllowed();
        holds_nothingIsDeniedToWhoIsAllowed();
        holds_movesGrowByOneWithEachMove();
    }

    function holdsAfterALife() external view {
        holds_standingKeysAndPrefixesAreWhatWasDecided();
        holds_approvalsAndOperatorsAreThoseGiven();
    }

    function holds_everyPieceHasTheOneOwnerItsHistoryGaveIt() public view {
        for (uint256 i = 0; i < tokens.length; ++i) {
            uint256 token = tokens[i];
            assertEq(pieces.ownerOf(token), ownerInBook[token], "everyPieceHasTheOneOwnerItsHistoryGaveIt");
        }
    }

    function holds_balancesAreThePiecesPeopleOwnAndAddUpToThoseBorn() public view {
        uint256[] memory owned = new uint256[](people.length);
        for (uint256 i = 0; i < tokens.length; ++i) ++owned[placeOf[ownerInBook[tokens[i]]]];
        uint256 sum = 0;
        for (uint256 p = 0; p < owned.length; ++p) {
            uint256 balance = pieces.balanceOf(people[p]);
            assertEq(balance, owned[p], "balancesAreThePiecesPeopleOwn");
            sum += balance;
        }
        assertEq(sum, tokens.length, "balancesAddUpToThePiecesBorn");
    }

    function holds_departedPiecesAreThoseWithAnOwnerOfTheirOwn() public view {
        for (uint256 b = 0; b < batches.length; ++b) {
            Batch memory batch = batches[b];
            uint256 own = 0;
            for (uint32 i = 0; i < batch.count; ++i) {
                if (address(uint160(_slotOf(_token(batch.id, i)))) != address(0)) ++own;
            }
            (address holder, uint24 count, uint24 departed, ) = pieces.batchOf(batch.id);
            assertEq(departed, own, "departedPiecesAreThoseWithAnOwnerOfTheirOwn");
            assertEq(count, batch.count, "count of a batch");
            assertEq(holder, batch.organisation, "holder of a batch");
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
            assertEq(uint24(_slotOf(token) >> MOVES_SHIFT), movesInBook[token], "movesGrowByOneWithEachMove");
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
        Life.passTime.selector
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
                    act == Book.Act.Admit;
            assertTrue(never ? _life.done(i) == 0 : _life.done(i) != 0, string.concat(_life.nameOf(act), ", done"));
            assertTrue(_life.refused(i) > 5, string.concat(_life.nameOf(act), ", refused"));
        }
    }
}
