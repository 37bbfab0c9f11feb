// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ICertificates} from "./interfaces/ICertificates.sol";
import {Authorization, IOrganisations} from "./interfaces/IOrganisations.sol";
import {BatchHeader, Companions, IPieces, Leaf} from "./interfaces/IPieces.sol";
import {Ids} from "./libraries/Ids.sol";
import {RangeSlot, Slots} from "./libraries/Slots.sol";
import {PieceClaims} from "./parts/PieceClaims.sol";
import {PieceNotes} from "./parts/PieceNotes.sol";
import {PieceRanges} from "./parts/PieceRanges.sol";
import {PieceShipments} from "./parts/PieceShipments.sol";
import {PieceStore} from "./parts/PieceStore.sol";

/// @title Pieces
/// @dev What it does and promises stands in IPieces.
contract Pieces is AccessManaged, PieceRanges, PieceShipments, PieceClaims, PieceNotes, IERC721Metadata, Multicall {
    using Strings for uint256;

    uint8 internal constant ROOT_ONLY = 0;
    uint8 internal constant PUBLISHED = 1;
    uint32 internal constant MAX_COUNT = 131_072;
    uint32 internal constant MAX_PARTS = 2_048;
    bytes4 internal constant ERC4906_ID = 0x49064906;
    bytes4 internal constant ERC5192_ID = 0xb45a3c0e;
    bytes32 internal constant REGISTER_TYPEHASH = keccak256(
        "Register(address organisation,bytes32 root,uint32 count,uint8 mode,bytes32 payloadHash,uint32 parts,uint48 deadline)"
    );
    bytes32 internal constant TRANSFER_TYPEHASH = keccak256(
        "Transfer(uint256 tokenId,address from,address to,uint24 moves,uint48 deadline)"
    );

    /// @inheritdoc IPieces
    ICertificates public immutable certificates;
    /// @inheritdoc IPieces
    address public immutable lots;
    /// @inheritdoc IPieces
    address public immutable predecessor;

    constructor(
        IOrganisations organisations_,
        Companions memory companions,
        address authority,
        address predecessor_,
        string memory baseURI
    ) PieceStore(organisations_, companions.passkeys) PieceNotes(companions.lifeEvents) AccessManaged(authority) {
        certificates = companions.certificates;
        lots = companions.lots;
        predecessor = predecessor_;
        _baseURI = baseURI;
    }

    /// @inheritdoc IPieces
    function register(
        BatchHeader calldata header,
        Authorization calldata authorization
    ) external returns (uint224 batchId) {
        bool published = header.mode == PUBLISHED;
        require(header.root != 0 && header.count != 0 && header.count <= MAX_COUNT, InvalidHeader());
        require(published || header.mode == ROOT_ONLY, InvalidHeader());
        require(published == (header.parts != 0) && header.parts <= MAX_PARTS, InvalidHeader());
        require(published == (header.payloadHash != 0), InvalidHeader());

        address organisation = header.organisation;
        require(
            organisations.isPermitted(organisation, authorization.key, REGISTER),
            IOrganisations.NotPermitted(organisation, authorization.key, REGISTER)
        );
        if (authorization.signature.length == 0) {
            require(msg.sender == authorization.key, InvalidSignature(authorization.key));
        } else {
            _checkSigned(
                keccak256(
                    abi.encode(
                        REGISTER_TYPEHASH,
                        organisation,
                        header.root,
                        header.count,
                        header.mode,
                        header.payloadHash,
                        header.parts,
                        authorization.deadline
                    )
                ),
                authorization
            );
        }

        batchId = Ids.batchId(header);
        require(_batches[batchId].holder() == address(0), BatchAlreadyRegistered(batchId));
        _batches[batchId] = Slots.newRange(organisation, uint24(header.count), 0, 0);
        _balances[organisation] += header.count;
        emit BatchRegistered(
            batchId,
            organisation,
            authorization.key,
            header.root,
            header.count,
            header.mode,
            header.payloadHash,
            header.parts
        );
        emit ConsecutiveTransfer(
            Ids.tokenId(batchId, 0),
            Ids.tokenId(batchId, header.count - 1),
            address(0),
            organisation
        );
    }

    /// @inheritdoc IPieces
    function postPart(
        BatchHeader calldata header,
        bytes32[] calldata partHashes,
        uint32 part,
        bytes calldata data
    ) external {
        uint224 batchId = Ids.batchId(header);
        require(_batches[batchId].holder() != address(0), UnknownBatch(batchId));
        require(header.mode == PUBLISHED, NotPublished(batchId));
        require(
            partHashes.length == header.parts &&
                part < header.parts &&
                keccak256(abi.encodePacked(partHashes)) == header.payloadHash &&
                keccak256(data) == partHashes[part],
            PartMismatch(batchId, part)
        );
        emit BatchPart(batchId, part, data);
    }

    /// @inheritdoc IPieces
    function transferWithSignature(
        uint256 tokenId,
        address to,
        uint24 moves,
        Authorization calldata authorization
    ) external {
        Found memory found = _read(tokenId);
        address owner = found.owner;
        require(found.slot.moves() == moves, StaleMoves(tokenId, found.slot.moves()));
        _checkOwners(tokenId, owner, authorization.key);
        _checkSigned(
            keccak256(abi.encode(TRANSFER_TYPEHASH, tokenId, owner, to, moves, authorization.deadline)),
            authorization
        );
        _move(tokenId, found, to);
        ERC721Utils.checkOnERC721Received(authorization.key, owner, to, tokenId, "");
    }

    /// @inheritdoc IPieces
    function setBaseURI(string calldata baseURI) external restricted {
        _baseURI = baseURI;
        emit BatchMetadataUpdate(0, type(uint256).max);
        emit ContractURIUpdated();
    }

    /// @inheritdoc IERC721
    function transferFrom(address from, address to, uint256 tokenId) public {
        Found memory found = _read(tokenId);
        require(_mayMove(found, msg.sender, tokenId), ERC721InsufficientApproval(msg.sender, tokenId));
        require(found.owner == from, ERC721IncorrectOwner(from, tokenId, found.owner));
        _move(tokenId, found, to);
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 tokenId) external {
        safeTransferFrom(from, to, tokenId, "");
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 tokenId, bytes memory data) public {
        transferFrom(from, to, tokenId);
        ERC721Utils.checkOnERC721Received(msg.sender, from, to, tokenId, data);
    }

    /// @inheritdoc IERC721
    function approve(address to, uint256 tokenId) external {
        Found memory found = _read(tokenId);
        require(
            msg.sender == found.owner || isApprovedForAll(found.owner, msg.sender),
            ERC721InvalidApprover(msg.sender)
        );
        bool approving = to != address(0);
        if (approving || found.slot.approved() || found.slot.isRecovering()) {
            _depart(tokenId, found);
            _approvals[tokenId] = to;
            _pieces[tokenId] = found.slot.withApproved(approving).withoutRecovery();
        }
        emit Approval(found.owner, to, tokenId);
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address operator, bool approved) external {
        require(operator != address(0), ERC721InvalidOperator(operator));
        _operators[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    /// @inheritdoc IERC721
    function balanceOf(address owner) external view returns (uint256) {
        require(owner != address(0), ERC721InvalidOwner(owner));
        return _balances[owner];
    }

    /// @inheritdoc IERC721
    function ownerOf(uint256 tokenId) external view returns (address owner) {
        return _read(tokenId).owner;
    }

    /// @inheritdoc IERC721
    function getApproved(uint256 tokenId) external view returns (address) {
        return _read(tokenId).slot.approved() ? _approvals[tokenId] : address(0);
    }

    /// @inheritdoc IERC721
    function isApprovedForAll(
        address owner,
        address operator
    ) public view override(IERC721, PieceStore) returns (bool) {
        return super.isApprovedForAll(owner, operator);
    }

    /// @inheritdoc IPieces
    function batchOf(
        uint224 batchId
    ) external view returns (address holder, uint24 count, uint24 departed, uint24 events) {
        RangeSlot slot = _batches[batchId];
        return (slot.holder(), slot.count(), slot.departed(), slot.rangeEvents());
    }

    /// @inheritdoc IPieces
    function blockOf(
        uint224 batchId,
        uint32 part
    ) external view returns (address holder, uint24 departed, uint24 events) {
        if (part == 0) return (address(0), 0, 0);
        RangeSlot slot = _blocks[Ids.blockId(batchId, part - 1)];
        return (slot.holder(), slot.departed(), slot.rangeEvents());
    }

    /// @inheritdoc IPieces
    function pieceOf(uint256 tokenId) external view returns (address owner, uint24 moves, uint24 events) {
        Found memory found = _read(tokenId);
        return (found.owner, found.slot.moves(), found.slot.events());
    }

    /// @inheritdoc IPieces
    function batchIdOf(BatchHeader calldata header) external pure returns (uint224) {
        return Ids.batchId(header);
    }

    /// @inheritdoc IPieces
    function verifyRecord(
        BatchHeader calldata header,
        uint32 index,
        bytes32 recordHash,
        address claimKey,
        bytes32 extra,
        bytes32[] calldata proof
    ) external view returns (bool) {
        uint224 batchId = Ids.batchId(header);
        require(_batches[batchId].holder() != address(0), UnknownBatch(batchId));
        if (index >= header.count) return false;
        bytes32 leaf = Ids.leaf(header.organisation, index, recordHash, claimKey, extra);
        return MerkleProof.verifyCalldata(proof, header.root, leaf);
    }

    /// @inheritdoc IERC721Metadata
    function name() external pure returns (string memory) {
        return "Touchstone Pieces";
    }

    /// @inheritdoc IERC721Metadata
    function symbol() external pure returns (string memory) {
        return "TOUCH";
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 tokenId) external view returns (string memory) {
        _read(tokenId);
        string memory base = _baseURI;
        return bytes(base).length == 0 ? "" : string.concat(base, tokenId.toString());
    }

    /// @inheritdoc IPieces
    function contractURI() external view returns (string memory) {
        string memory base = _baseURI;
        return bytes(base).length == 0 ? "" : string.concat(base, "registry");
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == type(IERC721).interfaceId ||
            interfaceId == type(IERC721Metadata).interfaceId ||
            interfaceId == type(IERC5267).interfaceId ||
            interfaceId == ERC4906_ID ||
            interfaceId == ERC5192_ID;
    }

    /// @inheritdoc PieceClaims
    function _provenToken(Leaf calldata leaf) internal pure override returns (uint256) {
        uint224 batchId = Ids.batchId(leaf.header);
        bytes32 hash = Ids.leaf(leaf.header.organisation, leaf.index, leaf.recordHash, leaf.claimKey, leaf.extra);
        require(
            leaf.index < leaf.header.count && MerkleProof.verifyCalldata(leaf.proof, leaf.header.root, hash),
            NotProven(batchId, leaf.index)
        );
        return Ids.tokenId(batchId, leaf.index);
    }

    function _mayMove(Found memory found, address spender, uint256 tokenId) private view returns (bool) {
        if (spender == found.owner) return true;
        if (found.slot.approved() && _approvals[tokenId] == spender) return true;
        return isApprovedForAll(found.owner, spender);
    }
}
