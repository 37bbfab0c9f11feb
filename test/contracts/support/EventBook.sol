// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchHeader, Leaf, Standing} from "../../../contracts/interfaces/IPieces.sol";
import {Ids} from "../../../contracts/libraries/Ids.sol";
import {Consents} from "./Consents.sol";
import {MerkleTree} from "./MerkleTree.sol";

/// What a bystander with a notebook knows of a life in which things happen to pieces: who owns them, what was reported,
/// locked, ended and allowed. Beside the notebook stand laws that hold whatever was done: they compare how every piece
/// stood before an act with how it stands after.
abstract contract EventBook is Consents {
    enum Act {
        Move,
        Approve,
        Pass,
        Claim,
        ReplayClaim,
        SetCard,
        Withdraw,
        Report,
        WithdrawReport,
        Lapse,
        AllowRecovery,
        End,
        EndBatch,
        Arbitrate,
        Record,
        Notice,
        NoticeBatch,
        BeginRecovery,
        CompleteRecovery,
        Suspend,
        Trespass
    }

    struct Entry {
        address owner;
        uint24 moves;
        uint24 events;
        uint8 state;
        bool recoverable;
        bool recovering;
        bool cardDead;
        bool apart;
        uint16 day;
        uint256 fresh;
        address approved;
        address heir;
        uint48 readyAt;
    }

    struct Dice {
        uint256 left;
    }

    uint256 internal constant ACTS = 21;
    uint32 internal constant COUNT = 3;
    uint256 internal constant BATCHES = 2;
    uint256 internal constant PIECES = 6;
    uint256 internal constant ORGANISATIONS = 4;
    uint8 internal constant STOLEN = 1;
    uint8 internal constant LOST = 2;
    uint8 internal constant EARLIER = 4;
    uint8 internal constant BLOCKED = 8;
    uint8 internal constant LOCKED = 16;
    uint8 internal constant RECALLED = 32;
    uint8 internal constant WITHDRAWN = 64;
    uint8 internal constant ENDED = 128;
    uint8 internal constant IMMOBILE = BLOCKED | LOCKED | ENDED;
    uint8 internal constant RECOVERING = 16;

    /// Maker, its successor, a service centre, an arbiter; two owners and a thief.
    address[7] public people;
    /// Who acts for each of them, and the secrets.
    uint256[7] internal _secrets = [MAKER_SECRET, 0xD1, 0xD2, 0xD3, ALICE_SECRET, BOB_SECRET, 0xD4];
    mapping(address organisation => bool) public suspendedInBook;
    uint224[BATCHES] public batches;
    mapping(uint256 place => address) public holderInBook;
    mapping(uint256 place => uint24) public passesInBook;
    /// As in batchStandingOf.
    mapping(uint256 place => uint8) public flagsInBook;
    mapping(uint256 place => uint16) public batchEventsInBook;
    uint256[PIECES] public tokens;
    Entry[PIECES] internal _book;
    uint48 internal _clock;

    uint256[ACTS] public done;
    uint256[ACTS] public refused;
    /// The first that happened against the book, or against a law; empty while there is none.
    string public breach;
    string public denial;
    string public unlawful;

    Standing[PIECES] private _before;
    uint16[BATCHES] private _batchEventsBefore;
    uint8[BATCHES] private _batchFlagsBefore;

    function _open() internal {
        setUp();
        _clock = START;
        people[0] = workshop;
        people[1] = _admit("successor", vm.addr(_secrets[1]));
        people[2] = _admit("service-centre", vm.addr(_secrets[2]));
        people[3] = _admit("arbiter", vm.addr(_secrets[3]));
        for (uint256 i = ORGANISATIONS; i < people.length; ++i) people[i] = vm.addr(_secrets[i]);
        vm.prank(administrator);
        organisations.setRoles(people[2], SERVICE_CENTRE);
        vm.prank(administrator);
        organisations.setRoles(people[3], ARBITER);
        vm.prank(administrator);
        organisations.succeed(workshop, people[1]);
        for (uint256 place = 0; place < BATCHES; ++place) {
            vm.prank(makerKey);
            batches[place] = pieces.register(_headerAt(place), _direct(makerKey));
            holderInBook[place] = workshop;
            for (uint32 i = 0; i < COUNT; ++i) {
                uint256 nth = place * COUNT + i;
                tokens[nth] = _token(batches[place], i);
                _book[nth].owner = workshop;
            }
        }
    }

    /// Once before an act and, against that, once after it.
    function _look() internal {
        for (uint256 i = 0; i < PIECES; ++i) _before[i] = pieces.standingOf(tokens[i]);
        for (uint256 place = 0; place < BATCHES; ++place) {
            (_batchFlagsBefore[place], _batchEventsBefore[place]) = pieces.batchStandingOf(batches[place]);
        }
    }

    /// What holds for every piece and batch whatever was done.
    function _checkLaws(Act act) internal {
        for (uint256 i = 0; i < PIECES; ++i) {
            Standing memory was = _before[i];
            Standing memory is_ = pieces.standingOf(tokens[i]);
            if (is_.moves < was.moves || is_.moves > was.moves + 1) _broke("moves grow by one at most");
            if (is_.events < was.events || is_.events > was.events + 1) _broke("events grow by one at most");
            bool moved = is_.moves != was.moves;
            if (is_.owner != was.owner && !moved) _broke("an owner changes by a move only");
            if (moved && was.state & IMMOBILE != 0) _broke("what is reported, locked or ended doesn't move");
            if (was.state & (ENDED | WITHDRAWN) & ~is_.state != 0) _broke("an end and a withdrawal stay");
            bool byMove = act == Act.Move || act == Act.Pass || act == Act.Claim || act == Act.CompleteRecovery;
            if (moved && !byMove) _broke("nothing else moves a piece");
            if (moved && act == Act.CompleteRecovery) {
                if (was.flags & 24 != 24) _broke("nothing is recovered that its owner didn't allow");
                if (_clock < _book[i].readyAt) _broke("a recovery takes thirty days");
            }
        }
        for (uint256 place = 0; place < BATCHES; ++place) {
            (uint8 flags, uint16 events) = pieces.batchStandingOf(batches[place]);
            uint16 before = _batchEventsBefore[place];
            if (events < before || events > before + 1) _broke("events of a batch grow by one at most");
            if (_batchFlagsBefore[place] & 10 & ~flags != 0) _broke("an end and a withdrawal of a batch stay");
        }
    }

    function _judge(Act act, bool succeeded, bool allowed) internal {
        uint256 i = uint256(act);
        if (succeeded && allowed) ++done[i];
        else if (!succeeded && !allowed) ++refused[i];
        else if (succeeded && bytes(breach).length == 0) breach = _nameOf(i);
        else if (!succeeded && bytes(denial).length == 0) denial = _nameOf(i);
    }

    function _broke(string memory law) internal {
        if (bytes(unlawful).length == 0) unlawful = law;
    }

    function _wroteMove(uint256 nth, address to) internal {
        Entry storage entry = _book[nth];
        entry.owner = to;
        entry.moves += 1;
        entry.apart = true;
        entry.approved = address(0);
        if (entry.state & (STOLEN | LOST) != 0) entry.state = (entry.state & ~(STOLEN | LOST)) | EARLIER;
        (entry.recoverable, entry.recovering) = (false, false);
        if (!_isOrganisation(to)) entry.cardDead = true;
    }

    function _wroteEvent(uint256 nth) internal {
        _book[nth].events += 1;
        _book[nth].apart = true;
    }

    /// Something can be said of a piece alone, unless it ended with its range.
    function _opens(uint256 nth) internal view returns (bool) {
        return _book[nth].apart || _book[nth].state & ENDED == 0;
    }

    function _isOrganisation(address account) internal view returns (bool) {
        for (uint256 i = 0; i < ORGANISATIONS; ++i) if (people[i] == account) return true;
        return false;
    }

    function _placeOf(address account) internal view returns (uint256 place) {
        while (people[place] != account) ++place;
    }

    /// The key that acts for somebody: an organisation's only one, or a person's own.
    function _keyFor(address account) internal view returns (address) {
        return vm.addr(_secrets[_placeOf(account)]);
    }

    function _secretOf(address key) internal view returns (uint256) {
        for (uint256 i = 0; i < people.length; ++i) if (vm.addr(_secrets[i]) == key) return _secrets[i];
        return 0xDEAD;
    }

    /// Mostly who may act for the account, else anybody.
    function _somebodyFor(Dice memory dice, address account) internal view returns (address) {
        return _keyFor(_throw(dice, 4) == 0 ? _anybody(dice) : account);
    }

    /// Permissions that need good standing and, of two, a role.
    function _maySay(address organisation, address key, uint16 permission) internal view returns (bool) {
        if (!_isOrganisation(organisation) || key != _keyFor(organisation)) return false;
        if (suspendedInBook[organisation]) return false;
        if (permission == SERVE) return organisation == people[2];
        return permission != ARBITRATE || organisation == people[3];
    }

    function _headerAt(uint256 place) internal view returns (BatchHeader memory) {
        return _rootOnly(MerkleTree.root(_leavesAt(place)), COUNT);
    }

    function _leafAt(uint256 nth) internal view returns (Leaf memory leaf) {
        uint256 place = nth / COUNT;
        leaf.header = _headerAt(place);
        leaf.index = uint32(nth % COUNT);
        leaf.claimKey = vm.addr(_cardSecret(nth));
        leaf.proof = MerkleTree.proof(_leavesAt(place), nth % COUNT);
    }

    function _cardSecret(uint256 nth) internal pure returns (uint256) {
        return 0xCA00 + nth;
    }

    function _leavesAt(uint256 place) private view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](COUNT);
        for (uint32 i = 0; i < COUNT; ++i) {
            leaves[i] = Ids.leaf(workshop, i, 0, vm.addr(_cardSecret(place * COUNT + i)), 0);
        }
    }

    function entryOf(uint256 nth) external view returns (Entry memory) {
        return _book[nth];
    }

    function _dice(uint256 seed) internal pure returns (Dice memory) {
        return Dice(uint256(keccak256(abi.encode(seed))));
    }

    function _throw(Dice memory dice, uint256 sides) internal pure returns (uint256 side) {
        side = dice.left % sides;
        dice.left /= sides;
    }

    function _anybody(Dice memory dice) internal view returns (address) {
        return people[_throw(dice, people.length)];
    }

    function _nameOf(uint256 act) internal pure returns (string memory) {
        return string(abi.encodePacked("act ", bytes1(uint8(65 + act))));
    }
}
