// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILots, LotHeader, Mass, Return} from "../../../contracts/interfaces/ILots.sol";
import {BatchHeader, Leaf} from "../../../contracts/interfaces/IPieces.sol";
import {Lotting} from "./Lotting.sol";
import {MerkleTree} from "./MerkleTree.sol";

/// A batch of three rings of gold with diamonds, drawn from two lots of the workshop. Each weighs 4,000 mg at 750‰, which
/// three times over is all the gold that was drawn, and has ten diamonds; the third says nothing of its masses.
abstract contract Returning is Lotting {
    uint64 internal constant RING = 4_000;
    LotHeader internal _source;
    LotHeader internal _gems;
    BatchHeader internal _batch;
    uint224 internal _batchId;
    bytes32[] internal _leaves;

    function setUp() public virtual override {
        super.setUp();
        _source = _gold(20_000, 1);
        (_source.fineness, _gems) = (900_000, _stones(100, COUNT));
        _declare(_source);
        _declare(_gems);
        bytes32 extra = lots.extraOf(_masses());
        for (uint32 i = 0; i < 3; ++i) _leaves.push(_leafHash(i, i == 2 ? bytes32(0) : extra));
        _batch = _rootOnly(MerkleTree.root(_leaves), 3);
        _batchId = pieces.batchIdOf(_batch);
        vm.prank(makerKey);
        pieces.register(_batch, _direct(makerKey));
        // 3 · 4,000 · 750,000 = 10,000 · 900,000
        _drawFor(_batch, _source, 10_000);
        _drawFor(_batch, _gems, 25);
    }

    function _leafHash(uint32 index, bytes32 extra) private view returns (bytes32) {
        bytes32 inner = keccak256(
            abi.encode(
                keccak256("touchstone.leaf.v1"),
                uint8(1),
                workshop,
                index,
                keccak256(abi.encode("record", index)),
                address(0),
                extra
            )
        );
        return keccak256(bytes.concat(inner));
    }

    function _leaf(uint32 index) internal view returns (Leaf memory) {
        bytes32 extra = index == 2 ? bytes32(0) : lots.extraOf(_masses());
        bytes32 recordHash = keccak256(abi.encode("record", index));
        return Leaf(_batch, index, recordHash, address(0), extra, MerkleTree.proof(_leaves, index));
    }

    function _masses() internal view returns (Mass[] memory masses) {
        masses = new Mass[](2);
        masses[0] = Mass(_lotId(_source), GOLD, 750_000, MG, RING);
        masses[1] = Mass(_lotId(_gems), DIAMOND, 0, COUNT, 10);
    }

    /// The piece has ended and belongs to `owner`.
    function _end(uint32 index, address owner) internal returns (uint256 token) {
        token = _token(_batchId, index);
        _stand(token, owner, 2, 7, ENDED);
    }

    function _back(uint256 token, address to) internal view returns (Return[] memory list) {
        list = new Return[](2);
        list[0] = _goldBack(token, to, RING);
        list[1] = _gemsBack(token, to, 10);
    }

    function _onlyBack(Return memory one) internal pure returns (Return[] memory list) {
        list = new Return[](1);
        list[0] = one;
    }

    function _goldBack(uint256 token, address to, uint64 quantity) internal view returns (Return memory) {
        LotHeader memory h = _copy(_source);
        (h.organisation, h.fineness, h.quantity, h.parents) = (to, 750_000, quantity, _returnParents(token));
        (h.custody, h.origin, h.contentHash) = (MASS_BALANCE, 0, 0);
        return Return(0, _source, h);
    }

    function _gemsBack(uint256 token, address to, uint64 quantity) internal view returns (Return memory) {
        LotHeader memory h = _copy(_gems);
        (h.organisation, h.quantity, h.parents) = (to, quantity, _returnParents(token));
        (h.custody, h.origin, h.contentHash) = (MASS_BALANCE, 0, 0);
        return Return(1, _gems, h);
    }

    function _returnCall(
        uint32 index,
        Return[] memory list,
        address to,
        address key
    ) internal view returns (bytes memory) {
        return abi.encodeCall(ILots.returnPiece, (_leaf(index), _masses(), list, to, _direct(key)));
    }

    function _outputIds(Return[] memory list) internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](list.length);
        for (uint256 i = 0; i < list.length; ++i) ids[i] = _lotId(list[i].output);
    }
}
