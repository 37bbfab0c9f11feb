// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {Authorization} from "../interfaces/IOrganisations.sol";
import {IPieces, Leaf} from "../interfaces/IPieces.sol";
import {PieceSlot} from "../libraries/Slots.sol";
import {PieceStore} from "./PieceStore.sol";

/// @dev Owns how a piece reaches people: by claim card from an organisation to its first private owner, and by handover
/// from owner to next owner. Every signature names the piece's `moves`, so each works once at most; an owner's consent to
/// what somebody else completes names its `events` too, so that it can be withdrawn.
abstract contract PieceClaims is PieceStore {
    uint16 internal constant RELEASE = 16;
    bytes32 internal constant CLAIM_TYPEHASH = keccak256(
        "Claim(uint256 tokenId,address to,bool recoverable,uint24 moves,uint48 deadline)"
    );
    bytes32 internal constant RELEASE_TYPEHASH = keccak256(
        "Release(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline)"
    );
    bytes32 internal constant SET_CARD_TYPEHASH = keccak256(
        "SetCard(uint256 tokenId,address claimKey,uint24 moves,uint24 events,uint48 deadline)"
    );
    bytes32 internal constant HANDOVER_TYPEHASH = keccak256(
        "Handover(uint256 tokenId,address from,address key,uint24 moves,uint24 events,uint48 deadline)"
    );
    bytes32 internal constant ACCEPT_TYPEHASH = keccak256(
        "Accept(uint256 tokenId,address to,uint24 moves,uint48 deadline)"
    );
    bytes32 internal constant WITHDRAW_TYPEHASH = keccak256(
        "WithdrawHandovers(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline)"
    );

    /// @inheritdoc IPieces
    function claim(
        Leaf calldata leaf,
        address to,
        bool recoverable,
        uint48 deadline,
        bytes calldata cardSignature,
        Authorization calldata release
    ) external {
        uint256 tokenId = _provenToken(leaf);
        Found memory found = _read(tokenId);
        require(!found.slot.hasFreshCard() && leaf.claimKey != address(0), CardDead(tokenId));
        _claim(tokenId, found, leaf.claimKey, to, recoverable, deadline, cardSignature, release);
    }

    /// @inheritdoc IPieces
    function claimByFreshCard(
        uint256 tokenId,
        address to,
        bool recoverable,
        uint48 deadline,
        bytes calldata cardSignature,
        Authorization calldata release
    ) external {
        Found memory found = _read(tokenId);
        require(found.slot.hasFreshCard(), CardDead(tokenId));
        _claim(tokenId, found, _freshCards[tokenId], to, recoverable, deadline, cardSignature, release);
    }

    /// @inheritdoc IPieces
    function setCard(uint256 tokenId, address claimKey, Authorization calldata authorization) external {
        Found memory found = _read(tokenId);
        PieceSlot slot = found.slot;
        require(claimKey != address(0), CardDead(tokenId));
        require(organisations.isOrganisation(found.owner), NotAnOrganisation(found.owner));
        _checkOwners(tokenId, found.owner, authorization.key);
        _checkConsent(
            keccak256(
                abi.encode(SET_CARD_TYPEHASH, tokenId, claimKey, slot.moves(), slot.events(), authorization.deadline)
            ),
            authorization
        );
        _depart(tokenId, found);
        _pieces[tokenId] = found.slot.withFreshCard().withEvent().withoutRecovery();
        _freshCards[tokenId] = claimKey;
        emit CardSet(tokenId, slot.events() + 1, claimKey, authorization.key);
    }

    /// @inheritdoc IPieces
    function acceptHandover(
        uint256 tokenId,
        address to,
        address handoverKey,
        uint48 deadline,
        bytes calldata keySignature,
        Authorization calldata authorization
    ) external {
        Found memory found = _read(tokenId);
        uint24 moves = found.slot.moves();
        _checkOwners(tokenId, found.owner, authorization.key);
        _checkSigned(
            keccak256(
                abi.encode(
                    HANDOVER_TYPEHASH,
                    tokenId,
                    found.owner,
                    handoverKey,
                    moves,
                    found.slot.events(),
                    authorization.deadline
                )
            ),
            authorization
        );
        bytes32 accept = keccak256(abi.encode(ACCEPT_TYPEHASH, tokenId, to, moves, deadline));
        _checkSigned(accept, handoverKey, deadline, keySignature);
        address from = found.owner;
        _move(tokenId, found, to);
        ERC721Utils.checkOnERC721Received(authorization.key, from, to, tokenId, "");
    }

    /// @inheritdoc IPieces
    function withdrawHandovers(uint256 tokenId, Authorization calldata authorization) external {
        Found memory found = _read(tokenId);
        PieceSlot slot = found.slot;
        _checkOwners(tokenId, found.owner, authorization.key);
        _checkConsent(
            keccak256(abi.encode(WITHDRAW_TYPEHASH, tokenId, slot.moves(), slot.events(), authorization.deadline)),
            authorization
        );
        _depart(tokenId, found);
        _pieces[tokenId] = found.slot.withEvent().withoutRecovery();
        emit HandoversWithdrawn(tokenId, slot.events() + 1, authorization.key);
    }

    function _provenToken(Leaf calldata leaf) internal pure virtual returns (uint256 tokenId);

    /// The card says where the piece shall go; the organisation that owns it, that it may.
    function _claim(
        uint256 tokenId,
        Found memory found,
        address claimKey,
        address to,
        bool recoverable,
        uint48 deadline,
        bytes calldata cardSignature,
        Authorization calldata release
    ) private {
        require(!found.slot.cardDead(), CardDead(tokenId));
        uint24 moves = found.slot.moves();
        // False for an owner that is no organisation: a card works only from an organisation's hands.
        require(
            organisations.isPermitted(found.owner, release.key, RELEASE),
            NotReleased(tokenId, found.owner, release.key)
        );
        _checkSigned(
            keccak256(abi.encode(RELEASE_TYPEHASH, tokenId, moves, found.slot.events(), release.deadline)),
            release
        );
        bytes32 structHash = keccak256(abi.encode(CLAIM_TYPEHASH, tokenId, to, recoverable, moves, deadline));
        _checkSigned(structHash, claimKey, deadline, cardSignature);
        _depart(tokenId, found);
        found.slot = found.slot.withDeadCard();
        address from = found.owner;
        _move(tokenId, found, to);
        // After the move, which ends what an earlier owner allowed.
        if (recoverable) _pieces[tokenId] = _pieces[tokenId].withRecoverable();
        emit Claimed(tokenId, to, claimKey, recoverable);
        ERC721Utils.checkOnERC721Received(release.key, from, to, tokenId, "");
    }
}
