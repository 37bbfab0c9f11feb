// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Trading} from "./support/Trading.sol";
import {Vm} from "./support/Test.sol";

/// Which pieces change hands when a range passes on. A list of owners is kept here, piece by piece, for a batch of any size
/// around some blocks; random pieces leave it, and its whole or its blocks pass on in any order. After each pass the events
/// are compared whole with the runs of that list, and so are owners and balances.
contract PiecesRangesRunsTest is Trading {
    uint256 private constant MOST = 4 * 256;

    uint224 private _batch;
    uint32 private _count;
    address[] private _owners;
    uint24[] private _moves;
    bool[] private _gone;
    bool private _split;
    bool[5] private _left;
    uint24 private _passes;
    uint24[5] private _blockPasses;
    bytes32[] private _expected;
    uint256 private _dice;

    function testFuzz_exactlyTheIntactPiecesChangeHands(uint256 seed) public {
        _dice = seed;
        _begin(_anyCount());
        for (uint256 step = 0; step < 6; ++step) {
            uint256 leaving = _throw(5);
            for (uint256 i = 0; i < leaving; ++i) _leave(_anyIndex());
            _passOn(_anyPart(), _throw(2) == 0);
            _expectBalances();
        }
        _expectOwners();
    }

    function testFuzz_blocksPassOnInAnyOrder(uint256 seed) public {
        _dice = seed;
        // The last block has more pieces than leave: of one that nothing is left of, nothing passes on.
        _begin(uint32(781 + _throw(244)));
        for (uint256 i = 0; i < 12; ++i) _leave(_anyIndex());
        uint32 first = uint32(_throw(4));
        uint32 step = uint32(1 + 2 * _throw(2));
        for (uint32 i = 0; i < 4; ++i) _passOn(1 + ((first + step * i) % 4), _throw(2) == 0);
        (, , uint24 departed, ) = pieces.batchOf(_batch);
        assertEq(departed, 0, "departed of a batch whose blocks all left");
        _expectBalances();
        _expectOwners();
    }

    function testFuzz_firstAndLastOfABlockLeaveToo(uint256 seed) public {
        _dice = seed;
        _begin(uint32(257 + _throw(512)));
        uint32[6] memory edges = [uint32(0), 255, 256, 511, 512, _count - 1];
        for (uint256 i = 0; i < 6; ++i) if (_throw(2) == 0 && edges[i] < _count) _leave(edges[i]);
        if (_throw(2) == 0) _passOn(0, false);
        for (uint32 part = 1; part <= _blocks(); ++part) _passOn(part, _throw(2) == 0);
        _expectBalances();
        _expectOwners();
    }

    /// From right lists, by up to two changes: only a right one is taken. For a block that is not split off, there are two.
    function testFuzz_noOtherListIsTaken(uint256 seed) public {
        _dice = seed;
        _begin(700);
        uint32[9] memory some = [uint32(0), 3, 255, 256, 300, 511, 512, 600, 699];
        for (uint256 i = 0; i < 9; ++i) if (_throw(3) != 0) _leave(some[i]);
        if (_throw(2) == 0) _passOn(uint32(1 + _throw(3)), true);
        uint32 part = _split ? uint32(1 + _throw(3)) : uint32(_throw(4));
        uint32[] memory all = _departed(part, true);
        uint32[] memory own = _departed(part, false);
        uint32[] memory list = _throw(2) == 0 ? all : own;
        for (uint256 changes = _throw(3); changes > 0; --changes) list = _changed(list, some);
        bool right = _same(list, all) || _same(list, own);
        (bool done, bytes memory answer) = _try(part, list);
        assertTrue(done == right, "taken");
        if (!done) assertEq(bytes32(bytes4(answer)), bytes32(IPieces.DepartedDiffer.selector), "reason");
    }

    function _begin(uint32 count) private {
        _count = count;
        _batch = _register(count);
        for (uint256 i = 0; i < count; ++i) {
            _owners.push(workshop);
            _moves.push(0);
            _gone.push(false);
        }
    }

    /// A piece is sold, handed on or, without a move, approved.
    function _leave(uint32 index) private {
        address owner = _owners[index];
        uint256 token = _token(_batch, index);
        uint256 how = _throw(3);
        if (owner == alice) return;
        vm.prank(_keyOf(owner));
        if (how == 0) {
            pieces.approve(bob, token);
        } else {
            _owners[index] = how == 1 ? alice : dealer;
            ++_moves[index];
            pieces.transferFrom(owner, _owners[index], token);
        }
        _gone[index] = true;
    }

    function _passOn(uint32 part, bool listAll) private {
        (uint256 first, uint256 end) = _bounds(part);
        (address from, uint256 intact) = _holderOf(part);
        if (intact == 0 || (part == 0 && _split)) return;
        address to = [workshop, dealer, boutique][_throw(3)];
        if (to == from) to = to == boutique ? workshop : boutique;
        uint24 events = _eventsOf(part);
        uint32[] memory list = _departed(part, listAll);
        vm.recordLogs();
        _pass(_batch, part, to, events, list, _keyOf(from));
        _expectLogs(vm.getRecordedLogs(), part, from, to);
        for (uint256 i = first; i < end; ++i) {
            if (_gone[i]) continue;
            _owners[i] = to;
            ++_moves[i];
        }
        if (part == 0) {
            ++_passes;
        } else {
            (_split, _left[part]) = (true, true);
            _blockPasses[part] = events + 1;
        }
    }

    function _expectLogs(Vm.Log[] memory logs, uint32 part, address from, address to) private {
        delete _expected;
        (uint256 first, uint256 end) = _bounds(part);
        uint24 passed = 0;
        for (uint256 i = first; i < end; ++i) {
            if (_gone[i]) continue;
            uint256 start = i;
            while (i < end && !_gone[i]) ++i;
            passed += uint24(i - start);
            bytes32 head = bytes32(_token(_batch, uint32(start)));
            _expect(
                _topics(IPieces.ConsecutiveTransfer.selector, head, _word(from), _word(to)),
                abi.encode(_token(_batch, uint32(i - 1)))
            );
        }
        _expect(
            _topics(IPieces.RangePassed.selector, bytes32(uint256(_batch)), _word(from), _word(to)),
            abi.encode(part, _eventsOf(part) + 1, passed)
        );
        assertEq(logs.length, _expected.length, "number of events");
        for (uint256 i = 0; i < logs.length; ++i) {
            assertEq(keccak256(abi.encode(logs[i].topics, logs[i].data)), _expected[i], "event");
        }
    }

    function _expect(bytes32[] memory topics, bytes memory data) private {
        _expected.push(keccak256(abi.encode(topics, data)));
    }

    function _expectOwners() private view {
        for (uint32 i = 0; i < _count; ++i) {
            (address owner, uint24 moves, ) = pieces.pieceOf(_token(_batch, i));
            assertEq(owner, _owners[i], "owner");
            assertEq(moves, _moves[i], "moves");
        }
    }

    function _expectBalances() private view {
        address[4] memory all = [workshop, dealer, boutique, alice];
        uint256[4] memory owned;
        for (uint256 i = 0; i < _count; ++i) {
            for (uint256 p = 0; p < 4; ++p) if (_owners[i] == all[p]) ++owned[p];
        }
        for (uint256 p = 0; p < 4; ++p) assertEq(pieces.balanceOf(all[p]), owned[p], "balance");
    }

    function _try(uint32 part, uint32[] memory list) private returns (bool, bytes memory) {
        (address from, ) = _holderOf(part);
        address to = from == boutique ? dealer : boutique;
        bytes memory call = abi.encodeCall(
            pieces.passRange,
            (_batch, part, to, _eventsOf(part), list, _direct(_keyOf(from)))
        );
        vm.prank(_keyOf(from));
        return address(pieces).call(call);
    }

    /// Of a block that is not split off: the departed of all such blocks, or its own only.
    function _departed(uint32 part, bool all) private view returns (uint32[] memory list) {
        (uint256 first, uint256 end) = _bounds(part);
        bool shared = part != 0 && !_left[part] && all;
        list = new uint32[](_count);
        uint256 length = 0;
        for (uint32 i = 0; i < _count; ++i) {
            bool listed = shared ? !_left[1 + i / 256] : i >= first && i < end;
            if (listed && _gone[i]) list[length++] = i;
        }
        assembly ("memory-safe") {
            mstore(list, length)
        }
    }

    /// One index left out, put in, said twice, or two exchanged.
    function _changed(uint32[] memory list, uint32[9] memory some) private returns (uint32[] memory other) {
        uint256 how = list.length == 0 ? 1 : _throw(4);
        uint256 place = list.length == 0 ? 0 : _throw(list.length);
        other = new uint32[](
            how == 0
                ? list.length - 1
                : how == 3
                    ? list.length
                    : list.length + 1
        );
        uint32 added =
            how == 2
                ? list[place]
                : _throw(2) == 0
                    ? some[_throw(9)]
                    : uint32(_throw(900));
        for (uint256 i = 0; i < other.length; ++i) {
            if (how == 0) other[i] = list[i < place ? i : i + 1];
            else if (how == 3) other[i] = list[i];
            else
                other[i] =
                    i < place
                        ? list[i]
                        : i == place
                            ? added
                            : list[i - 1];
        }
        if (how != 3) return other;
        uint256 next = (place + 1) % other.length;
        (other[place], other[next]) = (other[next], other[place]);
    }

    function _same(uint32[] memory a, uint32[] memory b) private pure returns (bool) {
        return keccak256(abi.encode(a)) == keccak256(abi.encode(b));
    }

    function _bounds(uint32 part) private view returns (uint256 first, uint256 end) {
        if (part == 0) return (0, _count);
        first = 256 * (uint256(part) - 1);
        end = first + 256 < _count ? first + 256 : _count;
    }

    function _holderOf(uint32 part) private view returns (address holder, uint256 intact) {
        (uint256 first, uint256 end) = _bounds(part);
        for (uint256 i = first; i < end; ++i) {
            if (_gone[i]) continue;
            holder = _owners[i];
            ++intact;
        }
        if (holder == address(0)) holder = workshop;
    }

    function _eventsOf(uint32 part) private view returns (uint24) {
        return part == 0 || !_left[part] ? _passes : _blockPasses[part];
    }

    function _keyOf(address owner) private view returns (address) {
        return
            owner == dealer
                ? dealerKey
                : owner == boutique
                    ? boutiqueKey
                    : owner == workshop
                        ? makerKey
                        : owner;
    }

    function _blocks() private view returns (uint32) {
        return (_count + 255) / 256;
    }

    /// A multiple of 256, one piece more, or any number.
    function _anyCount() private returns (uint32) {
        uint256 kind = _throw(3);
        if (kind == 0) return uint32(256 * (1 + _throw(3)));
        return kind == 1 ? uint32(256 * _throw(4) + 1) : uint32(1 + _throw(MOST));
    }

    function _anyIndex() private returns (uint32) {
        return uint32(_throw(_count));
    }

    function _anyPart() private returns (uint32) {
        return _split ? uint32(1 + _throw(_blocks())) : uint32(_throw(1 + _blocks()));
    }

    function _throw(uint256 sides) private returns (uint256) {
        _dice = uint256(keccak256(abi.encode(_dice)));
        return _dice % sides;
    }
}
