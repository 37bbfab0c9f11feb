// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPasskeys} from "./IPasskeys.sol";

/// @notice How somebody shows that a key of an organisation wants a call.
/// @dev With an empty `signature` the caller itself must be `key`. Otherwise anybody may relay: `signature` is the
/// key's EIP-712 signature (65-byte ECDSA, ERC-1271 bytes, or a passkey's as IPasskeys tells) over the call's own typed
/// data, good up to and including the block time `deadline`.
struct Authorization {
    address key;
    uint48 deadline;
    bytes signature;
}

/// @title Organisations
/// @notice Who has been admitted to the ledger, in which roles, with which keys and GS1 company prefixes, since when.
/// @dev An organisation is an address that nobody has the key of: it owns pieces, and its operator keys act for it.
/// Rotating a key therefore moves nothing.
///
/// What the registrar can do: admit, set roles, suspend, reinstate, grant and withdraw prefixes, name a successor.
/// Warning: what the registrar can't do: add or revoke the key of an organisation it has admitted. Whoever could
/// appoint a key could move the organisation's pieces.
///
/// Roles, bits of `roles`: 1 maker, 2 custodian (records what it did not make), 4 certifier, 8 service centre,
/// 16 reseller, 32 arbiter.
/// Permissions, bits of `permissions`: 1 register, 2 transfer, 4 certify, 8 administer keys, 16 release (let a piece be
/// claimed by its card: what a shop's till needs, and nothing else), 32 serve (record work done on pieces), 64 state
/// (correct, recall or withdraw what was registered), 128 arbitrate.
interface IOrganisations {
    /// @notice A key's validity: usable while `from <= block.timestamp < until`. Extending it or taking permissions away
    /// keeps `from`; a permission more, or a return after the end, starts at block time. Earlier windows stand in KeySet.
    struct KeyWindow {
        uint48 from;
        uint48 until;
        uint16 permissions;
    }

    /// @notice What the ledger holds about an organisation.
    /// @param admittedAt Block time of admission; 0 if there is no such organisation.
    /// @param suspendedAt Block time since when it is suspended; 0 if it is in good standing.
    /// @param roles Bits as listed at the top.
    /// @param nonce Number of key changes since admission, signed or direct; a signature is for exactly one value, so
    /// any key change makes those not yet used worthless.
    /// @param handle 3 to 31 bytes of a-z, 0-9 and inner hyphens, left-aligned.
    struct Organisation {
        uint48 admittedAt;
        uint48 suspendedAt;
        uint32 roles;
        uint32 nonce;
        bytes32 handle;
    }

    event OrganisationAdmitted(address indexed organisation, bytes32 handle, uint32 roles);
    event RolesSet(address indexed organisation, uint32 roles);
    event OrganisationSuspended(address indexed organisation, string reason);
    event OrganisationReinstated(address indexed organisation);
    event PrefixGranted(uint64 indexed prefix, address indexed organisation);
    event PrefixWithdrawn(uint64 indexed prefix, address indexed organisation);
    /// @notice From now on `successor` speaks for what `organisation` registered. It owns nothing more by that.
    event OrganisationSucceeded(address indexed organisation, address indexed successor);
    event KeySet(address indexed organisation, address indexed key, uint16 permissions, uint48 from, uint48 until);

    /// @notice The handle is malformed.
    error InvalidHandle(string handle);
    /// @notice The handle belongs to an organisation already; handles are never given twice.
    error HandleTaken(string handle);
    /// @notice No organisation lives at this address.
    error UnknownOrganisation(address organisation);
    /// @notice Roles are empty or name a bit that has no meaning.
    error InvalidRoles(uint32 roles);
    /// @notice The organisation is suspended already.
    error AlreadySuspended(address organisation);
    /// @notice The organisation is not suspended.
    error NotSuspended(address organisation);
    /// @notice A prefix is 7 to 12 digits, written with a 1 before them.
    error InvalidPrefix(uint64 prefix);
    /// @notice The prefix belongs to `holder` now: withdraw it first.
    error PrefixTaken(uint64 prefix, address holder);
    /// @notice The prefix is not this organisation's.
    error PrefixNotHeld(uint64 prefix, address organisation);
    /// @notice The organisation has a successor already, and keeps it.
    error AlreadySucceeded(address organisation, address successor);
    /// @notice The organisation succeeds, or is, the one that is to succeed it.
    error CircularSuccession(address organisation, address successor);
    /// @notice A key can't be zero, an organisation, or have empty or unknown permissions or an empty window.
    error InvalidKey(address key);
    /// @notice `key` may not do this for `organisation` now.
    error NotPermitted(address organisation, address key, uint16 permission);
    /// @notice A key can't shorten its own window or end its own right to administer keys: another administrator does.
    error SelfLockout(address organisation);
    /// @notice The signature's time is over.
    error SignatureExpired(uint48 deadline);
    /// @notice The signature is not `key`'s over these typed data.
    error InvalidSignature(address key);

