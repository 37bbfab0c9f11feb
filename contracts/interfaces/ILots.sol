// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization, IOrganisations} from "./IOrganisations.sol";
import {IPasskeys} from "./IPasskeys.sol";
import {BatchHeader, IPieces, Leaf} from "./IPieces.sol";

/// @notice What a lot is: everything its id commits to. None of it ever changes; only holder and remainder do.
/// @param organisation Who declared it, or held what it was made from; of what was a piece, who got it.
/// @param material Hash of the material's canonical words (docs/format.md, "Lot"), never zero.
/// @param fineness Parts per million of the metal named, at most 1,000,000; 0 if it is no metal.
/// @param unit What `quantity` counts: 1 milligrams, 2 pieces of it, 3 thousandths of a carat. Metals are weighed in 1.
/// @param custody How its origin was kept track of, from weakest to strongest: 0 unknown, 1 none, 2 book and claim, 3 mass
/// balance, 4 controlled blending, 5 segregated, 6 identity preserved. What is better than 3 names an origin.
/// @param origin Hash of the origin's canonical words; 0 if it has none to name.
/// @param quantity 1 to 2^53 - 1, the largest integer of the format.
/// @param contentHash keccak256 of the lot's statement; 0 if it says nothing beyond its parents.
/// @param parents 0 if declared; of lots: keccak256(abi.encodePacked(their ids, ascending)); of a piece:
/// keccak256(abi.encode(RETURN_TAG, token id)).
/// @param salt Anything; tells equal lots apart.
struct LotHeader {
    address organisation;
    bytes32 material;
    uint32 fineness;
    uint8 unit;
    uint8 custody;
    bytes32 origin;
    uint64 quantity;
    bytes32 contentHash;
    bytes32 parents;
    bytes32 salt;
}

/// @notice What a piece's record says of one of its materials, and from which lot that came.
struct Mass {
    bytes32 lotId;
    bytes32 material;
    uint32 fineness;
    uint8 unit;
    uint64 quantity;
}

/// @notice One lot that a piece returns as.
/// @param mass Its place in the piece's list of masses.
/// @param source Header of the lot it once came from.
/// @param output What it is now.
struct Return {
    uint8 mass;
    LotHeader source;
    LotHeader output;
}

/// @title Lots
/// @notice Quantities of material: declared, passed on, divided, joined, refined, drawn for batches of pieces, and
/// returned when a piece ends. However this is done, no mass comes of it that was not declared.
/// @dev Lot id: keccak256(abi.encode(LOT_TAG, header fields in order)). A lot is one storage slot; its header comes with each
/// call that needs it, and its id proves it. Only organisations hold lots, and only keys of the holder change them.
///
/// Warning: a declared lot is a declaration. That the material exists, and is what it is called, is the word of who declared
/// it and of who certified that (ICertificates, kind 6).
///
/// The events of a lot are numbered: its birth (LotDeclared, LotMade) is 1, each LotMoved, LotDrawn and LotConsumed the next.
/// Operations: 1 split, 2 merge, 3 refine, 4 return of a piece. LotConsumed of all inputs stand right before LotMade of all
/// outputs, and name the same `parents`. Typed data name the number of events each lot had at signing, so a signature is used
/// once, and is worthless once anything else happened to one of its lots. Lists of lots ascend by id.
interface ILots {
    /// @notice An organisation declared a lot: nothing here stands behind it but its word.
    event LotDeclared(bytes32 indexed lotId, address indexed organisation, address key, LotHeader lot);
    /// @notice A lot was made of others, or of a piece.
    event LotMade(
        bytes32 indexed lotId,
        address indexed organisation,
        bytes32 indexed parents,
        uint8 operation,
        address key,
        LotHeader lot
    );
    /// @notice What remains of a lot passed on, whole.
    event LotMoved(bytes32 indexed lotId, address indexed from, address indexed to, uint24 number, address key);
    /// @notice Some of a lot, or all that remained, was drawn for a batch of pieces.
    event LotDrawn(bytes32 indexed lotId, uint224 indexed batchId, uint64 quantity, uint24 number, address key);
    /// @notice Some of a lot, or all that remained, went into the lots whose header says `parents`.
    event LotConsumed(
        bytes32 indexed lotId,
        bytes32 indexed parents,
        uint64 quantity,
        uint24 number,
        uint8 operation,
        address key
    );
    /// @notice A piece that has ended returned as lots (LotMade, operation 4, stands before it for each).
    event PieceReturned(uint256 indexed tokenId, address indexed organisation, address key);

