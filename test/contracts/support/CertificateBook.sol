// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {Certifying} from "./Certifying.sol";
import {Vm} from "./Test.sol";

/// What a bystander with a notebook knows of certifiers: who may certify for whom and until when, which batches there
/// are, what was revoked. It never asks the contracts; what they do against it is a breach (done, though not allowed), a
/// denial (refused, though allowed) or a stray (an event or a write that shouldn't be, or one that is missing).
abstract contract CertificateBook is Certifying {
    enum Act {
        Issue,
        IssueSigned,
        IssueBatch,
        IssueBatchSigned,
        Revoke,
        RevokeSigned,
        RevokeInBatch,
        RevokeInBatchSigned,
        RepeatIssue,
        Replay,
        Alter,
        ActAsRegistrar,
        SetKey
    }

    struct IssuedBatch {
        bytes32 id;
        address organisation;
        uint32 count;
        uint48 issuedAt;
    }

    struct Window {
        uint48 until;
        uint16 permissions;
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

    /// Who does what, whether that is allowed and, if it is done, the event and the slot it leaves (zero: none).
    struct Attempt {
        Act act;
        address caller;
        bool allowed;
        address target;
        bytes call;
        Vm.Log log;
        bytes32 slot;
    }

    uint256 internal constant ACTS = 13;
    uint256 internal constant ORGANISATIONS = 3;
    uint256 internal constant SIGNERS = 6;
    uint256 internal constant SINGLES = 6;
    uint256 internal constant MOST_BATCHES = 6;

    address[ORGANISATIONS] public organisationInBook;
    /// Accounts that sign, in the order of `_secrets`; then a stranger, the registrar and its administrator.
    address[9] public people;
    uint256[SIGNERS] private _secrets = [
        LAB_SECRET,
        CLERK_SECRET,
        BOARD_SECRET,
        RIVAL_SECRET,
        MAKER_SECRET,
        ALICE_SECRET
    ];
    IssuedBatch[] public batches;
    mapping(bytes32 id => mapping(uint256 word => uint256)) public revokedInBook;
    mapping(address organisation => bool) internal _certifier;
    mapping(address organisation => bool) internal _suspended;
    mapping(address organisation => mapping(address key => Window)) internal _windows;
    uint48 internal _clock;

    uint256[ACTS] public done;
    uint256[ACTS] public refused;
    string public breach;
    string public denial;
    string public stray;

    string[ACTS] private _names = [
        "issue",
        "issue by signature",
        "issue a batch",
        "issue a batch by signature",
        "revoke",
        "revoke by signature",
        "revoke in a batch",
        "revoke in a batch by signature",
        "repeat a signed certificate",
        "replay a signature",
        "use a signature for something else",
        "act as the registrar",
        "set a key"
    ];

    constructor() {
        setUp();
        _clock = START;
        organisationInBook = [lab, rival, workshop];
        for (uint256 i = 0; i < SIGNERS; ++i) people[i] = vm.addr(_secrets[i]);
        (people[6], people[7], people[8]) = (stranger, address(registrar), administrator);
        (_certifier[lab], _certifier[rival]) = (true, true);
        _windows[lab][labKey] = Window(FOREVER, EVERYTHING);
        _windows[lab][clerkKey] = Window(FOREVER, CERTIFY);
        _windows[lab][boardKey] = Window(FOREVER, ADMINISTER);
        _windows[rival][rivalKey] = Window(FOREVER, EVERYTHING);
        _windows[workshop][makerKey] = Window(FOREVER, EVERYTHING);
    }

    function nameOf(uint256 act) public view returns (string memory) {
        return _names[act];
    }

    function batchCount() public view returns (uint256) {
        return batches.length;
    }

    function _mayCertify(address organisation, address key) internal view returns (bool) {
        return _certifier[organisation] && !_suspended[organisation] && _holds(organisation, key, CERTIFY);
    }

    function _mayRevoke(address organisation, address key) internal view returns (bool) {
        return _mayCertify(organisation, key) || _holds(organisation, key, ADMINISTER);
    }

    function _holds(address organisation, address key, uint16 permission) internal view returns (bool) {
        Window memory window = _windows[organisation][key];
        return window.permissions & permission != 0 && _clock < window.until;
    }

    function _isRevoked(bytes32 id, uint32 index) internal view returns (bool) {
        return revokedInBook[id][index / 256] & (1 << (index % 256)) != 0;
    }

    /// Carries it out and compares what came of it: refused, it leaves nothing; done, its event and its slot and no other.
    function _try(Attempt memory attempt) internal returns (bool succeeded) {
        vm.record();
        vm.recordLogs();
        vm.prank(attempt.caller);
        (succeeded, ) = attempt.target.call(attempt.call);
        (, bytes32[] memory writes) = vm.accesses(address(certificates));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes32 slot = succeeded ? attempt.slot : bytes32(0);
        bool tidy = writes.length == (slot == 0 ? 0 : 1) && (slot == 0 || writes[0] == slot);
        if (!succeeded) tidy = tidy && logs.length == 0;
        else tidy = tidy && logs.length == 1 && keccak256(abi.encode(logs[0])) == keccak256(abi.encode(attempt.log));
        if (!tidy && bytes(stray).length == 0) stray = _names[uint256(attempt.act)];
        _judge(attempt.act, succeeded, attempt.allowed);
    }

    function _judge(Act act, bool succeeded, bool allowed) internal {
        if (succeeded && allowed) ++done[uint256(act)];
        else if (!succeeded && !allowed) ++refused[uint256(act)];
        else if (succeeded && bytes(breach).length == 0) breach = _names[uint256(act)];
        else if (!succeeded && bytes(denial).length == 0) denial = _names[uint256(act)];
    }

    /// A number below `sides`, another one for each question.
    function _draw(uint256 seed, string memory question, uint256 sides) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, question))) % sides;
    }

    function _anybody(uint256 seed, string memory question) internal view returns (address) {
        return people[_draw(seed, question, people.length)];
    }

    function _anyOrganisation(uint256 seed) internal view returns (address) {
        return organisationInBook[_draw(seed, "organisation", ORGANISATIONS)];
    }

    /// Mostly a key that has the permission, so that things get done; else anybody.
    function _somebodyFor(uint256 seed, address organisation, uint16 permission) internal view returns (address) {
        uint256 first = _draw(seed, "key", people.length);
        if (_draw(seed, "honest", 4) == 0) return people[first];
        for (uint256 i = 0; i < people.length; ++i) {
            address key = people[(first + i) % people.length];
            if (_holds(organisation, key, permission)) return key;
        }
        return people[first];
    }

    /// Its own word, or its signature with one fault or none.
    function _anyConsent(uint256 seed, address key) internal view returns (Consent memory consent) {
        consent.key = key;
        consent.signed = _draw(seed, "signed", 2) == 0;
        if (!consent.signed) {
            consent.caller = _draw(seed, "poses", 6) == 0 ? _anybody(seed, "caller") : key;
            consent.good = consent.caller == key;
            return consent;
        }
        consent.caller = _anybody(seed, "caller");
        consent.fault = _draw(seed, "fault", 9);
        consent.deadline = consent.fault == 1 ? _clock - 1 : _clock + uint48(_draw(seed, "deadline", 500));
        consent.good = consent.fault == 0 || consent.fault > 4;
        if (_secretOf(key) == 0) consent.good = false;
    }

    function _authorized(
        uint256 seed,
        Consent memory consent,
        bytes32 digest
    ) internal view returns (Authorization memory order) {
        if (!consent.signed) return _direct(consent.key);
        uint256 secret = _secretOf(consent.key);
        if (consent.fault == 2) secret = _otherSecret(seed, secret);
        if (consent.fault == 3) digest = keccak256(abi.encode(digest));
        bytes memory signature = secret == 0 ? new bytes(65) : _signature(secret, digest);
        uint48 deadline = consent.fault == 4 ? consent.deadline + 1 : consent.deadline;
        return Authorization(consent.key, deadline, signature);
    }

    function _secretOf(address key) private view returns (uint256) {
        for (uint256 i = 0; i < SIGNERS; ++i) if (people[i] == key) return _secrets[i];
        return 0;
    }

    function _otherSecret(uint256 seed, uint256 secret) private view returns (uint256 other) {
        uint256 place = _draw(seed, "signer", SIGNERS);
        other = _secrets[place] == secret ? _secrets[(place + 1) % SIGNERS] : _secrets[place];
    }
}
