// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Authorization, IOrganisations} from "../../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader, IPieces} from "../../../contracts/interfaces/IPieces.sol";
import {Book} from "./Book.sol";

/// Lives a random life on the ledger as everybody at once, honest or not. Every act draws who does what to what from
/// its seed, foretells from the book whether that is allowed, tries it, and judges.
abstract contract Life is Book {
    struct MoveOrder {
        uint256 token;
        address owner;
        address to;
        uint24 moves;
        uint48 deadline;
    }

    /// Orders that were carried out, kept by somebody who tries them again.
    BatchHeader private _usedHeader;
    Authorization private _usedRegistration;
    bytes private _usedMove;
    Authorization private _usedOrder;
    uint256 private _usedToken;
    address private _usedTo;
    bytes private _usedKey;

    constructor() {
        setUp();
        _clock = START;
        address rival = _admit("rival", vm.addr(MAKER_SECRET + 2));
        address third = _admit("third", vm.addr(MAKER_SECRET + 3));
        (people[0], people[1], people[2]) = (workshop, rival, third);
        (people[9], people[10]) = (stranger, administrator);
        for (uint256 i = 0; i < SIGNERS; ++i) people[ORGANISATIONS + i] = vm.addr(MAKER_SECRET + i);
        for (uint256 i = 0; i < people.length; ++i) placeOf[people[i]] = i;
        _windows[workshop][makerKey] = Window(FOREVER, EVERYTHING);
        _windows[rival][people[5]] = Window(FOREVER, EVERYTHING);
        _windows[third][people[6]] = Window(FOREVER, EVERYTHING);
        vm.prank(makerKey);
        _wroteBatch(pieces.register(_headerAt(0, workshop, 3), _direct(makerKey)), workshop, 3);
        vm.prank(makerKey);
        _wroteBatch(pieces.register(_headerAt(1, workshop, LARGE), _direct(makerKey)), workshop, LARGE);
    }

    /// A new batch or one that is registered already, for an organisation of one's own or of somebody else.
    function register(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (BatchHeader memory header, bool fresh) = _anyHeader(dice);
        address caller = _somebodyFor(dice, header.organisation, REGISTER);
        address named = _throw(dice, 6) == 0 ? _somebodyFor(dice, header.organisation, REGISTER) : caller;
        bool allowed = fresh && named == caller && _isPermitted(header.organisation, caller, REGISTER);
        if (allowed && tokens.length + header.count > MOST_PIECES) return;
        _register(Act.Register, caller, header, _direct(named), allowed);
    }

    function registerSigned(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (BatchHeader memory header, bool fresh) = _anyHeader(dice);
        address key = _somebodyFor(dice, header.organisation, REGISTER);
        uint256 fault = _throw(dice, 8);
        uint48 deadline = fault == 1 ? _clock - 1 : _clock;
        uint32 count = header.count;
        if (fault == 2) header.count = count + 1;
        bytes32 digest =
            fault == 3
                ? _setKeyDigest(header.organisation, key, EVERYTHING, FOREVER, 0, deadline)
                : _registerDigest(header, deadline);
        header.count = count;
        Authorization memory order = _signedBy(fault == 4 ? _anybody(dice) : key, deadline, digest);
        bool faultless = fault == 0 || fault > 4 || (fault == 4 && order.key == key);
        order.key = key;
        bool allowed = fresh && faultless && _signs(key) && _isPermitted(header.organisation, key, REGISTER);
        if (allowed && tokens.length + count > MOST_PIECES) return;
        if (_register(Act.RegisterSigned, _anybody(dice), header, order, allowed)) {
            (_usedHeader, _usedRegistration) = (header, order);
        }
    }

    function replayRegistration(uint256 seed) external {
        if (_usedHeader.root == 0) return;
        BatchHeader memory header = _usedHeader;
        Dice memory dice = _dice(seed);
        uint256 way = _throw(dice, 3);
        if (way == 1) header.count += 1;
        if (way == 2) header.organisation = _anyOrganisation(dice);
        _register(Act.ReplayRegistration, _anybody(dice), header, _usedRegistration, false);
    }

    function move(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 token = _anyPiece(dice);
        address owner = ownerInBook[token];
        address caller = _somebodyFor(dice, owner, TRANSFER);
        address from = _throw(dice, 8) == 0 ? _anybody(dice) : owner;
        address to = _throw(dice, 10) == 0 ? address(0) : _anybody(dice);
        bool safely = _throw(dice, 2) == 0;
        bytes memory order = abi.encodeWithSignature(
            safely ? "safeTransferFrom(address,address,uint256)" : "transferFrom(address,address,uint256)",
            from,
            to,
            token
        );
        bool allowed = _mayMove(caller, token) && from == owner && to != address(0);
        _move(Act.Move, caller, address(pieces), order, token, to, allowed);
    }

    /// The registrar may do what it likes to the contracts it governs; here it tries to move a piece.
    function moveAsRegistrar(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 token = _anyPiece(dice);
        address to = _anybody(dice);
        bytes memory order = abi.encodeCall(IERC721.transferFrom, (ownerInBook[token], to, token));
        bytes memory call = abi.encodeWithSignature("execute(address,bytes)", pieces, order);
        _move(Act.MoveAsRegistrar, administrator, address(registrar), call, token, to, false);
    }

    function moveSigned(uint256 seed) external {
        Dice memory dice = _dice(seed);
        MoveOrder memory order;
        order.token = _anyPiece(dice);
        order.owner = ownerInBook[order.token];
        order.to = _anybody(dice);
        order.moves = movesInBook[order.token];
        address key = _somebodyFor(dice, order.owner, TRANSFER);
        uint256 fault = _throw(dice, 18);
        order.deadline = fault == 1 ? _clock - 1 : _clock;
        bytes32 digest = _digestWith(fault, order);
        Authorization memory signed = _signedBy(fault == 8 ? _anybody(dice) : key, order.deadline, digest);
        bool faultless = fault == 0 || fault > 9 || (fault == 8 && signed.key == key);
        signed.key = key;
        bool allowed = faultless && _signs(key) && _mayActFor(order.owner, key);
        uint24 moves = fault == 9 ? order.moves + 1 : order.moves;
        bytes memory call = abi.encodeCall(IPieces.transferWithSignature, (order.token, order.to, moves, signed));
        if (_move(Act.MoveSigned, _anybody(dice), address(pieces), call, order.token, order.to, allowed)) {
            (_usedOrder, _usedToken, _usedTo, _usedMove) = (signed, order.token, order.to, call);
        }
    }

    /// Whoever holds an order that was carried out tries it again: as it is, with today's moves, on another piece.
    function replayMove(uint256 seed) external {
        if (_usedToken == 0) return;
        Dice memory dice = _dice(seed);
        uint256 way = _throw(dice, 3);
        uint256 token = way == 2 ? _anyPiece(dice) : _usedToken;
        bytes memory call =
            way == 0
                ? _usedMove
                : abi.encodeCall(IPieces.transferWithSignature, (token, _usedTo, movesInBook[token], _usedOrder));
        _move(Act.ReplayMove, _anybody(dice), address(pieces), call, token, _usedTo, false);
    }

    function approve(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint256 token = _anyPiece(dice);
        address caller = _somebodyFor(dice, ownerInBook[token], TRANSFER);
        address spender = _throw(dice, 4) == 0 ? address(0) : _anybody(dice);
        bool allowed = _mayActFor(ownerInBook[token], caller);
        bool done_ = _try(caller, address(pieces), abi.encodeCall(IERC721.approve, (spender, token)));
        if (done_) _approvedInBook[token] = spender;
        if (done_ && spender != address(0)) departedInBook[token] = true;
        _judge(Act.Approve, done_, allowed);
    }

    function appointOperator(uint256 seed) external {
        Dice memory dice = _dice(seed);
        address caller = _anybody(dice);
        address whom = _throw(dice, 6) == 0 ? address(0) : _anybody(dice);
        bool yes = _throw(dice, 3) == 0;
        bool done_ = _try(caller, address(pieces), abi.encodeCall(IERC721.setApprovalForAll, (whom, yes)));
        if (done_) _operatorInBook[caller][whom] = yes;
        _judge(Act.AppointOperator, done_, whom != address(0));
    }

    function setKey(uint256 seed) external {
        Dice memory dice = _dice(seed);
        KeyOrder memory order = _anyKeyOrder(dice);
        address caller = _somebodyFor(dice, order.organisation, ADMINISTER);
        bool posing = _throw(dice, 6) == 0;
        order.by = posing ? _somebodyFor(dice, order.organisation, ADMINISTER) : caller;
        _setKey(Act.SetKey, caller, order, _direct(order.by), order.by == caller && _maySetKey(order));
    }

    function setKeySigned(uint256 seed) external {
        Dice memory dice = _dice(seed);
        KeyOrder memory order = _anyKeyOrder(dice);
        order.by = _somebodyFor(dice, order.organisation, ADMINISTER);
        uint256 fault = _throw(dice, 8);
        uint48 deadline = fault == 1 ? _clock - 1 : _clock;
        bytes32 digest = _setKeyDigest(
            fault == 2 ? stranger : order.organisation,
            order.key,
            fault == 3 ? order.permissions ^ 1 : order.permissions,
            order.until,
            fault == 4 ? keyChanges[order.organisation] + 1 : keyChanges[order.organisation],
            deadline
        );
        Authorization memory signed = _signedBy(fault == 5 ? _anybody(dice) : order.by, deadline, digest);
        bool faultless = fault == 0 || fault > 5 || (fault == 5 && signed.key == order.by);
        signed.key = order.by;
        bool allowed = faultless && _signs(order.by) && _maySetKey(order);
        bytes memory call = _setKey(Act.SetKeySigned, _anybody(dice), order, signed, allowed);
        if (call.length != 0) _usedKey = call;
    }

    function replayKey(uint256 seed) external {
        if (_usedKey.length == 0) return;
        _judge(Act.ReplayKey, _try(_anybody(_dice(seed)), address(organisations), _usedKey), false);
    }

    /// What only the registrar decides: standing, roles, prefixes, who is admitted.
    function decide(uint256 seed) external {
        Dice memory dice = _dice(seed);
        address caller = _throw(dice, 3) == 0 ? _anybody(dice) : administrator;
        address whom = _throw(dice, 8) == 0 ? _anybody(dice) : _anyOrganisation(dice);
        bool known = _isOrganisation(whom);
        uint64 prefix = uint64(10_000_000 + _throw(dice, 3));
        Act act = Act(uint256(Act.Suspend) + _throw(dice, 6));
        bool allowed = caller == administrator;
        bytes memory call;
        if (act == Act.Suspend) {
            call = abi.encodeCall(IOrganisations.suspend, (whom, ""));
            allowed = allowed && known && !suspendedInBook[whom];
        } else if (act == Act.Reinstate) {
            call = abi.encodeCall(IOrganisations.reinstate, (whom));
            allowed = allowed && known && suspendedInBook[whom];
        } else if (act == Act.SetRoles) {
            uint32 roles = uint32(_throw(dice, 70));
            call = abi.encodeCall(IOrganisations.setRoles, (whom, roles));
            allowed = allowed && known && roles != 0 && roles < 64;
        } else if (act == Act.GrantPrefix) {
            call = abi.encodeCall(IOrganisations.grantPrefix, (whom, prefix));
            allowed = allowed && known && prefixInBook[prefix] == address(0);
        } else if (act == Act.WithdrawPrefix) {
            call = abi.encodeCall(IOrganisations.withdrawPrefix, (whom, prefix));
            allowed = allowed && known && prefixInBook[prefix] == whom;
        } else {
            call = abi.encodeCall(IOrganisations.admit, ("rival", MAKER, alice));
            allowed = false;
        }
        bool done_ = _try(caller, address(organisations), call);
        if (done_ && act == Act.Suspend) suspendedInBook[whom] = true;
        if (done_ && act == Act.Reinstate) suspendedInBook[whom] = false;
        if (done_ && act == Act.GrantPrefix) prefixInBook[prefix] = whom;
        if (done_ && act == Act.WithdrawPrefix) prefixInBook[prefix] = address(0);
        _judge(act, done_, allowed);
    }

    function passTime(uint256 seed) external {
        _clock += uint48(1 + (seed % 1000));
        vm.warp(_clock);
    }

    function _register(
        Act act,
        address caller,
        BatchHeader memory header,
        Authorization memory order,
        bool allowed
    ) private returns (bool done_) {
        uint224 id = pieces.batchIdOf(header);
        done_ = _try(caller, address(pieces), abi.encodeCall(IPieces.register, (header, order)));
        if (done_) _wroteBatch(id, header.organisation, header.count);
        _judge(act, done_, allowed);
    }

    function _move(
        Act act,
        address caller,
        address target,
        bytes memory call,
        uint256 token,
        address to,
        bool allowed
    ) private returns (bool done_) {
        done_ = _try(caller, target, call);
        if (done_) _wroteMove(token, to);
        _judge(act, done_, allowed);
    }

    function _try(address caller, address target, bytes memory call) internal returns (bool done_) {
        vm.prank(caller);
        (done_, ) = target.call(call);
    }

    /// One that stands for itself only.
    function _anyPiece(Dice memory dice) internal view returns (uint256 token) {
        do token = tokens[_throw(dice, tokens.length)]; while (weightOf[token] != 1);
    }

    function _anyHeader(Dice memory dice) private view returns (BatchHeader memory, bool fresh) {
        if (_throw(dice, 3) != 0) {
            return (_headerAt(batches.length, _anyOrganisation(dice), uint32(1 + _throw(dice, 3))), true);
        }
        uint256 place = _throw(dice, batches.length);
        return (_headerAt(place, batches[place].organisation, batches[place].count), false);
    }

    function _anyKeyOrder(Dice memory dice) private view returns (KeyOrder memory order) {
        order.organisation = _anyOrganisation(dice);
        order.key = _throw(dice, 12) == 0 ? address(0) : _anybody(dice);
        order.permissions = uint16(_throw(dice, 34));
        uint256 kind = _throw(dice, 4);
        order.until =
            kind == 0
                ? 0
                : kind == 1
                    ? _clock + uint48(_throw(dice, 2000))
                    : FOREVER;
    }

    /// What is signed, with one word of it wrong where the fault says so.
    function _digestWith(uint256 fault, MoveOrder memory order) private view returns (bytes32) {
        if (fault == 7) return _registerDigest(_headerAt(batches.length, order.owner, 1), order.deadline);
        return
            _transferDigest(
                fault == 2 ? order.token + 1 : order.token,
                fault == 3 ? address(uint160(order.owner) + 1) : order.owner,
                fault == 4 ? address(uint160(order.to) + 1) : order.to,
                fault == 5 ? order.moves + 1 : order.moves,
                fault == 6 ? order.deadline + 1 : order.deadline
            );
    }

    /// Answers the call when it was done, nothing when it was refused.
    function _setKey(
        Act act,
        address caller,
        KeyOrder memory order,
        Authorization memory authorization,
        bool allowed
    ) private returns (bytes memory call) {
        call = abi.encodeCall(
            IOrganisations.setKey,
            (order.organisation, order.key, order.permissions, order.until, authorization)
        );
        bool done_ = _try(caller, address(organisations), call);
        if (done_) _wroteKey(order);
        else call = "";
        _judge(act, done_, allowed);
    }
}
