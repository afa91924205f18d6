// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import {
    BatchedPacket,
    MsgAckPacket,
    MsgRecvPacket,
    MsgTimeoutPacket,
    Packet
} from "../../src/interfaces/IbcMessages.sol";
import { Permit, Permit2 } from "../../src/vault/CollateralVault.sol";
import { HubStack } from "./HubStack.sol";

/// @notice What packets cost with the real client of the hub and proofs of a hub store of 40,000 keys;
/// snapshots/Packets.json keeps the figures. Each call is a transaction: execution and intrinsic gas,
/// calldata
/// included (EIP-2028; the floor of EIP-7623 is not reached). Receivers held the token before.
/// forge-config: default.isolate = true
contract PacketGasTest is HubStack {
    string private constant GROUP = "Packets";

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 150; ++i) {
            deposit(alice, 2e6);
        }
        for (uint64 i = 0; i < 50; ++i) {
            token.mint(address(bytes20(sha256(abi.encodePacked(uint64(1000 + i))))), 1);
        }
        token.mint(alice, 1);
        vm.warp(HUB_TIME + 5);
    }

    function test_receive() public {
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (updateCall(), recvCall(".single"));
        core.multicall(calls);
        vm.snapshotGasLastCall(GROUP, "receive, one with its header");
        core.multicall(calls);
        vm.snapshotGasLastCall(GROUP, "receive, replay with its header");
    }

    function test_receive_after_the_header() public {
        core.updateClient(CLIENT, header());
        vm.snapshotGasLastCall(GROUP, "update client, 100 validators");
        Packet memory packet = packetAt(".single");
        core.recvPacket(MsgRecvPacket(packet, vm.parseJsonBytes(json, ".opened"), HEIGHT));
        vm.snapshotGasLastCall(GROUP, "receive, one without header");
    }

    function test_receive_fifty() public {
        bytes[] memory calls = new bytes[](51);
        calls[0] = updateCall();
        for (uint256 i = 0; i < 50; ++i) {
            calls[i + 1] = recvCall(element("withdrawals", i));
        }
        core.multicall(calls);
        _each("receive", 50);
        vm.snapshotValue(
            GROUP, "receive, each of 50 with one header, of that calldata", _calldataGas(calls) / 50
        );
    }

    function test_receive_fifty_in_one_message() public {
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (updateCall(), recvBatchCall(0, 50));
        core.multicall(calls);
        uint256 total = vm.snapshotGasLastCall(GROUP, "receive, 50 in one message with one header, all");
        vm.snapshotValue(GROUP, "receive, each of 50 in one message with one header", total / 50);
        vm.snapshotValue(
            GROUP,
            "receive, each of 50 in one message with one header, of that calldata",
            _calldataGas(calls) / 50
        );
    }

    function test_receive_one_as_a_batch() public {
        bytes[] memory calls = new bytes[](2);
        BatchedPacket[] memory packets = new BatchedPacket[](1);
        Packet memory packet = packetAt(".single");
        packets[0] = BatchedPacket(
            packet.sequence,
            packet.timeoutTimestamp,
            packet.payloads[0].value,
            vm.parseJsonBytes(json, ".single.proof")
        );
        (calls[0], calls[1]) = (updateCall(), recvPacketsCall(packets, HEIGHT));
        core.multicall(calls);
        vm.snapshotGasLastCall(GROUP, "receive, one with its header, as a batch of one");
    }

    function test_acknowledge_fifty() public {
        bytes[] memory proofs = vm.parseJsonBytesArray(json, ".acknowledgements.batch");
        bytes[] memory calls = new bytes[](51);
        calls[0] = updateCall();
        for (uint64 i = 0; i < 50; ++i) {
            calls[i + 1] = abi.encodeCall(
                IIbcCore.ackPacket, (MsgAckPacket(_depositAt(i + 1), SUCCESS, proofs[i], HEIGHT))
            );
        }
        core.multicall(calls);
        _each("acknowledge", 50);
    }

    function test_acknowledge_one() public {
        bytes memory proof = vm.parseJsonBytes(json, ".acknowledgements.single");
        bytes[] memory calls = new bytes[](2);
        calls[0] = updateCall();
        calls[1] = abi.encodeCall(IIbcCore.ackPacket, (MsgAckPacket(_depositAt(1), SUCCESS, proof, HEIGHT)));
        core.multicall(calls);
        vm.snapshotGasLastCall(GROUP, "acknowledge, one with its header");
    }

    function test_time_out_one() public {
        bytes memory proof = vm.parseJsonBytes(json, ".timeouts.single");
        bytes[] memory calls = new bytes[](2);
        calls[0] = updateCall();
        calls[1] = abi.encodeCall(IIbcCore.timeoutPacket, (MsgTimeoutPacket(_depositAt(101), proof, HEIGHT)));
        core.multicall(calls);
        vm.snapshotGasLastCall(GROUP, "time out, one with its header");
    }

    function test_time_out_fifty() public {
        bytes[] memory proofs = vm.parseJsonBytesArray(json, ".timeouts.batch");
        bytes[] memory calls = new bytes[](51);
        calls[0] = updateCall();
        for (uint64 i = 0; i < 50; ++i) {
            calls[i + 1] = abi.encodeCall(
                IIbcCore.timeoutPacket, (MsgTimeoutPacket(_depositAt(101 + i), proofs[i], HEIGHT))
            );
        }
        core.multicall(calls);
        _each("time out", 50);
    }

    function test_deposits() public {
        token.mint(alice, 1e6);
        vm.deal(alice, 10 ether);
        vm.startPrank(alice);
        token.approve(address(vault), type(uint256).max);
        vault.deposit(TOKEN, 100, CLIENT, RECEIVER, inAnHour(), "");
        vm.snapshotGasLastCall(GROUP, "deposit, allowed before");
        vault.depositETH{ value: 1 ether }(CLIENT, RECEIVER, inAnHour(), "");
        vm.snapshotGasLastCall(GROUP, "deposit, first ETH");
        vault.depositETH{ value: 1 ether }(CLIENT, RECEIVER, inAnHour(), "");
        vm.snapshotGasLastCall(GROUP, "deposit, ETH");
        vm.stopPrank();
    }

    function test_deposits_with_permits() public {
        uint256 key = 0xA11CE;
        address carol = vm.addr(key);
        vm.etch(
            PERMIT2, vm.parseJsonBytes(vm.readFile("test/fixtures/permit2/permit2.json"), ".runtimeCode")
        );
        token.mint(carol, 1e6);
        vm.prank(carol);
        token.approve(PERMIT2, type(uint256).max);
        Permit memory permit = _permit(key, carol);
        vm.prank(carol);
        vault.depositWithPermit(TOKEN, 100, CLIENT, RECEIVER, inAnHour(), "", permit);
        vm.snapshotGasLastCall(GROUP, "deposit, EIP-2612");
        Permit2 memory permit2 = _permit2(key);
        vm.prank(carol);
        vault.depositWithPermit2(TOKEN, 100, CLIENT, RECEIVER, inAnHour(), "", permit2);
        vm.snapshotGasLastCall(GROUP, "deposit, Permit2");
    }

    function test_standby_lines() public {
        token.mint(bob, 1000);
        vm.startPrank(bob);
        token.approve(address(standby), 1000);
        standby.lock(TOKEN, 1000, uint64(block.timestamp + 30 days), bytes20(bob), 0, inAnHour());
        vm.snapshotGasLastCall(GROUP, "standby line, lock");
        vm.stopPrank();
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (updateCall(), recvCall(".clearing[0]"));
        core.multicall(calls);
        vm.snapshotGasLastCall(GROUP, "standby line, margin call with its header");
    }

    string private constant RECEIVER = "cway1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq3l4st5";

    function _each(string memory what, uint256 count) private {
        uint256 total = vm.snapshotGasLastCall(GROUP, string.concat(what, ", 50 with one header, all"));
        vm.snapshotValue(GROUP, string.concat(what, ", each of 50 with one header"), total / count);
    }

    /// @dev EIP-2028: 16 a byte, 4 a zero byte.
    function _calldataGas(bytes[] memory calls) private pure returns (uint256 cost) {
        bytes memory data = abi.encodeWithSignature("multicall(bytes[])", calls);
        for (uint256 i = 0; i < data.length; ++i) {
            cost += data[i] == 0 ? 4 : 16;
        }
    }

    function _depositAt(uint64 sequence) private view returns (Packet memory packet) {
        packet = depositPacket(sequence, TOKEN, alice, 2e6);
        packet.timeoutTimestamp = START + 3600;
    }

    function _permit(uint256 key, address owner) private view returns (Permit memory) {
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        uint256 deadline = block.timestamp + 60;
        bytes32 hash =
            keccak256(abi.encode(typeHash, owner, VAULT, uint256(100), token.nonces(owner), deadline));
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), hash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return Permit(deadline, v, r, s);
    }

    function _permit2(uint256 key) private view returns (Permit2 memory) {
        bytes32 tokenHash = keccak256(
            abi.encode(keccak256("TokenPermissions(address token,uint256 amount)"), TOKEN, uint256(100))
        );
        bytes32 typeHash = keccak256(
            "PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)"
            "TokenPermissions(address token,uint256 amount)"
        );
        uint256 deadline = block.timestamp + 60;
        bytes32 hash = keccak256(abi.encode(typeHash, tokenHash, VAULT, uint256(7), deadline));
        (, bytes memory separator) = PERMIT2.staticcall(abi.encodeWithSignature("DOMAIN_SEPARATOR()"));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, keccak256(abi.encodePacked("\x19\x01", abi.decode(separator, (bytes32)), hash)));
        return Permit2(7, deadline, abi.encodePacked(r, s, v));
    }
}
