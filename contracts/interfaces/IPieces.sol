// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ICertificates} from "./ICertificates.sol";
import {Authorization, IOrganisations} from "./IOrganisations.sol";
import {IPasskeys} from "./IPasskeys.sol";

/// @notice What a batch is: everything its id commits to.
/// @param organisation Who registers it and owns its pieces at first.
/// @param root Merkle root over the leaves of its pieces, in order of index; never zero.
/// @param count Number of pieces, 1 to 131,072. Their indexes are 0 to count - 1.
/// @param mode 0 root-only (records live off chain), 1 published (records are posted here, compressed, in parts).
/// @param payloadHash Published: keccak256 of the parts' keccak256 hashes, concatenated. Root-only: zero.
/// @param parts Published: number of parts, 1 to 2,048. Root-only: 0. Every posted part carries the hashes of all, so
/// within a transaction of 128 KiB a batch of more parts would hold less.
struct BatchHeader {
    address organisation;
    bytes32 root;
    uint32 count;
    uint8 mode;
    bytes32 payloadHash;
    uint32 parts;
}

/// @notice A record's place in a registered batch, with its proof.
/// @param proof Sibling hashes from the leaf up, as OpenZeppelin's MerkleProof takes them.
struct Leaf {
    BatchHeader header;
    uint32 index;
    bytes32 recordHash;
    address claimKey;
    bytes32 extra;
    bytes32[] proof;
}

/// @notice The contracts that work with this registry, so that its one address leads to everything.
/// @param certificates Where certifiers attest to its pieces.
/// @param lots Where materials are kept account of.
/// @param lifeEvents Who alone may note what happens to pieces.
/// @param passkeys Who checks signatures of passkeys.
struct Companions {
    ICertificates certificates;
    address lots;
    address lifeEvents;
    IPasskeys passkeys;
}

/// @notice A piece as it stands.
/// @param owner Its owner, its own or its range's.
/// @param moves How often it has moved, by itself or with its range.
/// @param events Number of its other events.
/// @param day Day (block time / 86,400) after which a report's block lapses.
/// @param state Bits: 1 reported stolen, 2 reported lost (both by the present owner), 4 reported by an earlier owner who
/// never took it back, 8 blocked by a report, 16 locked by an arbiter, 32 recalled, 64 registration withdrawn, 128 ended.
/// @param flags Bits: 1 somebody is approved, 2 no claim card works any more, 4 a fresh card was set, 8 its owner allowed
/// recovery, 16 a recovery is under way.
struct Standing {
    address owner;
    uint24 moves;
    uint24 events;
    uint16 day;
    uint8 state;
    uint8 flags;
}

/// @title Pieces
/// @notice The registry: pieces of jewellery, registered by Merkle batch, born owned by their organisation, and
/// passed on as ERC-721 tokens.
/// @dev Batch id: low 224 bits of keccak256(abi.encode(BATCH_TAG, header fields in order)). Token id: batch id << 32 |
/// index. Leaf: keccak256(keccak256(abi.encode(LEAF_TAG, 1, organisation, index, record hash, claim key, extra))).
///
/// A batch is one storage slot and a piece has none until its first own event; until then it belongs to its range's
/// holder. So a batch of any size costs the same, and pieces need no proof to be moved.
///
/// Warning: ERC-2309's ConsecutiveTransfer outside a constructor is not strictly ERC-721: an indexer that knows only
/// `Transfer` sees a piece when it is first moved, not when it is born.
/// Warning: nobody but an owner, or whom the owner approved, moves a piece: not the registrar, not the operator of a
/// service, not a court through this contract. There is no pause and no proxy. The one who can be moved for is the owner
/// who allowed it beforehand (`recover`), thirty days after a public warning.
/// Warning: a piece that its owner reported, that an arbiter locked, or that is no more doesn't move, whoever asks.
///
/// An organisation's keys with the permission to transfer are approved for all it owns (isApprovedForAll says so, no
/// ApprovalForAll is emitted). Warning: as everywhere in ERC-721, the approval of a piece outlives the key or operator
/// that gave it; after a key was stolen, look for Approval events of the pieces it could reach.
interface IPieces is IERC721 {
    /// @notice A batch was registered; its pieces are born. `ConsecutiveTransfer` follows.
    event BatchRegistered(
        uint224 indexed batchId,
        address indexed organisation,
        address key,
        bytes32 root,
        uint32 count,
        uint8 mode,
        bytes32 payloadHash,
        uint32 parts
    );
    /// @notice One part of a published batch's payload. `data` has been checked against the batch's payload hash.
    event BatchPart(uint224 indexed batchId, uint32 indexed part, bytes data);
    /// @notice ERC-2309: all pieces of a batch, born.
    event ConsecutiveTransfer(
        uint256 indexed fromTokenId,
        uint256 toTokenId,
        address indexed fromAddress,
        address indexed toAddress
    );
    /// @notice A range passed on: the whole batch (`part` 0) or its block `part` - 1. `number` counts the range's events.
    /// `ConsecutiveTransfer` stands before it for each run of pieces that changed hands, `count` in all.
    event RangePassed(
        uint224 indexed batchId,
        uint32 part,
        uint24 number,
        address indexed from,
        address indexed to,
        uint24 count
    );
    /// @notice A piece was claimed by its card; `Transfer` stands before it.
    event Claimed(uint256 indexed tokenId, address indexed to, address claimKey, bool recoverable);
    /// @notice A fresh claim card replaced the piece's card. `number` counts the piece's events.
    event CardSet(uint256 indexed tokenId, uint24 number, address claimKey, address key);
    /// @notice Every handover and release of the piece that was not used is worthless. `number` counts the piece's events.
    event HandoversWithdrawn(uint256 indexed tokenId, uint24 number, address key);
    /// @notice ERC-4906: metadata of these tokens should be read again.
    event BatchMetadataUpdate(uint256 _fromTokenId, uint256 _toTokenId);
    event MetadataUpdate(uint256 _tokenId);
    /// @notice ERC-5192: the piece doesn't move from now on, or does again. Pieces that end with their batch have no event of
    /// their own.
    event Locked(uint256 tokenId);
    event Unlocked(uint256 tokenId);
    /// @notice ERC-7572: what `contractURI` points to should be read again.
    event ContractURIUpdated();

