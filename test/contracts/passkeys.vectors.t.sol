// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Ledger} from "./support/Ledger.sol";

/// What real authenticators answered (test/vectors/passkeys.json), put to the contract.
contract PasskeyVectorsTest is Ledger {
    using Strings for uint256;

    string private _json;

    function setUp() public override {
        super.setUp();
        _json = vm.readFile("test/vectors/passkeys.json");
    }

    function test_whatAuthenticatorsSignedIsSigned() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(_json, _at("signatures", i)); ++i) {
            string memory place = _at("signatures", i);
            bytes32 qx = vm.parseJsonBytes32(_json, string.concat(place, ".qx"));
            bytes32 qy = vm.parseJsonBytes32(_json, string.concat(place, ".qy"));
            bytes32 salt = vm.parseJsonBytes32(_json, string.concat(place, ".salt"));
            address account = vm.parseJsonAddress(_json, string.concat(place, ".account"));
            assertEq(passkeys.accountOf(qx, qy, uint256(salt)), account, place);
            assertTrue(_isSigned(place), place);
        }
        assertTrue(i > 15, "signatures");
    }

    function test_whatIsWrongByLittleIsRefused() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(_json, _at("refused", i)); ++i) {
            assertFalse(_isSigned(_at("refused", i)), _at("refused", i));
        }
        assertTrue(i > 8, "refused");
    }

    function _isSigned(string memory place) private view returns (bool) {
        address account = vm.parseJsonAddress(_json, string.concat(place, ".account"));
        bytes32 digest = vm.parseJsonBytes32(_json, string.concat(place, ".digest"));
        bytes memory signature = vm.parseJsonBytes(_json, string.concat(place, ".signature"));
        return passkeys.isSignedBy(account, digest, signature);
    }

    function _at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(".", list, "[", i.toString(), "]");
    }
}
