// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TestedLots} from "./Contracts.sol";
import {ILots, LotHeader, Mass, Return} from "../../../contracts/interfaces/ILots.sol";
import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader, Leaf, Standing} from "../../../contracts/interfaces/IPieces.sol";
import {LotDigests} from "./LotDigests.sol";
import {Vm} from "./Test.sol";

/// A ledger whose workshop has gold, with a refinery as well.
abstract contract Lotting is LotDigests {
    uint8 internal constant MG = 1;
    uint8 internal constant COUNT = 2;
    uint8 internal constant CARATS = 3;
    uint8 internal constant MASS_BALANCE = 3;
    uint8 internal constant BLENDED = 4;
    uint8 internal constant SEGREGATED = 5;
    uint8 internal constant PRESERVED = 6;
    uint8 internal constant ENDED = 128;
    uint64 internal constant MOST = 2 ** 53 - 1;
    bytes32 internal constant GOLD = keccak256("gold");
    bytes32 internal constant SILVER = keccak256("silver");
    bytes32 internal constant DIAMOND = keccak256("diamond");
    bytes32 internal constant MINE = keccak256("a mine");
    bytes32 internal constant OTHER_MINE = keccak256("another mine");
    bytes32 internal constant CONTENT = keccak256("statement");

    uint256 internal constant REFINER_SECRET = 0xC1;
    uint256 internal constant FOREMAN_SECRET = 0xC2;
    uint256 internal constant STOREMAN_SECRET = 0xC3;
    /// Keys of the refinery with everything; of the workshop, to register only and to transfer only.
    address internal refinerKey = vm.addr(REFINER_SECRET);
    address internal foremanKey = vm.addr(FOREMAN_SECRET);
    address internal storemanKey = vm.addr(STOREMAN_SECRET);
    address internal refinery;

    function setUp() public virtual override {
        super.setUp();
        lots = _deployLots();
        refinery = _admit("the-refinery", refinerKey);
        _setKey(foremanKey, REGISTER, FOREVER);
        _setKey(storemanKey, TRANSFER, FOREVER);
    }

    function _deployLots() internal returns (TestedLots) {
        return TestedLots(_deploy("contracts/Lots.sol:Lots", abi.encode(pieces, organisations, passkeys)));
    }

    /// Some fine gold from the mine, declared by the workshop, or to be.
    function _gold(uint64 quantity, uint256 salt) internal view returns (LotHeader memory) {
        return LotHeader(workshop, GOLD, 999_900, MG, PRESERVED, MINE, quantity, CONTENT, 0, bytes32(salt));
    }

    function _stones(uint64 quantity, uint8 unit) internal view returns (LotHeader memory) {
        return LotHeader(workshop, DIAMOND, 0, unit, SEGREGATED, MINE, quantity, CONTENT, 0, 0);
    }

    function _declare(LotHeader memory h) internal returns (bytes32) {
        address key = h.organisation == refinery ? refinerKey : makerKey;
        vm.prank(key);
        return lots.declare(h, _direct(key));
    }

    function _declaredGold(uint64 quantity, uint256 salt) internal returns (LotHeader memory h) {
        h = _gold(quantity, salt);
        _declare(h);
    }

    /// Lots of gold in ascending order of their ids.
    function _manyOfGold(uint256 count, uint64 quantity) internal returns (LotHeader[] memory all) {
        all = new LotHeader[](count);
        for (uint256 i = 0; i < count; ++i) all[i] = _declaredGold(quantity, 1000 + i);
        _sort(all);
    }

    function _sort(LotHeader[] memory all) internal pure {
        for (uint256 i = 1; i < all.length; ++i) {
            for (uint256 k = i; k > 0 && _lotId(all[k]) < _lotId(all[k - 1]); --k) {
                (all[k], all[k - 1]) = (all[k - 1], all[k]);
            }
        }
    }

    function _child(LotHeader memory parent, uint64 quantity, uint256 salt) internal pure returns (LotHeader memory h) {
        h = _copy(parent);
        (h.quantity, h.salt, h.parents) = (quantity, bytes32(salt), _parentsOf(_lotId(parent)));
    }

    function _joined(LotHeader[] memory parents, uint64 quantity) internal pure returns (LotHeader memory h) {
        h = _copy(parents[0]);
        (h.quantity, h.parents) = (quantity, _parentsOf(_lotIds(parents)));
    }

    function _copy(LotHeader memory h) internal pure returns (LotHeader memory) {
        return abi.decode(abi.encode(h), (LotHeader));
    }

    function _move(LotHeader memory h, address to) internal {
        vm.prank(makerKey);
        lots.transfer(_lotId(h), to, _direct(makerKey));
    }

    /// Writes how a piece stands into its slot (contracts/README.md, "Storage"): how it comes to that is not asked here.
    function _stand(uint256 token, address owner, uint24 moves, uint24 events, uint8 state) internal {
        uint256 word = uint160(owner) | (uint256(moves) << 160) | (uint256(events) << 184) | (uint256(state) << 224);
        vm.store(address(pieces), keccak256(abi.encode(token, uint256(4))), bytes32(word));
        Standing memory standing = pieces.standingOf(token);
        assertTrue(standing.owner == owner && standing.moves == moves && standing.events == events, "stands");
        assertEq(standing.state, state, "state");
    }

    function _drawFor(BatchHeader memory batch, LotHeader memory lot, uint64 quantity) internal {
        vm.prank(makerKey);
        lots.draw(batch, _only(_lotId(lot)), _only(quantity), _direct(makerKey));
    }

    function _expect(bytes4 refusal, bytes memory call, address caller) internal {
        _expect(abi.encodeWithSelector(refusal), call, caller);
    }

    /// Refused for this reason and no other. The call itself names who wants it.
    function _expect(bytes memory refusal, bytes memory call, address caller) internal {
        vm.prank(caller);
        (bool done, bytes memory answer) = address(lots).call(call);
        assertFalse(done, "done");
        assertEq(keccak256(answer), keccak256(refusal), "reason");
    }

    function _do(bytes memory call, address caller) internal {
        vm.prank(caller);
        (bool done, bytes memory answer) = address(lots).call(call);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    function _splitCall(
        LotHeader memory lot,
        LotHeader[] memory outputs,
        address key
    ) internal pure returns (bytes memory) {
        return abi.encodeCall(ILots.split, (lot, outputs, _direct(key)));
    }

    function _mergeCall(
        LotHeader[] memory all,
        LotHeader memory output,
        address key
    ) internal pure returns (bytes memory) {
        return abi.encodeCall(ILots.merge, (all, output, _direct(key)));
    }

    function _refineCall(
        LotHeader[] memory all,
        uint64[] memory quantities,
        LotHeader[] memory outputs,
        address key
    ) internal pure returns (bytes memory) {
        return abi.encodeCall(ILots.refine, (all, quantities, outputs, _direct(key)));
    }

    function _assertLot(bytes32 lotId, address holder, uint64 remaining, uint24 events) internal view {
        (address holder_, uint64 remaining_, uint24 events_) = lots.lotOf(lotId);
        assertEq(holder_, holder, "holder");
        assertEq(remaining_, remaining, "remaining");
        assertEq(events_, events, "events");
    }

    function _only(bytes32 one) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = one;
    }

    function _only(uint64 one) internal pure returns (uint64[] memory list) {
        list = new uint64[](1);
        list[0] = one;
    }

    function _only(LotHeader memory one) internal pure returns (LotHeader[] memory list) {
        list = new LotHeader[](1);
        list[0] = one;
    }

    function _both(LotHeader memory one, LotHeader memory two) internal pure returns (LotHeader[] memory list) {
        list = new LotHeader[](2);
        (list[0], list[1]) = (one, two);
    }

    function _both(uint64 one, uint64 two) internal pure returns (uint64[] memory list) {
        list = new uint64[](2);
        (list[0], list[1]) = (one, two);
    }

    function _count(uint24 one) internal pure returns (uint24[] memory list) {
        list = new uint24[](1);
        list[0] = one;
    }

    function _counts(uint24 one, uint24 two) internal pure returns (uint24[] memory list) {
        list = new uint24[](2);
        (list[0], list[1]) = (one, two);
    }
}
