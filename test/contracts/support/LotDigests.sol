// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TestedLots} from "./Contracts.sol";
import {LotHeader} from "../../../contracts/interfaces/ILots.sol";
import {Ledger} from "./Ledger.sol";
import {Vm} from "./Test.sol";

/// What is hashed, signed and told of lots, made here anew from the text of the interface, so that a changed tag, order or
/// type in the contract shows.
abstract contract LotDigests is Ledger {
    uint8 internal constant SPLIT = 1;
    uint8 internal constant MERGE = 2;
    uint8 internal constant REFINE = 3;
    uint8 internal constant RETURN = 4;
    string private constant LOT_TYPE =
        "Lot(address organisation,bytes32 material,uint32 fineness,uint8 unit,uint8 custody,bytes32 origin,uint64 quantity,bytes32 contentHash,bytes32 parents,bytes32 salt)";

    TestedLots internal lots;

    function _lotId(LotHeader memory h) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(keccak256("touchstone.lot.v1"), _words(h)));
    }

    function _lotIds(LotHeader[] memory all) internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) ids[i] = _lotId(all[i]);
    }

    function _parentsOf(bytes32 lotId) internal pure returns (bytes32) {
        return keccak256(bytes.concat(lotId));
    }

    function _parentsOf(bytes32[] memory ids) internal pure returns (bytes32) {
        return keccak256(_packed(ids));
    }

    function _returnParents(uint256 token) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256("touchstone.return.v1"), bytes32(token)));
    }

    function _declareDigest(LotHeader memory h, uint48 deadline) internal view returns (bytes32) {
        return _ofLots(_declareStruct(h, deadline));
    }

    function _declareStruct(LotHeader memory h, uint48 deadline) internal pure returns (bytes32) {
        bytes32 lot = keccak256(abi.encodePacked(keccak256(bytes(LOT_TYPE)), _words(h)));
        bytes32 kind = keccak256(abi.encodePacked("Declare(Lot lot,uint48 deadline)", LOT_TYPE));
        return keccak256(abi.encode(kind, lot, deadline));
    }

    function _moveStruct(
        bytes32 lotId,
        address from,
        address to,
        uint24 events,
        uint48 deadline
    ) internal pure returns (bytes32) {
        bytes32 kind = keccak256("TransferLot(bytes32 lotId,address from,address to,uint24 events,uint48 deadline)");
        return keccak256(abi.encode(kind, lotId, from, to, events, deadline));
    }

    function _splitStruct(
        bytes32 lotId,
        bytes32[] memory outputs,
        uint24 events,
        uint48 deadline
    ) internal pure returns (bytes32) {
        bytes32 kind = keccak256("Split(bytes32 lotId,bytes32[] outputs,uint24 events,uint48 deadline)");
        return keccak256(abi.encode(kind, lotId, keccak256(_packed(outputs)), events, deadline));
    }

    function _mergeStruct(
        bytes32[] memory ids,
        bytes32 output,
        uint24[] memory events,
        uint48 deadline
    ) internal pure returns (bytes32) {
        bytes32 kind = keccak256("Merge(bytes32[] lotIds,bytes32 output,uint24[] events,uint48 deadline)");
        return keccak256(abi.encode(kind, keccak256(_packed(ids)), output, _counts(events), deadline));
    }

    function _refineStruct(
        bytes32[] memory ids,
        uint64[] memory quantities,
        bytes32[] memory outputs,
        uint24[] memory events,
        uint48 deadline
    ) internal pure returns (bytes32) {
        bytes32 kind = keccak256(
            "Refine(bytes32[] lotIds,uint64[] quantities,bytes32[] outputs,uint24[] events,uint48 deadline)"
        );
        bytes32 made = keccak256(_packed(outputs));
        bytes32 taken = _amounts(quantities);
        return keccak256(abi.encode(kind, keccak256(_packed(ids)), taken, made, _counts(events), deadline));
    }

    function _drawStruct(
        uint224 batch,
        bytes32[] memory ids,
        uint64[] memory quantities,
        uint24[] memory events,
        uint48 deadline
    ) internal pure returns (bytes32) {
        bytes32 kind = keccak256(
            "Draw(uint224 batchId,bytes32[] lotIds,uint64[] quantities,uint24[] events,uint48 deadline)"
        );
        bytes32 taken = _amounts(quantities);
        return keccak256(abi.encode(kind, batch, keccak256(_packed(ids)), taken, _counts(events), deadline));
    }

    function _returnStruct(
        uint256 token,
        address to,
        bytes32[] memory outputs,
        uint24 moves,
        uint24 events,
        uint48 deadline
    ) internal pure returns (bytes32) {
        bytes32 kind = keccak256(
            "ReturnPiece(uint256 tokenId,address to,bytes32[] outputs,uint24 moves,uint24 events,uint48 deadline)"
        );
        return keccak256(abi.encode(kind, token, to, keccak256(_packed(outputs)), moves, events, deadline));
    }

    function _ofLots(bytes32 structHash) internal view returns (bytes32) {
        return _digest(address(lots), "Touchstone Lots", structHash);
    }

    function _declaredLog(LotHeader memory h, address key) internal view returns (Vm.Log memory log) {
        log = _log(
            "LotDeclared(bytes32,address,address,(address,bytes32,uint32,uint8,uint8,bytes32,uint64,bytes32,bytes32,bytes32))",
            3
        );
        (log.topics[1], log.topics[2]) = (_lotId(h), _word(h.organisation));
        log.data = abi.encodePacked(_word(key), _words(h));
    }

    function _madeLog(LotHeader memory h, uint8 operation, address key) internal view returns (Vm.Log memory log) {
        log = _log(
            "LotMade(bytes32,address,bytes32,uint8,address,(address,bytes32,uint32,uint8,uint8,bytes32,uint64,bytes32,bytes32,bytes32))",
            4
        );
        (log.topics[1], log.topics[2], log.topics[3]) = (_lotId(h), _word(h.organisation), h.parents);
        log.data = abi.encodePacked(abi.encode(operation, key), _words(h));
    }

    function _movedLog(
        bytes32 lotId,
        address from,
        address to,
        uint24 number,
        address key
    ) internal view returns (Vm.Log memory log) {
        log = _log("LotMoved(bytes32,address,address,uint24,address)", 4);
        (log.topics[1], log.topics[2], log.topics[3]) = (lotId, _word(from), _word(to));
        log.data = abi.encode(number, key);
    }

    function _drawnLog(
        bytes32 lotId,
        uint224 batch,
        uint64 quantity,
        uint24 number,
        address key
    ) internal view returns (Vm.Log memory log) {
        log = _log("LotDrawn(bytes32,uint224,uint64,uint24,address)", 3);
        (log.topics[1], log.topics[2]) = (lotId, bytes32(uint256(batch)));
        log.data = abi.encode(quantity, number, key);
    }

    function _consumedLog(
        bytes32 lotId,
        bytes32 parents,
        uint64 quantity,
        uint24 number,
        uint8 operation,
        address key
    ) internal view returns (Vm.Log memory log) {
        log = _log("LotConsumed(bytes32,bytes32,uint64,uint24,uint8,address)", 3);
        (log.topics[1], log.topics[2]) = (lotId, parents);
        log.data = abi.encode(quantity, number, operation, key);
    }

    function _returnedLog(uint256 token, address to, address key) internal view returns (Vm.Log memory log) {
        log = _log("PieceReturned(uint256,address,address)", 3);
        (log.topics[1], log.topics[2]) = (bytes32(token), _word(to));
        log.data = abi.encode(key);
    }

    /// Since the logs began to be recorded there were these, word for word and in this order, and no others.
    function _assertLogs(Vm.Log[] memory expected) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, expected.length, "number of events");
        for (uint256 i = 0; i < logs.length; ++i) {
            assertEq(keccak256(abi.encode(logs[i])), keccak256(abi.encode(expected[i])), "event");
        }
    }

    function _words(LotHeader memory h) private pure returns (bytes memory) {
        return
            abi.encodePacked(
                abi.encode(h.organisation, h.material, h.fineness, h.unit, h.custody),
                abi.encode(h.origin, h.quantity, h.contentHash, h.parents, h.salt)
            );
    }

    function _packed(bytes32[] memory list) private pure returns (bytes memory all) {
        for (uint256 i = 0; i < list.length; ++i) all = bytes.concat(all, list[i]);
    }

    function _amounts(uint64[] memory list) private pure returns (bytes32) {
        bytes memory all;
        for (uint256 i = 0; i < list.length; ++i) all = bytes.concat(all, bytes32(uint256(list[i])));
        return keccak256(all);
    }

    function _counts(uint24[] memory list) private pure returns (bytes32) {
        bytes memory all;
        for (uint256 i = 0; i < list.length; ++i) all = bytes.concat(all, bytes32(uint256(list[i])));
        return keccak256(all);
    }

    function _log(string memory name, uint256 topics) private view returns (Vm.Log memory log) {
        log.topics = new bytes32[](topics);
        log.topics[0] = keccak256(bytes(name));
        log.emitter = address(lots);
    }

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
