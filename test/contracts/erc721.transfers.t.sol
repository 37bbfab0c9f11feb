// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Conformance} from "./support/Conformance.sol";

/// Moves as OpenZeppelin's ERC-721 suite asks for them, each in every way: transferFrom, safeTransferFrom, and that with
/// data, to an account and to a contract. Run once for each circumstance in erc721.pieces.t.sol.
abstract contract Erc721Transfers is Conformance {
    function test_theOwnerMovesIt() public {
        _allow();
        _inEveryWay(_byOwner);
    }

    function test_theApprovedAccountMovesIt() public {
        _allow();
        _inEveryWay(_byApproved);
    }

    function test_anOperatorMovesIt() public {
        _allow();
        _inEveryWay(_byOperator);
    }

    function test_anOperatorMovesItWhenNobodyIsApproved() public {
        _allow();
        vm.prank(owner);
        pieces.approve(address(0), token);
        _inEveryWay(_byOperator);
    }

    /// Ours: a key moves what its organisation owns and nothing else, without having been appointed.
    function test_aKeyMovesWhatItsOrganisationOwns() public {
        _inEveryWay(owner == workshop ? _byKey : _notByKey);
    }

    function test_movedToItsOwnerItStaysHers() public {
        _allow();
        _inEveryWay(_toItself);
    }

    function test_itIsNotMovedFromWhoDoesNotOwnIt() public {
        _allow();
        _inEveryWay(_fromAnother);
    }

    function test_whoIsNotAllowedDoesNotMoveIt() public {
        _allow();
        _inEveryWay(_byAnother);
    }

    function test_whatDoesNotExistIsNotMoved() public {
        _allow();
        _inEveryWay(_nothing);
    }

    function test_itIsNotMovedToNobody() public {
        _allow();
        _inEveryWay(_toNobody);
    }

    function _byOwner(Way way, address to) private {
        address[] memory callers = _asOwner();
        for (uint256 i = 0; i < callers.length; ++i) {
            uint256 before = vm.snapshotState();
            _expectMoved(callers[i], way, to);
            vm.revertToState(before);
        }
    }

    function _byApproved(Way way, address to) private {
        _expectMoved(approved, way, to);
    }

    function _byOperator(Way way, address to) private {
        _expectMoved(operator, way, to);
    }

    function _byKey(Way way, address to) private {
        _expectMoved(makerKey, way, to);
    }

    function _notByKey(Way way, address to) private {
        _expectRefused(makerKey, _order(way, owner, to, token), _insufficientApproval(makerKey));
    }

    function _toItself(Way way, address) private {
        _expectMoved(owner, way, owner);
    }

    function _fromAnother(Way way, address to) private {
        bytes memory reason = abi.encodeWithSelector(IERC721Errors.ERC721IncorrectOwner.selector, other, token, owner);
        _expectRefused(owner, _order(way, other, to, token), reason);
        _expectRefused(approved, _order(way, other, to, token), reason);
        _expectRefused(operator, _order(way, other, to, token), reason);
    }

    function _byAnother(Way way, address to) private {
        _expectRefused(other, _order(way, owner, to, token), _insufficientApproval(other));
    }

    function _nothing(Way way, address to) private {
        _expectRefused(owner, _order(way, owner, to, noPiece), _nonexistent());
        _expectRefused(approved, _order(way, owner, to, noPiece), _nonexistent());
    }

    function _toNobody(Way way, address) private {
        _expectRefused(owner, _order(way, owner, address(0), token), _invalidReceiver(address(0)));
        _expectRefused(approved, _order(way, owner, address(0), token), _invalidReceiver(address(0)));
    }

    function _insufficientApproval(address caller) private view returns (bytes memory) {
        return abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, caller, token);
    }
}
