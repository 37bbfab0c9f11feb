// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Authorization} from "../../contracts/interfaces/IOrganisations.sol";
import {IPieces} from "../../contracts/interfaces/IPieces.sol";
import {Entry, IBundles} from "../../contracts/interfaces/IBundles.sol";
import {Bomb, BombReceiver, BurningReceiver, GasMeter, RebundlingReceiver} from "./support/HostileTargets.sol";
import {PasskeySigning} from "./support/PasskeySigning.sol";
import {RevertingReceiver} from "./support/Receivers.sol";
import {Vm} from "./support/Test.sol";

contract BundlesTest is PasskeySigning {
    /// More than a transfer takes, whoever signs it.
    uint32 private constant ENOUGH = 150_000;
    uint32 private constant COUNT = 50;
    IBundles private _bundles;
    uint224 private _batch;

    function setUp() public override {
        super.setUp();
        _bundles = IBundles(_deploy("contracts/Bundles.sol:Bundles", ""));
        _batch = _register(COUNT);
    }

    function test_anEmptyBundleDoesNothing() public {
        assertEq(_bundles.run(new Entry[](0)).length, 0, "entries");
    }

    function test_fiftyTransfersOfWhichSeveralFailMoveTheOthers() public {
        Entry[] memory entries = new Entry[](COUNT);
        bytes4[] memory errors = new bytes4[](COUNT);
        for (uint32 i = 0; i < COUNT; ++i) entries[i] = _transfer(i, bob, MAKER_SECRET);
        (entries[0], errors[0]) = (_transfer(0, bob, BOB_SECRET), IPieces.NotOwnersKey.selector);
        (entries[7], errors[7]) = (
            _transfer(7, address(new RevertingReceiver()), MAKER_SECRET),
            RevertingReceiver.ClosedToday.selector
        );
        // What is left of the gas is enough for the registry to say so.
        entries[13] = _transfer(13, address(new BurningReceiver()), MAKER_SECRET);
        errors[13] = IERC721Errors.ERC721InvalidReceiver.selector;
        entries[14] = _transfer(14, address(new BombReceiver()), MAKER_SECRET);
        entries[14].gas = 6_000_000;
        (entries[20], errors[20]) = (entries[19], IPieces.StaleMoves.selector);
        (entries[21], errors[21]) = (
            _transfer(COUNT, bob, MAKER_SECRET),
            IERC721Errors.ERC721NonexistentToken.selector
        );
        entries[33].target = stranger;
        entries[34].data = hex"";
        entries[35].data = hex"deadbeef";
        entries[36].gas = 20_000;
        (entries[49], errors[49]) = (
            _transfer(49, address(0), MAKER_SECRET),
            IERC721Errors.ERC721InvalidReceiver.selector
        );
        bool[COUNT] memory fails;
        uint8[12] memory bad = [0, 7, 13, 14, 20, 21, 33, 34, 35, 36, 49, 49];
        for (uint256 i = 0; i < bad.length; ++i) fails[bad[i]] = true;

        vm.recordLogs();
        vm.prank(stranger);
        bool[] memory done = _bundles.run(entries);
        _expectFailures(fails, errors);
        assertEq(done.length, COUNT, "answers");
        for (uint32 i = 0; i < COUNT; ++i) {
            assertTrue(done[i] != fails[i], "answer");
            address owner = fails[i] ? workshop : bob;
            assertEq(pieces.ownerOf(_token(_batch, i)), owner, "owner");
        }
        assertEq(pieces.balanceOf(bob), COUNT - 11, "balance");
    }

    /// Whatever is sent: an entry has all it may use, or nothing of the bundle is done.
    function testFuzz_everyEntryGetsItsGasOrNothingIsDone(uint32 sent, uint32[4] memory limits) public {
        GasMeter meter = new GasMeter();
        Entry[] memory entries = new Entry[](limits.length);
        uint256 sum;
        uint256 least = type(uint32).max;
        for (uint256 i = 0; i < limits.length; ++i) {
            limits[i] = uint32(bound(limits[i], 60_000, 1_000_000));
            entries[i] = Entry(address(meter), limits[i], abi.encodeCall(GasMeter.enter, ()));
            if (limits[i] < least) least = limits[i];
            sum += limits[i];
        }
        uint256 gas = bound(sent, 40_000, sum * 2);
        (bool done, bytes memory answer) = address(_bundles).call{gas: gas}(abi.encodeCall(IBundles.run, (entries)));
        if (done) {
            assertEq(meter.calls(), limits.length, "calls");
            assertTrue(meter.least() + 200 > least, "gas of the entry with least");
        } else {
            assertEq(meter.calls(), 0, "undone");
            bool told = answer.length == 100 && bytes4(answer) == IBundles.NotEnoughGas.selector;
            assertTrue(told || answer.length == 0, "why");
        }
        // Each takes 50,000 at most here, so this is plenty.
        if (gas > 1_100_000 + 4 * 60_000) assertTrue(done, "enough was sent");
    }

    /// Between what an entry may use and what it takes to give it that lies a 63rd part of it (EIP-150).
    function test_noAmountOfGasGivesAnEntryLess() public {
        GasMeter meter = new GasMeter();
        Entry[] memory entries = new Entry[](1);
        entries[0] = Entry(address(meter), 1_000_000, abi.encodeCall(GasMeter.enter, ()));
        bytes memory run = abi.encodeCall(IBundles.run, (entries));
        uint256 ran;
        for (uint256 gas = 990_000; gas < 1_060_000; gas += 500) {
            (bool done, ) = address(_bundles).call{gas: gas}(run);
            if (done) ++ran;
        }
        assertTrue(ran > 50 && ran < 100, "some amounts are enough and some are not");
        assertEq(meter.calls(), ran, "calls");
        assertTrue(meter.least() + 200 > 1_000_000, "all it may use");
    }

    function test_tooLittleGasIsToldWithTheEntryThatLacksIt() public {
        GasMeter meter = new GasMeter();
        Entry[] memory entries = new Entry[](2);
        entries[0] = Entry(address(meter), 100_000, abi.encodeCall(GasMeter.enter, ()));
        entries[1] = Entry(address(meter), 1_000_000, abi.encodeCall(GasMeter.enter, ()));
        bytes memory run = abi.encodeCall(IBundles.run, (entries));
        (bool done, bytes memory answer) = address(_bundles).call{gas: 900_000}(run);
        assertFalse(done, "done");
        assertEq(bytes32(bytes4(answer)), bytes32(IBundles.NotEnoughGas.selector), "why");
        (uint256 index, uint256 needed, uint256 left) = _numbers(answer);
        assertEq(index, 1, "which");
        assertEq(needed, 1_000_000 + 15_873 + 5_000 + 300, "needed");
        assertTrue(left < 900_000 && left > 700_000, "left");
        assertEq(meter.calls(), 0, "the first is undone too");
        (done, ) = address(_bundles).call{gas: 1_200_000}(run);
        assertTrue(done && meter.calls() == 2, "with gas enough");
    }

    /// As the documentation tells it: all limits, a 63rd more of the largest, and the reserve.
    function test_whatTheLimitsAddUpToIsAlwaysEnough() public {
        Entry[] memory entries = new Entry[](20);
        BurningReceiver burner = new BurningReceiver();
        bytes memory burn = abi.encodeCall(BurningReceiver.onERC721Received, (bob, bob, 1, ""));
        for (uint256 i = 0; i < entries.length; ++i) entries[i] = Entry(address(burner), 500_000, burn);
        entries[19] = _transfer(0, bob, MAKER_SECRET);
        uint256 limits = 19 * 500_000 + ENOUGH;
        uint256 gas = limits + uint256(500_000) / 63 + 20 * 10_000;
        (bool done, bytes memory answer) = address(_bundles).call{gas: gas}(abi.encodeCall(IBundles.run, (entries)));
        assertTrue(done, "run");
        bool[] memory each = abi.decode(answer, (bool[]));
        for (uint256 i = 0; i < 19; ++i) assertFalse(each[i], "burnt");
        assertTrue(each[19], "the last");
        assertEq(pieces.ownerOf(_token(_batch, 0)), bob, "owner");
    }

    function test_whoBurnsAllItIsGivenBurnsNoMore() public {
        Entry[] memory entries = new Entry[](1);
        entries[0] = Entry(
            address(new BurningReceiver()),
            300_000,
            abi.encodeCall(BurningReceiver.onERC721Received, (bob, bob, 1, ""))
        );
        uint256 before = gasleft();
        assertFalse(_bundles.run(entries)[0], "done");
        uint256 used = before - gasleft();
        assertTrue(used >= 300_000 && used < 320_000, "gas");
    }

    /// Copying a megabyte takes two million gas, which nobody but who makes it may pay.
    function test_whatAnEntryReturnsIsNotCopied() public {
        Bomb bomb = new Bomb();
        Entry[] memory entries = new Entry[](2);
        entries[0] = Entry(address(bomb), 2_500_000, abi.encodeCall(Bomb.fail, (1_000_000)));
        entries[1] = Entry(address(bomb), 2_500_000, abi.encodeCall(Bomb.answer, (1_000_000)));
        vm.recordLogs();
        uint256 before = gasleft();
        bool[] memory done = _bundles.run(entries);
        uint256 used = before - gasleft();
        assertTrue(!done[0] && done[1], "done");
        // Made twice, once by each entry.
        assertTrue(used < 2 * 2_100_000 + 50_000, "gas");
        assertEq(_failure(vm.getRecordedLogs()[0], 0), bytes32(bytes4(0xdeadbeef)), "error");
    }

    function testFuzz_anErrorIsFourBytesOrNone(uint16 size) public {
        Entry[] memory entries = new Entry[](1);
        entries[0] = Entry(address(new Bomb()), 500_000, abi.encodeCall(Bomb.fail, (size % 64)));
        vm.recordLogs();
        assertFalse(_bundles.run(entries)[0], "done");
        bytes32 expected = size % 64 < 4 ? bytes32(0) : bytes32(bytes4(0xdeadbeef));
        assertEq(_failure(vm.getRecordedLogs()[0], 0), expected, "error");
    }

    function test_whoBundlesFromWithinGetsNothingTwice() public {
        RebundlingReceiver shop = new RebundlingReceiver(_bundles);
        Entry[] memory entries = new Entry[](2);
        entries[0] = _transfer(0, address(shop), MAKER_SECRET);
        entries[0].gas = 600_000;
        entries[1] = _transfer(1, bob, MAKER_SECRET);
        shop.plan(Entry(entries[0].target, 200_000, entries[0].data));
        bool[] memory done = _bundles.run(entries);
        assertTrue(done[0] && done[1] && !shop.done(0), "done");
        (address owner, uint24 moves, ) = pieces.pieceOf(_token(_batch, 0));
        assertEq(owner, address(shop), "owner");
        assertEq(moves, 1, "moves");
        assertEq(pieces.ownerOf(_token(_batch, 1)), bob, "the next entry");
    }

    function test_itLendsItsCallerNoWord() public {
        Entry[] memory entries = new Entry[](2);
        entries[0] = Entry(
            address(pieces),
            ENOUGH,
            abi.encodeCall(IPieces.register, (_rootOnly(ROOT, 2), _direct(makerKey)))
        );
        entries[1] = Entry(
            address(pieces),
            ENOUGH,
            abi.encodeWithSignature("transferFrom(address,address,uint256)", workshop, bob, _token(_batch, 0))
        );
        vm.prank(makerKey);
        bool[] memory done = _bundles.run(entries);
        assertFalse(done[0] || done[1], "its caller's rights");
    }

    function test_itTakesNoMoney() public {
        (bool done, ) = address(_bundles).call{value: 0}(abi.encodeCall(IBundles.run, (new Entry[](0))));
        assertTrue(done, "without");
        (done, ) = address(_bundles).call{value: 1}(abi.encodeCall(IBundles.run, (new Entry[](0))));
        assertFalse(done, "with");
    }

    function test_passkeysSignForEntriesToo() public {
        uint256 token = _token(_batch, 5);
        address owner = _account(PASSKEY_SECRET, token);
        vm.prank(makerKey);
        pieces.transferFrom(workshop, owner, token);
        bytes memory signature = _signedByPasskey(
            PASSKEY_SECRET,
            token,
            _transferDigest(token, owner, bob, 1, FOREVER)
        );
        Entry[] memory entries = new Entry[](1);
        Authorization memory order = Authorization(owner, FOREVER, signature);
        entries[0] = Entry(
            address(pieces),
            ENOUGH,
            abi.encodeCall(IPieces.transferWithSignature, (token, bob, 1, order))
        );
        assertTrue(_bundles.run(entries)[0], "done");
        assertEq(pieces.ownerOf(token), bob, "owner");
    }

    function _transfer(uint32 index, address to, uint256 secret) private view returns (Entry memory) {
        uint256 token = _token(_batch, index);
        bytes32 digest = _transferDigest(token, workshop, to, 0, FOREVER);
        Authorization memory order = _signed(secret, FOREVER, digest);
        return Entry(address(pieces), ENOUGH, abi.encodeCall(IPieces.transferWithSignature, (token, to, 0, order)));
    }

    /// In the order of the entries, one for each that fails and for no other.
    function _expectFailures(bool[COUNT] memory fails, bytes4[] memory errors) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 next;
        for (uint256 i = 0; i < COUNT; ++i) {
            if (!fails[i]) continue;
            while (next < logs.length && logs[next].emitter != address(_bundles)) ++next;
            assertTrue(next < logs.length, "told");
            assertEq(_failure(logs[next], i), bytes32(errors[i]), "error");
            ++next;
        }
        while (next < logs.length) assertTrue(logs[next++].emitter != address(_bundles), "told too much");
    }

    function _failure(Vm.Log memory log, uint256 index) private view returns (bytes32) {
        assertEq(log.emitter, address(_bundles), "emitter");
        assertEq(log.topics[0], IBundles.EntryFailed.selector, "event");
        assertEq(uint256(log.topics[1]), index, "index");
        assertEq(log.data.length, 32, "data");
        return abi.decode(log.data, (bytes32));
    }

    function _numbers(bytes memory answer) private pure returns (uint256 a, uint256 b, uint256 c) {
        assembly ("memory-safe") {
            a := mload(add(answer, 0x24))
            b := mload(add(answer, 0x44))
            c := mload(add(answer, 0x64))
        }
    }
}
