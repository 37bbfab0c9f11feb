// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ILots, LotHeader} from "../interfaces/ILots.sol";
import {Authorization, IOrganisations} from "../interfaces/IOrganisations.sol";
import {IPasskeys} from "../interfaces/IPasskeys.sol";
import {IPieces} from "../interfaces/IPieces.sol";
import {Signatures} from "../libraries/Signatures.sol";

/// @dev What is stored of lots, how one is born and how some of it is taken, and who must have said so. Nothing else
/// writes a lot, but for the move of a whole one.
abstract contract LotStore is ILots, EIP712 {
    /// One slot a lot. Whatever happens, the holder stays: by it one sees that the lot was there. Flags are reserved.
    struct Lot {
        address holder;
        uint64 remaining;
        uint24 events;
        uint8 flags;
    }

    /// One slot for a batch and a lot it draws from: without it a record alone would say how much a piece returns as, and
    /// make mass.
    struct Drawn {
        uint64 quantity;
        uint192 returned;
    }

    /// Lots that go into something: whose they are, which, how many events each had.
    struct Inputs {
        address holder;
        bytes32[] ids;
        uint24[] events;
    }

    uint8 internal constant MILLIGRAMS = 1;
    uint8 internal constant LAST_UNIT = 3;
    uint8 internal constant MASS_BALANCE = 3;
    uint8 internal constant LAST_CUSTODY = 6;
    uint32 internal constant PURE = 1_000_000;
    uint64 internal constant MAX_QUANTITY = 2 ** 53 - 1;

    /// @inheritdoc ILots
    IPieces public immutable pieces;
    /// @inheritdoc ILots
    IOrganisations public immutable organisations;
    /// @inheritdoc ILots
    IPasskeys public immutable passkeys;

    mapping(bytes32 lotId => Lot) internal _lots;
    mapping(uint224 batchId => mapping(bytes32 lotId => Drawn)) internal _drawn;
    /// By token id.
    BitMaps.BitMap internal _returned;

    constructor(IPieces pieces_, IOrganisations organisations_, IPasskeys passkeys_) EIP712("Touchstone Lots", "1") {
        pieces = pieces_;
        organisations = organisations_;
        passkeys = passkeys_;
    }

    /// The only place where a lot is born. Its birth is its first event.
    function _create(bytes32 lotId, LotHeader calldata lot) internal {
        require(lot.material != 0 && lot.quantity != 0 && lot.quantity <= MAX_QUANTITY, InvalidLot());
        require(lot.unit != 0 && lot.unit <= LAST_UNIT && lot.custody <= LAST_CUSTODY, InvalidLot());
        require(lot.fineness == 0 || (lot.fineness <= PURE && lot.unit == MILLIGRAMS), InvalidLot());
        require(lot.custody <= MASS_BALANCE || lot.origin != 0, InvalidLot());
        require(_lots[lotId].holder == address(0), LotExists(lotId));
        _lots[lotId] = Lot(lot.organisation, lot.quantity, 1, 0);
    }

    /// The only place where a lot becomes less.
    function _take(bytes32 lotId, uint256 quantity) internal returns (uint24 number) {
        Lot memory lot = _lots[lotId];
        require(quantity != 0, NothingTaken(lotId));
        require(quantity <= lot.remaining, NotEnough(lotId, lot.remaining));
        lot.remaining -= uint64(quantity);
        number = ++lot.events;
        _lots[lotId] = lot;
    }

    function _consume(bytes32 lotId, uint256 quantity, bytes32 parents, uint8 operation, address key) internal {
        uint24 number = _take(lotId, quantity);
        emit LotConsumed(lotId, parents, uint64(quantity), number, operation, key);
    }

    function _makeAll(
        bytes32[] memory lotIds,
        LotHeader[] calldata outputs,
        address organisation,
        bytes32 parents,
        uint8 operation,
        address key
    ) internal {
        for (uint256 i = 0; i < outputs.length; ++i) {
            _make(lotIds[i], outputs[i], organisation, parents, operation, key, i);
        }
    }

    function _make(
        bytes32 lotId,
        LotHeader calldata output,
        address organisation,
        bytes32 parents,
        uint8 operation,
        address key,
        uint256 place
    ) internal {
        require(output.organisation == organisation && output.parents == parents, NotDerived(place));
        _create(lotId, output);
        emit LotMade(lotId, organisation, parents, operation, key, output);
    }

    /// Lots of one holder, in ascending order, so that none comes twice and their list has one hash.
    function _inputs(bytes32[] memory lotIds) internal view returns (Inputs memory inputs) {
        inputs.ids = lotIds;
        inputs.events = new uint24[](lotIds.length);
        for (uint256 i = 0; i < lotIds.length; ++i) {
            bytes32 lotId = lotIds[i];
            require(i == 0 || lotId > lotIds[i - 1], NotAscending(lotId));
            Lot memory lot = _existing(lotId);
            if (i == 0) inputs.holder = lot.holder;
            require(lot.holder == inputs.holder, NotHolders(lotId, lot.holder));
            inputs.events[i] = lot.events;
        }
    }

    function _existing(bytes32 lotId) internal view returns (Lot memory lot) {
        lot = _lots[lotId];
        require(lot.holder != address(0), UnknownLot(lotId));
    }

    function _checkPermitted(address organisation, address key, uint16 permission) internal view {
        require(
            organisations.isPermitted(organisation, key, permission),
            IOrganisations.NotPermitted(organisation, key, permission)
        );
    }

    /// An empty signature is the caller's own word.
    function _checkConsent(bytes32 structHash, Authorization calldata authorization) internal view {
        if (authorization.signature.length == 0) {
            require(msg.sender == authorization.key, InvalidSignature(authorization.key));
        } else {
            require(block.timestamp <= authorization.deadline, SignatureExpired(authorization.deadline));
            require(
                Signatures.isSignedBy(
                    passkeys,
                    authorization.key,
                    _hashTypedDataV4(structHash),
                    authorization.signature
                ),
                InvalidSignature(authorization.key)
            );
        }
    }

    function _checkCount(uint256 count, uint256 least, uint256 most) internal pure {
        require(count >= least && count <= most, InvalidCount());
    }

    function _hash(bytes32[] memory list) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(list));
    }

    function _hash(uint24[] memory list) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(list));
    }
}
