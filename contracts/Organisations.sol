// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Authorization, IOrganisations} from "./interfaces/IOrganisations.sol";
import {IPasskeys} from "./interfaces/IPasskeys.sol";
import {Ids} from "./libraries/Ids.sol";
import {Signatures} from "./libraries/Signatures.sol";

/// @title Organisations
/// @dev What it does and promises stands in IOrganisations.
contract Organisations is IOrganisations, AccessManaged, EIP712 {
    uint16 internal constant REGISTER = 1;
    uint16 internal constant CERTIFY = 4;
    uint16 internal constant ADMINISTER = 8;
    uint16 internal constant SERVE = 32;
    uint16 internal constant STATE = 64;
    uint16 internal constant ARBITRATE = 128;
    uint16 internal constant ALL_PERMISSIONS = 255;
    /// What is only done in good standing.
    uint16 internal constant STATEMENTS = REGISTER | CERTIFY | SERVE | STATE | ARBITRATE;
    uint32 internal constant ALL_ROLES = 63;
    uint32 internal constant CERTIFIER = 4;
    uint32 internal constant SERVICE_CENTRE = 8;
    uint32 internal constant ARBITER = 32;
    /// Longer lines of succession than a brand's history; reading one stays cheap.
    uint256 internal constant MAX_SUCCESSIONS = 8;
    bytes32 internal constant SET_KEY_TYPEHASH = keccak256(
        "SetKey(address organisation,address key,uint16 permissions,uint48 until,uint32 nonce,uint48 deadline)"
    );

    /// @inheritdoc IOrganisations
    IPasskeys public immutable passkeys;

    mapping(address organisation => Organisation) private _organisations;
    mapping(address organisation => mapping(address key => KeyWindow)) private _keys;
    mapping(uint64 prefix => address organisation) private _prefixes;
    mapping(address organisation => address) private _successors;

    constructor(
        address authority,
        IPasskeys passkeys_
    ) AccessManaged(authority) EIP712("Touchstone Organisations", "1") {
        passkeys = passkeys_;
    }

    /// @inheritdoc IOrganisations
    function admit(
        string calldata handle,
        uint32 roles,
        address firstKey
    ) external restricted returns (address organisation) {
        bytes32 packed = _checkedHandle(handle);
        organisation = Ids.organisation(handle);
        require(_organisations[organisation].admittedAt == 0, HandleTaken(handle));
        _checkRoles(roles);
        _organisations[organisation] = Organisation(uint48(block.timestamp), 0, roles, 0, packed);
        emit OrganisationAdmitted(organisation, packed, roles);
        _writeKey(organisation, firstKey, ALL_PERMISSIONS, type(uint48).max);
    }

    /// @inheritdoc IOrganisations
    function setRoles(address organisation, uint32 roles) external restricted {
        _existing(organisation);
        _checkRoles(roles);
        _organisations[organisation].roles = roles;
        emit RolesSet(organisation, roles);
    }

    /// @inheritdoc IOrganisations
    function suspend(address organisation, string calldata reason) external restricted {
        Organisation storage entry = _existing(organisation);
        require(entry.suspendedAt == 0, AlreadySuspended(organisation));
        entry.suspendedAt = uint48(block.timestamp);
        emit OrganisationSuspended(organisation, reason);
    }

    /// @inheritdoc IOrganisations
    function reinstate(address organisation) external restricted {
        Organisation storage entry = _existing(organisation);
        require(entry.suspendedAt != 0, NotSuspended(organisation));
        entry.suspendedAt = 0;
        emit OrganisationReinstated(organisation);
    }

    /// @inheritdoc IOrganisations
    function grantPrefix(address organisation, uint64 prefix) external restricted {
        _existing(organisation);
        _checkPrefix(prefix);
        address holder = _prefixes[prefix];
        require(holder == address(0), PrefixTaken(prefix, holder));
        _prefixes[prefix] = organisation;
        emit PrefixGranted(prefix, organisation);
    }

    /// @inheritdoc IOrganisations
    function withdrawPrefix(address organisation, uint64 prefix) external restricted {
        require(organisation != address(0) && _prefixes[prefix] == organisation, PrefixNotHeld(prefix, organisation));
        delete _prefixes[prefix];
        emit PrefixWithdrawn(prefix, organisation);
    }

    /// @inheritdoc IOrganisations
    function succeed(address organisation, address successor) external restricted {
        _existing(organisation);
        _existing(successor);
        address before = _successors[organisation];
        require(before == address(0), AlreadySucceeded(organisation, before));
        // Its whole line, however long: `speaksFor` follows eight, and a longer circle would be one, too.
        for (address one = successor; one != address(0); one = _successors[one]) {
            require(one != organisation, CircularSuccession(organisation, successor));
        }
        _successors[organisation] = successor;
        emit OrganisationSucceeded(organisation, successor);
    }

    /// @inheritdoc IOrganisations
    function setKey(
        address organisation,
        address key,
        uint16 permissions,
        uint48 until,
        Authorization calldata authorization
    ) external {
        require(
            isPermitted(organisation, authorization.key, ADMINISTER),
            NotPermitted(organisation, authorization.key, ADMINISTER)
        );
        // An administrator can't lock itself out by mistake: only another one may shorten its window or end its right.
        require(
            key != authorization.key || (until >= _keys[organisation][key].until && permissions & ADMINISTER != 0),
            SelfLockout(organisation)
        );
        // Counted up by direct calls too: else a signature left unused could undo a key change made after it.
        uint32 nonce = _organisations[organisation].nonce++;
        if (authorization.signature.length == 0) {
            require(msg.sender == authorization.key, InvalidSignature(authorization.key));
        } else {
            require(block.timestamp <= authorization.deadline, SignatureExpired(authorization.deadline));
            bytes32 digest = _hashTypedDataV4(
                keccak256(
                    abi.encode(SET_KEY_TYPEHASH, organisation, key, permissions, until, nonce, authorization.deadline)
                )
            );
            require(
                Signatures.isSignedBy(passkeys, authorization.key, digest, authorization.signature),
                InvalidSignature(authorization.key)
            );
        }
        _writeKey(organisation, key, permissions, until);
    }

    /// @inheritdoc IOrganisations
    function organisationOf(address organisation) external view returns (Organisation memory) {
        return _organisations[organisation];
    }

    /// @inheritdoc IOrganisations
    function organisationByHandle(string calldata handle) external view returns (address) {
        address organisation = Ids.organisation(handle);
        return _organisations[organisation].admittedAt == 0 ? address(0) : organisation;
    }

    /// @inheritdoc IOrganisations
    function keyOf(address organisation, address key) external view returns (KeyWindow memory) {
        return _keys[organisation][key];
    }

    /// @inheritdoc IOrganisations
    function prefixHolder(uint64 prefix) external view returns (address) {
        return _prefixes[prefix];
    }

    /// @inheritdoc IOrganisations
    function successorOf(address organisation) external view returns (address) {
        return _successors[organisation];
    }

    /// @inheritdoc IOrganisations
    function isOrganisation(address account) external view returns (bool) {
        return _organisations[account].admittedAt != 0;
    }

    /// @inheritdoc IOrganisations
    function isPermitted(address organisation, address key, uint16 permission) public view returns (bool) {
        KeyWindow memory window = _keys[organisation][key];
        if (permission == 0 || window.permissions & permission != permission) return false;
        if (block.timestamp < window.from || block.timestamp >= window.until) return false;
        if (permission & STATEMENTS == 0) return true;
        Organisation storage entry = _organisations[organisation];
        uint32 needed = 0;
        if (permission & CERTIFY != 0) needed |= CERTIFIER;
        if (permission & SERVE != 0) needed |= SERVICE_CENTRE;
        if (permission & ARBITRATE != 0) needed |= ARBITER;
        return entry.roles & needed == needed && entry.suspendedAt == 0;
    }

    /// @inheritdoc IOrganisations
    function speaksFor(address organisation, address acting) public view returns (bool) {
        address one = organisation;
        for (uint256 i = 0; i <= MAX_SUCCESSIONS; ++i) {
            if (one == acting) return one != address(0);
            one = _successors[one];
            if (one == address(0)) return false;
        }
        return false;
    }

    function _writeKey(address organisation, address key, uint16 permissions, uint48 until) private {
        require(key != address(0) && _organisations[key].admittedAt == 0, InvalidKey(key));
        KeyWindow storage window = _keys[organisation][key];
        uint48 now_ = uint48(block.timestamp);
        if (until <= now_) {
            // Revoked: the window ends now, whatever was asked, so that nothing is revoked retroactively.
            require(window.until > now_, InvalidKey(key));
            window.until = now_;
        } else {
            require(permissions != 0 && permissions <= ALL_PERMISSIONS, InvalidKey(key));
            // A new permission starts a new window: none is ever shown as held before it was given.
            bool continues = now_ < window.until && permissions & ~window.permissions == 0;
            _keys[organisation][key] = KeyWindow(continues ? window.from : now_, until, permissions);
        }
        emit KeySet(organisation, key, window.permissions, window.from, window.until);
    }

    function _existing(address organisation) private view returns (Organisation storage entry) {
        entry = _organisations[organisation];
        require(entry.admittedAt != 0, UnknownOrganisation(organisation));
    }

    function _checkRoles(uint32 roles) private pure {
        require(roles != 0 && roles <= ALL_ROLES, InvalidRoles(roles));
    }

    function _checkPrefix(uint64 prefix) private pure {
        for (uint64 floor = 1e7; floor <= 1e12; floor *= 10) {
            if (prefix >= floor && prefix < 2 * floor) return;
        }
        revert InvalidPrefix(prefix);
    }

    function _checkedHandle(string calldata handle) private pure returns (bytes32 packed) {
        bytes calldata text = bytes(handle);
        uint256 length = text.length;
        require(length >= 3 && length <= 31, InvalidHandle(handle));
        for (uint256 i = 0; i < length; ++i) {
            bytes1 c = text[i];
            bool inner = i != 0 && i != length - 1;
            bool allowed = (c >= "a" && c <= "z") || (c >= "0" && c <= "9") || (c == "-" && inner);
            require(allowed, InvalidHandle(handle));
        }
        return bytes32(text);
    }
}
