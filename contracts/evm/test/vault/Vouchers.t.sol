// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { MapClient } from "../core/MapClient.sol";
import { Stack } from "../core/Stack.sol";
import { VoucherToken } from "../../src/tokens/VoucherToken.sol";
import { OutflowLimit } from "../../src/vault/OutflowLimits.sol";
import { VaultLedger } from "../../src/vault/VaultLedger.sol";
import { CounterpartyInfo, Packet } from "../../src/interfaces/IbcMessages.sol";

contract VouchersTest is Stack {
    string internal constant PATH = "transfer/client-0/uatom";

    function test_a_token_of_the_hub_is_minted_as_a_voucher_with_its_path() public {
        Packet memory packet = hubSendsTransfer("uatom", bob, 500);
        recv(packet);
        assertAcknowledged(packet, SUCCESS);
        VoucherToken voucher = VoucherToken(vault.voucherOf(PATH));
        assertEq(voucher.balanceOf(bob), 500);
        assertEq(voucher.totalSupply(), 500);
        assertEq(voucher.name(), PATH);
        assertEq(voucher.symbol(), "uatom");
        assertEq(voucher.decimals(), 6);
        assertEq(vault.denomOf(address(voucher)), PATH);
        recv(hubSendsTransfer("uatom", alice, 1));
        assertEq(voucher.totalSupply(), 501);
    }

    function test_a_voucher_goes_home_by_burning_without_an_allowance() public {
        VoucherToken voucher = _voucher(bob, 500);
        vm.prank(bob);
        uint64 sequence = vault.deposit(address(voucher), 200, CLIENT, "cway1receiver", inAnHour(), "");
        Packet memory packet = transferPacket(sequence, PATH, bob, 200);
        assertTrue(isPending(packet));
        assertEq(voucher.totalSupply(), 300);
        assertEq(vault.owed(address(voucher)), 0);
        hubAcknowledges(packet, ERROR_ACK);
        ack(packet, ERROR_ACK);
        assertEq(voucher.balanceOf(bob), 500);
    }

    function test_nobody_burns_what_another_holds() public {
        VoucherToken voucher = _voucher(bob, 500);
        vm.prank(alice);
        vm.expectRevert();
        vault.deposit(address(voucher), 200, CLIENT, "cway1receiver", inAnHour(), "");
        vm.expectRevert(
            abi.encodeWithSelector(VoucherToken.CallerNotVault.selector, address(vault), address(this))
        );
        voucher.mint(address(this), 1);
        vm.expectRevert(
            abi.encodeWithSelector(VoucherToken.CallerNotVault.selector, address(vault), address(this))
        );
        voucher.burn(bob, 1);
    }

    function test_a_voucher_over_another_client_is_escrowed_and_comes_back() public {
        VoucherToken voucher = _voucher(bob, 500);
        MapClient other = newMapClient();
        core.addClient(CounterpartyInfo("07-tendermint-5", hubPrefix()), address(other));
        vm.startPrank(bob);
        voucher.approve(address(vault), 200);
        vault.deposit(address(voucher), 200, "client-1", "cway1receiver", inAnHour(), "");
        vm.stopPrank();
        assertEq(vault.escrowed("client-1", address(voucher)), 200);
        assertEq(voucher.totalSupply(), 500);
        Packet memory packet = hubSendsTransfer(string.concat("transfer/07-tendermint-5/", PATH), alice, 150);
        (packet.sourceClient, packet.destClient) = ("07-tendermint-5", "client-1");
        commitOnHub(other, packet);
        recv(packet);
        assertEq(voucher.balanceOf(alice), 150);
    }

    /// @dev Its client's id is in every path that a client can mint.
    function test_another_client_mints_other_vouchers() public {
        VoucherToken voucher = _voucher(bob, 500);
        MapClient evil = newMapClient();
        core.addClient(CounterpartyInfo(HUB_CLIENT, hubPrefix()), address(evil));
        string[2] memory denoms = ["uatom", "transfer/client-0/uatom"];
        for (uint256 i = 0; i < 2; ++i) {
            Packet memory packet = hubSendsTransfer(denoms[i], alice, 1000);
            packet.destClient = "client-1";
            commitOnHub(evil, packet);
            recv(packet);
            assertAcknowledged(packet, SUCCESS);
        }
        assertEq(voucher.totalSupply(), 500);
        assertEq(voucher.balanceOf(alice), 0);
    }

    /// @dev A voucher is called by its path only; by its address it would be a second denomination.
    function test_a_voucher_named_by_its_address_is_unknown() public {
        VoucherToken voucher = _voucher(bob, 500);
        Packet memory packet = hubWithdraws(address(voucher), alice, 1);
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
    }

    function test_denom_bombs_are_refused() public {
        string[3] memory denoms = [string(new bytes(40)), "a b", string(_letters(500))];
        for (uint256 i = 0; i < 3; ++i) {
            Packet memory packet = hubSendsTransfer(denoms[i], bob, 1);
            recv(packet);
            assertAcknowledged(packet, ERROR_ACK);
        }
        Packet memory longest = hubSendsTransfer(string(_letters(512 - 18)), bob, 1);
        recv(longest);
        assertAcknowledged(longest, SUCCESS);
    }

    function test_minting_beyond_256_bits_is_refused() public {
        VoucherToken voucher = _voucher(bob, type(uint256).max);
        Packet memory packet = hubSendsTransfer("uatom", bob, 1);
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
        assertEq(voucher.totalSupply(), type(uint256).max);
    }

    function test_beyond_its_window_a_voucher_is_minted_into_the_vaults_hands() public {
        VoucherToken voucher = _voucher(bob, 1000);
        vm.warp(START + 1 days);
        _limit(2000, 0);
        recv(hubSendsTransfer("uatom", alice, 250));
        assertEq(voucher.balanceOf(alice), 250);
        // A fifth of all there are, these included, leaves in an hour: none is left of that
        Packet memory packet = hubSendsTransfer("uatom", alice, 1250);
        vm.expectEmit(address(vault));
        emit VaultLedger.ClaimCreated(1, alice, address(voucher), 1250, START + 1 days + 9000, CLIENT);
        recv(packet);
        assertAcknowledged(packet, SUCCESS);
        assertEq(voucher.balanceOf(alice), 250);
        assertEq(voucher.balanceOf(address(vault)), 1250);
        assertEq(vault.owed(address(voucher)), 1250);
        vm.warp(START + 1 days + 9000);
        vault.payClaim(1, alice);
        assertEq(voucher.balanceOf(alice), 1500);
        assertEq(vault.owed(address(voucher)), 0);
    }

    /// @dev However many come, and though there were none before: at most 1 / share windows each.
    function testFuzz_a_mint_waits_a_bounded_time(uint256 before, uint256 amount, uint16 share) public {
        share = uint16(bound(share, 100, 10_000));
        before = bound(before, 1, type(uint128).max);
        amount = bound(amount, 1, type(uint128).max);
        _voucher(bob, before);
        _limit(share, 0);
        vm.warp(START + 1 days);
        Packet memory packet = hubSendsTransfer("uatom", alice, amount);
        recv(packet);
        assertAcknowledged(packet, SUCCESS);
        // As many windows as the share of the supply, rounded down but at least 1 unit, goes into the amount.
        uint256 allowance = Math.max(Math.mulDiv(before + amount, share, 10_000), 1);
        vm.warp(block.timestamp + (Math.ceilDiv(amount, allowance) + 1) * 1 hours);
        VoucherToken voucher = VoucherToken(vault.voucherOf(PATH));
        if (voucher.balanceOf(alice) == 0) vault.payClaim(1, alice);
        assertEq(voucher.balanceOf(alice), amount);
    }

    /// @dev While vouchers wait in the vault, others of the same kind go out over another client and back.
    function test_waiting_vouchers_and_escrowed_ones_are_debts_apart() public {
        VoucherToken voucher = _voucher(bob, 1000);
        _limit(1000, 0);
        MapClient other = newMapClient();
        core.addClient(CounterpartyInfo("07-tendermint-5", hubPrefix()), address(other));
        recv(hubSendsTransfer("uatom", alice, 9000));
        vm.startPrank(bob);
        voucher.approve(address(vault), 400);
        vault.deposit(address(voucher), 400, "client-1", "cway1receiver", inAnHour(), "");
        vm.stopPrank();
        assertEq(vault.owed(address(voucher)), 9400);
        assertEq(voucher.balanceOf(address(vault)), 9400);
        assertEq(vault.escrowed("client-1", address(voucher)), 400);
        vm.prank(bob);
        vault.deposit(address(voucher), 600, CLIENT, "cway1receiver", inAnHour(), "");
        assertEq(voucher.totalSupply(), 9400);
    }

    function _limit(uint16 share, uint208 floor) private {
        vm.prank(address(clearing));
        vault.setOutflowLimit(address(0), OutflowLimit(share, 1 hours, floor));
    }

    function _voucher(address holder, uint256 amount) private returns (VoucherToken) {
        recv(hubSendsTransfer("uatom", holder, amount));
        return VoucherToken(vault.voucherOf(PATH));
    }

    function _letters(uint256 count) private pure returns (bytes memory letters) {
        letters = new bytes(count);
        for (uint256 i = 0; i < count; ++i) {
            letters[i] = "a";
        }
    }
}
