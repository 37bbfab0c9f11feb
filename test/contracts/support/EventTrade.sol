// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Authorization, IOrganisations} from "../../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../../contracts/interfaces/IPieces.sol";
import {EventBook} from "./EventBook.sol";

/// The part of a random life in which pieces change hands, organisations lose and regain their standing, and time passes.
/// Every act draws who does what from its seed, foretells from the book whether that is allowed, tries it, and judges.
abstract contract EventTrade is EventBook {
    struct Claiming {
        address to;
        address key;
        bool recoverable;
        bool first;
    }

    bytes[] private _usedClaims;

    constructor() {
        _open();
    }

    function move(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _throw(dice, PIECES);
        Entry memory piece = _book[nth];
        address to = _anybody(dice);
        bool spends = piece.approved != address(0) && _throw(dice, 2) == 0;
        address caller = spends ? piece.approved : _somebodyFor(dice, piece.owner);
        bool allowed = _owns(caller, piece.owner) || caller == piece.approved;
        allowed = allowed && piece.state & IMMOBILE == 0;
        bytes memory call = abi.encodeCall(IERC721.transferFrom, (piece.owner, to, tokens[nth]));
        if (_try(Act.Move, caller, address(pieces), call, allowed)) _wroteMove(nth, to);
    }

    function approve(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _throw(dice, PIECES);
        address caller = _somebodyFor(dice, _book[nth].owner);
        address spender = _keyFor(_anybody(dice));
        bool allowed = _owns(caller, _book[nth].owner) && _opens(nth);
        bytes memory call = abi.encodeCall(IERC721.approve, (spender, tokens[nth]));
        if (!_try(Act.Approve, caller, address(pieces), call, allowed)) return;
        (_book[nth].approved, _book[nth].apart, _book[nth].recovering) = (spender, true, false);
    }

    function pass(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 place = _throw(dice, BATCHES);
        address holder = holderInBook[place];
        address to = _throw(dice, 8) == 0 ? _anybody(dice) : people[_throw(dice, ORGANISATIONS)];
        address caller = _somebodyFor(dice, holder);
        uint32[] memory departed = _departed(place);
        bool allowed = _owns(caller, holder) && _isOrganisation(to) && to != holder && departed.length < COUNT;
        allowed = allowed && flagsInBook[place] & 2 == 0;
        bytes memory call = abi.encodeCall(
            IPieces.passRange,
            (batches[place], 0, to, passesInBook[place], departed, _direct(caller))
        );
        if (!_try(Act.Pass, caller, address(pieces), call, allowed)) return;
        holderInBook[place] = to;
        passesInBook[place] += 1;
        for (uint256 nth = place * COUNT; nth < (place + 1) * COUNT; ++nth) {
            if (!_book[nth].apart) (_book[nth].owner, _book[nth].moves) = (to, _book[nth].moves + 1);
        }
    }

    function claim(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _throw(dice, PIECES);
        Entry memory piece = _book[nth];
        Claiming memory asked;
        asked.to = _anybody(dice);
        asked.recoverable = _throw(dice, 2) == 0;
        asked.first = _throw(dice, 6) == 0 || piece.fresh == 0;
        asked.key = _somebodyFor(dice, piece.owner);
        bool works = !piece.cardDead && asked.first == (piece.fresh == 0) && _isOrganisation(piece.owner);
        bool allowed = works && asked.key == _keyFor(piece.owner) && piece.state & IMMOBILE == 0;
        bytes memory call = _claimCall(nth, asked);
        if (!_try(Act.Claim, stranger, address(pieces), call, allowed)) return;
        _keep(call);
        _wroteMove(nth, asked.to);
        (_book[nth].cardDead, _book[nth].recoverable) = (true, asked.recoverable);
    }

    /// A card that was used, with the release it was used with, by whoever kept both.
    function replayClaim(uint256 seed) external {
        if (_usedClaims.length == 0) return;
        _try(Act.ReplayClaim, stranger, address(pieces), _usedClaims[seed % _usedClaims.length], false);
    }

    function setCard(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _throw(dice, PIECES);
        address owner = _book[nth].owner;
        address caller = _somebodyFor(dice, owner);
        uint256 secret = 0xF0 + _throw(dice, 4);
        bool allowed = _owns(caller, owner) && _isOrganisation(owner) && _opens(nth);
        bytes memory call = abi.encodeCall(IPieces.setCard, (tokens[nth], vm.addr(secret), _direct(caller)));
        if (!_try(Act.SetCard, caller, address(pieces), call, allowed)) return;
        _wroteEvent(nth);
        (_book[nth].fresh, _book[nth].cardDead, _book[nth].recovering) = (secret, false, false);
    }

    function withdraw(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 nth = _throw(dice, PIECES);
        address caller = _somebodyFor(dice, _book[nth].owner);
        bool allowed = _owns(caller, _book[nth].owner) && _opens(nth);
        bytes memory call = abi.encodeCall(IPieces.withdrawHandovers, (tokens[nth], _direct(caller)));
        if (!_try(Act.Withdraw, caller, address(pieces), call, allowed)) return;
        _wroteEvent(nth);
        _book[nth].recovering = false;
    }

    function suspend(uint256 seed) external {
        Dice memory dice = _dice(seed);
        address whom = people[_throw(dice, ORGANISATIONS)];
        bool back = suspendedInBook[whom] || _throw(dice, 8) == 0;
        address caller = _throw(dice, 4) == 0 ? _keyFor(_anybody(dice)) : administrator;
        bool allowed = caller == administrator && back == suspendedInBook[whom];
        bytes memory call =
            back
                ? abi.encodeCall(IOrganisations.reinstate, (whom))
                : abi.encodeCall(IOrganisations.suspend, (whom, ""));
        if (_try(Act.Suspend, caller, address(organisations), call, allowed)) suspendedInBook[whom] = !back;
    }

    /// What only the contract for life events may do to a registry.
    function trespass(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 token = tokens[_throw(dice, PIECES)];
        address caller = _throw(dice, 4) == 0 ? administrator : _keyFor(_anybody(dice));
        bytes memory call = abi.encodeCall(IPieces.recover, (token, caller));
        if (_throw(dice, 2) == 0) call = abi.encodeCall(IPieces.note, (token, 0, IMMOBILE, 24, 0, 0, false));
        _try(Act.Trespass, caller, address(pieces), call, false);
    }

    function passTime(uint256 seed) external {
        _waitUntil(_clock + uint48(1 hours + (seed % 20 days)));
    }

    function _waitUntil(uint48 time) internal {
        if (time > _clock) _clock = time;
        vm.warp(_clock);
    }

    function _try(Act act, address caller, address target, bytes memory call, bool allowed) internal returns (bool ok) {
        _look();
        vm.prank(caller);
        (ok, ) = target.call(call);
        _judge(act, ok, allowed);
        _checkLaws(act);
    }

    function _owns(address key, address owner) internal view returns (bool) {
        return key == _keyFor(owner);
    }

    function _departed(uint256 place) internal view returns (uint32[] memory list) {
        uint256 length = 0;
        for (uint256 i = 0; i < COUNT; ++i) if (_book[place * COUNT + i].apart) ++length;
        list = new uint32[](length);
        length = 0;
        for (uint32 i = 0; i < COUNT; ++i) if (_book[place * COUNT + i].apart) list[length++] = i;
    }

    function _claimCall(uint256 nth, Claiming memory asked) private view returns (bytes memory) {
        bytes memory card = _signature(
            asked.first ? _cardSecret(nth) : _book[nth].fresh,
            _claimAt(nth, asked.to, asked.recoverable)
        );
        bytes32 digest = _releaseDigest(tokens[nth], _book[nth].moves, _book[nth].events, FOREVER);
        Authorization memory release = _signed(_secretOf(asked.key), FOREVER, digest);
        if (asked.first) {
            return abi.encodeCall(IPieces.claim, (_leafAt(nth), asked.to, asked.recoverable, FOREVER, card, release));
        }
        return
            abi.encodeCall(
                IPieces.claimByFreshCard,
                (tokens[nth], asked.to, asked.recoverable, FOREVER, card, release)
            );
    }

    /// The latest eight or so.
    function _keep(bytes memory call) private {
        if (_usedClaims.length < 8) _usedClaims.push(call);
        else _usedClaims[uint256(keccak256(call)) % 8] = call;
    }

    function _claimAt(uint256 nth, address to, bool recoverable) private view returns (bytes32) {
        bytes32 kind = keccak256("Claim(uint256 tokenId,address to,bool recoverable,uint24 moves,uint48 deadline)");
        return _ofPieces(abi.encode(kind, tokens[nth], to, recoverable, _book[nth].moves, FOREVER));
    }
}
