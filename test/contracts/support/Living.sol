// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {ILifeEvents} from "../../../contracts/interfaces/ILifeEvents.sol";
import {BatchHeader, IPieces, Standing} from "../../../contracts/interfaces/IPieces.sol";
import {Trading} from "./Trading.sol";
import {Vm} from "./Test.sol";

/// A ledger with a repairer, an arbiter and a brand's heir beside the traders, and what each of them does to a piece. Most
/// acts here are the key's own word; what is signed has its tests in life.signed.t.sol.
abstract contract Living is Trading {
    uint8 internal constant STOLEN = 1;
    uint8 internal constant LOST = 2;
    uint8 internal constant EARLIER = 4;
    uint8 internal constant BLOCKED = 8;
    uint8 internal constant LOCKED = 16;
    uint8 internal constant RECALLED = 32;
    uint8 internal constant WITHDRAWN = 64;
    uint8 internal constant ENDED = 128;

    uint8 internal constant APPROVED = 1;
    uint8 internal constant CARD_DEAD = 2;
    uint8 internal constant FRESH_CARD = 4;
    uint8 internal constant RECOVERABLE = 8;
    uint8 internal constant RECOVERING = 16;

    uint256 internal constant REPAIR_SECRET = 0xC1;
    uint256 internal constant ARBITER_SECRET = 0xC2;
    uint256 internal constant HEIR_SECRET = 0xC3;
    string internal constant REASON = "a reason";
    bytes32 internal constant STATEMENT = keccak256("a statement");

    address internal repairKey = vm.addr(REPAIR_SECRET);
    address internal arbiterKey = vm.addr(ARBITER_SECRET);
    address internal heirKey = vm.addr(HEIR_SECRET);
    address internal repairer;
    address internal arbiter;
    address internal heir;

    function setUp() public virtual override {
        super.setUp();
        repairer = _admitAs("repairer", SERVICE_CENTRE, repairKey);
        arbiter = _admitAs("arbiter", ARBITER, arbiterKey);
        heir = _admit("heir", heirKey);
    }

    function _admitAs(string memory handle, uint32 roles, address key) internal returns (address) {
        vm.prank(administrator);
        return organisations.admit(handle, roles, key);
    }

    function _succeed(address organisation, address successor) internal {
        vm.prank(administrator);
        organisations.succeed(organisation, successor);
    }

    /// A piece of a fresh batch of the workshop's, number 2 of it, moved to its owner unless that is the workshop.
    function _madeFor(address owner) internal returns (uint256 token) {
        token = _token(_make(), 2);
        if (owner != workshop) _move(workshop, owner, token, makerKey);
    }

    function _reports(uint256 token, uint8 kind, address key) internal {
        vm.prank(key);
        lifeEvents.report(token, kind, _direct(key));
    }

    function _withdrawsReport(uint256 token, address key) internal {
        vm.prank(key);
        lifeEvents.withdrawReport(token, _direct(key));
    }

    function _allows(uint256 token, bool allowed, address key) internal {
        vm.prank(key);
        lifeEvents.allowRecovery(token, allowed, _direct(key));
    }

    function _ends(uint256 token, uint8 kind, address key) internal {
        vm.prank(key);
        lifeEvents.end(token, kind, STATEMENT, _direct(key));
    }

    function _rules(uint256 token, uint8 kind) internal {
        vm.prank(arbiterKey);
        lifeEvents.arbitrate(token, kind, arbiter, REASON, _direct(arbiterKey));
    }

    /// Said by the workshop of number 2 of its batch.
    function _says(uint8 kind, bytes32 contentHash) internal {
        vm.prank(makerKey);
        lifeEvents.notice(_made(), 2, kind, workshop, contentHash, REASON, _direct(makerKey));
    }

    function _saysOfAll(uint8 kind) internal {
        vm.prank(makerKey);
        lifeEvents.noticeBatch(_made(), kind, workshop, REASON, _direct(makerKey));
    }

    function _endsAll(uint224 batch, uint8 kind, address key) internal {
        vm.prank(key);
        lifeEvents.endBatch(batch, kind, REASON, _direct(key));
    }

    /// Recorded by the repairer, which relays it; the owner has signed.
    function _records(uint256 token, uint8 kind, uint256 ownersSecret) internal {
        Authorization memory consent = _recordConsent(ownersSecret, token, kind, repairer);
        vm.prank(repairKey);
        lifeEvents.record(token, kind, repairer, STATEMENT, _direct(repairKey), consent);
    }

    function _recordConsent(
        uint256 secret,
        uint256 token,
        uint8 kind,
        address organisation
    ) internal view returns (Authorization memory) {
        Standing memory s = pieces.standingOf(token);
        return
            _signed(secret, FOREVER, _recordDigest(token, kind, organisation, STATEMENT, s.moves, s.events, FOREVER));
    }

    /// Begun for number 2 of the workshop's batch, whose word the arbiter brings.
    function _beginsRecovery(uint256 token, address to) internal {
        Standing memory s = pieces.standingOf(token);
        bytes32 digest = _recoveryDigest(token, s.owner, to, workshop, arbiter, s.moves, s.events, FOREVER);
        Authorization memory maker = _signed(MAKER_SECRET, FOREVER, digest);
        BatchHeader memory header = _made();
        vm.prank(arbiterKey);
        lifeEvents.beginRecovery(header, 2, to, workshop, arbiter, REASON, maker, _direct(arbiterKey));
    }

    function _stateOf(uint256 token) internal view returns (uint8) {
        return pieces.standingOf(token).state;
    }

    function _flagsOf(uint256 token) internal view returns (uint8) {
        return pieces.standingOf(token).flags;
    }

    function _ownerActDigest(
        uint256 token,
        uint8 kind,
        uint24 moves,
        uint24 events,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 name = keccak256("OwnerAct(uint256 tokenId,uint8 kind,uint24 moves,uint24 events,uint48 deadline)");
        return _ofLife(abi.encode(name, token, kind, moves, events, deadline));
    }

    function _recordDigest(
        uint256 token,
        uint8 kind,
        address organisation,
        bytes32 contentHash,
        uint24 moves,
        uint24 events,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 name = keccak256(
            "Record(uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline)"
        );
        return _ofLife(abi.encode(name, token, kind, organisation, contentHash, moves, events, deadline));
    }

    function _recoveryDigest(
        uint256 token,
        address from,
        address to,
        address organisation,
        address court,
        uint24 moves,
        uint24 events,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 name = keccak256(
            "Recovery(uint256 tokenId,address from,address to,address organisation,address arbiter,string words,uint24 moves,uint24 events,uint48 deadline)"
        );
        bytes32 words = keccak256(bytes(REASON));
        return _ofLife(abi.encode(name, token, from, to, organisation, court, words, moves, events, deadline));
    }

    function _ofLife(bytes memory encoded) internal view returns (bytes32) {
        return _digest(address(lifeEvents), "Touchstone Life Events", keccak256(encoded));
    }

    function _expectLife(
        Vm.Log memory log,
        uint256 token,
        uint24 number,
        uint8 kind,
        address organisation,
        address key,
        bytes32 contentHash,
        string memory words
    ) internal view {
        assertEq(log.emitter, address(lifeEvents), "told by");
        bytes32[] memory topics = _topics(
            ILifeEvents.LifeEvent.selector,
            bytes32(token),
            bytes32(uint256(kind)),
            _word(organisation)
        );
        bytes memory data = abi.encode(number, key, contentHash, words);
        assertEq(keccak256(abi.encode(log.topics, log.data)), keccak256(abi.encode(topics, data)), "life event");
    }

    function _expectOfBatch(
        Vm.Log memory log,
        uint224 batch,
        uint16 number,
        uint8 kind,
        address organisation,
        address key
    ) internal view {
        assertEq(log.emitter, address(lifeEvents), "told by");
        bytes32[] memory topics = _topics(
            ILifeEvents.BatchEvent.selector,
            bytes32(uint256(batch)),
            bytes32(uint256(kind)),
            _word(organisation)
        );
        bytes memory data = abi.encode(number, key, REASON);
        assertEq(keccak256(abi.encode(log.topics, log.data)), keccak256(abi.encode(topics, data)), "batch event");
    }

    /// One of the registry's own that only names a piece, not indexed: Locked, Unlocked, MetadataUpdate.
    function _expectOfPiece(Vm.Log memory log, bytes32 selector, uint256 token) internal view {
        bytes32[] memory topics = new bytes32[](1);
        topics[0] = selector;
        _expectLog(log, topics, abi.encode(token), "of a piece");
    }

    function _expectStanding(uint256 token, uint8 state, uint8 flags, uint24 events, string memory what) internal view {
        Standing memory s = pieces.standingOf(token);
        assertEq(s.state, state, string.concat(what, ": state"));
        assertEq(s.flags, flags, string.concat(what, ": flags"));
        assertEq(s.events, events, string.concat(what, ": events"));
        assertTrue(pieces.locked(token) == (state & (BLOCKED | LOCKED | ENDED) != 0), string.concat(what, ": locked"));
    }

    function _blocked(uint256 token, uint8 state) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IPieces.PieceBlocked.selector, token, state);
    }

    function _notApplicable(uint8 kind, uint8 state) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILifeEvents.NotApplicable.selector, kind, state);
    }

    function _notOwners(uint256 token, address key) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILifeEvents.NotOwnersKey.selector, token, key);
    }

    function _lifeInvalid(address key) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILifeEvents.InvalidSignature.selector, key);
    }

    function _mayNot(address organisation, address key, uint16 permission) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILifeEvents.NotPermitted.selector, organisation, key, permission);
    }
}
