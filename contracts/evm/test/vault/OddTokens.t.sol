// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ReentrancyGuard } from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import { TestToken } from "../core/TestTokens.sol";
import { Stack } from "../core/Stack.sol";

import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { ILightClient } from "../../src/interfaces/ILightClient.sol";
import { MsgRecvPacket, MsgTimeoutPacket, Packet } from "../../src/interfaces/IbcMessages.sol";
import { TokenFlow } from "../../src/tokens/TokenFlow.sol";
import { CollateralVault } from "../../src/vault/CollateralVault.sol";
import { VaultLedger } from "../../src/vault/VaultLedger.sol";
import {
    BlocklistToken,
    FalseToken,
    FeeToken,
    HookToken,
    NoReturnToken,
    RebasingToken
} from "./OddTokens.sol";

contract OddTokensTest is Stack {
    function test_fee_on_transfer_counts_what_came() public {
        _use("FeeToken");
        Packet memory packet = _deposit(alice, 1000, 990);
        assertEq(vault.escrowed(CLIENT, address(token)), 990);
        hubAcknowledges(packet, ERROR_ACK);
        ack(packet, ERROR_ACK);
        assertEq(token.balanceOf(alice), 981);
        assertEq(vault.owed(address(token)), 0);
    }

    function test_a_fee_that_takes_everything_is_no_deposit() public {
        _use("RebasingToken");
        token.mint(alice, 1);
        RebasingToken(address(token)).rebase(1000);
        vm.startPrank(alice);
        token.approve(address(vault), 1);
        vm.expectRevert(abi.encodeWithSelector(TokenFlow.NothingReceived.selector, token));
        vault.deposit(address(token), 1, CLIENT, "cway1receiver", inAnHour(), "");
    }

    function test_a_shrunken_token_pays_all_alike_and_takes_nothing_new() public {
        _use("RebasingToken");
        _deposit(alice, 1000, 1000);
        RebasingToken(address(token)).rebase(90);
        token.mint(bob, 100);
        vm.startPrank(bob);
        token.approve(address(vault), 90);
        vm.expectRevert(abi.encodeWithSelector(TokenFlow.TokenImpaired.selector, token, 1000, 900));
        vault.deposit(address(token), 90, CLIENT, "cway1receiver", inAnHour(), "");
        vm.stopPrank();
        address first = makeAddr("first");
        address last = makeAddr("last");
        recv(hubWithdraws(address(token), first, 500));
        recv(hubWithdraws(address(token), last, 500));
        assertEq(token.balanceOf(first), 450);
        assertApproxEqAbs(token.balanceOf(last), 450, 2);
        assertEq(vault.owed(address(token)), 0);
    }

    function test_a_grown_token_pays_what_was_put_in() public {
        _use("RebasingToken");
        _deposit(alice, 1000, 1000);
        RebasingToken(address(token)).rebase(200);
        recv(hubWithdraws(address(token), bob, 1000));
        assertEq(token.balanceOf(bob), 1000);
    }

    function test_a_blocked_receiver_is_refused_and_the_escrow_stays() public {
        _use("BlocklistToken");
        _deposit(alice, 100, 100);
        BlocklistToken(address(token)).setBlocked(bob, true);
        Packet memory packet = hubWithdraws(address(token), bob, 50);
        vm.expectEmit(address(core));
        emit IIbcCore.ApplicationRefused(
            CLIENT, 1, abi.encodeWithSelector(VaultLedger.PaymentRefused.selector, token, bob, 50)
        );
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
        assertEq(vault.escrowed(CLIENT, address(token)), 100);
    }

    function test_a_refund_to_a_blocked_sender_waits_as_a_claim() public {
        _use("BlocklistToken");
        Packet memory packet = _deposit(alice, 100, 100);
        BlocklistToken(address(token)).setBlocked(alice, true);
        hub.setTime(1, packet.timeoutTimestamp);
        vm.expectEmit(address(vault));
        emit VaultLedger.ClaimCreated(1, alice, address(token), 100, START, "");
        timeOut(packet);
        assertEq(vault.owed(address(token)), 100);
        assertEq(vault.escrowed(CLIENT, address(token)), 0);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, alice));
        vault.payClaim(1, alice);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(VaultLedger.CallerNotRecipient.selector, alice, bob));
        vault.payClaim(1, bob);
        vm.prank(alice);
        vault.payClaim(1, bob);
        assertEq(token.balanceOf(bob), 100);
        vm.expectRevert(abi.encodeWithSelector(VaultLedger.ClaimNotFound.selector, 1));
        vault.payClaim(1, alice);
    }

    /// @dev Its hub is dead: the error acknowledgement would reach nobody.
    function test_what_a_token_refuses_after_retirement_waits_as_a_claim() public {
        _use("BlocklistToken");
        _deposit(alice, 100, 100);
        Packet memory packet = hubWithdraws(address(token), bob, 60);
        hub.stop(ILightClient.Status.Expired, START);
        vm.warp(START + 14 days);
        core.retireClient(CLIENT);
        BlocklistToken(address(token)).setBlocked(bob, true);
        recv(packet);
        recv(packet);
        assertEq(vault.escrowed(CLIENT, address(token)), 40);
        assertEq(vault.owed(address(token)), 100);
        vm.expectRevert(abi.encodeWithSelector(VaultLedger.CallerNotRecipient.selector, bob, alice));
        vm.prank(alice);
        vault.payClaim(1, alice);
        vm.prank(bob);
        vault.payClaim(1, relayer);
        assertEq(token.balanceOf(relayer), 60);
        vm.expectRevert(abi.encodeWithSelector(VaultLedger.ClaimNotFound.selector, 1));
        vault.payClaim(1, bob);
        assertEq(token.balanceOf(address(vault)), vault.owed(address(token)));
    }

    /// @dev As stETH: balances are shares times a rate, rounded down, so that a transfer moves a wei less.
    function test_a_token_that_rounds_is_counted_as_it_came_and_covers_all() public {
        _use("ShareToken");
        address[3] memory who = [alice, bob, relayer];
        uint256[3] memory received;
        for (uint256 i = 0; i < 3; ++i) {
            token.mint(who[i], 1001);
            vm.startPrank(who[i]);
            token.approve(address(vault), 1000);
            vault.deposit(address(token), 1000, CLIENT, "cway1receiver", inAnHour(), "");
            vm.stopPrank();
            uint256 escrowed = vault.escrowed(CLIENT, address(token));
            received[i] = escrowed - (i == 0 ? 0 : received[i - 1] + (i == 2 ? received[0] : 0));
            assertApproxEqAbs(received[i], 1000, 1);
            assertGe(token.balanceOf(address(vault)), vault.owed(address(token)));
        }
        for (uint256 i = 0; i < 3; ++i) {
            Packet memory packet = hubWithdraws(address(token), makeAddr("payee"), received[i]);
            recv(packet);
            assertAcknowledged(packet, SUCCESS);
            assertGe(token.balanceOf(address(vault)), vault.owed(address(token)));
        }
        assertEq(vault.owed(address(token)), 0);
    }

    /// @dev As some lending tokens: what leaves costs its holder a wei more. The vault then takes no deposits
    /// until somebody gives the wei that is missing; it pays all the same.
    function test_a_wei_lost_in_rounding_stops_deposits_until_it_is_given() public {
        _use("RebasingToken");
        _deposit(alice, 1000, 1000);
        _deposit(bob, 1000, 1000);
        vm.prank(address(vault));
        assertTrue(token.transfer(address(1), 1));
        token.mint(alice, 100);
        vm.startPrank(alice);
        token.approve(address(vault), 100);
        vm.expectRevert(abi.encodeWithSelector(TokenFlow.TokenImpaired.selector, token, 2000, 1999));
        vault.deposit(address(token), 100, CLIENT, "cway1receiver", inAnHour(), "");
        vm.stopPrank();
        recv(hubWithdraws(address(token), makeAddr("payee"), 1000));
        assertEq(token.balanceOf(makeAddr("payee")), 999);
        vm.prank(alice);
        assertTrue(token.transfer(address(vault), 1));
        _deposit(alice, 100, 100);
    }

    function test_tokens_that_return_nothing_are_taken_and_given() public {
        _use("NoReturnToken");
        _deposit(alice, 100, 100);
        recv(hubWithdraws(address(token), bob, 100));
        assertEq(token.balanceOf(bob), 100);
    }

    function test_false_is_a_refusal() public {
        _use("FalseToken");
        _deposit(alice, 100, 100);
        FalseToken(address(token)).setRefusing(true);
        Packet memory packet = hubWithdraws(address(token), bob, 100);
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
        token.mint(alice, 1);
        vm.startPrank(alice);
        token.approve(address(vault), 1);
        vm.expectRevert();
        vault.deposit(address(token), 1, CLIENT, "cway1receiver", inAnHour(), "");
    }

    function test_an_address_without_code_is_no_token() public {
        vm.prank(alice);
        vm.expectRevert();
        vault.deposit(makeAddr("nothing"), 1, CLIENT, "cway1receiver", inAnHour(), "");
    }

    function test_a_token_can_not_come_back_in_while_it_is_paid() public {
        HookToken hook = _useHook();
        Packet memory packet = _deposit(alice, 100, 100);
        Packet memory again = hubWithdraws(address(token), bob, 50);
        bytes memory guarded = abi.encodeWithSelector(ReentrancyGuard.ReentrancyGuardReentrantCall.selector);
        bytes[4] memory calls = [
            abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(again, "proof", 1))),
            abi.encodeCall(IIbcCore.timeoutPacket, (MsgTimeoutPacket(packet, "proof", 1))),
            abi.encodeCall(IIbcCore.retireClient, (CLIENT)),
            abi.encodeCall(IIbcCore.updateClient, (CLIENT, ""))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            hook.setHook(address(core), calls[i]);
            recv(hubWithdraws(address(token), bob, 1));
            assertTrue(hook.didCall());
            assertEq(hook.lastReason(), guarded);
        }
        hook.setHook(
            address(vault),
            abi.encodeCall(vault.deposit, (address(token), 1, CLIENT, "cway1receiver", inAnHour(), ""))
        );
        recv(hubWithdraws(address(token), bob, 1));
        assertEq(hook.lastReason(), guarded);
        hook.setHook(address(vault), abi.encodeCall(vault.payClaim, (1, bob)));
        recv(hubWithdraws(address(token), bob, 1));
        assertEq(hook.lastReason(), guarded);
        assertEq(vault.escrowed(CLIENT, address(token)), 94);
    }

    /// @dev A relayer who delivers from inside a deposit of a token of their own would have others'
    /// withdrawals refused by the vault's guard.
    function test_a_token_can_not_have_others_withdrawals_refused() public {
        TestToken honest = token;
        deposit(alice, 100);
        Packet memory packet = hubWithdraws(address(honest), bob, 50);
        HookToken hook = _useHook();
        token.mint(relayer, 10);
        vm.prank(relayer);
        token.approve(address(vault), 10);
        hook.setHook(address(core), abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(packet, "proof", 1))));
        vm.prank(relayer);
        vault.deposit(address(token), 10, CLIENT, "cway1receiver", inAnHour(), "");
        assertEq(
            hook.lastReason(), abi.encodeWithSelector(ReentrancyGuard.ReentrancyGuardReentrantCall.selector)
        );
        assertEq(acknowledgementOf(packet), 0);
        recv(packet);
        assertEq(honest.balanceOf(bob), 50);
    }

    /// @dev The same with a margin call, from inside a lock: its refusal would void a line and liquidate.
    function test_a_token_can_not_have_others_margin_calls_refused() public {
        vm.startPrank(alice);
        token.mint(alice, 500);
        token.approve(address(standby), 500);
        bytes32 line = standby.lock(address(token), 500, START + 7 days, bytes20(alice), 0, inAnHour());
        vm.stopPrank();
        Packet memory packet = hubSendsClearing(3, abi.encode(line, uint256(100)));
        HookToken hook = _useHook();
        token.mint(relayer, 10);
        vm.startPrank(relayer);
        token.approve(address(standby), 10);
        hook.setHook(address(core), abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(packet, "proof", 1))));
        standby.lock(address(token), 10, START + 7 days, bytes20(relayer), 0, inAnHour());
        vm.stopPrank();
        assertTrue(hook.didCall());
        assertEq(acknowledgementOf(packet), 0);
        recv(packet);
        assertAcknowledged(packet, abi.encode(uint256(100)));
    }

    /// @dev ASA-2024-007: a timeout whose refund times the same packet out once more.
    function test_a_refund_can_not_refund_again() public {
        HookToken hook = _useHook();
        Packet memory packet = _deposit(alice, 100, 100);
        _deposit(alice, 100, 100);
        hub.setTime(1, packet.timeoutTimestamp);
        hook.setHook(
            address(core), abi.encodeCall(IIbcCore.timeoutPacket, (MsgTimeoutPacket(packet, "proof", 1)))
        );
        timeOut(packet);
        assertTrue(hook.didCall());
        assertEq(token.balanceOf(alice), 100);
        assertEq(vault.owed(address(token)), 100);
    }

    /// @dev A deposit inside a deposit would count the inner one's tokens twice.
    function test_a_deposit_inside_a_deposit_is_refused() public {
        HookToken hook = _useHook();
        token.mint(address(token), 50);
        vm.prank(address(token));
        token.approve(address(vault), 50);
        token.mint(alice, 100);
        hook.setHook(
            address(vault),
            abi.encodeCall(vault.deposit, (address(token), 50, CLIENT, "cway1receiver", inAnHour(), ""))
        );
        vm.startPrank(alice);
        token.approve(address(vault), 100);
        vault.deposit(address(token), 100, CLIENT, "cway1receiver", inAnHour(), "");
        assertTrue(hook.didCall());
        assertEq(vault.escrowed(CLIENT, address(token)), 100);
        assertEq(token.balanceOf(address(vault)), 100);
    }

    function test_an_endless_reason_costs_no_packet() public {
        HookToken hook = _useHook();
        _deposit(alice, 100, 100);
        hook.setBomb(200_000);
        Packet memory packet = hubWithdraws(address(token), bob, 1);
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
    }

    function _use(string memory name) private {
        token = TestToken(deployCode(string.concat("OddTokens.sol:", name)));
    }

    function _useHook() private returns (HookToken hook) {
        _use("HookToken");
        return HookToken(address(token));
    }

    function _deposit(address sender, uint256 amount, uint256 received) private returns (Packet memory) {
        token.mint(sender, amount);
        vm.startPrank(sender);
        // By hand: the odd one that returns nothing breaks the interface's decoding
        (bool done,) = address(token).call(abi.encodeCall(token.approve, (address(vault), amount)));
        assertTrue(done);
        uint64 sequence = vault.deposit(address(token), amount, CLIENT, "cway1receiver", inAnHour(), "");
        vm.stopPrank();
        return depositPacket(sequence, address(token), sender, received);
    }
}
