// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILots, LotHeader, Return} from "../../contracts/interfaces/ILots.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {SignatureCases} from "./signatures.t.sol";
import {Ledger} from "./support/Ledger.sol";
import {Returning} from "./support/Returning.sol";

/// The questions that signatures.t.sol puts to every call that takes a signature, put to the seven of lots. What a
/// consent names, and its call does not, is put to each of them here too.
abstract contract SignedLots is SignatureCases, Returning {
    uint8 internal constant DECLARED = 0;
    uint8 internal constant MOVED = 1;
    uint8 internal constant DIVIDED = 2;
    uint8 internal constant JOINED = 3;
    uint8 internal constant REFINED = 4;
    uint8 internal constant DRAWN = 5;
    uint8 internal constant RETURNED = 6;

    address internal _key = makerKey;
    LotHeader[] internal _pair;
    uint256 internal _piece;

    function setUp() public virtual override(Returning, Ledger) {
        super.setUp();
        LotHeader[] memory pair = _manyOfGold(2, 1_000);
        for (uint256 i = 0; i < 2; ++i) _pair.push(pair[i]);
        // Three events of one and two of the other, so that one taken for the other would show.
        _drawFor(_batch, _pair[0], 100);
        _drawFor(_batch, _pair[0], 100);
        _drawFor(_batch, _pair[1], 100);
        _piece = _end(0, workshop);
    }

    /// Which of the seven this is, so that the others stand for another purpose.
    function _purpose() internal pure virtual returns (uint8);

    function _signer() internal view virtual override returns (address, uint256) {
        return (_key, MAKER_SECRET);
    }

    function _letSign(address wallet) internal virtual override {
        _setKey(wallet, REGISTER | TRANSFER, FOREVER);
        _key = wallet;
    }

    function _domain() internal view override returns (string memory, address) {
        return ("Touchstone Lots", address(lots));
    }

    function _structHash(uint48 deadline) internal view virtual override returns (bytes32) {
        return _struct(_purpose(), deadline, 0, 0);
    }

    function _otherPurpose(uint256 seed) internal view override returns (bytes32) {
        if (seed % 8 == 0) return _setKeyDigest(workshop, bob, uint16(seed >> 8), FOREVER, 0, DEADLINE);
        uint8 other = uint8((_purpose() + 1 + ((seed >> 8) % 6)) % 7);
        return _ofLots(_struct(other, DEADLINE, 0, 0));
    }

    function _isDone() internal view virtual override returns (bool) {
        (, , uint24 events) = lots.lotOf(_lotId(_pair[0]));
        return events != 3;
    }

    /// What is signed, with one word of it changed by `by` if that is not 0.
    function _struct(uint8 what, uint48 deadline, uint256 word, uint16 by) internal view returns (bytes32) {
        if (what == DECLARED) return _declareStruct(_toDeclare(word, by), deadline);
        if (what == MOVED) return _moveWords(deadline, word, by);
        if (what == DIVIDED) return _splitWords(deadline, word, by);
        if (what == RETURNED) return _returnWords(deadline, word, by);
        bytes32[] memory ids = _lotIds(_pair);
        uint64[] memory quantities = _both(300, 400);
        uint24[] memory events = _counts(3, 2);
        if (word == 0 || word == 1) ids[word] ^= bytes32(uint256(by));
        if (word == 2 || word == 3) quantities[word - 2] ^= by;
        if (word == 4 || word == 5) events[word - 4] ^= by;
        if (what == JOINED) return _mergeStruct(ids, _lotId(_joinedOf()) ^ _at(word, 6, by), events, deadline);
        bytes32[] memory made = _lotIds(_refinedOf());
        if (word == 6 || word == 7) made[word - 6] ^= bytes32(uint256(by));
        if (what == REFINED) return _refineStruct(ids, quantities, made, events, deadline);
        return _drawStruct(_batchId ^ uint224(uint256(_at(word, 6, by))), ids, quantities, events, deadline);
    }

    function _call(Authorization memory a) internal view virtual override returns (bytes memory) {
        uint8 what = _purpose();
        if (what == DECLARED) return abi.encodeCall(ILots.declare, (_toDeclare(0, 0), a));
        if (what == MOVED) return abi.encodeCall(ILots.transfer, (_lotId(_pair[0]), refinery, a));
        if (what == DIVIDED) return abi.encodeCall(ILots.split, (_pair[0], _parts(), a));
        if (what == JOINED) return abi.encodeCall(ILots.merge, (_pair, _joinedOf(), a));
        if (what == REFINED) return abi.encodeCall(ILots.refine, (_pair, _both(300, 400), _refinedOf(), a));
        if (what == DRAWN) return abi.encodeCall(ILots.draw, (_batch, _lotIds(_pair), _both(300, 400), a));
        return abi.encodeCall(ILots.returnPiece, (_leaf(0), _masses(), _back(_piece, _to()), _to(), a));
    }

    function _to() internal view virtual returns (address) {
        return workshop;
    }

    function _expectAnotherWord(uint256 word, uint256 words, uint16 by) internal {
        by = uint16(bound(by, 1, type(uint16).max));
        bytes32 digest = _ofLots(_struct(_purpose(), DEADLINE, word % words, by));
        (, uint256 secret) = _signer();
        _expectInvalid(_signature(secret, digest), "another word");
    }

    function _parts() internal view returns (LotHeader[] memory) {
        return _both(_child(_pair[0], 10, 1), _child(_pair[0], 20, 2));
    }

    function _joinedOf() private view returns (LotHeader memory) {
        return _joined(_pair, 1_700);
    }

    function _refinedOf() private view returns (LotHeader[] memory outputs) {
        outputs = _both(_joined(_pair, 10), _joined(_pair, 20));
        outputs[0].fineness = 750_000;
    }

    function _toDeclare(uint256 word, uint16 by) private view returns (LotHeader memory h) {
        h = _gold(77, 77);
        if (word == 0) h.organisation = address(uint160(workshop) ^ by);
        if (word == 1) h.material ^= bytes32(uint256(by));
        if (word == 2) h.fineness ^= by;
        if (word == 3) h.unit ^= uint8(by % 255) + (by == 0 ? 0 : 1);
        if (word == 4) h.custody ^= uint8(by % 255) + (by == 0 ? 0 : 1);
        if (word == 5) h.origin ^= bytes32(uint256(by));
        if (word == 6) h.quantity ^= by;
        if (word == 7) h.contentHash ^= bytes32(uint256(by));
        if (word == 8) h.parents ^= bytes32(uint256(by));
        if (word == 9) h.salt ^= bytes32(uint256(by));
    }

    function _moveWords(uint48 deadline, uint256 word, uint16 by) private view returns (bytes32) {
        return
            _moveStruct(
                _lotId(_pair[0]) ^ _at(word, 0, by),
                address(uint160(workshop) ^ (word == 1 ? by : 0)),
                address(uint160(refinery) ^ (word == 2 ? by : 0)),
                word == 3 ? 3 ^ by : 3,
                deadline
            );
    }

    function _splitWords(uint48 deadline, uint256 word, uint16 by) private view returns (bytes32) {
        bytes32[] memory made = _lotIds(_parts());
        if (word == 1 || word == 2) made[word - 1] ^= bytes32(uint256(by));
        return _splitStruct(_lotId(_pair[0]) ^ _at(word, 0, by), made, word == 3 ? 3 ^ by : 3, deadline);
    }

    function _returnWords(uint48 deadline, uint256 word, uint16 by) private view returns (bytes32) {
        bytes32[] memory made = _outputIds(_back(_piece, _to()));
        if (word == 4 || word == 5) made[word - 4] ^= bytes32(uint256(by));
        return
            _returnStruct(
                _piece ^ uint256(_at(word, 0, by)),
                address(uint160(_to()) ^ (word == 1 ? by : 0)),
                made,
                word == 2 ? 2 ^ by : 2,
                word == 3 ? 7 ^ by : 7,
                deadline
            );
    }

    function _at(uint256 word, uint256 place, uint16 by) private pure returns (bytes32) {
        return bytes32(uint256(word == place ? by : 0));
    }
}

