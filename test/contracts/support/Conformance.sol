// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {AcceptingReceiver} from "./Receivers.sol";
import {Ledger} from "./Ledger.sol";
import {Vm} from "./Test.sol";

/// One piece in some circumstance, its owner, whom she allowed what, and every way to move it. The cases of the
/// ERC-721 conformance tests are written against this; test/contracts/erc721.pieces.t.sol says which circumstances.
/// Calls are made at low level, so that a failed assertion can say in which way and by whom it failed.
abstract contract Conformance is Ledger {
    enum Way {
        Plain,
        Safe,
        SafeWithData
    }

    bytes internal constant DATA = hex"42";
    address internal constant approved = address(0xA11);
    address internal constant operator = address(0x0B);
    address internal constant other = address(0x07);

    uint256 internal token;
    /// What would follow the last piece of its batch.
    uint256 internal noPiece;
    address internal owner;
    /// How many pieces the owner has, this one included.
    uint256 internal owned;
    string private _circumstance;

    function setUp() public override {
        super.setUp();
        (token, owner, owned) = _arrange();
        (, uint24 count, , ) = pieces.batchOf(uint224(token >> 32));
        noPiece = _token(uint224(token >> 32), count);
    }

    /// The piece, its owner and how many pieces she has.
    function _arrange() internal virtual returns (uint256, address, uint256);

    /// Who may act as the owner: she herself, and for an organisation, whose address nobody has the key of, its key.
    function _asOwner() internal view returns (address[] memory callers) {
        callers = new address[](owner == workshop ? 2 : 1);
        callers[0] = owner;
        if (owner == workshop) callers[1] = makerKey;
    }

    function _allow() internal {
        vm.prank(owner);
        pieces.approve(approved, token);
        vm.prank(owner);
        pieces.setApprovalForAll(operator, true);
    }

    /// Runs a check for every way to move a piece, to an account and to a contract, each from the same state.
    function _inEveryWay(function(Way, address) internal check) internal {
        address[2] memory recipients = [other, address(new AcceptingReceiver())];
        string[3] memory ways = ["transferFrom", "safeTransferFrom", "safeTransferFrom with data"];
        for (uint256 way = 0; way < ways.length; ++way) {
            for (uint256 to = 0; to < recipients.length; ++to) {
                uint256 before = vm.snapshotState();
                _circumstance = string.concat(ways[way], to == 0 ? " to an account: " : " to a contract: ");
                check(Way(way), recipients[to]);
                vm.revertToState(before);
            }
        }
    }

    function _order(Way way, address from, address to, uint256 id) internal pure returns (bytes memory) {
        if (way == Way.Plain) return abi.encodeCall(IERC721.transferFrom, (from, to, id));
        if (way == Way.Safe) {
            return abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", from, to, id);
        }
        return abi.encodeWithSignature("safeTransferFrom(address,address,uint256,bytes)", from, to, id, DATA);
    }

    /// Everything a move does, and nothing else: owner, balances, approval, moves, one event.
    function _expectMoved(address caller, Way way, address to) internal {
        (, uint24 moves, ) = pieces.pieceOf(token);
        uint256 balance = pieces.balanceOf(owner);
        uint256 balanceOfTo = pieces.balanceOf(to);
        _expectEvent(caller, _order(way, owner, to, token), _movedFrom(owner, to));
        assertEq(pieces.ownerOf(token), to, _of("owner"));
        assertEq(pieces.getApproved(token), address(0), _of("approved"));
        assertEq(pieces.balanceOf(owner), to == owner ? balance : balance - 1, _of("balance of the owner"));
        assertEq(pieces.balanceOf(to), to == owner ? balance : balanceOfTo + 1, _of("balance of the recipient"));
        (, uint24 after_, ) = pieces.pieceOf(token);
        assertEq(after_, moves + 1, _of("moves"));
    }

    function _expectRefused(address caller, bytes memory order, bytes memory reason) internal {
        uint256 balance = pieces.balanceOf(owner);
        vm.prank(caller);
        (bool done, bytes memory answer) = address(pieces).call(order);
        assertFalse(done, _of("refused"));
        assertEq(keccak256(answer), keccak256(reason), _of("reason"));
        assertEq(pieces.ownerOf(token), owner, _of("owner"));
        assertEq(pieces.balanceOf(owner), balance, _of("balance"));
    }

    /// The call succeeds and emits this one event.
    function _expectEvent(address caller, bytes memory order, Vm.Log memory expected) internal {
        vm.recordLogs();
        vm.prank(caller);
        (bool done, ) = address(pieces).call(order);
        assertTrue(done, _of("done"));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, _of("number of events"));
        assertEq(logs[0].emitter, address(pieces), _of("emitter"));
        assertEq(keccak256(abi.encode(logs[0].topics)), keccak256(abi.encode(expected.topics)), _of("event"));
        assertEq(keccak256(logs[0].data), keccak256(expected.data), _of("data of the event"));
    }

    function _movedFrom(address from, address to) internal view returns (Vm.Log memory) {
        return _event(IERC721.Transfer.selector, from, to, token);
    }

    function _approvedFor(address spender) internal view returns (Vm.Log memory) {
        return _event(IERC721.Approval.selector, owner, spender, token);
    }

    function _appointed(address by, address whom, bool yes) internal pure returns (Vm.Log memory log) {
        log.topics = new bytes32[](3);
        log.topics[0] = IERC721.ApprovalForAll.selector;
        log.topics[1] = bytes32(uint256(uint160(by)));
        log.topics[2] = bytes32(uint256(uint160(whom)));
        log.data = abi.encode(yes);
    }

    function _nonexistent() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, noPiece);
    }

    function _invalidReceiver(address receiver) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, receiver);
    }

    function _of(string memory what) internal view returns (string memory) {
        return string.concat(_circumstance, what);
    }

    function _event(bytes32 kind, address one, address two, uint256 id) private pure returns (Vm.Log memory log) {
        log.topics = new bytes32[](4);
        log.topics[0] = kind;
        log.topics[1] = bytes32(uint256(uint160(one)));
        log.topics[2] = bytes32(uint256(uint160(two)));
        log.topics[3] = bytes32(id);
    }
}
