// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILots, LotHeader, Mass, Return} from "../../../contracts/interfaces/ILots.sol";
import {BatchHeader, Leaf} from "../../../contracts/interfaces/IPieces.sol";
import {LotBook} from "./LotBook.sol";

/// Lives a random life among organisations that have material, as everybody at once, honest or not. Every act draws who
/// does what from its seed, foretells from the book whether that is allowed, tries it, and judges.
abstract contract LotLife is LotBook {
    function declare(uint256 seed) external {
        LotHeader memory h = _anyHeader(seed);
        Consent memory consent = _anyConsent(seed, h.organisation, REGISTER);
        bool allowed = consent.good && _may(h.organisation, consent.key, REGISTER) && _inOrder(h);
        allowed = allowed && h.parents == 0 && h.contentHash != 0 && _known[_lotId(h)].events == 0;
        bytes32 words = _declareStruct(h, consent.deadline);
        _try(Act.Declare, consent, allowed, abi.encodeCall(ILots.declare, (h, _authorized(consent, words))));
    }

    function move(uint256 seed) external {
        if (lotIds.length == 0) return;
        bytes32 lotId = _anyLot(seed, "lot");
        Known memory lot = _known[lotId];
        address to = _draw(seed, "to nobody", 12) == 0 ? alice : _houses[_draw(seed, "to", 3)];
        Consent memory consent = _anyConsent(seed, lot.holder, TRANSFER);
        bool allowed = consent.good && _may(lot.holder, consent.key, TRANSFER);
        allowed = allowed && to != alice && to != lot.holder && lot.remaining != 0;
        bytes32 words = _moveStruct(lotId, lot.holder, to, _stale(seed, lot.events), consent.deadline);
        allowed = allowed && (!consent.signed || _stale(seed, lot.events) == lot.events);
        _try(Act.Move, consent, allowed, abi.encodeCall(ILots.transfer, (lotId, to, _authorized(consent, words))));
    }

    function split(uint256 seed) external {
        if (lotIds.length == 0) return;
        bytes32 lotId = _anyLot(seed, "lot");
        Known memory lot = _known[lotId];
        uint64 first = uint64(1 + _draw(seed, "first", lot.remaining / 2 + 2));
        uint64 second = uint64(_draw(seed, "second", lot.remaining / 2 + 2));
        LotHeader[] memory outputs = _both(_child(lot.header, first, seed), _child(lot.header, second, ~seed));
        (outputs[0].organisation, outputs[1].organisation) = (lot.holder, lot.holder);
        uint256 fault = _draw(seed, "faulty part", 20);
        if (fault == 0) outputs[1].fineness ^= 1;
        if (fault == 1) outputs[0].origin ^= bytes32(uint256(1));
        Consent memory consent = _anyConsent(seed, lot.holder, TRANSFER);
        bool allowed = consent.good && _may(lot.holder, consent.key, TRANSFER) && fault > 1;
        allowed = allowed && second != 0 && first + second <= lot.remaining;
        bytes32 words = _splitStruct(lotId, _lotIds(outputs), lot.events, consent.deadline);
        bytes memory call = abi.encodeCall(ILots.split, (lot.header, outputs, _authorized(consent, words)));
        _try(Act.Split, consent, allowed, call);
    }

    function merge(uint256 seed) external {
        LotHeader[] memory all = _anyPair(seed);
        if (all.length == 0) return;
        (Known memory one, Known memory two) = (_known[_lotId(all[0])], _known[_lotId(all[1])]);
        LotHeader memory output = _joined(all, one.remaining + two.remaining);
        (output.organisation, output.salt) = (one.holder, bytes32(seed));
        if (all[1].contentHash != output.contentHash) output.contentHash = 0;
        if (_draw(seed, "too much", 10) == 0) ++output.quantity;
        Consent memory consent = _anyConsent(seed, one.holder, TRANSFER);
        bool allowed = consent.good && _may(one.holder, consent.key, TRANSFER) && one.holder == two.holder;
        allowed = allowed && one.remaining != 0 && two.remaining != 0 && _kind(all[0]) == _kind(all[1]);
        allowed = allowed && output.quantity == one.remaining + two.remaining;
        bytes32 words = _mergeStruct(_lotIds(all), _lotId(output), _counts(one.events, two.events), consent.deadline);
        bytes memory call = abi.encodeCall(ILots.merge, (all, output, _authorized(consent, words)));
        _try(Act.Merge, consent, allowed, call);
    }

    function refine(uint256 seed) external {
        LotHeader[] memory all = _anyPair(seed);
        if (all.length == 0) return;
        (Known memory one, Known memory two) = (_known[_lotId(all[0])], _known[_lotId(all[1])]);
        uint64[] memory quantities = _both(_some(seed, "one", one.remaining), _some(seed, "two", two.remaining));
        LotHeader memory output = _joined(all, 1);
        (output.organisation, output.salt, output.contentHash) = (one.holder, bytes32(seed), CONTENT);
        output.fineness = [uint32(0), 333_000, 750_000, 999_900][_draw(seed, "fineness", 4)];
        uint256 fineIn = _fine(all[0], quantities[0]) + _fine(all[1], quantities[1]);
        output.quantity = uint64(fineIn / (output.fineness == 0 ? 1 : output.fineness));
        if (_draw(seed, "wasteful", 3) == 0) output.quantity = uint64(1 + _draw(seed, "waste", output.quantity + 1));
        else if (_draw(seed, "too much", 5) == 0) ++output.quantity;
        output.custody = uint8(_draw(seed, "custody", all[0].custody + 1));
        if (all[0].origin != all[1].origin && _draw(seed, "invented", 6) != 0) output.origin = 0;
        Consent memory consent = _anyConsent(seed, one.holder, REGISTER | TRANSFER);
        bool allowed = consent.good && _may(one.holder, consent.key, REGISTER | TRANSFER);
        allowed = allowed && one.holder == two.holder && _isRefined(all, output, fineIn) && _inOrder(output);
        allowed = allowed && _isSome(quantities[0], one) && _isSome(quantities[1], two);
        bytes32 words = _refineStruct(
            _lotIds(all),
            quantities,
            _only(_lotId(output)),
            _counts(one.events, two.events),
            consent.deadline
        );
        bytes memory call = abi.encodeCall(ILots.refine, (all, quantities, _only(output), _authorized(consent, words)));
        _try(Act.Refine, consent, allowed, call);
    }

    /// For the batch of a ring that there is, mostly from the lot that its record names.
    function draw(uint256 seed) external {
        if (_rings.length == 0) return;
        Ring memory ring = _rings[_draw(seed, "ring", _rings.length)];
        bytes32 lotId = _draw(seed, "another lot", 4) == 0 ? _anyLot(seed, "lot") : ring.mass.lotId;
        Known memory lot = _known[lotId];
        uint64 quantity = _some(seed, "quantity", lot.remaining);
        address organisation = ring.leaf.header.organisation;
        Consent memory consent = _anyConsent(seed, organisation, REGISTER);
        bool allowed = consent.good && _may(organisation, consent.key, REGISTER) && lot.holder == organisation;
        bytes32 words = _drawStruct(
            ring.batchId,
            _only(lotId),
            _only(quantity),
            _count(_stale(seed, lot.events)),
            consent.deadline
        );
        allowed = allowed && _isSome(quantity, lot) && (!consent.signed || _stale(seed, lot.events) == lot.events);
        bytes memory call = abi.encodeCall(
            ILots.draw,
            (ring.leaf.header, _only(lotId), _only(quantity), _authorized(consent, words))
        );
        _try(Act.Draw, consent, allowed, call);
    }

    function returnPiece(uint256 seed) external {
        if (_rings.length == 0) return;
        uint256 place = _draw(seed, "ring", _rings.length);
        Ring memory ring = _rings[place];
        Return[] memory list = new Return[](1);
        list[0].source = _known[ring.mass.lotId].header;
        address to = ring.owner == alice || _draw(seed, "elsewhere", 8) == 0 ? _houses[seed % 3] : ring.owner;
        list[0].output = _returned(seed, ring, list[0].source, to);
        LotHeader memory h = list[0].output;
        Consent memory consent = _anyConsent(seed, ring.owner, ring.owner == alice ? EVERYTHING : REGISTER);
        bool allowed = consent.good && ring.ended && !ring.returned && _inOrder(h) && _isReturned(ring, h);
        if (ring.owner == alice) allowed = allowed && consent.key == alice && !_suspended[to];
        else allowed = allowed && to == ring.owner && _may(ring.owner, consent.key, REGISTER);
        uint256 token = _token(ring.batchId, 0);
        bytes32 words = _returnStruct(token, to, _only(_lotId(h)), 1, 2, consent.deadline);
        bytes memory call = abi.encodeCall(
            ILots.returnPiece,
            (ring.leaf, _massesOf(ring.mass), list, to, _authorized(consent, words))
        );
        uint256 before = done[uint256(Act.Return)];
        _try(Act.Return, consent, allowed, call);
        if (done[uint256(Act.Return)] == before) return;
        _rings[place].returned = true;
        _out[ring.batchId][ring.mass.lotId] -= _fine(h, h.quantity);
    }

    /// What was signed and done is done once.
    function replay(uint256 seed) external {
        if (_used.length == 0) return;
        Consent memory consent;
        consent.caller = _people[_draw(seed, "caller", _people.length)];
        _try(Act.Replay, consent, false, _used[_draw(seed, "which", _used.length)]);
    }

    /// A ring whose record may be true or not: how much it says is in it, and of which lot, is drawn.
    function makeRing(uint256 seed) external {
        if (lotIds.length == 0 || _rings.length >= 40) return;
        bytes32 lotId = _anyLot(seed, "lot");
        address organisation = _draw(seed, "any", 4) == 0 ? _houses[_draw(seed, "maker", 3)] : _known[lotId].holder;
        if (_suspended[organisation]) return;
        LotHeader memory source = _known[lotId].header;
        uint64 quantity = 1 + uint64(_draw(seed, "quantity", 1 + _known[lotId].remaining / 2));
        Mass memory mass = Mass(lotId, source.material, source.fineness, source.unit, quantity);
        if (mass.fineness != 0 && _draw(seed, "alloy", 2) == 0) mass.fineness = 750_000;
        if (_draw(seed, "lie", 6) == 0) mass.material = SILVER;
        bytes32 extra = lots.extraOf(_massesOf(mass));
        // The same seed may come again; the same ring doesn't.
        bytes32 recordHash = keccak256(abi.encode(seed, _rings.length));
        bytes32 tag = keccak256("touchstone.leaf.v1");
        bytes32 inner = keccak256(abi.encode(tag, uint8(1), organisation, 0, recordHash, address(0), extra));
        BatchHeader memory header = BatchHeader(organisation, keccak256(bytes.concat(inner)), 1, 0, 0, 0);
        address key = organisation == workshop ? makerKey : _people[organisation == refinery ? 1 : 2];
        vm.prank(key);
        uint224 batchId = pieces.register(header, _direct(key));
        Leaf memory leaf = Leaf(header, 0, recordHash, address(0), extra, new bytes32[](0));
        _rings.push(Ring(leaf, mass, batchId, organisation, false, false));
        _stand(_token(batchId, 0), organisation, 1, 2, 0);
    }

    function endRing(uint256 seed) external {
        if (_rings.length == 0) return;
        Ring storage ring = _rings[_draw(seed, "ring", _rings.length)];
        if (ring.ended) return;
        if (_draw(seed, "sold", 2) == 0) ring.owner = alice;
        ring.ended = _draw(seed, "ended", 3) != 0;
        _stand(_token(ring.batchId, 0), ring.owner, 1, 2, ring.ended ? ENDED : 0);
    }

    function decide(uint256 seed) external {
        _clock += uint48(_draw(seed, "seconds", 100));
        vm.warp(_clock);
        address organisation = _houses[_draw(seed, "organisation", 3)];
        if (!_suspended[organisation] && _draw(seed, "suspend", 4) != 0) return;
        vm.prank(administrator);
        if (_suspended[organisation]) organisations.reinstate(organisation);
        else organisations.suspend(organisation, "");
        _suspended[organisation] = !_suspended[organisation];
    }

    function _anyHeader(uint256 seed) private view returns (LotHeader memory h) {
        h = _gold(1 + uint64(_draw(seed, "quantity", 10_000)), _draw(seed, "salt", 1_000_000));
        h.organisation = _houses[_draw(seed, "organisation", 3)];
        uint256 kind = _draw(seed, "kind", 8);
        if (kind == 0) (h.material, h.fineness, h.unit) = (DIAMOND, 0, COUNT);
        if (kind == 1) h.material = SILVER;
        if (kind == 2) h.origin = OTHER_MINE;
        if (kind == 3) (h.origin, h.custody) = (0, 2);
        if (kind == 4) h.fineness = 750_000;
        uint256 fault = _draw(seed, "faulty lot", 25);
        if (fault == 0) h.quantity = 0;
        if (fault == 1) h.unit = 0;
        if (fault == 2) h.custody = 7;
        if (fault == 3) h.fineness = 1_000_001;
        if (fault == 4) h.parents = _parentsOf(bytes32(seed));
        if (fault == 5) h.contentHash = 0;
        if (fault == 6) (h.origin, h.custody) = (0, SEGREGATED);
    }

    function _returned(
        uint256 seed,
        Ring memory ring,
        LotHeader memory source,
        address to
    ) private pure returns (LotHeader memory h) {
        h = _copy(source);
        (h.organisation, h.material, h.fineness) = (to, ring.mass.material, ring.mass.fineness);
        h.quantity = _draw(seed, "all", 2) == 0 ? ring.mass.quantity : _some(seed, "back", ring.mass.quantity);
        h.custody = source.custody > MASS_BALANCE ? MASS_BALANCE : source.custody;
        (h.origin, h.contentHash, h.salt) = (0, 0, 0);
        h.parents = _returnParents(_token(ring.batchId, 0));
    }

    function _isReturned(Ring memory ring, LotHeader memory h) private view returns (bool) {
        if (ring.mass.material != _known[ring.mass.lotId].header.material || h.quantity > ring.mass.quantity)
            return false;
        return _fine(h, h.quantity) <= _out[ring.batchId][ring.mass.lotId];
    }

    function _isRefined(LotHeader[] memory all, LotHeader memory output, uint256 fineIn) private pure returns (bool) {
        if (all[0].fineness == 0 || all[1].fineness == 0 || output.fineness == 0) return false;
        if (all[0].material != all[1].material || _fine(output, output.quantity) > fineIn) return false;
        if (output.custody > all[0].custody || output.custody > all[1].custody) return false;
        return output.origin == 0 || (output.origin == all[0].origin && output.origin == all[1].origin);
    }

    function _inOrder(LotHeader memory h) private pure returns (bool) {
        if (h.quantity == 0 || h.quantity > MOST || h.unit == 0 || h.unit > 3 || h.custody > 6) return false;
        if (h.fineness > 1_000_000 || (h.fineness != 0 && h.unit != MG)) return false;
        return h.custody <= MASS_BALANCE || h.origin != 0;
    }

    function _isSome(uint64 quantity, Known memory lot) private pure returns (bool) {
        return quantity != 0 && quantity <= lot.remaining;
    }

    /// Mostly some of what is there, seldom nothing, all or one too many.
    function _some(uint256 seed, string memory what, uint64 remaining) private pure returns (uint64) {
        uint256 edge = _draw(seed, string.concat("edge ", what), 12);
        if (edge < 3) return [0, remaining, remaining + 1][edge];
        return uint64(1 + _draw(seed, what, remaining == 0 ? 1 : remaining));
    }

    function _stale(uint256 seed, uint24 events) private pure returns (uint24) {
        return _draw(seed, "stale", 10) == 0 ? events - 1 : events;
    }

    function _anyLot(uint256 seed, string memory question) private view returns (bytes32) {
        uint256 among = lotIds.length < 24 || _draw(seed, "old", 4) == 0 ? lotIds.length : 24;
        return lotIds[lotIds.length - 1 - _draw(seed, question, among)];
    }

    /// Two lots, mostly of one holder and one kind if there are such.
    function _anyPair(uint256 seed) private view returns (LotHeader[] memory all) {
        if (lotIds.length < 2) return all;
        bytes32 one = _anyLot(seed, "one");
        bytes32 two = _anyLot(seed, "two");
        bool alike = _draw(seed, "alike", 2) == 0;
        for (uint256 i = 0; i < 40 && _draw(seed, "fitting", 8) != 0; ++i) {
            bytes32 next = _anyLot(seed ^ i, "two");
            if (next == one || _known[next].holder != _known[one].holder || _known[next].remaining == 0) continue;
            (LotHeader memory a, LotHeader memory b) = (_known[one].header, _known[next].header);
            if (alike ? _kind(a) != _kind(b) : a.material != b.material) continue;
            two = next;
            break;
        }
        if (one == two) return all;
        all = _both(_known[one].header, _known[two].header);
        _sort(all);
    }

    function _kind(LotHeader memory h) private pure returns (bytes32) {
        return keccak256(abi.encode(h.material, h.fineness, h.unit, h.custody, h.origin));
    }

    function _massesOf(Mass memory mass) private pure returns (Mass[] memory masses) {
        masses = new Mass[](1);
        masses[0] = mass;
    }
}
