// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Certificate, ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {SignatureCases} from "./signatures.t.sol";
import {Certifying} from "./support/Certifying.sol";
import {Ledger} from "./support/Ledger.sol";

/// The questions that signatures.t.sol puts to every call that takes one, put to those of certifiers that leave state
/// behind. Signed certificates, which leave none, are asked in certificates.signed.t.sol.
abstract contract SignedCertifying is SignatureCases, Certifying {
    address internal _key = labKey;

    function setUp() public virtual override(Certifying, Ledger) {
        super.setUp();
    }

    function _signer() internal view override returns (address, uint256) {
        return (_key, LAB_SECRET);
    }

    function _letSign(address wallet) internal override {
        _setLabKey(wallet, CERTIFY, FOREVER);
        _key = wallet;
    }

    function _domain() internal view override returns (string memory, address) {
        return ("Touchstone Certificates", address(certificates));
    }
}

contract SignedCertificateBatchTest is SignedCertifying {
    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256("IssueBatch(address organisation,bytes32 root,uint32 count,uint48 deadline)");
        return keccak256(abi.encode(kind, lab, ROOT, uint32(3), deadline));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(ICertificates.issueBatch, (lab, ROOT, 3, authorization));
    }

    function _otherPurpose(uint256 seed) internal view override returns (bytes32) {
        if (seed % 2 == 0) return _issueDigest(_certificate(seed), DEADLINE);
        return _revokeDigest(bytes32(seed), uint32(seed), MISTAKE, "", DEADLINE);
    }

    function _isDone() internal view override returns (bool) {
        (, uint48 issuedAt, ) = certificates.certificateBatchOf(_certificateBatchId(lab, ROOT, 3));
        return issuedAt != 0;
    }
}

contract SignedRevocationTest is SignedCertifying {
    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256("Revoke(bytes32 id,uint32 index,uint8 reason,string words,uint48 deadline)");
        bytes32 id = _certificateId(_certificate(1));
        return keccak256(abi.encode(kind, id, uint32(0), uint8(4), keccak256("glass"), deadline));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(ICertificates.revoke, (_certificate(1), 4, "glass", authorization));
    }

    function _otherPurpose(uint256 seed) internal view override returns (bytes32) {
        Certificate memory c = _certificate(1);
        if (seed % 2 == 0) return _issueDigest(c, DEADLINE);
        return _issueBatchDigest(lab, _certificateId(c), uint32(seed), DEADLINE);
    }

    function _isDone() internal view override returns (bool) {
        return certificates.isRevoked(_certificateId(_certificate(1)), 0);
    }
}

contract SignedRevocationInBatchTest is SignedCertifying {
    bytes32 private _batch;

    function setUp() public override {
        super.setUp();
        _batch = _issuedBatch(ROOT, 300);
    }

    function _structHash(uint48 deadline) internal view override returns (bytes32) {
        bytes32 kind = keccak256("Revoke(bytes32 id,uint32 index,uint8 reason,string words,uint48 deadline)");
        return keccak256(abi.encode(kind, _batch, uint32(257), uint8(4), keccak256("glass"), deadline));
    }

    function _call(Authorization memory authorization) internal view override returns (bytes memory) {
        return abi.encodeCall(ICertificates.revokeInBatch, (_batch, 257, 4, "glass", authorization));
    }

    function _otherPurpose(uint256 seed) internal view override returns (bytes32) {
        if (seed % 2 == 0) return _issueBatchDigest(lab, ROOT, 300, DEADLINE);
        return _setKeyDigest(lab, labKey, uint16(seed >> 8), FOREVER, uint32(seed >> 32), DEADLINE);
    }

    function _isDone() internal view override returns (bool) {
        return certificates.isRevoked(_batch, 257);
    }
}