    /// @notice A field breaks a rule given at LotHeader, or one of `declare`.
    error InvalidLot();
    /// @notice There is such a lot already; its id says so.
    error LotExists(bytes32 lotId);
    /// @notice No such lot was ever declared or made.
    error UnknownLot(bytes32 lotId);
    /// @notice The lot is somebody else's.
    error NotHolders(bytes32 lotId, address holder);
    /// @notice No more than `remaining` is there.
    error NotEnough(bytes32 lotId, uint64 remaining);
    /// @notice Nothing of the lot would be taken, or nothing remains to be passed on.
    error NothingTaken(bytes32 lotId);
    /// @notice The lot has not the kind that goes with the first one's.
    error NotAlike(bytes32 lotId);
    /// @notice A list is empty, too long, or not as long as the one it goes with.
    error InvalidCount();
    /// @notice The lots don't ascend by id from here on.
    error NotAscending(bytes32 lotId);
    /// @notice This output is not what its inputs make it.
    error NotDerived(uint256 output);
    /// @notice More would come out than went in; for metals both are quantity times fineness.
    error MassGained(uint256 taken, uint256 made);
    /// @notice Only an organisation may be there, and another one than now.
    error NotAnOrganisation(address account);
    /// @notice A piece does not return there: to its owner, if that is an organisation, else to one in good standing.
    error NotRecipient(address to);
    /// @notice The list of masses is not what the piece's leaf commits to, or the leaf doesn't lead to the root.
    error NotProven(uint256 tokenId);
    /// @notice The piece has not ended.
    error NotEnded(uint256 tokenId);
    /// @notice The piece returned already: it does so once.
    error AlreadyReturned(uint256 tokenId);
    /// @notice `key` is not the owner of the piece.
    error NotOwnersKey(uint256 tokenId, address key);
    /// @notice This entry names no mass of the piece, or not its source, or is more or other than that mass.
    error NotReturnable(uint256 entry);
    /// @notice The signature's time is over.
    error SignatureExpired(uint48 deadline);
    /// @notice The signature is not `key`'s over these typed data.
    error InvalidSignature(address key);

    /// @notice Declares a lot. It has a statement and no parents.
    /// @dev Typed data: Declare(Lot lot,uint48 deadline)Lot(address organisation,bytes32 material,uint32 fineness,uint8
    /// unit,uint8 custody,bytes32 origin,uint64 quantity,bytes32 contentHash,bytes32 parents,bytes32 salt). Can't be used
    /// twice, because a lot exists once.
    /// @param authorization By a key of the organisation with the permission to register, in good standing.
    /// @return lotId The lot's id.
    function declare(LotHeader calldata lot, Authorization calldata authorization) external returns (bytes32 lotId);

    /// @notice Passes what remains of a lot on to another organisation, which isn't asked. To pass on less, split first.
    /// @dev Typed data: TransferLot(bytes32 lotId,address from,address to,uint24 events,uint48 deadline).
    /// @param authorization By a key of the holder with the permission to transfer.
    function transfer(bytes32 lotId, address to, Authorization calldata authorization) external;

    /// @notice Divides a lot, or some of it. What the outputs hold is taken from it, to the last unit.
    /// @dev Typed data: Split(bytes32 lotId,bytes32[] outputs,uint24 events,uint48 deadline), with the outputs' ids.
    /// @param outputs 1 to 16, all as the lot in material, fineness, unit, custody, origin and statement.
    /// @param authorization By a key of the holder with the permission to transfer.
    /// @return made The ids of the outputs.
    function split(
        LotHeader calldata lot,
        LotHeader[] calldata outputs,
        Authorization calldata authorization
    ) external returns (bytes32[] memory made);

    /// @notice Joins all that remains of lots that are alike in material, fineness, unit, custody and origin.
    /// @dev Typed data: Merge(bytes32[] lotIds,bytes32 output,uint24[] events,uint48 deadline), with the output's id.
    /// @param lots 2 to 16, ascending by id, of one holder.
    /// @param output Alike too; the statement of the lots if they share one, else 0: joining states nothing.
    /// @param authorization By a key of the holder with the permission to transfer.
    /// @return made The id of the output.
    function merge(
        LotHeader[] calldata lots,
        LotHeader calldata output,
        Authorization calldata authorization
    ) external returns (bytes32 made);

