// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ILots, LotHeader, Mass, Return} from "./interfaces/ILots.sol";
import {Authorization, IOrganisations} from "./interfaces/IOrganisations.sol";
import {IPasskeys} from "./interfaces/IPasskeys.sol";
import {BatchHeader, IPieces, Leaf, Standing} from "./interfaces/IPieces.sol";
import {Ids} from "./libraries/Ids.sol";
import {LotIds} from "./libraries/LotIds.sol";
import {LotStore} from "./parts/LotStore.sol";

/// @title Lots
/// @dev What it does and promises stands in ILots. Nobody administers it: it has no owner and no setting.
contract Lots is LotStore, Multicall {
    using BitMaps for BitMaps.BitMap;

    /// A piece that returns, while it does.
    struct Ended {
        uint224 batchId;
        uint256 tokenId;
        Standing standing;
    }

    uint16 internal constant REGISTER = 1;
    uint16 internal constant TRANSFER = 2;
    uint8 internal constant ENDED = 128;
    /// So that the parents of a lot can be walked back, and what is signed can be read.
    uint256 internal constant MAX_LOTS = 16;
    /// As many as a record has: what isn't returned at once never is.
    uint256 internal constant MAX_MATERIALS = 64;
    uint8 internal constant SPLIT = 1;
    uint8 internal constant MERGE = 2;
    uint8 internal constant REFINE = 3;
    uint8 internal constant RETURN = 4;

    bytes32 internal constant LOT_TYPEHASH = keccak256(
        "Lot(address organisation,bytes32 material,uint32 fineness,uint8 unit,uint8 custody,bytes32 origin,uint64 quantity,bytes32 contentHash,bytes32 parents,bytes32 salt)"
    );
    bytes32 internal constant DECLARE_TYPEHASH = keccak256(
        "Declare(Lot lot,uint48 deadline)Lot(address organisation,bytes32 material,uint32 fineness,uint8 unit,uint8 custody,bytes32 origin,uint64 quantity,bytes32 contentHash,bytes32 parents,bytes32 salt)"
    );
    bytes32 internal constant TRANSFER_TYPEHASH = keccak256(
        "TransferLot(bytes32 lotId,address from,address to,uint24 events,uint48 deadline)"
    );
    bytes32 internal constant SPLIT_TYPEHASH = keccak256(
        "Split(bytes32 lotId,bytes32[] outputs,uint24 events,uint48 deadline)"
    );
    bytes32 internal constant MERGE_TYPEHASH = keccak256(
        "Merge(bytes32[] lotIds,bytes32 output,uint24[] events,uint48 deadline)"
    );
    bytes32 internal constant REFINE_TYPEHASH = keccak256(
        "Refine(bytes32[] lotIds,uint64[] quantities,bytes32[] outputs,uint24[] events,uint48 deadline)"
    );
    bytes32 internal constant DRAW_TYPEHASH = keccak256(
        "Draw(uint224 batchId,bytes32[] lotIds,uint64[] quantities,uint24[] events,uint48 deadline)"
    );
    bytes32 internal constant RETURN_TYPEHASH = keccak256(
        "ReturnPiece(uint256 tokenId,address to,bytes32[] outputs,uint24 moves,uint24 events,uint48 deadline)"
    );

    constructor(
        IPieces pieces_,
        IOrganisations organisations_,
        IPasskeys passkeys_
    ) LotStore(pieces_, organisations_, passkeys_) {}

    /// @inheritdoc ILots
    function declare(LotHeader calldata lot, Authorization calldata authorization) external returns (bytes32 lotId) {
        require(lot.parents == 0 && lot.contentHash != 0, InvalidLot());
        _checkPermitted(lot.organisation, authorization.key, REGISTER);
        bytes32 lotHash = keccak256(abi.encode(LOT_TYPEHASH, lot));
        _checkConsent(keccak256(abi.encode(DECLARE_TYPEHASH, lotHash, authorization.deadline)), authorization);
        lotId = LotIds.id(lot);
        _create(lotId, lot);
        emit LotDeclared(lotId, lot.organisation, authorization.key, lot);
    }

    /// @inheritdoc ILots
    function transfer(bytes32 lotId, address to, Authorization calldata authorization) external {
        Lot memory lot = _existing(lotId);
        require(to != lot.holder && organisations.isOrganisation(to), NotAnOrganisation(to));
        require(lot.remaining != 0, NothingTaken(lotId));
        _checkPermitted(lot.holder, authorization.key, TRANSFER);
        _checkConsent(
            keccak256(abi.encode(TRANSFER_TYPEHASH, lotId, lot.holder, to, lot.events, authorization.deadline)),
            authorization
        );
        address from = lot.holder;
        lot.holder = to;
        ++lot.events;
        _lots[lotId] = lot;
        emit LotMoved(lotId, from, to, lot.events, authorization.key);
    }

    /// @inheritdoc ILots
    function split(
        LotHeader calldata lot,
        LotHeader[] calldata outputs,
        Authorization calldata authorization
    ) external returns (bytes32[] memory made) {
        _checkCount(outputs.length, 1, MAX_LOTS);
        bytes32 lotId = LotIds.id(lot);
        made = LotIds.ids(outputs);
        Lot memory found = _existing(lotId);
        _checkPermitted(found.holder, authorization.key, TRANSFER);
        _checkConsent(
            keccak256(abi.encode(SPLIT_TYPEHASH, lotId, _hash(made), found.events, authorization.deadline)),
            authorization
        );
        uint256 taken = 0;
        for (uint256 i = 0; i < outputs.length; ++i) {
            require(LotIds.alike(outputs[i], lot) && outputs[i].contentHash == lot.contentHash, NotDerived(i));
            taken += outputs[i].quantity;
        }
        bytes32 parents = LotIds.parents(lotId);
        _consume(lotId, taken, parents, SPLIT, authorization.key);
        _makeAll(made, outputs, found.holder, parents, SPLIT, authorization.key);
    }

    /// @inheritdoc ILots
    function merge(
        LotHeader[] calldata lots,
        LotHeader calldata output,
        Authorization calldata authorization
    ) external returns (bytes32 made) {
        _checkCount(lots.length, 2, MAX_LOTS);
        Inputs memory inputs = _inputs(LotIds.ids(lots));
        made = LotIds.id(output);
        _checkPermitted(inputs.holder, authorization.key, TRANSFER);
        _checkConsent(
            keccak256(
                abi.encode(MERGE_TYPEHASH, _hash(inputs.ids), made, _hash(inputs.events), authorization.deadline)
            ),
            authorization
        );
        bytes32 parents = LotIds.parents(inputs.ids);
        bytes32 statement = lots[0].contentHash;
        uint256 taken = 0;
        for (uint256 i = 0; i < lots.length; ++i) {
            require(LotIds.alike(lots[i], output), NotAlike(inputs.ids[i]));
            if (lots[i].contentHash != statement) statement = 0;
            uint64 remaining = _lots[inputs.ids[i]].remaining;
            taken += remaining;
            _consume(inputs.ids[i], remaining, parents, MERGE, authorization.key);
        }
        require(output.quantity == taken && output.contentHash == statement, NotDerived(0));
        _make(made, output, inputs.holder, parents, MERGE, authorization.key, 0);
    }

    /// @inheritdoc ILots
    function refine(
        LotHeader[] calldata lots,
        uint64[] calldata quantities,
        LotHeader[] calldata outputs,
        Authorization calldata authorization
    ) external returns (bytes32[] memory made) {
        _checkCount(lots.length, 1, MAX_LOTS);
        _checkCount(quantities.length, lots.length, lots.length);
        _checkCount(outputs.length, 1, MAX_LOTS);
        Inputs memory inputs = _inputs(LotIds.ids(lots));
        made = LotIds.ids(outputs);
        _checkPermitted(inputs.holder, authorization.key, REGISTER | TRANSFER);
        _checkConsent(_refineHash(inputs, quantities, made, authorization.deadline), authorization);
        _checkRefined(lots, quantities, outputs, inputs.ids);
        bytes32 parents = LotIds.parents(inputs.ids);
        for (uint256 i = 0; i < lots.length; ++i) {
            _consume(inputs.ids[i], quantities[i], parents, REFINE, authorization.key);
        }
        _makeAll(made, outputs, inputs.holder, parents, REFINE, authorization.key);
    }

    /// @inheritdoc ILots
    function draw(
        BatchHeader calldata header,
        bytes32[] calldata lotIds,
        uint64[] calldata quantities,
        Authorization calldata authorization
    ) external {
        _checkCount(lotIds.length, 1, MAX_LOTS);
        _checkCount(quantities.length, lotIds.length, lotIds.length);
        Inputs memory inputs = _inputs(lotIds);
        require(inputs.holder == header.organisation, NotHolders(lotIds[0], inputs.holder));
        _checkPermitted(inputs.holder, authorization.key, REGISTER);
        uint224 batchId = Ids.batchId(header);
        _checkConsent(_drawHash(batchId, inputs, quantities, authorization.deadline), authorization);
        for (uint256 i = 0; i < lotIds.length; ++i) {
            uint24 number = _take(lotIds[i], quantities[i]);
            _drawn[batchId][lotIds[i]].quantity += quantities[i];
            emit LotDrawn(lotIds[i], batchId, quantities[i], number, authorization.key);
        }
    }

    /// @inheritdoc ILots
    function returnPiece(
        Leaf calldata leaf,
        Mass[] calldata masses,
        Return[] calldata returns_,
        address to,
        Authorization calldata authorization
    ) external returns (bytes32[] memory made) {
        _checkCount(returns_.length, 1, MAX_MATERIALS);
        Ended memory piece = _ended(leaf, masses);
        made = new bytes32[](returns_.length);
        for (uint256 i = 0; i < made.length; ++i) made[i] = LotIds.id(returns_[i].output);
        _checkOwners(piece, to, authorization.key);
        _checkConsent(_returnHash(piece, to, made, authorization.deadline), authorization);
        require(!_returned.get(piece.tokenId), AlreadyReturned(piece.tokenId));
        _returned.set(piece.tokenId);
        bytes32 parents = LotIds.returned(piece.tokenId);
        for (uint256 i = 0; i < made.length; ++i) {
            require(i == 0 || returns_[i].mass > returns_[i - 1].mass, NotReturnable(i));
            require(returns_[i].mass < masses.length, NotReturnable(i));
            _giveBack(piece.batchId, masses[returns_[i].mass], returns_[i], i);
            _make(made[i], returns_[i].output, to, parents, RETURN, authorization.key, i);
        }
        emit PieceReturned(piece.tokenId, to, authorization.key);
    }

    /// @inheritdoc ILots
    function lotOf(bytes32 lotId) external view returns (address holder, uint64 remaining, uint24 events) {
        Lot memory lot = _lots[lotId];
        return (lot.holder, lot.remaining, lot.events);
    }

    /// @inheritdoc ILots
    function drawnOf(uint224 batchId, bytes32 lotId) external view returns (uint64 drawn, uint192 returned) {
        Drawn memory found = _drawn[batchId][lotId];
        return (found.quantity, found.returned);
    }

    /// @inheritdoc ILots
    function isReturned(uint256 tokenId) external view returns (bool) {
        return _returned.get(tokenId);
    }

    /// @inheritdoc ILots
    function lotIdOf(LotHeader calldata lot) external pure returns (bytes32) {
        return LotIds.id(lot);
    }

    /// @inheritdoc ILots
    function extraOf(Mass[] calldata masses) external pure returns (bytes32) {
        return LotIds.extra(masses);
    }

    /// The piece that this leaf proves, with these masses, and that has ended.
    function _ended(Leaf calldata leaf, Mass[] calldata masses) private view returns (Ended memory piece) {
        piece.batchId = Ids.batchId(leaf.header);
        piece.tokenId = Ids.tokenId(piece.batchId, leaf.index);
        bool proven = pieces.verifyRecord(
            leaf.header,
            leaf.index,
            leaf.recordHash,
            leaf.claimKey,
            leaf.extra,
            leaf.proof
        );
        require(proven && leaf.extra == LotIds.extra(masses), NotProven(piece.tokenId));
        piece.standing = pieces.standingOf(piece.tokenId);
        require(piece.standing.state & ENDED != 0, NotEnded(piece.tokenId));
    }

    /// A person is asked herself and no operator: what she gives away here is not the piece. Nor may a key that registers
    /// pass on what its organisation owns.
    function _checkOwners(Ended memory piece, address to, address key) private view {
        address owner = piece.standing.owner;
        if (organisations.isOrganisation(owner)) {
            require(to == owner, NotRecipient(to));
            _checkPermitted(owner, key, REGISTER);
        } else {
            require(key == owner, NotOwnersKey(piece.tokenId, key));
            IOrganisations.Organisation memory recipient = organisations.organisationOf(to);
            require(recipient.admittedAt != 0 && recipient.suspendedAt == 0, NotRecipient(to));
        }
    }

    /// What returns is of its mass's kind, and no more of it than that, nor than what is still out for the batch.
    function _giveBack(uint224 batchId, Mass calldata mass, Return calldata entry, uint256 place) private {
        LotHeader calldata source = entry.source;
        LotHeader calldata output = entry.output;
        bool metal = source.fineness != 0;
        require(
            LotIds.id(source) == mass.lotId &&
                source.material == mass.material &&
                source.unit == mass.unit &&
                metal == (mass.fineness != 0),
            NotReturnable(place)
        );
        require(
            output.material == mass.material &&
                output.fineness == mass.fineness &&
                output.unit == mass.unit &&
                output.quantity <= mass.quantity,
            NotReturnable(place)
        );
        // It has been a piece, in whatever hands: where it comes from is the piece, and nobody states anything about it.
        require(output.custody <= source.custody && output.origin == 0 && output.contentHash == 0, NotDerived(place));
        Drawn storage drawn = _drawn[batchId][mass.lotId];
        uint256 most = uint256(drawn.quantity) * (metal ? source.fineness : 1);
        uint256 returned = drawn.returned + uint256(output.quantity) * (metal ? output.fineness : 1);
        require(returned <= most, MassGained(most, returned));
        drawn.returned = uint192(returned);
    }

    /// One metal, no more of it out than in, and no better custody or origin than what went in.
    function _checkRefined(
        LotHeader[] calldata lots,
        uint64[] calldata quantities,
        LotHeader[] calldata outputs,
        bytes32[] memory ids
    ) private pure {
        uint256 fineIn = 0;
        uint8 custody = LAST_CUSTODY;
        bytes32 origin = lots[0].origin;
        for (uint256 i = 0; i < lots.length; ++i) {
            LotHeader calldata lot = lots[i];
            require(lot.fineness != 0 && lot.material == lots[0].material, NotAlike(ids[i]));
            if (lot.origin != origin) origin = 0;
            if (lot.custody < custody) custody = lot.custody;
            fineIn += uint256(quantities[i]) * lot.fineness;
        }
        uint256 fineOut = 0;
        for (uint256 i = 0; i < outputs.length; ++i) {
            LotHeader calldata output = outputs[i];
            require(
                output.material == lots[0].material &&
                    output.fineness != 0 &&
                    output.contentHash != 0 &&
                    output.custody <= custody &&
                    (output.origin == 0 || output.origin == origin),
                NotDerived(i)
            );
            fineOut += uint256(output.quantity) * output.fineness;
        }
        require(fineOut <= fineIn, MassGained(fineIn, fineOut));
    }

    function _refineHash(
        Inputs memory inputs,
        uint64[] calldata quantities,
        bytes32[] memory made,
        uint48 deadline
    ) private pure returns (bytes32) {
        bytes32 amounts = keccak256(abi.encodePacked(quantities));
        return
            keccak256(
                abi.encode(REFINE_TYPEHASH, _hash(inputs.ids), amounts, _hash(made), _hash(inputs.events), deadline)
            );
    }

    function _drawHash(
        uint224 batchId,
        Inputs memory inputs,
        uint64[] calldata quantities,
        uint48 deadline
    ) private pure returns (bytes32) {
        bytes32 amounts = keccak256(abi.encodePacked(quantities));
        return
            keccak256(abi.encode(DRAW_TYPEHASH, batchId, _hash(inputs.ids), amounts, _hash(inputs.events), deadline));
    }

    function _returnHash(
        Ended memory piece,
        address to,
        bytes32[] memory made,
        uint48 deadline
    ) private pure returns (bytes32) {
        Standing memory s = piece.standing;
        return keccak256(abi.encode(RETURN_TYPEHASH, piece.tokenId, to, _hash(made), s.moves, s.events, deadline));
    }
}
