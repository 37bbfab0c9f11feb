// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILots, LotHeader} from "../../contracts/interfaces/ILots.sol";
import {Lotting} from "./support/Lotting.sol";
import {Vm} from "./support/Test.sol";

/// Lots passed on, divided and joined: nothing becomes of it but the same material.
contract LotsMovingTest is Lotting {
    LotHeader private _lot;
    bytes32 private _id;

    function setUp() public override {
        super.setUp();
        _lot = _declaredGold(1_000, 1);
        _id = _lotId(_lot);
    }

    function test_aLotPassesOnWholeAndIsTold() public {
        vm.recordLogs();
        vm.prank(storemanKey);
        lots.transfer(_id, refinery, _direct(storemanKey));
        Vm.Log[] memory expected = new Vm.Log[](1);
        expected[0] = _movedLog(_id, workshop, refinery, 2, storemanKey);
        _assertLogs(expected);
        _assertLot(_id, refinery, 1_000, 2);
    }

    function test_aLotPassesToAnotherOrganisationOnly() public {
        address[4] memory others = [workshop, alice, refinerKey, address(0)];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(ILots.NotAnOrganisation.selector, others[i]);
            _expect(refusal, abi.encodeCall(ILots.transfer, (_id, others[i], _direct(makerKey))), makerKey);
        }
        _suspend(refinery);
        _move(_lot, refinery);
    }

    function test_onlyTheHoldersKeysThatTransferPassALotOn() public {
        address[5] memory others = [stranger, foremanKey, refinerKey, workshop, administrator];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory call = abi.encodeCall(ILots.transfer, (_id, refinery, _direct(others[i])));
            _expect(_notPermitted(workshop, others[i], TRANSFER), call, others[i]);
        }
        _expect(
            abi.encodeWithSelector(ILots.InvalidSignature.selector, makerKey),
            abi.encodeCall(ILots.transfer, (_id, refinery, _direct(makerKey))),
            stranger
        );
        _suspend(workshop);
        _move(_lot, refinery);
        bytes memory back = abi.encodeCall(ILots.transfer, (_id, workshop, _direct(makerKey)));
        _expect(_notPermitted(refinery, makerKey, TRANSFER), back, makerKey);
    }

    function test_whatIsNotThereDoesNotPassOn() public {
        bytes32 nothing = keccak256("nothing");
        _expect(
            abi.encodeWithSelector(ILots.UnknownLot.selector, nothing),
            abi.encodeCall(ILots.transfer, (nothing, refinery, _direct(makerKey))),
            makerKey
        );
        _drawFor(_rootOnly(ROOT, 3), _lot, 1_000);
        _expect(
            abi.encodeWithSelector(ILots.NothingTaken.selector, _id),
            abi.encodeCall(ILots.transfer, (_id, refinery, _direct(makerKey))),
            makerKey
        );
    }

    function test_aLotIsDividedToTheLastUnitAndTold() public {
        LotHeader[] memory outputs = _both(_child(_lot, 300, 1), _child(_lot, 700, 2));
        vm.recordLogs();
        _do(_splitCall(_lot, outputs, storemanKey), storemanKey);
        Vm.Log[] memory expected = new Vm.Log[](3);
        expected[0] = _consumedLog(_id, _parentsOf(_id), 1_000, 2, SPLIT, storemanKey);
        expected[1] = _madeLog(outputs[0], SPLIT, storemanKey);
        expected[2] = _madeLog(outputs[1], SPLIT, storemanKey);
        _assertLogs(expected);
        _assertLot(_id, workshop, 0, 2);
        _assertLot(_lotId(outputs[0]), workshop, 300, 1);
        _assertLot(_lotId(outputs[1]), workshop, 700, 1);
    }

    function testFuzz_whatIsDividedOffIsTaken(uint64 first, uint64 second) public {
        (first, second) = (uint64(bound(first, 1, 2_000)), uint64(bound(second, 1, 2_000)));
        bytes memory call = _splitCall(_lot, _both(_child(_lot, first, 1), _child(_lot, second, 2)), makerKey);
        if (first + second > 1_000) {
            _expect(abi.encodeWithSelector(ILots.NotEnough.selector, _id, 1_000), call, makerKey);
        } else {
            _do(call, makerKey);
            _assertLot(_id, workshop, 1_000 - first - second, 2);
        }
    }

    /// Sixteen of the most there may be would overflow 64 bits only together with more; they are added in 256.
    function test_noSumIsTooLargeToBeCompared() public {
        LotHeader[] memory outputs = new LotHeader[](16);
        for (uint256 i = 0; i < 16; ++i) outputs[i] = _child(_lot, type(uint64).max, i);
        bytes memory refusal = abi.encodeWithSelector(ILots.NotEnough.selector, _id, 1_000);
        _expect(refusal, _splitCall(_lot, outputs, makerKey), makerKey);
    }

    function test_aPartIsOfTheSameKindAndHolderAndStatement() public {
        for (uint256 fault = 0; fault < 8; ++fault) {
            LotHeader[] memory outputs = _both(_child(_lot, 300, 1), _child(_lot, 300, 2));
            LotHeader memory h = outputs[1];
            if (fault == 0) h.organisation = refinery;
            if (fault == 1) h.material = SILVER;
            if (fault == 2) h.fineness -= 1;
            if (fault == 3) (h.unit, h.fineness) = (COUNT, 0);
            if (fault == 4) h.custody -= 1;
            if (fault == 5) h.origin = OTHER_MINE;
            if (fault == 6) h.contentHash = keccak256("better");
            if (fault == 7) h.parents = 0;
            bytes memory refusal = abi.encodeWithSelector(ILots.NotDerived.selector, 1);
            _expect(refusal, _splitCall(_lot, outputs, makerKey), makerKey);
        }
    }

    function test_partsAreSomeAndTellApart() public {
        _expect(ILots.InvalidCount.selector, _splitCall(_lot, new LotHeader[](0), makerKey), makerKey);
        _expect(ILots.InvalidCount.selector, _splitCall(_lot, _parts(17), makerKey), makerKey);
        LotHeader memory part = _child(_lot, 300, 1);
        bytes memory refusal = abi.encodeWithSelector(ILots.LotExists.selector, _lotId(part));
        _expect(refusal, _splitCall(_lot, _both(part, part), makerKey), makerKey);
        part.quantity = 0;
        _expect(ILots.InvalidLot.selector, _splitCall(_lot, _both(_child(_lot, 1, 2), part), makerKey), makerKey);
        _do(_splitCall(_lot, _parts(16), makerKey), makerKey);
        _assertLot(_id, workshop, 840, 2);
    }

    function test_onlyTheHoldersKeysThatTransferDivideALot() public {
        LotHeader[] memory outputs = _only(_child(_lot, 300, 1));
        address[3] memory others = [stranger, foremanKey, refinerKey];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory refusal = _notPermitted(workshop, others[i], TRANSFER);
            _expect(refusal, _splitCall(_lot, outputs, others[i]), others[i]);
        }
        bytes memory refused = abi.encodeWithSelector(ILots.InvalidSignature.selector, makerKey);
        _expect(refused, _splitCall(_lot, outputs, makerKey), stranger);
        _move(_lot, refinery);
        _expect(_notPermitted(refinery, makerKey, TRANSFER), _splitCall(_lot, outputs, makerKey), makerKey);
        bytes memory refusal_ = abi.encodeWithSelector(ILots.NotDerived.selector, 0);
        _expect(refusal_, _splitCall(_lot, outputs, refinerKey), refinerKey);
        outputs[0].organisation = refinery;
        _do(_splitCall(_lot, outputs, refinerKey), refinerKey);
        _assertLot(_lotId(outputs[0]), refinery, 300, 1);
    }

    function test_aHeaderThatIsNoLotsIsNotDivided() public {
        LotHeader memory other = _gold(5_000, 1);
        bytes memory refusal = abi.encodeWithSelector(ILots.UnknownLot.selector, _lotId(other));
        _expect(refusal, _splitCall(other, _only(_child(other, 300, 1)), makerKey), makerKey);
    }

    function test_lotsOfAKindAreJoinedAndTold() public {
        LotHeader[] memory all = _manyOfGold(3, 500);
        bytes32[] memory ids = _lotIds(all);
        _do(_splitCall(all[1], _only(_child(all[1], 100, 9)), makerKey), makerKey);
        LotHeader memory output = _joined(all, 1_400);
        vm.recordLogs();
        _do(_mergeCall(all, output, storemanKey), storemanKey);
        Vm.Log[] memory expected = new Vm.Log[](4);
        bytes32 parents = _parentsOf(ids);
        expected[0] = _consumedLog(ids[0], parents, 500, 2, MERGE, storemanKey);
        expected[1] = _consumedLog(ids[1], parents, 400, 3, MERGE, storemanKey);
        expected[2] = _consumedLog(ids[2], parents, 500, 2, MERGE, storemanKey);
        expected[3] = _madeLog(output, MERGE, storemanKey);
        _assertLogs(expected);
        for (uint256 i = 0; i < 3; ++i) _assertLot(ids[i], workshop, 0, i == 1 ? 3 : 2);
        _assertLot(_lotId(output), workshop, 1_400, 1);
    }

    function test_onlyLotsThatAreAlikeAreJoined() public {
        for (uint256 fault = 0; fault < 5; ++fault) {
            LotHeader memory other = _gold(500, 20 + fault);
            if (fault == 0) other.material = SILVER;
            if (fault == 1) other.fineness -= 1;
            if (fault == 2) (other.unit, other.fineness) = (COUNT, 0);
            if (fault == 3) other.custody -= 1;
            if (fault == 4) other.origin = OTHER_MINE;
            _declare(other);
            LotHeader[] memory all = _both(_lot, other);
            _sort(all);
            LotHeader memory output = _joined(all, 1_500);
            bytes memory refusal = abi.encodeWithSelector(ILots.NotAlike.selector, _lotId(all[1]));
            _expect(refusal, _mergeCall(all, output, makerKey), makerKey);
        }
    }

    function test_whatIsJoinedIsWhatWentIn() public {
        LotHeader[] memory all = _manyOfGold(2, 500);
        for (uint256 fault = 0; fault < 6; ++fault) {
            LotHeader memory h = _joined(all, 1_000);
            bytes memory refusal = abi.encodeWithSelector(ILots.NotDerived.selector, 0);
            if (fault == 0) h.quantity = 1_001;
            if (fault == 1) h.quantity = 999;
            if (fault == 2) h.organisation = refinery;
            if (fault == 3) h.parents = _parentsOf(_lotId(all[0]));
            if (fault == 4) h.contentHash = 0;
            if (fault == 5) {
                h.custody = MASS_BALANCE;
                refusal = abi.encodeWithSelector(ILots.NotAlike.selector, _lotId(all[0]));
            }
            _expect(refusal, _mergeCall(all, h, makerKey), makerKey);
        }
    }

    function test_aStatementOutlastsJoiningOnlyIfAllShareIt() public {
        LotHeader memory other = _gold(500, 2);
        other.contentHash = keccak256("another statement");
        _declare(other);
        LotHeader[] memory all = _both(_lot, other);
        _sort(all);
        LotHeader memory output = _joined(all, 1_500);
        _expect(abi.encodeWithSelector(ILots.NotDerived.selector, 0), _mergeCall(all, output, makerKey), makerKey);
        output.contentHash = 0;
        _do(_mergeCall(all, output, makerKey), makerKey);
        _assertLot(_lotId(output), workshop, 1_500, 1);
    }

    function test_joinedLotsAreTwoToSixteenInOrderOfOneHolderAndNotUsedUp() public {
        LotHeader[] memory all = _manyOfGold(17, 10);
        _expect(ILots.InvalidCount.selector, _mergeCall(_only(all[0]), all[0], makerKey), makerKey);
        _expect(ILots.InvalidCount.selector, _mergeCall(all, _joined(all, 170), makerKey), makerKey);
        bytes memory order = abi.encodeWithSelector(ILots.NotAscending.selector, _lotId(all[0]));
        LotHeader[] memory two = _both(all[1], all[0]);
        _expect(order, _mergeCall(two, _joined(two, 20), makerKey), makerKey);
        two = _both(all[0], all[0]);
        _expect(order, _mergeCall(two, _joined(two, 20), makerKey), makerKey);
        _drawFor(_rootOnly(ROOT, 3), all[1], 10);
        two = _both(all[0], all[1]);
        bytes memory empty = abi.encodeWithSelector(ILots.NothingTaken.selector, _lotId(all[1]));
        _expect(empty, _mergeCall(two, _joined(two, 10), makerKey), makerKey);
        _move(all[2], refinery);
        two = _both(all[0], all[2]);
        bytes memory foreign = abi.encodeWithSelector(ILots.NotHolders.selector, _lotId(all[2]), refinery);
        _expect(foreign, _mergeCall(two, _joined(two, 20), makerKey), makerKey);
        LotHeader[] memory sixteen = _manyOfGold(16, 11);
        _do(_mergeCall(sixteen, _joined(sixteen, 176), makerKey), makerKey);
    }

    function test_onlyTheHoldersKeysThatTransferJoinLots() public {
        LotHeader[] memory all = _manyOfGold(2, 500);
        address[3] memory others = [stranger, foremanKey, refinerKey];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory refusal = _notPermitted(workshop, others[i], TRANSFER);
            _expect(refusal, _mergeCall(all, _joined(all, 1_000), others[i]), others[i]);
        }
        bytes memory refused = abi.encodeWithSelector(ILots.InvalidSignature.selector, makerKey);
        _expect(refused, _mergeCall(all, _joined(all, 1_000), makerKey), stranger);
        _suspend(workshop);
        _do(_mergeCall(all, _joined(all, 1_000), storemanKey), storemanKey);
    }

    /// A full counter of events refuses instead of spilling into its neighbour.
    function test_theEventAfterTheLastIsRefused() public {
        bytes32 slot = keccak256(abi.encode(_id, uint256(2)));
        uint256 word = uint160(workshop) | (uint256(1_000) << 160) | (uint256(type(uint24).max) << 224);
        vm.store(address(lots), slot, bytes32(word));
        bytes memory overflow = abi.encodeWithSignature("Panic(uint256)", 0x11);
        _expect(overflow, abi.encodeCall(ILots.transfer, (_id, refinery, _direct(makerKey))), makerKey);
        _expect(overflow, _splitCall(_lot, _only(_child(_lot, 300, 1)), makerKey), makerKey);
    }

    function _parts(uint256 count) private view returns (LotHeader[] memory outputs) {
        outputs = new LotHeader[](count);
        for (uint256 i = 0; i < count; ++i) outputs[i] = _child(_lot, 10, i);
    }
}
