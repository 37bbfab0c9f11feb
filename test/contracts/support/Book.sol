// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader} from "../../../contracts/interfaces/IPieces.sol";
import {Ledger} from "./Ledger.sol";

/// What a bystander with a notebook knows of a life on the ledger: who owns what, who may do what, until when. It never
/// asks the contracts who is allowed; whatever they do against the book is a breach (done, though not allowed) or a
/// denial (refused, though allowed).
abstract contract Book is Ledger {
    enum Act {
        Register,
        RegisterSigned,
        ReplayRegistration,
        Move,
        MoveAsRegistrar,
        MoveSigned,
        ReplayMove,
        Approve,
        AppointOperator,
        SetKey,
        SetKeySigned,
        ReplayKey,
        Suspend,
        Reinstate,
        SetRoles,
        GrantPrefix,
        WithdrawPrefix,
        Admit
    }

    struct Batch {
        uint224 id;
        address organisation;
        uint32 count;
    }

    struct Window {
        uint48 until;
        uint16 permissions;
    }

    struct KeyOrder {
        address by;
        address organisation;
        address key;
        uint16 permissions;
        uint48 until;
    }

    /// A random number to be used up bit by bit.
    struct Dice {
        uint256 left;
    }

    uint256 internal constant ACTS = 18;
    uint256 internal constant MOST_PIECES = 12;
    uint256 internal constant ORGANISATIONS = 3;
    uint256 internal constant SIGNERS = 6;

    /// Three organisations, six accounts that sign (secrets MAKER_SECRET and following), a stranger, the registrar's
    /// administrator. Any of them may come to own a piece.
    address[11] public people;
    mapping(address person => uint256) public placeOf;
    uint256[] public tokens;
    Batch[] public batches;
    mapping(uint256 token => address) public ownerInBook;
    mapping(uint256 token => uint24) public movesInBook;
    mapping(address organisation => uint32) public keyChanges;
    mapping(address organisation => bool) public suspendedInBook;
    mapping(uint64 prefix => address) public prefixInBook;
    mapping(uint256 token => address) internal _approvedInBook;
    mapping(address owner => mapping(address operator => bool)) internal _operatorInBook;
    mapping(address organisation => mapping(address key => Window)) internal _windows;
    uint48 internal _clock;

    /// How often each act was done and was right to be, and was refused and was right to be.
    uint256[ACTS] public done;
    uint256[ACTS] public refused;
    /// The first act that was done though not allowed, or refused though allowed; empty while there is none.
    string public breach;
    string public denial;

    string[ACTS] private _names = [
        "register",
        "register by signature",
        "replay a registration",
        "move",
        "move as the registrar",
        "move by signature",
        "replay a move",
        "approve",
        "appoint an operator",
        "set a key",
        "set a key by signature",
        "replay a key change",
        "suspend",
        "reinstate",
        "set roles",
        "grant a prefix",
        "withdraw a prefix",
        "admit"
    ];

    function nameOf(Act act) public view returns (string memory) {
        return _names[uint256(act)];
    }

    function _judge(Act act, bool succeeded, bool allowed) internal {
        if (succeeded && allowed) ++done[uint256(act)];
        else if (!succeeded && !allowed) ++refused[uint256(act)];
        else if (succeeded && bytes(breach).length == 0) breach = nameOf(act);
        else if (!succeeded && bytes(denial).length == 0) denial = nameOf(act);
    }

    function _wroteBatch(uint224 id, address organisation, uint32 count) internal {
        batches.push(Batch(id, organisation, count));
        for (uint32 i = 0; i < count; ++i) {
            tokens.push(_token(id, i));
            ownerInBook[_token(id, i)] = organisation;
        }
    }

    function _wroteMove(uint256 token, address to) internal {
        ownerInBook[token] = to;
        movesInBook[token] += 1;
        _approvedInBook[token] = address(0);
    }

    function _wroteKey(KeyOrder memory order) internal {
        keyChanges[order.organisation] += 1;
        Window storage window = _windows[order.organisation][order.key];
        window.until = order.until <= _clock ? _clock : order.until;
        if (order.until > _clock) window.permissions = order.permissions;
    }

    function _isPermitted(address organisation, address key, uint16 permission) internal view returns (bool) {
        Window memory window = _windows[organisation][key];
        if (window.permissions & permission != permission || _clock >= window.until) return false;
        return permission != REGISTER || !suspendedInBook[organisation];
    }

    function _mayMove(address caller, uint256 token) internal view returns (bool) {
        return caller == _approvedInBook[token] || _mayActFor(ownerInBook[token], caller);
    }

    function _mayActFor(address owner, address caller) internal view returns (bool) {
        return caller == owner || _operatorInBook[owner][caller] || _isPermitted(owner, caller, TRANSFER);
    }

    function _maySetKey(KeyOrder memory o) internal view returns (bool) {
        if (!_isPermitted(o.organisation, o.by, ADMINISTER) || o.key == address(0) || _isOrganisation(o.key))
            return false;
        uint48 before = _windows[o.organisation][o.key].until;
        if (o.key == o.by && (o.until < before || o.permissions & ADMINISTER == 0)) return false;
        if (o.until <= _clock) return before > _clock;
        return o.permissions != 0 && o.permissions <= EVERYTHING;
    }

    function _isOrganisation(address account) internal view returns (bool) {
        return account == people[0] || account == people[1] || account == people[2];
    }

    /// The header of the batch registered at this place; for the place after the last, the next one.
    function _headerAt(uint256 place, address organisation, uint32 count) internal pure returns (BatchHeader memory) {
        return BatchHeader(organisation, keccak256(abi.encode("root", place)), count, 0, 0, 0);
    }

    function _dice(uint256 seed) internal pure returns (Dice memory) {
        return Dice(uint256(keccak256(abi.encode(seed))));
    }

    /// A number below `sides`.
    function _throw(Dice memory dice, uint256 sides) internal pure returns (uint256 side) {
        side = dice.left % sides;
        dice.left /= sides;
    }

    function _anyOrganisation(Dice memory dice) internal view returns (address) {
        return people[_throw(dice, ORGANISATIONS)];
    }

    function _anybody(Dice memory dice) internal view returns (address) {
        return people[_throw(dice, people.length)];
    }

    /// Mostly somebody who may do it, so that things get done; else anybody.
    function _somebodyFor(Dice memory dice, address account, uint16 permission) internal view returns (address) {
        if (_throw(dice, 4) == 0) return _anybody(dice);
        if (!_isOrganisation(account)) return account;
        uint256 first = _throw(dice, SIGNERS);
        for (uint256 i = 0; i < SIGNERS; ++i) {
            address key = people[ORGANISATIONS + ((first + i) % SIGNERS)];
            if (_isPermitted(account, key, permission)) return key;
        }
        return account;
    }

    /// The account's signature, or zero bytes where nobody here has its secret.
    function _signedBy(address key, uint48 deadline, bytes32 digest) internal view returns (Authorization memory) {
        for (uint256 i = 0; i < SIGNERS; ++i) {
            if (people[ORGANISATIONS + i] == key) return _signed(MAKER_SECRET + i, deadline, digest);
        }
        return Authorization(key, deadline, new bytes(65));
    }

    function _signs(address key) internal view returns (bool) {
        for (uint256 i = 0; i < SIGNERS; ++i) if (people[ORGANISATIONS + i] == key) return true;
        return false;
    }
}
