// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILots, LotHeader, Mass, Return} from "../../contracts/interfaces/ILots.sol";
import {IPieces, Leaf} from "../../contracts/interfaces/IPieces.sol";
import {Returning} from "./support/Returning.sol";
import {Vm} from "./support/Test.sol";

/// A piece that has ended becomes material again: once, at most what its record says, at most what its batch drew.
contract LotsReturningTest is Returning {
    function test_aPieceReturnsAsWhatItWasMadeOfAndIsTold() public {
        uint256 token = _end(0, workshop);
        Return[] memory list = _back(token, workshop);
        assertFalse(lots.isReturned(token), "not yet");
        vm.recordLogs();
        _do(_returnCall(0, list, workshop, foremanKey), foremanKey);
        Vm.Log[] memory expected = new Vm.Log[](3);
        expected[0] = _madeLog(list[0].output, RETURN, foremanKey);
        expected[1] = _madeLog(list[1].output, RETURN, foremanKey);
        expected[2] = _returnedLog(token, workshop, foremanKey);
        _assertLogs(expected);
        _assertLot(_lotId(list[0].output), workshop, RING, 1);
        _assertLot(_lotId(list[1].output), workshop, 10, 1);
        (uint64 drawn, uint192 returned) = lots.drawnOf(_batchId, _lotId(_source));
        assertEq(drawn, 10_000, "drawn");
        assertEq(returned, uint256(RING) * 750_000, "returned, in fine mass");
        (drawn, returned) = lots.drawnOf(_batchId, _lotId(_gems));
        assertEq(returned, 10, "returned, counted");
        assertTrue(lots.isReturned(token), "returned");
    }

    function test_aPieceReturnsOnce() public {
        uint256 token = _end(0, workshop);
        _do(_returnCall(0, _onlyBack(_goldBack(token, workshop, 1)), workshop, makerKey), makerKey);
        bytes memory refusal = abi.encodeWithSelector(ILots.AlreadyReturned.selector, token);
        _expect(refusal, _returnCall(0, _onlyBack(_goldBack(token, workshop, 2)), workshop, makerKey), makerKey);
        _expect(refusal, _returnCall(0, _onlyBack(_gemsBack(token, workshop, 2)), workshop, makerKey), makerKey);
        token = _end(1, workshop);
        assertFalse(lots.isReturned(token), "its neighbour has not");
        _do(_returnCall(1, _onlyBack(_goldBack(token, workshop, 1)), workshop, makerKey), makerKey);
    }

    function testFuzz_onlyWhatHasEndedReturns(uint8 state) public {
        uint256 token = _token(_batchId, 0);
        _stand(token, workshop, 0, 0, state);
        bytes memory call = _returnCall(0, _back(token, workshop), workshop, makerKey);
        if (state & ENDED != 0) _do(call, makerKey);
        else _expect(abi.encodeWithSelector(ILots.NotEnded.selector, token), call, makerKey);
    }

    /// As it comes about: the owner says that she melted it.
    function test_aPieceThatItsOwnerMeltedReturns() public {
        uint256 token = _token(_batchId, 0);
        vm.prank(makerKey);
        pieces.transferFrom(workshop, alice, token);
        bytes memory call = _returnCall(0, _back(token, refinery), refinery, alice);
        _expect(abi.encodeWithSelector(ILots.NotEnded.selector, token), call, alice);
        vm.prank(alice);
        lifeEvents.end(token, 50, 0, _direct(alice));
        _do(call, alice);
        _assertLot(_lotId(_goldBack(token, refinery, RING).output), refinery, RING, 1);
    }

    /// Pieces that ended with their batch have no slot of their own, and return one by one.
    function test_piecesOfABatchThatEndedReturn() public {
        vm.prank(makerKey);
        lifeEvents.endBatch(_batchId, 51, "unsold", _direct(makerKey));
        for (uint32 i = 0; i < 2; ++i) {
            uint256 token = _token(_batchId, i);
            _do(_returnCall(i, _back(token, workshop), workshop, makerKey), makerKey);
            assertTrue(lots.isReturned(token), "returned");
        }
    }

    function test_aPersonGivesHerPieceToAnOrganisationInGoodStanding() public {
        uint256 token = _end(0, alice);
        address[3] memory others = [alice, address(0), refinerKey];
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory refusal = abi.encodeWithSelector(ILots.NotRecipient.selector, others[i]);
            _expect(refusal, _returnCall(0, _back(token, others[i]), others[i], alice), alice);
        }
        _suspend(refinery);
        bytes memory call = _returnCall(0, _back(token, refinery), refinery, alice);
        _expect(abi.encodeWithSelector(ILots.NotRecipient.selector, refinery), call, alice);
        vm.prank(administrator);
        organisations.reinstate(refinery);
        _do(call, alice);
        _assertLot(_lotId(_goldBack(token, refinery, RING).output), refinery, RING, 1);
    }

    function test_nobodyReturnsAPersonsPieceButHerself() public {
        uint256 token = _end(0, alice);
        address[4] memory others = [stranger, makerKey, refinerKey, administrator];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(ILots.NotOwnersKey.selector, token, others[i]);
            _expect(refusal, _returnCall(0, _back(token, refinery), refinery, others[i]), others[i]);
        }
        bytes memory refused = abi.encodeWithSelector(ILots.InvalidSignature.selector, alice);
        _expect(refused, _returnCall(0, _back(token, refinery), refinery, alice), stranger);
    }

    function test_anOrganisationsPieceReturnsToItByKeysThatRegister() public {
        uint256 token = _end(0, workshop);
        bytes memory refusal = abi.encodeWithSelector(ILots.NotRecipient.selector, refinery);
        _expect(refusal, _returnCall(0, _back(token, refinery), refinery, makerKey), makerKey);
        address[4] memory others = [stranger, storemanKey, refinerKey, workshop];
        for (uint256 i = 0; i < others.length; ++i) {
            refusal = _notPermitted(workshop, others[i], REGISTER);
            _expect(refusal, _returnCall(0, _back(token, workshop), workshop, others[i]), others[i]);
        }
        _suspend(workshop);
        refusal = _notPermitted(workshop, makerKey, REGISTER);
        _expect(refusal, _returnCall(0, _back(token, workshop), workshop, makerKey), makerKey);
    }

    function test_theMassesAreThoseTheRecordsLeafCommitsTo() public {
        uint256 token = _end(0, workshop);
        Mass[] memory masses = _masses();
        masses[0].quantity += 1;
        Return[] memory list = _back(token, workshop);
        bytes memory refusal = abi.encodeWithSelector(ILots.NotProven.selector, token);
        Leaf memory leaf = _leaf(0);
        _expect(refusal, _callWith(leaf, masses, list), makerKey);
        leaf.extra = lots.extraOf(masses);
        _expect(refusal, _callWith(leaf, masses, list), makerKey);
        leaf = _leaf(0);
        leaf.proof[0] ^= bytes32(uint256(1));
        _expect(refusal, _callWith(leaf, _masses(), list), makerKey);
        leaf = _leaf(0);
        leaf.header.root = ROOT;
        uint224 other = pieces.batchIdOf(leaf.header);
        bytes memory unknown = abi.encodeWithSelector(IPieces.UnknownBatch.selector, other);
        _expect(unknown, _callWith(leaf, _masses(), list), makerKey);
    }

    function test_aPieceThatSaysNothingOfItsMassesDoesNotReturn() public {
        uint256 token = _end(2, workshop);
        Return[] memory list = _back(token, workshop);
        bytes memory refusal = abi.encodeWithSelector(ILots.NotProven.selector, token);
        _expect(refusal, _returnCall(2, list, workshop, makerKey), makerKey);
        _expect(refusal, _callWith(_leaf(2), new Mass[](0), list), makerKey);
    }

    function testFuzz_noMoreReturnsThanTheRecordSays(uint64 gold, uint64 gems) public {
        (gold, gems) = (uint64(bound(gold, 1, 2 * RING)), uint64(bound(gems, 1, 20)));
        uint256 token = _end(0, workshop);
        Return[] memory list = new Return[](2);
        (list[0], list[1]) = (_goldBack(token, workshop, gold), _gemsBack(token, workshop, gems));
        bytes memory call = _returnCall(0, list, workshop, makerKey);
        if (gold > RING) _expect(_notReturnable(0), call, makerKey);
        else if (gems > 10) _expect(_notReturnable(1), call, makerKey);
        else _do(call, makerKey);
    }

    /// Records may say what they like: to all pieces of a batch together returns at most what it drew.
    function test_noMoreReturnsToABatchThanItDrew() public {
        uint256 first = _end(0, workshop);
        _do(_returnCall(0, _back(first, workshop), workshop, makerKey), makerKey);
        // As if half of it had been drawn.
        uint256 second = _end(1, workshop);
        vm.store(address(lots), _drawnSlot(_lotId(_source)), bytes32(((uint256(RING) * 750_000) << 64) | 5_000));
        bytes memory call = _returnCall(1, _onlyBack(_goldBack(second, workshop, RING)), workshop, makerKey);
        bytes memory refusal = abi.encodeWithSelector(ILots.MassGained.selector, 4_500_000_000, 6_000_000_000);
        _expect(refusal, call, makerKey);
        refusal = abi.encodeWithSelector(ILots.MassGained.selector, 4_500_000_000, 4_500_750_000);
        call = _returnCall(1, _onlyBack(_goldBack(second, workshop, 2_001)), workshop, makerKey);
        _expect(refusal, call, makerKey);
        _do(_returnCall(1, _onlyBack(_goldBack(second, workshop, 2_000)), workshop, makerKey), makerKey);
    }

    function test_countsReturnAsTheyWereDrawn() public {
        for (uint32 i = 0; i < 2; ++i) {
            uint256 token = _end(i, workshop);
            if (i == 1) vm.store(address(lots), _drawnSlot(_lotId(_gems)), bytes32((uint256(10) << 64) | 15));
            bytes memory call = _returnCall(i, _onlyBack(_gemsBack(token, workshop, 10)), workshop, makerKey);
            if (i == 0) _do(call, makerKey);
            else _expect(abi.encodeWithSelector(ILots.MassGained.selector, 15, 20), call, makerKey);
        }
    }

    function test_anEntryIsOfItsMassAndItsSource() public {
        uint256 token = _end(0, workshop);
        for (uint256 fault = 0; fault < 7; ++fault) {
            Return memory entry = _goldBack(token, workshop, 10);
            if (fault == 0) entry.source = _gold(20_000, 2);
            if (fault == 1) entry.output.material = SILVER;
            if (fault == 2) entry.output.fineness += 1;
            if (fault == 3) entry.output.unit = COUNT;
            if (fault == 4) entry.mass = 1;
            if (fault == 5) entry.mass = 2;
            if (fault == 6) entry.output.fineness = 0;
            _expect(_notReturnable(0), _returnCall(0, _onlyBack(entry), workshop, makerKey), makerKey);
        }
    }

    function test_whatReturnsHasNeitherOriginNorStatementNorABetterCustody() public {
        uint256 token = _end(0, workshop);
        for (uint256 fault = 0; fault < 5; ++fault) {
            Return memory entry = _goldBack(token, workshop, 10);
            if (fault == 0) entry.output.origin = MINE;
            if (fault == 1) entry.output.contentHash = CONTENT;
            if (fault == 2) entry.output.organisation = refinery;
            if (fault == 3) entry.output.parents = _returnParents(token ^ 1);
            if (fault == 4) entry.output.custody = BLENDED;
            bytes memory refusal = abi.encodeWithSelector(ILots.NotDerived.selector, 0);
            if (fault == 4) refusal = abi.encodeWithSelector(ILots.InvalidLot.selector);
            _expect(refusal, _returnCall(0, _onlyBack(entry), workshop, makerKey), makerKey);
        }
    }

    function test_entriesAreOneToSixtyFourAndEachMassOnce() public {
        uint256 token = _end(0, workshop);
        _expect(ILots.InvalidCount.selector, _returnCall(0, new Return[](0), workshop, makerKey), makerKey);
        _expect(ILots.InvalidCount.selector, _returnCall(0, new Return[](65), workshop, makerKey), makerKey);
        Return[] memory list = _back(token, workshop);
        list[1] = _goldBack(token, workshop, 5);
        _expect(_notReturnable(1), _returnCall(0, list, workshop, makerKey), makerKey);
        list[0] = _gemsBack(token, workshop, 5);
        _expect(_notReturnable(1), _returnCall(0, list, workshop, makerKey), makerKey);
    }

    function _callWith(
        Leaf memory leaf,
        Mass[] memory masses,
        Return[] memory list
    ) private view returns (bytes memory) {
        return abi.encodeCall(ILots.returnPiece, (leaf, masses, list, workshop, _direct(makerKey)));
    }

    function _notReturnable(uint256 entry) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILots.NotReturnable.selector, entry);
    }

    function _drawnSlot(bytes32 lotId) private view returns (bytes32) {
        return keccak256(abi.encode(lotId, keccak256(abi.encode(uint256(_batchId), uint256(3)))));
    }
}

