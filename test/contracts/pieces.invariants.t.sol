// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {TestedPieces} from "./support/Contracts.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader} from "../../contracts/interfaces/IPieces.sol";
import {Ledger} from "./support/Ledger.sol";
import {Test} from "./support/Test.sol";

/// Lives a random life on the ledger as everybody at once, honest or not, and keeps its own book of who owns what and
/// who may do what. Never asks the contracts who is allowed: whatever succeeds against its book is a breach.
contract Handler is Ledger {
    uint256 private constant MOST_PIECES = 12;

    uint256[] public tokens;
    mapping(uint256 token => address) public ownerInBook;
    mapping(uint256 token => uint24) public movesInBook;
    mapping(uint256 token => address) private _approvedInBook;
    mapping(address owner => mapping(address operator => bool)) private _operatorInBook;
    mapping(address key => uint16) private _permissionsInBook;
    bool private _suspendedInBook;

    Authorization private _usedOrder;
    uint256 private _usedToken;
    address private _usedTo;
    uint24 private _usedMoves;

    /// Calls that succeeded though the book says they must not.
    uint256 public breaches;
    /// Calls that were refused though the book says they must not be.
    uint256 public denials;
    /// Calls that succeeded and were right to: a run without any would prove nothing.
    uint256 public successes;

    constructor() {
        setUp();
        _permissionsInBook[makerKey] = EVERYTHING;
        registerBatch(3, 0);
        _setKey(shopKey, TRANSFER, FOREVER);
        _permissionsInBook[shopKey] = TRANSFER;
        successes = 0;
    }

    function registry() external view returns (TestedPieces) {
        return pieces;
    }

    function pieceCount() external view returns (uint256) {
        return tokens.length;
    }

    /// Everybody who may ever own a piece here.
    function people() public view returns (address[7] memory) {
        return [workshop, makerKey, shopKey, alice, bob, stranger, administrator];
    }

    function registerBatch(uint256 count, uint256 who) public {
        count = bound(count, 1, 3);
        if (tokens.length + count > MOST_PIECES) return;
        address caller = _anybody(who);
        bool allowed = _permissionsInBook[caller] & REGISTER != 0 && !_suspendedInBook;
        if (tokens.length == 0) (caller, allowed) = (makerKey, true);
        BatchHeader memory header = _rootOnly(keccak256(abi.encode("root", tokens.length)), uint32(count));
        vm.prank(caller);
        try pieces.register(header, _direct(caller)) returns (uint224 batch) {
            for (uint32 i = 0; i < count; ++i) {
                tokens.push(_token(batch, i));
                ownerInBook[_token(batch, i)] = workshop;
            }
            _judge(true, allowed);
        } catch {
            _judge(false, allowed);
        }
    }

    function move(uint256 piece, uint256 who, uint256 to, bool safely) external {
        uint256 token = _anyPiece(piece);
        address caller = _ownerOrAnybody(who, token);
        bool allowed = _mayMove(caller, token);
        bytes memory order = abi.encodeWithSignature(
            safely ? "safeTransferFrom(address,address,uint256)" : "transferFrom(address,address,uint256)",
            ownerInBook[token],
            _anybody(to),
            token
        );
        vm.prank(caller);
        (bool done, ) = address(pieces).call(order);
        if (done) _wrote(token, _anybody(to));
        _judge(done, allowed);
    }

    /// The registrar may do what it likes to the contracts it governs; here it tries to make a piece its own.
    function moveAsRegistrar(uint256 piece) external {
        uint256 token = _anyPiece(piece);
        bytes memory order = abi.encodeCall(IERC721.transferFrom, (ownerInBook[token], administrator, token));
        vm.prank(administrator);
        try registrar.execute(address(pieces), order) {
            _wrote(token, administrator);
            _judge(true, false);
        } catch {}
    }

    /// Nor may it appoint a key, unless the workshop itself made it an administrator.
    function appointAsRegistrar(uint256 key) external {
        if (_permissionsInBook[administrator] & ADMINISTER != 0) return;
        vm.prank(administrator);
        try organisations.setKey(workshop, _anybody(key), EVERYTHING, FOREVER, _direct(administrator)) {
            _judge(true, false);
        } catch {}
    }

    function moveBySignature(uint256 piece, uint256 signer, uint256 to, bool stale) external {
        uint256 token = _anyPiece(piece);
        (address key, uint256 secret) = _anySigner(signer);
        address owner = ownerInBook[token];
        uint24 moves = stale ? uint24(to % 16_777_216) : movesInBook[token];
        bytes32 digest = _transferDigest(token, owner, _anybody(to), moves, FOREVER);
        Authorization memory order = _signed(secret, FOREVER, digest);
        bool allowed =
            moves == movesInBook[token] && (key == owner || _operatorInBook[owner][key] || _isTransferKey(owner, key));
        try pieces.transferWithSignature(token, _anybody(to), moves, order) {
            (_usedOrder, _usedToken, _usedTo, _usedMoves) = (order, token, _anybody(to), moves);
            _wrote(token, _anybody(to));
            _judge(true, allowed);
        } catch {
            _judge(false, allowed);
        }
    }

    /// Whoever holds an order that was carried out tries it again: as it is, with today's moves, on another piece.
    function replay(uint256 piece, uint256 way) external {
        if (_usedToken == 0) return;
        uint256 token = way % 3 == 0 ? _anyPiece(piece) : _usedToken;
        uint24 moves = way % 3 == 1 ? movesInBook[token] : _usedMoves;
        try pieces.transferWithSignature(token, _usedTo, moves, _usedOrder) {
            _wrote(token, _usedTo);
            _judge(true, false);
        } catch {}
    }

    function approve(uint256 piece, uint256 who, uint256 to) external {
        uint256 token = _anyPiece(piece);
        address caller = _ownerOrAnybody(who, token);
        address owner = ownerInBook[token];
        bool allowed = caller == owner || _operatorInBook[owner][caller] || _isTransferKey(owner, caller);
        address spender = to % 4 == 0 ? address(0) : _anybody(to);
        vm.prank(caller);
        try pieces.approve(spender, token) {
            _approvedInBook[token] = spender;
            _judge(true, allowed);
        } catch {
            _judge(false, allowed);
        }
    }

    function appointOperator(uint256 who, uint256 operator, bool yes) external {
        vm.prank(_anybody(who));
        pieces.setApprovalForAll(_anybody(operator), yes);
        _operatorInBook[_anybody(who)][_anybody(operator)] = yes;
    }

    function changeKey(uint256 who, uint256 which, uint16 permissions) external {
        address caller = _anybody(who);
        address key = _anybody(which);
        permissions = uint16(bound(permissions, 0, EVERYTHING));
        vm.prank(caller);
        try organisations.setKey(workshop, key, permissions, permissions == 0 ? 0 : FOREVER, _direct(caller)) {
            _judge(true, _permissionsInBook[caller] & ADMINISTER != 0 && key != workshop);
            _permissionsInBook[key] = permissions;
        } catch {}
    }

    function suspendOrReinstate(bool suspended) external {
        if (suspended == _suspendedInBook) return;
        vm.prank(administrator);
        if (suspended) organisations.suspend(workshop, "");
        else organisations.reinstate(workshop);
        _suspendedInBook = suspended;
    }

    function _judge(bool done, bool allowed) private {
        if (done && allowed) ++successes;
        if (done && !allowed) ++breaches;
        if (!done && allowed) ++denials;
    }

    function _wrote(uint256 token, address to) private {
        ownerInBook[token] = to;
        movesInBook[token] += 1;
        _approvedInBook[token] = address(0);
    }

    function _mayMove(address caller, uint256 token) private view returns (bool) {
        address owner = ownerInBook[token];
        bool approved = caller == owner || _approvedInBook[token] == caller || _operatorInBook[owner][caller];
        return approved || _isTransferKey(owner, caller);
    }

    function _isTransferKey(address owner, address key) private view returns (bool) {
        return owner == workshop && _permissionsInBook[key] & TRANSFER != 0;
    }

    function _anybody(uint256 seed) private view returns (address) {
        return people()[seed % 7];
    }

    /// One time in three the one who is most likely to be allowed, so that pieces get around.
    function _ownerOrAnybody(uint256 seed, uint256 token) private view returns (address) {
        if (seed % 3 != 0) return _anybody(seed / 3);
        return ownerInBook[token] == workshop ? makerKey : ownerInBook[token];
    }

    function _anySigner(uint256 seed) private pure returns (address, uint256) {
        uint256 secret = MAKER_SECRET + (seed % 4);
        return (vm.addr(secret), secret);
    }

    function _anyPiece(uint256 seed) private view returns (uint256) {
        return tokens[seed % tokens.length];
    }
}

