// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {Standing} from "../../../contracts/interfaces/IPieces.sol";
import {Ledger} from "./Ledger.sol";
import {Living} from "./Living.sol";
import {SignedCall} from "./SignedCall.sol";
import {ScriptedWallet} from "./Wallets.sol";

/// What is signed in the life of a piece, and for shipments. Typed data are put together here word by word, from the text of
/// the interfaces.
abstract contract SignedLife is SignedCall, Living {
    enum Purpose {
        OwnerAct,
        End,
        Arbitrate,
        Notice,
        BatchNotice,
        BatchEnd,
        Record,
        Recovery,
        TransferMany,
        Transfer,
        WithdrawHandovers,
        OtherOwnerAct
    }

    uint256 private constant PURPOSES = 12;

    uint224 internal _batch;
    uint256 internal _piece;
    address internal _owner;
    Standing private _atFirst;

    function setUp() public virtual override(Living, Ledger) {
        super.setUp();
        _owner = alice;
        _piece = _madeFor(alice);
        _batch = uint224(_piece >> 32);
        _allows(_piece, true, alice);
        _atFirst = pieces.standingOf(_piece);
    }

    function _purpose() internal pure virtual returns (Purpose);

    /// Every single word is signed: piece, kind, organisation, reason, statement, both counts.
    function testFuzz_itIsGoodForExactlyWhatItSays(uint8 field, uint16 by) public {
        bytes memory words = _words(_purpose(), DEADLINE);
        uint256 place = 32 * bound(field, 1, words.length / 32 - 2);
        by = uint16(bound(by, 1, type(uint16).max));
        words[place + 30] ^= bytes1(uint8(by >> 8));
        words[place + 31] ^= bytes1(uint8(by));
        (string memory name, address verifier) = _domain();
        (, uint256 secret) = _signer();
        _expectInvalid(_signature(secret, _digest(verifier, name, keccak256(words))), "another word");
    }

    /// What was carried out is never carried out again: either it changes nothing any more, or its counts are old.
    function test_itIsUsedOnce() public {
        (address key, ) = _signer();
        bytes memory signature = _faultless();
        _expectAccepted(key, signature, "once");
        (, address verifier) = _domain();
        bytes32 before = _everything();
        bytes memory call = _call(Authorization(key, DEADLINE, signature));
        vm.prank(stranger);
        (bool again, ) = verifier.call(call);
        assertFalse(again, "twice");
        assertEq(_everything(), before, "nothing changed");
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        return keccak256(_words(_purpose(), deadline));
    }

    function _domain() internal view virtual override returns (string memory, address) {
        return ("Touchstone Life Events", address(lifeEvents));
    }

    /// The other types with the words that this one has, in either domain.
    function _otherPurpose(uint256 seed) internal view override returns (bytes32) {
        Purpose other = Purpose((uint256(_purpose()) + 1 + (seed % (PURPOSES - 1))) % PURPOSES);
        bytes32 structHash = keccak256(_words(other, DEADLINE));
        if ((seed >> 8) % 2 == 0) return _digest(address(lifeEvents), "Touchstone Life Events", structHash);
        return _digest(address(pieces), "Touchstone Pieces", structHash);
    }

    function _isDone() internal view virtual override returns (bool) {
        (, uint16 ofBatch) = pieces.batchStandingOf(_batch);
        return ofBatch != 0 || pieces.standingOf(_piece).events != _atFirst.events;
    }

    function _shipped() internal view returns (uint256[] memory tokens, uint24[] memory moves) {
        tokens = new uint256[](2);
        moves = new uint24[](2);
        (tokens[0], tokens[1]) = (_piece, _token(_batch, 0));
        moves[0] = pieces.standingOf(_piece).moves;
        moves[1] = pieces.standingOf(tokens[1]).moves;
    }

    function _words(Purpose purpose, uint48 deadline) internal view returns (bytes memory) {
        Standing memory s = pieces.standingOf(_piece);
        if (purpose == Purpose.OwnerAct || purpose == Purpose.OtherOwnerAct) {
            uint8 kind = purpose == Purpose.OwnerAct ? 30 : 32;
            bytes32 act = keccak256("OwnerAct(uint256 tokenId,uint8 kind,uint24 moves,uint24 events,uint48 deadline)");
            return abi.encode(act, _piece, kind, s.moves, s.events, deadline);
        }
        if (purpose == Purpose.End) {
            bytes32 end = keccak256(
                "End(uint256 tokenId,uint8 kind,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline)"
            );
            return abi.encode(end, _piece, uint8(51), STATEMENT, s.moves, s.events, deadline);
        }
        if (purpose == Purpose.Record) {
            bytes32 record = keccak256(
                "Record(uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline)"
            );
            return abi.encode(record, _piece, uint8(13), repairer, STATEMENT, s.moves, s.events, deadline);
        }
        if (purpose == Purpose.Transfer) {
            bytes32 transfer = keccak256(
                "Transfer(uint256 tokenId,address from,address to,uint24 moves,uint48 deadline)"
            );
            return abi.encode(transfer, _piece, s.owner, bob, s.moves, deadline);
        }
        if (purpose == Purpose.WithdrawHandovers) {
            bytes32 withdraw = keccak256(
                "WithdrawHandovers(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline)"
            );
            return abi.encode(withdraw, _piece, s.moves, s.events, deadline);
        }
        if (purpose == Purpose.TransferMany) {
            (uint256[] memory tokens, uint24[] memory moves) = _shipped();
            bytes32 many = keccak256(
                "TransferMany(address from,address to,uint256[] tokenIds,uint24[] moves,uint48 deadline)"
            );
            bytes32 listed = keccak256(abi.encodePacked(tokens));
            return abi.encode(many, s.owner, bob, listed, keccak256(abi.encodePacked(moves)), deadline);
        }
        return _reasoned(purpose, s, deadline);
    }

    /// What is said with a reason.
    function _reasoned(Purpose purpose, Standing memory s, uint48 deadline) private view returns (bytes memory) {
        bytes32 words = keccak256(bytes(REASON));
        (, uint16 events) = pieces.batchStandingOf(_batch);
        if (purpose == Purpose.Arbitrate) {
            bytes32 arbitrate = keccak256(
                "Arbitrate(uint256 tokenId,uint8 kind,address organisation,string words,uint24 moves,uint24 events,uint48 deadline)"
            );
            return abi.encode(arbitrate, _piece, uint8(35), arbiter, words, s.moves, s.events, deadline);
        }
        if (purpose == Purpose.Notice) {
            bytes32 notice = keccak256(
                "Notice(uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,string words,uint24 moves,uint24 events,uint48 deadline)"
            );
            return abi.encode(notice, _piece, uint8(43), workshop, STATEMENT, words, s.moves, s.events, deadline);
        }
        if (purpose == Purpose.BatchNotice) {
            bytes32 ofAll = keccak256(
                "BatchNotice(uint224 batchId,uint8 kind,address organisation,string words,uint16 events,uint48 deadline)"
            );
            return abi.encode(ofAll, _batch, uint8(40), workshop, words, events, deadline);
        }
        if (purpose == Purpose.BatchEnd) {
            bytes32 endOfAll = keccak256(
                "BatchEnd(uint224 batchId,uint8 kind,string words,uint24 rangeEvents,uint16 events,uint48 deadline)"
            );
            (, , , uint24 rangeEvents) = pieces.batchOf(_batch);
            return abi.encode(endOfAll, _batch, uint8(52), words, rangeEvents, events, deadline);
        }
        bytes32 recovery = keccak256(
            "Recovery(uint256 tokenId,address from,address to,address organisation,address arbiter,string words,uint24 moves,uint24 events,uint48 deadline)"
        );
        bytes memory parties = abi.encode(recovery, _piece, s.owner, bob, workshop, arbiter, words);
        return bytes.concat(parties, abi.encode(s.moves, s.events, deadline));
    }

    /// All that a replay could have changed.
    function _everything() private view returns (bytes32) {
        (uint8 flags, uint16 events) = pieces.batchStandingOf(_batch);
        return keccak256(abi.encode(pieces.standingOf(_piece), pieces.balanceOf(bob), flags, events));
    }
}

