// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { MapClient } from "../core/MapClient.sol";
import { Stack } from "../core/Stack.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { ILightClient } from "../../src/interfaces/ILightClient.sol";
import { CounterpartyInfo, Packet } from "../../src/interfaces/IbcMessages.sol";
import { CollateralVault } from "../../src/vault/CollateralVault.sol";
import { ExitDesk } from "../../src/vault/ExitDesk.sol";
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
        _open(600);
        vm.expectEmit(address(desk));
        emit ExitDesk.Exited(owner, address(token), bob, 600);
        desk.exit(CLIENT, owner, address(token), bob, 600, "proof");
        assertEq(token.balanceOf(bob), 600);
        assertEq(vault.escrowed(CLIENT, address(token)), 400);
        assertEq(vault.owed(address(token)), 400);
        assertEq(desk.paidTo(CLIENT, owner, address(token)), 600);
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.NothingLeft.selector, owner, token, 600));
        desk.exit(CLIENT, owner, address(token), bob, 600, "proof");
    }

    function test_not_before_retirement_opening_and_notice() public {
        _owe(owner, address(token), bob, 600);
        _publish(600);
        hub.stop(ILightClient.Status.Frozen, START);
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.ClientNotRetired.selector, CLIENT));
        desk.open(CLIENT, address(token), 600, "proof");
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.ClientNotRetired.selector, CLIENT));
        desk.exit(CLIENT, owner, address(token), bob, 600, "proof");
        _retire();
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.NotOpenYet.selector, 0));
        desk.exit(CLIENT, owner, address(token), bob, 600, "proof");
        uint64 payableFrom = START + 14 days + 7 days;
        vm.expectEmit(address(desk));
        emit ExitDesk.ExitOpened(CLIENT, address(token), 600, payableFrom);
        desk.open(CLIENT, address(token), 600, "proof");
        vm.warp(payableFrom - 1);
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.NotOpenYet.selector, payableFrom));
        desk.exit(CLIENT, owner, address(token), bob, 600, "proof");
        vm.warp(payableFrom);
        desk.exit(CLIENT, owner, address(token), bob, 600, "proof");
        assertEq(token.balanceOf(bob), 600);
    }

    function test_a_line_is_opened_once_with_the_total_that_is_proven() public {
        _retire();
        _publish(600);
        vm.expectRevert(MapClient.NotStored.selector);
        desk.open(CLIENT, address(token), 599, "proof");
        vm.expectRevert(MapClient.Stored.selector);
        desk.open(CLIENT, address(token), 0, "proof");
        desk.open(CLIENT, address(token), 600, "proof");
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.OpenAlready.selector, CLIENT, token));
        desk.open(CLIENT, address(token), 600, "proof");
    }

    function test_not_another_amount_recipient_owner_or_token() public {
        _retire();
        _owe(owner, address(token), bob, 600);
        _open(600);
        vm.expectRevert(MapClient.NotStored.selector);
        desk.exit(CLIENT, owner, address(token), bob, 601, "proof");
        vm.expectRevert(MapClient.NotStored.selector);
        desk.exit(CLIENT, owner, address(token), alice, 600, "proof");
        vm.expectRevert(MapClient.NotStored.selector);
        desk.exit(CLIENT, bytes20(bob), address(token), bob, 600, "proof");
        vm.expectRevert(MapClient.NotStored.selector);
        desk.exit(CLIENT, owner, address(weth), bob, 600, "proof");
    }

    /// @dev Whoever comes last has the same share as the first.
    function test_claims_beyond_the_escrow_share_it() public {
        _retire();
        _owe(owner, address(token), alice, 1000);
        _owe(bytes20(bob), address(token), bob, 500);
        _open(1500);
        desk.exit(CLIENT, owner, address(token), alice, 1000, "proof");
        assertEq(token.balanceOf(alice), 666);
        desk.exit(CLIENT, bytes20(bob), address(token), bob, 500, "proof");
        assertEq(token.balanceOf(bob), 333);
        ExitDesk.Pool memory pool = desk.getPool(CLIENT, address(token));
        assertEq(pool.pooled, 1000);
        assertEq(pool.paid, 999);
    }

    function testFuzz_everyone_has_their_share_and_all_together_no_more_than_there_is(
        uint256[6] calldata amounts,
        uint256 escrowed
    ) public {
        deposit(alice, bound(escrowed, 1, 1e30));
        escrowed = vault.escrowed(CLIENT, address(token));
        _retire();
        uint256 total = 0;
        uint256[6] memory owing;
        for (uint256 i = 0; i < 6; ++i) {
            owing[i] = bound(amounts[i], 1, 1e30);
            total += owing[i];
            _owe(bytes20(vm.addr(i + 1)), address(token), vm.addr(i + 1), owing[i]);
        }
        _open(total);
        uint256 paid = 0;
        for (uint256 i = 0; i < 6; ++i) {
            address who = vm.addr(i + 1);
            uint256 share = owing[i] * (total < escrowed ? total : escrowed) / total;
            if (share == 0) continue;
            desk.exit(CLIENT, bytes20(who), address(token), who, owing[i], "proof");
            assertEq(token.balanceOf(who), share);
            paid += share;
        }
        assertLe(paid, escrowed);
        assertEq(token.balanceOf(address(vault)), vault.owed(address(token)));
    }

    /// @dev A hub whose claims add up to more than it says can't take more than was set aside for them.
    function test_claims_above_their_total_are_paid_no_more_than_it() public {
        _retire();
        _owe(owner, address(token), alice, 400);
        _owe(bytes20(bob), address(token), bob, 400);
        _open(500);
        desk.exit(CLIENT, owner, address(token), alice, 400, "proof");
        desk.exit(CLIENT, bytes20(bob), address(token), bob, 400, "proof");
        assertEq(token.balanceOf(alice), 400);
        assertEq(token.balanceOf(bob), 100);
        assertEq(vault.escrowed(CLIENT, address(token)), 500);
    }

    /// @dev A root of before totals were published: proven absence, and owners are paid as they come.
    function test_without_a_total_owners_are_paid_as_they_come() public {
        _retire();
        _owe(owner, address(token), alice, 700);
        _owe(bytes20(bob), address(token), bob, 700);
        desk.open(CLIENT, address(token), 0, "proof");
        vm.warp(block.timestamp + 7 days);
        desk.exit(CLIENT, owner, address(token), alice, 700, "proof");
        desk.exit(CLIENT, bytes20(bob), address(token), bob, 700, "proof");
        assertEq(token.balanceOf(alice), 700);
        assertEq(token.balanceOf(bob), 300);
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.NothingLeft.selector, bytes20(bob), token, 300));
        desk.exit(CLIENT, bytes20(bob), address(token), bob, 700, "proof");
    }

    function test_a_dead_strangers_client_pays_from_its_own_escrow() public {
        MapClient evil = newMapClient();
        core.addClient(CounterpartyInfo(HUB_CLIENT, hubPrefix()), address(evil));
        evil.stop(ILightClient.Status.Frozen, 1);
        core.retireClient("client-1");
        evil.store(hubPath(_exitKey(owner, address(token))), abi.encode(bytes32(uint256(uint160(bob))), 1));
        desk.open("client-1", address(token), 0, "proof");
        vm.warp(START + 7 days);
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.NothingLeft.selector, owner, token, 0));
        desk.exit("client-1", owner, address(token), bob, 1, "proof");
    }

    function test_what_the_desk_may_do_nobody_else_may() public {
        bytes memory refusal =
            abi.encodeWithSelector(CollateralVault.Unauthorized.selector, address(desk), address(this));
        vm.expectRevert(refusal);
        vault.reserve(CLIENT, address(token), 1, 0);
        vm.expectRevert(refusal);
        vault.payReserved(address(token), alice, 1);
        vm.expectRevert(refusal);
        vault.dropClaim(1);
        vm.expectRevert(
            abi.encodeWithSelector(IIbcCore.CallerNotExitDesk.selector, address(desk), address(this))
        );
        core.reopenPacket(CLIENT, 1, bytes32(uint256(1)));
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
        _open(2000);
        vm.prank(address(vault));
        assertTrue(token.transfer(address(1), 500));
        desk.exit(CLIENT, owner, address(token), alice, 1000, "proof");
        desk.exit(CLIENT, bytes20(bob), address(token), bob, 1000, "proof");
        assertEq(token.balanceOf(alice), 750);
        assertEq(token.balanceOf(bob), 750);
    }

    /// @dev Books one unit over: what was under way is settled in the notice period, the rest is shared.
    function test_what_was_under_way_is_settled_before_owners_share() public {
        Packet memory refund = deposit(bob, 100);
        Packet memory withdrawal = hubWithdraws(address(token), relayer, 100);
        _owe(owner, address(token), alice, 1001);
        _publish(1001);
        _retire();
        desk.open(CLIENT, address(token), 1001, "proof");
        timeOut(refund);
        recv(withdrawal);
        vm.warp(block.timestamp + 7 days);
        desk.exit(CLIENT, owner, address(token), alice, 1001, "proof");
        assertEq(token.balanceOf(bob), 100);
        assertEq(token.balanceOf(relayer), 100);
        assertEq(token.balanceOf(alice), 900);
    }

    /// @dev Late, it finds nothing where owners were owed more than there was; but it is not answered by an
    /// error that nobody would hear of, and stays open.
    function test_what_comes_too_late_is_not_refused_for_ever() public {
        Packet memory withdrawal = hubWithdraws(address(token), relayer, 100);
        _retire();
        _owe(owner, address(token), alice, 1001);
        _open(1001);
        desk.exit(CLIENT, owner, address(token), alice, 1001, "proof");
        vm.expectRevert(abi.encodeWithSelector(VaultLedger.EscrowExceeded.selector, token, 0, 100));
        recv(withdrawal);
        assertEq(acknowledgementOf(withdrawal), 0);
    }

    /// @dev A freeze takes the books back: bob was paid after the state that owners exit by, which still
    /// owes him. All share that loss alike, none is left with nothing.
    function test_what_a_freeze_rolls_back_is_shared() public {
        deposit(bob, 1000);
        _owe(owner, address(token), alice, 1000);
        _owe(bytes20(bob), address(token), bob, 1000);
        recv(hubWithdraws(address(token), bob, 1000));
        _retire();
        _open(2000);
        desk.exit(CLIENT, bytes20(bob), address(token), bob, 1000, "proof");
        desk.exit(CLIENT, owner, address(token), alice, 1000, "proof");
        assertEq(token.balanceOf(bob), 1500);
        assertEq(token.balanceOf(alice), 500);
    }

    function _retire() private {
        hub.stop(ILightClient.Status.Frozen, START);
        vm.warp(START + 14 days);
        core.retireClient(CLIENT);
    }

    function _publish(uint256 total) private {
        hub.store(
            hubPath(abi.encodePacked("exit/total/transfer/ethereum-0/", text(address(token)))),
            abi.encode(total)
        );
    }

    /// @dev Published, opened, and the notice period is over.
    function _open(uint256 total) private {
        _publish(total);
        desk.open(CLIENT, address(token), total, "proof");
        vm.warp(block.timestamp + 7 days);
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
