// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Certificate, ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {Certifying} from "./support/Certifying.sol";
import {BrokenWallet, ReenteringWallet, SmartWallet} from "./support/Wallets.sol";

/// Keys that are contracts, and externally owned accounts that have code.
contract CertificatesWalletsTest is Certifying {
    function test_aSmartWalletSignsAsAKey() public {
        SmartWallet wallet = new SmartWallet(alice);
        _setLabKey(address(wallet), CERTIFY, FOREVER);
        Certificate memory c = _certificate(1);
        _expectInvalid(c, Authorization(address(wallet), FOREVER, _signature(BOB_SECRET, _issueDigest(c, FOREVER))));
        _expectInvalid(c, Authorization(address(wallet), FOREVER, ""));
        vm.recordLogs();
        certificates.issueWithSignature(c, _byWallet(address(wallet), _issueDigest(c, FOREVER)));
        _assertOnlyLog(_issueLog(c, address(wallet)));
        bytes32 id = certificates.issueBatch(
            lab,
            ROOT,
            3,
            _byWallet(address(wallet), _issueBatchDigest(lab, ROOT, 3, FOREVER))
        );
        bytes32 digest = _revokeDigest(id, 1, MISTAKE, "", FOREVER);
        certificates.revokeInBatch(id, 1, MISTAKE, "", _byWallet(address(wallet), digest));
        assertTrue(certificates.isRevoked(id, 1), "revoked");
    }

    function test_aSmartWalletsSignerIsNoKeyHimself() public {
        SmartWallet wallet = new SmartWallet(alice);
        _setLabKey(address(wallet), CERTIFY, FOREVER);
        Certificate memory c = _certificate(1);
        Authorization memory own = _signed(ALICE_SECRET, FOREVER, _issueDigest(c, FOREVER));
        revertsWith(_notPermitted(lab, alice, CERTIFY));
        certificates.issueWithSignature(c, own);
    }

    function test_aSmartWalletActsAsTheCallerToo() public {
        SmartWallet wallet = new SmartWallet(alice);
        _setLabKey(address(wallet), CERTIFY, FOREVER);
        vm.recordLogs();
        vm.prank(alice);
        wallet.call(address(certificates), abi.encodeCall(ICertificates.issue, (_certificate(1))));
        _assertOnlyLog(_issueLog(_certificate(1), address(wallet)));
    }

    function test_aWalletThatFailsHasNotSigned() public {
        BrokenWallet wallet = new BrokenWallet();
        _setLabKey(address(wallet), EVERYTHING, FOREVER);
        _expectInvalid(_certificate(1), Authorization(address(wallet), FOREVER, hex"00"));
    }

    function test_aContractThatKnowsNoSignaturesHasNotSigned() public {
        _setLabKey(address(pieces), EVERYTHING, FOREVER);
        _expectInvalid(_certificate(1), Authorization(address(pieces), FOREVER, new bytes(65)));
    }

    function test_aDelegatedAccountSignsWithItsKey() public {
        _delegate(clerkKey);
        assertTrue(clerkKey.code.length != 0, "account has code");
        Certificate memory c = _certificate(1);
        certificates.issueWithSignature(c, _signed(CLERK_SECRET, FOREVER, _issueDigest(c, FOREVER)));
        bytes32 digest = _revokeDigest(_certificateId(c), 0, MISTAKE, "", FOREVER);
        certificates.revoke(c, MISTAKE, "", _signed(CLERK_SECRET, FOREVER, digest));
        assertTrue(certificates.isRevoked(_certificateId(c), 0), "revoked");
        vm.recordLogs();
        vm.prank(clerkKey);
        certificates.issue(_certificate(2));
        _assertOnlyLog(_issueLog(_certificate(2), clerkKey));
    }

    function test_aDelegatedAccountsCodeSpeaksForItOnlyIfItKnowsHow() public {
        _delegate(clerkKey);
        _expectInvalid(
            _certificate(1),
            Authorization(clerkKey, FOREVER, _signature(ALICE_SECRET, _issueDigest(_certificate(1), FOREVER)))
        );
        vm.etch(clerkKey, address(new SmartWallet(alice)).code);
        certificates.issueWithSignature(_certificate(1), _byWallet(clerkKey, _issueDigest(_certificate(1), FOREVER)));
    }

    /// A wallet is asked by a call that can't write: whatever it tries while it is asked, one thing happens and no other.
    function test_aWalletThatCallsBackWhenAskedChangesNothing() public {
        ReenteringWallet wallet = new ReenteringWallet(address(certificates));
        _setLabKey(address(wallet), EVERYTHING, FOREVER);
        bytes32 batch = _issuedBatch(ROOT, 300);
        Authorization memory said = Authorization(address(wallet), FOREVER, hex"01");
        Authorization memory itself = _direct(address(wallet));
        wallet.plan(abi.encodeCall(ICertificates.issue, (_certificate(2))));
        wallet.plan(abi.encodeCall(ICertificates.issueBatch, (lab, ROOT, 5, itself)));
        wallet.plan(abi.encodeCall(ICertificates.revokeInBatch, (batch, 8, MISTAKE, "", itself)));
        wallet.plan(abi.encodeCall(ICertificates.revokeInBatch, (batch, 7, MISTAKE, "", itself)));
        wallet.plan(abi.encodeCall(ICertificates.revoke, (_certificate(1), MISTAKE, "", itself)));
        wallet.plan(abi.encodeCall(ICertificates.postContent, ("said while being asked")));

        vm.recordLogs();
        certificates.issueWithSignature(_certificate(1), said);
        _assertOnlyLog(_issueLog(_certificate(1), address(wallet)));
        vm.recordLogs();
        certificates.issueBatch(lab, ROOT, 4, said);
        _assertOnlyLog(_issueBatchLog(lab, address(wallet), ROOT, 4));
        vm.recordLogs();
        certificates.revokeInBatch(batch, 7, MISTAKE, "", said);
        _assertOnlyLog(_revokeLog(batch, 7, lab, address(wallet), MISTAKE, ""));
        assertEq(_revocations(batch, 0), 1 << 7, "bits");
        vm.recordLogs();
        certificates.revoke(_certificate(1), MISTAKE, "", said);
        _assertOnlyLog(_revokeLog(_certificateId(_certificate(1)), 0, lab, address(wallet), MISTAKE, ""));
        assertFalse(certificates.isRevoked(_certificateId(_certificate(2)), 0), "another one");
        // Each plan was one that the wallet may carry out when it isn't being asked.
        vm.prank(address(wallet));
        certificates.issueBatch(lab, ROOT, 5, itself);
        vm.prank(address(wallet));
        certificates.revokeInBatch(batch, 8, MISTAKE, "", itself);
    }

    function _byWallet(address wallet, bytes32 digest) private pure returns (Authorization memory) {
        return Authorization(wallet, FOREVER, _signature(ALICE_SECRET, digest));
    }

    function _expectInvalid(Certificate memory c, Authorization memory order) private {
        revertsWith(abi.encodeWithSelector(ICertificates.InvalidSignature.selector, order.key));
        certificates.issueWithSignature(c, order);
        revertsWith(abi.encodeWithSelector(ICertificates.InvalidSignature.selector, order.key));
        certificates.issueBatch(lab, ROOT, 3, order);
        revertsWith(abi.encodeWithSelector(ICertificates.InvalidSignature.selector, order.key));
        certificates.revoke(c, MISTAKE, "", order);
    }
}
