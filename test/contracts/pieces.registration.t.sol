// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {TestedPieces} from "./support/Contracts.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader, IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Ledger} from "./support/Ledger.sol";
import {SmartWallet} from "./support/Wallets.sol";

contract PiecesRegistrationTest is Ledger {
    function testFuzz_aBatchIsBornOwnedByItsOrganisation(bytes32 root, uint32 count, uint32 index) public {
        vm.assume(root != 0);
        BatchHeader memory header = _rootOnly(root, uint32(bound(count, 1, 131_072)));
        uint224 expected = _batchId(header);
        vm.expectEmit(address(pieces));
        emit IPieces.BatchRegistered(expected, workshop, makerKey, root, header.count, 0, 0, 0);
        vm.expectEmit(address(pieces));
        emit IPieces.ConsecutiveTransfer(_token(expected, 0), _token(expected, header.count - 1), address(0), workshop);
        vm.prank(makerKey);
        uint224 batch = pieces.register(header, _direct(makerKey));

        assertEq(batch, expected, "batch id");
        assertEq(pieces.batchIdOf(header), expected, "batch id, asked");
        (address holder, uint24 born, uint24 departed, uint24 events) = pieces.batchOf(batch);
        assertEq(holder, workshop, "holder");
        assertEq(born, header.count, "count");
        assertEq(uint256(departed) + events, 0, "departed and events");
        assertEq(pieces.balanceOf(workshop), header.count, "balance");
        index = uint32(bound(index, 0, header.count - 1));
        assertEq(pieces.ownerOf(_token(batch, index)), workshop, "owner");
        (address owner, uint24 moves, uint24 pieceEvents) = pieces.pieceOf(_token(batch, index));
        assertEq(owner, workshop, "owner of the piece");
        assertEq(uint256(moves) + pieceEvents, 0, "moves and events");
    }

    function testFuzz_noPieceExistsBeyondTheLast(uint32 count, uint32 index) public {
        count = uint32(bound(count, 1, 131_072));
        uint224 batch = _register(count);
        index = uint32(bound(index, count, type(uint32).max));
        revertsWith(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, _token(batch, index)));
        pieces.ownerOf(_token(batch, index));
    }

    function test_everyFieldOfAHeaderIsInItsId() public view {
        BatchHeader memory h = BatchHeader(workshop, ROOT, 5, 1, keccak256("payload"), 2);
        uint224 id = pieces.batchIdOf(h);
        assertTrue(id != pieces.batchIdOf(BatchHeader(alice, h.root, 5, 1, h.payloadHash, 2)), "organisation");
        assertTrue(id != pieces.batchIdOf(BatchHeader(workshop, bytes32(0), 5, 1, h.payloadHash, 2)), "root");
        assertTrue(id != pieces.batchIdOf(BatchHeader(workshop, h.root, 6, 1, h.payloadHash, 2)), "count");
        assertTrue(id != pieces.batchIdOf(BatchHeader(workshop, h.root, 5, 0, h.payloadHash, 2)), "mode");
        assertTrue(id != pieces.batchIdOf(BatchHeader(workshop, h.root, 5, 1, h.root, 2)), "payload hash");
        assertTrue(id != pieces.batchIdOf(BatchHeader(workshop, h.root, 5, 1, h.payloadHash, 3)), "parts");
    }

    function test_aHeaderThatBreaksARuleIsRefused() public {
        bytes32 payload = keccak256("payload");
        _expectInvalidHeader(BatchHeader(workshop, 0, 1, 0, 0, 0));
        _expectInvalidHeader(BatchHeader(workshop, ROOT, 0, 0, 0, 0));
        _expectInvalidHeader(BatchHeader(workshop, ROOT, 131_073, 0, 0, 0));
        _expectInvalidHeader(BatchHeader(workshop, ROOT, type(uint32).max, 0, 0, 0));
        _expectInvalidHeader(BatchHeader(workshop, ROOT, 1, 2, 0, 0));
        _expectInvalidHeader(BatchHeader(workshop, ROOT, 1, 2, payload, 1));
        _expectInvalidHeader(BatchHeader(workshop, ROOT, 1, 0, payload, 0));
        _expectInvalidHeader(BatchHeader(workshop, ROOT, 1, 0, 0, 1));
        _expectInvalidHeader(BatchHeader(workshop, ROOT, 1, 1, payload, 0));
        _expectInvalidHeader(BatchHeader(workshop, ROOT, 1, 1, 0, 1));
        _expectInvalidHeader(BatchHeader(workshop, ROOT, 1, 1, payload, 2_049));
    }

    function test_theLargestHeaderIsAccepted() public {
        vm.prank(makerKey);
        pieces.register(BatchHeader(workshop, ROOT, 131_072, 1, ROOT, 2_048), _direct(makerKey));
        assertEq(pieces.balanceOf(workshop), 131_072, "balance");
    }

    function testFuzz_onlyAKeyThatMayRegisterRegisters(uint16 permissions) public {
        permissions = uint16(bound(permissions, 1, EVERYTHING)) & ~REGISTER;
        if (permissions != 0) _setKey(shopKey, permissions, FOREVER);
        _expectNotPermitted(_rootOnly(ROOT, 1), shopKey);
    }

    function test_nobodyRegistersForAnOrganisationThatDoesNotTrustHim() public {
        address rival = _admit("rival", bob);
        _expectNotPermitted(_rootOnly(ROOT, 1), bob);
        _expectNotPermitted(_rootOnly(ROOT, 1), administrator);
        _expectNotPermitted(_rootOnly(ROOT, 1), workshop);
        _expectNotPermitted(BatchHeader(rival, ROOT, 1, 0, 0, 0), makerKey);
        _expectNotPermitted(BatchHeader(stranger, ROOT, 1, 0, 0, 0), stranger);
        _expectNotPermitted(BatchHeader(address(0), ROOT, 1, 0, 0, 0), address(0));
    }

    function test_aSuspendedOrganisationDoesNotRegisterAndASignatureFromBeforeDoesNotHelp() public {
        BatchHeader memory header = _rootOnly(ROOT, 1);
        Authorization memory authorization = _signed(MAKER_SECRET, FOREVER, _registerDigest(header, FOREVER));
        _suspend(workshop);
        _expectNotPermitted(header, makerKey);
        revertsWith(_notPermitted(workshop, makerKey, REGISTER));
        pieces.register(header, authorization);
    }

    function test_aRevokedKeyDoesNotRegister() public {
        _setKey(shopKey, REGISTER, FOREVER);
        _revoke(shopKey);
        _expectNotPermitted(_rootOnly(ROOT, 1), shopKey);
    }

    function test_namingSomebodyElsesKeyIsNotHoldingIt() public {
        vm.prank(stranger);
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, makerKey));
        pieces.register(_rootOnly(ROOT, 1), _direct(makerKey));
    }

    function testFuzz_anybodyRelaysASignedRegistration(address relayer, uint32 later) public {
        BatchHeader memory header = BatchHeader(workshop, ROOT, 9, 1, keccak256("payload"), 2);
        uint48 deadline = START + later;
        Authorization memory authorization = _signed(MAKER_SECRET, deadline, _registerDigest(header, deadline));
        vm.warp(deadline);
        vm.prank(relayer);
        pieces.register(header, authorization);
        assertEq(pieces.balanceOf(workshop), 9, "balance");

        vm.prank(relayer);
        revertsWith(abi.encodeWithSelector(IPieces.BatchAlreadyRegistered.selector, _batchId(header)));
        pieces.register(header, authorization);
    }

    function test_aBatchIsRegisteredOnceWhoeverAsks() public {
        uint224 batch = _register(3);
        _setKey(shopKey, REGISTER, FOREVER);
        vm.prank(shopKey);
        revertsWith(abi.encodeWithSelector(IPieces.BatchAlreadyRegistered.selector, batch));
        pieces.register(_rootOnly(ROOT, 3), _direct(shopKey));
    }

    function testFuzz_aSignedRegistrationIsOverAfterItsDeadline(uint48 deadline) public {
        deadline = uint48(bound(deadline, 0, START - 1));
        BatchHeader memory header = _rootOnly(ROOT, 1);
        Authorization memory authorization = _signed(MAKER_SECRET, deadline, _registerDigest(header, deadline));
        revertsWith(abi.encodeWithSelector(IPieces.SignatureExpired.selector, deadline));
        pieces.register(header, authorization);
    }

    function testFuzz_aSignedRegistrationIsGoodForExactlyWhatItSays(uint8 field, uint16 by) public {
        address rival = _admit("rival", makerKey);
        uint32 shift = uint32(bound(by, 1, 100));
        BatchHeader memory header = BatchHeader(workshop, ROOT, 9, 1, keccak256("payload"), 2);
        Authorization memory authorization = _signed(
            MAKER_SECRET,
            FOREVER - 100,
            _registerDigest(header, FOREVER - 100)
        );
        field = uint8(bound(field, 0, 6));
        if (field == 0) header.organisation = rival;
        if (field == 1) header.root = bytes32(uint256(header.root) ^ shift);
        if (field == 2) header.count += shift;
        if (field == 3) (header.mode, header.payloadHash, header.parts) = (0, 0, 0);
        if (field == 4) header.payloadHash = bytes32(uint256(header.payloadHash) ^ shift);
        if (field == 5) header.parts += shift;
        if (field == 6) authorization.deadline += uint48(shift);
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, makerKey));
        pieces.register(header, authorization);
    }

    function test_aSignedRegistrationIsForOneChainAndOneContract() public {
        BatchHeader memory header = _rootOnly(ROOT, 1);
        Authorization memory authorization = _signed(MAKER_SECRET, FOREVER, _registerDigest(header, FOREVER));
        TestedPieces successor = _deployPieces(address(pieces), "");
        assertEq(successor.predecessor(), address(pieces), "predecessor");
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, makerKey));
        successor.register(header, authorization);
        vm.chainId(block.chainid + 1);
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, makerKey));
        pieces.register(header, authorization);
    }

    function test_contractAndDelegatedAccountsRegisterBySigning() public {
        SmartWallet wallet = new SmartWallet(alice);
        _setKey(address(wallet), REGISTER, FOREVER);
        Authorization memory authorization = _signed(
            ALICE_SECRET,
            FOREVER,
            _registerDigest(_rootOnly(ROOT, 2), FOREVER)
        );
        authorization.key = address(wallet);
        pieces.register(_rootOnly(ROOT, 2), authorization);

        _delegate(makerKey);
        pieces.register(
            _rootOnly(ROOT, 3),
            _signed(MAKER_SECRET, FOREVER, _registerDigest(_rootOnly(ROOT, 3), FOREVER))
        );
        assertEq(pieces.balanceOf(workshop), 5, "balance");
    }

    function _batchId(BatchHeader memory h) private pure returns (uint224) {
        bytes32 tag = keccak256("touchstone.batch.v1");
        bytes memory text = abi.encode(tag, h.organisation, h.root, h.count, h.mode, h.payloadHash, h.parts);
        return uint224(uint256(keccak256(text)));
    }

    function _expectInvalidHeader(BatchHeader memory header) private {
        vm.prank(makerKey);
        revertsWith(abi.encodeWithSelector(IPieces.InvalidHeader.selector));
        pieces.register(header, _direct(makerKey));
    }

    function _expectNotPermitted(BatchHeader memory header, address caller) private {
        vm.prank(caller);
        revertsWith(_notPermitted(header.organisation, caller, REGISTER));
        pieces.register(header, _direct(caller));
    }
}
