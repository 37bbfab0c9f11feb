// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IOrganisations} from "../../contracts/interfaces/IOrganisations.sol";
import {Ledger} from "./support/Ledger.sol";

contract OrganisationsRegistrarTest is Ledger {
    uint32 private constant CERTIFIER = 4;

    function testFuzz_anAdmittedOrganisationIsWhatTheRegistrarSaid(uint32 roles, uint32 later) public {
        roles = uint32(bound(roles, 1, 63));
        vm.warp(uint256(START) + later);
        bytes32 hash = keccak256(
            abi.encode(keccak256("touchstone.organisation.v1"), block.chainid, address(organisations), "n-14")
        );
        address expected = address(uint160(uint256(hash)));
        vm.expectEmit(address(organisations));
        emit IOrganisations.OrganisationAdmitted(expected, bytes32("n-14"), roles);
        vm.expectEmit(address(organisations));
        emit IOrganisations.KeySet(expected, alice, EVERYTHING, uint48(block.timestamp), FOREVER);
        vm.prank(administrator);
        address organisation = organisations.admit("n-14", roles, alice);

        assertEq(organisation, expected, "address");
        IOrganisations.Organisation memory entry = organisations.organisationOf(organisation);
        assertEq(entry.admittedAt, block.timestamp, "admitted at");
        assertEq(entry.suspendedAt, 0, "suspended at");
        assertEq(entry.roles, roles, "roles");
        assertEq(entry.nonce, 0, "nonce");
        assertEq(entry.handle, bytes32("n-14"), "handle");
        assertEq(organisations.organisationByHandle("n-14"), organisation, "by handle");
    }

    function test_whatWasNeverAdmittedIsNothing() public view {
        assertEq(organisations.organisationByHandle("nobody"), address(0), "by handle");
        assertEq(organisations.organisationOf(stranger).admittedAt, 0, "admitted at");
        assertFalse(organisations.isPermitted(stranger, stranger, TRANSFER), "permitted for itself");
        assertFalse(organisations.isPermitted(address(0), address(0), EVERYTHING), "zero permitted");
    }

    function testFuzz_nobodyButTheRegistrarDecidesWhoIsWhat(address caller) public {
        vm.assume(caller != administrator && caller != address(registrar));
        bytes memory refusal = _notRegistrar(caller);
        vm.prank(caller);
        revertsWith(refusal);
        organisations.admit("rival", MAKER, caller);
        vm.prank(caller);
        revertsWith(refusal);
        organisations.setRoles(workshop, 63);
        vm.prank(caller);
        revertsWith(refusal);
        organisations.suspend(workshop, "envy");
        vm.prank(caller);
        revertsWith(refusal);
        organisations.reinstate(workshop);
        vm.prank(caller);
        revertsWith(refusal);
        organisations.grantPrefix(workshop, 10614141);
        vm.prank(caller);
        revertsWith(refusal);
        organisations.withdrawPrefix(workshop, 10614141);
        vm.prank(caller);
        revertsWith(refusal);
        organisations.setAuthority(caller);
    }

    function test_theWorkshopsOwnKeyIsNoRegistrar() public {
        vm.prank(makerKey);
        revertsWith(_notRegistrar(makerKey));
        organisations.setRoles(workshop, 63);
    }

    function test_anOfficerMayDoExactlyWhatTheRegistrarDelegates() public {
        bytes4[] memory admission = new bytes4[](1);
        admission[0] = IOrganisations.admit.selector;
        vm.prank(administrator);
        registrar.setTargetFunctionRole(address(organisations), admission, 7);
        vm.prank(administrator);
        registrar.grantRole(7, alice, 0);

        vm.prank(alice);
        address rival = organisations.admit("rival", MAKER, bob);
        vm.prank(alice);
        revertsWith(_notRegistrar(alice));
        organisations.suspend(rival, "not hers to say");
    }

    function test_aRegistrarHandsOverToAnotherAndKeepsNothing() public {
        address successor = _deploy("contracts/Registrar.sol:Registrar", abi.encode(alice));
        vm.prank(administrator);
        registrar.updateAuthority(address(organisations), successor);
        vm.prank(administrator);
        revertsWith(_notRegistrar(administrator));
        organisations.suspend(workshop, "too late");
        vm.prank(alice);
        organisations.suspend(workshop, "first day");
    }

    function test_anOfficerWithADelayAnnouncesFirst() public {
        bytes4[] memory admission = new bytes4[](1);
        admission[0] = IOrganisations.admit.selector;
        vm.prank(administrator);
        registrar.setTargetFunctionRole(address(organisations), admission, 7);
        vm.prank(administrator);
        registrar.grantRole(7, alice, 1 days);
        bytes memory plan = abi.encodeCall(IOrganisations.admit, ("rival", MAKER, bob));
        bytes32 unannounced = registrar.hashOperation(alice, address(organisations), plan);
        vm.prank(alice);
        revertsWith(abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, unannounced));
        organisations.admit("rival", MAKER, bob);

        vm.prank(alice);
        registrar.schedule(address(organisations), plan, 0);
        vm.warp(START + 1 days);
        vm.prank(alice);
        organisations.admit("rival", MAKER, bob);
        assertTrue(organisations.organisationByHandle("rival") != address(0), "admitted");
    }

    function test_aRegistrarIsAContract() public {
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IAccessManaged.AccessManagedInvalidAuthority.selector, stranger));
        registrar.updateAuthority(address(organisations), stranger);
    }

    function testFuzz_aHandleWithAnyOtherCharacterIsRefused(uint8 position, bytes1 character) public {
        bytes memory handle = bytes("atelier-nuit");
        uint256 place = bound(position, 0, handle.length - 1);
        bool inside = place != 0 && place != handle.length - 1;
        vm.assume(character < "a" || character > "z");
        vm.assume(character < "0" || character > "9");
        vm.assume(!(inside && character == "-"));
        handle[place] = character;
        _expectInvalidHandle(string(handle));
    }

    function test_aHandleHasThreeToThirtyOneCharacters() public {
        _expectInvalidHandle("");
        _expectInvalidHandle("ab");
        _expectInvalidHandle("abcdefghijklmnopqrstuvwxyz012345");
        _admit("abc", alice);
        assertEq(
            organisations.organisationOf(_admit("abcdefghijklmnopqrstuvwxyz01234", alice)).handle,
            bytes32("abcdefghijklmnopqrstuvwxyz01234"),
            "31 characters"
        );
    }

    function test_aHandleIsNeverGivenTwiceNotEvenAfterSuspension() public {
        _suspend(workshop);
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.HandleTaken.selector, "atelier-lune"));
        organisations.admit("atelier-lune", MAKER, alice);
    }

    function testFuzz_rolesNobodyKnowsAreRefused(uint32 roles) public {
        vm.assume(roles == 0 || roles > 63);
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidRoles.selector, roles));
        organisations.admit("rival", roles, alice);
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidRoles.selector, roles));
        organisations.setRoles(workshop, roles);
    }

    function test_rolesCannotBeEmpty() public {
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidRoles.selector, 0));
        organisations.setRoles(workshop, 0);
    }

    function testFuzz_rolesAreReplacedAndNothingElse(uint32 roles) public {
        roles = uint32(bound(roles, 1, 63));
        vm.expectEmit(address(organisations));
        emit IOrganisations.RolesSet(workshop, roles);
        vm.prank(administrator);
        organisations.setRoles(workshop, roles);
        IOrganisations.Organisation memory entry = organisations.organisationOf(workshop);
        assertEq(entry.roles, roles, "roles");
        assertEq(entry.admittedAt, START, "admitted at");
        assertEq(entry.handle, bytes32("atelier-lune"), "handle");
    }

    function test_whatIsNoOrganisationCannotBeTreatedAsOne() public {
        bytes memory refusal = abi.encodeWithSelector(IOrganisations.UnknownOrganisation.selector, stranger);
        vm.prank(administrator);
        revertsWith(refusal);
        organisations.setRoles(stranger, 1);
        vm.prank(administrator);
        revertsWith(refusal);
        organisations.suspend(stranger, "");
        vm.prank(administrator);
        revertsWith(refusal);
        organisations.reinstate(stranger);
        vm.prank(administrator);
        revertsWith(refusal);
        organisations.grantPrefix(stranger, 10614141);
    }

    function test_aSuspendedOrganisationNeitherRegistersNorCertifiesButKeepsTheRest() public {
        vm.prank(administrator);
        organisations.setRoles(workshop, MAKER | CERTIFIER);
        assertTrue(organisations.isPermitted(workshop, makerKey, REGISTER | CERTIFY), "in good standing");
        vm.expectEmit(address(organisations));
        emit IOrganisations.OrganisationSuspended(workshop, "unpaid fees");
        _suspend(workshop);
        assertEq(organisations.organisationOf(workshop).suspendedAt, START, "since");
        assertFalse(organisations.isPermitted(workshop, makerKey, REGISTER), "registers");
        assertFalse(organisations.isPermitted(workshop, makerKey, CERTIFY), "certifies");
        assertTrue(organisations.isPermitted(workshop, makerKey, TRANSFER), "passes on");
        assertTrue(organisations.isPermitted(workshop, makerKey, ADMINISTER), "rotates keys");

        vm.expectEmit(address(organisations));
        emit IOrganisations.OrganisationReinstated(workshop);
        vm.prank(administrator);
        organisations.reinstate(workshop);
        assertTrue(organisations.isPermitted(workshop, makerKey, REGISTER | CERTIFY), "reinstated");
    }

    function test_suspendingTwiceAndReinstatingTwiceAreRefused() public {
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.NotSuspended.selector, workshop));
        organisations.reinstate(workshop);
        _suspend(workshop);
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.AlreadySuspended.selector, workshop));
        organisations.suspend(workshop, "again");
    }

    function testFuzz_aPrefixOfSevenToTwelveDigitsIsGrantedAndWithdrawn(uint256 digits, uint256 value) public {
        uint256 floor = 10 ** bound(digits, 7, 12);
        uint64 prefix = uint64(floor + bound(value, 0, floor - 1));
        vm.expectEmit(address(organisations));
        emit IOrganisations.PrefixGranted(prefix, workshop);
        vm.prank(administrator);
        organisations.grantPrefix(workshop, prefix);
        assertEq(organisations.prefixHolder(prefix), workshop, "holder");

        vm.expectEmit(address(organisations));
        emit IOrganisations.PrefixWithdrawn(prefix, workshop);
        vm.prank(administrator);
        organisations.withdrawPrefix(workshop, prefix);
        assertEq(organisations.prefixHolder(prefix), address(0), "holder after");
    }

    function testFuzz_anyOtherNumberIsNoPrefix(uint64 prefix) public {
        for (uint256 floor = 1e7; floor <= 1e12; floor *= 10) vm.assume(prefix < floor || prefix >= 2 * floor);
        _expectInvalidPrefix(prefix);
    }

    function test_aPrefixJustOutsideTheLimitsIsRefused() public {
        _expectInvalidPrefix(0);
        _expectInvalidPrefix(1_999_999);
        _expectInvalidPrefix(2e7);
        _expectInvalidPrefix(2e12);
        _expectInvalidPrefix(1e13);
    }

    function test_aPrefixHasOneHolderAtATime() public {
        address rival = _admit("rival", alice);
        vm.prank(administrator);
        organisations.grantPrefix(workshop, 10614141);
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.PrefixTaken.selector, 10614141, workshop));
        organisations.grantPrefix(rival, 10614141);
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.PrefixNotHeld.selector, 10614141, rival));
        organisations.withdrawPrefix(rival, 10614141);
    }

    function test_nobodysPrefixCannotBeWithdrawn() public {
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.PrefixNotHeld.selector, 10614141, address(0)));
        organisations.withdrawPrefix(address(0), 10614141);
    }

    function _expectInvalidHandle(string memory handle) private {
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidHandle.selector, handle));
        organisations.admit(handle, MAKER, alice);
    }

    function _expectInvalidPrefix(uint64 prefix) private {
        vm.prank(administrator);
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidPrefix.selector, prefix));
        organisations.grantPrefix(workshop, prefix);
    }
}
