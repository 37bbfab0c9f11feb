// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TestedOrganisations} from "./support/Contracts.sol";
import {Authorization, IOrganisations} from "../../contracts/interfaces/IOrganisations.sol";
import {Ledger} from "./support/Ledger.sol";
import {BrokenWallet, SmartWallet} from "./support/Wallets.sol";

contract OrganisationsKeysTest is Ledger {
    function testFuzz_aKeyIsUsableExactlyWithinItsWindow(uint48 from, uint48 until, uint48 moment) public {
        from = uint48(bound(from, START, FOREVER - 2));
        until = uint48(bound(until, uint256(from) + 1, FOREVER));
        vm.warp(from);
        _setKey(shopKey, REGISTER, until);
        moment = uint48(bound(moment, from, FOREVER));
        vm.warp(moment);
        assertTrue(organisations.isPermitted(workshop, shopKey, REGISTER) == (moment < until), "in its window");
        vm.warp(from - 1);
        assertFalse(organisations.isPermitted(workshop, shopKey, REGISTER), "before its window");
        vm.warp(until - 1);
        assertTrue(organisations.isPermitted(workshop, shopKey, REGISTER), "last second");
    }

    function testFuzz_aKeyMayDoWhatAllBitsAskedForAllow(uint16 held, uint16 asked) public {
        held = uint16(bound(held, 1, EVERYTHING));
        _setKey(shopKey, held, FOREVER);
        if (uint256(keccak256(abi.encode(asked))) % 2 == 0) asked &= held;
        // To certify, serve or arbitrate takes a role, too, and this workshop has another one.
        bool expected = asked != 0 && asked & ~held == 0 && asked & NEED_A_ROLE == 0;
        assertTrue(organisations.isPermitted(workshop, shopKey, asked) == expected, "permitted");
    }

    function testFuzz_aKeyWithoutTheRightToAdministerChangesNoKey(uint16 permissions) public {
        permissions = uint16(bound(permissions, 1, EVERYTHING)) & ~ADMINISTER;
        vm.assume(permissions != 0);
        _setKey(shopKey, permissions, FOREVER);
        _expectNotPermitted(shopKey);
    }

    function test_neitherRegistrarNorStrangerChangesAKey() public {
        _expectNotPermitted(administrator);
        _expectNotPermitted(address(registrar));
        _expectNotPermitted(stranger);
        _expectNotPermitted(workshop);
    }

    function test_anAdministratorOfOneOrganisationIsNobodyInAnother() public {
        address rival = _admit("rival", bob);
        vm.prank(bob);
        organisations.setKey(rival, shopKey, EVERYTHING, FOREVER, _direct(bob));
        _expectNotPermitted(bob);
        assertFalse(organisations.isPermitted(workshop, shopKey, TRANSFER), "key of the rival");
    }

    function test_namingSomebodyElsesKeyIsNotHoldingIt() public {
        vm.prank(stranger);
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidSignature.selector, makerKey));
        organisations.setKey(workshop, stranger, EVERYTHING, FOREVER, _direct(makerKey));
    }

    function test_whatCannotBeAKeyIsRefused() public {
        address rival = _admit("rival", bob);
        _expectInvalidKey(address(0), TRANSFER, FOREVER);
        _expectInvalidKey(workshop, TRANSFER, FOREVER);
        _expectInvalidKey(rival, TRANSFER, FOREVER);
        _expectInvalidKey(shopKey, 0, FOREVER);
        _expectInvalidKey(shopKey, EVERYTHING + 1, FOREVER);
        _expectInvalidKey(shopKey, type(uint16).max, FOREVER);
        _expectInvalidKey(shopKey, TRANSFER, START);
    }

    function test_aFirstKeyMustBeAKeyToo() public {
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidKey.selector, address(0)));
        organisations.admit("rival", MAKER, address(0));
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidKey.selector, workshop));
        organisations.admit("rival", MAKER, workshop);
    }

    function testFuzz_aRevokedKeyEndsNowAndNotBefore(uint48 asked, uint32 later) public {
        _setKey(shopKey, TRANSFER, FOREVER);
        vm.warp(uint256(START) + later);
        asked = uint48(bound(asked, 0, block.timestamp));
        vm.expectEmit(address(organisations));
        emit IOrganisations.KeySet(workshop, shopKey, TRANSFER, START, uint48(block.timestamp));
        _setKey(shopKey, 0, asked);
        assertFalse(organisations.isPermitted(workshop, shopKey, TRANSFER), "after");
        IOrganisations.KeyWindow memory window = organisations.keyOf(workshop, shopKey);
        assertEq(window.from, START, "from");
        assertEq(window.until, block.timestamp, "until");
        assertEq(window.permissions, TRANSFER, "permissions");
    }

    function test_aKeyIsRevokedOnce() public {
        _setKey(shopKey, TRANSFER, FOREVER);
        _revoke(shopKey);
        _expectInvalidKey(shopKey, 0, 0);
    }

    function test_aKeyThatReturnsStartsANewWindow() public {
        _setKey(shopKey, TRANSFER, FOREVER);
        vm.warp(START + 10);
        _revoke(shopKey);
        vm.warp(START + 20);
        _setKey(shopKey, TRANSFER, FOREVER);
        assertEq(organisations.keyOf(workshop, shopKey).from, START + 20, "from");
    }

    function testFuzz_noPermissionLooksOlderThanItIs(uint16 before, uint16 afterwards) public {
        before = uint16(bound(before, 1, EVERYTHING));
        afterwards = uint16(bound(afterwards, 1, EVERYTHING));
        _setKey(shopKey, before, FOREVER);
        vm.warp(START + 10);
        _setKey(shopKey, afterwards, FOREVER - 1);
        bool widened = afterwards & ~before != 0;
        IOrganisations.KeyWindow memory window = organisations.keyOf(workshop, shopKey);
        assertEq(window.from, widened ? START + 10 : START, "from");
        assertEq(window.until, FOREVER - 1, "until");
        assertEq(window.permissions, afterwards, "permissions");
    }

    function testFuzz_anAdministratorCannotLockItselfOut(uint48 until, uint16 permissions) public {
        permissions = uint16(bound(permissions, 0, EVERYTHING));
        vm.assume(until != FOREVER || permissions & ADMINISTER == 0);
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IOrganisations.SelfLockout.selector, workshop));
        organisations.setKey(workshop, makerKey, permissions, until, _direct(makerKey));
    }

    function test_anAdministratorMayExtendItsOwnWindow() public {
        _setKey(shopKey, EVERYTHING, START + 10);
        vm.prank(shopKey);
        organisations.setKey(workshop, shopKey, ADMINISTER, START + 20, _direct(shopKey));
        assertEq(organisations.keyOf(workshop, shopKey).until, START + 20, "until");
    }

    function test_anotherAdministratorEndsAnAdministrator() public {
        _setKey(shopKey, ADMINISTER, FOREVER);
        vm.prank(shopKey);
        organisations.setKey(workshop, makerKey, 0, 0, _direct(shopKey));
        assertFalse(organisations.isPermitted(workshop, makerKey, ADMINISTER), "the first key");
        _expectNotPermitted(makerKey);
    }

    function test_aSuspendedOrganisationStillRotatesItsKeys() public {
        _suspend(workshop);
        _setKey(shopKey, EVERYTHING, FOREVER);
        assertTrue(organisations.isPermitted(workshop, shopKey, TRANSFER), "new key");
    }

    function testFuzz_anybodyRelaysAnAdministratorsSignature(address relayer, uint32 later) public {
        uint48 deadline = START + later;
        Authorization memory authorization = _signedSetKey(shopKey, TRANSFER, FOREVER, 0, deadline);
        vm.warp(deadline);
        vm.prank(relayer);
        organisations.setKey(workshop, shopKey, TRANSFER, FOREVER, authorization);
        assertTrue(organisations.isPermitted(workshop, shopKey, TRANSFER), "key set");
        assertEq(organisations.organisationOf(workshop).nonce, 1, "nonce");
    }

    function testFuzz_aSignatureIsOverAfterItsDeadline(uint48 deadline, uint32 later) public {
        deadline = uint48(bound(deadline, 0, uint256(START) + later));
        Authorization memory authorization = _signedSetKey(shopKey, TRANSFER, FOREVER, 0, deadline);
        vm.warp(uint256(START) + later + 1);
        revertsWith(abi.encodeWithSelector(IOrganisations.SignatureExpired.selector, deadline));
        organisations.setKey(workshop, shopKey, TRANSFER, FOREVER, authorization);
    }

    function test_aSignatureIsUsedOnce() public {
        Authorization memory authorization = _signedSetKey(shopKey, TRANSFER, FOREVER, 0, FOREVER);
        organisations.setKey(workshop, shopKey, TRANSFER, FOREVER, authorization);
        _revoke(shopKey);
        _expectInvalidSignature(workshop, shopKey, TRANSFER, FOREVER, authorization);
    }

    function test_aSignatureLeftUnusedCannotUndoALaterRevocation() public {
        Authorization memory authorization = _signedSetKey(shopKey, TRANSFER, FOREVER, 0, FOREVER);
        _setKey(shopKey, TRANSFER, FOREVER);
        _revoke(shopKey);
        _expectInvalidSignature(workshop, shopKey, TRANSFER, FOREVER, authorization);
    }

    function testFuzz_aSignatureIsGoodForExactlyWhatItSays(uint8 field, uint16 by) public {
        address rival = _admit("rival", makerKey);
        uint256 shift = bound(by, 1, 100);
        field = uint8(bound(field, 0, 4));
        Authorization memory authorization = _signedSetKey(shopKey, TRANSFER, START + 500, 0, START + 600);
        address organisation = field == 0 ? rival : workshop;
        address key = field == 1 ? address(uint160(shopKey) + uint160(shift)) : shopKey;
        uint16 permissions = field == 2 ? uint16(2 + (shift % 13) + 1) : TRANSFER;
        uint48 until = uint48(START + 500 + (field == 3 ? shift : 0));
        if (field == 4) authorization.deadline += uint48(shift);
        _expectInvalidSignature(organisation, key, permissions, until, authorization);
    }

    function test_aSignatureIsForOneChainAndOneContract() public {
        Authorization memory authorization = _signedSetKey(shopKey, TRANSFER, FOREVER, 0, FOREVER);
        TestedOrganisations other = _deployOrganisations();
        vm.prank(administrator);
        address there = other.admit("atelier-lune", MAKER, makerKey);
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidSignature.selector, makerKey));
        other.setKey(there, shopKey, TRANSFER, FOREVER, authorization);
        vm.chainId(block.chainid + 1);
        _expectInvalidSignature(workshop, shopKey, TRANSFER, FOREVER, authorization);
    }

    function test_aContractAccountIsAKeyByCallingAndBySigning() public {
        SmartWallet wallet = new SmartWallet(alice);
        _setKey(address(wallet), ADMINISTER, FOREVER);
        bytes memory data = abi.encodeCall(
            IOrganisations.setKey,
            (workshop, shopKey, TRANSFER, FOREVER, _direct(address(wallet)))
        );
        vm.prank(alice);
        wallet.call(address(organisations), data);

        bytes32 digest = _setKeyDigest(workshop, bob, TRANSFER, FOREVER, 2, FOREVER);
        Authorization memory authorization = _signed(ALICE_SECRET, FOREVER, digest);
        authorization.key = address(wallet);
        organisations.setKey(workshop, bob, TRANSFER, FOREVER, authorization);
        assertTrue(organisations.isPermitted(workshop, bob, TRANSFER), "key set by the wallet");
    }

    function test_aBrokenWalletsSignatureIsNone() public {
        BrokenWallet wallet = new BrokenWallet();
        _setKey(address(wallet), ADMINISTER, FOREVER);
        _expectInvalidSignature(workshop, bob, TRANSFER, FOREVER, Authorization(address(wallet), FOREVER, hex"01"));
    }

    function test_aDelegatedAccountStillSignsWithItsKey() public {
        _delegate(makerKey);
        Authorization memory authorization = _signedSetKey(shopKey, TRANSFER, FOREVER, 0, FOREVER);
        organisations.setKey(workshop, shopKey, TRANSFER, FOREVER, authorization);
        assertTrue(makerKey.code.length != 0, "account has code");
        assertTrue(organisations.isPermitted(workshop, shopKey, TRANSFER), "key set");
    }

    function _signedSetKey(
        address key,
        uint16 permissions,
        uint48 until,
        uint32 nonce,
        uint48 deadline
    ) private view returns (Authorization memory) {
        return _signed(MAKER_SECRET, deadline, _setKeyDigest(workshop, key, permissions, until, nonce, deadline));
    }

    function _expectInvalidSignature(
        address organisation,
        address key,
        uint16 permissions,
        uint48 until,
        Authorization memory authorization
    ) private {
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidSignature.selector, authorization.key));
        organisations.setKey(organisation, key, permissions, until, authorization);
    }

    function _expectNotPermitted(address caller) private {
        vm.prank(caller);
        revertsWith(_notPermitted(workshop, caller, ADMINISTER));
        organisations.setKey(workshop, bob, EVERYTHING, FOREVER, _direct(caller));
    }

    function _expectInvalidKey(address key, uint16 permissions, uint48 until) private {
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidKey.selector, key));
        organisations.setKey(workshop, key, permissions, until, _direct(makerKey));
    }
}
