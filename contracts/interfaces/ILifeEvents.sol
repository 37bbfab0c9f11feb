// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization, IOrganisations} from "./IOrganisations.sol";
import {IPasskeys} from "./IPasskeys.sol";
import {BatchHeader, IPieces} from "./IPieces.sol";

/// @title LifeEvents
/// @notice What happens to pieces after they were registered, other than changing hands: work done on them, loss and theft,
/// locks, recalls, corrections, the end, and the recovery of a lost key. Each is one event with a number and, where it
/// says so, changes how the piece stands in the registry.
/// @dev Typed data have the domain "Touchstone Life Events", version "1". An authorization with an empty signature is the
/// caller's own word. Every signature names how often the piece had moved and how many events it had, so it works once,
/// and never after anything else was said of the piece. "The owner's key" is the owner, or whom the owner lets move all it
/// has: an operator, or a key with the permission to transfer of the organisation that owns it.
///
/// Kinds: 1 card set and 2 handovers withdrawn are told by the registry itself. With the owner's consent: 10 service,
/// 11 repair, 12 resizing, 13 stone replaced, 14 re-plating, 15 appraisal, 16 engraving, 17 other work, 18 consigned,
/// 19 consignment ended. By the owner alone: 30 reported stolen, 31 reported lost, 32 report withdrawn, 50 melted,
/// 51 dismantled, 52 destroyed, 60 recovery allowed, 61 recovery forbidden. By an arbiter, with a reason: 34 reports
/// dismissed, 35 locked, 36 unlocked, 63 recovery cancelled. By who registered the piece, or who succeeded it: 40 recalled,
/// 41 recall lifted, 42 registration withdrawn, 43 corrected. By both of these: 62 recovery begun. By anybody, when it is
/// time: 33 a report's block lapsed, 64 recovered.
///
/// Warning: nothing here names an owner but `completeRecovery`, which needs what the owner allowed beforehand. An arbiter
/// can keep a piece where it is, not move it. Who loses her key without having allowed recovery has lost the piece's title.
/// Warning: a report by whoever holds the owner's key is a report by the owner.
interface ILifeEvents {
    /// @notice Something happened to a piece. `number` counts its events, together with the registry's own.
    /// @param organisation Who did it or said so; zero where the owner acted alone, or time did.
    /// @param key Who signed for the organisation, or for the owner; zero for what anybody may do.
    /// @param contentHash keccak256 of the canonical bytes of a statement; for a recovery, the new owner; else zero.
    event LifeEvent(
        uint256 indexed tokenId,
        uint24 number,
        uint8 indexed kind,
        address indexed organisation,
        address key,
        bytes32 contentHash,
        string words
    );
    /// @notice Something was said of a whole batch. `number` counts the batch's events.
    event BatchEvent(
        uint224 indexed batchId,
        uint16 number,
        uint8 indexed kind,
        address indexed organisation,
        address key,
        string words
    );

    /// @notice No such kind for this function, or it changes nothing as the piece stands (`state` as in Standing).
    error NotApplicable(uint8 kind, uint8 state);
    /// @notice A reason is 1 to 1,000 bytes.
    error NoReason(uint256 length);
    /// @notice This kind comes with the hash of a statement, or without one.
    error InvalidContent(uint8 kind);
    /// @notice The index is beyond the batch.
    error NoSuchPiece(uint224 batchId, uint32 index);
    /// @notice `acting` neither registered this nor succeeded who did.
    error NotRegistrant(address registrant, address acting);
    /// @notice `key` may not do this for `organisation` now.
    error NotPermitted(address organisation, address key, uint16 permission);
    /// @notice `key` is neither the owner of the piece nor a key its owner lets move pieces.
    error NotOwnersKey(uint256 tokenId, address key);
    /// @notice It is not time yet: at `time` at the earliest.
    error TooEarly(uint256 time);
    /// @notice Nobody recovers a piece for nobody, or for its owner.
    error InvalidRecipient(address to);
    /// @notice The signature's time is over.
    error SignatureExpired(uint48 deadline);
    /// @notice The signature is not `key`'s over these typed data.
    error InvalidSignature(address key);

    /// @notice The owner reports the piece stolen (30) or lost (31): for 90 days it doesn't move, whoever has its keys or
    /// card, and what was reported stays until she withdraws it or an arbiter dismisses it. Again: 90 days from now.
    /// @dev Typed data: OwnerAct(uint256 tokenId,uint8 kind,uint24 moves,uint24 events,uint48 deadline).
    function report(uint256 tokenId, uint8 kind, Authorization calldata owner) external;

    /// @notice The owner withdraws her own report (32), and the piece moves again. Typed data as in `report`.
    function withdrawReport(uint256 tokenId, Authorization calldata owner) external;

    /// @notice Anybody, when the 90 days are over: the piece moves again; the report stays to be read (33).
    function lapse(uint256 tokenId) external;

