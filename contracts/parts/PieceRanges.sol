// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../interfaces/IOrganisations.sol";
import {IPieces} from "../interfaces/IPieces.sol";
import {Ids} from "../libraries/Ids.sol";
import {RangeSlot, Slots} from "../libraries/Slots.sol";
import {PieceStore} from "./PieceStore.sol";

/// @dev Owns trade without touching pieces: a batch, or a block of 256 of it, passes from organisation to organisation by
/// one slot. Whoever passes it on lists the pieces that have left it, and each is checked, so that the events say exactly
/// which pieces changed hands.
abstract contract PieceRanges is PieceStore {
    uint32 internal constant BLOCK = 256;
    bytes32 internal constant PASS_RANGE_TYPEHASH = keccak256(
        "PassRange(uint224 batchId,uint32 part,address from,address to,uint24 events,uint48 deadline)"
    );

    /// What passes on: the indexes from `first` to before `end`, as they stand.
    struct Range {
        RangeSlot slot;
        uint32 first;
        uint32 end;
        /// The block leaves its batch only now, and some of the departed listed with it are elsewhere in the batch.
        bool splitsOff;
        bool listsOthers;
    }

    /// @inheritdoc IPieces
    function passRange(
        uint224 batchId,
        uint32 part,
        address to,
        uint24 events,
        uint32[] calldata departed,
        Authorization calldata authorization
    ) external {
        RangeSlot batch = _batches[batchId];
        require(batch.holder() != address(0), UnknownBatch(batchId));
        require(!batch.isEnded(), BatchHasEnded(batchId));
        Range memory range = part == 0 ? _wholeOf(batchId, batch) : _blockOf(batchId, batch, part - 1, departed);
        address holder = range.slot.holder();
        require(range.slot.rangeEvents() == events, StaleRange(batchId, part, range.slot.rangeEvents()));
        require(organisations.isOrganisation(to) && to != holder, NotAnOrganisation(to));
        _checkOwners(Ids.tokenId(batchId, 0), holder, authorization.key);
        _checkConsent(
            keccak256(abi.encode(PASS_RANGE_TYPEHASH, batchId, part, holder, to, events, authorization.deadline)),
            authorization
        );
        uint256 passed = _announce(batchId, range, to, departed);
        _shift(holder, to, passed);
        if (range.splitsOff) _batches[batchId] = batch.splitOff(range.slot.departed());
        if (part == 0) _batches[batchId] = range.slot.passedTo(to);
        else _blocks[Ids.blockId(batchId, part - 1)] = range.slot.passedTo(to);
        emit RangePassed(batchId, part, events + 1, holder, to, uint24(passed));
    }

    function _wholeOf(uint224 batchId, RangeSlot batch) private pure returns (Range memory) {
        require(!batch.isSplit(), RangeIsSplit(batchId));
        return Range(batch, 0, batch.count(), false, false);
    }

    function _blockOf(
        uint224 batchId,
        RangeSlot batch,
        uint32 number,
        uint32[] calldata departed
    ) private view returns (Range memory range) {
        uint32 count = batch.count();
        require(number < (count + BLOCK - 1) / BLOCK, UnknownBatch(batchId));
        range.first = number * BLOCK;
        range.end = range.first + BLOCK < count ? range.first + BLOCK : count;
        range.slot = _blocks[Ids.blockId(batchId, number)];
        if (range.slot.holder() != address(0)) return range;
        range.splitsOff = true;
        range.listsOthers = departed.length == batch.departed();
        uint24 within = range.listsOthers ? _countListed(batchId, range, departed) : _countDeparted(batchId, range);
        range.slot = Slots.newRange(batch.holder(), 0, within, batch.rangeEvents());
    }

    /// A block that is not split off shares its batch's count of departed pieces: where all of those are listed, they show
    /// how many are the block's. Those of the block itself are looked at when they are announced.
    function _countListed(
        uint224 batchId,
        Range memory range,
        uint32[] calldata departed
    ) private view returns (uint24 within) {
        for (uint256 i = 0; i < departed.length; ++i) {
            uint32 index = departed[i];
            bool differs = i != 0 && departed[i - 1] >= index;
            if (index >= range.first && index < range.end) {
                ++within;
            } else {
                // Elsewhere in the batch, and of no block that counts for itself.
                differs = differs || !_hasDeparted(batchId, index);
                differs = differs || _blocks[Ids.blockId(batchId, index / BLOCK)].holder() != address(0);
            }
            require(!differs, DepartedDiffer(batchId, uint24(departed.length)));
        }
    }

    /// Looks at each of them: what a block costs when too many pieces have left its batch to list them all.
    function _countDeparted(uint224 batchId, Range memory range) private view returns (uint24 within) {
        for (uint32 index = range.first; index < range.end; ++index) {
            if (_hasDeparted(batchId, index)) ++within;
        }
    }

    /// One event for each run of pieces that changes hands. Reverts unless exactly the departed ones are left out.
    function _announce(
        uint224 batchId,
        Range memory range,
        address to,
        uint32[] calldata departed
    ) private returns (uint256 passed) {
        address holder = range.slot.holder();
        uint24 left = range.slot.departed();
        uint32 next = range.first;
        uint24 found = 0;
        for (uint256 i = 0; i < departed.length; ++i) {
            uint32 index = departed[i];
            if (range.listsOthers && (index < range.first || index >= range.end)) continue;
            bool listed = index >= next && index < range.end && _hasDeparted(batchId, index);
            require(listed, DepartedDiffer(batchId, left));
            ++found;
            passed += _run(batchId, next, index, holder, to);
            next = index + 1;
        }
        require(found == left, DepartedDiffer(batchId, left));
        passed += _run(batchId, next, range.end, holder, to);
        require(passed != 0, NothingToPass(batchId));
    }

    function _hasDeparted(uint224 batchId, uint32 index) private view returns (bool) {
        return _pieces[Ids.tokenId(batchId, index)].owner() != address(0);
    }

    function _run(uint224 batchId, uint32 from, uint32 end, address holder, address to) private returns (uint256) {
        if (from == end) return 0;
        emit ConsecutiveTransfer(Ids.tokenId(batchId, from), Ids.tokenId(batchId, end - 1), holder, to);
        return end - from;
    }
}
