// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { Stack } from "../core/Stack.sol";
import { TestToken } from "../core/TestTokens.sol";
import { Permit, Permit2, CollateralVault } from "../../src/vault/CollateralVault.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { Packet } from "../../src/interfaces/IbcMessages.sol";
import { TransferData } from "../../src/vault/TransferData.sol";

contract DepositTest is Stack {
    uint256 internal constant KEY = 0xA11CE;
    address internal carol = vm.addr(KEY);

    function setUp() public override {
        super.setUp();
        string memory json = vm.readFile("test/fixtures/permit2/permit2.json");
        vm.etch(PERMIT2, vm.parseJsonBytes(json, ".runtimeCode"));
    }

    function test_a_deposit_is_escrowed_and_committed_to() public {
        Packet memory packet = deposit(alice, 100);
        assertEq(token.balanceOf(address(vault)), 100);
        assertEq(vault.escrowed(CLIENT, address(token)), 100);
        assertEq(vault.owed(address(token)), 100);
        bytes32 key = keccak256(abi.encodePacked("client-0", bytes1(0x01), uint64(1)));
        assertEq(core.getCommitment(key), commitmentOf(packet));
        assertEq(core.nextSequenceSend(CLIENT), 2);
    }

    function test_a_deposit_tells_of_itself() public {
        token.mint(alice, 100);
        vm.startPrank(alice);
        token.approve(address(vault), 100);
        vm.expectEmit(address(core));
        emit IIbcCore.SendPacket(CLIENT, 1, depositPacket(1, address(token), alice, 100));
        vm.expectEmit(address(vault));
        emit CollateralVault.Deposited(alice, address(token), 100, CLIENT, 1);
        vault.deposit(address(token), 100, CLIENT, "cway1receiver", inAnHour(), "");
    }

    function testFuzz_amounts_up_to_the_greatest(uint256 amount) public {
        amount = bound(amount, 1, type(uint128).max);
        Packet memory packet = deposit(alice, amount);
        assertTrue(isPending(packet));
        assertEq(vault.escrowed(CLIENT, address(token)), amount);
        recv(hubWithdraws(address(token), bob, amount));
        assertEq(token.balanceOf(bob), amount);
        assertEq(vault.owed(address(token)), 0);
    }

    function test_a_line_holds_128_bits() public {
        deposit(alice, type(uint128).max);
        token.mint(alice, 1);
        vm.startPrank(alice);
        token.approve(address(vault), 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                SafeCast.SafeCastOverflowedUintDowncast.selector, 128, uint256(type(uint128).max) + 1
            )
        );
        vault.deposit(address(token), 1, CLIENT, "cway1receiver", inAnHour(), "");
    }

    function test_eth_goes_in_as_weth() public {
        vm.deal(alice, 5 ether);
        vm.prank(alice);
        vault.depositETH{ value: 5 ether }(CLIENT, "cway1receiver", inAnHour(), "");
        assertEq(weth.balanceOf(address(vault)), 5 ether);
        assertEq(vault.escrowed(CLIENT, address(weth)), 5 ether);
        assertTrue(isPending(depositPacket(1, address(weth), alice, 5 ether)));
    }

    function test_no_eth_is_no_deposit() public {
        vm.prank(alice);
        vm.expectRevert();
        vault.depositETH(CLIENT, "cway1receiver", inAnHour(), "");
    }

    function test_a_permit_and_the_deposit_in_one_transaction() public {
        token.mint(carol, 100);
        Permit memory permit = _permit(100);
        vm.prank(carol);
        vault.depositWithPermit(address(token), 100, CLIENT, "cway1receiver", inAnHour(), "", permit);
        assertEq(vault.escrowed(CLIENT, address(token)), 100);
    }

    function test_a_permit_that_somebody_used_first_still_serves() public {
        token.mint(carol, 100);
        Permit memory permit = _permit(100);
        vm.prank(bob);
        token.permit(carol, address(vault), 100, permit.deadline, permit.v, permit.r, permit.s);
        vm.prank(carol);
        vault.depositWithPermit(address(token), 100, CLIENT, "cway1receiver", inAnHour(), "", permit);
        assertEq(vault.escrowed(CLIENT, address(token)), 100);
    }

    function test_another_ones_permit_moves_nothing() public {
        token.mint(carol, 100);
        Permit memory permit = _permit(100);
        vm.prank(bob);
        vm.expectRevert();
        vault.depositWithPermit(address(token), 100, CLIENT, "cway1receiver", inAnHour(), "", permit);
        assertEq(token.balanceOf(carol), 100);
    }

    function test_permit2_and_the_deposit_in_one_transaction() public {
        Permit2 memory permit = _permit2(100, 7);
        vm.prank(carol);
        vault.depositWithPermit2(address(token), 100, CLIENT, "cway1receiver", inAnHour(), "", permit);
        assertEq(vault.escrowed(CLIENT, address(token)), 100);
        assertTrue(isPending(depositPacket(1, address(token), carol, 100)));
    }

    function test_permit2_serves_once_and_its_signer_only() public {
        Permit2 memory permit = _permit2(100, 7);
        vm.prank(bob);
        vm.expectRevert(bytes4(keccak256("InvalidSigner()")));
        vault.depositWithPermit2(address(token), 100, CLIENT, "cway1receiver", inAnHour(), "", permit);
        vm.startPrank(carol);
        vault.depositWithPermit2(address(token), 100, CLIENT, "cway1receiver", inAnHour(), "", permit);
        token.mint(carol, 100);
        vm.expectRevert(bytes4(keccak256("InvalidNonce()")));
        vault.depositWithPermit2(address(token), 100, CLIENT, "cway1receiver", inAnHour(), "", permit);
    }

    /// @dev A voucher that goes home is burned however it comes in.
    function test_a_voucher_goes_home_by_permit2() public {
        recv(hubSendsTransfer("uatom", carol, 500));
        address voucher = vault.voucherOf("transfer/client-0/uatom");
        token = TestToken(voucher);
        vm.prank(carol);
        token.approve(PERMIT2, type(uint256).max);
        Permit2 memory permit = _sign2(200, 7);
        vm.prank(carol);
        uint64 sequence =
            vault.depositWithPermit2(voucher, 200, CLIENT, "cway1receiver", inAnHour(), "", permit);
        Packet memory packet = transferPacket(sequence, "transfer/client-0/uatom", carol, 200);
        assertTrue(isPending(packet));
        assertEq(token.totalSupply(), 300);
        assertEq(token.balanceOf(address(vault)), 0);
        assertEq(vault.owed(voucher), 0);
        assertEq(vault.escrowed(CLIENT, voucher), 0);
        hubAcknowledges(packet, ERROR_ACK);
        ack(packet, ERROR_ACK);
        assertEq(token.balanceOf(carol), 500);
    }

    function test_refuses_what_has_no_receiver_or_too_long_a_one_or_memo() public {
        token.mint(alice, 100);
        vm.startPrank(alice);
        token.approve(address(vault), 100);
        vm.expectRevert(abi.encodeWithSelector(TransferData.AccountLength.selector, 2048, 0));
        vault.deposit(address(token), 100, CLIENT, "", inAnHour(), "");
        vm.expectRevert(abi.encodeWithSelector(TransferData.AccountLength.selector, 2048, 2049));
        vault.deposit(address(token), 100, CLIENT, string(new bytes(2049)), inAnHour(), "");
        vm.expectRevert(abi.encodeWithSelector(TransferData.OversizeMemo.selector, 32_768, 32_769));
        vault.deposit(address(token), 100, CLIENT, "cway1receiver", inAnHour(), string(new bytes(32_769)));
        vault.deposit(address(token), 100, CLIENT, "cway1receiver", inAnHour(), string(new bytes(32_768)));
    }

    function test_refuses_timeouts_past_zero_or_too_far() public {
        token.mint(alice, 100);
        vm.startPrank(alice);
        token.approve(address(vault), 100);
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.TimeoutElapsed.selector, 0, START));
        vault.deposit(address(token), 100, CLIENT, "cway1receiver", 0, "");
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.TimeoutElapsed.selector, START, START));
        vault.deposit(address(token), 100, CLIENT, "cway1receiver", START, "");
        uint64 latest = START + 24 hours;
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.TimeoutTooFar.selector, latest + 1, latest));
        vault.deposit(address(token), 100, CLIENT, "cway1receiver", latest + 1, "");
        vault.deposit(address(token), 100, CLIENT, "cway1receiver", latest, "");
    }

    function test_refuses_a_client_that_does_not_exist() public {
        token.mint(alice, 100);
        vm.startPrank(alice);
        token.approve(address(vault), 100);
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.ClientNotFound.selector, "client-9"));
        vault.deposit(address(token), 100, "client-9", "cway1receiver", inAnHour(), "");
    }

    function test_the_hub_address_of_a_wallet() public view {
        string memory zeros = "cway1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq3l4st5";
        assertEq(vault.hubAddress(address(0)), zeros);
    }

    function test_a_deposit_for_another_is_only_for_standby_lines() public {
        vm.expectRevert(
            abi.encodeWithSelector(CollateralVault.Unauthorized.selector, address(standby), address(this))
        );
        vault.depositFor(address(token), 1, CLIENT, "cway1receiver", inAnHour(), alice);
    }

    function _permit(uint256 amount) internal view returns (Permit memory permit) {
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 hash = keccak256(
            abi.encode(typeHash, carol, address(vault), amount, token.nonces(carol), block.timestamp + 60)
        );
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), hash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, digest);
        return Permit(block.timestamp + 60, v, r, s);
    }

    /// @dev Tokens of carol, allowed to Permit2 once for ever, and her signature for this vault.
    function _permit2(uint256 amount, uint256 nonce) internal returns (Permit2 memory permit) {
        token.mint(carol, amount);
        vm.prank(carol);
        token.approve(PERMIT2, type(uint256).max);
        return _sign2(amount, nonce);
    }

    function _sign2(uint256 amount, uint256 nonce) internal view returns (Permit2 memory) {
        bytes32 tokenTypeHash = keccak256("TokenPermissions(address token,uint256 amount)");
        bytes32 typeHash = keccak256(
            "PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)"
            "TokenPermissions(address token,uint256 amount)"
        );
        bytes32 tokenHash = keccak256(abi.encode(tokenTypeHash, address(token), amount));
        bytes32 hash =
            keccak256(abi.encode(typeHash, tokenHash, address(vault), nonce, block.timestamp + 60));
        bytes32 separator =
            abi.decode(_call(PERMIT2, abi.encodeWithSignature("DOMAIN_SEPARATOR()")), (bytes32));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(KEY, keccak256(abi.encodePacked("\x19\x01", separator, hash)));
        return Permit2(nonce, block.timestamp + 60, abi.encodePacked(r, s, v));
    }

    function _call(address target, bytes memory data) private view returns (bytes memory result) {
        (, result) = target.staticcall(data);
    }
}
