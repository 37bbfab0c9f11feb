// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Erc721Approvals} from "./erc721.approvals.t.sol";
import {Erc721Reading} from "./erc721.reading.t.sol";
import {Erc721Receivers} from "./erc721.receivers.t.sol";
import {Erc721Transfers} from "./erc721.transfers.t.sol";

// The circumstances a piece can be in. Every ERC-721 case is run in each of them; which case of OpenZeppelin's suite is
// which test stands in contracts/README.md.

abstract contract Erc721Cases is Erc721Approvals, Erc721Reading, Erc721Receivers, Erc721Transfers {
    /// A piece that nothing has happened to: still its workshop's, without a slot of its own.
    function _born(uint32 count, uint32 index) internal returns (uint256, address, uint256) {
        return (_token(_register(count), index), workshop, count);
    }

    function _moved(uint256 id, address from, address to) internal {
        vm.prank(from);
        pieces.transferFrom(from, to, id);
    }
}

contract Erc721FirstOfItsBatch is Erc721Cases {
    function _arrange() internal override returns (uint256, address, uint256) {
        return _born(5, 0);
    }
}

contract Erc721MiddleOfItsBatch is Erc721Cases {
    function _arrange() internal override returns (uint256, address, uint256) {
        return _born(5, 2);
    }
}

contract Erc721LastOfItsBatch is Erc721Cases {
    function _arrange() internal override returns (uint256, address, uint256) {
        return _born(5, 4);
    }
}

contract Erc721OnlyOneOfItsBatch is Erc721Cases {
    function _arrange() internal override returns (uint256, address, uint256) {
        return _born(1, 0);
    }
}

contract Erc721LastOfTheLargestBatch is Erc721Cases {
    function _arrange() internal override returns (uint256, address, uint256) {
        return _born(131_072, 131_071);
    }
}

contract Erc721SoldToAPerson is Erc721Cases {
    function _arrange() internal override returns (uint256 id, address, uint256) {
        (id, , ) = _born(5, 2);
        _moved(id, workshop, alice);
        return (id, alice, 1);
    }
}

contract Erc721ResoldLastOfItsBatch is Erc721Cases {
    function _arrange() internal override returns (uint256 id, address, uint256) {
        (id, , ) = _born(5, 4);
        _moved(id, workshop, alice);
        _moved(id, alice, bob);
        _moved(id - 1, workshop, bob);
        return (id, bob, 2);
    }
}

contract Erc721ReturnedToItsWorkshop is Erc721Cases {
    function _arrange() internal override returns (uint256 id, address, uint256) {
        (id, , ) = _born(5, 0);
        _moved(id, workshop, alice);
        _moved(id, alice, workshop);
        return (id, workshop, 5);
    }
}
