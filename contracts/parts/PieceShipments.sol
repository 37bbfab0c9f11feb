// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../interfaces/IOrganisations.sol";
import {IPieces} from "../interfaces/IPieces.sol";
import {PieceStore} from "./PieceStore.sol";

/// @dev Owns moving many pieces of one owner at once: what they share is looked at and written once.
abstract contract PieceShipments is PieceStore {
    /// Some four million gas: a quarter of what a transaction may take.
    uint256 internal constant MAX_SHIPMENT = 500;
    bytes32 internal constant TRANSFER_MANY_TYPEHASH = keccak256(
        "TransferMany(address from,address to,uint256[] tokenIds,uint24[] moves,uint48 deadline)"
    );

    /// @inheritdoc IPieces
    function transferMany(
        address from,
        address to,
        uint256[] calldata tokenIds,
        uint24[] calldata moves,
        Authorization calldata authorization
    ) external {
        uint256 count = tokenIds.length;
        require(count != 0 && count <= MAX_SHIPMENT && count == moves.length, InvalidShipment(count, moves.length));
        _checkOwners(tokenIds[0], from, authorization.key);
        _checkConsent(
            keccak256(
                abi.encode(
                    TRANSFER_MANY_TYPEHASH,
                    from,
                    to,
                    keccak256(abi.encodePacked(tokenIds)),
                    keccak256(abi.encodePacked(moves)),
                    authorization.deadline
                )
            ),
            authorization
        );
        bool killsCards = !organisations.isOrganisation(to);
        for (uint256 i = 0; i < count; ++i) {
            uint256 tokenId = tokenIds[i];
            Found memory found = _read(tokenId);
            // A piece listed twice is the recipient's by then, or has moved once more.
            require(found.owner == from, ERC721IncorrectOwner(from, tokenId, found.owner));
            require(found.slot.moves() == moves[i], StaleMoves(tokenId, found.slot.moves()));
            _place(tokenId, found, to, killsCards);
        }
        _shift(from, to, count);
    }
}