    /// @notice The header breaks a rule given at BatchHeader.
    error InvalidHeader();
    /// @notice This very batch is registered already; its id says so.
    error BatchAlreadyRegistered(uint224 batchId);
    /// @notice No such batch has been registered.
    error UnknownBatch(uint224 batchId);
    /// @notice The batch is root-only: nothing is to be posted for it.
    error NotPublished(uint224 batchId);
    /// @notice The part's hash is not the one the batch committed to, or the list of hashes isn't.
    error PartMismatch(uint224 batchId, uint32 part);
    /// @notice The piece has moved since this was signed.
    error StaleMoves(uint256 tokenId, uint24 moves);
    /// @notice `key` is neither the owner of the piece nor a key its owner lets move pieces.
    error NotOwnersKey(uint256 tokenId, address key);
    /// @notice There is no claim card of the piece that works: used, dead, replaced, or never made.
    error CardDead(uint256 tokenId);
    /// @notice `key` may not release pieces for `owner`, or the owner is no organisation.
    error NotReleased(uint256 tokenId, address owner, address key);
    /// @notice Only an organisation may be there, and another one than now.
    error NotAnOrganisation(address account);
    /// @notice The range has passed on, or been written to, since this was signed.
    error StaleRange(uint224 batchId, uint32 part, uint24 events);
    /// @notice Some block of the batch has a holder of its own: pass the blocks on one by one.
    error RangeIsSplit(uint224 batchId);
    /// @notice The list is not the range's departed pieces, each once and in order; there are `departed` of them.
    error DepartedDiffer(uint224 batchId, uint24 departed);
    /// @notice Every piece of the range has left it.
    error NothingToPass(uint224 batchId);
    /// @notice The piece doesn't move: it was reported, locked, or is no more (`state` as in Standing).
    error PieceBlocked(uint256 tokenId, uint8 state);
    /// @notice The pieces of the batch have ended.
    error BatchHasEnded(uint224 batchId);
    /// @notice A shipment is 1 to 500 pieces with as many numbers of moves.
    error InvalidShipment(uint256 pieces, uint256 moves);
    /// @notice Only the contract `lifeEvents` may do this.
    error NotLifeEvents(address caller);
    /// @notice No recovery that its owner allowed is under way for the piece.
    error NotRecoverable(uint256 tokenId);
    /// @notice The record does not lead to the batch's root.
    error NotProven(uint224 batchId, uint32 index);
    /// @notice The signature's time is over.
    error SignatureExpired(uint48 deadline);
    /// @notice The signature is not `key`'s over these typed data.
    error InvalidSignature(address key);

    /// @notice Registers a batch; its pieces are born owned by the organisation.
    /// @dev Typed data: Register(address organisation,bytes32 root,uint32 count,uint8 mode,bytes32 payloadHash,uint32
    /// parts,uint48 deadline). A signature can't be used twice, because a batch can't be registered twice.
    /// @param authorization By a key of the organisation with the permission to register, in good standing.
    /// @return batchId The batch's id.
    function register(
        BatchHeader calldata header,
        Authorization calldata authorization
    ) external returns (uint224 batchId);

