// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader} from "../../../contracts/interfaces/IPieces.sol";
import {Ids} from "../../../contracts/libraries/Ids.sol";
import {Consents} from "./Consents.sol";
import {MerkleTree} from "./MerkleTree.sol";

/// What a bystander with a notebook knows of a life on the ledger: who owns what, who may do what, until when. It never
/// asks the contracts who is allowed; whatever they do against the book is a breach (done, though not allowed) or a
/// denial (refused, though allowed).
abstract contract Book is Consents {
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
        Admit,
        PassRange,
        Claim,
        SetCard,
        Handover,
        Withdraw,
        ReplayTrade
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

    uint256 internal constant ACTS = 24;
    uint256 internal constant MOST_PIECES = 20;
    /// One batch of three blocks, the last of two pieces. Most of its pieces never act by themselves: one of each of the
    /// first two blocks stands for them.
    uint32 internal constant LARGE = 514;
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
    mapping(uint256 token => uint24) public eventsInBook;
    /// It has a slot of its own: moved, approved, given a card or noted of.
    mapping(uint256 token => bool) public departedInBook;
    mapping(uint256 token => bool) public cardDeadInBook;
    mapping(uint256 token => uint256 secret) public freshInBook;
    /// How many pieces this one stands for.
    mapping(uint256 token => uint256) public weightOf;
    mapping(uint256 token => uint256 place) public batchOfPiece;
    /// By place of the batch; part 0 is the whole or what is left of it, the others its blocks once they passed on.
    mapping(uint256 place => mapping(uint32 part => address)) public holderInBook;
    mapping(uint256 place => mapping(uint32 part => uint24)) public passesInBook;
    mapping(uint256 place => bool) public splitInBook;
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
    /// The first act whose event had another number than the next.
    string public gap;

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
        "admit",
        "pass a range on",
        "claim",
        "set a card",
        "hand over",
        "withdraw handovers",
        "replay a claim, card, handover, withdrawal or pass"
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
        uint256 place = batches.length;
        batches.push(Batch(id, organisation, count));
        holderInBook[place][0] = organisation;
        uint32[] memory indexes = _actors(count);
        for (uint256 i = 0; i < indexes.length; ++i) {
            uint256 token = _token(id, indexes[i]);
            tokens.push(token);
            batchOfPiece[token] = place;
            ownerInBook[token] = organisation;
            weightOf[token] = 1;
        }
        if (count == LARGE) (weightOf[_token(id, 1)], weightOf[_token(id, 257)]) = (254, 255);
    }

    /// Those of a batch that somebody looks at.
    function _actors(uint32 count) internal pure returns (uint32[] memory indexes) {
        indexes = new uint32[](count == LARGE ? 7 : count);
        for (uint32 i = 0; i < indexes.length; ++i) indexes[i] = i;
        if (count == LARGE) (indexes[2], indexes[3], indexes[4], indexes[5], indexes[6]) = (255, 256, 257, 512, 513);
    }

    function _wroteMove(uint256 token, address to) internal {
        ownerInBook[token] = to;
        movesInBook[token] += 1;
        departedInBook[token] = true;
        if (!_isOrganisation(to)) cardDeadInBook[token] = true;
        _approvedInBook[token] = address(0);
    }

    function _wroteEvent(uint256 token) internal {
        eventsInBook[token] += 1;
        departedInBook[token] = true;
    }

    function _wrotePass(uint256 place, uint32 part, address to) internal {
        passesInBook[place][part] = _passes(place, part) + 1;
        holderInBook[place][part] = to;
        if (part != 0) splitInBook[place] = true;
        for (uint256 i = 0; i < tokens.length; ++i) {
            uint256 token = tokens[i];
            if (departedInBook[token] || !_isWithin(token, place, part)) continue;
            ownerInBook[token] = to;
            movesInBook[token] += 1;
        }
    }

    /// A block counts on from its batch, until it passes on by itself.
    function _passes(uint256 place, uint32 part) internal view returns (uint24) {
        return passesInBook[place][holderInBook[place][part] == address(0) ? 0 : part];
    }

    function _holder(uint256 place, uint32 part) internal view returns (address holder) {
        holder = holderInBook[place][part];
        if (holder == address(0)) holder = holderInBook[place][0];
    }

    function _isWithin(uint256 token, uint256 place, uint32 part) internal view returns (bool) {
        return batchOfPiece[token] == place && (part == 0 || uint32(token) / 256 + 1 == part);
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
        bytes32 root = MerkleTree.root(_leavesAt(place, organisation, count));
        return BatchHeader(organisation, root, count, 0, 0, 0);
    }

    function _leavesAt(
        uint256 place,
        address organisation,
        uint32 count
    ) internal pure returns (bytes32[] memory leaves) {
        uint32[] memory indexes = _actors(count);
        leaves = new bytes32[](indexes.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            address card = vm.addr(_cardSecret(place, indexes[i]));
            leaves[i] = Ids.leaf(organisation, indexes[i], 0, card, 0);
        }
    }

    function _cardSecret(uint256 place, uint32 index) internal pure returns (uint256) {
        return 0xCA0000 + place * 1000 + index;
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