/// Records whose masses are not those of the lots they name: what a maker may put in a leaf, the contract does not believe.
contract LotsLyingRecordsTest is Returning {
    function test_aMassIsOfTheKindOfItsLot() public {
        uint256 token = _end(0, workshop);
        for (uint256 fault = 0; fault < 5; ++fault) {
            Mass memory lie = Mass(_lotId(_source), GOLD, 750_000, MG, RING);
            Return memory entry = _goldBack(token, workshop, 10);
            if (fault == 0) (lie.material, entry.output.material) = (SILVER, SILVER);
            if (fault == 1) (lie.fineness, entry.output.fineness) = (0, 0);
            if (fault == 2) (lie.unit, lie.fineness, entry.output.unit, entry.output.fineness) = (COUNT, 0, COUNT, 0);
            if (fault == 3) lie.lotId = _lotId(_gems);
            if (fault == 4) (lie.lotId, entry.source) = (_lotId(_gems), _gems);
            bytes memory refusal = abi.encodeWithSelector(ILots.NotReturnable.selector, 0);
            _expect(refusal, _callWith(lie, entry), makerKey);
        }
    }

    function test_aLotThatTheBatchDrewNothingFromGivesNothingBack() public {
        LotHeader memory other = _declaredGold(5_000, 2);
        uint256 token = _end(0, workshop);
        Mass memory lie = Mass(_lotId(other), GOLD, 750_000, MG, RING);
        Return memory entry = _goldBack(token, workshop, 10);
        entry.source = other;
        bytes memory refusal = abi.encodeWithSelector(ILots.MassGained.selector, 0, 7_500_000);
        _expect(refusal, _callWith(lie, entry), makerKey);
        LotHeader memory never = _gold(5_000, 3);
        (lie.lotId, entry.source) = (_lotId(never), never);
        _expect(refusal, _callWith(lie, entry), makerKey);
    }

    function test_custodyIsAtMostThatOfTheSource() public {
        LotHeader memory other = _gold(5_000, 2);
        (other.custody, other.origin) = (2, 0);
        _declare(other);
        uint256 token = _end(0, workshop);
        Mass memory mass = Mass(_lotId(other), GOLD, 750_000, MG, RING);
        Return memory entry = _goldBack(token, workshop, 10);
        entry.source = other;
        bytes memory refusal = abi.encodeWithSelector(ILots.NotDerived.selector, 0);
        _expect(refusal, _callWith(mass, entry), makerKey);
        entry.output.custody = 2;
        refusal = abi.encodeWithSelector(ILots.MassGained.selector, 0, 7_500_000);
        _expect(refusal, _callWith(mass, entry), makerKey);
    }

    /// A record that says this of its masses, alone in a batch of its own.
    function _callWith(Mass memory mass, Return memory entry) private returns (bytes memory) {
        Mass[] memory masses = new Mass[](1);
        masses[0] = mass;
        bytes32 extra = lots.extraOf(masses);
        bytes32 tag = keccak256("touchstone.leaf.v1");
        bytes32 inner = keccak256(abi.encode(tag, uint8(1), workshop, uint32(0), CONTENT, address(0), extra));
        Leaf memory leaf = Leaf(
            _rootOnly(keccak256(bytes.concat(inner)), 1),
            0,
            CONTENT,
            address(0),
            extra,
            new bytes32[](0)
        );
        uint224 batchId = pieces.batchIdOf(leaf.header);
        (address holder, , , ) = pieces.batchOf(batchId);
        if (holder == address(0)) {
            vm.prank(makerKey);
            pieces.register(leaf.header, _direct(makerKey));
        }
        uint256 token = _token(batchId, 0);
        _stand(token, workshop, 0, 0, ENDED);
        entry.output.parents = _returnParents(token);
        return abi.encodeCall(ILots.returnPiece, (leaf, masses, _onlyBack(entry), workshop, _direct(makerKey)));
    }
}
