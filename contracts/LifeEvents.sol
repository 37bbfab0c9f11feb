// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ILifeEvents} from "./interfaces/ILifeEvents.sol";
import {Authorization, IOrganisations} from "./interfaces/IOrganisations.sol";
import {IPasskeys} from "./interfaces/IPasskeys.sol";
import {BatchHeader, IPieces, Standing} from "./interfaces/IPieces.sol";
import {Ids} from "./libraries/Ids.sol";
import {Slots} from "./libraries/Slots.sol";
import {LifeEventRules} from "./parts/LifeEventRules.sol";

/// @title LifeEvents
/// @dev What it does and promises stands in ILifeEvents. Nobody administers it: it has no owner and no setting.
contract LifeEvents is LifeEventRules, Multicall {
    /// One slot, while a recovery is under way and after one that was not completed.
    struct Recovery {
        address to;
        uint48 readyAt;
    }

    /// Long enough to go to an arbiter, short enough that nobody's piece is held for ever by an old report.
    uint256 internal constant REPORT_DAYS = 90;
    uint256 internal constant RECOVERY_TIME = 30 days;

    mapping(uint256 tokenId => Recovery) private _recoveries;

    constructor(
        IPieces pieces_,
        IOrganisations organisations_,
        IPasskeys passkeys_
    ) LifeEventRules(pieces_, organisations_, passkeys_) {}

    /// @inheritdoc ILifeEvents
    function report(uint256 tokenId, uint8 kind, Authorization calldata owner) external {
        Standing memory now_ = pieces.standingOf(tokenId);
        require(kind == REPORTED_STOLEN || kind == REPORTED_LOST, NotApplicable(kind, now_.state));
        require(now_.state & Slots.ENDED == 0, NotApplicable(kind, now_.state));
        _checkOwnerAct(tokenId, kind, now_, owner);
        uint8 reported = kind == REPORTED_STOLEN ? Slots.STOLEN : Slots.LOST;
        uint16 day = uint16(block.timestamp / 1 days + REPORT_DAYS);
        uint24 number = pieces.note(tokenId, reported | Slots.BLOCKED, 0, 0, Slots.RECOVERING, day, false);
        emit LifeEvent(tokenId, number, kind, address(0), owner.key, 0, "");
    }

    /// @inheritdoc ILifeEvents
    function withdrawReport(uint256 tokenId, Authorization calldata owner) external {
        Standing memory now_ = pieces.standingOf(tokenId);
        // What an earlier owner reported is not this one's to withdraw.
        uint8 own = Slots.STOLEN | Slots.LOST;
        require(now_.state & own != 0, NotApplicable(REPORT_WITHDRAWN, now_.state));
        _checkOwnerAct(tokenId, REPORT_WITHDRAWN, now_, owner);
        uint24 number = pieces.note(tokenId, 0, own | Slots.BLOCKED, 0, Slots.RECOVERING, 0, false);
        emit LifeEvent(tokenId, number, REPORT_WITHDRAWN, address(0), owner.key, 0, "");
    }

    /// @inheritdoc ILifeEvents
    function lapse(uint256 tokenId) external {
        Standing memory now_ = pieces.standingOf(tokenId);
        require(now_.state & Slots.BLOCKED != 0, NotApplicable(REPORT_LAPSED, now_.state));
        uint256 time = (uint256(now_.day) + 1) * 1 days;
        require(block.timestamp >= time, TooEarly(time));
        uint24 number = pieces.note(tokenId, 0, Slots.BLOCKED, 0, 0, 0, false);
        emit LifeEvent(tokenId, number, REPORT_LAPSED, address(0), address(0), 0, "");
    }

    /// @inheritdoc ILifeEvents
    function allowRecovery(uint256 tokenId, bool allowed, Authorization calldata owner) external {
        Standing memory now_ = pieces.standingOf(tokenId);
        uint8 kind = allowed ? RECOVERY_ALLOWED : RECOVERY_FORBIDDEN;
        bool changes = (now_.flags & Slots.RECOVERABLE != 0) != allowed;
        require(changes && now_.state & Slots.ENDED == 0, NotApplicable(kind, now_.state));
        _checkOwnerAct(tokenId, kind, now_, owner);
        uint8 gone = allowed ? Slots.RECOVERING : Slots.RECOVERING | Slots.RECOVERABLE;
        uint24 number = pieces.note(tokenId, 0, 0, allowed ? Slots.RECOVERABLE : 0, gone, 0, false);
        emit LifeEvent(tokenId, number, kind, address(0), owner.key, 0, "");
    }

    /// @inheritdoc ILifeEvents
    function end(uint256 tokenId, uint8 kind, bytes32 contentHash, Authorization calldata owner) external {
        Standing memory now_ = pieces.standingOf(tokenId);
        require(_isEnd(kind) && now_.state & Slots.IMMOBILE == 0, NotApplicable(kind, now_.state));
        _checkOwner(tokenId, now_.owner, owner.key);
        bytes32 structHash = keccak256(
            abi.encode(END_TYPEHASH, tokenId, kind, contentHash, now_.moves, now_.events, owner.deadline)
        );
        _checkConsent(structHash, owner);
        uint24 number = pieces.note(tokenId, Slots.ENDED, 0, 0, Slots.RECOVERING | Slots.RECOVERABLE, 0, true);
        emit LifeEvent(tokenId, number, kind, address(0), owner.key, contentHash, "");
    }

    /// @inheritdoc ILifeEvents
    function arbitrate(
        uint256 tokenId,
        uint8 kind,
        address organisation,
        string calldata words,
        Authorization calldata arbiter
    ) external {
        Standing memory now_ = pieces.standingOf(tokenId);
        (uint8 set, uint8 clear, uint8 clearFlags) = _ruling(kind, now_);
        _checkWords(words);
        _checkPermitted(organisation, arbiter.key, ARBITRATE);
        bytes32 structHash = keccak256(
            abi.encode(
                ARBITRATE_TYPEHASH,
                tokenId,
                kind,
                organisation,
                keccak256(bytes(words)),
                now_.moves,
                now_.events,
                arbiter.deadline
            )
        );
        _checkConsent(structHash, arbiter);
        uint24 number = pieces.note(tokenId, set, clear, 0, clearFlags, 0, false);
        emit LifeEvent(tokenId, number, kind, organisation, arbiter.key, 0, words);
    }

    /// @inheritdoc ILifeEvents
    function notice(
        BatchHeader calldata header,
        uint32 index,
        uint8 kind,
        address organisation,
        bytes32 contentHash,
        string calldata words,
        Authorization calldata authorization
    ) external {
        uint256 tokenId = _tokenOf(header, index);
        Standing memory now_ = pieces.standingOf(tokenId);
        (uint8 set, uint8 clear) = _change(kind, now_.state);
        require((kind == CORRECTED) == (contentHash != 0), InvalidContent(kind));
        _checkWords(words);
        _checkRegistrant(header.organisation, organisation, authorization.key);
        bytes32 structHash = keccak256(
            abi.encode(
                NOTICE_TYPEHASH,
                tokenId,
                kind,
                organisation,
                contentHash,
                keccak256(bytes(words)),
                now_.moves,
                now_.events,
                authorization.deadline
            )
        );
        _checkConsent(structHash, authorization);
        uint24 number = pieces.note(tokenId, set, clear, 0, 0, 0, true);
        emit LifeEvent(tokenId, number, kind, organisation, authorization.key, contentHash, words);
    }

    /// @inheritdoc ILifeEvents
    function noticeBatch(
        BatchHeader calldata header,
        uint8 kind,
        address organisation,
        string calldata words,
        Authorization calldata authorization
    ) external {
        uint224 batchId = Ids.batchId(header);
        (uint8 flags, uint16 events) = pieces.batchStandingOf(batchId);
        (uint8 set, uint8 clear) = _batchChange(kind, flags);
        _checkWords(words);
        _checkRegistrant(header.organisation, organisation, authorization.key);
        bytes32 structHash = keccak256(
            abi.encode(
                BATCH_NOTICE_TYPEHASH,
                batchId,
                kind,
                organisation,
                keccak256(bytes(words)),
                events,
                authorization.deadline
            )
        );
        _checkConsent(structHash, authorization);
        uint16 number = pieces.noteBatch(batchId, set, clear);
        emit BatchEvent(batchId, number, kind, organisation, authorization.key, words);
    }

    /// @inheritdoc ILifeEvents
    function endBatch(uint224 batchId, uint8 kind, string calldata words, Authorization calldata holder) external {
        (uint8 flags, uint16 events) = pieces.batchStandingOf(batchId);
        require(_isEnd(kind) && flags & Slots.RANGE_ENDED == 0, NotApplicable(kind, flags));
        _checkWords(words);
        (address owner, uint24 rangeEvents) = _holderOf(batchId, kind, flags);
        _checkOwner(Ids.tokenId(batchId, 0), owner, holder.key);
        bytes32 structHash = keccak256(
            abi.encode(BATCH_END_TYPEHASH, batchId, kind, keccak256(bytes(words)), rangeEvents, events, holder.deadline)
        );
        _checkConsent(structHash, holder);
        uint16 number = pieces.noteBatch(batchId, Slots.RANGE_ENDED, 0);
        emit BatchEvent(batchId, number, kind, owner, holder.key, words);
    }

    /// @inheritdoc ILifeEvents
    function record(
        uint256 tokenId,
        uint8 kind,
        address organisation,
        bytes32 contentHash,
        Authorization calldata service,
        Authorization calldata owner
    ) external {
        Standing memory now_ = pieces.standingOf(tokenId);
        bool isRecord = kind >= SERVICE && kind <= CONSIGNMENT_ENDED;
        require(isRecord && now_.state & Slots.ENDED == 0, NotApplicable(kind, now_.state));
        _checkPermitted(organisation, service.key, kind < CONSIGNED ? SERVE : RELEASE);
        _checkOwner(tokenId, now_.owner, owner.key);
        _checkConsent(_recordHash(tokenId, kind, organisation, contentHash, now_, service.deadline), service);
        _checkConsent(_recordHash(tokenId, kind, organisation, contentHash, now_, owner.deadline), owner);
        // What the piece is worth, and where it lies, doesn't change what it is.
        bool refresh = kind < CONSIGNED && kind != APPRAISAL;
        uint24 number = pieces.note(tokenId, 0, 0, 0, Slots.RECOVERING, 0, refresh);
        emit LifeEvent(tokenId, number, kind, organisation, service.key, contentHash, "");
    }

    /// @inheritdoc ILifeEvents
    function beginRecovery(
        BatchHeader calldata header,
        uint32 index,
        address to,
        address organisation,
        address arbiter,
        string calldata words,
        Authorization calldata maker,
        Authorization calldata arbitration
    ) external {
        Asked memory asked;
        asked.tokenId = _tokenOf(header, index);
        asked.standing = pieces.standingOf(asked.tokenId);
        (asked.to, asked.organisation, asked.arbiter) = (to, organisation, arbiter);
        asked.wordsHash = keccak256(bytes(words));
        _checkRecoverable(asked);
        _checkWords(words);
        _checkRegistrant(header.organisation, organisation, maker.key);
        // Two are asked so that one can't do it alone: who may be the first is never the second.
        require(
            !organisations.speaksFor(header.organisation, arbiter),
            NotPermitted(arbiter, arbitration.key, ARBITRATE)
        );
        _checkPermitted(arbiter, arbitration.key, ARBITRATE);
        _checkConsent(_recoveryHash(asked, maker.deadline), maker);
        _checkConsent(_recoveryHash(asked, arbitration.deadline), arbitration);
        _begin(asked, arbitration.key, words);
    }

    /// @inheritdoc ILifeEvents
    function completeRecovery(uint256 tokenId) external {
        Recovery memory recovery = _recoveries[tokenId];
        Standing memory now_ = pieces.standingOf(tokenId);
        require(now_.flags & Slots.RECOVERING != 0, NotApplicable(RECOVERED, now_.state));
        require(block.timestamp >= recovery.readyAt, TooEarly(recovery.readyAt));
        delete _recoveries[tokenId];
        uint24 number = pieces.recover(tokenId, recovery.to);
        bytes32 to = bytes32(uint256(uint160(recovery.to)));
        emit LifeEvent(tokenId, number, RECOVERED, address(0), address(0), to, "");
    }

    /// @inheritdoc ILifeEvents
    function recoveryOf(uint256 tokenId) external view returns (address to, uint48 readyAt) {
        Recovery memory recovery = _recoveries[tokenId];
        return (recovery.to, recovery.readyAt);
    }

    /// Who ends what is left in a batch's range, and how often that has passed on.
    function _holderOf(
        uint224 batchId,
        uint8 kind,
        uint8 flags
    ) private view returns (address holder, uint24 rangeEvents) {
        uint24 count;
        uint24 departed;
        (holder, count, departed, rangeEvents) = pieces.batchOf(batchId);
        require(departed < count, NotApplicable(kind, flags));
    }

    function _begin(Asked memory asked, address key, string calldata words) private {
        uint24 number = pieces.note(asked.tokenId, 0, 0, Slots.RECOVERING, 0, 0, false);
        _recoveries[asked.tokenId] = Recovery(asked.to, uint48(block.timestamp + RECOVERY_TIME));
        bytes32 to = bytes32(uint256(uint160(asked.to)));
        emit LifeEvent(asked.tokenId, number, RECOVERY_BEGUN, asked.arbiter, key, to, words);
    }
}
