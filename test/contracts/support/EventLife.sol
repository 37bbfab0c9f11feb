// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader} from "../../../contracts/interfaces/IPieces.sol";
import {ILifeEvents} from "../../../contracts/interfaces/ILifeEvents.sol";
import {EventTrade} from "./EventTrade.sol";
import {Vm} from "./Test.sol";

/// The part of a random life in which pieces are reported, locked, served, recalled, ended and recovered. As in EventTrade,
/// each act foretells from the book whether it is allowed.
abstract contract EventLife is EventTrade {
    struct Recovering {
        address to;
        address speaker;
        address key;
        address caller;
    }

    function report(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _throw(dice, PIECES);
        uint8 kind = uint8(29 + _throw(dice, 4));
        address caller = _somebodyFor(dice, _book[nth].owner);
        bool known = kind == 30 || kind == 31;
        bool allowed = known && _owns(caller, _book[nth].owner) && _book[nth].state & ENDED == 0;
        bytes memory call = abi.encodeCall(ILifeEvents.report, (tokens[nth], kind, _direct(caller)));
        if (!_tell(Act.Report, nth, caller, call, allowed)) return;
        _book[nth].state |= BLOCKED | (kind == 30 ? STOLEN : LOST);
        _book[nth].day = uint16(_clock / 1 days + 90);
        _book[nth].recovering = false;
    }

    function withdrawReport(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _pieceWith(dice, STOLEN | LOST);
        address caller = _somebodyFor(dice, _book[nth].owner);
        bool allowed = _owns(caller, _book[nth].owner) && _book[nth].state & (STOLEN | LOST) != 0;
        bytes memory call = abi.encodeCall(ILifeEvents.withdrawReport, (tokens[nth], _direct(caller)));
        if (!_tell(Act.WithdrawReport, nth, caller, call, allowed)) return;
        _book[nth].state &= ~(STOLEN | LOST | BLOCKED);
        _book[nth].recovering = false;
    }

    function lapse(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _pieceWith(dice, BLOCKED);
        // Who wants a block to lapse mostly waits for it.
        if (_book[nth].state & BLOCKED != 0 && _throw(dice, 3) != 0) {
            _waitUntil(uint48(_book[nth].day + 1) * 1 days - uint48(_throw(dice, 2)));
        }
        bool allowed = _book[nth].state & BLOCKED != 0 && _clock / 1 days > _book[nth].day;
        bytes memory call = abi.encodeCall(ILifeEvents.lapse, (tokens[nth]));
        if (_tell(Act.Lapse, nth, stranger, call, allowed)) _book[nth].state &= ~BLOCKED;
    }

    function allowRecovery(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _throw(dice, PIECES);
        bool yes = _throw(dice, 4) != 0;
        address caller = _somebodyFor(dice, _book[nth].owner);
        bool allowed = _owns(caller, _book[nth].owner) && _book[nth].recoverable != yes;
        allowed = allowed && _book[nth].state & ENDED == 0;
        bytes memory call = abi.encodeCall(ILifeEvents.allowRecovery, (tokens[nth], yes, _direct(caller)));
        if (!_tell(Act.AllowRecovery, nth, caller, call, allowed)) return;
        (_book[nth].recoverable, _book[nth].recovering) = (yes, false);
    }

    function end(uint256 seed) external {
        Dice memory dice = _dice(seed);
        // Of six pieces three may end by themselves, so that the life goes on.
        uint256 nth = _throw(dice, PIECES);
        if (nth % 2 == 0 && _throw(dice, 40) != 0) return;
        uint8 kind = uint8(49 + _throw(dice, 5));
        address caller = _somebodyFor(dice, _book[nth].owner);
        bool allowed = _owns(caller, _book[nth].owner) && _book[nth].state & IMMOBILE == 0;
        allowed = allowed && kind > 49 && kind < 53;
        bytes memory call = abi.encodeCall(ILifeEvents.end, (tokens[nth], kind, 0, _direct(caller)));
        if (!_tell(Act.End, nth, caller, call, allowed)) return;
        _book[nth].state |= ENDED;
        (_book[nth].recoverable, _book[nth].recovering) = (false, false);
    }

    function endBatch(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 place = _throw(dice, BATCHES);
        address caller = _throw(dice, 30) == 0 ? _keyFor(holderInBook[place]) : _keyFor(people[6]);
        bool allowed = _owns(caller, holderInBook[place]) && flagsInBook[place] & 2 == 0;
        allowed = allowed && _departed(place).length < COUNT;
        bytes memory call = abi.encodeCall(ILifeEvents.endBatch, (batches[place], 50, "fire", _direct(caller)));
        if (!_tellBatch(Act.EndBatch, place, caller, call, allowed)) return;
        flagsInBook[place] |= 2;
        for (uint256 nth = place * COUNT; nth < (place + 1) * COUNT; ++nth) {
            if (!_book[nth].apart) _book[nth].state |= ENDED;
        }
    }

    function arbitrate(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint8 kind = [34, 35, 36, 36, 63, 37][_throw(dice, 6)];
        uint256 nth = kind == 36 ? _pieceWith(dice, LOCKED) : _throw(dice, PIECES);
        address court = _throw(dice, 8) == 0 ? _anybody(dice) : people[3];
        address caller = _somebodyFor(dice, court);
        string memory words = _throw(dice, 12) == 0 ? "" : "why";
        bool allowed =
            _maySay(court, caller, ARBITRATE) && bytes(words).length != 0 && _rules(kind, nth) && _opens(nth);
        bytes memory call = abi.encodeCall(ILifeEvents.arbitrate, (tokens[nth], kind, court, words, _direct(caller)));
        if (!_tell(Act.Arbitrate, nth, caller, call, allowed)) return;
        if (kind == 34) _book[nth].state &= ~(STOLEN | LOST | EARLIER | BLOCKED);
        if (kind == 35) _book[nth].state |= LOCKED;
        if (kind == 36) _book[nth].state &= ~LOCKED;
        if (kind == 63) _book[nth].recovering = false;
    }

    /// The service centre comes in person, the owner signs.
    function record(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _throw(dice, PIECES);
        uint8 kind = uint8(9 + _throw(dice, 12));
        address center = _throw(dice, 6) == 0 ? _anybody(dice) : people[2];
        address caller = _somebodyFor(dice, center);
        address key = _somebodyFor(dice, _book[nth].owner);
        uint24 stale = _throw(dice, 8) == 0 ? 1 : 0;
        bool allowed = _owns(key, _book[nth].owner) && _book[nth].state & ENDED == 0 && stale == 0;
        allowed = allowed && kind > 9 && kind < 20;
        if (kind < 18) allowed = allowed && _maySay(center, caller, SERVE);
        else allowed = allowed && _isOrganisation(center) && caller == _keyFor(center);
        Authorization memory owner = _signed(_secretOf(key), FOREVER, _recordDigest(nth, kind, center, stale));
        bytes memory call = _recordCall(nth, kind, center, caller, owner);
        if (_tell(Act.Record, nth, caller, call, allowed)) _book[nth].recovering = false;
    }

    function notice(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _throw(dice, PIECES);
        uint8 kind = [40, 41, 41, 43, 44, uint8(_throw(dice, 9) == 0 ? 42 : 41)][_throw(dice, 6)];
        address speaker = _throw(dice, 6) == 0 ? _anybody(dice) : people[_throw(dice, 2)];
        address caller = _somebodyFor(dice, speaker);
        bytes32 hash = kind == 43 ? bytes32(uint256(1)) : bytes32(0);
        bool allowed = _speaks(speaker, caller) && _applies(kind, _book[nth].state, RECALLED, WITHDRAWN) && _opens(nth);
        bytes memory call = abi.encodeCall(
            ILifeEvents.notice,
            (_headerAt(nth / COUNT), uint32(nth % COUNT), kind, speaker, hash, "why", _direct(caller))
        );
        if (!_tell(Act.Notice, nth, caller, call, allowed)) return;
        if (kind == 40) _book[nth].state |= RECALLED;
        if (kind == 41) _book[nth].state &= ~RECALLED;
        if (kind == 42) _book[nth].state |= WITHDRAWN;
    }

    function noticeBatch(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 place = _throw(dice, BATCHES);
        uint8 kind = uint8(40 + _throw(dice, 4));
        address speaker = _throw(dice, 6) == 0 ? _anybody(dice) : people[_throw(dice, 2)];
        address caller = _somebodyFor(dice, speaker);
        bool allowed = _speaks(speaker, caller) && kind != 43 && _applies(kind, flagsInBook[place], 4, 8);
        bytes memory call = abi.encodeCall(
            ILifeEvents.noticeBatch,
            (_headerAt(place), kind, speaker, "why", _direct(caller))
        );
        if (!_tellBatch(Act.NoticeBatch, place, caller, call, allowed)) return;
        if (kind == 40) flagsInBook[place] |= 4;
        if (kind == 41) flagsInBook[place] &= ~uint8(4);
        if (kind == 42) flagsInBook[place] |= 8;
    }

    /// The maker or its successor signs, the arbiter comes in person.
    function beginRecovery(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _pieceToRecover(dice);
        Recovering memory asked;
        asked.to = _throw(dice, 8) == 0 ? _book[nth].owner : people[4 + _throw(dice, 3)];
        asked.speaker = people[_throw(dice, 2)];
        asked.key = _somebodyFor(dice, asked.speaker);
        asked.caller = _somebodyFor(dice, people[3]);
        bool allowed = _book[nth].recoverable && !_book[nth].recovering && _book[nth].state & IMMOBILE == 0;
        allowed = allowed && asked.to != _book[nth].owner && _speaks(asked.speaker, asked.key);
        allowed = allowed && _maySay(people[3], asked.caller, ARBITRATE);
        if (!_tell(Act.BeginRecovery, nth, asked.caller, _recoveryCall(nth, asked), allowed)) return;
        _book[nth].recovering = true;
        _book[nth].heir = asked.to;
        _book[nth].readyAt = _clock + 30 days;
    }

    function completeRecovery(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _throw(dice, PIECES);
        for (uint256 i = 0; i < PIECES && !_book[nth].recovering; ++i) nth = (nth + 1) % PIECES;
        Entry memory piece = _book[nth];
        if (piece.recovering && _throw(dice, 3) != 0) _waitUntil(piece.readyAt - uint48(_throw(dice, 2)));
        bool allowed = piece.recovering && _clock >= piece.readyAt && piece.state & IMMOBILE == 0;
        bytes memory call = abi.encodeCall(ILifeEvents.completeRecovery, (tokens[nth]));
        if (_tell(Act.CompleteRecovery, nth, stranger, call, allowed)) _wroteMove(nth, piece.heir);
    }

    /// A life event of a piece, with the next number.
    function _tell(Act act, uint256 nth, address caller, bytes memory call, bool allowed) private returns (bool ok) {
        vm.recordLogs();
        ok = _try(act, caller, address(lifeEvents), call, allowed);
        if (!ok) return false;
        _wroteEvent(nth);
        (uint24 number, , , ) = abi.decode(_lastData(), (uint24, address, bytes32, string));
        if (number != _book[nth].events) _broke("events are numbered without gaps");
    }

    function _tellBatch(
        Act act,
        uint256 place,
        address caller,
        bytes memory call,
        bool allowed
    ) private returns (bool ok) {
        vm.recordLogs();
        ok = _try(act, caller, address(lifeEvents), call, allowed);
        if (!ok) return false;
        batchEventsInBook[place] += 1;
        (uint16 number, , ) = abi.decode(_lastData(), (uint16, address, string));
        if (number != batchEventsInBook[place]) _broke("events of batches are numbered without gaps");
    }

    function _lastData() private returns (bytes memory) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        return logs[logs.length - 1].data;
    }

    function _speaks(address speaker, address key) private view returns (bool) {
        return (speaker == people[0] || speaker == people[1]) && _maySay(speaker, key, STATE);
    }

    function _applies(uint8 kind, uint8 state, uint8 recalled, uint8 withdrawn) private pure returns (bool) {
        if (kind == 40) return state & recalled == 0;
        if (kind == 41) return state & recalled != 0;
        return kind == 43 || (kind == 42 && state & withdrawn == 0);
    }

    function _rules(uint8 kind, uint256 nth) private view returns (bool) {
        uint8 state = _book[nth].state;
        if (kind == 34) return state & (STOLEN | LOST | EARLIER) != 0;
        if (kind == 35) return state & (LOCKED | ENDED) == 0;
        if (kind == 36) return state & LOCKED != 0;
        return kind == 63 && _book[nth].recovering;
    }

    function _pieceWith(Dice memory dice, uint8 state) private view returns (uint256 nth) {
        nth = _throw(dice, PIECES);
        for (uint256 i = 0; i < PIECES && _book[nth].state & state == 0; ++i) nth = (nth + 1) % PIECES;
    }

    function _pieceToRecover(Dice memory dice) private view returns (uint256 nth) {
        nth = _throw(dice, PIECES);
        for (uint256 i = 0; i < PIECES && !_book[nth].recoverable; ++i) nth = (nth + 1) % PIECES;
    }

    function _recordCall(
        uint256 nth,
        uint8 kind,
        address center,
        address caller,
        Authorization memory owner
    ) private view returns (bytes memory) {
        return abi.encodeCall(ILifeEvents.record, (tokens[nth], kind, center, 0, _direct(caller), owner));
    }

    function _recordDigest(uint256 nth, uint8 kind, address center, uint24 stale) private view returns (bytes32) {
        bytes32 type_ = keccak256(
            "Record(uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline)"
        );
        Entry memory piece = _book[nth];
        bytes32 none = 0;
        return _ofLife(abi.encode(type_, tokens[nth], kind, center, none, piece.moves, piece.events + stale, FOREVER));
    }

    function _recoveryCall(uint256 nth, Recovering memory asked) private view returns (bytes memory) {
        bytes32 digest = _recoveryDigest(nth, asked.to, asked.speaker);
        Authorization memory maker = _signed(_secretOf(asked.key), FOREVER, digest);
        BatchHeader memory header = _headerAt(nth / COUNT);
        Authorization memory court = _direct(asked.caller);
        uint32 index = uint32(nth % COUNT);
        return
            abi.encodeCall(
                ILifeEvents.beginRecovery,
                (header, index, asked.to, asked.speaker, people[3], "why", maker, court)
            );
    }

    function _recoveryDigest(uint256 nth, address to, address speaker) private view returns (bytes32) {
        bytes32 type_ = keccak256(
            "Recovery(uint256 tokenId,address from,address to,address organisation,address arbiter,string words,uint24 moves,uint24 events,uint48 deadline)"
        );
        Entry memory piece = _book[nth];
        bytes memory asked = abi.encode(type_, tokens[nth], piece.owner, to, speaker, people[3], keccak256("why"));
        return _ofLife(bytes.concat(asked, abi.encode(piece.moves, piece.events, FOREVER)));
    }

    function _ofLife(bytes memory encoded) private view returns (bytes32) {
        return _digest(address(lifeEvents), "Touchstone Life Events", keccak256(encoded));
    }
}
