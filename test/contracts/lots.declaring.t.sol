// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ILots, LotHeader, Mass} from "../../contracts/interfaces/ILots.sol";
import {Lotting} from "./support/Lotting.sol";
import {Vm} from "./support/Test.sol";

/// How a lot comes into the world: by the word of an organisation.
contract LotsDeclaringTest is Lotting {
    function test_aDeclaredLotIsItsOrganisationsAndWholeAndTold() public {
        LotHeader memory h = _gold(1_000, 1);
        vm.recordLogs();
        vm.prank(makerKey);
        bytes32 lotId = lots.declare(h, _direct(makerKey));
        Vm.Log[] memory expected = new Vm.Log[](1);
        expected[0] = _declaredLog(h, makerKey);
        _assertLogs(expected);
        assertEq(lotId, _lotId(h), "id");
        _assertLot(lotId, workshop, 1_000, 1);
    }

    function test_aLotIsOneSlot() public {
        vm.record();
        bytes32 lotId = _declare(_gold(1_000, 1));
        (, bytes32[] memory writes) = vm.accesses(address(lots));
        assertEq(writes.length, 1, "slots written");
        bytes32 slot = keccak256(abi.encode(lotId, uint256(2)));
        assertEq(writes[0], slot, "which slot");
        uint256 word = uint160(workshop) | (uint256(1_000) << 160) | (uint256(1) << 224);
        assertEq(vm.load(address(lots), slot), bytes32(word), "slot");
    }

    function test_everyFieldOfAHeaderIsInItsId() public view {
        LotHeader memory h = _gold(1_000, 1);
        bytes32 lotId = lots.lotIdOf(h);
        assertEq(lotId, _lotId(h), "as the interface says");
        for (uint256 field = 0; field < 10; ++field) {
            LotHeader memory other = _changed(h, field);
            assertTrue(lots.lotIdOf(other) != lotId, "a field left out");
            assertEq(lots.lotIdOf(other), _lotId(other), "as the interface says");
        }
    }

    function test_massesAreHashedAsTheInterfaceSays() public view {
        Mass[] memory masses = new Mass[](2);
        masses[0] = Mass(keccak256("a lot"), GOLD, 750_000, MG, 3_100);
        masses[1] = Mass(keccak256("another"), DIAMOND, 0, CARATS, 250);
        bytes memory words = abi.encodePacked(keccak256("touchstone.masses.v1"), uint256(64), uint256(2));
        for (uint256 i = 0; i < 2; ++i) {
            Mass memory m = masses[i];
            words = abi.encodePacked(words, abi.encode(m.lotId, m.material, m.fineness, m.unit, m.quantity));
        }
        assertEq(lots.extraOf(masses), keccak256(words), "extra");
    }

    function test_aLotIsDeclaredOnceWhoeverAsks() public {
        LotHeader memory h = _declaredGold(1_000, 1);
        _expect(
            abi.encodeWithSelector(ILots.LotExists.selector, _lotId(h)),
            abi.encodeCall(ILots.declare, (h, _direct(makerKey))),
            makerKey
        );
        _move(h, refinery);
        _expect(
            abi.encodeWithSelector(ILots.LotExists.selector, _lotId(h)),
            abi.encodeCall(ILots.declare, (h, _direct(foremanKey))),
            foremanKey
        );
    }

    function test_aLotThatIsUsedUpIsNotDeclaredAgain() public {
        LotHeader memory h = _declaredGold(1_000, 1);
        _drawFor(_rootOnly(ROOT, 3), h, 1_000);
        _assertLot(_lotId(h), workshop, 0, 2);
        _expect(
            abi.encodeWithSelector(ILots.LotExists.selector, _lotId(h)),
            abi.encodeCall(ILots.declare, (h, _direct(makerKey))),
            makerKey
        );
    }

    function test_whatNoLotMayBeIsRefused() public {
        for (uint256 fault = 0; fault < 13; ++fault) {
            LotHeader memory h = _gold(1_000, fault);
            if (fault == 0) h.parents = bytes32(uint256(1));
            if (fault == 1) h.contentHash = 0;
            if (fault == 2) h.material = 0;
            if (fault == 3) h.quantity = 0;
            if (fault == 4) h.quantity = MOST + 1;
            if (fault == 5) h.unit = 0;
            if (fault == 6) (h.unit, h.fineness) = (4, 0);
            if (fault == 7) h.custody = 7;
            if (fault == 8) h.fineness = 1_000_001;
            if (fault == 9) h.unit = COUNT;
            if (fault == 10) h.unit = CARATS;
            if (fault == 11) (h.custody, h.origin) = (BLENDED, 0);
            if (fault == 12) (h.custody, h.origin) = (PRESERVED, 0);
            _expect(ILots.InvalidLot.selector, abi.encodeCall(ILots.declare, (h, _direct(makerKey))), makerKey);
        }
    }

    function test_whatALotMayJustBeIsAccepted() public {
        for (uint256 edge = 0; edge < 8; ++edge) {
            LotHeader memory h = _gold(1_000, edge);
            if (edge == 0) h.quantity = 1;
            if (edge == 1) h.quantity = MOST;
            if (edge == 2) h.fineness = 1_000_000;
            if (edge == 3) h.fineness = 1;
            if (edge == 4) h.fineness = 0;
            if (edge == 5) (h.custody, h.origin) = (MASS_BALANCE, 0);
            if (edge == 6) (h.fineness, h.unit) = (0, COUNT);
            if (edge == 7) (h.fineness, h.unit, h.custody) = (0, CARATS, 0);
            _assertLot(_declare(h), workshop, h.quantity, 1);
        }
    }

    function test_nobodyDeclaresForAnOrganisationButItsKeysThatRegister() public {
        LotHeader memory h = _gold(1_000, 1);
        address[6] memory others = [stranger, storemanKey, refinerKey, workshop, address(registrar), administrator];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory call = abi.encodeCall(ILots.declare, (h, _direct(others[i])));
            _expect(_notPermitted(workshop, others[i], REGISTER), call, others[i]);
        }
        // Naming somebody else's key does not help.
        bytes memory poser = abi.encodeCall(ILots.declare, (h, _direct(foremanKey)));
        _expect(abi.encodeWithSelector(ILots.InvalidSignature.selector, foremanKey), poser, stranger);
        _do(poser, foremanKey);
    }

    function test_theRegistrarCanDoNothingHereNotEvenThroughItself() public {
        LotHeader memory h = _declaredGold(1_000, 1);
        bytes[2] memory calls = [
            abi.encodeCall(ILots.transfer, (_lotId(h), refinery, _direct(address(registrar)))),
            abi.encodeCall(ILots.declare, (_gold(5, 5), _direct(address(registrar))))
        ];
        uint16[2] memory missing = [TRANSFER, REGISTER];
        for (uint256 i = 0; i < 2; ++i) {
            revertsWith(_notPermitted(workshop, address(registrar), missing[i]));
            vm.prank(administrator);
            IAccessManager(address(registrar)).execute(address(lots), calls[i]);
        }
    }

    function test_aSuspendedOrganisationDeclaresNothing() public {
        _suspend(workshop);
        bytes memory call = abi.encodeCall(ILots.declare, (_gold(1_000, 1), _direct(makerKey)));
        _expect(_notPermitted(workshop, makerKey, REGISTER), call, makerKey);
        vm.prank(administrator);
        organisations.reinstate(workshop);
        _do(call, makerKey);
    }

    function testFuzz_aKeyDeclaresWithinItsWindow(uint32 until, uint32 later) public {
        (until, later) = (uint32(bound(until, 1, type(uint32).max)), uint32(bound(later, 0, type(uint32).max)));
        _setKey(bob, REGISTER, START + until);
        vm.warp(START + later);
        bytes memory call = abi.encodeCall(ILots.declare, (_gold(1_000, 1), _direct(bob)));
        if (later < until) _do(call, bob);
        else _expect(_notPermitted(workshop, bob, REGISTER), call, bob);
    }

    function test_whatNeverWasIsNoLot() public view {
        _assertLot(bytes32(0), address(0), 0, 0);
        _assertLot(keccak256("nothing"), address(0), 0, 0);
    }

    function test_oneAddressLeadsToTheOthers() public view {
        assertEq(address(lots.pieces()), address(pieces), "pieces");
        assertEq(address(lots.organisations()), address(organisations), "organisations");
        assertEq(address(lots.passkeys()), address(passkeys), "passkeys");
    }

    function test_manyAreDeclaredInOneCall() public {
        bytes[] memory calls = new bytes[](3);
        for (uint256 i = 0; i < 3; ++i) calls[i] = abi.encodeCall(ILots.declare, (_gold(9, i), _direct(makerKey)));
        vm.prank(makerKey);
        lots.multicall(calls);
        for (uint256 i = 0; i < 3; ++i) _assertLot(_lotId(_gold(9, i)), workshop, 9, 1);
    }

    function _changed(LotHeader memory h, uint256 field) private pure returns (LotHeader memory other) {
        other = _copy(h);
        if (field == 0) other.organisation = address(uint160(h.organisation) ^ 1);
        if (field == 1) other.material ^= bytes32(uint256(1));
        if (field == 2) other.fineness ^= 1;
        if (field == 3) other.unit ^= 1;
        if (field == 4) other.custody ^= 1;
        if (field == 5) other.origin ^= bytes32(uint256(1));
        if (field == 6) other.quantity ^= 1;
        if (field == 7) other.contentHash ^= bytes32(uint256(1));
        if (field == 8) other.parents ^= bytes32(uint256(1));
        if (field == 9) other.salt ^= bytes32(uint256(1));
    }
}
