// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {Conformance} from "./support/Conformance.sol";

/// What can be asked of a piece and of the registry, as OpenZeppelin's ERC-721 suite asks it. Run once for each
/// circumstance in erc721.pieces.t.sol.
abstract contract Erc721Reading is Conformance {
    bytes4[6] private _claimed = [bytes4(0x01ffc9a7), 0x80ac58cd, 0x5b5e139f, 0x84b0196e, 0x49064906, 0xb45a3c0e];

    function test_aBalanceIsTheNumberOfPiecesOwned() public view {
        assertEq(pieces.balanceOf(owner), owned, "balance");
    }

    function test_whoOwnsNothingHasABalanceOfZero() public view {
        assertEq(pieces.balanceOf(other), 0, "balance");
    }

    function test_nobodyHasNoBalance() public {
        bytes memory reason = abi.encodeWithSelector(IERC721Errors.ERC721InvalidOwner.selector, address(0));
        _expectRefused(other, abi.encodeCall(IERC721.balanceOf, (address(0))), reason);
    }

    function test_aPieceHasItsOwner() public view {
        assertEq(pieces.ownerOf(token), owner, "owner");
    }

    function test_whatDoesNotExistHasNoOwner() public {
        _expectRefused(other, abi.encodeCall(IERC721.ownerOf, (noPiece)), _nonexistent());
    }

    function test_theRegistryHasANameAndASymbol() public view {
        assertEq(keccak256(bytes(pieces.name())), keccak256("Touchstone Pieces"), "name");
        assertEq(keccak256(bytes(pieces.symbol())), keccak256("TOUCH"), "symbol");
    }

    function test_withoutABaseThereIsNoURI() public {
        vm.prank(administrator);
        pieces.setBaseURI("");
        assertEq(bytes(pieces.tokenURI(token)).length, 0, "URI");
    }

    function test_aURIIsTheBaseAndTheNumber() public view {
        bytes32 expected = keccak256(abi.encodePacked("https://example.org/t/", _decimal(token)));
        assertEq(keccak256(bytes(pieces.tokenURI(token))), expected, "URI");
    }

    function test_whatDoesNotExistHasNoURI() public {
        _expectRefused(other, abi.encodeCall(IERC721Metadata.tokenURI, (noPiece)), _nonexistent());
    }

    function test_whatIsOfferedIsClaimed() public view {
        for (uint256 i = 0; i < _claimed.length; ++i) {
            uint256 gas = gasleft();
            assertTrue(pieces.supportsInterface(_claimed[i]), "claimed");
            assertTrue(gas - gasleft() < 30_000, "gas of an answer");
        }
    }

    function testFuzz_nothingElseIsClaimed(bytes4 id) public view {
        _expectNotClaimed(0xffffffff, "invalid");
        _expectNotClaimed(0x780e9d63, "ERC-721 enumerable");
        _expectNotClaimed(0x150b7a02, "ERC-721 receiver");
        _expectNotClaimed(0x2a55205a, "ERC-2981 royalties");
        _expectNotClaimed(0x5604e225, "ERC-4494 permit");
        _expectNotClaimed(0xd9b67a26, "ERC-1155");
        _expectNotClaimed(0x36372b07, "ERC-20");
        for (uint256 i = 0; i < _claimed.length; ++i) vm.assume(id != _claimed[i]);
        _expectNotClaimed(id, "anything");
    }

    /// Each claimed id is that of the functions named here, and each of them answers: with a value or with a reason. A
    /// function that isn't there reverts without one. (ERC-4906 has events and no function.)
    function test_everyFunctionOfAClaimedInterfaceIsThere() public {
        assertEq(_expectFunctions(_listOf("supportsInterface(bytes4)")), type(IERC165).interfaceId, "ERC-165");
        assertEq(_expectFunctions(_listOf("eip712Domain()")), type(IERC5267).interfaceId, "ERC-5267");
        string[] memory metadata = new string[](3);
        (metadata[0], metadata[1], metadata[2]) = ("name()", "symbol()", "tokenURI(uint256)");
        assertEq(_expectFunctions(metadata), type(IERC721Metadata).interfaceId, "ERC-721 metadata");
        string[] memory core = new string[](9);
        core[0] = "balanceOf(address)";
        core[1] = "ownerOf(uint256)";
        core[2] = "safeTransferFrom(address,address,uint256,bytes)";
        core[3] = "safeTransferFrom(address,address,uint256)";
        core[4] = "transferFrom(address,address,uint256)";
        core[5] = "approve(address,uint256)";
        core[6] = "setApprovalForAll(address,bool)";
        core[7] = "getApproved(uint256)";
        core[8] = "isApprovedForAll(address,address)";
        assertEq(_expectFunctions(core), type(IERC721).interfaceId, "ERC-721");
        assertEq(_expectFunctions(_listOf("locked(uint256)")), bytes4(0xb45a3c0e), "ERC-5192");
        assertFalse(_answers("totalSupply()"), "a function that is not there");
    }

    function _expectNotClaimed(bytes4 id, string memory what) private view {
        uint256 gas = gasleft();
        assertFalse(pieces.supportsInterface(id), what);
        assertTrue(gas - gasleft() < 30_000, "gas of an answer");
    }

    function _expectFunctions(string[] memory functions) private returns (bytes32) {
        bytes4 id = 0;
        for (uint256 i = 0; i < functions.length; ++i) {
            assertTrue(_answers(functions[i]), functions[i]);
            id ^= bytes4(keccak256(bytes(functions[i])));
        }
        return id;
    }

    function _answers(string memory what) private returns (bool) {
        bytes memory order = abi.encodePacked(bytes4(keccak256(bytes(what))), new bytes(160));
        (bool done, bytes memory answer) = address(pieces).call(order);
        return done || answer.length != 0;
    }

    function _listOf(string memory only) private pure returns (string[] memory list) {
        list = new string[](1);
        list[0] = only;
    }

    function _decimal(uint256 value) private pure returns (bytes memory text) {
        for (; value != 0; value /= 10) text = abi.encodePacked(uint8(48 + (value % 10)), text);
    }
}