    /// @notice Posts one part of a published batch's payload. Anybody may: the bytes are checked against the hash that
    /// the organisation committed to, so nothing else than what it published can be posted. Posting again is harmless.
    /// @param partHashes keccak256 of every part, in order.
    /// @param part Index of the part posted here.
    function postPart(
        BatchHeader calldata header,
        bytes32[] calldata partHashes,
        uint32 part,
        bytes calldata data
    ) external;

    /// @notice Moves a piece on the signature of its owner (or a key or operator the owner lets move pieces), relayed
    /// by anybody. The recipient is asked as in safeTransferFrom; the signing key is told to it as the operator.
    /// @dev Typed data: Transfer(uint256 tokenId,address from,address to,uint24 moves,uint48 deadline).
    /// Being the caller is no consent here: an empty `signature` is judged like any other. Any move of the piece, also to
    /// its own owner and also with its range, makes a signature worthless that was not used before.
    /// @param moves How often the piece had moved when this was signed: each signature is for one move.
    function transferWithSignature(
        uint256 tokenId,
        address to,
        uint24 moves,
        Authorization calldata authorization
    ) external;

    /// @notice Passes a whole batch (`part` 0), or its block `part` - 1 of 256 pieces, on to another organisation, without
    /// touching the pieces still in it.
    /// @dev Typed data: PassRange(uint224 batchId,uint32 part,address from,address to,uint24 events,uint48 deadline).
    /// A block that leaves its batch goes on from the number of the batch's events. Pieces that have a slot of their own stay
    /// where they are: those that moved by themselves, and those that were approved, given a fresh card or had handovers
    /// withdrawn, though they never moved.
    /// @param events Number of the range's events when this was signed: how often it had passed on.
    /// @param departed Indexes of all pieces that have left the range, ascending. For a block that never passed on by
    /// itself: of all that have left the batch and are in no block that has; or of the block's own only, and then each of
    /// its 256 slots is read unless these are all (0.7 million gas, once a block).
    /// @param authorization By the holder, or a key or operator it lets move pieces.
    function passRange(
        uint224 batchId,
        uint32 part,
        address to,
        uint24 events,
        uint32[] calldata departed,
        Authorization calldata authorization
    ) external;

    /// @notice Makes whoever holds the claim card the owner: the card's key signs where the piece goes, and the
    /// organisation that owns it that it is sold. Works once; anybody relays it.
    /// @dev Typed data: Claim(uint256 tokenId,address to,bool recoverable,uint24 moves,uint48 deadline) by the card's key, and
    /// Release(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline) by a key with the permission to release (16).
    /// @param recoverable Whether the new owner allows that a lost key is recovered (ILifeEvents).
    function claim(
        Leaf calldata leaf,
        address to,
        bool recoverable,
        uint48 deadline,
        bytes calldata cardSignature,
        Authorization calldata release
    ) external;

    /// @notice As `claim`, by a card that was set later; needs no proof.
    function claimByFreshCard(
        uint256 tokenId,
        address to,
        bool recoverable,
        uint48 deadline,
        bytes calldata cardSignature,
        Authorization calldata release
    ) external;

    /// @notice The organisation that owns the piece sets a fresh claim card: returned goods, or a lost card.
    /// @dev Typed data: SetCard(uint256 tokenId,address claimKey,uint24 moves,uint24 events,uint48 deadline).
    function setCard(uint256 tokenId, address claimKey, Authorization calldata authorization) external;

    /// @notice Moves a piece to whom the holder of a one-time key names, which the owner authorised.
    /// @dev Typed data: Handover(uint256 tokenId,address from,address key,uint24 moves,uint24 events,uint48 deadline) by
    /// the owner, Accept(uint256 tokenId,address to,uint24 moves,uint48 deadline) by the one-time key.
    function acceptHandover(
        uint256 tokenId,
        address to,
        address handoverKey,
        uint48 deadline,
        bytes calldata keySignature,
        Authorization calldata authorization
    ) external;

    /// @notice The owner makes every handover of the piece that was not used worthless, and every release.
    /// @dev Typed data: WithdrawHandovers(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline).
    function withdrawHandovers(uint256 tokenId, Authorization calldata authorization) external;

    /// @notice Moves many pieces of one owner at once, by the owner or a key or operator it lets move pieces. All or none; the
    /// recipient is not asked, as in transferFrom.
    /// @dev Typed data: TransferMany(address from,address to,uint256[] tokenIds,uint24[] moves,uint48 deadline).
    /// @param tokenIds 1 to 500, each once; moved to whom it belongs to, a piece may stand again with its next number.
    /// @param moves How often each had moved when this was signed.
    function transferMany(
        address from,
        address to,
        uint256[] calldata tokenIds,
        uint24[] calldata moves,
        Authorization calldata authorization
    ) external;

