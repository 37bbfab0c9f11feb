// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LifeCast} from "./LifeCast.sol";

/// The table "States and who may cause which change" of contracts/README.md, as it is read by somebody who never saw the
/// contracts: what a state allows, and who may ask for it.
abstract contract LifeRule is LifeCast {
    /// Which states there are; life.table.t.sol shows that these, and no others, come about.
    function _canArise(uint8 state, uint8 flags) internal pure returns (bool) {
        bool reported = state & (STOLEN | LOST) != 0;
        bool blocked = state & BLOCKED != 0;
        bool ended = state & ENDED != 0;
        bool recovering = flags & RECOVERING != 0;
        bool recoverable = flags & RECOVERABLE != 0;
        if (blocked && !reported) return false;
        if (ended && (blocked || state & LOCKED != 0 || recoverable)) return false;
        if (recovering && (blocked || !recoverable)) return false;
        return true;
    }

    /// Whether a piece of its own in this state lets it happen, whoever asks (of those that may).
    function _allows(Action action, uint8 state, uint8 flags) internal view returns (bool) {
        bool ended = state & ENDED != 0;
        bool mobile = state & (BLOCKED | LOCKED | ENDED) == 0;
        bool recoverable = flags & RECOVERABLE != 0;
        bool recovering = flags & RECOVERING != 0;
        if (action >= Action.ClaimAsCard && action <= Action.ClaimFreshAsTill) {
            bool fresh = action == Action.ClaimFreshAsCard || action == Action.ClaimFreshAsTill;
            bool works = flags & CARD_DEAD == 0 && (flags & FRESH_CARD != 0) == fresh;
            return mobile && works && _ofAnOrganisation;
        }
        if (action <= Action.AcceptHandover) return mobile;
        if (action == Action.SetCard) return _ofAnOrganisation;
        if (action <= Action.WithdrawHandovers) return true;
        if (action == Action.ReportStolen || action == Action.ReportLost) return !ended;
        if (action == Action.WithdrawReport) return state & (STOLEN | LOST) != 0;
        if (action == Action.LapseEarly) return false;
        if (action == Action.Lapse) return state & BLOCKED != 0;
        if (action == Action.AllowRecovery) return !ended && !recoverable;
        if (action == Action.ForbidRecovery) return !ended && recoverable;
        if (action <= Action.Destroy) return mobile;
        if (action == Action.DismissReports) return state & (STOLEN | LOST | EARLIER) != 0;
        if (action == Action.Lock) return !ended && state & LOCKED == 0;
        if (action == Action.Unlock) return state & LOCKED != 0;
        if (action == Action.CancelRecovery) return recovering;
        if (action == Action.Recall) return state & RECALLED == 0;
        if (action == Action.LiftRecall) return state & RECALLED != 0;
        if (action == Action.Withdraw) return state & WITHDRAWN == 0;
        if (action == Action.Correct) return true;
        if (action <= Action.ConsignAsOwner) return !ended;
        if (action <= Action.BeginRecoveryAsArbiter) return mobile && recoverable && !recovering;
        if (action == Action.CompleteEarly) return false;
        if (action == Action.Note) return true;
        return mobile && recovering;
    }

    /// The same for a piece in its range, of a batch with these flags: 1 split, 2 ended, 4 recalled, 8 withdrawn.
    function _rangeAllows(Action action, uint8 batchFlags) internal view returns (bool) {
        bool ended = batchFlags & 2 != 0;
        bool split = batchFlags & 1 != 0;
        if (action == Action.PassRange || action == Action.EndBatch) return !ended && !split;
        if (action == Action.PassBlock) return !ended;
        if (action == Action.RecallBatch) return batchFlags & 4 == 0;
        if (action == Action.LiftBatchRecall) return batchFlags & 4 != 0;
        if (action == Action.WithdrawBatch) return batchFlags & 8 == 0;
        if (action == Action.NoteBatch) return true;
        // Nothing is written about what ended with its batch; that nobody is approved may be said again.
        if (ended) return action == Action.ApproveNobody;
        return _allows(action, 0, 0);
    }

    /// Who may ask for it at all. `approved`: somebody is approved for this piece.
    function _may(Actor actor, Action action, bool approved) internal view returns (bool) {
        bool theOrganisations = _ofAnOrganisation && actor == Actor.Owner;
        bool owners = actor == Actor.Owner || actor == Actor.Operator;
        owners = owners || (_ofAnOrganisation && actor == Actor.TransferKey);
        bool arbitrates = actor == Actor.Arbiter || actor == Actor.ArbitrateKey || theOrganisations;
        bool states = actor == Actor.RegistrantsStateKey || actor == Actor.SuccessorsKey;
        if (action == Action.TransferFrom) return owners || (approved && actor == Actor.Approved);
        if (action == Action.ClaimAsCard || action == Action.ClaimFreshAsCard) return actor == Actor.CardHolder;
        if (action == Action.ClaimAsTill || action == Action.ClaimFreshAsTill) {
            return theOrganisations || actor == Actor.ReleaseKey;
        }
        if (action == Action.AcceptHandover) return actor == Actor.OnceKeyHolder;
        if (action >= Action.LapseEarly && action <= Action.Lapse) return true;
        if (action <= Action.Destroy) return owners;
        if (action <= Action.CancelRecovery) return arbitrates;
        if (action <= Action.Correct) return states;
        if (action == Action.RecordAsService) {
            return actor == Actor.ServiceCentre || actor == Actor.ServeKey || theOrganisations;
        }
        if (action == Action.ConsignAsHolder) return theOrganisations || _releases(actor);
        if (action == Action.RecordAsOwner || action == Action.ConsignAsOwner) return owners;
        if (action == Action.BeginRecoveryAsMaker) return states;
        if (action == Action.BeginRecoveryAsArbiter) return arbitrates;
        if (action <= Action.CompleteRecovery) return true;
        if (action == Action.Note || action == Action.Recover || action == Action.NoteBatch) {
            return actor == Actor.LifeEvents;
        }
        if (action >= Action.RecallBatch && action <= Action.WithdrawBatch) return states;
        return owners;
    }

    /// A key with the permission to release for the organisation it speaks for, in good standing or not.
    function _releases(Actor actor) private pure returns (bool) {
        return
            actor == Actor.ReleaseKey ||
            actor == Actor.RegistrantsOtherKey ||
            actor == Actor.SuccessorsKey ||
            actor == Actor.ServiceCentre ||
            actor == Actor.SuspendedServiceCentre ||
            actor == Actor.Arbiter ||
            actor == Actor.SuspendedArbiter;
    }
}
