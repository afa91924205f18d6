// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { MapClient } from "../core/MapClient.sol";
import { Stack } from "../core/Stack.sol";
import { ILightClient } from "../../src/interfaces/ILightClient.sol";
import { Packet } from "../../src/interfaces/IbcMessages.sol";
import { VoucherToken } from "../../src/tokens/VoucherToken.sol";
import { ExitDesk } from "../../src/vault/ExitDesk.sol";
import { HubAddress } from "../../src/vault/HubAddress.sol";
import { OutflowLimit } from "../../src/vault/OutflowLimits.sol";
import { VaultLedger } from "../../src/vault/VaultLedger.sol";

/// @notice Withdrawals that waited for the outflow window when the client that proved them died. The hub's
/// client is at height 10 when they are proven; what nothing contradicts ends at its exit height.
contract VoidClaimsTest is Stack {
    address internal thief = makeAddr("thief");

    function setUp() public override {
        super.setUp();
        deposit(alice, 10_000);
        vm.prank(address(clearing));
        vault.setOutflowLimit(address(token), OutflowLimit(1000, 1 hours, 0));
        hub.setTime(10, START - 60);
    }

    function test_a_forged_claim_dies_with_its_client_and_owners_are_paid() public {
        Packet memory forged = hubWithdraws(address(token), thief, 10_000);
        recv(forged);
        _forget(forged);
        _die(ILightClient.Status.Frozen, 9);
        vm.expectRevert(abi.encodeWithSelector(VaultLedger.ClientInDoubt.selector, CLIENT));
        vault.payClaim(1, thief);
        vm.expectEmit(address(desk));
        emit ExitDesk.ClaimVoided(1, CLIENT, forged.sequence, uint64(block.timestamp + 7 days));
        desk.voidClaim(1);
        assertEq(vault.escrowed(CLIENT, address(token)), 10_000);
        assertEq(vault.owed(address(token)), 10_000);
        vm.expectRevert(abi.encodeWithSelector(VaultLedger.ClaimNotFound.selector, 1));
        desk.voidClaim(1);
        vm.expectRevert(MapClient.NotStored.selector);
        recv(forged);
        vm.warp(block.timestamp + 7 days);
        vm.expectEmit(address(desk));
        emit ExitDesk.ClaimFreed(1, 10_000);
        desk.freeClaim(1);
        _exitOf(alice, 10_000);
        assertEq(token.balanceOf(alice), 10_000);
        assertEq(token.balanceOf(thief), 0);
    }

    /// @dev Nobody voids it in time: owners share what is there, and have the rest when it is voided.
    function test_owners_have_the_rest_when_a_claim_is_voided_late() public {
        recv(hubWithdraws(address(token), thief, 4000));
        _die(ILightClient.Status.Frozen, 9);
        _exitOf(alice, 10_000);
        assertEq(token.balanceOf(alice), 6000);
        desk.voidClaim(1);
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.NothingLeft.selector, bytes20(alice), token, 6000));
        desk.exit(CLIENT, bytes20(alice), address(token), alice, 10_000, "proof");
        vm.warp(block.timestamp + 7 days);
        desk.freeClaim(1);
        desk.exit(CLIENT, bytes20(alice), address(token), alice, 10_000, "proof");
        assertEq(token.balanceOf(alice), 10_000);
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.NothingLeft.selector, bytes20(alice), token, 10_000));
        desk.exit(CLIENT, bytes20(alice), address(token), alice, 10_000, "proof");
    }

    function test_a_claim_proven_at_or_below_the_exit_height_is_paid_after_retirement() public {
        recv(hubWithdraws(address(token), bob, 2000));
        _die(ILightClient.Status.Frozen, 10);
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.ClaimStands.selector, 1));
        desk.voidClaim(1);
        vault.payClaim(1, bob);
        assertEq(token.balanceOf(bob), 2000);
    }

    function test_an_expired_client_contradicts_nothing() public {
        recv(hubWithdraws(address(token), bob, 2000));
        _die(ILightClient.Status.Expired, 0);
        vault.payClaim(1, bob);
        assertEq(token.balanceOf(bob), 2000);
    }

    function test_nothing_waiting_is_paid_or_voided_while_its_client_is_in_doubt() public {
        recv(hubWithdraws(address(token), bob, 2000));
        ILightClient.Status[2] memory inDoubt = [ILightClient.Status.Frozen, ILightClient.Status.Expired];
        for (uint256 i = 0; i < 2; ++i) {
            hub.stop(inDoubt[i], START);
            hub.setExitHeight(i == 0 ? 9 : 10);
            vm.warp(START + 14 days + i * 100 days);
            vm.expectRevert(abi.encodeWithSelector(VaultLedger.ClientInDoubt.selector, CLIENT));
            vault.payClaim(1, bob);
            vm.expectRevert(abi.encodeWithSelector(ExitDesk.ClaimStands.selector, 1));
            desk.voidClaim(1);
        }
    }

    /// @dev Sent before what is in doubt, proven after: void as a claim, paid by proof under the last root,
    /// and at once, whatever of the window is used up.
    function test_an_honest_withdrawal_proven_too_high_is_received_again() public {
        Packet memory packet = hubWithdraws(address(token), bob, 2000);
        recv(packet);
        _die(ILightClient.Status.Frozen, 9);
        recv(packet);
        assertEq(token.balanceOf(bob), 0);
        desk.voidClaim(1);
        assertNotEq(_receiptOf(packet), 0, "nobody can prove that it never came");
        recv(packet);
        assertEq(token.balanceOf(bob), 2000);
        assertEq(_receiptOf(packet), commitmentOf(packet));
        recv(packet);
        assertEq(token.balanceOf(bob), 2000);
    }

    /// @dev What it would be paid of is not for owners, neither at once nor later if it came in time.
    function test_what_a_void_claim_returned_is_kept_from_owners_for_a_week() public {
        Packet memory packet = hubWithdraws(address(token), bob, 4000);
        recv(packet);
        _die(ILightClient.Status.Frozen, 9);
        _open(alice, 10_000);
        vm.warp(block.timestamp + 7 days);
        // An owner voids it, to leave with all there is
        desk.voidClaim(1);
        desk.exit(CLIENT, bytes20(alice), address(token), alice, 10_000, "proof");
        assertEq(token.balanceOf(alice), 6000);
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.NotFreeYet.selector, block.timestamp + 7 days));
        desk.freeClaim(1);
        recv(packet);
        assertEq(token.balanceOf(bob), 4000);
        vm.warp(block.timestamp + 7 days);
        desk.freeClaim(1);
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.NothingKept.selector, 1));
        desk.freeClaim(1);
        vm.expectRevert(abi.encodeWithSelector(ExitDesk.NothingLeft.selector, bytes20(alice), token, 6000));
        desk.exit(CLIENT, bytes20(alice), address(token), alice, 10_000, "proof");
    }

    /// @dev A forgery that took an honest packet's sequence, and waits.
    function test_the_honest_packet_of_the_same_sequence_is_received() public {
        Packet memory forged = hubWithdraws(address(token), thief, 9000);
        recv(forged);
        --hubSequence;
        Packet memory honest = hubWithdraws(address(token), bob, 500);
        recv(honest);
        assertEq(token.balanceOf(bob), 0, "not while the client lives");
        _die(ILightClient.Status.Frozen, 9);
        recv(honest);
        assertEq(token.balanceOf(bob), 500);
        // It is paid once, though the claim of the other is void only now
        desk.voidClaim(1);
        recv(honest);
        assertEq(token.balanceOf(bob), 500);
        vm.expectRevert(MapClient.NotStored.selector);
        recv(forged);
    }

    /// @dev A forgery that was paid: what is left is there for the honest one.
    function test_the_honest_packet_of_a_sequence_that_was_paid_is_received() public {
        Packet memory forged = hubWithdraws(address(token), thief, 1000);
        recv(forged);
        assertEq(token.balanceOf(thief), 1000);
        --hubSequence;
        Packet memory honest = hubWithdraws(address(token), bob, 500);
        _die(ILightClient.Status.Frozen, 9);
        recv(honest);
        recv(honest);
        assertEq(token.balanceOf(bob), 500);
        assertAcknowledged(honest, SUCCESS);
    }

    /// @dev A forgery without worth that only takes the place; and one refusal that the hub never heard of.
    function test_what_was_refused_is_received_once_its_client_is_retired() public {
        Packet memory forged = hubSendsTransfer("transfer/ethereum-0/nothing", thief, 1);
        recv(forged);
        assertAcknowledged(forged, ERROR_ACK);
        --hubSequence;
        Packet memory honest = hubWithdraws(address(token), bob, 500);
        Packet memory refused = hubWithdraws(address(token), bob, 700);
        vm.mockCallRevert(address(token), abi.encodeWithSelector(IERC20.transfer.selector, bob), "blocked");
        recv(refused);
        assertAcknowledged(refused, ERROR_ACK);
        _die(ILightClient.Status.Frozen, 9);
        recv(honest);
        recv(refused);
        assertAcknowledged(refused, SUCCESS);
        vm.clearMockedCalls();
        vault.payClaim(1, bob);
        vault.payClaim(2, bob);
        assertEq(token.balanceOf(bob), 1200);
        recv(refused);
        recv(honest);
        assertEq(vault.escrowed(CLIENT, address(token)), 8800);
    }

    /// @dev Refused again, it stays as it was, and open.
    function test_what_is_refused_again_stays_open() public {
        Packet memory packet = hubWithdraws(address(token), bob, 10_001);
        recv(packet);
        assertAcknowledged(packet, ERROR_ACK);
        _die(ILightClient.Status.Frozen, 9);
        bytes memory refusal =
            abi.encodeWithSelector(VaultLedger.EscrowExceeded.selector, token, 10_000, 10_001);
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(refusal);
            recv(packet);
        }
        assertAcknowledged(packet, ERROR_ACK);
    }

    /// @dev Forgeries have filled the window for days; they are void, and those behind them wait for nothing.
    function test_a_standing_claim_is_paid_at_once_when_its_client_is_retired() public {
        vm.prank(address(clearing));
        vault.setOutflowLimit(address(token), OutflowLimit(100, 1 days, 0));
        recv(hubWithdraws(address(token), bob, 4000));
        recv(hubWithdraws(address(token), bob, 6000));
        _die(ILightClient.Status.Expired, 0);
        assertGt(vault.getClaim(1).payableFrom, block.timestamp);
        vault.payClaim(1, bob);
        vault.payClaim(2, bob);
        assertEq(token.balanceOf(bob), 10_000);
    }

    function test_a_forged_voucher_that_waits_is_burned() public {
        vm.prank(address(clearing));
        vault.setOutflowLimit(address(0), OutflowLimit(1000, 1 hours, 100));
        recv(hubSendsTransfer("uatom", bob, 100));
        Packet memory forged = hubSendsTransfer("uatom", thief, 1e12);
        recv(forged);
        _forget(forged);
        VoucherToken voucher = VoucherToken(vault.voucherOf("transfer/client-0/uatom"));
        assertEq(voucher.balanceOf(address(vault)), 1e12);
        _die(ILightClient.Status.Frozen, 9);
        desk.voidClaim(1);
        assertEq(voucher.totalSupply(), 100);
        assertEq(vault.owed(address(voucher)), 0);
        assertEq(vault.escrowed(CLIENT, address(voucher)), 0);
    }

    /// @dev The true hub knows nothing of a forgery.
    function _forget(Packet memory packet) private {
        hub.remove(hubPath(abi.encodePacked(packet.sourceClient, bytes1(0x01), packet.sequence)));
    }

    function _die(ILightClient.Status status, uint64 exitHeight) private {
        hub.stop(status, uint64(block.timestamp));
        hub.setExitHeight(exitHeight);
        vm.warp(block.timestamp + 14 days);
        core.retireClient(CLIENT);
    }

    function _receiptOf(Packet memory packet) private view returns (bytes32) {
        return
            core.getCommitment(keccak256(abi.encodePacked(packet.destClient, bytes1(0x02), packet.sequence)));
    }

    function _exitOf(address owner, uint256 amount) private {
        _open(owner, amount);
        vm.warp(block.timestamp + 7 days);
        desk.exit(CLIENT, bytes20(owner), address(token), owner, amount, "proof");
    }

    function _open(address owner, uint256 amount) private {
        bytes memory line = abi.encodePacked("transfer/ethereum-0/", text(address(token)));
        hub.store(
            hubPath(abi.encodePacked("exit/", HubAddress.write(bytes20(owner)), "/", line)),
            abi.encode(bytes32(uint256(uint160(owner))), amount)
        );
        hub.store(hubPath(abi.encodePacked("exit/total/", line)), abi.encode(amount));
        desk.open(CLIENT, address(token), amount, "proof");
    }
}