/// The questions that signatures.t.sol puts to a call at length, in brief: one of each contract's ways of checking is asked at
/// length, all others these.
abstract contract BriefSignatureCases is SignedLife {
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    /// One fault, drawn: a bit, the length, a word of the domain, the purpose, the deadline or the signer.
    function testFuzz_nothingButTheFaultlessSignatureIsTaken(uint256 seed) public {
        (, uint256 secret) = _signer();
        bytes memory signature = _faultless();
        uint256 fault = seed % 6;
        uint256 by = seed >> 8;
        if (fault == 0) signature[(by >> 8) % 65] ^= bytes1(uint8(1 << (by % 8)));
        if (fault == 1)
            signature = by % 2 == 0 ? bytes.concat(signature, hex"00") : abi.encodePacked(bytes32(signature));
        if (fault == 2) signature = _signature(secret, _inAnotherDomain(by));
        if (fault == 3) signature = _signature(secret, _otherPurpose(by));
        if (fault == 4) signature = _signature(secret, _digestUntil(DEADLINE + 1 + uint48(by % 1000)));
        if (fault == 5) signature = _signature(bound(by, secret + 1, ORDER - 1), _digestUntil(DEADLINE));
        _expectInvalid(signature, "a fault");
    }

    function test_itIsGoodToTheSecondOfItsDeadlineOnItsChainFromAStranger() public {
        (address key, ) = _signer();
        bytes memory signature = _faultless();
        vm.warp(DEADLINE + 1);
        (bool late, bytes memory answer) = _try(Authorization(key, DEADLINE, signature));
        assertFalse(late || _isDone(), "late");
        assertEq(keccak256(answer), keccak256(abi.encodeWithSelector(EXPIRED, DEADLINE)), "why");
        vm.warp(DEADLINE);
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        _expectInvalid(signature, "another chain");
        vm.chainId(here);
        _expectAccepted(key, signature, "faultless");
    }

    function test_noOtherFormOfItIsASignature() public {
        (, uint256 secret) = _signer();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secret, _digestUntil(DEADLINE));
        _expectInvalid(abi.encodePacked(r, bytes32(ORDER - uint256(s)), uint8(27)), "upper half, 27");
        _expectInvalid(abi.encodePacked(r, bytes32(ORDER - uint256(s)), uint8(28)), "upper half, 28");
        _expectInvalid(abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255))), "compact");
        _expectInvalid("", "the word of whom is not there");
    }

    function test_nobodyIsNoKey() public {
        (bool done, ) = _try(Authorization(address(0), DEADLINE, abi.encodePacked(bytes32(0), bytes32(0), uint8(27))));
        assertFalse(done || _isDone(), "key zero");
        (, address verifier) = _domain();
        bytes memory call = _call(Authorization(address(0), DEADLINE, ""));
        vm.prank(address(0));
        (done, ) = verifier.call(call);
        assertFalse(done || _isDone(), "zero itself");
    }

    function test_aWalletSignsByItsWordAndNoOther() public {
        for (uint256 i = 0; i < 3; ++i) {
            uint256 before = vm.snapshotState();
            bytes memory word = abi.encode(bytes4(i == 1 ? 0xffffffff : 0x1626ba7e));
            address wallet = address(new ScriptedWallet(bytes32(0), hex"01", i == 2, word));
            _letSign(wallet);
            bytes32 digest = _digestUntil(DEADLINE);
            vm.revertToState(before);
            address twin = address(new ScriptedWallet(digest, hex"01", i == 2, word));
            assertEq(twin, wallet, "twin");
            _letSign(twin);
            _expectInvalidOf(twin, hex"02", "another signature");
            if (i == 0) _expectAccepted(twin, hex"01", "the word");
            else _expectInvalidOf(twin, hex"01", "another word, or the word reverted with");
            vm.revertToState(before);
        }
    }

    function _inAnotherDomain(uint256 by) private view returns (bytes32) {
        (string memory name, address verifier) = _domain();
        uint256 shift = bound(by >> 8, 1, type(uint64).max);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(by % 4 == 0 ? string.concat(name, " ") : name)),
                keccak256(by % 4 == 1 ? bytes("2") : bytes("1")),
                by % 4 == 2 ? block.chainid ^ shift : block.chainid,
                by % 4 == 3 ? address(uint160(verifier) ^ uint160(shift)) : verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, _structHash(DEADLINE)));
    }
}
