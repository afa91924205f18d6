// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Stack } from "../core/Stack.sol";
import { TestToken } from "../core/TestTokens.sol";
import { StandbyLocked } from "../../src/clearing/ClearingMessages.sol";
import { ClearingPort } from "../../src/clearing/ClearingPort.sol";
import { Packet, Payload } from "../../src/interfaces/IbcMessages.sol";
import { StandbyLines } from "../../src/standby/StandbyLines.sol";
import { FungibleTokenPacketData } from "../../src/vault/TransferData.sol";

contract StandbyLinesTest is Stack {
    uint64 internal expiry = START + 30 days;

    function test_a_line_is_locked_and_the_hub_is_told() public {
        bytes32 line = _lock(500);
        assertEq(token.balanceOf(address(standby)), 500);
        assertEq(standby.owed(address(token)), 500);
        assertTrue(isPending(_announcement(1, line, 500)));
    }

    function test_a_margin_call_pulls_into_a_deposit_of_the_same_transaction() public {
        bytes32 line = _lock(500);
        Packet memory call = hubSendsClearing(3, abi.encode(line, uint256(200)));
        vm.expectEmit(address(clearing));
        emit ClearingPort.MarginCalled(line, 200, 200);
        recv(call);
        assertAcknowledged(call, abi.encode(uint256(200)));
        assertEq(token.balanceOf(address(standby)), 300);
        assertEq(vault.escrowed(CLIENT, address(token)), 200);
        assertEq(standby.getLine(line).amount, 300);
        assertTrue(isPending(_pulledPacket(2, 200)));
    }

    function test_never_more_than_the_line_holds() public {
        bytes32 line = _lock(500);
        _lock(1000);
        Packet memory call = hubSendsClearing(3, abi.encode(line, uint256(900)));
        recv(call);
        assertAcknowledged(call, abi.encode(uint256(500)));
        call = hubSendsClearing(3, abi.encode(line, uint256(1)));
        recv(call);
        assertAcknowledged(call, ERROR_ACK);
        assertEq(token.balanceOf(address(standby)), 1000);
    }

    function testFuzz_calls_and_what_is_left_add_up(uint256[6] calldata calls) public {
        bytes32 line = _lock(500);
        for (uint256 i = 0; i < calls.length; ++i) {
            recv(hubSendsClearing(3, abi.encode(line, calls[i])));
            assertEq(standby.getLine(line).amount + vault.escrowed(CLIENT, address(token)), 500);
            assertEq(token.balanceOf(address(standby)), standby.getLine(line).amount);
        }
    }

    function test_a_pulled_amount_that_the_hub_never_takes_returns_to_the_owner() public {
        bytes32 line = _lock(500);
        recv(hubSendsClearing(3, abi.encode(line, uint256(200))));
        Packet memory pulled = _pulledPacket(2, 200);
        hub.setTime(1, pulled.timeoutTimestamp);
        timeOut(pulled);
        assertEq(token.balanceOf(alice), 200);
    }

    function test_unlocking_takes_a_day_in_which_the_hub_may_still_call() public {
        bytes32 line = _lock(500);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(StandbyLines.LineLocked.selector, line, expiry));
        standby.unlock(line, alice);
        standby.requestUnlock(line);
        vm.warp(START + 24 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(StandbyLines.LineLocked.selector, line, START + 24 hours));
        standby.unlock(line, alice);
        vm.stopPrank();
        recv(hubSendsClearing(3, abi.encode(line, uint256(100))));
        vm.warp(START + 24 hours);
        vm.prank(alice);
        standby.unlock(line, alice);
        assertEq(token.balanceOf(alice), 400);
        Packet memory late = hubSendsClearing(3, abi.encode(line, uint256(1)));
        recv(late);
        assertAcknowledged(late, ERROR_ACK);
    }

    function test_asking_again_does_not_delay() public {
        bytes32 line = _lock(500);
        vm.startPrank(alice);
        standby.requestUnlock(line);
        vm.warp(START + 20 hours);
        standby.requestUnlock(line);
        assertEq(standby.getLine(line).unlockableFrom, START + 24 hours);
    }

    function test_after_the_expiry_the_owner_takes_and_the_hub_does_not() public {
        bytes32 line = _lock(500);
        vm.warp(expiry);
        Packet memory late = hubSendsClearing(3, abi.encode(line, uint256(1)));
        recv(late);
        assertAcknowledged(late, ERROR_ACK);
        vm.prank(alice);
        standby.unlock(line, bob);
        assertEq(token.balanceOf(bob), 500);
    }

    function test_a_line_that_the_hub_refused_or_missed_is_free_at_once() public {
        bytes32 refused = _lock(500);
        Packet memory told = _announcement(1, refused, 500);
        hubAcknowledges(told, ERROR_ACK);
        ack(told, ERROR_ACK);
        bytes32 missed = _lock(300);
        told = _announcement(2, missed, 300);
        hub.setTime(1, told.timeoutTimestamp);
        timeOut(told);
        vm.startPrank(alice);
        standby.unlock(refused, alice);
        standby.unlock(missed, alice);
        assertEq(token.balanceOf(alice), 800);
    }

    function test_a_line_is_named_by_its_owner_and_a_number() public {
        assertEq(_lock(500), bytes32(abi.encodePacked(alice, uint96(1))));
        assertEq(_lock(300), bytes32(abi.encodePacked(alice, uint96(2))));
        token.mint(bob, 700);
        vm.startPrank(bob);
        token.approve(address(standby), 700);
        bytes32 line = standby.lock(address(token), 700, expiry, bytes20(alice), 3, inAnHour());
        assertEq(line, bytes32(abi.encodePacked(bob, uint96(3))));
        assertEq(standby.getLine(line).owner, bob);
    }

    /// @dev Whomever it is locked for: nobody makes a line that bears another's name.
    function testFuzz_no_line_bears_another_name(address owner, bytes20 account, uint16 sub) public {
        vm.assume(owner != address(0) && owner != address(standby) && owner != address(vault));
        token.mint(owner, 10);
        vm.startPrank(owner);
        token.approve(address(standby), 10);
        bytes32 line = standby.lock(address(token), 10, expiry, account, sub, inAnHour());
        assertEq(address(bytes20(line)), owner);
        assertEq(standby.getLine(line).owner, owner);
    }

    function test_an_accepted_line_stays_locked() public {
        bytes32 line = _lock(500);
        Packet memory told = _announcement(1, line, 500);
        hubAcknowledges(told, SUCCESS);
        ack(told, SUCCESS);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(StandbyLines.LineLocked.selector, line, expiry));
        standby.unlock(line, alice);
    }

    function test_strangers_move_nothing() public {
        bytes32 line = _lock(500);
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(StandbyLines.Unauthorized.selector, alice, bob));
        standby.requestUnlock(line);
        vm.expectRevert(abi.encodeWithSelector(StandbyLines.Unauthorized.selector, alice, bob));
        standby.unlock(line, bob);
        vm.expectRevert(abi.encodeWithSelector(StandbyLines.Unauthorized.selector, address(clearing), bob));
        standby.pull(line, 1);
        vm.expectRevert(abi.encodeWithSelector(StandbyLines.Unauthorized.selector, address(clearing), bob));
        standby.release(line);
    }

    function test_refuses_expiries_past_or_too_far_and_nothing() public {
        token.mint(alice, 500);
        vm.startPrank(alice);
        token.approve(address(standby), 500);
        uint256 latest = START + 3650 days;
        vm.expectRevert(
            abi.encodeWithSelector(StandbyLines.ExpiryOutOfBounds.selector, START, START + 1, latest)
        );
        standby.lock(address(token), 500, START, bytes20(alice), 0, inAnHour());
        vm.expectRevert(
            abi.encodeWithSelector(StandbyLines.ExpiryOutOfBounds.selector, latest + 1, START + 1, latest)
        );
        standby.lock(address(token), 500, uint64(latest + 1), bytes20(alice), 0, inAnHour());
        vm.expectRevert();
        standby.lock(address(token), 0, expiry, bytes20(alice), 0, inAnHour());
    }

    function test_a_fee_token_counts_what_came_and_a_blocked_owner_takes_elsewhere() public {
        token = TestToken(deployCode("OddTokens.sol:FeeToken"));
        bytes32 line = _lock(1000);
        assertEq(standby.getLine(line).amount, 990);
        Packet memory call = hubSendsClearing(3, abi.encode(line, uint256(990)));
        recv(call);
        assertAcknowledged(call, abi.encode(uint256(981)));
        assertEq(vault.escrowed(CLIENT, address(token)), 981);
    }

    function _lock(uint256 amount) private returns (bytes32 line) {
        token.mint(alice, amount);
        vm.startPrank(alice);
        token.approve(address(standby), amount);
        line = standby.lock(address(token), amount, expiry, bytes20(alice), 3, inAnHour());
        vm.stopPrank();
    }

    function _announcement(uint64 sequence, bytes32 line, uint256 amount)
        private
        view
        returns (Packet memory)
    {
        StandbyLocked memory locked = StandbyLocked(
            line, bytes32(uint256(uint160(address(token)))), amount, expiry, bytes20(alice), 3
        );
        Payload memory payload = Payload(
            "clearing",
            "clearing",
            "causeway-clearing-1",
            "application/x-solidity-abi",
            abi.encode(uint8(2), abi.encode(locked))
        );
        return packetOf(sequence, CLIENT, HUB_CLIENT, payload);
    }

    function _pulledPacket(uint64 sequence, uint256 amount) private view returns (Packet memory packet) {
        string memory receiver = string.concat(vault.hubAddress(alice), "/3");
        bytes memory value =
            abi.encode(FungibleTokenPacketData(text(address(token)), text(alice), receiver, amount, ""));
        Payload memory payload =
            Payload("transfer", "transfer", "ics20-1", "application/x-solidity-abi", value);
        packet = packetOf(sequence, CLIENT, HUB_CLIENT, payload);
        packet.timeoutTimestamp = uint64(block.timestamp + 24 hours);
    }
}
