// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { MapClient } from "../core/MapClient.sol";
import { Stack } from "../core/Stack.sol";
import { Notice, StandbyLocked, Trade } from "../../src/clearing/ClearingMessages.sol";
import { ClearingPort } from "../../src/clearing/ClearingPort.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import {
    CounterpartyInfo,
    MsgAckPacket,
    MsgRecvPacket,
    Packet,
    Payload
} from "../../src/interfaces/IbcMessages.sol";
import { IVenue } from "../../src/interfaces/IVenue.sol";
import { OutflowLimit, OutflowLimits } from "../../src/vault/OutflowLimits.sol";
import { SampleVenue } from "./SampleVenue.sol";

contract ClearingPortTest is Stack {
    SampleVenue internal venue;

    function setUp() public override {
        super.setUp();
        venue = new SampleVenue(clearing);
    }

    function test_a_venue_submits_and_hears_of_each_trade() public {
        (Packet memory packet, Trade[] memory trades) = _submit();
        assertTrue(isPending(packet));
        SampleVenue.Answer[] memory answers = new SampleVenue.Answer[](2);
        answers[0] = SampleVenue.Answer(trades[0].tradeId, "");
        answers[1] = SampleVenue.Answer(trades[1].tradeId, "clearing/not-listed");
        hubAcknowledges(packet, abi.encode(answers));
        ack(packet, abi.encode(answers));
        assertEq(uint8(venue.stateOf(trades[0].tradeId)), uint8(SampleVenue.State.Cleared));
        assertEq(uint8(venue.stateOf(trades[1].tradeId)), uint8(SampleVenue.State.Refused));
        assertEq(venue.refusalOf(trades[1].tradeId), "clearing/not-listed");
    }

    function test_a_refused_submission_and_one_too_late() public {
        (Packet memory packet, Trade[] memory trades) = _submit();
        hubAcknowledges(packet, ERROR_ACK);
        ack(packet, ERROR_ACK);
        assertEq(venue.refusalOf(trades[0].tradeId), "refused");
        (packet, trades) = _submit();
        hub.setTime(1, packet.timeoutTimestamp);
        timeOut(packet);
        assertEq(venue.refusalOf(trades[1].tradeId), "timeout");
    }

    function test_a_broken_venue_holds_up_nobody_and_is_called_again_once() public {
        (Packet memory packet, Trade[] memory trades) = _submit();
        hubAcknowledges(packet, ERROR_ACK);
        venue.setBroken(true);
        Packet memory behind = hubSendsClearing(5, abi.encode(Notice(7, bytes20(alice), 2, -55)));
        bytes[] memory batch = new bytes[](2);
        batch[0] = abi.encodeCall(IIbcCore.ackPacket, (MsgAckPacket(packet, ERROR_ACK, "proof", 1)));
        batch[1] = abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(behind, "proof", 1)));
        vm.expectEmit(address(clearing));
        emit ClearingPort.VenueFailed(address(venue), packet.sequence);
        core.multicall(batch);
        assertFalse(isPending(packet));
        assertAcknowledged(behind, SUCCESS);
        bytes memory call = abi.encodeCall(IVenue.onTradesAcknowledged, (packet.sequence, false, ERROR_ACK));
        vm.expectRevert();
        clearing.callVenue(packet.sequence, call);
        venue.setBroken(false);
        bytes memory lie = abi.encodeCall(IVenue.onTradesAcknowledged, (packet.sequence, true, ""));
        bytes memory unheard = abi.encodeWithSelector(ClearingPort.NothingUnheard.selector, packet.sequence);
        vm.expectRevert(unheard);
        clearing.callVenue(packet.sequence, lie);
        clearing.callVenue(packet.sequence, call);
        assertEq(uint8(venue.stateOf(trades[0].tradeId)), uint8(SampleVenue.State.Refused));
        vm.expectRevert(unheard);
        clearing.callVenue(packet.sequence, call);
        ack(packet, ERROR_ACK);
    }

    function test_a_venue_that_hears_is_not_called_again() public {
        (Packet memory packet,) = _submit();
        hubAcknowledges(packet, ERROR_ACK);
        ack(packet, ERROR_ACK);
        vm.expectRevert(abi.encodeWithSelector(ClearingPort.NothingUnheard.selector, packet.sequence));
        clearing.callVenue(
            packet.sequence, abi.encodeCall(IVenue.onTradesAcknowledged, (packet.sequence, false, ERROR_ACK))
        );
    }

    /// @dev It burns all that it is given, which is bounded, and its endless reason is not copied.
    function test_a_venue_burns_no_more_than_its_gas() public {
        (Packet memory packet,) = _submit();
        hub.setTime(1, packet.timeoutTimestamp);
        venue.setBurning(true);
        uint256 before = gasleft();
        timeOut(packet);
        assertLt(before - gasleft(), clearing.VENUE_GAS() + 300_000);
        assertFalse(isPending(packet));
        venue.setBurning(false);
        clearing.callVenue(packet.sequence, abi.encodeCall(IVenue.onTradesTimedOut, (packet.sequence)));
    }

    /// @dev Nor can a relayer have a venue fail by giving little gas.
    function test_a_venue_has_its_gas_or_the_packet_stays_open() public {
        (Packet memory packet,) = _submit();
        hubAcknowledges(packet, ERROR_ACK);
        MsgAckPacket memory message = MsgAckPacket(packet, ERROR_ACK, "proof", 1);
        vm.expectPartialRevert(ClearingPort.MoreGasNeeded.selector);
        core.ackPacket{ gas: 1_050_000 }(message);
        assertTrue(isPending(packet));
        core.ackPacket{ gas: 1_400_000 }(message);
        assertFalse(isPending(packet));
    }

    /// @dev A venue that sees to its own failures would take a call without gas for its answer.
    function test_a_venue_is_not_called_again_with_less_gas() public {
        (Packet memory packet, Trade[] memory trades) = _submit();
        hub.setTime(1, packet.timeoutTimestamp);
        venue.setBroken(true);
        timeOut(packet);
        venue.setBroken(false);
        venue.setCareful(true);
        bytes memory call = abi.encodeCall(IVenue.onTradesTimedOut, (packet.sequence));
        vm.expectPartialRevert(ClearingPort.MoreGasNeeded.selector);
        clearing.callVenue{ gas: 1_000_000 }(packet.sequence, call);
        assertEq(uint8(venue.stateOf(trades[0].tradeId)), uint8(SampleVenue.State.Submitted));
        clearing.callVenue{ gas: 1_100_000 }(packet.sequence, call);
        assertEq(uint8(venue.stateOf(trades[0].tradeId)), uint8(SampleVenue.State.Refused));
    }

    function test_trade_ids_begin_with_their_venue() public {
        Trade[] memory trades = new Trade[](1);
        trades[0].tradeId = bytes32(bytes20(address(venue)));
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ClearingPort.ForeignTradeId.selector, trades[0].tradeId, bob));
        clearing.submitTrades(trades, inAnHour());
        vm.expectRevert(abi.encodeWithSelector(ClearingPort.TradeCount.selector, 0, 256));
        clearing.submitTrades(new Trade[](0), inAnHour());
        vm.expectRevert(abi.encodeWithSelector(ClearingPort.TradeCount.selector, 257, 256));
        clearing.submitTrades(new Trade[](257), inAnHour());
    }

    function test_governance_sets_an_outflow_limit() public {
        OutflowLimit memory limit = OutflowLimit(500, 2 hours, 7);
        Packet memory packet =
            _govern(address(vault), abi.encodeCall(vault.setOutflowLimit, (address(token), limit)));
        recv(packet);
        assertAcknowledged(packet, SUCCESS);
        assertEq(abi.encode(vault.outflowLimit(address(token))), abi.encode(limit));
        assertEq(vault.outflowLimit(address(weth)).shareBps, 10_000);
    }

    function test_governance_can_not_set_what_stops_a_token() public {
        OutflowLimit memory limit = OutflowLimit(0, 2 hours, 7);
        Packet memory packet =
            _govern(address(vault), abi.encodeCall(vault.setOutflowLimit, (address(token), limit)));
        _expectRefusal(
            packet, abi.encodeWithSelector(OutflowLimits.OutflowLimitOutOfBounds.selector, 0, 2 hours)
        );
    }

    /// @dev Poly Network, 2021: a cross-chain message called the contract that names the bridge's keepers.
    function test_governance_reaches_neither_core_nor_client_nor_tokens() public {
        deposit(alice, 100);
        address[6] memory targets = [
            address(core), address(hub), address(token), address(clearing), address(standby), address(weth)
        ];
        bytes memory data = abi.encodeCall(vault.setOutflowLimit, (address(0), OutflowLimit(500, 1, 0)));
        for (uint256 i = 0; i < targets.length; ++i) {
            _expectRefusal(
                _govern(targets[i], data),
                abi.encodeWithSelector(
                    ClearingPort.ForbiddenCall.selector, targets[i], vault.setOutflowLimit.selector
                )
            );
        }
        bytes4[4] memory selectors =
            [vault.deposit.selector, vault.payClaim.selector, vault.onRecvPacket.selector, bytes4(0)];
        for (uint256 i = 0; i < selectors.length; ++i) {
            _expectRefusal(
                _govern(address(vault), abi.encodePacked(selectors[i], new bytes(96))),
                abi.encodeWithSelector(ClearingPort.ForbiddenCall.selector, address(vault), selectors[i])
            );
        }
    }

    function test_a_target_with_more_than_an_address_is_none() public {
        bytes32 target = bytes32(uint256(uint160(address(vault))) | (1 << 200));
        Packet memory packet = hubSendsClearing(4, abi.encode(target, bytes("")));
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
    }

    /// @dev Everyone may add a client; nobody speaks for the hub through one.
    function test_another_client_is_not_the_hub() public {
        MapClient evil = newMapClient();
        core.addClient(CounterpartyInfo(HUB_CLIENT, hubPrefix()), address(evil));
        OutflowLimit memory limit = OutflowLimit(500, 2 hours, 7);
        Packet memory packet =
            _govern(address(vault), abi.encodeCall(vault.setOutflowLimit, (address(token), limit)));
        packet.destClient = "client-1";
        commitOnHub(evil, packet);
        _expectRefusal(packet, abi.encodeWithSelector(ClearingPort.NotTheHub.selector, "client-1"));
    }

    function test_a_notice_is_told() public {
        Packet memory packet = hubSendsClearing(5, abi.encode(Notice(7, bytes20(alice), 2, -55)));
        vm.expectEmit(address(clearing));
        emit ClearingPort.Settled(7, bytes20(alice), 2, -55);
        recv(packet);
        assertAcknowledged(packet, SUCCESS);
    }

    function test_other_kinds_versions_and_encodings_are_refused() public {
        uint8[4] memory kinds = [0, 1, 2, 6];
        for (uint256 i = 0; i < kinds.length; ++i) {
            _expectRefusal(
                hubSendsClearing(kinds[i], ""),
                abi.encodeWithSelector(ClearingPort.UnknownKind.selector, kinds[i])
            );
        }
        Packet memory foreign = hubSendsClearing(5, abi.encode(Notice(7, bytes20(alice), 2, -55)));
        foreign.payloads[0].sourcePort = "transfer";
        commitOnHub(hub, foreign);
        _expectRefusal(
            foreign, abi.encodeWithSelector(ClearingPort.UnexpectedPort.selector, "clearing", "transfer")
        );
        _expectRefusal(
            hubSends("clearing", "causeway-clearing-2", abi.encode(uint8(5), bytes(""))),
            abi.encodeWithSelector(
                ClearingPort.UnexpectedVersion.selector, "causeway-clearing-1", "causeway-clearing-2"
            )
        );
    }

    function test_only_the_core_and_the_lines_speak_to_the_port() public {
        StandbyLocked memory locked;
        vm.expectRevert(
            abi.encodeWithSelector(ClearingPort.Unauthorized.selector, address(standby), address(this))
        );
        clearing.announce(locked, inAnHour());
        bytes memory refusal =
            abi.encodeWithSelector(ClearingPort.Unauthorized.selector, address(core), address(this));
        Packet memory packet = hubSendsClearing(5, "");
        vm.expectRevert(refusal);
        clearing.onRecvPacket(packet);
        vm.expectRevert(refusal);
        clearing.onAcknowledgementPacket(packet, ERROR_ACK);
        vm.expectRevert(refusal);
        clearing.onTimeoutPacket(packet);
    }

    function _submit() private returns (Packet memory packet, Trade[] memory trades) {
        trades = new Trade[](2);
        for (uint256 i = 0; i < 2; ++i) {
            trades[i] = Trade(0, bytes20(alice), 0, bytes20(bob), 1, 42, 1e9, 65_000e9);
            trades[i].tradeId = bytes32(uint256(venue.nextTradeId()) + i);
        }
        uint64 sequence = venue.submit(trades, inAnHour());
        Payload memory payload = Payload(
            "clearing",
            "clearing",
            "causeway-clearing-1",
            "application/x-solidity-abi",
            abi.encode(uint8(1), abi.encode(trades))
        );
        packet = packetOf(sequence, CLIENT, HUB_CLIENT, payload);
    }

    function _govern(address target, bytes memory data) private returns (Packet memory) {
        return hubSendsClearing(4, abi.encode(bytes32(uint256(uint160(target))), data));
    }

    function _expectRefusal(Packet memory packet, bytes memory reason) private {
        vm.expectEmit(address(core));
        emit IIbcCore.ApplicationRefused(packet.destClient, packet.sequence, reason);
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
    }
}