    /// @notice The owner allows (60) that a lost key be recovered, or forbids it (61), which ends a recovery under way.
    /// @dev Typed data: OwnerAct, as in `report`.
    function allowRecovery(uint256 tokenId, bool allowed, Authorization calldata owner) external;

    /// @notice The owner has ended the piece: melted (50), dismantled (51), destroyed (52). For good; not while it is
    /// reported or locked.
    /// @dev Typed data: End(uint256 tokenId,uint8 kind,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline).
    /// @param contentHash A statement about it, or zero.
    function end(uint256 tokenId, uint8 kind, bytes32 contentHash, Authorization calldata owner) external;

    /// @notice An arbiter dismisses all reports (34), locks (35) or unlocks (36) the piece, or cancels a recovery (63).
    /// @dev Typed data: Arbitrate(uint256 tokenId,uint8 kind,address organisation,string words,uint24 moves,uint24
    /// events,uint48 deadline).
    /// @param organisation The arbiter.
    /// @param words The reason, for all to read.
    function arbitrate(
        uint256 tokenId,
        uint8 kind,
        address organisation,
        string calldata words,
        Authorization calldata arbiter
    ) external;

    /// @notice Who registered the piece, or who succeeded it, recalls it (40), lifts the recall (41), withdraws its
    /// registration for good (42), or corrects its record (43).
    /// @dev Typed data: Notice(uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,string words,uint24
    /// moves,uint24 events,uint48 deadline).
    /// @param contentHash Of the statement that corrects the record; zero for the other kinds.
    function notice(
        BatchHeader calldata header,
        uint32 index,
        uint8 kind,
        address organisation,
        bytes32 contentHash,
        string calldata words,
        Authorization calldata authorization
    ) external;

    /// @notice As `notice` for all pieces of a batch, whoever owns them by now: 40, 41, 42.
    /// @dev Typed data: BatchNotice(uint224 batchId,uint8 kind,address organisation,string words,uint16 events,uint48
    /// deadline), with the number of the batch's events.
    function noticeBatch(
        BatchHeader calldata header,
        uint8 kind,
        address organisation,
        string calldata words,
        Authorization calldata authorization
    ) external;

    /// @notice The holder of a batch has ended all pieces that are still in its range: 50, 51, 52. For good. Not of a batch
    /// of which blocks have passed on by themselves.
    /// @dev Typed data: BatchEnd(uint224 batchId,uint8 kind,string words,uint24 rangeEvents,uint16 events,uint48 deadline).
    function endBatch(uint224 batchId, uint8 kind, string calldata words, Authorization calldata holder) external;

    /// @notice An organisation records what it did to the piece (10 to 17), or that it holds it for the owner to sell, or
    /// no more (18, 19), with the owner's consent.
    /// @dev Typed data, signed by both, each with a deadline of its own: Record(uint256 tokenId,uint8 kind,address
    /// organisation,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline).
    /// @param contentHash Of the statement that says what was done; zero if nothing more is to be said.
    /// @param service By a key of the organisation: permission to serve; for 18 and 19, to release.
    function record(
        uint256 tokenId,
        uint8 kind,
        address organisation,
        bytes32 contentHash,
        Authorization calldata service,
        Authorization calldata owner
    ) external;

    /// @notice Who registered the piece, or who succeeded it, and an arbiter begin to recover it for an owner who lost her
    /// key and allowed this beforehand (62). Thirty days later anybody completes it, unless the piece has moved, its owner
    /// has signed anything about it, or an arbiter has cancelled it.
    /// The arbiter is none that may itself speak for who registered it.
    /// @dev Typed data, signed by both: Recovery(uint256 tokenId,address from,address to,address organisation,address
    /// arbiter,string words,uint24 moves,uint24 events,uint48 deadline).
    function beginRecovery(
        BatchHeader calldata header,
        uint32 index,
        address to,
        address organisation,
        address arbiter,
        string calldata words,
        Authorization calldata maker,
        Authorization calldata arbitration
    ) external;

    /// @notice Anybody, when the thirty days are over: the piece moves to whom the recovery named (64).
    function completeRecovery(uint256 tokenId) external;

    /// @notice The recovery begun last for a piece; zero once it was completed. Warning: whether it is still under way, the registry says
    /// (`standingOf`, flag 16).
    /// @return to Whom the piece would go to.
    /// @return readyAt Block time from which it may be completed.
    function recoveryOf(uint256 tokenId) external view returns (address to, uint48 readyAt);

    /// @notice The registry whose pieces these are.
    function pieces() external view returns (IPieces);

    /// @notice Who is admitted, with which keys.
    function organisations() external view returns (IOrganisations);

    /// @notice Where passkeys are asked whether they signed.
    function passkeys() external view returns (IPasskeys);
}
