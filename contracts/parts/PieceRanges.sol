// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../interfaces/IOrganisations.sol";
import {RangeSlot, Slots} from "../libraries/Slots.sol";
import {IPieces} from "../interfaces/IPieces.sol";
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
        address holder;
        uint32 first;
        uint32 end;
        uint24 events;
        uint24 departed;
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
        Range memory range = part == 0 ? _wholeOf(batchId, batch) : _blockOf(batchId, batch, part - 1, departed);
        require(range.events == events, StaleRange(batchId, part, range.events));
        require(organisations.isOrganisation(to) && to != range.holder, NotAnOrganisation(to));
        _checkOwners(uint256(batchId) << 32, range.holder, authorization.key);
        _checkConsent(
            keccak256(abi.encode(PASS_RANGE_TYPEHASH, batchId, part, range.holder, to, events, authorization.deadline)),
            authorization
        );
        uint256 passed = _announce(batchId, range, to, departed);
        unchecked {
            _balances[range.holder] -= passed;
            _balances[to] += passed;
        }
        if (part == 0) {
            _batches[batchId] = batch.passedTo(to);
        } else {
            uint256 id = (uint256(batchId) << 24) | (part - 1);
            RangeSlot own = _blocks[id];
            if (own.holder() == address(0)) {
                _batches[batchId] = batch.splitOff(range.departed);
                own = Slots.newRange(range.holder, 0, range.departed);
            }
            _blocks[id] = own.passedTo(to);
        }
        emit RangePassed(batchId, part, events + 1, range.holder, to, uint24(passed));
    }

    function _wholeOf(uint224 batchId, RangeSlot batch) private pure returns (Range memory) {
        require(!batch.isSplit(), RangeIsSplit(batchId));
        return Range(batch.holder(), 0, batch.count(), batch.rangeEvents(), batch.departed());
    }

    /// A block that is not split off yet shares its batch's count of departed pieces: then all of those are listed, and
    /// how many of them are the block's is counted here.
    function _blockOf(
        uint224 batchId,
        RangeSlot batch,
        uint32 number,
        uint32[] calldata departed
    ) private view returns (Range memory range) {
        uint32 count = batch.count();
        require(number < (count + BLOCK - 1) / BLOCK, UnknownBatch(batchId));
        uint32 first = number * BLOCK;
        uint32 end = first + BLOCK < count ? first + BLOCK : count;
        RangeSlot own = _blocks[(uint256(batchId) << 24) | number];
        if (own.holder() != address(0)) {
            return Range(own.holder(), first, end, own.rangeEvents(), own.departed());
        }
        uint24 all = batch.departed();
        require(departed.length == all, DepartedDiffer(batchId, all));
        uint24 within = 0;
        for (uint256 i = 0; i < departed.length; ++i) {
            uint32 index = departed[i];
            require(i == 0 || departed[i - 1] < index, DepartedDiffer(batchId, all));
            if (index >= first && index < end) {
                ++within;
                continue;
            }
            // Elsewhere in the batch, and of no block that counts for itself.
            bool counted =
                _hasDeparted(batchId, index) &&
                    _blocks[(uint256(batchId) << 24) | (index / BLOCK)].holder() == address(0);
            require(counted, DepartedDiffer(batchId, all));
        }
        return Range(batch.holder(), first, end, 0, within);
    }

    /// One event for each run of pieces that changes hands. Reverts unless exactly the departed ones are left out.
    function _announce(
        uint224 batchId,
        Range memory range,
        address to,
        uint32[] calldata departed
    ) private returns (uint256 passed) {
        uint32 next = range.first;
        uint24 found = 0;
        for (uint256 i = 0; i < departed.length; ++i) {
            uint32 index = departed[i];
            if (index < range.first || index >= range.end) continue;
            require(index >= next && _hasDeparted(batchId, index), DepartedDiffer(batchId, range.departed));
            ++found;
            passed += _run(batchId, next, index, range.holder, to);
            next = index + 1;
        }
        require(found == range.departed, DepartedDiffer(batchId, range.departed));
        passed += _run(batchId, next, range.end, range.holder, to);
        require(passed != 0, NothingToPass(batchId));
    }

    function _hasDeparted(uint224 batchId, uint32 index) private view returns (bool) {
        return _pieces[(uint256(batchId) << 32) | index].owner() != address(0);
    }

    function _run(uint224 batchId, uint32 from, uint32 end, address holder, address to) private returns (uint256) {
        if (from == end) return 0;
        uint256 base = uint256(batchId) << 32;
        emit ConsecutiveTransfer(base | from, base | (end - 1), holder, to);
        return end - from;
    }
}
