// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { MapClient } from "../core/MapClient.sol";
import { Stack } from "../core/Stack.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { ILightClient } from "../../src/interfaces/ILightClient.sol";
import { CounterpartyInfo, Packet } from "../../src/interfaces/IbcMessages.sol";
import { CollateralVault } from "../../src/vault/CollateralVault.sol";
import { HubAddress } from "../../src/vault/HubAddress.sol";
import { VaultLedger } from "../../src/vault/VaultLedger.sol";

contract ExitTest is Stack {
    bytes20 internal owner = bytes20(alice);

    function setUp() public override {
        super.setUp();
        deposit(alice, 1000);
    }

    function test_only_a_client_dead_for_14_days_is_retired() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IIbcCore.ClientNotDeadLongEnough.selector, ILightClient.Status.Active, 14 days
            )
        );
        core.retireClient(CLIENT);
        hub.stop(ILightClient.Status.Expired, START);
        vm.warp(START + 14 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IIbcCore.ClientNotDeadLongEnough.selector, ILightClient.Status.Expired, START + 14 days
            )
        );
        core.retireClient(CLIENT);
        vm.warp(START + 14 days);
        core.retireClient(CLIENT);
        assertTrue(core.isRetired(CLIENT));
    }

    function test_retirement_is_for_ever() public {
        _retire();
        hub.stop(ILightClient.Status.Active, 0);
        token.mint(bob, 1);
        vm.startPrank(bob);
        token.approve(address(vault), 1);
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.ClientRetiredAlready.selector, CLIENT));
        vault.deposit(address(token), 1, CLIENT, "cway1receiver", inAnHour(), "");
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.ClientRetiredAlready.selector, CLIENT));
        core.retireClient(CLIENT);
    }

    function test_an_owner_is_paid_once_by_anyone() public {
        _retire();
        _owe(owner, address(token), bob, 600);
        vm.expectEmit(address(vault));
        emit CollateralVault.Exited(owner, address(token), bob, 600);
        vault.exit(CLIENT, owner, address(token), bob, 600, "proof");
        assertEq(token.balanceOf(bob), 600);
        assertEq(vault.escrowed(CLIENT, address(token)), 400);
        vm.expectRevert(abi.encodeWithSelector(CollateralVault.ExitedAlready.selector, owner, token));
        vault.exit(CLIENT, owner, address(token), bob, 600, "proof");
    }

    function test_not_before_retirement() public {
        _owe(owner, address(token), bob, 600);
        hub.stop(ILightClient.Status.Frozen, START);
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.ClientNotRetired.selector, CLIENT));
        vault.exit(CLIENT, owner, address(token), bob, 600, "proof");
    }

    function test_not_another_amount_recipient_owner_or_token() public {
        _retire();
        _owe(owner, address(token), bob, 600);
        vm.expectRevert(MapClient.NotStored.selector);
        vault.exit(CLIENT, owner, address(token), bob, 601, "proof");
        vm.expectRevert(MapClient.NotStored.selector);
        vault.exit(CLIENT, owner, address(token), alice, 600, "proof");
        vm.expectRevert(MapClient.NotStored.selector);
        vault.exit(CLIENT, bytes20(bob), address(token), bob, 600, "proof");
        vm.expectRevert(MapClient.NotStored.selector);
        vault.exit(CLIENT, owner, address(weth), bob, 600, "proof");
    }

    function test_a_claim_beyond_the_escrow_is_paid_what_is_left() public {
        _retire();
        _owe(owner, address(token), bob, 1001);
        vault.exit(CLIENT, owner, address(token), bob, 1001, "proof");
        assertEq(token.balanceOf(bob), 1000);
        _owe(bytes20(bob), address(token), bob, 1);
        vm.expectRevert(abi.encodeWithSelector(VaultLedger.EscrowExceeded.selector, token, 0, 1));
        vault.exit(CLIENT, bytes20(bob), address(token), bob, 1, "proof");
    }

    function test_a_dead_strangers_client_pays_from_its_own_escrow() public {
        MapClient evil = newMapClient();
        core.addClient(CounterpartyInfo(HUB_CLIENT, hubPrefix()), address(evil));
        evil.stop(ILightClient.Status.Frozen, 1);
        core.retireClient("client-1");
        evil.store(hubPath(_exitKey(owner, address(token))), abi.encode(bytes32(uint256(uint160(bob))), 1));
        vm.expectRevert(abi.encodeWithSelector(VaultLedger.EscrowExceeded.selector, token, 0, 1));
        vault.exit("client-1", owner, address(token), bob, 1, "proof");
    }

    function test_a_deposit_that_the_dead_hub_never_received_is_refunded() public {
        Packet memory packet = deposit(bob, 70);
        Packet memory received = deposit(bob, 80);
        hubReceives(received);
        _retire();
        timeOut(packet);
        assertEq(token.balanceOf(bob), 70);
        vm.expectRevert(MapClient.Stored.selector);
        timeOut(received);
    }

    function test_what_the_dead_hub_refused_is_refunded_and_what_it_sent_is_paid() public {
        Packet memory refused = deposit(bob, 70);
        hubAcknowledges(refused, ERROR_ACK);
        Packet memory withdrawal = hubWithdraws(address(token), relayer, 5);
        _retire();
        ack(refused, ERROR_ACK);
        assertEq(token.balanceOf(bob), 70);
        recv(withdrawal);
        assertEq(token.balanceOf(relayer), 5);
        recv(withdrawal);
        assertEq(token.balanceOf(relayer), 5);
    }

    function test_a_dead_hub_gives_no_orders() public {
        Packet memory packet = hubSendsClearing(5, abi.encode(uint64(1), bytes20(0), uint16(0), int128(1)));
        _retire();
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
    }

    function test_claims_of_a_token_that_shrank_are_paid_alike() public {
        deposit(bob, 1000);
        _retire();
        _owe(owner, address(token), alice, 1000);
        _owe(bytes20(bob), address(token), bob, 1000);
        vm.prank(address(vault));
        assertTrue(token.transfer(address(1), 500));
        vault.exit(CLIENT, owner, address(token), alice, 1000, "proof");
        vault.exit(CLIENT, bytes20(bob), address(token), bob, 1000, "proof");
        assertEq(token.balanceOf(alice), 750);
        assertEq(token.balanceOf(bob), 750);
    }

    function _retire() private {
        hub.stop(ILightClient.Status.Frozen, START);
        vm.warp(START + 14 days);
        core.retireClient(CLIENT);
    }

    function _owe(bytes20 owner_, address token_, address recipient, uint256 amount) private {
        hub.store(
            hubPath(_exitKey(owner_, token_)), abi.encode(bytes32(uint256(uint160(recipient))), amount)
        );
    }

    function _exitKey(bytes20 owner_, address token_) private pure returns (bytes memory) {
        return abi.encodePacked("exit/", HubAddress.write(owner_), "/transfer/ethereum-0/", text(token_));
    }
}
