// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { MapClient } from "../core/MapClient.sol";
import { Stack } from "../core/Stack.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { CounterpartyInfo, Packet, Payload } from "../../src/interfaces/IbcMessages.sol";
import { CollateralVault } from "../../src/vault/CollateralVault.sol";
import { FungibleTokenPacketData, TransferData } from "../../src/vault/TransferData.sol";
import { VaultLedger } from "../../src/vault/VaultLedger.sol";

contract WithdrawTest is Stack {
    function setUp() public override {
        super.setUp();
        deposit(alice, 1000);
    }

    function test_a_withdrawal_pays_its_receiver() public {
        Packet memory packet = hubWithdraws(address(token), bob, 400);
        recv(packet);
        assertEq(token.balanceOf(bob), 400);
        assertEq(vault.escrowed(CLIENT, address(token)), 600);
        assertEq(vault.owed(address(token)), 600);
        assertAcknowledged(packet, SUCCESS);
    }

    function test_more_than_the_escrow_is_refused_and_refunded_on_the_hub() public {
        token.mint(address(vault), 5000);
        Packet memory packet = hubWithdraws(address(token), bob, 1001);
        _expectRefusal(
            packet, abi.encodeWithSelector(VaultLedger.EscrowExceeded.selector, token, 1000, 1001)
        );
        assertEq(token.balanceOf(bob), 0);
    }

    function test_a_strangers_client_drains_only_its_own_escrow() public {
        MapClient evil = newMapClient();
        core.addClient(CounterpartyInfo("ethereum-0", hubPrefix()), address(evil));
        bytes memory value = abi.encode(
            FungibleTokenPacketData(
                string.concat("transfer/ethereum-0/", text(address(token))), "x", text(bob), 1, ""
            )
        );
        Payload memory payload =
            Payload("transfer", "transfer", "ics20-1", "application/x-solidity-abi", value);
        Packet memory packet = packetOf(1, "ethereum-0", "client-1", payload);
        commitOnHub(evil, packet);
        _expectRefusal(packet, abi.encodeWithSelector(VaultLedger.EscrowExceeded.selector, token, 0, 1));
        depositOver("client-1", alice, 10);
        packet.sequence = 2;
        commitOnHub(evil, packet);
        recv(packet);
        assertEq(token.balanceOf(bob), 1);
        assertEq(vault.escrowed("client-1", address(token)), 9);
        assertEq(vault.escrowed(CLIENT, address(token)), 1000);
    }

    function test_receivers_that_are_no_account_here_are_refused() public {
        string memory denom = string.concat("transfer/ethereum-0/", text(address(token)));
        string memory longer = string.concat(text(bob), "0");
        string[6] memory receivers =
            ["cway1abc", vm.toString(bob), "0x00", text(address(0)), text(address(vault)), longer];
        for (uint256 i = 0; i < receivers.length; ++i) {
            bytes memory value = abi.encode(FungibleTokenPacketData(denom, "s", receivers[i], 1, ""));
            _expectRefusal(
                hubSends("transfer", "ics20-1", value),
                abi.encodeWithSelector(CollateralVault.InvalidReceiver.selector, receivers[i])
            );
        }
    }

    function test_denoms_in_capitals_and_unknown_ones_are_refused() public {
        address capital = address(token);
        string[4] memory rests =
            [vm.toString(capital), "uatom", "transfer/client-0/uatom", string.concat(text(capital), "/x")];
        for (uint256 i = 0; i < rests.length; ++i) {
            Packet memory packet = hubSendsTransfer(string.concat("transfer/ethereum-0/", rests[i]), bob, 1);
            recv(packet);
            assertAcknowledged(packet, ERROR_ACK);
        }
        assertEq(token.balanceOf(bob), 0);
    }

    function test_zero_amounts_and_oversize_memos_are_refused() public {
        string memory denom = string.concat("transfer/ethereum-0/", text(address(token)));
        bytes memory value = abi.encode(FungibleTokenPacketData(denom, "s", text(bob), 0, ""));
        _expectRefusal(
            hubSends("transfer", "ics20-1", value), abi.encodeWithSelector(TransferData.ZeroAmount.selector)
        );
        value = abi.encode(FungibleTokenPacketData(denom, "s", text(bob), 1, string(new bytes(32_769))));
        _expectRefusal(
            hubSends("transfer", "ics20-1", value),
            abi.encodeWithSelector(TransferData.OversizeMemo.selector, 32_768, 32_769)
        );
    }

    function test_other_versions_encodings_and_bytes_are_refused() public {
        string memory denom = string.concat("transfer/ethereum-0/", text(address(token)));
        bytes memory value = abi.encode(FungibleTokenPacketData(denom, "s", text(bob), 1, ""));
        _expectRefusal(
            hubSends("transfer", "ics20-2", value),
            abi.encodeWithSelector(
                TransferData.UnexpectedPayload.selector, "transfer", "ics20-2", "application/x-solidity-abi"
            )
        );
        Packet memory packet = hubSends("transfer", "ics20-1", value);
        packet.payloads[0].encoding = "application/json";
        packet.sequence = ++hubSequence;
        commitOnHub(hub, packet);
        _expectRefusal(
            packet,
            abi.encodeWithSelector(
                TransferData.UnexpectedPayload.selector, "transfer", "ics20-1", "application/json"
            )
        );
        packet = hubSends("transfer", "ics20-1", hex"00");
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
    }

    /// @dev Offsets that lead out of the proven value, into bytes that the relayer adds, must not be
    /// followed.
    function test_a_value_reaches_no_further_than_itself() public {
        string memory denom = string.concat("transfer/ethereum-0/", text(address(token)));
        bytes memory value = abi.encode(FungibleTokenPacketData(denom, "s", text(bob), 1, ""));
        for (uint256 place = 31; place < 224; place += 32) {
            bytes memory bent = bytes.concat(value);
            bent[place - 1] = 0x07;
            Packet memory packet = hubSends("transfer", "ics20-1", bent);
            recv(packet);
            if (place != 159) assertAcknowledged(packet, ERROR_ACK);
        }
    }

    /// @dev What stands before a value: behind the tuple's offset, five offsets and four texts of two words.
    function test_the_head_of_a_transfer_is_the_compilers() public pure {
        bytes memory payload =
            abi.encode(Payload("transfer", "transfer", "ics20-1", "application/x-solidity-abi", "v"));
        bytes memory head = new bytes(416);
        for (uint256 i = 0; i < head.length; ++i) {
            head[i] = payload[32 + i];
        }
        assertEq(keccak256(head), TransferData.HEAD_HASH);
    }

    function test_only_the_core_speaks_to_the_vault() public {
        bytes memory refusal =
            abi.encodeWithSelector(CollateralVault.Unauthorized.selector, address(core), address(this));
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        vm.expectRevert(refusal);
        vault.onRecvPacket(packet);
        vm.expectRevert(refusal);
        vault.onAcknowledgementPacket(packet, ERROR_ACK);
        vm.expectRevert(refusal);
        vault.onTimeoutPacket(packet);
    }

    function _expectRefusal(Packet memory packet, bytes memory reason) internal {
        vm.expectEmit(address(core));
        emit IIbcCore.ApplicationRefused(packet.destClient, packet.sequence, reason);
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
    }
}
