// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721A} from "erc721a/contracts/ERC721A.sol";

/// ERC721A as it is, with the least around it that mints: the yardstick for minting many at once.
contract PlainERC721A is ERC721A("Plain", "PLAIN") {
    function mint(address to, uint256 quantity) external {
        _mint(to, quantity);
    }
}
