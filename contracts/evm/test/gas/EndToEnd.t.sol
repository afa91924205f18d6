// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { ILightClient } from "../../src/interfaces/ILightClient.sol";
import { MsgAckPacket, MsgTimeoutPacket, Packet, Payload } from "../../src/interfaces/IbcMessages.sol";
import { Trade } from "../../src/clearing/ClearingMessages.sol";
import { SampleVenue } from "../clearing/SampleVenue.sol";
import { HubStack } from "./HubStack.sol";

/// @notice The whole path with nothing stood in for: attested header, store proof, packet, money.
contract EndToEndTest is HubStack {
    function setUp() public override {
        super.setUp();
        _depositMany(150);
        vm.warp(HUB_TIME + 5);
    }

    function test_a_withdrawal_proven_from_a_hub_store() public {
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (updateCall(), recvCall(".single"));
        core.multicall(calls);
        address receiver = address(bytes20(sha256(abi.encodePacked(uint64(1000)))));
        assertEq(token.balanceOf(receiver), 1_001_000);
        assertAcknowledged(packetAt(".single"), SUCCESS);
    }

    function test_fifty_withdrawals_in_one_call_and_once_more_for_nothing() public {
        bytes[] memory calls = new bytes[](51);
        calls[0] = updateCall();
        for (uint256 i = 0; i < 50; ++i) {
            calls[i + 1] = recvCall(element("withdrawals", i));
        }
        uint256 before = vault.escrowed(CLIENT, TOKEN);
        core.multicall(calls);
        assertEq(before - vault.escrowed(CLIENT, TOKEN), 50 * 1_001_000 + 1225);
        core.multicall(calls);
        assertEq(before - vault.escrowed(CLIENT, TOKEN), 50 * 1_001_000 + 1225);
    }

    /// @dev Another relayer was faster with one of them: the proofs of the rest may rest on its nodes.
    function test_a_batch_survives_a_race() public {
        bytes[] memory first = new bytes[](2);
        (first[0], first[1]) = (updateCall(), recvCall(".single"));
        core.multicall(first);
        bytes[] memory calls = new bytes[](51);
        calls[0] = updateCall();
        for (uint256 i = 0; i < 50; ++i) {
            calls[i + 1] = recvCall(element("withdrawals", i));
        }
        core.multicall(calls);
        assertAcknowledged(packetAt(element("withdrawals", 49)), SUCCESS);
    }

    function test_deposits_end_as_the_hub_answered() public {
        core.updateClient(CLIENT, header());
        Packet memory taken = depositAt(1);
        Packet memory refused = depositAt(60);
        Packet memory late = depositAt(101);
        assertTrue(isPending(taken) && isPending(refused) && isPending(late));
        _atOnce(
            abi.encodeCall(
                IIbcCore.ackPacket,
                (MsgAckPacket(taken, SUCCESS, _bytes(".acknowledgements.single"), HEIGHT))
            )
        );
        assertFalse(isPending(taken));
        assertEq(token.balanceOf(alice), 0);
        _atOnce(
            abi.encodeCall(
                IIbcCore.ackPacket, (MsgAckPacket(refused, ERROR_ACK, _bytes(".refusals.single"), HEIGHT))
            )
        );
        assertEq(token.balanceOf(alice), 2e6);
        _atOnce(
            abi.encodeCall(
                IIbcCore.timeoutPacket, (MsgTimeoutPacket(late, _bytes(".timeouts.single"), HEIGHT))
            )
        );
        assertEq(token.balanceOf(alice), 4e6);
    }

    function test_a_proof_of_another_packet_is_refused() public {
        core.updateClient(CLIENT, header());
        Packet memory refused = depositAt(60);
        bytes memory data = abi.encodeCall(
            IIbcCore.timeoutPacket, (MsgTimeoutPacket(refused, _bytes(".timeouts.single"), HEIGHT))
        );
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (updateCall(), data);
        vm.expectRevert();
        core.multicall(calls);
    }

    function test_a_margin_call_proven_from_a_hub_store() public {
        token.mint(bob, 1000);
        vm.startPrank(bob);
        token.approve(address(standby), 1000);
        uint64 expiry = uint64(block.timestamp + 30 days);
        bytes32 line = standby.lock(TOKEN, 1000, expiry, bytes20(bob), 0, inAnHour());
        vm.stopPrank();
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (updateCall(), recvCall(".clearing[0]"));
        core.multicall(calls);
        assertAcknowledged(packetAt(".clearing[0]"), abi.encode(uint256(400)));
        assertEq(standby.getLine(line).amount, 600);
    }

    function test_a_governance_message_proven_from_a_hub_store() public {
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (updateCall(), recvCall(".clearing[1]"));
        core.multicall(calls);
        assertAcknowledged(packetAt(".clearing[1]"), SUCCESS);
        assertEq(vault.outflowLimit(TOKEN).shareBps, 2500);
        assertEq(vault.outflowLimit(TOKEN).windowSeconds, 7200);
        assertEq(vault.outflowLimit(TOKEN).floor, 9);
    }

    /// @dev The hub has no such market, and says so for each trade.
    function test_a_venue_hears_what_a_hub_store_proves_of_its_trades() public {
        deployCodeTo("SampleVenue.sol:SampleVenue", abi.encode(clearing), VENUE);
        SampleVenue venue = SampleVenue(VENUE);
        Trade memory trade =
            Trade(0, bytes20(hex"b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0"), 0, 0, 1, 42, 1e9, 65_000e9);
        trade.seller = bytes20(hex"5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e");
        Trade[] memory trades = new Trade[](2);
        (trades[0], trades[1]) = (trade, abi.decode(abi.encode(trade), (Trade)));
        assertEq(venue.submit(trades, inAnHour()), 151);
        bytes memory value = _bytes(".venue.value");
        Payload memory payload =
            Payload("clearing", "clearing", "causeway-clearing-1", "application/x-solidity-abi", value);
        Packet memory packet = packetOf(151, CLIENT, HUB_CLIENT, payload);
        bytes memory answer = _bytes(".venue.acknowledgement");
        _atOnce(
            abi.encodeCall(
                IIbcCore.ackPacket, (MsgAckPacket(packet, answer, _bytes(".venue.proof"), HEIGHT))
            )
        );
        for (uint96 i = 1; i <= 2; ++i) {
            bytes32 tradeId = bytes32(abi.encodePacked(VENUE, i));
            assertEq(uint8(venue.stateOf(tradeId)), uint8(SampleVenue.State.Refused));
            assertEq(venue.refusalOf(tradeId), "clearing/not-listed");
        }
    }

    function test_an_exit_proven_under_the_last_root_of_an_expired_client() public {
        core.updateClient(CLIENT, header());
        bytes20 owner = bytes20(vm.parseJsonAddress(json, ".exit.owner"));
        address recipient = vm.parseJsonAddress(json, ".exit.recipient");
        vm.warp(HUB_TIME + 14 days);
        (ILightClient.Status status,) = hubClient.status();
        assertEq(uint8(status), uint8(ILightClient.Status.Expired));
        vm.expectRevert();
        core.retireClient(CLIENT);
        vm.warp(HUB_TIME + 28 days);
        core.retireClient(CLIENT);
        bytes memory proof = _bytes(".exit.openedProof");
        desk.open(CLIENT, TOKEN, 77, _bytes(".exit.openedTotalProof"));
        vm.warp(HUB_TIME + 35 days);
        desk.exit(CLIENT, owner, TOKEN, recipient, 77, proof);
        assertEq(token.balanceOf(recipient), 77);
        vm.expectRevert();
        desk.exit(CLIENT, owner, TOKEN, recipient, 77, proof);
    }

    function depositAt(uint64 sequence) internal view returns (Packet memory packet) {
        packet = depositPacket(sequence, TOKEN, alice, 2e6);
        packet.timeoutTimestamp = START + 3600;
    }

    function _depositMany(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            deposit(alice, 2e6);
        }
    }

    /// @dev A proof without the opening of its consensus state goes with the header that brings it.
    function _atOnce(bytes memory data) private {
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (updateCall(), data);
        core.multicall(calls);
    }

    function _bytes(string memory place) private view returns (bytes memory) {
        return vm.parseJsonBytes(json, place);
    }
}
