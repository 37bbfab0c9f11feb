// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILots, LotHeader} from "../../contracts/interfaces/ILots.sol";
import {BatchHeader} from "../../contracts/interfaces/IPieces.sol";
import {Lotting} from "./support/Lotting.sol";
import {Vm} from "./support/Test.sol";

/// What goes from lots into batches of pieces.
contract LotsDrawingTest is Lotting {
    function test_whatIsDrawnIsTakenAndTold() public {
        LotHeader[] memory all = _manyOfGold(2, 1_000);
        bytes32[] memory ids = _lotIds(all);
        BatchHeader memory batch = _rootOnly(ROOT, 3);
        uint224 batchId = pieces.batchIdOf(batch);
        vm.recordLogs();
        _do(_drawCall(batch, ids, _both(400, 1_000), foremanKey), foremanKey);
        Vm.Log[] memory expected = new Vm.Log[](2);
        expected[0] = _drawnLog(ids[0], batchId, 400, 2, foremanKey);
        expected[1] = _drawnLog(ids[1], batchId, 1_000, 2, foremanKey);
        _assertLogs(expected);
        _assertLot(ids[0], workshop, 600, 2);
        _assertLot(ids[1], workshop, 0, 2);
        _assertDrawn(batchId, ids[0], 400);
        _assertDrawn(batchId, ids[1], 1_000);
    }

    function test_drawsForABatchAddUpAndAreItsOwn() public {
        LotHeader memory lot = _declaredGold(1_000, 1);
        _drawFor(_rootOnly(ROOT, 3), lot, 100);
        _register(3);
        _drawFor(_rootOnly(ROOT, 3), lot, 200);
        _drawFor(_rootOnly(ROOT, 4), lot, 50);
        _assertDrawn(pieces.batchIdOf(_rootOnly(ROOT, 3)), _lotId(lot), 300);
        _assertDrawn(pieces.batchIdOf(_rootOnly(ROOT, 4)), _lotId(lot), 50);
        _assertLot(_lotId(lot), workshop, 650, 4);
    }

    function testFuzz_noMoreIsDrawnThanRemains(uint64 first, uint64 second) public {
        LotHeader memory lot = _declaredGold(1_000, 1);
        first = uint64(bound(first, 1, 1_000));
        _drawFor(_rootOnly(ROOT, 3), lot, first);
        uint64 left = 1_000 - first;
        bytes memory call = _drawCall(_rootOnly(ROOT, 3), _only(_lotId(lot)), _only(second), makerKey);
        bytes memory refusal = abi.encodeWithSelector(ILots.NotEnough.selector, _lotId(lot), left);
        if (second == 0) refusal = abi.encodeWithSelector(ILots.NothingTaken.selector, _lotId(lot));
        if (second != 0 && second <= left) _do(call, makerKey);
        else _expect(refusal, call, makerKey);
    }

    function test_nothingIsDrawnFromAnothersLot() public {
        LotHeader memory lot = _declaredGold(1_000, 1);
        BatchHeader memory batch = _rootOnly(ROOT, 3);
        batch.organisation = refinery;
        bytes memory refusal = abi.encodeWithSelector(ILots.NotHolders.selector, _lotId(lot), workshop);
        _expect(refusal, _drawCall(batch, _only(_lotId(lot)), _only(10), refinerKey), refinerKey);
        _expect(refusal, _drawCall(batch, _only(_lotId(lot)), _only(10), makerKey), makerKey);
        _move(lot, refinery);
        _do(_drawCall(batch, _only(_lotId(lot)), _only(10), refinerKey), refinerKey);
        refusal = abi.encodeWithSelector(ILots.NotHolders.selector, _lotId(lot), refinery);
        bytes memory call = _drawCall(_rootOnly(ROOT, 3), _only(_lotId(lot)), _only(10), makerKey);
        _expect(refusal, call, makerKey);
    }

    function test_oneOfMineOpensNoneOfAnothers() public {
        LotHeader[] memory all = _manyOfGold(2, 1_000);
        _move(all[1], refinery);
        bytes memory refusal = abi.encodeWithSelector(ILots.NotHolders.selector, _lotId(all[1]), refinery);
        _expect(refusal, _drawCall(_rootOnly(ROOT, 3), _lotIds(all), _both(1, 1), makerKey), makerKey);
    }

    function test_onlyKeysThatRegisterDraw() public {
        LotHeader memory lot = _declaredGold(1_000, 1);
        address[4] memory others = [stranger, storemanKey, refinerKey, workshop];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory call = _drawCall(_rootOnly(ROOT, 3), _only(_lotId(lot)), _only(10), others[i]);
            _expect(_notPermitted(workshop, others[i], REGISTER), call, others[i]);
        }
        bytes memory good = _drawCall(_rootOnly(ROOT, 3), _only(_lotId(lot)), _only(10), foremanKey);
        _expect(abi.encodeWithSelector(ILots.InvalidSignature.selector, foremanKey), good, stranger);
        _suspend(workshop);
        _expect(_notPermitted(workshop, foremanKey, REGISTER), good, foremanKey);
        vm.prank(administrator);
        organisations.reinstate(workshop);
        _do(good, foremanKey);
    }

    function test_listsAreOneToSixteenInOrderAndMatch() public {
        LotHeader[] memory all = _manyOfGold(17, 100);
        bytes32[] memory ids = _lotIds(all);
        BatchHeader memory batch = _rootOnly(ROOT, 3);
        _expect(ILots.InvalidCount.selector, _drawCall(batch, new bytes32[](0), new uint64[](0), makerKey), makerKey);
        _expect(ILots.InvalidCount.selector, _drawCall(batch, ids, _units(17), makerKey), makerKey);
        _expect(ILots.InvalidCount.selector, _drawCall(batch, _only(ids[0]), _units(2), makerKey), makerKey);
        bytes32[] memory two = new bytes32[](2);
        (two[0], two[1]) = (ids[1], ids[0]);
        bytes memory refusal = abi.encodeWithSelector(ILots.NotAscending.selector, ids[0]);
        _expect(refusal, _drawCall(batch, two, _units(2), makerKey), makerKey);
        two[0] = ids[0];
        _expect(refusal, _drawCall(batch, two, _units(2), makerKey), makerKey);
        two[1] = bytes32(type(uint256).max);
        refusal = abi.encodeWithSelector(ILots.UnknownLot.selector, two[1]);
        _expect(refusal, _drawCall(batch, two, _units(2), makerKey), makerKey);
        assembly ("memory-safe") {
            mstore(ids, 16)
        }
        _do(_drawCall(batch, ids, _units(16), makerKey), makerKey);
    }

    function _units(uint256 count) private pure returns (uint64[] memory list) {
        list = new uint64[](count);
        for (uint256 i = 0; i < count; ++i) list[i] = 1;
    }

    function _drawCall(
        BatchHeader memory batch,
        bytes32[] memory ids,
        uint64[] memory quantities,
        address key
    ) private pure returns (bytes memory) {
        return abi.encodeCall(ILots.draw, (batch, ids, quantities, _direct(key)));
    }

    function _assertDrawn(uint224 batchId, bytes32 lotId, uint64 quantity) private view {
        (uint64 drawn, uint192 returned) = lots.drawnOf(batchId, lotId);
        assertEq(drawn, quantity, "drawn");
        assertEq(returned, 0, "returned");
    }
}
