// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Stack } from "../core/Stack.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { Packet } from "../../src/interfaces/IbcMessages.sol";
import { CollateralVault } from "../../src/vault/CollateralVault.sol";

contract RefundTest is Stack {
    function test_an_error_acknowledgement_refunds_once() public {
        Packet memory packet = deposit(alice, 100);
        hubAcknowledges(packet, ERROR_ACK);
        ack(packet, ERROR_ACK);
        assertEq(token.balanceOf(alice), 100);
        assertEq(vault.owed(address(token)), 0);
        vm.expectEmit(address(core));
        emit IIbcCore.Noop();
        ack(packet, ERROR_ACK);
        vm.warp(block.timestamp + 2 hours);
        hub.setTime(1, uint64(block.timestamp));
        timeOut(packet);
        assertEq(token.balanceOf(alice), 100);
    }

    function test_a_timeout_refunds_once() public {
        Packet memory packet = deposit(alice, 100);
        hub.setTime(1, packet.timeoutTimestamp);
        timeOut(packet);
        assertEq(token.balanceOf(alice), 100);
        timeOut(packet);
        hubAcknowledges(packet, ERROR_ACK);
        ack(packet, ERROR_ACK);
        assertEq(token.balanceOf(alice), 100);
        assertEq(vault.escrowed(CLIENT, address(token)), 0);
    }

    function test_a_success_refunds_nothing() public {
        Packet memory packet = deposit(alice, 100);
        hubAcknowledges(packet, SUCCESS);
        ack(packet, SUCCESS);
        assertEq(token.balanceOf(alice), 0);
        assertEq(vault.escrowed(CLIENT, address(token)), 100);
        assertFalse(isPending(packet));
    }

    function test_other_acknowledgement_bytes_are_neither() public {
        Packet memory packet = deposit(alice, 100);
        bytes[4] memory answers =
            [bytes('{"result": "AQ=="}'), '{"error":"no"}', bytes.concat(ERROR_ACK, hex"00"), hex"01"];
        for (uint256 i = 0; i < answers.length; ++i) {
            hubAcknowledges(packet, answers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(CollateralVault.UnknownAcknowledgement.selector, answers[i])
            );
            ack(packet, answers[i]);
        }
        assertTrue(isPending(packet));
    }

    function testFuzz_deposits_end_once_however_they_are_relayed(uint256[8] calldata amounts, uint256 order)
        public
    {
        uint256 paidIn = 0;
        uint256 kept = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 amount = bound(amounts[i], 1, 1e30);
            Packet memory packet = deposit(alice, amount);
            paidIn += amount;
            bool isRefunded = (order >> i) & 1 == 1;
            bytes memory answer = isRefunded ? ERROR_ACK : SUCCESS;
            if (!isRefunded) kept += amount;
            hubAcknowledges(packet, answer);
            ack(packet, answer);
            ack(packet, answer);
        }
        assertEq(token.balanceOf(alice), paidIn - kept);
        assertEq(vault.escrowed(CLIENT, address(token)), kept);
        assertEq(token.balanceOf(address(vault)), kept);
    }
}
