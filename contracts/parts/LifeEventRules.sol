// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ILifeEvents} from "../interfaces/ILifeEvents.sol";
import {Authorization, IOrganisations} from "../interfaces/IOrganisations.sol";
import {IPasskeys} from "../interfaces/IPasskeys.sol";
import {BatchHeader, IPieces, Standing} from "../interfaces/IPieces.sol";
import {Ids} from "../libraries/Ids.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Slots} from "../libraries/Slots.sol";

/// @dev Owns the rules of life events: who may say what, how a saying changes the way a piece stands, and that whoever is
/// named has signed it. Keeps nothing and writes nothing.
abstract contract LifeEventRules is ILifeEvents, EIP712 {
    /// What both who begin a recovery sign.
    struct Asked {
        uint256 tokenId;
        Standing standing;
        address to;
        address organisation;
        address arbiter;
        bytes32 wordsHash;
    }

    uint16 internal constant RELEASE = 16;
    uint16 internal constant SERVE = 32;
    uint16 internal constant STATE = 64;
    uint16 internal constant ARBITRATE = 128;

    uint8 internal constant SERVICE = 10;
    uint8 internal constant APPRAISAL = 15;
    uint8 internal constant CONSIGNED = 18;
    uint8 internal constant CONSIGNMENT_ENDED = 19;
    uint8 internal constant REPORTED_STOLEN = 30;
    uint8 internal constant REPORTED_LOST = 31;
    uint8 internal constant REPORT_WITHDRAWN = 32;
    uint8 internal constant REPORT_LAPSED = 33;
    uint8 internal constant REPORTS_DISMISSED = 34;
    uint8 internal constant LOCKED_BY_ARBITER = 35;
    uint8 internal constant UNLOCKED_BY_ARBITER = 36;
    uint8 internal constant RECALLED = 40;
    uint8 internal constant RECALL_LIFTED = 41;
    uint8 internal constant REGISTRATION_WITHDRAWN = 42;
    uint8 internal constant CORRECTED = 43;
    uint8 internal constant MELTED = 50;
    uint8 internal constant DESTROYED = 52;
    uint8 internal constant RECOVERY_ALLOWED = 60;
    uint8 internal constant RECOVERY_FORBIDDEN = 61;
    uint8 internal constant RECOVERY_BEGUN = 62;
    uint8 internal constant RECOVERY_CANCELLED = 63;
    uint8 internal constant RECOVERED = 64;

    /// A reason, not a book that every reader has to carry.
    uint256 internal constant MAX_WORDS = 1_000;

    bytes32 internal constant OWNER_ACT_TYPEHASH = keccak256(
        "OwnerAct(uint256 tokenId,uint8 kind,uint24 moves,uint24 events,uint48 deadline)"
    );
    bytes32 internal constant END_TYPEHASH = keccak256(
        "End(uint256 tokenId,uint8 kind,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline)"
    );
    bytes32 internal constant ARBITRATE_TYPEHASH = keccak256(
        "Arbitrate(uint256 tokenId,uint8 kind,address organisation,string words,uint24 moves,uint24 events,uint48 deadline)"
    );
    bytes32 internal constant NOTICE_TYPEHASH = keccak256(
        "Notice(uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,string words,uint24 moves,uint24 events,uint48 deadline)"
    );
    bytes32 internal constant BATCH_NOTICE_TYPEHASH = keccak256(
        "BatchNotice(uint224 batchId,uint8 kind,address organisation,string words,uint16 events,uint48 deadline)"
    );
    bytes32 internal constant BATCH_END_TYPEHASH = keccak256(
        "BatchEnd(uint224 batchId,uint8 kind,string words,uint24 rangeEvents,uint16 events,uint48 deadline)"
    );
    bytes32 internal constant RECORD_TYPEHASH = keccak256(
        "Record(uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline)"
    );
    bytes32 internal constant RECOVERY_TYPEHASH = keccak256(
        "Recovery(uint256 tokenId,address from,address to,address organisation,address arbiter,string words,uint24 moves,uint24 events,uint48 deadline)"
    );

    /// @inheritdoc ILifeEvents
    IPieces public immutable pieces;
    /// @inheritdoc ILifeEvents
    IOrganisations public immutable organisations;
    /// @inheritdoc ILifeEvents
    IPasskeys public immutable passkeys;

    constructor(
        IPieces pieces_,
        IOrganisations organisations_,
        IPasskeys passkeys_
    ) EIP712("Touchstone Life Events", "1") {
        pieces = pieces_;
        organisations = organisations_;
        passkeys = passkeys_;
    }

    /// What an arbiter's word changes, if it changes anything.
    function _ruling(
        uint8 kind,
        Standing memory now_
    ) internal pure returns (uint8 set, uint8 clear, uint8 clearFlags) {
        uint8 state = now_.state;
        uint8 reports = Slots.STOLEN | Slots.LOST | Slots.EARLIER;
        bool changes;
        if (kind == REPORTS_DISMISSED) (changes, clear) = (state & reports != 0, reports | Slots.BLOCKED);
        if (kind == LOCKED_BY_ARBITER) (changes, set) = (state & (Slots.LOCKED | Slots.ENDED) == 0, Slots.LOCKED);
        if (kind == UNLOCKED_BY_ARBITER) (changes, clear) = (state & Slots.LOCKED != 0, Slots.LOCKED);
        if (kind == RECOVERY_CANCELLED) {
            (changes, clearFlags) = (now_.flags & Slots.RECOVERING != 0, Slots.RECOVERING);
        }
        require(changes, NotApplicable(kind, state));
    }

    /// What the registrant's word changes, if it changes anything.
    function _change(uint8 kind, uint8 state) internal pure returns (uint8 set, uint8 clear) {
        if (kind == CORRECTED) return (0, 0);
        if (kind == RECALLED && state & Slots.RECALLED == 0) return (Slots.RECALLED, 0);
        if (kind == RECALL_LIFTED && state & Slots.RECALLED != 0) return (0, Slots.RECALLED);
        if (kind == REGISTRATION_WITHDRAWN && state & Slots.WITHDRAWN == 0) return (Slots.WITHDRAWN, 0);
        revert NotApplicable(kind, state);
    }

    function _batchChange(uint8 kind, uint8 flags) internal pure returns (uint8 set, uint8 clear) {
        if (kind == RECALLED && flags & Slots.RANGE_RECALLED == 0) return (Slots.RANGE_RECALLED, 0);
        if (kind == RECALL_LIFTED && flags & Slots.RANGE_RECALLED != 0) return (0, Slots.RANGE_RECALLED);
        if (kind == REGISTRATION_WITHDRAWN && flags & Slots.RANGE_WITHDRAWN == 0) return (Slots.RANGE_WITHDRAWN, 0);
        revert NotApplicable(kind, flags);
    }

    function _tokenOf(BatchHeader calldata header, uint32 index) internal pure returns (uint256) {
        uint224 batchId = Ids.batchId(header);
        require(index < header.count, NoSuchPiece(batchId, index));
        return Ids.tokenId(batchId, index);
    }

    function _recordHash(
        uint256 tokenId,
        uint8 kind,
        address organisation,
        bytes32 contentHash,
        Standing memory now_,
        uint48 deadline
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(RECORD_TYPEHASH, tokenId, kind, organisation, contentHash, now_.moves, now_.events, deadline)
            );
    }

    function _isEnd(uint8 kind) internal pure returns (bool) {
        return kind >= MELTED && kind <= DESTROYED;
    }

    function _checkRecoverable(Asked memory asked) internal pure {
        Standing memory now_ = asked.standing;
        bool possible = now_.flags & Slots.RECOVERABLE != 0 && now_.flags & Slots.RECOVERING == 0;
        require(possible && now_.state & Slots.IMMOBILE == 0, NotApplicable(RECOVERY_BEGUN, now_.state));
        require(asked.to != address(0) && asked.to != now_.owner, InvalidRecipient(asked.to));
    }

    function _recoveryHash(Asked memory asked, uint48 deadline) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    RECOVERY_TYPEHASH,
                    asked.tokenId,
                    asked.standing.owner,
                    asked.to,
                    asked.organisation,
                    asked.arbiter,
                    asked.wordsHash,
                    asked.standing.moves,
                    asked.standing.events,
                    deadline
                )
            );
    }

    function _checkOwnerAct(
        uint256 tokenId,
        uint8 kind,
        Standing memory now_,
        Authorization calldata owner
    ) internal view {
        _checkOwner(tokenId, now_.owner, owner.key);
        _checkConsent(
            keccak256(abi.encode(OWNER_ACT_TYPEHASH, tokenId, kind, now_.moves, now_.events, owner.deadline)),
            owner
        );
    }

    function _checkOwner(uint256 tokenId, address owner, address key) internal view {
        require(key == owner || pieces.isApprovedForAll(owner, key), NotOwnersKey(tokenId, key));
    }

    function _checkRegistrant(address registrant, address acting, address key) internal view {
        require(acting == registrant || organisations.speaksFor(registrant, acting), NotRegistrant(registrant, acting));
        _checkPermitted(acting, key, STATE);
    }

    function _checkPermitted(address organisation, address key, uint16 permission) internal view {
        require(organisations.isPermitted(organisation, key, permission), NotPermitted(organisation, key, permission));
    }

    function _checkWords(string calldata words) internal pure {
        uint256 length = bytes(words).length;
        require(length != 0 && length <= MAX_WORDS, NoReason(length));
    }

    /// An empty signature is the caller's own word.
    function _checkConsent(bytes32 structHash, Authorization calldata authorization) internal view {
        if (authorization.signature.length == 0) {
            require(msg.sender == authorization.key, InvalidSignature(authorization.key));
            return;
        }
        require(block.timestamp <= authorization.deadline, SignatureExpired(authorization.deadline));
        require(
            Signatures.isSignedBy(passkeys, authorization.key, _hashTypedDataV4(structHash), authorization.signature),
            InvalidSignature(authorization.key)
        );
    }
}