/// What holds after every step of every random life. Each invariant has met a contract that breaks it: see
/// contracts/README.md.
contract PiecesInvariants is Test {
    Handler private _handler;
    TestedPieces private _pieces;

    function setUp() public {
        _handler = new Handler();
        _pieces = _handler.registry();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory acts = new bytes4[](10);
        acts[0] = Handler.registerBatch.selector;
        acts[1] = Handler.move.selector;
        acts[2] = Handler.moveAsRegistrar.selector;
        acts[3] = Handler.appointAsRegistrar.selector;
        acts[4] = Handler.moveBySignature.selector;
        acts[5] = Handler.replay.selector;
        acts[6] = Handler.approve.selector;
        acts[7] = Handler.appointOperator.selector;
        acts[8] = Handler.changeKey.selector;
        acts[9] = Handler.suspendOrReinstate.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), acts);
    }

    function invariant_everyPieceHasTheOneOwnerItsHistoryGaveIt() external view {
        for (uint256 i = 0; i < _handler.pieceCount(); ++i) {
            uint256 token = _handler.tokens(i);
            assertEq(_pieces.ownerOf(token), _handler.ownerInBook(token), "owner");
        }
    }

    function invariant_balancesAreThePiecesPeopleOwnAndAddUpToThoseBorn() external view {
        uint256 pieceCount = _handler.pieceCount();
        address[7] memory people = _handler.people();
        uint256 sum = 0;
        for (uint256 p = 0; p < people.length; ++p) {
            uint256 owned = 0;
            for (uint256 i = 0; i < pieceCount; ++i) {
                if (_handler.ownerInBook(_handler.tokens(i)) == people[p]) ++owned;
            }
            assertEq(_pieces.balanceOf(people[p]), owned, "balance");
            sum += _pieces.balanceOf(people[p]);
        }
        assertEq(sum, pieceCount, "sum of balances");
    }

    function invariant_departedPiecesAreThoseWithAnOwnerOfTheirOwn() external view {
        uint256 departed = 0;
        uint256 own = 0;
        uint224 last = 0;
        for (uint256 i = 0; i < _handler.pieceCount(); ++i) {
            uint256 token = _handler.tokens(i);
            bytes32 slot = vm.load(address(_pieces), keccak256(abi.encode(token, uint256(4))));
            if (address(uint160(uint256(slot))) != address(0)) ++own;
            if (uint224(token >> 32) == last) continue;
            last = uint224(token >> 32);
            (, , uint24 ofBatch, ) = _pieces.batchOf(last);
            departed += ofBatch;
        }
        assertEq(departed, own, "departed");
    }

    function invariant_nothingSucceedsForWhoIsNotAllowed() external view {
        assertEq(_handler.breaches(), 0, "breaches");
    }

    function invariant_nothingIsDeniedToWhoIsAllowed() external view {
        assertEq(_handler.denials(), 0, "denials");
    }

    function invariant_movesGrowByOneWithEachMove() external view {
        for (uint256 i = 0; i < _handler.pieceCount(); ++i) {
            uint256 token = _handler.tokens(i);
            (, uint24 moves, ) = _pieces.pieceOf(token);
            assertEq(moves, _handler.movesInBook(token), "moves");
        }
    }

    /// A life in which nobody ever succeeded would leave the rest unproven.
    function afterInvariant() external view {
        assertTrue(_handler.successes() != 0, "somebody succeeded");
    }
}
