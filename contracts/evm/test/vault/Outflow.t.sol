// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Stack } from "../core/Stack.sol";
import { Packet } from "../../src/interfaces/IbcMessages.sol";
import { CollateralVault } from "../../src/vault/CollateralVault.sol";
import { OutflowLimit, OutflowLimits } from "../../src/vault/OutflowLimits.sol";
import { VaultLedger } from "../../src/vault/VaultLedger.sol";

contract OutflowTest is Stack {
    function setUp() public override {
        super.setUp();
        deposit(alice, 10_000);
        _limit(1000, 1 hours, 0);
    }

    function test_within_the_window_is_paid_at_once() public {
        recv(hubWithdraws(address(token), bob, 1000));
        assertEq(token.balanceOf(bob), 1000);
    }

    function test_beyond_the_window_is_kept_as_a_claim_and_paid_later() public {
        recv(hubWithdraws(address(token), bob, 1000));
        Packet memory packet = hubWithdraws(address(token), bob, 450);
        vm.expectEmit(address(vault));
        emit VaultLedger.ClaimCreated(1, bob, address(token), 450, START + 1800, CLIENT);
        recv(packet);
        assertAcknowledged(packet, SUCCESS);
        assertEq(token.balanceOf(bob), 1000);
        assertEq(vault.escrowed(CLIENT, address(token)), 8550);
        assertEq(vault.owed(address(token)), 9000);
        vm.expectRevert(abi.encodeWithSelector(VaultLedger.ClaimNotPayableYet.selector, 1, START + 1800));
        vault.payClaim(1, bob);
        vm.warp(START + 1800);
        vault.payClaim(1, bob);
        assertEq(token.balanceOf(bob), 1450);
        assertEq(vault.owed(address(token)), 8550);
    }

    function test_the_window_moves_on() public {
        recv(hubWithdraws(address(token), bob, 1000));
        vm.warp(START + 1 hours);
        recv(hubWithdraws(address(token), bob, 900));
        assertEq(token.balanceOf(bob), 1900);
    }

    function test_who_fills_the_window_stops_nobody() public {
        recv(hubWithdraws(address(token), bob, 10_000 / 2));
        Packet memory small = hubWithdraws(address(token), alice, 10);
        recv(small);
        assertAcknowledged(small, SUCCESS);
        vm.warp(START + 5 hours);
        vault.payClaim(2, alice);
        assertEq(token.balanceOf(alice), 10);
    }

    function test_a_floor_serves_small_escrows() public {
        _limit(1000, 1 hours, 20_000);
        recv(hubWithdraws(address(token), bob, 10_000));
        assertEq(token.balanceOf(bob), 10_000);
    }

    function test_lines_have_windows_of_their_own() public {
        recv(hubWithdraws(address(token), bob, 1000));
        vm.deal(alice, 1 ether);
        vm.prank(alice);
        vault.depositETH{ value: 1 ether }(CLIENT, "cway1receiver", inAnHour(), "");
        recv(hubWithdraws(address(weth), bob, 0.1 ether));
        assertEq(weth.balanceOf(bob), 0.1 ether);
    }

    function test_refunds_know_no_window() public {
        Packet memory packet = deposit(alice, 90_000);
        hub.setTime(1, packet.timeoutTimestamp);
        timeOut(packet);
        assertEq(token.balanceOf(alice), 90_000);
    }

    function test_limits_are_set_by_governance_only_and_never_stop_a_token() public {
        OutflowLimit memory limit = OutflowLimit(1000, 1 hours, 0);
        vm.expectRevert(
            abi.encodeWithSelector(CollateralVault.Unauthorized.selector, address(clearing), address(this))
        );
        vault.setOutflowLimit(address(token), limit);
        uint256[2][4] memory refused =
            [[uint256(99), 3600], [uint256(10_001), 3600], [uint256(100), 0], [uint256(100), 86_401]];
        for (uint256 i = 0; i < refused.length; ++i) {
            limit = OutflowLimit(uint16(refused[i][0]), uint32(refused[i][1]), 0);
            vm.prank(address(clearing));
            vm.expectRevert(
                abi.encodeWithSelector(
                    OutflowLimits.OutflowLimitOutOfBounds.selector, refused[i][0], refused[i][1]
                )
            );
            vault.setOutflowLimit(address(token), limit);
        }
    }

    /// @dev However withdrawals come, what was paid by then is at most one allowance and what accrued since.
    function testFuzz_what_leaves_is_bounded_by_time(
        uint256[16] calldata amounts,
        uint256[16] calldata waits
    ) public {
        uint256 claims = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 left = vault.escrowed(CLIENT, address(token));
            if (left == 0) break;
            uint256 before = token.balanceOf(bob);
            recv(hubWithdraws(address(token), bob, bound(amounts[i], 1, left)));
            if (token.balanceOf(bob) == before) ++claims;
            _payClaims(claims);
            assertLe(token.balanceOf(bob), 1000 + 1000 * (block.timestamp - START) / 1 hours);
            vm.warp(block.timestamp + bound(waits[i], 0, 2 hours));
        }
        vm.warp(block.timestamp + 365 days);
        _payClaims(claims);
        assertEq(token.balanceOf(bob) + vault.escrowed(CLIENT, address(token)), 10_000);
        assertEq(token.balanceOf(address(vault)), vault.owed(address(token)));
    }

    function _payClaims(uint256 count) private {
        for (uint256 id = 1; id <= count; ++id) {
            try vault.payClaim(id, bob) { } catch { }
        }
    }

    function _limit(uint16 shareBps, uint32 windowSeconds, uint208 floor) private {
        vm.prank(address(clearing));
        vault.setOutflowLimit(address(token), OutflowLimit(shareBps, windowSeconds, floor));
    }
}
