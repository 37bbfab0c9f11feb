// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Certificate} from "../../contracts/interfaces/ICertificates.sol";
import {CertificateBook} from "./support/CertificateBook.sol";
import {CertificateLife} from "./support/CertificateLife.sol";
import {Test} from "./support/Test.sol";

/// What holds after every step of every random life of certifiers. Each has met a contract that breaks it: see
/// contracts/README.md. One invariant_ function asks them all, because each function of its own would live all lives
/// again; each names itself when it falls.
contract JudgedCertifiers is CertificateLife {
    function holdsAfterAStep() external view {
        holds_aBatchStaysWhatWasIssued();
        holds_whatWasRevokedIsRevokedAndNothingElse();
        holds_nothingIsCertifiedOrRevokedByWhoMayNot();
        holds_nobodyWhoMayCertifyOrRevokeIsRefused();
        holds_anActLeavesOneEventAndOneSlotAtMost();
    }

    function holds_nothingIsCertifiedOrRevokedByWhoMayNot() public view {
        assertTrue(bytes(breach).length == 0, string.concat("nothingIsCertifiedOrRevokedByWhoMayNot: ", breach));
    }

    function holds_nobodyWhoMayCertifyOrRevokeIsRefused() public view {
        assertTrue(bytes(denial).length == 0, string.concat("nobodyWhoMayCertifyOrRevokeIsRefused: ", denial));
    }

    function holds_anActLeavesOneEventAndOneSlotAtMost() public view {
        assertTrue(bytes(stray).length == 0, string.concat("anActLeavesOneEventAndOneSlotAtMost: ", stray));
    }

    function holds_aBatchStaysWhatWasIssued() public view {
        for (uint256 i = 0; i < batches.length; ++i) {
            IssuedBatch memory batch = batches[i];
            (address organisation, uint48 issuedAt, uint32 count) = certificates.certificateBatchOf(batch.id);
            bool same = organisation == batch.organisation && issuedAt == batch.issuedAt && count == batch.count;
            assertTrue(same, "aBatchStaysWhatWasIssued");
        }
    }

    /// Word by word, so that no bit of a neighbour escapes; also one word more than the largest batch here has.
    function holds_whatWasRevokedIsRevokedAndNothingElse() public view {
        for (uint256 i = 0; i < batches.length; ++i) {
            bytes32 id = batches[i].id;
            for (uint256 word = 0; word < 3; ++word) _assertWord(id, word);
            for (uint32 index = 254; index < 258; ++index) {
                assertTrue(certificates.isRevoked(id, index) == _isRevoked(id, index), "whatWasRevokedIsRevoked");
            }
        }
        for (uint256 o = 0; o < ORGANISATIONS; ++o) {
            for (uint256 number = 0; number < SINGLES; ++number) {
                Certificate memory c = _certificate(number);
                c.organisation = organisationInBook[o];
                _assertWord(_certificateId(c), 0);
            }
        }
    }

    function _assertWord(bytes32 id, uint256 word) private view {
        assertEq(_revocations(id, word), revokedInBook[id][word], "whatWasRevokedIsRevokedAndNothingElse");
    }
}

contract CertificatesInvariants is Test {
    JudgedCertifiers private _life;
    bytes4[] private _acts = [
        CertificateLife.issue.selector,
        CertificateLife.issueBatch.selector,
        CertificateLife.issueBatch.selector,
        CertificateLife.revoke.selector,
        CertificateLife.revoke.selector,
        CertificateLife.revoke.selector,
        CertificateLife.repeatIssue.selector,
        CertificateLife.replay.selector,
        CertificateLife.alter.selector,
        CertificateLife.actAsRegistrar.selector,
        CertificateLife.setKey.selector,
        CertificateLife.decide.selector,
        CertificateLife.passTime.selector
    ];

    function setUp() public {
        _life = new JudgedCertifiers();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_life);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_life), _acts);
    }
    function invariant_certifiersAreHeldToTheBookAfterEveryStep() external view {
        _life.holdsAfterAStep();
    }

    function afterInvariant() external view {
        uint256 revocations = 0;
        for (uint256 act = uint256(CertificateBook.Act.Revoke); act < uint256(CertificateBook.Act.RepeatIssue); ++act) {
            revocations += _life.done(act);
        }
        assertTrue(revocations != 0 && _life.batchCount() != 0, "nobody certified or revoked");
    }

    /// The random lives would prove nothing if nothing happened in them: in this one, drawn alike from a fixed seed, each
    /// act is done and is refused, but for those that nobody may ever do.
    function test_everythingThatMayHappenAmongCertifiersDoesAndWhatMayNotIsTried() public {
        for (uint256 step = 0; step < 3_000; ++step) {
            uint256 seed = uint256(keccak256(abi.encode("a life of certifiers", step)));
            (bool lived, ) = address(_life).call(abi.encodeWithSelector(_acts[seed % _acts.length], seed));
            assertTrue(lived, "an act failed");
        }
        _life.holdsAfterAStep();
        for (uint256 act = 0; act <= uint256(type(CertificateBook.Act).max); ++act) {
            bool never =
                act == uint256(CertificateBook.Act.Replay) ||
                    act == uint256(CertificateBook.Act.Alter) ||
                    act == uint256(CertificateBook.Act.ActAsRegistrar);
            assertTrue(never ? _life.done(act) == 0 : _life.done(act) != 0, string.concat(_life.nameOf(act), ", done"));
            assertTrue(_life.refused(act) > 5, string.concat(_life.nameOf(act), ", refused"));
        }
    }
}