    /// @notice LifeEvents: counts one more event of a piece, and sets and clears bits of its state and flags. A piece in its
    /// range leaves it. Nothing here names an owner or is a move; that a piece ended, or its registration was withdrawn,
    /// is never cleared, and of the flags only those of recovery change.
    /// @param day As in Standing; 0 leaves it.
    /// @param refresh Whether what is told of the piece has changed (ERC-4906).
    /// @return number The number of the event.
    function note(
        uint256 tokenId,
        uint8 set,
        uint8 clear,
        uint8 setFlags,
        uint8 clearFlags,
        uint16 day,
        bool refresh
    ) external returns (uint24 number);

    /// @notice LifeEvents: counts one more event of a batch, and sets and clears its flags (as in `batchStandingOf`). A
    /// batch that is split into blocks can't end. That it ended, or was withdrawn, is never cleared.
    function noteBatch(uint224 batchId, uint8 set, uint8 clear) external returns (uint16 number);

    /// @notice LifeEvents: moves a piece whose owner allowed recovery and for which one is under way; counts one event.
    function recover(uint256 tokenId, address to) external returns (uint24 number);

    /// @notice Registrar: where tokenURI points from now on, and contractURI.
    function setBaseURI(string calldata baseURI) external;

    /// @notice Who is admitted, with which keys.
    function organisations() external view returns (IOrganisations);

    /// @notice Where certifiers attest to pieces of this registry, so that its one address leads to everything.
    function certificates() external view returns (ICertificates);

    /// @notice Where account is kept of the materials of this registry's batches.
    function lots() external view returns (address);

    /// @notice Who alone may note what happens to pieces of this registry.
    function lifeEvents() external view returns (address);

    /// @notice Who checks the signatures of owners and keys that are passkeys.
    function passkeys() external view returns (IPasskeys);

    /// @notice The registry this one follows, or zero. It stays readable; nothing is moved over.
    function predecessor() external view returns (address);

    /// @notice A batch as it stands. Zeros if it isn't registered.
    /// @return holder Owner of every piece that has not departed.
    /// @return count Number of pieces born in it.
    /// @return departed Number of pieces that have an owner of their own.
    /// @return events Number of events of the range as a whole.
    function batchOf(
        uint224 batchId
    ) external view returns (address holder, uint24 count, uint24 departed, uint24 events);

    /// @notice A block of a batch that has passed on by itself, as it stands. Zeros while its batch stands for it.
    /// @param part As in `passRange`: number of the block, from 1.
    /// @return holder Owner of every piece of the block that has not departed.
    /// @return departed Number of its pieces that have an owner of their own.
    /// @return events Number of events of the range, those of its batch before the block left it included.
    function blockOf(
        uint224 batchId,
        uint32 part
    ) external view returns (address holder, uint24 departed, uint24 events);

    /// @notice A piece as it stands.
    /// @return owner Its owner, its own or its range's.
    /// @return moves How often it has moved, by itself or with its range.
    /// @return events Number of its other events.
    function pieceOf(uint256 tokenId) external view returns (address owner, uint24 moves, uint24 events);

    /// @notice All that stands about a piece. One that is in its range stands as its range does.
    function standingOf(uint256 tokenId) external view returns (Standing memory);

    /// @notice What was said of a batch as registered, whoever holds its pieces.
    /// @return flags Bits: 1 some block has passed on by itself, 2 the pieces in the range ended, 4 recalled, 8 registration
    /// withdrawn.
    /// @return events Number of its batch events.
    function batchStandingOf(uint224 batchId) external view returns (uint8 flags, uint16 events);

    /// @notice ERC-5192: whether the piece doesn't move.
    function locked(uint256 tokenId) external view returns (bool);

    /// @notice ERC-7572: where the registry describes itself; empty without a base URI.
    function contractURI() external view returns (string memory);

    /// @notice The id a header has, registered or not.
    function batchIdOf(BatchHeader calldata header) external pure returns (uint224);

    /// @notice Whether the organisation committed to this record, claim key and extra for the piece `index` of this
    /// registered batch.
    /// @dev Warning: sorted pairs prove membership, not position. That no second leaf names the same index is known only
    /// to who has read all leaves, which a root-only batch does not allow.
    /// @param proof Sibling hashes from the leaf up, as OpenZeppelin's MerkleProof takes them.
    function verifyRecord(
        BatchHeader calldata header,
        uint32 index,
        bytes32 recordHash,
        address claimKey,
        bytes32 extra,
        bytes32[] calldata proof
    ) external view returns (bool);
}
