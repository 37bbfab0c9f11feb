// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Conformance} from "./support/Conformance.sol";

/// Approvals and operators as OpenZeppelin's ERC-721 suite asks for them. Run once for each circumstance in
/// erc721.pieces.t.sol.
abstract contract Erc721Approvals is Conformance {
    function test_clearingWhatWasNotSetIsTold() public {
        _expectApproval(owner, address(0));
    }

    function test_anApprovalIsCleared() public {
        _approve(other);
        _expectApproval(owner, address(0));
    }

    function test_theOwnerApproves() public {
        address[] memory callers = _asOwner();
        for (uint256 i = 0; i < callers.length; ++i) {
            uint256 before = vm.snapshotState();
            _expectApproval(callers[i], approved);
            vm.revertToState(before);
        }
    }

    function test_theSameApprovalIsGivenAgain() public {
        _approve(approved);
        _expectApproval(owner, approved);
    }

    function test_anApprovalIsReplaced() public {
        _approve(other);
        _expectApproval(owner, approved);
    }

    function test_whoDoesNotOwnItDoesNotApprove() public {
        _expectRefused(other, abi.encodeCall(IERC721.approve, (approved, token)), _invalidApprover(other));
    }

    function test_theApprovedAccountDoesNotApproveAnother() public {
        _approve(approved);
        _expectRefused(approved, abi.encodeCall(IERC721.approve, (other, token)), _invalidApprover(approved));
        assertEq(pieces.getApproved(token), approved, "approved");
    }

    function test_anOperatorApproves() public {
        vm.prank(owner);
        pieces.setApprovalForAll(operator, true);
        _expectApproval(operator, approved);
    }

    function test_nobodyIsApprovedForWhatDoesNotExist() public {
        vm.prank(owner);
        pieces.setApprovalForAll(operator, true);
        _expectRefused(operator, abi.encodeCall(IERC721.approve, (approved, noPiece)), _nonexistent());
    }

    function test_anOperatorIsAppointed() public {
        _expectAppointed(operator, true);
    }

    function test_anOperatorOnceRefusedIsAppointed() public {
        _expectAppointed(operator, false);
        _expectAppointed(operator, true);
    }

    function test_anOperatorOnceRefusedIsRefusedAgain() public {
        _expectAppointed(operator, false);
        _expectAppointed(operator, false);
    }

    function test_anOperatorIsAppointedAgain() public {
        _expectAppointed(operator, true);
        _expectAppointed(operator, true);
    }

    function test_anOperatorIsDismissed() public {
        _expectAppointed(operator, true);
        _expectAppointed(operator, false);
    }

    function test_nobodyIsNoOperator() public {
        bytes memory reason = abi.encodeWithSelector(IERC721Errors.ERC721InvalidOperator.selector, address(0));
        _expectRefused(owner, abi.encodeCall(IERC721.setApprovalForAll, (address(0), true)), reason);
        _expectRefused(owner, abi.encodeCall(IERC721.setApprovalForAll, (address(0), false)), reason);
    }

    function test_whatDoesNotExistHasNoApproval() public {
        _expectRefused(owner, abi.encodeCall(IERC721.getApproved, (noPiece)), _nonexistent());
    }

    function test_nobodyIsApprovedAtFirst() public view {
        assertEq(pieces.getApproved(token), address(0), "approved");
    }

    function test_theApprovedAccountIsTold() public {
        _approve(approved);
        assertEq(pieces.getApproved(token), approved, "approved");
    }

    function _approve(address spender) private {
        vm.prank(owner);
        pieces.approve(spender, token);
    }

    function _expectApproval(address caller, address spender) private {
        _expectEvent(caller, abi.encodeCall(IERC721.approve, (spender, token)), _approvedFor(spender));
        assertEq(pieces.getApproved(token), spender, "approved");
        assertEq(pieces.ownerOf(token), owner, "owner");
    }

    function _expectAppointed(address whom, bool yes) private {
        _expectEvent(owner, abi.encodeCall(IERC721.setApprovalForAll, (whom, yes)), _appointed(owner, whom, yes));
        assertTrue(pieces.isApprovedForAll(owner, whom) == yes, "operator");
        assertFalse(pieces.isApprovedForAll(whom, owner), "the other way round");
    }

    function _invalidApprover(address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IERC721Errors.ERC721InvalidApprover.selector, caller);
    }
}
