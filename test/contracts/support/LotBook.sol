// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILots, LotHeader, Mass} from "../../../contracts/interfaces/ILots.sol";
import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {Leaf} from "../../../contracts/interfaces/IPieces.sol";
import {Lotting} from "./Lotting.sol";
import {Vm} from "./Test.sol";

/// What a bystander with a notebook knows of lots: what the events said, and who may do what. It never asks the
/// contract; what that does against the book is a breach (done, though not allowed), a denial (refused, though allowed), a
/// gap (an event whose number is not the next) or a theft (a key in an event that was not the holder's).
abstract contract LotBook is Lotting {
    enum Act {
        Declare,
        Move,
        Split,
        Merge,
        Refine,
        Draw,
        Return,
        Replay
    }

    struct Known {
        LotHeader header;
        address holder;
        uint64 remaining;
        uint24 events;
    }

    struct Ring {
        Leaf leaf;
        Mass mass;
        uint224 batchId;
        address owner;
        bool ended;
        bool returned;
    }

    /// How somebody tries to show that `key` wants something. `good` if that is enough for whoever has the right.
    struct Consent {
        address key;
        address caller;
        bool signed;
        bool good;
        uint256 fault;
        uint48 deadline;
    }

    uint256 internal constant ACTS = 8;
    uint256 internal constant SIGNERS = 6;
    uint256 internal constant DEALER_SECRET = 0xC4;

    address internal dealer;
    address[3] internal _houses;
    address[7] internal _people;
    uint256[SIGNERS] private _secrets = [
        MAKER_SECRET,
        REFINER_SECRET,
        DEALER_SECRET,
        FOREMAN_SECRET,
        STOREMAN_SECRET,
        ALICE_SECRET
    ];
    mapping(address organisation => mapping(address key => uint16)) private _permissions;
    mapping(address organisation => bool) internal _suspended;
    uint48 internal _clock;

    bytes32[] public lotIds;
    mapping(bytes32 lotId => Known) internal _known;
    Ring[] internal _rings;
    mapping(uint224 batchId => mapping(bytes32 lotId => uint256)) internal _out;
    /// By material: fine mass, or number, that was declared; that is in lots; that is out in pieces; that refining lost.
    mapping(bytes32 material => uint256) public declared;
    mapping(bytes32 material => uint256) public inLots;
    mapping(bytes32 material => uint256) public inPieces;
    mapping(bytes32 material => uint256) public lost;
    bytes32[] internal _touched;
    bytes[] internal _used;

    uint256[ACTS] public done;
    uint256[ACTS] public refused;
    string public breach;
    string public denial;
    string public gap;
    string[ACTS] private _names = ["declare", "move", "split", "merge", "refine", "draw", "return", "replay"];

    constructor() {
        setUp();
        _clock = START;
        dealer = _admit("the-dealer", vm.addr(DEALER_SECRET));
        _houses = [workshop, refinery, dealer];
        for (uint256 i = 0; i < SIGNERS; ++i) _people[i] = vm.addr(_secrets[i]);
        _people[SIGNERS] = stranger;
        for (uint256 i = 0; i < 3; ++i) _permissions[_houses[i]][_people[i]] = EVERYTHING;
        (_permissions[workshop][foremanKey], _permissions[workshop][storemanKey]) = (REGISTER, TRANSFER);
    }

    function nameOf(uint256 act) external view returns (string memory) {
        return _names[act];
    }

    function lotCount() external view returns (uint256) {
        return lotIds.length;
    }

    function _may(address organisation, address key, uint16 permission) internal view returns (bool) {
        if (permission & REGISTER != 0 && _suspended[organisation]) return false;
        return _permissions[organisation][key] & permission == permission;
    }

    function _try(Act act, Consent memory consent, bool allowed, bytes memory call) internal {
        vm.recordLogs();
        vm.prank(consent.caller);
        (bool succeeded, ) = address(lots).call(call);
        uint256 which = uint256(act);
        if (succeeded && !allowed && bytes(breach).length == 0) breach = _names[which];
        if (!succeeded && allowed && bytes(denial).length == 0) denial = _names[which];
        ++(succeeded ? done : refused)[which];
        Vm.Log[] memory logs = vm.getRecordedLogs();
        delete _touched;
        // The machine also records what a call told that was then undone.
        if (!succeeded) return;
        for (uint256 i = 0; i < logs.length; ++i) _read(logs[i]);
        if (consent.signed) _used.push(call);
    }

    /// An index that knows nothing but what it is told.
    function _read(Vm.Log memory log) private {
        bytes32 name = log.topics[0];
        bytes32 lotId = log.topics[1];
        if (name == ILots.LotDeclared.selector) {
            (, LotHeader memory h) = abi.decode(log.data, (address, LotHeader));
            declared[h.material] += _fine(h, h.quantity);
            _born(lotId, h);
        } else if (name == ILots.LotMade.selector) {
            (uint8 operation, , LotHeader memory h) = abi.decode(log.data, (uint8, address, LotHeader));
            if (operation == RETURN) inPieces[h.material] -= _fine(h, h.quantity);
            else lost[h.material] -= _fine(h, h.quantity);
            _born(lotId, h);
        } else if (name == ILots.LotMoved.selector) {
            (uint24 number, ) = abi.decode(log.data, (uint24, address));
            _known[lotId].holder = address(uint160(uint256(log.topics[3])));
            _numbered(lotId, number);
        } else if (name == ILots.LotDrawn.selector) {
            (uint64 quantity, uint24 number, ) = abi.decode(log.data, (uint64, uint24, address));
            _taken(lotId, quantity, number);
            inPieces[_known[lotId].header.material] += _fine(_known[lotId].header, quantity);
            _out[uint224(uint256(log.topics[2]))][lotId] += _fine(_known[lotId].header, quantity);
        } else if (name == ILots.LotConsumed.selector) {
            (uint64 quantity, uint24 number, , ) = abi.decode(log.data, (uint64, uint24, uint8, address));
            _taken(lotId, quantity, number);
            // What is consumed is lost until outputs, which are told of next, say what became of it.
            lost[_known[lotId].header.material] += _fine(_known[lotId].header, quantity);
        }
    }

    function _born(bytes32 lotId, LotHeader memory h) private {
        if (_known[lotId].events != 0 && bytes(gap).length == 0) gap = "born twice";
        _known[lotId] = Known(h, h.organisation, h.quantity, 1);
        inLots[h.material] += _fine(h, h.quantity);
        lotIds.push(lotId);
        _touched.push(lotId);
    }

    function _taken(bytes32 lotId, uint64 quantity, uint24 number) private {
        Known storage known = _known[lotId];
        known.remaining -= quantity;
        inLots[known.header.material] -= _fine(known.header, quantity);
        _numbered(lotId, number);
    }

    function _numbered(bytes32 lotId, uint24 number) private {
        if (number != _known[lotId].events + 1 && bytes(gap).length == 0) gap = "not the next number";
        _known[lotId].events = number;
        _touched.push(lotId);
    }

    function _fine(LotHeader memory h, uint64 quantity) internal pure returns (uint256) {
        return uint256(quantity) * (h.fineness == 0 ? 1 : h.fineness);
    }

    /// A number below `sides`, another one for each question.
    function _draw(uint256 seed, string memory question, uint256 sides) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, question))) % sides;
    }

    /// Mostly a key that may, then mostly its own word or its faultless signature.
    function _anyConsent(
        uint256 seed,
        address organisation,
        uint16 permission
    ) internal view returns (Consent memory consent) {
        uint256 first = _draw(seed, "key", _people.length);
        consent.key = _people[first];
        if (_draw(seed, "honest", 6) != 0) {
            for (uint256 i = 0; i < _people.length; ++i) {
                address key = _people[(first + i) % _people.length];
                if (_permissions[organisation][key] & permission == permission) consent.key = key;
            }
            if (organisation == alice) consent.key = alice;
        }
        consent.signed = consent.key != stranger && _draw(seed, "signed", 2) == 0;
        if (!consent.signed) {
            consent.caller = _draw(seed, "poses", 10) == 0 ? stranger : consent.key;
            consent.good = consent.caller == consent.key;
            return consent;
        }
        consent.caller = _people[_draw(seed, "caller", _people.length)];
        consent.fault = _draw(seed, "fault", 15);
        consent.deadline = consent.fault == 1 ? _clock - 1 : _clock + uint48(_draw(seed, "deadline", 500));
        consent.good = consent.fault == 0 || consent.fault > 4;
    }

    function _authorized(Consent memory consent, bytes32 structHash) internal view returns (Authorization memory) {
        if (!consent.signed) return _direct(consent.key);
        bytes32 digest = _ofLots(structHash);
        uint256 place = 0;
        while (_people[place] != consent.key) ++place;
        if (consent.fault == 2) place = (place + 1) % SIGNERS;
        if (consent.fault == 3) digest = keccak256(abi.encode(digest));
        uint48 deadline = consent.fault == 4 ? consent.deadline + 1 : consent.deadline;
        return Authorization(consent.key, deadline, _signature(_secrets[place], digest));
    }
}