contract SignedLotDeclarationTest is SignedLots {
    function testFuzz_aDeclarationIsForOneLot(uint8 word, uint16 by) public {
        _expectAnotherWord(word, 10, by);
    }

    function _purpose() internal pure override returns (uint8) {
        return DECLARED;
    }

    function _isDone() internal view override returns (bool) {
        (address holder, , ) = lots.lotOf(_lotId(_gold(77, 77)));
        return holder != address(0);
    }
}

contract SignedLotMoveTest is SignedLots {
    function testFuzz_aMoveIsForOneLotOneHolderOneTakerOneCount(uint8 word, uint16 by) public {
        _expectAnotherWord(word, 4, by);
    }

    /// Sent back, the lot is its old holder's again, and what that signed before is still worthless.
    function test_aMoveIsUsedOnceEvenWhenTheLotComesBack() public {
        bytes memory signature = _faultless();
        _expectAccepted(makerKey, signature, "once");
        vm.prank(refinerKey);
        lots.transfer(_lotId(_pair[0]), workshop, _direct(refinerKey));
        bytes memory call = _call(Authorization(makerKey, DEADLINE, signature));
        _expect(abi.encodeWithSelector(ILots.InvalidSignature.selector, makerKey), call, stranger);
    }

    function test_aMoveIsWorthlessOnceAnythingWasTaken() public {
        bytes memory call = _call(Authorization(makerKey, DEADLINE, _faultless()));
        _drawFor(_batch, _pair[0], 1);
        _expect(abi.encodeWithSelector(ILots.InvalidSignature.selector, makerKey), call, stranger);
    }

    function test_aSignatureIsOverAfterItsDeadline() public {
        bytes memory call = _call(Authorization(makerKey, DEADLINE, _faultless()));
        vm.warp(DEADLINE + 1);
        _expect(abi.encodeWithSelector(ILots.SignatureExpired.selector, DEADLINE), call, stranger);
        vm.warp(DEADLINE);
        _do(call, stranger);
    }

    function _purpose() internal pure override returns (uint8) {
        return MOVED;
    }
}

