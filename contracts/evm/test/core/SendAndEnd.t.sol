// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { MapClient } from "./MapClient.sol";
import { Stack } from "./Stack.sol";
import { IbcCore } from "../../src/core/IbcCore.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import {
    CounterpartyInfo,
    MsgAckPacket,
    MsgRecvPacket,
    MsgSendPacket,
    Packet,
    Payload
} from "../../src/interfaces/IbcMessages.sol";

contract SendAndEndTest is Stack {
    function test_only_the_application_of_a_port_sends_from_it() public {
        string[3] memory ports = ["transfer", "clearing", "other"];
        address[3] memory owners = [address(vault), address(clearing), address(0)];
        for (uint256 i = 0; i < 3; ++i) {
            Payload memory payload = Payload(ports[i], "transfer", "v", "e", "1");
            vm.expectRevert(
                abi.encodeWithSelector(
                    IIbcCore.CallerNotApplication.selector, ports[i], owners[i], address(this)
                )
            );
            core.sendPacket(MsgSendPacket(CLIENT, inAnHour(), payload));
        }
        vm.prank(address(vault));
        vm.expectRevert(
            abi.encodeWithSelector(
                IIbcCore.CallerNotApplication.selector, "clearing", address(clearing), address(vault)
            )
        );
        core.sendPacket(MsgSendPacket(CLIENT, inAnHour(), Payload("clearing", "clearing", "v", "e", "1")));
    }

    function test_not_to_a_chain_whose_seen_time_is_past_the_timeout() public {
        hub.setTime(1, inAnHour());
        token.mint(alice, 1);
        vm.startPrank(alice);
        token.approve(address(vault), 1);
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.TimeoutElapsed.selector, inAnHour(), inAnHour()));
        vault.deposit(address(token), 1, CLIENT, "cway1receiver", inAnHour(), "");
    }

    function test_sequences_are_of_each_client() public {
        core.addClient(CounterpartyInfo("07-tendermint-1", hubPrefix()), address(hub));
        deposit(alice, 1);
        depositOver("client-1", alice, 1);
        deposit(alice, 1);
        assertEq(core.nextSequenceSend(CLIENT), 3);
        assertEq(core.nextSequenceSend("client-1"), 2);
    }

    function test_acknowledgements_need_the_counterparty_the_commitment_and_the_proof() public {
        Packet memory packet = deposit(alice, 100);
        vm.expectRevert(MapClient.NotStored.selector);
        ack(packet, SUCCESS);
        hubAcknowledges(packet, SUCCESS);
        vm.expectRevert(MapClient.NotStored.selector);
        ack(packet, ERROR_ACK);
        vm.expectRevert(IIbcCore.InvalidAcknowledgement.selector);
        ack(packet, "");
        Packet memory other = deposit(alice, 100);
        other.destClient = "ethereum-9";
        vm.expectRevert(
            abi.encodeWithSelector(IIbcCore.WrongCounterparty.selector, HUB_CLIENT, "ethereum-9")
        );
        ack(other, SUCCESS);
        other.destClient = HUB_CLIENT;
        bytes32 stored = commitmentOf(other);
        other.payloads[0].value = hex"01";
        vm.expectRevert(
            abi.encodeWithSelector(IIbcCore.CommitmentMismatch.selector, stored, commitmentOf(other))
        );
        ack(other, SUCCESS);
    }

    function test_timeouts_need_the_counterparty_the_time_and_the_absence() public {
        Packet memory packet = deposit(alice, 100);
        vm.warp(START + 3 hours);
        hub.setTime(1, packet.timeoutTimestamp - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IIbcCore.TimeoutNotReached.selector, packet.timeoutTimestamp, packet.timeoutTimestamp - 1
            )
        );
        timeOut(packet);
        hub.setTime(1, packet.timeoutTimestamp);
        packet.destClient = "ethereum-9";
        vm.expectRevert(
            abi.encodeWithSelector(IIbcCore.WrongCounterparty.selector, HUB_CLIENT, "ethereum-9")
        );
        timeOut(packet);
        packet.destClient = HUB_CLIENT;
        hubReceives(packet);
        vm.expectRevert(MapClient.Stored.selector);
        timeOut(packet);
    }

    /// @dev Another client's proofs end only that client's packets.
    function test_a_strangers_client_can_not_end_our_packets() public {
        Packet memory packet = deposit(alice, 100);
        MapClient evil = newMapClient();
        core.addClient(CounterpartyInfo(HUB_CLIENT, hubPrefix()), address(evil));
        evil.setTime(1, packet.timeoutTimestamp);
        packet.sourceClient = "client-1";
        vm.expectEmit(address(core));
        emit IIbcCore.Noop();
        timeOut(packet);
        assertEq(vault.escrowed(CLIENT, address(token)), 100);
    }

    function test_a_packet_never_sent_ends_as_a_noop() public {
        Packet memory packet = depositPacket(7, address(token), alice, 100);
        vm.expectEmit(address(core));
        emit IIbcCore.Noop();
        ack(packet, SUCCESS);
        vm.expectEmit(address(core));
        emit IIbcCore.Noop();
        timeOut(packet);
    }

    function test_multicall_does_all_or_nothing() public {
        Packet memory sent = deposit(alice, 100);
        hubAcknowledges(sent, SUCCESS);
        Packet memory first = hubWithdraws(address(token), bob, 1);
        Packet memory second = hubWithdraws(address(token), bob, 2);
        bytes[] memory calls = new bytes[](4);
        calls[0] = abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(first, "proof", 1)));
        calls[1] = abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(second, "proof", 1)));
        calls[2] = abi.encodeCall(IbcCore.ackPacket, (MsgAckPacket(sent, SUCCESS, "proof", 1)));
        calls[3] = calls[0];
        core.multicall(calls);
        assertEq(token.balanceOf(bob), 3);
        assertFalse(isPending(sent));
        first.sequence = 99;
        calls[1] = abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(first, "proof", 1)));
        vm.expectRevert(MapClient.NotStored.selector);
        core.multicall(calls);
    }

    function test_multicall_gives_nobody_another_name() public {
        bytes[] memory calls = new bytes[](1);
        calls[0] = abi.encodeCall(
            IbcCore.sendPacket,
            (MsgSendPacket(CLIENT, inAnHour(), Payload("transfer", "transfer", "v", "e", "1")))
        );
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(IIbcCore.CallerNotApplication.selector, "transfer", address(vault), bob)
        );
        core.multicall(calls);
    }
}
