// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILots, LotHeader} from "../../contracts/interfaces/ILots.sol";
import {Lotting} from "./support/Lotting.sol";
import {Vm} from "./support/Test.sol";

/// Metal of one fineness made into metal of another: never more fine mass, never a better story.
contract LotsRefiningTest is Lotting {
    function test_goldIsAlloyedToTheLastMilligramAndTold() public {
        LotHeader memory lot = _declaredGold(1_000, 1);
        bytes32 id = _lotId(lot);
        // 1,000 · 999,900 = 1,333 · 750,000 + 150,000
        LotHeader memory output = _refined(lot, 1_333, 750_000);
        vm.recordLogs();
        _do(_refineCall(_only(lot), _only(1_000), _only(output), makerKey), makerKey);
        Vm.Log[] memory expected = new Vm.Log[](2);
        expected[0] = _consumedLog(id, _parentsOf(id), 1_000, 2, REFINE, makerKey);
        expected[1] = _madeLog(output, REFINE, makerKey);
        _assertLogs(expected);
        _assertLot(id, workshop, 0, 2);
        _assertLot(_lotId(output), workshop, 1_333, 1);
    }

    function test_notOneMilligramMoreComesOut() public {
        LotHeader memory lot = _declaredGold(1_000, 1);
        LotHeader memory output = _refined(lot, 1_334, 750_000);
        bytes memory refusal = abi.encodeWithSelector(ILots.MassGained.selector, 999_900_000, 1_000_500_000);
        _expect(refusal, _refineCall(_only(lot), _only(1_000), _only(output), makerKey), makerKey);
        output.quantity = 1_333;
        _do(_refineCall(_only(lot), _only(1_000), _only(output), makerKey), makerKey);
    }

    /// Compared in millionths of a milligram: nothing is rounded, not even by less than a milligram.
    function test_notAMillionthOfAMilligramMoreComesOut() public {
        LotHeader memory lot = _declaredGold(1_000, 1);
        LotHeader[] memory outputs = _both(_refined(lot, 1_000, 999_900), _refined(lot, 1, 1));
        bytes memory refusal = abi.encodeWithSelector(ILots.MassGained.selector, 999_900_000, 999_900_001);
        _expect(refusal, _refineCall(_only(lot), _only(1_000), outputs, makerKey), makerKey);
        outputs[0].fineness = 999_899;
        _do(_refineCall(_only(lot), _only(1_000), outputs, makerKey), makerKey);
    }

    function testFuzz_neverMoreFineMassOutThanIn(uint64[4] memory amounts, uint32[4] memory finenesses) public {
        for (uint256 i = 0; i < 4; ++i) {
            amounts[i] = uint64(bound(amounts[i], 1, i < 2 ? MOST : (3 * MOST) / 2));
            if (amounts[i] > MOST) amounts[i] = MOST;
            finenesses[i] = uint32(bound(finenesses[i], 1, 1_000_000));
        }
        LotHeader[] memory all = _both(_gold(amounts[0], 1), _gold(amounts[1], 2));
        (all[0].fineness, all[1].fineness) = (finenesses[0], finenesses[1]);
        uint256 fineIn = uint256(amounts[0]) * finenesses[0] + uint256(amounts[1]) * finenesses[1];
        uint256 fineOut = uint256(amounts[2]) * finenesses[2] + uint256(amounts[3]) * finenesses[3];
        for (uint256 i = 0; i < 2; ++i) _declare(all[i]);
        _sort(all);
        uint64[] memory quantities = _both(all[0].quantity, all[1].quantity);
        LotHeader[] memory outputs = _both(
            _mixed(all, amounts[2], finenesses[2]),
            _mixed(all, amounts[3], finenesses[3])
        );
        (outputs[0].salt, outputs[1].salt) = (bytes32(uint256(8)), bytes32(uint256(9)));
        bytes memory call = _refineCall(all, quantities, outputs, makerKey);
        bytes memory refusal = abi.encodeWithSelector(ILots.MassGained.selector, fineIn, fineOut);
        if (fineOut > fineIn) _expect(refusal, call, makerKey);
        else _do(call, makerKey);
    }

    function test_someOfALotIsRefinedAndTheRestStays() public {
        LotHeader memory lot = _declaredGold(1_000, 1);
        _do(_refineCall(_only(lot), _only(400), _only(_refined(lot, 400, 750_000)), makerKey), makerKey);
        _assertLot(_lotId(lot), workshop, 600, 2);
        bytes memory refusal = abi.encodeWithSelector(ILots.NotEnough.selector, _lotId(lot), 600);
        LotHeader memory again = _refined(lot, 1, 750_000);
        _expect(refusal, _refineCall(_only(lot), _only(601), _only(again), makerKey), makerKey);
        refusal = abi.encodeWithSelector(ILots.NothingTaken.selector, _lotId(lot));
        LotHeader[] memory two = _both(lot, _declaredGold(5, 5));
        _sort(two);
        bool first = _lotId(two[0]) == _lotId(lot);
        uint64[] memory quantities = first ? _both(0, 5) : _both(5, 0);
        _expect(refusal, _refineCall(two, quantities, _only(_mixed(two, 1, 1)), makerKey), makerKey);
    }

    function test_onlyOneMetalIsRefined() public {
        LotHeader memory gold = _declaredGold(1_000, 1);
        for (uint256 fault = 0; fault < 2; ++fault) {
            LotHeader memory other = _gold(1_000, 2 + fault);
            if (fault == 0) other.material = SILVER;
            if (fault == 1) other.fineness = 0;
            _declare(other);
            LotHeader[] memory all = _both(gold, other);
            _sort(all);
            bytes32 named = fault == 1 ? _lotId(other) : _lotId(all[1]);
            bytes memory refusal = abi.encodeWithSelector(ILots.NotAlike.selector, named);
            _expect(refusal, _refineCall(all, _both(1, 1), _only(_mixed(all, 1, 1)), makerKey), makerKey);
        }
        LotHeader memory stones = _stones(50, COUNT);
        _declare(stones);
        bytes memory noMetal = abi.encodeWithSelector(ILots.NotAlike.selector, _lotId(stones));
        _expect(noMetal, _refineCall(_only(stones), _only(50), _only(_refined(stones, 50, 0)), makerKey), makerKey);
    }

    function test_anOutputIsOfTheMetalAndTheHolderWithAStatement() public {
        LotHeader memory lot = _declaredGold(1_000, 1);
        for (uint256 fault = 0; fault < 5; ++fault) {
            LotHeader memory h = _refined(lot, 10, 750_000);
            if (fault == 0) h.material = SILVER;
            if (fault == 1) h.fineness = 0;
            if (fault == 2) h.contentHash = 0;
            if (fault == 3) h.organisation = refinery;
            if (fault == 4) h.parents = 0;
            LotHeader[] memory outputs = _both(_refined(lot, 20, 750_000), h);
            bytes memory refusal = abi.encodeWithSelector(ILots.NotDerived.selector, 1);
            _expect(refusal, _refineCall(_only(lot), _only(1_000), outputs, makerKey), makerKey);
        }
    }

    function testFuzz_custodyIsAtMostTheWorstAndOriginOneThatAllShare(
        uint8[3] memory custodies,
        uint8[3] memory origins
    ) public {
        bytes32[3] memory names = [bytes32(0), MINE, OTHER_MINE];
        for (uint256 i = 0; i < 3; ++i) {
            (custodies[i], origins[i]) = (uint8(bound(custodies[i], 0, 6)), uint8(bound(origins[i], 0, 2)));
            if (origins[i] == 0) custodies[i] = uint8(bound(custodies[i], 0, 3));
        }
        LotHeader[] memory all = _both(_gold(1_000, 1), _gold(1_000, 2));
        for (uint256 i = 0; i < 2; ++i) {
            (all[i].custody, all[i].origin) = (custodies[i], names[origins[i]]);
            _declare(all[i]);
        }
        _sort(all);
        LotHeader memory output = _mixed(all, 10, 500_000);
        (output.custody, output.origin) = (custodies[2], names[origins[2]]);
        bool worse = custodies[2] <= custodies[0] && custodies[2] <= custodies[1];
        bool known = origins[2] == 0 || (origins[2] == origins[0] && origins[2] == origins[1]);
        bytes memory call = _refineCall(all, _both(500, 500), _only(output), makerKey);
        if (worse && known) _do(call, makerKey);
        else _expect(abi.encodeWithSelector(ILots.NotDerived.selector, 0), call, makerKey);
    }

    function test_whatWasMixedIsAMassBalanceAtBest() public {
        LotHeader memory other = _gold(1_000, 2);
        other.origin = OTHER_MINE;
        _declare(other);
        LotHeader[] memory all = _both(_declaredGold(1_000, 1), other);
        _sort(all);
        LotHeader memory output = _mixed(all, 10, 500_000);
        for (uint8 custody = BLENDED; custody <= PRESERVED; ++custody) {
            (output.custody, output.origin) = (custody, 0);
            _expect(ILots.InvalidLot.selector, _refineCall(all, _both(5, 5), _only(output), makerKey), makerKey);
        }
        output.custody = MASS_BALANCE;
        _do(_refineCall(all, _both(5, 5), _only(output), makerKey), makerKey);
    }

    /// An origin that comes back after another one is still not that of all.
    function test_anOriginInBetweenIsNotForgotten() public {
        LotHeader[] memory all = _manyOfGold(3, 100);
        LotHeader memory other;
        for (uint256 salt = 0; ; ++salt) {
            other = _gold(100, salt);
            other.origin = OTHER_MINE;
            if (_lotId(other) > _lotId(all[0]) && _lotId(other) < _lotId(all[2])) break;
        }
        _declare(other);
        all[1] = other;
        uint64[] memory quantities = new uint64[](3);
        (quantities[0], quantities[1], quantities[2]) = (10, 10, 10);
        LotHeader memory output = _mixed(all, 10, 500_000);
        output.origin = MINE;
        bytes memory refusal = abi.encodeWithSelector(ILots.NotDerived.selector, 0);
        _expect(refusal, _refineCall(all, quantities, _only(output), makerKey), makerKey);
    }

    function test_inputsAndOutputsAreOneToSixteenAndMatch() public {
        LotHeader[] memory all = _manyOfGold(17, 100);
        LotHeader[] memory none = new LotHeader[](0);
        LotHeader memory lot = all[0];
        LotHeader[] memory one = _only(_refined(lot, 1, 750_000));
        _expect(ILots.InvalidCount.selector, _refineCall(none, new uint64[](0), one, makerKey), makerKey);
        _expect(ILots.InvalidCount.selector, _refineCall(all, new uint64[](17), one, makerKey), makerKey);
        _expect(ILots.InvalidCount.selector, _refineCall(_only(lot), _both(1, 1), one, makerKey), makerKey);
        _expect(ILots.InvalidCount.selector, _refineCall(_only(lot), _only(1), none, makerKey), makerKey);
        LotHeader[] memory many = new LotHeader[](17);
        for (uint256 i = 0; i < 17; ++i) {
            many[i] = _refined(lot, 1, 750_000);
            many[i].salt = bytes32(i);
        }
        _expect(ILots.InvalidCount.selector, _refineCall(_only(lot), _only(100), many, makerKey), makerKey);
        bytes memory refusal = abi.encodeWithSelector(ILots.NotAscending.selector, _lotId(lot));
        _expect(refusal, _refineCall(_both(lot, lot), _both(1, 1), one, makerKey), makerKey);
        assembly ("memory-safe") {
            mstore(many, 16)
        }
        _do(_refineCall(_only(lot), _only(100), many, makerKey), makerKey);
    }

    /// It moves material and it states something: a key needs the permission for both, and good standing.
    function test_refiningNeedsBothPermissionsAndGoodStanding() public {
        LotHeader memory lot = _declaredGold(1_000, 1);
        LotHeader[] memory outputs = _only(_refined(lot, 10, 750_000));
        address[4] memory others = [stranger, foremanKey, storemanKey, refinerKey];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory refusal = _notPermitted(workshop, others[i], REGISTER | TRANSFER);
            _expect(refusal, _refineCall(_only(lot), _only(10), outputs, others[i]), others[i]);
        }
        bytes memory refused = abi.encodeWithSelector(ILots.InvalidSignature.selector, makerKey);
        _expect(refused, _refineCall(_only(lot), _only(10), outputs, makerKey), stranger);
        _suspend(workshop);
        refused = _notPermitted(workshop, makerKey, REGISTER | TRANSFER);
        _expect(refused, _refineCall(_only(lot), _only(10), outputs, makerKey), makerKey);
        vm.prank(administrator);
        organisations.reinstate(workshop);
        _setKey(bob, REGISTER | TRANSFER, FOREVER);
        _do(_refineCall(_only(lot), _only(10), outputs, bob), bob);
    }

    function _refined(LotHeader memory lot, uint64 quantity, uint32 fineness) private pure returns (LotHeader memory) {
        return _mixed(_only(lot), quantity, fineness);
    }

    function _mixed(
        LotHeader[] memory all,
        uint64 quantity,
        uint32 fineness
    ) private pure returns (LotHeader memory h) {
        h = _joined(all, quantity);
        (h.fineness, h.contentHash) = (fineness, keccak256("refined"));
    }
}
