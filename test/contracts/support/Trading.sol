// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader, IPieces, Leaf} from "../../../contracts/interfaces/IPieces.sol";
import {Ids} from "../../../contracts/libraries/Ids.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {Consents} from "./Consents.sol";
import {Vm} from "./Test.sol";

/// A ledger with a wholesaler and a boutique beside the workshop, and pieces that were made with claim cards.
abstract contract Trading is Consents {
    uint32 internal constant MADE = 5;
    uint256 internal constant DEALER_SECRET = 0xB1;
    uint256 internal constant BOUTIQUE_SECRET = 0xB2;
    uint256 internal constant FRESH_SECRET = 0xB3;
    uint256 internal constant ONCE_SECRET = 0xB4;
    uint256 internal constant TILL_SECRET = SHOP_SECRET;
    uint256 internal constant FIRST_CARD_SECRET = 0xCA00;

    address internal dealerKey = vm.addr(DEALER_SECRET);
    address internal boutiqueKey = vm.addr(BOUTIQUE_SECRET);
    address internal freshCard = vm.addr(FRESH_SECRET);
    address internal onceKey = vm.addr(ONCE_SECRET);
    address internal tillKey = vm.addr(TILL_SECRET);
    address internal dealer;
    address internal boutique;

    function setUp() public virtual override {
        super.setUp();
        dealer = _admit("dealer", dealerKey);
        boutique = _admit("boutique", boutiqueKey);
    }

    /// A batch of MADE pieces, each with a card of its own.
    function _make() internal returns (uint224) {
        vm.prank(makerKey);
        return pieces.register(_made(), _direct(makerKey));
    }

    function _made() internal view returns (BatchHeader memory) {
        return _rootOnly(MerkleTree.root(_leaves()), MADE);
    }

    function _cardOf(uint32 index) internal pure returns (address) {
        return vm.addr(FIRST_CARD_SECRET + index);
    }

    function _leaf(uint32 index) internal view returns (Leaf memory) {
        bytes32[] memory proof = MerkleTree.proof(_leaves(), index);
        return Leaf(_made(), index, keccak256(abi.encode("record", index)), _cardOf(index), 0, proof);
    }

    function _leaves() private view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](MADE);
        for (uint32 i = 0; i < MADE; ++i) {
            leaves[i] = Ids.leaf(workshop, i, keccak256(abi.encode("record", i)), _cardOf(i), 0);
        }
    }

    function _pass(
        uint224 batch,
        uint32 part,
        address to,
        uint24 events,
        uint32[] memory departed,
        address key
    ) internal {
        vm.prank(key);
        pieces.passRange(batch, part, to, events, departed, _direct(key));
    }

    function _move(address from, address to, uint256 token, address caller) internal {
        vm.prank(caller);
        pieces.transferFrom(from, to, token);
    }

    function _release(uint256 secret, uint256 token) internal view returns (Authorization memory) {
        (, uint24 moves, uint24 events) = pieces.pieceOf(token);
        return _signed(secret, FOREVER, _releaseDigest(token, moves, events, FOREVER));
    }

    function _cardSays(uint256 secret, uint256 token, address to) internal view returns (bytes memory) {
        (, uint24 moves, ) = pieces.pieceOf(token);
        return _signature(secret, _claimDigest(token, to, moves, FOREVER));
    }

    /// The piece with its own card, released by this key, to this account.
    function _claim(uint256 token, uint256 releaser, address to) internal {
        uint32 index = uint32(token);
        bytes memory card = _cardSays(FIRST_CARD_SECRET + index, token, to);
        pieces.claim(_leaf(index), to, false, FOREVER, card, _release(releaser, token));
    }

    function _claimFresh(uint256 token, uint256 releaser, address to) internal {
        bytes memory card = _cardSays(FRESH_SECRET, token, to);
        pieces.claimByFreshCard(token, to, false, FOREVER, card, _release(releaser, token));
    }

    function _setFreshCard(uint256 token, address key) internal {
        vm.prank(key);
        pieces.setCard(token, freshCard, _direct(key));
    }

    /// The owner's handover to whoever holds the one-time key.
    function _handover(uint256 secret, uint256 token, address key) internal view returns (Authorization memory) {
        (address owner, uint24 moves, uint24 events) = pieces.pieceOf(token);
        return _signed(secret, FOREVER, _handoverDigest(token, owner, key, moves, events, FOREVER));
    }

    function _accepts(uint256 secret, uint256 token, address to) internal view returns (bytes memory) {
        (, uint24 moves, ) = pieces.pieceOf(token);
        return _signature(secret, _acceptDigest(token, to, moves, FOREVER));
    }

    function _expectLog(
        Vm.Log memory log,
        bytes32[] memory topics,
        bytes memory data,
        string memory what
    ) internal view {
        assertEq(log.emitter, address(pieces), what);
        bytes32 actual = keccak256(abi.encode(log.topics, log.data));
        assertEq(actual, keccak256(abi.encode(topics, data)), what);
    }

    function _topics(bytes32 a, bytes32 b, bytes32 c, bytes32 d) internal pure returns (bytes32[] memory topics) {
        topics = new bytes32[](4);
        (topics[0], topics[1], topics[2], topics[3]) = (a, b, c, d);
    }

    function _word(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    function _none() internal pure returns (uint32[] memory) {
        return new uint32[](0);
    }

    function _list(uint32 a) internal pure returns (uint32[] memory list) {
        list = new uint32[](1);
        list[0] = a;
    }

    function _list(uint32 a, uint32 b) internal pure returns (uint32[] memory list) {
        list = new uint32[](2);
        (list[0], list[1]) = (a, b);
    }

    function _list(uint32 a, uint32 b, uint32 c) internal pure returns (uint32[] memory list) {
        list = new uint32[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }

    function _staleMoves(uint256 token, uint24 moves) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IPieces.StaleMoves.selector, token, moves);
    }

    function _invalid(address key) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IPieces.InvalidSignature.selector, key);
    }
}
