// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {TestedPieces} from "./support/Contracts.sol";
import {Certificate, ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {Authorization, IOrganisations} from "../../contracts/interfaces/IOrganisations.sol";
import {BatchHeader, IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Signatures} from "../../contracts/libraries/Signatures.sol";
import {Assertion, PasskeySigning} from "./support/PasskeySigning.sol";
import {ScriptedWallet} from "./support/Wallets.sol";

/// Passkeys where they matter: as owners of pieces and as keys of organisations.
contract PasskeysTest is PasskeySigning {
    uint256 private constant OTHER_SECRET = 0xB2;
    uint256 private _piece;
    address private _owner;

    function setUp() public override {
        super.setUp();
        uint224 batch = _register(9);
        _piece = _token(batch, 4);
        _owner = _account(PASSKEY_SECRET, _piece);
        vm.prank(makerKey);
        pieces.transferFrom(workshop, _owner, _piece);
    }

    function testFuzz_anybodyRelaysWhatAPasskeySigned(address relayer, uint8 form) public {
        Assertion memory a = _assertion(PASSKEY_SECRET, _piece, _transferTo(bob), Form(form % 3));
        vm.prank(relayer);
        pieces.transferWithSignature(_piece, bob, 1, Authorization(_owner, FOREVER, _pack(a)));
        assertEq(pieces.ownerOf(_piece), bob, "owner");
    }

    function test_aPasskeyPassesThePieceToAPasskey() public {
        address next = _account(OTHER_SECRET, _piece);
        pieces.transferWithSignature(_piece, next, 1, _order(PASSKEY_SECRET, _piece, _transferTo(next)));
        bytes32 back = _transferDigest(_piece, next, _owner, 2, FOREVER);
        _expectInvalid(_owner, 2, _order(PASSKEY_SECRET, _piece, back), next);
        Authorization memory order = _order(OTHER_SECRET, _piece, back);
        pieces.transferWithSignature(_piece, _owner, 2, order);
        assertEq(pieces.ownerOf(_piece), _owner, "owner");
    }

    function test_aSignatureIsUsedOnce() public {
        Authorization memory order = _order(PASSKEY_SECRET, _piece, _transferTo(_owner));
        pieces.transferWithSignature(_piece, _owner, 1, order);
        revertsWith(abi.encodeWithSelector(IPieces.StaleMoves.selector, _piece, 2));
        pieces.transferWithSignature(_piece, _owner, 1, order);
        _expectInvalid(_owner, 2, order, _owner);
    }

    function test_aSignatureIsForOneChainOneContractAndOnePurpose() public {
        Authorization memory order = _order(PASSKEY_SECRET, _piece, _transferTo(bob));
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        _expectInvalid(bob, 1, order, _owner);
        vm.chainId(here);
        TestedPieces other = _deployPieces(address(pieces), "");
        vm.prank(makerKey);
        uint224 batch = other.register(_rootOnly(ROOT, 9), _direct(makerKey));
        assertEq(uint256(batch), _piece >> 32, "the same batch");
        vm.prank(makerKey);
        other.transferFrom(workshop, _owner, _piece);
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, _owner));
        other.transferWithSignature(_piece, bob, 1, order);
        _expectInvalid(bob, 1, _order(PASSKEY_SECRET, _piece, _registerDigest(_rootOnly(ROOT, 9), FOREVER)), _owner);
        _expectInvalid(alice, 1, order, _owner);
        pieces.transferWithSignature(_piece, bob, 1, order);
    }

    /// One passkey, two pieces, two accounts: neither signs for the other.
    function test_theSaltOfAnotherPieceIsAnotherAccount() public {
        bytes32 digest = _transferTo(bob);
        bytes memory signature = _signedByPasskey(PASSKEY_SECRET, _piece + 1, digest);
        _expectInvalid(bob, 1, Authorization(_owner, FOREVER, signature), _owner);
        Authorization memory order = Authorization(_account(PASSKEY_SECRET, _piece + 1), FOREVER, signature);
        revertsWith(abi.encodeWithSelector(IPieces.NotOwnersKey.selector, _piece, order.key));
        pieces.transferWithSignature(_piece, bob, 1, order);
    }

    function test_anEmptyOrShortSignatureIsNone() public {
        _expectInvalid(bob, 1, Authorization(_owner, FOREVER, ""), _owner);
        _expectInvalid(bob, 1, Authorization(_owner, FOREVER, new bytes(65)), _owner);
        _expectInvalid(bob, 1, Authorization(_owner, FOREVER, new bytes(66)), _owner);
        _expectInvalid(bob, 1, Authorization(_owner, FOREVER, _signature(ALICE_SECRET, _transferTo(bob))), _owner);
    }

    function test_aPasskeyWorksForAnOrganisationInAllItsCalls() public {
        address key = _account(PASSKEY_SECRET, 0);
        _setKey(key, EVERYTHING, FOREVER);
        BatchHeader memory header = _rootOnly(keccak256("another root"), 3);
        uint224 batch = pieces.register(header, _order(PASSKEY_SECRET, 0, _registerDigest(header, FOREVER)));
        assertEq(pieces.ownerOf(_token(batch, 0)), workshop, "registered");

        bytes32 change = _setKeyDigest(workshop, shopKey, TRANSFER, FOREVER, 1, FOREVER);
        organisations.setKey(workshop, shopKey, TRANSFER, FOREVER, _order(PASSKEY_SECRET, 0, change));
        assertTrue(organisations.isPermitted(workshop, shopKey, TRANSFER), "key set");

        vm.prank(administrator);
        organisations.setRoles(workshop, 5);
        Certificate memory c = Certificate(workshop, 1, bytes32(_piece), keccak256("content"), 0, 0);
        bytes32 kind = keccak256(
            "Issue(address organisation,uint8 kind,bytes32 subject,bytes32 contentHash,uint48 validUntil,uint24 pieceEvents,uint48 deadline)"
        );
        bytes32 issue = keccak256(
            abi.encode(kind, c.organisation, c.kind, c.subject, c.contentHash, c.validUntil, c.pieceEvents, FOREVER)
        );
        bytes32 digest = _digest(address(certificates), "Touchstone Certificates", issue);
        Authorization memory order = _order(PASSKEY_SECRET, 0, digest);
        assertEq(certificates.issueWithSignature(c, order), certificates.certificateIdOf(c), "certified");
        order.signature = _signedByPasskey(OTHER_SECRET, 0, digest);
        revertsWith(abi.encodeWithSelector(ICertificates.InvalidSignature.selector, key));
        certificates.issueWithSignature(c, order);
        order = _order(OTHER_SECRET, 0, change);
        order.key = key;
        revertsWith(abi.encodeWithSelector(IOrganisations.InvalidSignature.selector, key));
        organisations.setKey(workshop, shopKey, TRANSFER, FOREVER, order);
    }

    /// Nobody can put code there; should somebody find out how, the code speaks and the passkey no more.
    function test_anAccountWithCodeIsNeverAskedByPasskey() public {
        Authorization memory order = _order(PASSKEY_SECRET, _piece, _transferTo(bob));
        vm.etch(_owner, hex"00");
        _expectInvalid(bob, 1, order, _owner);
        vm.etch(_owner, "");
        pieces.transferWithSignature(_piece, bob, 1, order);
    }

    function test_aWalletIsAskedAboutLongSignaturesByItself() public {
        bytes memory signature = _signedByPasskey(PASSKEY_SECRET, _piece, _transferTo(bob));
        bytes32 yes = bytes32(IERC1271.isValidSignature.selector);
        address wallet = address(new ScriptedWallet(_transferTo(bob), signature, false, abi.encode(yes)));
        assertTrue(this.isSignedBy(wallet, _transferTo(bob), signature), "what the wallet says");
        assertFalse(this.isSignedBy(wallet, _transferTo(alice), signature), "what it does not say");
        vm.etch(address(passkeys), hex"00");
        assertTrue(this.isSignedBy(wallet, _transferTo(bob), signature), "without anybody else asked");
    }

    /// ECDSA has 65 bytes, so nobody else's answer is waited for.
    function test_aWalletKeySignsWithoutPasskeysBeingAsked() public {
        vm.etch(address(passkeys), hex"fe");
        bytes32 digest = _transferTo(bob);
        assertTrue(this.isSignedBy(alice, digest, _signature(ALICE_SECRET, digest)), "signed");
        assertFalse(this.isSignedBy(bob, digest, _signature(ALICE_SECRET, digest)), "signed by another");
    }

    function test_everyContractNamesTheSamePasskeys() public view {
        assertEq(address(pieces.passkeys()), address(passkeys), "pieces");
        assertEq(address(organisations.passkeys()), address(passkeys), "organisations");
        assertEq(address(certificates.passkeys()), address(passkeys), "certificates");
    }

    function isSignedBy(address account, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return Signatures.isSignedBy(passkeys, account, digest, signature);
    }

    function _transferTo(address to) private view returns (bytes32) {
        return _transferDigest(_piece, _owner, to, 1, FOREVER);
    }

    function _order(uint256 secret, uint256 salt, bytes32 digest) private pure returns (Authorization memory) {
        return Authorization(_account(secret, salt), FOREVER, _signedByPasskey(secret, salt, digest));
    }

    function _expectInvalid(address to, uint24 moves, Authorization memory order, address key) private {
        order.key = key;
        revertsWith(abi.encodeWithSelector(IPieces.InvalidSignature.selector, key));
        pieces.transferWithSignature(_piece, to, moves, order);
    }
}
