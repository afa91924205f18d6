// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { Vm } from "forge-std/Vm.sol";
import { MapClient } from "./MapClient.sol";
import { Stack } from "./Stack.sol";
import { TestToken } from "./TestTokens.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { BatchedPacket, MsgRecvPackets, Packet } from "../../src/interfaces/IbcMessages.sol";
import { ILightClient } from "../../src/interfaces/ILightClient.sol";
import { HookToken } from "../vault/OddTokens.sol";

/// @notice A batch is its packets one by one: what stands, what is told and what is refused.
contract RecvPacketsTest is Stack {
    function setUp() public override {
        super.setUp();
        deposit(alice, 1000);
    }

    /// @dev Paid, refused, replayed, a voucher, of differing lengths and timeouts.
    function test_a_batch_does_and_tells_what_its_packets_do_one_by_one() public {
        Packet[] memory packets = new Packet[](7);
        packets[0] = hubWithdraws(address(token), bob, 7);
        packets[1] = hubWithdraws(address(token), bob, 1001);
        packets[2] = hubSendsTransfer("uatom", bob, 30);
        packets[3] = packets[0];
        packets[4] = hubSendsTransfer("transfer/07-tendermint-0/a/longer/path/than/the/others", alice, 1);
        packets[5] = hubSends("transfer", "ics20-1", hex"01");
        packets[6] = hubWithdraws(address(token), alice, 9);
        _compare(packets);
    }

    function testFuzz_any_values_and_timeouts(bytes[3] calldata values, uint32[3] calldata ahead) public {
        Packet[] memory packets = new Packet[](3);
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory value = values[i].length == 0 ? bytes("1") : values[i];
            packets[i] = hubSends("transfer", "ics20-1", value);
            packets[i].timeoutTimestamp = uint64(block.timestamp + 1 + ahead[i]);
            commitOnHub(hub, packets[i]);
        }
        _compare(packets);
    }

    function test_over_a_retired_client_too() public {
        Packet[] memory packets = new Packet[](3);
        packets[0] = hubWithdraws(address(token), bob, 7);
        packets[1] = hubWithdraws(address(token), alice, 8);
        packets[2] = packets[0];
        hub.stop(ILightClient.Status.Frozen, uint64(block.timestamp));
        vm.warp(block.timestamp + 14 days);
        core.retireClient(CLIENT);
        _compare(packets);
        assertEq(token.balanceOf(bob), 7);
    }

    function test_an_unknown_port_is_answered_with_the_error() public {
        MsgRecvPackets memory message = _message(1);
        message.destPort = "icahost";
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        packet.payloads[0].destPort = "icahost";
        commitOnHub(hub, packet);
        message.packets[0] = _item(packet);
        core.recvPackets(message);
        assertAcknowledged(packet, ERROR_ACK);
    }

    function test_one_that_is_not_proven_or_too_late_undoes_all() public {
        Packet memory good = hubWithdraws(address(token), bob, 1);
        Packet memory bad = hubWithdraws(address(token), bob, 2);
        MsgRecvPackets memory message = _message(2);
        (message.packets[0], message.packets[1]) = (_item(good), _item(bad));
        message.packets[1].timeoutTimestamp += 1;
        vm.expectRevert(MapClient.NotStored.selector);
        core.recvPackets(message);
        bad.timeoutTimestamp = uint64(block.timestamp);
        commitOnHub(hub, bad);
        message.packets[1] = _item(bad);
        vm.expectRevert(
            abi.encodeWithSelector(IIbcCore.TimeoutElapsed.selector, block.timestamp, block.timestamp)
        );
        core.recvPackets(message);
        assertEq(acknowledgementOf(good), 0);
    }

    function test_what_is_common_is_judged_as_of_one_packet() public {
        MsgRecvPackets memory message = _message(1);
        message.packets[0] = _item(hubWithdraws(address(token), bob, 1));
        message.sourceClient = "ethereum-9";
        vm.expectRevert(
            abi.encodeWithSelector(IIbcCore.WrongCounterparty.selector, HUB_CLIENT, "ethereum-9")
        );
        core.recvPackets(message);
        (message.sourceClient, message.destClient) = (HUB_CLIENT, "client-7");
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.ClientNotFound.selector, "client-7"));
        core.recvPackets(message);
        (message.destClient, message.version) = (CLIENT, "");
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.BlankPayloadField.selector, "version"));
        core.recvPackets(message);
        (message.version, message.encoding) = ("ics20-1", "");
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.BlankPayloadField.selector, "encoding"));
        core.recvPackets(message);
        (message.encoding, message.version) = ("application/x-solidity-abi", "ics20-2");
        vm.expectRevert(MapClient.NotStored.selector);
        core.recvPackets(message);
    }

    function test_each_packet_is_judged() public {
        MsgRecvPackets memory message = _message(1);
        message.packets[0] = _item(hubWithdraws(address(token), bob, 1));
        message.packets[0].sequence = 0;
        vm.expectRevert(IIbcCore.ZeroSequence.selector);
        core.recvPackets(message);
        (message.packets[0].sequence, message.packets[0].value) = (1, "");
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.BlankPayloadField.selector, "value"));
        core.recvPackets(message);
        message.packets[0].value = new bytes(262_145);
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.OversizePayload.selector, 262_144, 262_145));
        core.recvPackets(message);
    }

    function test_an_empty_batch_does_nothing() public {
        vm.recordLogs();
        core.recvPackets(_message(0));
        assertEq(vm.getRecordedLogs().length, 0);
    }

    /// @dev Whatever gas the relayer gives: all are paid, or nothing happens.
    function test_no_amount_of_gas_forces_a_refund() public {
        Packet[] memory packets = new Packet[](3);
        for (uint256 i = 0; i < 3; ++i) {
            packets[i] = hubWithdraws(address(token), bob, 1);
        }
        bytes memory data = _batch(packets);
        uint256 before = vm.snapshotState();
        uint256 done = 0;
        for (uint256 gasGiven = 60_000; gasGiven < 700_000; gasGiven += 1_700) {
            (bool success,) = address(core).call{ gas: gasGiven }(data);
            if (success) ++done;
            for (uint256 i = 0; i < 3; ++i) {
                if (success) assertAcknowledged(packets[i], SUCCESS);
                else assertEq(acknowledgementOf(packets[i]), 0);
            }
            vm.revertToState(before);
        }
        assertGt(done, 10);
    }

    /// @dev Who is called back by a token while a batch is received gets into none of the two doors.
    function test_a_token_that_comes_back_in_gets_nothing() public {
        token = TestToken(deployCode("OddTokens.sol:HookToken"));
        deposit(alice, 1000);
        Packet[] memory packets = new Packet[](2);
        packets[0] = hubWithdraws(address(token), bob, 1);
        packets[1] = hubWithdraws(address(token), bob, 2);
        Packet[] memory inner = new Packet[](1);
        inner[0] = packets[1];
        HookToken(address(token)).setHook(address(core), _batch(inner));
        (bool done,) = address(core).call(_batch(packets));
        assertTrue(done);
        assertAcknowledged(packets[0], SUCCESS);
        assertAcknowledged(packets[1], SUCCESS);
        assertEq(token.balanceOf(bob), 3);
        HookToken hook = HookToken(address(token));
        assertTrue(hook.didCall());
        assertEq(bytes4(hook.lastReason()), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
    }

    /// @dev The same storage and the same events, however the packets come.
    function _compare(Packet[] memory packets) private {
        uint256 before = vm.snapshotState();
        vm.recordLogs();
        for (uint256 i = 0; i < packets.length; ++i) {
            recv(packets[i]);
        }
        Vm.Log[] memory expected = vm.getRecordedLogs();
        bytes32[] memory standing = _standing(packets);
        vm.revertToState(before);
        vm.recordLogs();
        (bool done,) = address(core).call(_batch(packets));
        assertTrue(done);
        Vm.Log[] memory actual = vm.getRecordedLogs();
        assertEq(abi.encode(actual), abi.encode(expected));
        assertEq(_standing(packets), standing);
    }

    function _standing(Packet[] memory packets) private view returns (bytes32[] memory words) {
        words = new bytes32[](2 * packets.length + 2);
        for (uint256 i = 0; i < packets.length; ++i) {
            words[2 * i] = acknowledgementOf(packets[i]);
            words[2 * i + 1] =
                core.getCommitment(keccak256(abi.encodePacked(CLIENT, bytes1(0x02), packets[i].sequence)));
        }
        words[2 * packets.length] = bytes32(token.balanceOf(bob));
        words[2 * packets.length + 1] = bytes32(vault.escrowed(CLIENT, address(token)));
    }

    function _batch(Packet[] memory packets) private pure returns (bytes memory) {
        BatchedPacket[] memory items = new BatchedPacket[](packets.length);
        for (uint256 i = 0; i < packets.length; ++i) {
            items[i] = _item(packets[i]);
        }
        return recvPacketsCall(items, 1);
    }

    function _item(Packet memory packet) private pure returns (BatchedPacket memory) {
        return BatchedPacket(packet.sequence, packet.timeoutTimestamp, packet.payloads[0].value, "proof");
    }

    function _message(uint256 count) private pure returns (MsgRecvPackets memory) {
        return MsgRecvPackets(
            HUB_CLIENT,
            CLIENT,
            "transfer",
            "transfer",
            "ics20-1",
            "application/x-solidity-abi",
            1,
            new BatchedPacket[](count)
        );
    }
}
