// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILifeEvents} from "../../contracts/interfaces/ILifeEvents.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {SignatureCases} from "./signatures.t.sol";
import {Ledger} from "./support/Ledger.sol";
import {BriefSignatureCases, SignedLife} from "./support/SignedLife.sol";

/// Signed by alice, or by the wallet that she moved her piece to.
abstract contract SignedByAnOwner is SignedLife {
    function _signer() internal view override returns (address, uint256) {
        return (_owner, ALICE_SECRET);
    }

    function _letSign(address wallet) internal override {
        _move(alice, wallet, _piece, alice);
        _owner = wallet;
    }
}

contract SignedOwnerActTest is SignatureCases, SignedByAnOwner {
    function setUp() public override(SignedLife, Ledger) {
        super.setUp();
    }

    function _purpose() internal pure override returns (Purpose) {
        return Purpose.OwnerAct;
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(ILifeEvents.report, (_piece, 30, authorization));
    }
}

contract SignedEndTest is BriefSignatureCases, SignedByAnOwner {
    function _purpose() internal pure override returns (Purpose) {
        return Purpose.End;
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(ILifeEvents.end, (_piece, 51, STATEMENT, authorization));
    }
}

/// The owner's consent; the repairer has signed.
contract SignedConsentToARecordTest is BriefSignatureCases, SignedByAnOwner {
    function _purpose() internal pure override returns (Purpose) {
        return Purpose.Record;
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        Authorization memory service = _recordConsent(REPAIR_SECRET, _piece, 13, repairer);
        return abi.encodeCall(ILifeEvents.record, (_piece, 13, repairer, STATEMENT, service, authorization));
    }
}

contract SignedShipmentTest is BriefSignatureCases {
    function setUp() public override {
        super.setUp();
        _move(workshop, alice, _token(_batch, 0), makerKey);
    }

    function _purpose() internal pure override returns (Purpose) {
        return Purpose.TransferMany;
    }

    function _domain() internal view override returns (string memory, address) {
        return ("Touchstone Pieces", address(pieces));
    }

    function _letSign(address wallet) internal override {
        _move(alice, wallet, _token(_batch, 0), alice);
        _move(alice, wallet, _piece, alice);
        _owner = wallet;
    }

    function _signer() internal view override returns (address, uint256) {
        return (_owner, ALICE_SECRET);
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        (uint256[] memory tokens, uint24[] memory moves) = _shipped();
        return abi.encodeCall(IPieces.transferMany, (_owner, bob, tokens, moves, authorization));
    }

    function _isDone() internal view override returns (bool) {
        return pieces.ownerOf(_piece) == bob;
    }
}
