// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Conformance} from "./support/Conformance.sol";
import {AcceptingReceiver, FailingReceiver, NoReceiver, RefusingReceiver} from "./support/Receivers.sol";

/// Contracts that are sent a piece, as OpenZeppelin's ERC-721 suite asks for them. Run once for each circumstance in
/// erc721.pieces.t.sol.
abstract contract Erc721Receivers is Conformance {
    error ClosedOn(bytes4 day);

    function test_aReceiverIsToldOfTheOwnersMove() public {
        _allow();
        address[] memory callers = _asOwner();
        for (uint256 i = 0; i < callers.length; ++i) {
            uint256 before = vm.snapshotState();
            _expectTold(callers[i], Way.Safe, "");
            vm.revertToState(before);
            _expectTold(callers[i], Way.SafeWithData, DATA);
            vm.revertToState(before);
        }
    }

    function test_aReceiverIsToldOfTheApprovedAccountsMove() public {
        _allow();
        uint256 before = vm.snapshotState();
        _expectTold(approved, Way.Safe, "");
        vm.revertToState(before);
        _expectTold(approved, Way.SafeWithData, DATA);
    }

    function test_aReceiverIsNotAskedForWhatDoesNotExist() public {
        _allow();
        AcceptingReceiver shop = new AcceptingReceiver();
        _expectRefused(approved, _order(Way.Safe, owner, address(shop), noPiece), _nonexistent());
        _expectRefused(approved, _order(Way.SafeWithData, owner, address(shop), noPiece), _nonexistent());
        assertEq(shop.from(), address(0), "asked");
    }

    function test_aReceiverIsNotAskedByAPlainTransfer() public {
        AcceptingReceiver shop = new AcceptingReceiver();
        _expectMoved(owner, Way.Plain, address(shop));
        assertEq(shop.from(), address(0), "asked");
    }

    function test_aReceiverThatReturnsAnotherValueGetsNothing() public {
        address shop = address(new RefusingReceiver());
        _expectNotTaken(shop, _invalidReceiver(shop));
    }

    function test_aReceiversMessageIsPassedOn() public {
        bytes memory reason = abi.encodeWithSignature("Error(string)", "closed today");
        _expectNotTaken(address(new FailingReceiver(reason)), reason);
    }

    function test_aReceiverThatRevertsWithoutAWordGetsNothing() public {
        address shop = address(new FailingReceiver(""));
        _expectNotTaken(shop, _invalidReceiver(shop));
    }

    function test_aReceiversCustomErrorIsPassedOn() public {
        bytes memory reason = abi.encodeWithSelector(ClosedOn.selector, bytes4("Sun"));
        _expectNotTaken(address(new FailingReceiver(reason)), reason);
    }

    function test_aReceiversPanicIsPassedOn() public {
        bytes memory reason = abi.encodeWithSignature("Panic(uint256)", 0x12);
        _expectNotTaken(address(new FailingReceiver(reason)), reason);
    }

    function test_aContractThatIsNoReceiverGetsNothing() public {
        address shop = address(new NoReceiver());
        _expectNotTaken(shop, _invalidReceiver(shop));
    }

    function _expectTold(address caller, Way way, bytes memory data) private {
        AcceptingReceiver shop = new AcceptingReceiver();
        _expectMoved(caller, way, address(shop));
        assertEq(shop.operator(), caller, "operator");
        assertEq(shop.from(), owner, "from");
        assertEq(shop.tokenId(), token, "token");
        assertEq(keccak256(shop.data()), keccak256(data), "data");
    }

    function _expectNotTaken(address shop, bytes memory reason) private {
        _allow();
        _expectRefused(owner, _order(Way.Safe, owner, shop, token), reason);
        _expectRefused(owner, _order(Way.SafeWithData, owner, shop, token), reason);
        _expectRefused(approved, _order(Way.Safe, owner, shop, token), reason);
        assertEq(pieces.getApproved(token), approved, "approved");
        assertEq(pieces.balanceOf(shop), 0, "balance");
    }
}
