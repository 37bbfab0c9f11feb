// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILifeEvents} from "../../contracts/interfaces/ILifeEvents.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {SignatureCases} from "./signatures.t.sol";
import {Ledger} from "./support/Ledger.sol";
import {BriefSignatureCases, SignedLife} from "./support/SignedLife.sol";

/// Signed by a key of an organisation: of the workshop unless said otherwise.
abstract contract SignedByAnOrganisation is SignedLife {
    address private _wallet;

    function _organisation() internal view virtual returns (address, address key, uint256 secret) {
        return (workshop, makerKey, MAKER_SECRET);
    }

    function _signer() internal view override returns (address, uint256) {
        (, address key, uint256 secret) = _organisation();
        return (_wallet == address(0) ? key : _wallet, secret);
    }

    function _letSign(address wallet) internal override {
        (address organisation, address key, ) = _organisation();
        vm.prank(key);
        organisations.setKey(organisation, wallet, EVERYTHING, FOREVER, _direct(key));
        _wallet = wallet;
    }
}

abstract contract SignedByTheArbiter is SignedByAnOrganisation {
    function _organisation() internal view override returns (address, address, uint256) {
        return (arbiter, arbiterKey, ARBITER_SECRET);
    }
}

contract SignedRulingTest is BriefSignatureCases, SignedByTheArbiter {
    function _purpose() internal pure override returns (Purpose) {
        return Purpose.Arbitrate;
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(ILifeEvents.arbitrate, (_piece, 35, arbiter, REASON, authorization));
    }
}

contract SignedNoticeTest is BriefSignatureCases, SignedByAnOrganisation {
    function _purpose() internal pure override returns (Purpose) {
        return Purpose.Notice;
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(ILifeEvents.notice, (_made(), 2, 43, workshop, STATEMENT, REASON, authorization));
    }
}

contract SignedBatchNoticeTest is BriefSignatureCases, SignedByAnOrganisation {
    /// A recall that was lifted is not in force again because somebody kept its signature.
    function test_aRecallThatWasLiftedIsNotReplayed() public {
        Authorization memory recall = Authorization(makerKey, DEADLINE, _faultless());
        lifeEvents.noticeBatch(_made(), 40, workshop, REASON, recall);
        _saysOfAll(41);
        revertsWith(_lifeInvalid(makerKey));
        lifeEvents.noticeBatch(_made(), 40, workshop, REASON, recall);
    }

    function _purpose() internal pure override returns (Purpose) {
        return Purpose.BatchNotice;
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(ILifeEvents.noticeBatch, (_made(), 40, workshop, REASON, authorization));
    }
}

contract SignedBatchEndTest is BriefSignatureCases, SignedByAnOrganisation {
    /// Signed while the batch was the workshop's, useless once it has passed on, even if it comes back.
    function test_anEndDiesWhenTheBatchPassesOn() public {
        Authorization memory end = Authorization(makerKey, DEADLINE, _faultless());
        _pass(_batch, 0, dealer, 0, _list(2), makerKey);
        _pass(_batch, 0, workshop, 1, _list(2), dealerKey);
        revertsWith(_lifeInvalid(makerKey));
        lifeEvents.endBatch(_batch, 52, REASON, end);
    }

    function _purpose() internal pure override returns (Purpose) {
        return Purpose.BatchEnd;
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(ILifeEvents.endBatch, (_batch, 52, REASON, authorization));
    }
}

/// Signed by the repairer; the owner has consented.
contract SignedRecordTest is SignatureCases, SignedByAnOrganisation {
    function setUp() public override(SignedLife, Ledger) {
        super.setUp();
    }

    function _organisation() internal view override returns (address, address, uint256) {
        return (repairer, repairKey, REPAIR_SECRET);
    }

    function _purpose() internal pure override returns (Purpose) {
        return Purpose.Record;
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        Authorization memory consent = _recordConsent(ALICE_SECRET, _piece, 13, repairer);
        return abi.encodeCall(ILifeEvents.record, (_piece, 13, repairer, STATEMENT, authorization, consent));
    }
}

/// Signed by the workshop; the arbiter has signed, too.
contract SignedRecoveryTest is BriefSignatureCases, SignedByAnOrganisation {
    function _purpose() internal pure override returns (Purpose) {
        return Purpose.Recovery;
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        bytes32 digest = _ofLife(_words(Purpose.Recovery, FOREVER));
        Authorization memory ruling = _signed(ARBITER_SECRET, FOREVER, digest);
        return
            abi.encodeCall(
                ILifeEvents.beginRecovery,
                (_made(), 2, bob, workshop, arbiter, REASON, authorization, ruling)
            );
    }
}

/// Signed by the arbiter; the workshop has signed, too.
contract SignedRecoveryByTheArbiterTest is SignatureCases, SignedByTheArbiter {
    function setUp() public override(SignedLife, Ledger) {
        super.setUp();
    }

    function _purpose() internal pure override returns (Purpose) {
        return Purpose.Recovery;
    }

    /// It was cancelled; nobody begins it again with what was signed for the first time.
    function test_aRecoveryThatWasCancelledIsNotReplayed() public {
        Authorization memory ruling = Authorization(arbiterKey, DEADLINE, _faultless());
        (bool begun, ) = address(lifeEvents).call(_call(ruling));
        assertTrue(begun, "begun");
        _rules(_piece, 63);
        (bool again, bytes memory answer) = address(lifeEvents).call(_call(ruling));
        assertFalse(again, "again");
        assertEq(keccak256(answer), keccak256(_lifeInvalid(arbiterKey)), "why");
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        bytes32 digest = _ofLife(_words(Purpose.Recovery, FOREVER));
        Authorization memory word = _signed(MAKER_SECRET, FOREVER, digest);
        return
            abi.encodeCall(
                ILifeEvents.beginRecovery,
                (_made(), 2, bob, workshop, arbiter, REASON, word, authorization)
            );
    }
}
