// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { TestToken } from "./TestTokens.sol";
import { MapClient } from "./MapClient.sol";
import { Stack } from "./Stack.sol";
import { IbcCore } from "../../src/core/IbcCore.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { ILightClient } from "../../src/interfaces/ILightClient.sol";
import { CounterpartyInfo, MsgRecvPacket, Packet, Payload } from "../../src/interfaces/IbcMessages.sol";
import { HookToken } from "../vault/OddTokens.sol";

contract RecvPacketTest is Stack {
    function setUp() public override {
        super.setUp();
        deposit(alice, 1000);
    }

    function test_a_packet_is_received_and_answered_once() public {
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        bytes[] memory acknowledgements = new bytes[](1);
        acknowledgements[0] = SUCCESS;
        vm.expectEmit(address(core));
        emit IIbcCore.WriteAcknowledgement(CLIENT, 1, packet, acknowledgements);
        recv(packet);
        bytes32 receipt = core.getCommitment(keccak256(abi.encodePacked(CLIENT, bytes1(0x02), uint64(1))));
        assertEq(receipt, commitmentOf(packet));
        assertAcknowledged(packet, SUCCESS);
        vm.expectEmit(address(core));
        emit IIbcCore.Noop();
        recv(packet);
        assertEq(token.balanceOf(bob), 1);
    }

    /// @dev Its proof is looked at, for later ones of a batch may rest on it, but need not hold.
    function test_a_replay_is_a_noop_past_its_timeout_and_without_proof() public {
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        recv(packet);
        vm.warp(packet.timeoutTimestamp);
        recv(packet);
        packet.timeoutTimestamp += 1;
        recv(packet);
        hub.stop(ILightClient.Status.Frozen, 1);
        recv(packet);
        assertEq(token.balanceOf(bob), 1);
    }

    function test_not_from_the_timeout_on() public {
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        vm.warp(packet.timeoutTimestamp);
        vm.expectRevert(
            abi.encodeWithSelector(
                IIbcCore.TimeoutElapsed.selector, packet.timeoutTimestamp, block.timestamp
            )
        );
        recv(packet);
        vm.warp(packet.timeoutTimestamp - 1);
        recv(packet);
    }

    /// @dev Anyone opens a client on the hub and names ours as its counterparty; the proof verifies.
    function test_not_from_a_client_that_is_not_the_registered_counterparty() public {
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        packet.sourceClient = "ethereum-9";
        commitOnHub(hub, packet);
        vm.expectRevert(
            abi.encodeWithSelector(IIbcCore.WrongCounterparty.selector, HUB_CLIENT, "ethereum-9")
        );
        recv(packet);
    }

    function test_not_without_proof_of_exactly_these_bytes() public {
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        packet.sequence = 2;
        vm.expectRevert(MapClient.NotStored.selector);
        recv(packet);
        packet.sequence = 1;
        packet.timeoutTimestamp += 1;
        vm.expectRevert(MapClient.NotStored.selector);
        recv(packet);
        packet.timeoutTimestamp -= 1;
        packet.payloads[0].value = abi.encodePacked(packet.payloads[0].value, bytes32(0));
        vm.expectRevert(MapClient.NotStored.selector);
        recv(packet);
    }

    function test_not_with_a_form_that_packets_have_not() public {
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        packet.sequence = 0;
        vm.expectRevert(IIbcCore.ZeroSequence.selector);
        recv(packet);
        packet.sequence = 1;
        Payload memory payload = packet.payloads[0];
        packet.payloads = new Payload[](0);
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.PayloadCount.selector, 1, 0));
        recv(packet);
        packet.payloads = new Payload[](2);
        (packet.payloads[0], packet.payloads[1]) = (payload, payload);
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.PayloadCount.selector, 1, 2));
        recv(packet);
        packet.payloads = new Payload[](1);
        packet.payloads[0] = Payload("transfer", "transfer", "ics20-1", "abi", "");
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.BlankPayloadField.selector, "value"));
        recv(packet);
        packet.payloads[0] = Payload("transfer", "transfer", "", "abi", "1");
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.BlankPayloadField.selector, "version"));
        recv(packet);
        packet.payloads[0] = Payload("transfer", "transfer", "ics20-1", "", "1");
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.BlankPayloadField.selector, "encoding"));
        recv(packet);
        packet.payloads[0] = Payload("transfer", "transfer", "ics20-1", "abi", new bytes(262_145));
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.OversizePayload.selector, 262_144, 262_145));
        recv(packet);
    }

    function test_an_unknown_port_is_answered_with_the_error() public {
        Packet memory packet = hubSends("icahost", "ics27-2", hex"01");
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
    }

    function test_a_refusal_keeps_the_receipt_and_nothing_else() public {
        Packet memory packet = hubWithdraws(address(token), bob, 1001);
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
        assertEq(vault.escrowed(CLIENT, address(token)), 1000);
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
    }

    /// @dev Whatever gas the relayer gives: either nothing happens, or the receiver is paid. A refund by
    /// stinginess would be an error acknowledgement (EIP-150).
    function test_no_amount_of_gas_forces_a_refund() public {
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        bytes memory data = abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(packet, "proof", 1)));
        uint256 before = vm.snapshotState();
        uint256 done = 0;
        uint256 failed = 0;
        for (uint256 gasGiven = 40_000; gasGiven < 420_000; gasGiven += 900) {
            (bool success,) = address(core).call{ gas: gasGiven }(data);
            if (success) {
                ++done;
                assertEq(token.balanceOf(bob), 1);
                assertAcknowledged(packet, SUCCESS);
            } else {
                ++failed;
                assertEq(acknowledgementOf(packet), 0);
            }
            vm.revertToState(before);
        }
        assertGt(done, 10);
        assertGt(failed, 10);
    }

    /// @dev The same with a receiver deep below: a margin call goes through five contracts.
    function test_no_amount_of_gas_forces_a_margin_call_to_fail() public {
        vm.startPrank(alice);
        token.mint(alice, 500);
        token.approve(address(standby), 500);
        bytes32 line = standby.lock(address(token), 500, START + 7 days, bytes20(alice), 0, inAnHour());
        vm.stopPrank();
        Packet memory packet = hubSendsClearing(3, abi.encode(line, uint256(100)));
        bytes memory data = abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(packet, "proof", 1)));
        uint256 before = vm.snapshotState();
        for (uint256 gasGiven = 60_000; gasGiven < 900_000; gasGiven += 5_000) {
            (bool success,) = address(core).call{ gas: gasGiven }(data);
            if (success) assertAcknowledged(packet, abi.encode(uint256(100)));
            else assertEq(acknowledgementOf(packet), 0);
            vm.revertToState(before);
        }
    }

    /// @dev And with a token so hungry that what is left of too little gas would do to write a refusal.
    function test_no_amount_of_gas_forces_a_hungry_token_to_fail() public {
        token = TestToken(deployCode("OddTokens.sol:HookToken"));
        deposit(alice, 1000);
        HookToken(address(token)).setBurn(4_000_000);
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        bytes memory data = abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(packet, "proof", 1)));
        uint256 before = vm.snapshotState();
        for (uint256 gasGiven = 1_000_000; gasGiven < 6_000_000; gasGiven += 100_000) {
            (bool success,) = address(core).call{ gas: gasGiven }(data);
            assertEq(success, gasGiven > 4_200_000);
            if (success) assertAcknowledged(packet, SUCCESS);
            else assertEq(acknowledgementOf(packet), 0);
            vm.revertToState(before);
        }
    }

    /// @dev A token that burns its gas is refused for good only by who gave it gas in plenty.
    function test_a_token_that_burns_gas_is_refused_with_gas_in_plenty_only() public {
        token = TestToken(deployCode("OddTokens.sol:HookToken"));
        deposit(alice, 1000);
        HookToken hook = HookToken(address(token));
        hook.setBurn(2_000_000);
        hook.setBomb(4);
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        vm.expectRevert();
        this.recvWithGas(packet, 2_200_000);
        this.recvWithGas(packet, 4_000_000);
        assertAcknowledged(packet, ERROR_ACK);
    }

    function recvWithGas(Packet calldata packet, uint256 gasGiven) external {
        core.recvPacket{ gas: gasGiven }(MsgRecvPacket(packet, "proof", 1));
    }

    function test_a_client_that_comes_back_in_gets_nothing() public {
        ReenteringClient evil = new ReenteringClient();
        core.addClient(CounterpartyInfo(HUB_CLIENT, hubPrefix()), address(evil));
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        packet.destClient = "client-1";
        Packet memory inner = hubWithdraws(address(token), bob, 1);
        evil.aim(address(core), abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(inner, "proof", 1))));
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
        assertFalse(evil.succeeded());
        assertEq(vault.escrowed(CLIENT, address(token)), 1000);
    }
}

/// @notice Believes everything, and calls somebody while it is asked.
contract ReenteringClient {
    address private _target;
    bytes private _data;
    bool public succeeded;

    function aim(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function verifyMembership(bytes calldata, uint64, bytes[] calldata, bytes calldata)
        external
        returns (uint64)
    {
        (succeeded,) = _target.call(_data);
        return 0;
    }
}
