// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILifeEvents} from "../../../contracts/interfaces/ILifeEvents.sol";
import {Authorization} from "../../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../../contracts/interfaces/IPieces.sol";
import {Living} from "./Living.sol";

/// Who there is around a piece, all that anybody can do to it, and each of them doing each of these, as one call. What must
/// come of it is told in LifeRule.sol.
abstract contract LifeCast is Living {
    enum Actor {
        Owner,
        Operator,
        RegisterKey,
        TransferKey,
        CertifyKey,
        AdministerKey,
        ReleaseKey,
        ServeKey,
        StateKey,
        ArbitrateKey,
        Approved,
        EarlierOwner,
        CardHolder,
        OnceKeyHolder,
        RegistrantsStateKey,
        RegistrantsOtherKey,
        SuccessorsKey,
        ServiceCentre,
        SuspendedServiceCentre,
        Arbiter,
        SuspendedArbiter,
        Registrar,
        LifeEvents,
        Stranger
    }

    enum Action {
        TransferFrom,
        ClaimAsCard,
        ClaimAsTill,
        ClaimFreshAsCard,
        ClaimFreshAsTill,
        TransferWithSignature,
        TransferMany,
        HandOver,
        AcceptHandover,
        Approve,
        ApproveNobody,
        SetCard,
        WithdrawHandovers,
        ReportStolen,
        ReportLost,
        WithdrawReport,
        LapseEarly,
        Lapse,
        AllowRecovery,
        ForbidRecovery,
        Melt,
        Dismantle,
        Destroy,
        DismissReports,
        Lock,
        Unlock,
        CancelRecovery,
        Recall,
        LiftRecall,
        Withdraw,
        Correct,
        RecordAsService,
        RecordAsOwner,
        ConsignAsHolder,
        ConsignAsOwner,
        BeginRecoveryAsMaker,
        BeginRecoveryAsArbiter,
        CompleteEarly,
        CompleteRecovery,
        Note,
        Recover,
        PassRange,
        PassBlock,
        RecallBatch,
        LiftBatchRecall,
        WithdrawBatch,
        EndBatch,
        NoteBatch
    }

    uint256 internal constant ACTORS = 24;
    uint256 internal constant ACTIONS = 48;
    uint256 private constant CAST_SECRET = 0xCA57;
    uint24 internal constant EVENTS = 5;

    address internal constant newcomer = address(0x9E3);
    uint256 internal _piece;
    uint224 internal _batch;
    /// Whether an organisation, the dealer, owns the piece, or else alice.
    bool internal _ofAnOrganisation;
    uint24 internal _movesNow;
    uint24 internal _eventsNow;

    /// Has every role; each permission is one key's. The others have one key for everything.
    function setUp() public virtual override {
        super.setUp();
        vm.prank(administrator);
        organisations.setRoles(dealer, 63);
        for (uint256 i = uint256(Actor.RegisterKey); i <= uint256(Actor.ArbitrateKey); ++i) {
            vm.prank(dealerKey);
            uint16 permission = uint16(1 << (i - uint256(Actor.RegisterKey)));
            organisations.setKey(dealer, _who(Actor(i)), permission, FOREVER, _direct(dealerKey));
        }
        _setKey(_who(Actor.RegistrantsStateKey), STATE, FOREVER);
        _setKey(_who(Actor.RegistrantsOtherKey), EVERYTHING - STATE, FOREVER);
        _succeed(workshop, heir);
        _suspend(_admitAs("closed-repairer", SERVICE_CENTRE, _who(Actor.SuspendedServiceCentre)));
        _suspend(_admitAs("closed-arbiter", ARBITER, _who(Actor.SuspendedArbiter)));
        vm.prank(administrator);
        registrar.grantRole(0, _who(Actor.Registrar), 0);
        _batch = _make();
        _piece = _token(_batch, 2);
    }

    function _secretOf(Actor actor) internal view returns (uint256) {
        if (actor == Actor.Owner) return _ofAnOrganisation ? DEALER_SECRET : ALICE_SECRET;
        if (actor == Actor.EarlierOwner) return BOB_SECRET;
        if (actor == Actor.CardHolder) return FIRST_CARD_SECRET + 2;
        if (actor == Actor.OnceKeyHolder) return ONCE_SECRET;
        if (actor == Actor.SuccessorsKey) return HEIR_SECRET;
        if (actor == Actor.ServiceCentre) return REPAIR_SECRET;
        if (actor == Actor.Arbiter) return ARBITER_SECRET;
        return CAST_SECRET + uint256(actor);
    }

    /// LifeEvents signs nothing: it is only ever a caller.
    function _who(Actor actor) internal view returns (address) {
        return actor == Actor.LifeEvents ? address(lifeEvents) : vm.addr(_secretOf(actor));
    }

    /// For whom it speaks: its own organisation, else the one that is asked for.
    function _organisationOf(Actor actor, address asked) private view returns (address) {
        if (actor == Actor.Owner) return _ofAnOrganisation ? dealer : asked;
        if (actor >= Actor.RegisterKey && actor <= Actor.ArbitrateKey) return dealer;
        if (actor == Actor.RegistrantsStateKey || actor == Actor.RegistrantsOtherKey) return workshop;
        if (actor == Actor.SuccessorsKey) return heir;
        if (actor == Actor.ServiceCentre) return repairer;
        if (actor == Actor.Arbiter) return arbiter;
        if (actor == Actor.SuspendedServiceCentre) return organisations.organisationByHandle("closed-repairer");
        if (actor == Actor.SuspendedArbiter) return organisations.organisationByHandle("closed-arbiter");
        return asked;
    }

    /// The owner's own word, where somebody else's is in question.
    function _ownersSecret() private view returns (uint256) {
        return _secretOf(Actor.Owner);
    }

    function _ownerNow() internal view returns (address) {
        return _ofAnOrganisation ? dealer : alice;
    }

    function _targetOf(Action action) internal view returns (address) {
        bool ofPieces =
            action < Action.ReportStolen ||
                action == Action.Note ||
                action == Action.Recover ||
                action == Action.PassRange ||
                action == Action.PassBlock ||
                action == Action.NoteBatch;
        return ofPieces ? address(pieces) : address(lifeEvents);
    }

    function _callOf(Actor actor, Action action) internal view returns (bytes memory) {
        Authorization memory word = _direct(_who(actor));
        if (action < Action.ReportStolen) return _tradeOf(actor, action, word);
        if (action < Action.DismissReports) return _ownersOf(action, word);
        if (action < Action.Recall) {
            uint8 kind =
                action == Action.CancelRecovery ? 63 : uint8(34 + uint8(action) - uint8(Action.DismissReports));
            address court = _organisationOf(actor, arbiter);
            return abi.encodeCall(ILifeEvents.arbitrate, (_piece, kind, court, REASON, word));
        }
        if (action < Action.RecordAsService) {
            uint8 kind = uint8(40 + uint8(action) - uint8(Action.Recall));
            address maker = _organisationOf(actor, workshop);
            bytes32 content = kind == 43 ? STATEMENT : bytes32(0);
            return abi.encodeCall(ILifeEvents.notice, (_made(), 2, kind, maker, content, REASON, word));
        }
        if (action < Action.CompleteEarly) return _jointOf(actor, action, word);
        if (action <= Action.CompleteRecovery) return abi.encodeCall(ILifeEvents.completeRecovery, (_piece));
        if (action == Action.Note) return abi.encodeCall(IPieces.note, (_piece, 0, 0, 0, 0, 0, false));
        if (action == Action.Recover) return abi.encodeCall(IPieces.recover, (_piece, newcomer));
        return _ofTheBatch(actor, action, word);
    }

    function _tradeOf(Actor actor, Action action, Authorization memory word) private view returns (bytes memory) {
        uint256 secret = _secretOf(actor);
        address owner = _ownerNow();
        if (action == Action.TransferFrom) return abi.encodeCall(pieces.transferFrom, (owner, newcomer, _piece));
        if (action == Action.Approve) return abi.encodeCall(pieces.approve, (newcomer, _piece));
        if (action == Action.ApproveNobody) return abi.encodeCall(pieces.approve, (address(0), _piece));
        if (action == Action.SetCard) return abi.encodeCall(IPieces.setCard, (_piece, freshCard, word));
        if (action == Action.WithdrawHandovers) return abi.encodeCall(IPieces.withdrawHandovers, (_piece, word));
        if (action == Action.TransferWithSignature) {
            bytes32 order = _transferDigest(_piece, owner, newcomer, _movesNow, FOREVER);
            return
                abi.encodeCall(
                    IPieces.transferWithSignature,
                    (_piece, newcomer, _movesNow, Authorization(word.key, FOREVER, _signature(secret, order)))
                );
        }
        if (action == Action.TransferMany) {
            uint256[] memory tokens = new uint256[](1);
            uint24[] memory moves = new uint24[](1);
            (tokens[0], moves[0]) = (_piece, _movesNow);
            return abi.encodeCall(IPieces.transferMany, (owner, newcomer, tokens, moves, word));
        }
        if (action == Action.HandOver || action == Action.AcceptHandover) {
            bool handing = action == Action.HandOver;
            address key = vm.addr(handing ? secret : _ownersSecret());
            bytes32 offer = _handoverDigest(_piece, owner, onceKey, _movesNow, _eventsNow, FOREVER);
            Authorization memory offered = Authorization(
                handing ? word.key : key,
                FOREVER,
                _signature(handing ? secret : _ownersSecret(), offer)
            );
            bytes memory accepted = _signature(
                handing ? ONCE_SECRET : secret,
                _acceptDigest(_piece, newcomer, _movesNow, FOREVER)
            );
            return abi.encodeCall(IPieces.acceptHandover, (_piece, newcomer, onceKey, FOREVER, accepted, offered));
        }
        return _claimOf(action, word.key, secret);
    }

    function _claimOf(Action action, address key, uint256 secret) private view returns (bytes memory) {
        bool asCard = action == Action.ClaimAsCard || action == Action.ClaimFreshAsCard;
        uint256 releases = asCard ? _secretOf(Actor.ReleaseKey) : secret;
        bytes32 digest = _releaseDigest(_piece, _movesNow, _eventsNow, FOREVER);
        Authorization memory release = Authorization(
            asCard ? vm.addr(releases) : key,
            FOREVER,
            _signature(releases, digest)
        );
        digest = _claimDigest(_piece, newcomer, _movesNow, FOREVER);
        bytes memory card = _signature(asCard ? secret : FIRST_CARD_SECRET + 2, digest);
        if (action == Action.ClaimAsCard || action == Action.ClaimAsTill) {
            return abi.encodeCall(IPieces.claim, (_leaf(2), newcomer, false, FOREVER, card, release));
        }
        return abi.encodeCall(IPieces.claimByFreshCard, (_piece, newcomer, false, FOREVER, card, release));
    }

    function _ownersOf(Action action, Authorization memory word) private view returns (bytes memory) {
        if (action == Action.ReportStolen) return abi.encodeCall(ILifeEvents.report, (_piece, 30, word));
        if (action == Action.ReportLost) return abi.encodeCall(ILifeEvents.report, (_piece, 31, word));
        if (action == Action.WithdrawReport) return abi.encodeCall(ILifeEvents.withdrawReport, (_piece, word));
        if (action <= Action.Lapse) return abi.encodeCall(ILifeEvents.lapse, (_piece));
        if (action == Action.AllowRecovery) return abi.encodeCall(ILifeEvents.allowRecovery, (_piece, true, word));
        if (action == Action.ForbidRecovery) return abi.encodeCall(ILifeEvents.allowRecovery, (_piece, false, word));
        uint8 kind = uint8(50 + uint8(action) - uint8(Action.Melt));
        return abi.encodeCall(ILifeEvents.end, (_piece, kind, 0, word));
    }

    /// Two have to agree: the other one has.
    function _jointOf(Actor actor, Action action, Authorization memory word) private view returns (bytes memory) {
        if (action == Action.BeginRecoveryAsMaker || action == Action.BeginRecoveryAsArbiter) {
            bool asMaker = action == Action.BeginRecoveryAsMaker;
            address maker = asMaker ? _organisationOf(actor, workshop) : workshop;
            address court = asMaker ? arbiter : _organisationOf(actor, arbiter);
            bytes32 asked = _recoveryDigest(
                _piece,
                _ownerNow(),
                newcomer,
                maker,
                court,
                _movesNow,
                _eventsNow,
                FOREVER
            );
            Authorization memory agreed = _signed(
                asMaker ? ARBITER_SECRET : _secretOf(Actor.RegistrantsStateKey),
                FOREVER,
                asked
            );
            return
                abi.encodeCall(
                    ILifeEvents.beginRecovery,
                    (_made(), 2, newcomer, maker, court, REASON, asMaker ? word : agreed, asMaker ? agreed : word)
                );
        }
        bool asOwner = action == Action.RecordAsOwner || action == Action.ConsignAsOwner;
        uint8 kind = action <= Action.RecordAsOwner ? 10 : 18;
        address centre = asOwner ? repairer : _organisationOf(actor, repairer);
        Authorization memory other = _signed(
            asOwner ? REPAIR_SECRET : _ownersSecret(),
            FOREVER,
            _recordDigest(_piece, kind, centre, STATEMENT, _movesNow, _eventsNow, FOREVER)
        );
        return
            abi.encodeCall(
                ILifeEvents.record,
                (_piece, kind, centre, STATEMENT, asOwner ? other : word, asOwner ? word : other)
            );
    }

    function _ofTheBatch(Actor actor, Action action, Authorization memory word) private view returns (bytes memory) {
        if (action == Action.NoteBatch) return abi.encodeCall(IPieces.noteBatch, (_batch, 4, 0));
        if (action == Action.EndBatch) return abi.encodeCall(ILifeEvents.endBatch, (_batch, 50, REASON, word));
        if (action == Action.PassRange || action == Action.PassBlock) {
            uint32 part = action == Action.PassRange ? 0 : 1;
            return abi.encodeCall(IPieces.passRange, (_batch, part, boutique, _movesNow, _none(), word));
        }
        uint8 kind = uint8(40 + uint8(action) - uint8(Action.RecallBatch));
        return abi.encodeCall(ILifeEvents.noticeBatch, (_made(), kind, _organisationOf(actor, workshop), REASON, word));
    }
}
