// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {IPieces, Leaf} from "../../../contracts/interfaces/IPieces.sol";
import {Life} from "./Life.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {Vm} from "./Test.sol";

/// The part of a random life that is trade: ranges that pass on, claim cards, handovers. As in Life, each act foretells
/// from the book whether it is allowed.
abstract contract TradeLife is Life {
    /// How somebody shows that `key` wants something: in person or by a signature, with or without a fault.
    struct Consent {
        Authorization order;
        address caller;
        bool good;
    }

    struct Pass {
        uint256 place;
        uint32 part;
        address holder;
        address to;
        uint24 events;
        uint32[] departed;
    }

    /// What is said of a piece, with one word of it wrong where the fault says so.
    struct Said {
        uint256 token;
        address owner;
        address to;
        address key;
        uint24 moves;
        uint24 events;
        uint48 deadline;
    }

    uint256 private constant FRESH = 0xF0;
    uint256 private constant ONCE = 0xFA;
    bytes[] private _used;

    function passRange(uint256 seed) external {
        Dice memory dice = _dice(seed);
        Pass memory pass = _anyPass(dice);
        bool allowed = _mayPass(pass);
        uint256 fault = _throw(dice, 12);
        if (fault == 0) pass.events += 1;
        address key = _somebodyFor(dice, pass.holder, TRANSFER);
        Consent memory consent = _consent(dice, key, fault, _passDigestWith(fault, pass));
        allowed = allowed && fault != 0 && consent.good && _mayActFor(pass.holder, key);
        bytes memory call = abi.encodeCall(
            IPieces.passRange,
            (batches[pass.place].id, pass.part, pass.to, pass.events, pass.departed, consent.order)
        );
        uint24 number = _passes(pass.place, pass.part) + 1;
        if (!_trade(Act.PassRange, consent.caller, call, allowed)) return;
        _keep(consent.order, call);
        (, uint24 told, ) = abi.decode(_lastData(), (uint32, uint24, uint24));
        _expectNumber(Act.PassRange, told, number);
        _wrotePass(pass.place, pass.part, pass.to);
    }

    function claim(uint256 seed) external {
        Dice memory dice = _dice(seed);
        Said memory said = _anySaid(dice, RELEASE);
        bool fresh = freshInBook[said.token] != 0;
        uint256 secret = fresh ? freshInBook[said.token] : _bornSecret(said.token);
        uint256 fault = _throw(dice, 14);
        if (fault == 0) secret = ONCE;
        if (fault == 1) secret = _bornSecret(said.token);
        bool byFresh = fault == 1 ? !fresh : fresh;
        bool good = fault > 7 && _signs(said.key) && said.to != address(0);
        bytes memory card = _signature(secret, _claimDigestWith(fault, said));
        Authorization memory release = _signedBy(said.key, said.deadline, _releaseDigestWith(fault, said));
        release.key = said.key;
        bool allowed = good && !cardDeadInBook[said.token] && _isPermitted(said.owner, said.key, RELEASE);
        bytes memory call =
            byFresh
                ? abi.encodeCall(IPieces.claimByFreshCard, (said.token, said.to, false, said.deadline, card, release))
                : abi.encodeCall(IPieces.claim, (_leafOf(said.token), said.to, false, said.deadline, card, release));
        if (!_trade(Act.Claim, _anybody(dice), call, allowed)) return;
        _keep(release, call);
        _wroteMove(said.token, said.to);
        cardDeadInBook[said.token] = true;
    }

    function setCard(uint256 seed) external {
        Dice memory dice = _dice(seed);
        Said memory said = _anySaid(dice, TRANSFER);
        uint256 secret = FRESH + _throw(dice, 2);
        uint256 fault = _throw(dice, 12);
        address card = fault == 0 ? address(0) : vm.addr(secret);
        bytes32 digest = _setCardDigest(
            fault == 2 ? said.token + 1 : said.token,
            fault == 3 ? said.to : card,
            fault == 4 ? said.moves + 1 : said.moves,
            fault == 5 ? said.events + 1 : said.events,
            _deadline(fault)
        );
        Consent memory consent = _consent(dice, said.key, fault, digest);
        bool allowed = consent.good && card != address(0) && _isOrganisation(said.owner);
        bytes memory call = abi.encodeCall(IPieces.setCard, (said.token, card, consent.order));
        if (!_trade(Act.SetCard, consent.caller, call, allowed && _mayActFor(said.owner, said.key))) return;
        _keep(consent.order, call);
        (uint24 told, , ) = abi.decode(_lastData(), (uint24, address, address));
        _expectNumber(Act.SetCard, told, said.events + 1);
        _wroteEvent(said.token);
        (freshInBook[said.token], cardDeadInBook[said.token]) = (secret, false);
    }

    function handOver(uint256 seed) external {
        Dice memory dice = _dice(seed);
        Said memory said = _anySaid(dice, TRANSFER);
        uint256 fault = _throw(dice, 16);
        bytes32 offer = _handoverDigest(
            fault == 0 ? said.token + 1 : said.token,
            fault == 1 ? said.to : said.owner,
            fault == 2 ? stranger : vm.addr(ONCE),
            fault == 3 ? said.moves + 1 : said.moves,
            fault == 4 ? said.events + 1 : said.events,
            said.deadline
        );
        bytes32 accept = _acceptDigest(
            said.token,
            fault == 5 ? stranger : said.to,
            fault == 6 ? said.moves + 1 : said.moves,
            said.deadline
        );
        Authorization memory order = _signedBy(said.key, said.deadline, offer);
        order.key = said.key;
        bytes memory signature = _signature(fault == 7 ? ONCE + 1 : ONCE, accept);
        bool good =
            fault == 1
                ? said.to == said.owner
                : fault == 5
                    ? said.to == stranger
                    : fault > 7;
        bool allowed = good && said.to != address(0) && _signs(said.key) && _mayActFor(said.owner, said.key);
        bytes memory call = abi.encodeCall(
            IPieces.acceptHandover,
            (said.token, said.to, vm.addr(ONCE), said.deadline, signature, order)
        );
        if (!_trade(Act.Handover, _anybody(dice), call, allowed)) return;
        _keep(order, call);
        _wroteMove(said.token, said.to);
    }

    function withdraw(uint256 seed) external {
        Dice memory dice = _dice(seed);
        Said memory said = _anySaid(dice, TRANSFER);
        uint256 fault = _throw(dice, 10);
        bytes32 digest = _withdrawDigest(
            fault == 2 ? said.token + 1 : said.token,
            fault == 4 ? said.moves + 1 : said.moves,
            fault == 3 || fault == 5 ? said.events + 1 : said.events,
            _deadline(fault)
        );
        Consent memory consent = _consent(dice, said.key, fault, digest);
        bytes memory call = abi.encodeCall(IPieces.withdrawHandovers, (said.token, consent.order));
        bool allowed = consent.good && _mayActFor(said.owner, said.key);
        if (!_trade(Act.Withdraw, consent.caller, call, allowed)) return;
        _keep(consent.order, call);
        (uint24 told, ) = abi.decode(_lastData(), (uint24, address));
        _expectNumber(Act.Withdraw, told, said.events + 1);
        _wroteEvent(said.token);
    }

    /// Somebody who kept what was carried out by signature tries it again.
    function replayTrade(uint256 seed) external {
        if (_used.length == 0) return;
        Dice memory dice = _dice(seed);
        bytes memory call = _used[_throw(dice, _used.length)];
        _judge(Act.ReplayTrade, _try(_anybody(dice), address(pieces), call), false);
    }

    /// Whole or block, of any batch; the list mostly right, and in one of the two ways.
    function _anyPass(Dice memory dice) private view returns (Pass memory pass) {
        pass.place = _throw(dice, 2) == 0 ? 1 : _throw(dice, batches.length);
        pass.part = uint32(_throw(dice, 2) == 0 ? _throw(dice, 5) : _throw(dice, 2));
        pass.holder = _holder(pass.place, pass.part);
        pass.to = _throw(dice, 5) == 0 ? _anybody(dice) : _anyOrganisation(dice);
        pass.events = _passes(pass.place, pass.part);
        pass.departed = _departedOf(pass, _throw(dice, 2) == 0);
        if (_throw(dice, 6) == 0) pass.departed = _changed(dice, pass.departed);
    }

    function _mayPass(Pass memory pass) private view returns (bool) {
        if (pass.part > (batches[pass.place].count + 255) / 256) return false;
        if (pass.part == 0 && splitInBook[pass.place]) return false;
        if (!_isOrganisation(pass.to) || pass.to == pass.holder) return false;
        bytes32 list = keccak256(abi.encode(pass.departed));
        bool listed = list == keccak256(abi.encode(_departedOf(pass, true)));
        if (!listed && list != keccak256(abi.encode(_departedOf(pass, false)))) return false;
        for (uint256 i = 0; i < tokens.length; ++i) {
            if (!departedInBook[tokens[i]] && _isWithin(tokens[i], pass.place, pass.part)) return true;
        }
        return false;
    }

    function _departedOf(Pass memory pass, bool all) private view returns (uint32[] memory list) {
        list = new uint32[](tokens.length);
        bool shared = all && pass.part != 0 && holderInBook[pass.place][pass.part] == address(0);
        uint256 length = 0;
        for (uint256 i = 0; i < tokens.length; ++i) {
            uint256 token = tokens[i];
            if (!departedInBook[token] || batchOfPiece[token] != pass.place) continue;
            bool within = _isWithin(token, pass.place, pass.part);
            if (shared) within = holderInBook[pass.place][uint32(token) / 256 + 1] == address(0);
            if (within) list[length++] = uint32(token);
        }
        assembly ("memory-safe") {
            mstore(list, length)
        }
    }

    /// One left out, or one put in at the end.
    function _changed(Dice memory dice, uint32[] memory list) private pure returns (uint32[] memory other) {
        bool shorter = list.length != 0 && _throw(dice, 2) == 0;
        other = new uint32[](shorter ? list.length - 1 : list.length + 1);
        for (uint256 i = 0; i < other.length; ++i) other[i] = i < list.length ? list[i] : uint32(_throw(dice, LARGE));
    }

    /// In the order that the book is asked here: who is to say it, and where the piece shall go.
    function _anySaid(Dice memory dice, uint16 permission) private view returns (Said memory said) {
        said.token = _anyPiece(dice);
        said.owner = ownerInBook[said.token];
        said.to = _throw(dice, 10) == 0 ? address(0) : _anybody(dice);
        said.key = _somebodyFor(dice, said.owner, permission);
        said.moves = movesInBook[said.token];
        said.events = eventsInBook[said.token];
        said.deadline = _clock;
    }

    /// Faults 1 to 5 are of what is signed; in person there is nothing signed, but somebody else may be the caller.
    function _consent(
        Dice memory dice,
        address key,
        uint256 fault,
        bytes32 digest
    ) private view returns (Consent memory consent) {
        if (_throw(dice, 2) == 0) {
            consent.caller = _throw(dice, 6) == 0 ? _anybody(dice) : key;
            consent.order = _direct(key);
            consent.good = consent.caller == key;
        } else {
            consent.caller = _anybody(dice);
            consent.order = _signedBy(key, _deadline(fault), digest);
            consent.good = _signs(key) && (fault == 0 || fault > 5);
        }
    }

    function _deadline(uint256 fault) private view returns (uint48) {
        return fault == 1 ? _clock - 1 : _clock;
    }

    function _passDigestWith(uint256 fault, Pass memory pass) private view returns (bytes32) {
        return
            _passDigest(
                fault == 2 ? batches[pass.place].id + 1 : batches[pass.place].id,
                fault == 3 ? pass.part + 1 : pass.part,
                fault == 4 ? stranger : pass.holder,
                fault == 5 ? stranger : pass.to,
                pass.events,
                _deadline(fault)
            );
    }

    function _claimDigestWith(uint256 fault, Said memory said) private view returns (bytes32) {
        return
            _claimDigest(
                fault == 2 ? said.token + 1 : said.token,
                fault == 3 ? address(uint160(said.to) + 1) : said.to,
                fault == 4 ? said.moves + 1 : said.moves,
                said.deadline
            );
    }

    function _releaseDigestWith(uint256 fault, Said memory said) private view returns (bytes32) {
        return
            _releaseDigest(
                fault == 5 ? said.token + 1 : said.token,
                fault == 6 ? said.moves + 1 : said.moves,
                fault == 7 ? said.events + 1 : said.events,
                said.deadline
            );
    }

    function _bornSecret(uint256 token) private view returns (uint256) {
        return _cardSecret(batchOfPiece[token], uint32(token));
    }

    function _leafOf(uint256 token) private view returns (Leaf memory leaf) {
        uint256 place = batchOfPiece[token];
        Batch memory batch = batches[place];
        leaf.header = _headerAt(place, batch.organisation, batch.count);
        leaf.index = uint32(token);
        leaf.claimKey = vm.addr(_bornSecret(token));
        uint32[] memory indexes = _actors(batch.count);
        uint256 position = 0;
        while (indexes[position] != leaf.index) ++position;
        leaf.proof = MerkleTree.proof(_leavesAt(place, batch.organisation, batch.count), position);
    }

    function _trade(Act act, address caller, bytes memory call, bool allowed) private returns (bool done_) {
        vm.recordLogs();
        done_ = _try(caller, address(pieces), call);
        _judge(act, done_, allowed);
    }

    /// What was done by signature is kept, the latest eight or so.
    function _keep(Authorization memory order, bytes memory call) private {
        if (order.signature.length == 0) return;
        if (_used.length < 8) _used.push(call);
        else _used[uint256(keccak256(call)) % 8] = call;
    }

    function _lastData() private returns (bytes memory) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        return logs[logs.length - 1].data;
    }

    function _expectNumber(Act act, uint24 told, uint24 expected) private {
        if (told != expected && bytes(gap).length == 0) gap = nameOf(act);
    }
}
