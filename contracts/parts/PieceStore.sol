// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Authorization, IOrganisations} from "../interfaces/IOrganisations.sol";
import {IPasskeys} from "../interfaces/IPasskeys.sol";
import {IPieces} from "../interfaces/IPieces.sol";
import {Ids} from "../libraries/Ids.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {PieceSlot, RangeSlot, Slots} from "../libraries/Slots.sol";

/// @dev Owns the storage of the registry, reading it, and the one way an owner changes. Who may ask for a move is decided
/// by the parts built on this.
abstract contract PieceStore is IPieces, IERC721Errors, EIP712 {
    /// What one read of a piece gives. `range` is unset when the piece has an owner of its own; `slot` has no owner when not.
    struct Found {
        PieceSlot slot;
        address owner;
        RangeSlot range;
        bool inBlock;
    }

    uint16 internal constant REGISTER = 1;
    uint16 internal constant TRANSFER = 2;
    uint256 internal constant BLOCK_SHIFT = 8;

    /// @inheritdoc IPieces
    IOrganisations public immutable organisations;
    /// @inheritdoc IPieces
    IPasskeys public immutable passkeys;

    mapping(uint224 batchId => RangeSlot) internal _batches;
    mapping(uint256 tokenId => PieceSlot) internal _pieces;
    mapping(address owner => uint256) internal _balances;
    mapping(uint256 tokenId => address) internal _approvals;
    mapping(address owner => mapping(address operator => bool)) internal _operators;
    string internal _baseURI;
    mapping(uint256 blockId => RangeSlot) internal _blocks;
    mapping(uint256 tokenId => address claimKey) internal _freshCards;

    constructor(IOrganisations organisations_, IPasskeys passkeys_) EIP712("Touchstone Pieces", "1") {
        organisations = organisations_;
        passkeys = passkeys_;
    }

    function isApprovedForAll(address owner, address operator) public view virtual returns (bool) {
        return _operators[owner][operator] || organisations.isPermitted(owner, operator, TRANSFER);
    }

    /// Reads at most three slots: the piece's, its batch's, its block's.
    function _read(uint256 tokenId) internal view returns (Found memory found) {
        found.slot = _pieces[tokenId];
        found.owner = found.slot.owner();
        if (found.owner != address(0)) return found;
        (uint224 batchId, uint32 index) = Ids.split(tokenId);
        found.range = _batches[batchId];
        require(index < found.range.count(), ERC721NonexistentToken(tokenId));
        if (found.range.isSplit()) {
            RangeSlot own = _blocks[tokenId >> BLOCK_SHIFT];
            if (own.holder() != address(0)) (found.range, found.inBlock) = (own, true);
        }
        found.owner = found.range.holder();
        // What was signed for a piece before its range passed on must not come back with the range.
        found.slot = Slots.inRange(found.range);
    }

    function _move(uint256 tokenId, Found memory found, address to) internal {
        // Who holds a card made for the first private owner must not come back at a later one.
        bool killsCard = !found.slot.cardDead() && !organisations.isOrganisation(to);
        _place(tokenId, found, to, killsCard);
        _shift(found.owner, to, 1);
    }

    /// The only writer of owners; balances are its caller's.
    function _place(uint256 tokenId, Found memory found, address to, bool killsCard) internal {
        require(to != address(0), ERC721InvalidReceiver(to));
        PieceSlot slot = found.slot;
        require(!slot.isImmobile(), PieceBlocked(tokenId, slot.state()));
        _depart(tokenId, found);
        if (killsCard) slot = slot.withDeadCard();
        _pieces[tokenId] = slot.movedTo(to);
        emit Transfer(found.owner, to, tokenId);
    }

    function _shift(address from, address to, uint256 count) internal {
        unchecked {
            // Balances add up to the number of pieces born, which is below 2^256 by far.
            _balances[from] -= count;
            _balances[to] += count;
        }
    }

    /// Gives the piece a slot of its own, where it still has none, before anything is written into it: what is noted of one
    /// piece must not stay behind when its range passes on.
    function _depart(uint256 tokenId, Found memory found) internal {
        if (found.slot.owner() != address(0)) return;
        // What ended with its batch stays there: by itself nothing would say any more that it ended.
        require(!found.range.isEnded(), PieceBlocked(tokenId, Slots.ENDED));
        if (found.inBlock) _blocks[tokenId >> BLOCK_SHIFT] = found.range.withDeparture();
        else _batches[uint224(tokenId >> 32)] = found.range.withDeparture();
        found.slot = found.slot.keptBy(found.owner);
    }

    /// Whether a key is the owner, or one the owner lets move all it has.
    function _checkOwners(uint256 tokenId, address owner, address key) internal view {
        require(key == owner || isApprovedForAll(owner, key), NotOwnersKey(tokenId, key));
    }

    function _checkSigned(bytes32 structHash, Authorization calldata authorization) internal view {
        _checkSigned(structHash, authorization.key, authorization.deadline, authorization.signature);
    }

    function _checkSigned(bytes32 structHash, address key, uint48 deadline, bytes calldata signature) internal view {
        require(block.timestamp <= deadline, SignatureExpired(deadline));
        require(Signatures.isSignedBy(passkeys, key, _hashTypedDataV4(structHash), signature), InvalidSignature(key));
    }

    /// An empty signature is the caller's own word.
    function _checkConsent(bytes32 structHash, Authorization calldata authorization) internal view {
        if (authorization.signature.length == 0) {
            require(msg.sender == authorization.key, InvalidSignature(authorization.key));
        } else {
            _checkSigned(structHash, authorization);
        }
    }
}
