// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {
    TestedCertificates,
    TestedLifeEvents,
    TestedOrganisations,
    TestedPieces,
    TestedRegistrar
} from "./Contracts.sol";
import {Authorization, IOrganisations} from "../../../contracts/interfaces/IOrganisations.sol";
import {IPasskeys} from "../../../contracts/interfaces/IPasskeys.sol";
import {BatchHeader, Companions} from "../../../contracts/interfaces/IPieces.sol";
import {DelegatedCode} from "./Wallets.sol";
import {Test} from "./Test.sol";

/// A ledger with one workshop, its first key, and people who may or may not come to own a piece. Typed data are
/// hashed here anew, from the text of the interfaces, so that a changed type or domain in the contracts shows.
abstract contract Ledger is Test {
    uint16 internal constant REGISTER = 1;
    uint16 internal constant TRANSFER = 2;
    uint16 internal constant CERTIFY = 4;
    uint16 internal constant ADMINISTER = 8;
    uint16 internal constant SERVE = 32;
    uint16 internal constant STATE = 64;
    uint16 internal constant ARBITRATE = 128;
    uint16 internal constant NEED_A_ROLE = CERTIFY | SERVE | ARBITRATE;
    uint16 internal constant EVERYTHING = 255;
    uint32 internal constant SERVICE_CENTRE = 8;
    uint32 internal constant ARBITER = 32;
    uint32 internal constant MAKER = 1;
    uint48 internal constant START = 1_700_000_000;
    uint48 internal constant FOREVER = type(uint48).max;
    bytes32 internal constant ROOT = keccak256("root");

    uint256 internal constant MAKER_SECRET = 0xA1;
    uint256 internal constant SHOP_SECRET = 0xA2;
    uint256 internal constant ALICE_SECRET = 0xA3;
    uint256 internal constant BOB_SECRET = 0xA4;

    address internal constant administrator = address(0xAD);
    address internal constant stranger = address(0x57);
    address internal makerKey = vm.addr(MAKER_SECRET);
    address internal shopKey = vm.addr(SHOP_SECRET);
    address internal alice = vm.addr(ALICE_SECRET);
    address internal bob = vm.addr(BOB_SECRET);

    TestedRegistrar internal registrar;
    IPasskeys internal passkeys;
    TestedOrganisations internal organisations;
    TestedCertificates internal certificates;
    TestedPieces internal pieces;
    TestedLifeEvents internal lifeEvents;
    address internal workshop;

    function setUp() public virtual {
        vm.warp(START);
        registrar = TestedRegistrar(_deploy("contracts/Registrar.sol:Registrar", abi.encode(administrator)));
        passkeys = IPasskeys(_deploy("contracts/Passkeys.sol:Passkeys", ""));
        organisations = _deployOrganisations();
        certificates = TestedCertificates(
            _deploy("contracts/Certificates.sol:Certificates", abi.encode(organisations, passkeys))
        );
        pieces = _deployPieces(address(0), "https://example.org/t/");
        lifeEvents = TestedLifeEvents(pieces.lifeEvents());
        workshop = _admit("atelier-lune", makerKey);
    }

    function _deployOrganisations() internal returns (TestedOrganisations) {
        return
            TestedOrganisations(_deploy("contracts/Organisations.sol:Organisations", abi.encode(registrar, passkeys)));
    }

    /// With the contract for its life events, which the registry names before it is there.
    function _deployPieces(address predecessor, string memory baseURI) internal returns (TestedPieces registry) {
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        Companions memory companions = Companions(certificates, address(0), next, passkeys);
        bytes memory arguments = abi.encode(organisations, companions, registrar, predecessor, baseURI);
        registry = TestedPieces(_deploy("contracts/Pieces.sol:Pieces", arguments));
        address deployed = _deploy(
            "contracts/LifeEvents.sol:LifeEvents",
            abi.encode(registry, organisations, passkeys)
        );
        assertEq(deployed, next, "where life events are");
    }

    function _admit(string memory handle, address key) internal returns (address) {
        vm.prank(administrator);
        return organisations.admit(handle, MAKER, key);
    }

    function _suspend(address organisation) internal {
        vm.prank(administrator);
        organisations.suspend(organisation, "unpaid fees");
    }

    function _setKey(address key, uint16 permissions, uint48 until) internal {
        vm.prank(makerKey);
        organisations.setKey(workshop, key, permissions, until, _direct(makerKey));
    }

    function _revoke(address key) internal {
        _setKey(key, 0, 0);
    }

    function _register(uint32 count) internal returns (uint224) {
        vm.prank(makerKey);
        return pieces.register(_rootOnly(ROOT, count), _direct(makerKey));
    }

    /// A piece that has left its range already, owned by `owner`.
    function _pieceOf(address owner) internal returns (uint256 token) {
        token = _token(_register(3), 1);
        vm.prank(makerKey);
        pieces.transferFrom(workshop, owner, token);
    }

    /// Makes an externally owned account one that delegates by EIP-7702: its code is the delegation designator.
    function _delegate(address account) internal {
        vm.etch(account, abi.encodePacked(hex"ef0100", address(new DelegatedCode())));
    }

    function _rootOnly(bytes32 root, uint32 count) internal view returns (BatchHeader memory) {
        return BatchHeader(workshop, root, count, 0, 0, 0);
    }

    function _token(uint224 batch, uint32 index) internal pure returns (uint256) {
        return (uint256(batch) << 32) + index;
    }

    function _direct(address key) internal pure returns (Authorization memory) {
        return Authorization(key, 0, "");
    }

    function _signed(uint256 secret, uint48 deadline, bytes32 digest) internal pure returns (Authorization memory) {
        return Authorization(vm.addr(secret), deadline, _signature(secret, digest));
    }

    function _signature(uint256 secret, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secret, digest);
        return abi.encodePacked(r, s, v);
    }

    function _digest(address verifier, string memory name, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _transferDigest(
        uint256 token,
        address from,
        address to,
        uint24 moves,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256("Transfer(uint256 tokenId,address from,address to,uint24 moves,uint48 deadline)");
        bytes32 structHash = keccak256(abi.encode(kind, token, from, to, moves, deadline));
        return _digest(address(pieces), "Touchstone Pieces", structHash);
    }

    function _registerDigest(BatchHeader memory h, uint48 deadline) internal view returns (bytes32) {
        bytes32 kind = keccak256(
            "Register(address organisation,bytes32 root,uint32 count,uint8 mode,bytes32 payloadHash,uint32 parts,uint48 deadline)"
        );
        bytes32 structHash = keccak256(
            abi.encode(kind, h.organisation, h.root, h.count, h.mode, h.payloadHash, h.parts, deadline)
        );
        return _digest(address(pieces), "Touchstone Pieces", structHash);
    }

    function _setKeyDigest(
        address organisation,
        address key,
        uint16 permissions,
        uint48 until,
        uint32 nonce,
        uint48 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256(
            "SetKey(address organisation,address key,uint16 permissions,uint48 until,uint32 nonce,uint48 deadline)"
        );
        bytes32 structHash = keccak256(abi.encode(kind, organisation, key, permissions, until, nonce, deadline));
        return _digest(address(organisations), "Touchstone Organisations", structHash);
    }

    function _notRegistrar(address caller) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
    }

    function _notPermitted(address organisation, address key, uint16 what) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOrganisations.NotPermitted.selector, organisation, key, what);
    }
}
