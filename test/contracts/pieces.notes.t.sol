// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IPieces, Standing} from "../../contracts/interfaces/IPieces.sol";
import {Living} from "./support/Living.sol";
import {Vm} from "./support/Test.sol";

/// What the registry itself lets its life events write, whatever they ask for.
contract PiecesNotesTest is Living {
    uint224 private _batch;
    uint256 private _piece;

    function setUp() public override {
        super.setUp();
        _piece = _madeFor(alice);
        _batch = uint224(_piece >> 32);
    }

    function testFuzz_nobodyButLifeEventsNotesOrRecovers(address caller) public {
        vm.assume(caller != address(lifeEvents));
        bytes memory refusal = abi.encodeWithSelector(IPieces.NotLifeEvents.selector, caller);
        vm.prank(caller);
        revertsWith(refusal);
        pieces.note(_piece, RECALLED, 0, 0, 0, 0, false);
        vm.prank(caller);
        revertsWith(refusal);
        pieces.noteBatch(_batch, 4, 0);
        vm.prank(caller);
        revertsWith(refusal);
        pieces.recover(_piece, caller);
    }

    /// Any words at all, in any state: owner, moves and the bits of cards and approvals stay; what is for good stays.
    function testFuzz_aNoteChangesStateAndEventsOnly(
        uint8 state,
        uint8 flags,
        uint8[4] memory words,
        uint16 day
    ) public {
        _pretend(_piece, state, flags);
        Standing memory before = pieces.standingOf(_piece);
        uint256 sold = pieces.balanceOf(alice);
        vm.prank(address(lifeEvents));
        uint24 number = pieces.note(_piece, words[0], words[1], words[2], words[3], day, false);
        Standing memory s = pieces.standingOf(_piece);
        assertEq(number, before.events + 1, "number");
        assertEq(s.events, number, "events");
        assertEq(s.owner, before.owner, "owner");
        assertEq(pieces.balanceOf(alice), sold, "balance");
        assertEq(s.moves, before.moves, "moves");
        assertEq(s.day, day == 0 ? before.day : day, "day");
        uint8 cleared = words[1] & ~(ENDED | WITHDRAWN);
        assertEq(s.state, (before.state & ~cleared) | words[0], "state");
        uint8 recovery = RECOVERABLE | RECOVERING;
        uint8 expected = (before.flags & ~(words[3] & recovery)) | (words[2] & recovery);
        assertEq(s.flags, expected, "flags");
    }

    function testFuzz_lockedIsToldWheneverItChangesAndOnlyThen(uint8 state, uint8 set, uint8 clear) public {
        _pretend(_piece, state, CARD_DEAD);
        bool before = pieces.locked(_piece);
        assertTrue(before == (state & (BLOCKED | LOCKED | ENDED) != 0), "locked");
        vm.recordLogs();
        vm.prank(address(lifeEvents));
        pieces.note(_piece, set, clear, 0, 0, 0, false);
        bool then_ = pieces.locked(_piece);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, before == then_ ? 0 : 1, "logs");
        if (logs.length == 0) return;
        _expectOfPiece(logs[0], then_ ? IPieces.Locked.selector : IPieces.Unlocked.selector, _piece);
    }

    function test_aNoteTellsOfNewMetadataWhenAsked() public {
        vm.recordLogs();
        vm.prank(address(lifeEvents));
        pieces.note(_piece, 0, 0, 0, 0, 0, true);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        _expectOfPiece(logs[0], IPieces.MetadataUpdate.selector, _piece);
    }

    function testFuzz_ofABatchWhatEndedOrWasWithdrawnStays(uint8 set, uint8 clear) public {
        vm.prank(address(lifeEvents));
        pieces.noteBatch(_batch, 2 | 4 | 8, 0);
        vm.prank(address(lifeEvents));
        uint16 number = pieces.noteBatch(_batch, set, clear);
        (uint8 flags, uint16 events) = pieces.batchStandingOf(_batch);
        assertEq(flags, 2 | 8 | (clear & 4 == 0 || set & 4 != 0 ? 4 : 0), "flags");
        assertEq(number, 2, "number");
        assertEq(events, 2, "events");
        (address holder, uint24 count, uint24 departed, uint24 passes) = pieces.batchOf(_batch);
        assertEq(holder, workshop, "holder");
        assertEq(count, MADE, "count");
        assertEq(departed, 1, "departed");
        assertEq(passes, 0, "passes");
    }

    function testFuzz_lifeEventsRecoverNothingThatWasNotAllowed(uint8 state, uint8 flags) public {
        _pretend(_piece, state, flags);
        bool allowed = flags & (RECOVERABLE | RECOVERING) == RECOVERABLE | RECOVERING;
        bool blocked = state & (BLOCKED | LOCKED | ENDED) != 0;
        vm.prank(address(lifeEvents));
        if (!allowed) revertsWith(abi.encodeWithSelector(IPieces.NotRecoverable.selector, _piece));
        else if (blocked) revertsWith(_blocked(_piece, state));
        pieces.recover(_piece, bob);
        assertEq(pieces.ownerOf(_piece), allowed && !blocked ? bob : alice, "owner");
    }

    function test_lifeEventsRecoverNothingFromARange() public {
        vm.prank(address(lifeEvents));
        revertsWith(abi.encodeWithSelector(IPieces.NotRecoverable.selector, _token(_batch, 0)));
        pieces.recover(_token(_batch, 0), bob);
    }

    function test_whatDoesNotExistIsNotNoted() public {
        uint256 beyond = _token(_batch, MADE);
        bytes memory missing = abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, beyond);
        vm.prank(address(lifeEvents));
        revertsWith(missing);
        pieces.note(beyond, RECALLED, 0, 0, 0, 0, false);
        revertsWith(missing);
        pieces.standingOf(beyond);
        revertsWith(missing);
        pieces.locked(beyond);
        vm.prank(address(lifeEvents));
        revertsWith(abi.encodeWithSelector(IPieces.UnknownBatch.selector, _batch + 1));
        pieces.noteBatch(_batch + 1, 4, 0);
        (uint8 flags, uint16 events) = pieces.batchStandingOf(_batch + 1);
        assertEq(flags + events, 0, "nothing");
    }

    function test_theRegistryDescribesItselfAndTellsWhenThatChanges() public {
        assertEq(keccak256(bytes(pieces.contractURI())), keccak256("https://example.org/t/registry"), "contract URI");
        vm.recordLogs();
        vm.prank(administrator);
        pieces.setBaseURI("https://example.com/");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "logs");
        bytes32[] memory topics = new bytes32[](1);
        topics[0] = IPieces.BatchMetadataUpdate.selector;
        _expectLog(logs[0], topics, abi.encode(uint256(0), type(uint256).max), "every piece");
        topics[0] = IPieces.ContractURIUpdated.selector;
        _expectLog(logs[1], topics, "", "ContractURIUpdated");
        assertEq(keccak256(bytes(pieces.contractURI())), keccak256("https://example.com/registry"), "the new one");
        assertEq(bytes(_deployPieces(address(0), "").contractURI()).length, 0, "without a base");
    }

    /// Writes the piece's state and flags past every rule.
    function _pretend(uint256 token, uint8 state, uint8 flags) private {
        bytes32 place = keccak256(abi.encode(token, uint256(4)));
        uint256 slot = uint256(vm.load(address(pieces), place)) & type(uint208).max;
        slot |= (uint256(777) << 208) | (uint256(state) << 224) | (uint256(flags) << 232);
        vm.store(address(pieces), place, bytes32(slot));
    }
}