contract SignedLotDivisionTest is SignedLots {
    function testFuzz_aDivisionIsForOneLotItsPartsAndItsCount(uint8 word, uint16 by) public {
        _expectAnotherWord(word, 4, by);
    }

    function _purpose() internal pure override returns (uint8) {
        return DIVIDED;
    }
}

contract SignedLotJoiningTest is SignedLots {
    function testFuzz_aJoiningIsForTheseLotsTheirCountsAndWhatBecomesOfThem(uint8 word, uint16 by) public {
        _expectAnotherWord(_wordsOfAJoining[word % 5], 7, by);
    }

    uint8[5] private _wordsOfAJoining = [0, 1, 4, 5, 6];

    function _purpose() internal pure override returns (uint8) {
        return JOINED;
    }
}

contract SignedLotRefiningTest is SignedLots {
    function testFuzz_aRefiningIsForTheseAmountsOfTheseLotsAndWhatBecomesOfThem(uint8 word, uint16 by) public {
        _expectAnotherWord(word, 8, by);
    }

    function _purpose() internal pure override returns (uint8) {
        return REFINED;
    }
}

contract SignedLotDrawTest is SignedLots {
    function testFuzz_aDrawIsForOneBatchAndTheseAmountsOfTheseLots(uint8 word, uint16 by) public {
        _expectAnotherWord(word, 7, by);
    }

    function test_aDrawIsDoneOnce() public {
        bytes memory signature = _faultless();
        _expectAccepted(makerKey, signature, "once");
        bytes memory call = _call(Authorization(makerKey, DEADLINE, signature));
        _expect(abi.encodeWithSelector(ILots.InvalidSignature.selector, makerKey), call, stranger);
    }

    function _purpose() internal pure override returns (uint8) {
        return DRAWN;
    }
}

contract SignedReturnTest is SignedLots {
    function testFuzz_aReturnIsForOnePieceItsCountsOneTakerAndTheseLots(uint8 word, uint16 by) public {
        _expectAnotherWord(word, 6, by);
    }

    function _purpose() internal pure override returns (uint8) {
        return RETURNED;
    }

    function _isDone() internal view override returns (bool) {
        return lots.isReturned(_piece);
    }
}

/// Signed by a private person, for a piece that was hers.
contract SignedReturnByAPersonTest is SignedLots {
    address private _person = alice;

    function setUp() public override {
        super.setUp();
        _end(0, alice);
    }

    function testFuzz_aPersonsReturnIsForOnePieceItsCountsOneTakerAndTheseLots(uint8 word, uint16 by) public {
        _expectAnotherWord(word, 6, by);
    }

    function _signer() internal view override returns (address, uint256) {
        return (_person, ALICE_SECRET);
    }

    function _letSign(address wallet) internal override {
        _person = wallet;
        _end(0, wallet);
    }

    function _to() internal view override returns (address) {
        return refinery;
    }

    function _purpose() internal pure override returns (uint8) {
        return RETURNED;
    }

    function _isDone() internal view override returns (bool) {
        return lots.isReturned(_piece);
    }
}
