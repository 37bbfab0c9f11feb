// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Certificate, ICertificates} from "../../../contracts/interfaces/ICertificates.sol";
import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {CertificateBook} from "./CertificateBook.sol";
import {Vm} from "./Test.sol";

/// Lives a random life among certifiers as everybody at once, honest or not. Every act draws who does what from its
/// seed, foretells from the book whether that is allowed, tries it, and judges.
abstract contract CertificateLife is CertificateBook {
    /// One certificate to be revoked: with `batch` zero, one that was issued by itself, or may be.
    struct Revocation {
        Certificate certificate;
        bytes32 batch;
        uint32 index;
        uint8 reason;
        address organisation;
    }

    struct Heading {
        address organisation;
        bytes32 root;
        uint32 count;
    }

    string private constant WORDS = "so it is";

    /// Signatures that were good once, kept by somebody who tries them again.
    Certificate private _usedCertificate;
    Authorization private _usedIssue;
    Heading private _usedHeading;
    Authorization private _usedBatchOrder;
    bytes private _usedIssueBatch;
    Revocation private _usedTarget;
    Authorization private _usedRevocationOrder;
    bytes private _usedRevocation;

    function issue(uint256 seed) external {
        address organisation = _anyOrganisation(seed);
        (Certificate memory c, bool inOrder) = _anyCertificate(seed, organisation);
        Consent memory consent = _anyConsent(seed, _somebodyFor(seed, organisation, CERTIFY));
        // `issue` has no key to name: whoever calls is it.
        if (!consent.signed) (consent.key, consent.good) = (consent.caller, true);
        Authorization memory order = _authorized(seed, consent, _issueDigest(c, consent.deadline));
        Attempt memory attempt = _attempt(Act.Issue, Act.IssueSigned, consent);
        attempt.allowed = consent.good && inOrder && _mayCertify(organisation, consent.key);
        attempt.call =
            consent.signed
                ? abi.encodeCall(ICertificates.issueWithSignature, (c, order))
                : abi.encodeCall(ICertificates.issue, (c));
        attempt.log = _issueLog(c, consent.key);
        if (_try(attempt) && consent.signed) (_usedCertificate, _usedIssue) = (c, order);
    }

    function issueBatch(uint256 seed) external {
        Heading memory h = Heading(
            _anyOrganisation(seed),
            keccak256(abi.encode("root", _draw(seed, "root", 3))),
            [uint32(1), 3, 300][_draw(seed, "count", 3)]
        );
        uint256 fault = _draw(seed, "faulty batch", 12);
        if (fault == 0) h.root = 0;
        if (fault == 1) h.count = 0;
        if (fault == 2) h.count = MAX_COUNT + 1;
        bytes32 id = _certificateBatchId(h.organisation, h.root, h.count);
        Consent memory consent = _anyConsent(seed, _somebodyFor(seed, h.organisation, CERTIFY));
        bool allowed = consent.good && fault > 2 && !_isIssued(id) && _mayCertify(h.organisation, consent.key);
        if (allowed && batches.length >= MOST_BATCHES) return;
        if (_issueBatch(seed, h, consent, allowed)) batches.push(IssuedBatch(id, h.organisation, h.count, _clock));
    }

    function revoke(uint256 seed) external {
        (Revocation memory target, bool exists) = _anyRevocation(seed);
        uint16 permission = _draw(seed, "as", 2) == 0 ? CERTIFY : ADMINISTER;
        Consent memory consent = _anyConsent(seed, _somebodyFor(seed, target.organisation, permission));
        bool allowed = consent.good && exists && target.reason != 0 && target.reason < 6;
        allowed = allowed && !_isRevoked(_idOf(target), target.index);
        if (!_revoke(seed, target, consent, allowed && _mayRevoke(target.organisation, consent.key))) return;
        revokedInBook[_idOf(target)][target.index / 256] |= 1 << (target.index % 256);
    }

    /// A signed certificate may be relayed again while its key still may certify; it changes nothing.
    function repeatIssue(uint256 seed) external {
        if (_usedIssue.key == address(0)) return;
        Certificate memory c = _usedCertificate;
        bool inTime = _clock <= _usedIssue.deadline && (c.validUntil == 0 || c.validUntil > _clock);
        Attempt memory attempt;
        (attempt.act, attempt.caller, attempt.target) = (
            Act.RepeatIssue,
            _anybody(seed, "caller"),
            address(certificates)
        );
        attempt.allowed = inTime && _mayCertify(c.organisation, _usedIssue.key);
        attempt.call = abi.encodeCall(ICertificates.issueWithSignature, (c, _usedIssue));
        attempt.log = _issueLog(c, _usedIssue.key);
        _try(attempt);
    }

    function replay(uint256 seed) external {
        _expectRefused(
            Act.Replay,
            _anybody(seed, "caller"),
            address(certificates),
            _draw(seed, "what", 2) == 0 ? _usedIssueBatch : _usedRevocation
        );
    }

    /// A good signature brought for something else: another certificate, another batch, another certificate of a batch.
    function alter(uint256 seed) external {
        uint256 what = _draw(seed, "what", 3);
        bytes memory call;
        if (what == 0 && _usedIssue.key != address(0)) {
            Certificate memory c = _usedCertificate;
            c.subject ^= bytes32(uint256(1));
            call = abi.encodeCall(ICertificates.issueWithSignature, (c, _usedIssue));
        } else if (what == 1 && _usedBatchOrder.key != address(0)) {
            Heading memory h = _usedHeading;
            call = abi.encodeCall(ICertificates.issueBatch, (h.organisation, h.root, h.count + 1, _usedBatchOrder));
        } else if (what == 2 && _usedRevocationOrder.key != address(0)) {
            Revocation memory target = _usedTarget;
            if (target.batch == 0) target.certificate.subject ^= bytes32(uint256(1));
            else target.index ^= 1;
            call = _revocationCall(target, _usedRevocationOrder);
        }
        _expectRefused(Act.Alter, _anybody(seed, "caller"), address(certificates), call);
    }

    /// The registrar calls in its own name or says it is somebody else. An organisation may appoint it as a key; then it
    /// acts as any other key, which is not what is asked here.
    function actAsRegistrar(uint256 seed) external {
        (Revocation memory target, ) = _anyRevocation(seed);
        address registrar_ = address(registrar);
        if (_mayRevoke(target.organisation, registrar_)) return;
        address named = _draw(seed, "named", 2) == 0 ? registrar_ : _somebodyFor(seed, target.organisation, CERTIFY);
        (Certificate memory c, ) = _anyCertificate(seed, target.organisation);
        bytes[3] memory orders = [
            _revocationCall(target, _direct(named)),
            abi.encodeCall(ICertificates.issueBatch, (target.organisation, ROOT, 3, _direct(named))),
            abi.encodeCall(ICertificates.issue, (c))
        ];
        bytes memory order = orders[_draw(seed, "what", 3)];
        bytes memory call = abi.encodeCall(IAccessManager.execute, (address(certificates), order));
        _expectRefused(Act.ActAsRegistrar, administrator, registrar_, call);
    }

    /// Only that nobody but an administrator changes a key is judged here; the rest is the business of other lives.
    function setKey(uint256 seed) external {
        address organisation = _anyOrganisation(seed);
        address by = _somebodyFor(seed, organisation, ADMINISTER);
        address key = _anybody(seed, "whom");
        uint16 permissions = uint16(_draw(seed, "permissions", 16)) | (_draw(seed, "generous", 2) == 0 ? CERTIFY : 0);
        uint48 until = [FOREVER, _clock + uint48(_draw(seed, "until", 1000)), 0][_draw(seed, "end", 3)];
        vm.prank(by);
        try organisations.setKey(organisation, key, permissions, until, _direct(by)) {
            _judge(Act.SetKey, true, _holds(organisation, by, ADMINISTER));
            Window storage window = _windows[organisation][key];
            window.until = until <= _clock ? _clock : until;
            if (until > _clock) window.permissions = permissions;
        } catch {
            if (!_holds(organisation, by, ADMINISTER)) _judge(Act.SetKey, false, false);
        }
    }

    /// The registrar's decisions and the passing of time, which is all that befalls a certifier from outside.
    function decide(uint256 seed) external {
        address organisation = _anyOrganisation(seed);
        uint256 what = _draw(seed, "what", 6);
        vm.prank(administrator);
        if (_suspended[organisation]) {
            organisations.reinstate(organisation);
            _suspended[organisation] = false;
        } else if (what == 0) {
            organisations.suspend(organisation, "");
            _suspended[organisation] = true;
        } else {
            _certifier[organisation] = what > 2;
            organisations.setRoles(organisation, _certifier[organisation] ? CERTIFIER | MAKER : 63 - CERTIFIER);
        }
    }

    function passTime(uint256 seed) external {
        _clock += uint48(_draw(seed, "seconds", 100));
        vm.warp(_clock);
    }

    function _issueBatch(
        uint256 seed,
        Heading memory h,
        Consent memory consent,
        bool allowed
    ) private returns (bool succeeded) {
        bytes32 digest = _issueBatchDigest(h.organisation, h.root, h.count, consent.deadline);
        Authorization memory order = _authorized(seed, consent, digest);
        Attempt memory attempt = _attempt(Act.IssueBatch, Act.IssueBatchSigned, consent);
        attempt.allowed = allowed;
        attempt.call = abi.encodeCall(ICertificates.issueBatch, (h.organisation, h.root, h.count, order));
        attempt.log = _issueBatchLog(h.organisation, consent.key, h.root, h.count);
        attempt.slot = _batchSlot(_certificateBatchId(h.organisation, h.root, h.count));
        succeeded = _try(attempt);
        if (succeeded && consent.signed) (_usedIssueBatch, _usedHeading, _usedBatchOrder) = (attempt.call, h, order);
    }

    function _revoke(
        uint256 seed,
        Revocation memory t,
        Consent memory consent,
        bool allowed
    ) private returns (bool succeeded) {
        bytes32 id = _idOf(t);
        bytes32 digest = _revokeDigest(id, t.index, t.reason, WORDS, consent.deadline);
        Authorization memory order = _authorized(seed, consent, digest);
        Attempt memory attempt =
            t.batch == 0
                ? _attempt(Act.Revoke, Act.RevokeSigned, consent)
                : _attempt(Act.RevokeInBatch, Act.RevokeInBatchSigned, consent);
        attempt.allowed = allowed;
        attempt.call = _revocationCall(t, order);
        attempt.log = _revokeLog(id, t.index, t.organisation, consent.key, t.reason, WORDS);
        attempt.slot = _revocationSlot(id, t.index / 256);
        succeeded = _try(attempt);
        if (succeeded && consent.signed) {
            (_usedRevocation, _usedTarget, _usedRevocationOrder) = (attempt.call, t, order);
        }
    }

    function _attempt(Act direct, Act signed, Consent memory consent) private view returns (Attempt memory attempt) {
        attempt.act = consent.signed ? signed : direct;
        (attempt.caller, attempt.target) = (consent.caller, address(certificates));
    }

    /// What nobody may ever do. Without a call there is nothing to try yet.
    function _expectRefused(Act act, address caller, address target, bytes memory call) private {
        Attempt memory attempt;
        (attempt.act, attempt.caller, attempt.target, attempt.call) = (act, caller, target, call);
        if (call.length != 0) _try(attempt);
    }

    function _anyCertificate(uint256 seed, address organisation) private view returns (Certificate memory c, bool) {
        c = _certificate(_draw(seed, "number", SINGLES));
        c.organisation = organisation;
        uint256 way = _draw(seed, "faulty certificate", 20);
        if (way == 0) c.kind = 0;
        if (way == 1) c.kind = 7;
        if (way == 2) c.contentHash = 0;
        if (way == 3) c.validUntil = _clock;
        if (way == 4) (c.kind, c.pieceEvents) = (2, 1);
        if (way == 5) c.pieceEvents = 1;
        if (way == 6) c.validUntil = _clock + 1;
        return (c, way > 4);
    }

    function _anyRevocation(uint256 seed) private view returns (Revocation memory target, bool exists) {
        target.reason = _draw(seed, "faulty reason", 12) == 0 ? [0, 6][seed % 2] : uint8(1 + (seed % 5));
        if (batches.length == 0 || _draw(seed, "single", 3) == 0) {
            target.organisation = _anyOrganisation(seed);
            target.certificate = _certificate(_draw(seed, "number", SINGLES));
            target.certificate.organisation = target.organisation;
            return (target, true);
        }
        IssuedBatch memory batch = batches[_draw(seed, "batch", batches.length)];
        (target.batch, target.organisation) = (batch.id, batch.organisation);
        uint32[6] memory edges = [uint32(0), 1, 255, 256, batch.count - 1, batch.count];
        uint256 place = _draw(seed, "edge", 9);
        target.index = place < 6 ? edges[place] : uint32(_draw(seed, "index", batch.count));
        return (target, target.index < batch.count);
    }

    function _revocationCall(Revocation memory t, Authorization memory order) private pure returns (bytes memory) {
        return
            t.batch == 0
                ? abi.encodeCall(ICertificates.revoke, (t.certificate, t.reason, WORDS, order))
                : abi.encodeCall(ICertificates.revokeInBatch, (t.batch, t.index, t.reason, WORDS, order));
    }

    function _idOf(Revocation memory target) private pure returns (bytes32) {
        return target.batch == 0 ? _certificateId(target.certificate) : target.batch;
    }

    function _isIssued(bytes32 id) private view returns (bool) {
        for (uint256 i = 0; i < batches.length; ++i) if (batches[i].id == id) return true;
        return false;
    }
}
