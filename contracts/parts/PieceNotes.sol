// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPieces, Standing} from "../interfaces/IPieces.sol";
import {PieceSlot, RangeSlot, Slots} from "../libraries/Slots.sol";
import {PieceStore} from "./PieceStore.sol";

/// @dev Owns what stands in a piece's slot beside its owner: reports, locks, recalls, ends. Who may say so is LifeEvents'
/// to decide; what no saying may do is decided here: it never names an owner, and what ended or was withdrawn stays so.
abstract contract PieceNotes is PieceStore {
    uint8 private constant FOR_GOOD = Slots.ENDED | Slots.WITHDRAWN;
    uint8 private constant RECOVERY = Slots.RECOVERABLE | Slots.RECOVERING;

    /// @inheritdoc IPieces
    address public immutable lifeEvents;

    constructor(address lifeEvents_) {
        lifeEvents = lifeEvents_;
    }

    modifier onlyLifeEvents() {
        require(msg.sender == lifeEvents, NotLifeEvents(msg.sender));
        _;
    }

    /// @inheritdoc IPieces
    function note(
        uint256 tokenId,
        uint8 set,
        uint8 clear,
        uint8 setFlags,
        uint8 clearFlags,
        uint16 day,
        bool refresh
    ) external onlyLifeEvents returns (uint24 number) {
        Found memory found = _read(tokenId);
        bool wasImmobile = found.slot.isImmobile();
        _depart(tokenId, found);
        PieceSlot slot = found.slot.noted(set, clear & ~FOR_GOOD, setFlags & RECOVERY, clearFlags & RECOVERY, day);
        _pieces[tokenId] = slot;
        if (slot.isImmobile() != wasImmobile) {
            if (wasImmobile) emit Unlocked(tokenId);
            else emit Locked(tokenId);
        }
        if (refresh) emit MetadataUpdate(tokenId);
        return slot.events();
    }

    /// @inheritdoc IPieces
    function noteBatch(uint224 batchId, uint8 set, uint8 clear) external onlyLifeEvents returns (uint16 number) {
        RangeSlot slot = _batches[batchId];
        require(slot.holder() != address(0), UnknownBatch(batchId));
        // Else a block would go on where its batch ended.
        require(set & Slots.RANGE_ENDED == 0 || !slot.isSplit(), RangeIsSplit(batchId));
        slot = slot.batchNoted(set & Slots.RANGE_NOTES, clear & Slots.RANGE_RECALLED);
        _batches[batchId] = slot;
        emit BatchMetadataUpdate(uint256(batchId) << 32, (uint256(batchId) << 32) | (slot.count() - 1));
        return slot.batchEvents();
    }

    /// @inheritdoc IPieces
    function recover(uint256 tokenId, address to) external onlyLifeEvents returns (uint24 number) {
        Found memory found = _read(tokenId);
        require(found.slot.flags() & RECOVERY == RECOVERY, NotRecoverable(tokenId));
        found.slot = found.slot.withEvent();
        number = found.slot.events();
        _move(tokenId, found, to);
    }

    /// @inheritdoc IPieces
    function standingOf(uint256 tokenId) external view returns (Standing memory) {
        Found memory found = _read(tokenId);
        PieceSlot slot = found.slot;
        return Standing(found.owner, slot.moves(), slot.events(), slot.day(), slot.state(), slot.flags());
    }

    /// @inheritdoc IPieces
    function batchStandingOf(uint224 batchId) external view returns (uint8 flags, uint16 events) {
        RangeSlot slot = _batches[batchId];
        return (slot.rangeFlags(), slot.batchEvents());
    }

    /// @inheritdoc IPieces
    function locked(uint256 tokenId) external view returns (bool) {
        return _read(tokenId).slot.isImmobile();
    }
}