    /// @notice Makes lots of a metal from lots of it, of any fineness: refining, and alloying too, since what is not the metal
    /// named isn't counted. Quantity times fineness of the outputs is at most that of the inputs.
    /// @dev Typed data: Refine(bytes32[] lotIds,uint64[] quantities,bytes32[] outputs,uint24[] events,uint48 deadline), with
    /// the outputs' ids.
    /// @param lots 1 to 16, ascending by id, of one holder and one metal.
    /// @param quantities How much of each is used.
    /// @param outputs 1 to 16, with a statement each. Custody is at most the worst of the inputs. An origin is named only if it
    /// is that of all inputs; so what was mixed is a mass balance at best.
    /// @param authorization By a key of the holder with the permissions to register and to transfer, in good standing.
    /// @return made The ids of the outputs.
    function refine(
        LotHeader[] calldata lots,
        uint64[] calldata quantities,
        LotHeader[] calldata outputs,
        Authorization calldata authorization
    ) external returns (bytes32[] memory made);

    /// @notice Draws from lots for a batch of pieces, before it is registered or after. What is drawn comes back only when a
    /// piece of this batch ends.
    /// @dev Typed data: Draw(uint224 batchId,bytes32[] lotIds,uint64[] quantities,uint24[] events,uint48 deadline).
    /// Warning: that the batch is ever registered isn't checked, nor that its records add up to what was drawn.
    /// @param header The batch's; its organisation holds the lots.
    /// @param lotIds 1 to 16, ascending. More: draw again.
    /// @param authorization By a key of the organisation with the permission to register, in good standing.
    function draw(
        BatchHeader calldata header,
        bytes32[] calldata lotIds,
        uint64[] calldata quantities,
        Authorization calldata authorization
    ) external;

    /// @notice Makes lots of a piece that has ended, once, of what its record says is in it. At most what was drawn for its
    /// batch from a lot returns to all its pieces together.
    /// @dev Typed data: ReturnPiece(uint256 tokenId,address to,bytes32[] outputs,uint24 moves,uint24 events,uint48 deadline),
    /// with the outputs' ids, and moves and events of the piece.
    /// @param masses All the piece's masses: the leaf's `extra` is keccak256(abi.encode(MASSES_TAG, masses)).
    /// @param returns_ 1 to 64, as many as a record has materials; ascending by mass. Each output has the material, fineness
    /// and unit of its mass, at most its quantity and the custody of its source, and neither origin nor statement: what it is
    /// made of, the piece's record says.
    /// @param to Who gets the lots: the owner, if that is an organisation; else an organisation in good standing.
    /// @param authorization By the owner; if that is an organisation, by a key of it with the permission to register, in good
    /// standing.
    /// @return made The ids of the outputs.
    function returnPiece(
        Leaf calldata leaf,
        Mass[] calldata masses,
        Return[] calldata returns_,
        address to,
        Authorization calldata authorization
    ) external returns (bytes32[] memory made);

    /// @notice A lot as it stands. Zeros if there never was one; a lot that is used up keeps its holder.
    /// @return holder The organisation that holds it.
    /// @return remaining How much of it is left, in its unit.
    /// @return events Number of its events, its birth included.
    function lotOf(bytes32 lotId) external view returns (address holder, uint64 remaining, uint24 events);

    /// @notice What was drawn from a lot for a batch, and what of that came back.
    /// @return drawn In the lot's unit.
    /// @return returned In the lot's unit; for metals times fineness, so that nothing is ever rounded.
    function drawnOf(uint224 batchId, bytes32 lotId) external view returns (uint64 drawn, uint192 returned);

    /// @notice Whether a piece returned as lots.
    function isReturned(uint256 tokenId) external view returns (bool);

    /// @notice The id a header has, declared or not.
    function lotIdOf(LotHeader calldata lot) external pure returns (bytes32);

    /// @notice What a leaf's `extra` must be for these masses.
    function extraOf(Mass[] calldata masses) external pure returns (bytes32);

    /// @notice The registry whose pieces return.
    function pieces() external view returns (IPieces);

    /// @notice Who is admitted, with which keys.
    function organisations() external view returns (IOrganisations);

    /// @notice Who judges the signatures of passkeys.
    function passkeys() external view returns (IPasskeys);
}