    /// @notice Registrar: admits an organisation with its first key, which gets every permission.
    /// @param handle 3 to 31 characters a-z, 0-9, hyphens inside; names own codes, never reused.
    /// @param roles Bits as listed at the top.
    /// @param firstKey An externally owned or contract account that the organisation controls.
    /// @return organisation Its address: low 160 bits of keccak256(abi.encode(TAG, chain id, this, handle)).
    function admit(string calldata handle, uint32 roles, address firstKey) external returns (address organisation);

    /// @notice Registrar: replaces an organisation's roles from now on.
    function setRoles(address organisation, uint32 roles) external;

    /// @notice Registrar: from now on the organisation can neither register nor certify. What it did before stays what
    /// it was; what it owns it may still pass on, and its keys it may still rotate.
    function suspend(address organisation, string calldata reason) external;

    /// @notice Registrar: ends a suspension.
    function reinstate(address organisation) external;

    /// @notice Registrar: attests that a GS1 company prefix is the organisation's.
    /// @param prefix The 7 to 12 digits as a number with a 1 written before them: "0614141" is 10614141.
    function grantPrefix(address organisation, uint64 prefix) external;

    /// @notice Registrar: ends a prefix grant. Batches anchored while it lasted keep their GTINs.
    function withdrawPrefix(address organisation, uint64 prefix) external;

    /// @notice Registrar: names, once and for good, the organisation that speaks for what another one registered: a bankrupt
    /// brand's successor. Pieces, keys, lots and prefixes stay where they are; a prefix is moved by withdrawing and granting.
    function succeed(address organisation, address successor) external;

    /// @notice Sets, changes or revokes (`until` not in the future) a key of an organisation.
    /// @dev Typed data: SetKey(address organisation,address key,uint16 permissions,uint48 until,uint32 nonce,uint48 deadline).
    /// Warning: an organisation whose last administrator key is lost can't get another one from anybody; keep two.
    /// @param until Block time from which the key is not usable any more.
    /// @param authorization By a key with the permission to administer keys.
    function setKey(
        address organisation,
        address key,
        uint16 permissions,
        uint48 until,
        Authorization calldata authorization
    ) external;

    /// @notice What is held about an organisation; all zero if there is none.
    function organisationOf(address organisation) external view returns (Organisation memory);

    /// @notice The organisation with this handle, or zero.
    function organisationByHandle(string calldata handle) external view returns (address);

    /// @notice The window of a key; all zero if it never was one.
    function keyOf(address organisation, address key) external view returns (KeyWindow memory);

    /// @notice Who holds a prefix now, or zero.
    function prefixHolder(uint64 prefix) external view returns (address);

    /// @notice The organisation that succeeded this one, or zero.
    function successorOf(address organisation) external view returns (address);

    /// @notice Whether `acting` is the organisation or stands in its line of successors, of which eight are followed.
    function speaksFor(address organisation, address acting) external view returns (bool);

    /// @notice Whether an organisation lives at this address.
    function isOrganisation(address account) external view returns (bool);

    /// @notice Whether `key` may do `permission` (given several bits: all of them) for `organisation` in this block.
    /// False for no bit and for what is no organisation.
    /// Registering, certifying, serving, stating and arbitrating need good standing; certifying the role of a certifier as
    /// well, serving that of a service centre, arbitrating that of an arbiter. Transferring, releasing and administering keys
    /// need neither.
    function isPermitted(address organisation, address key, uint16 permission) external view returns (bool);

    /// @notice Where passkeys are asked whether they signed; fixed.
    function passkeys() external view returns (IPasskeys);
}
