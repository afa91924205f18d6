// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { ClearingPort } from "../../src/clearing/ClearingPort.sol";
import { IbcCore } from "../../src/core/IbcCore.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import {
    BatchedPacket,
    CounterpartyInfo,
    MsgAckPacket,
    MsgRecvPacket,
    MsgRecvPackets,
    MsgTimeoutPacket,
    Packet,
    Payload
} from "../../src/interfaces/IbcMessages.sol";
import { ISignatureTransfer } from "../../src/interfaces/ISignatureTransfer.sol";
import { StandbyLines } from "../../src/standby/StandbyLines.sol";
import { CollateralVault, VaultWiring } from "../../src/vault/CollateralVault.sol";
import { ExitDesk } from "../../src/vault/ExitDesk.sol";
import { OutflowLimit, TokenLimit } from "../../src/vault/OutflowLimits.sol";
import { FungibleTokenPacketData } from "../../src/vault/TransferData.sol";
import { MapClient } from "./MapClient.sol";
import { TestToken, WrappedEther } from "./TestTokens.sol";

/// @notice The contracts of a deployment as they stand on a chain, with a hub whose store the test writes.
abstract contract Stack is Test {
    string internal constant CLIENT = "client-0";
    string internal constant HUB_CLIENT = "ethereum-0";
    bytes internal constant SUCCESS = '{"result":"AQ=="}';
    bytes internal constant ERROR_ACK =
        hex"4774d4a575993f963b1c06573736617a457abef8589178db8d10c94b4ab511ab";
    address internal constant PERMIT2 = 0x000000000022D473030F116dDEE9F6B43aC78BA3;
    uint64 internal constant START = 1_800_000_000;

    MapClient internal hub;
    IbcCore internal core;
    CollateralVault internal vault;
    ExitDesk internal desk;
    StandbyLines internal standby;
    ClearingPort internal clearing;
    TestToken internal token;
    WrappedEther internal weth;

    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");
    address internal relayer = makeAddr("relayer");
    uint64 internal hubSequence;

    function setUp() public virtual {
        vm.warp(START);
        hub = newMapClient();
        hub.setTime(1, START - 60);
        token = TestToken(deployCode("TestTokens.sol:TestToken"));
        weth = WrappedEther(payable(deployCode("TestTokens.sol:WrappedEther")));
        deployStack(address(hub), CounterpartyInfo(HUB_CLIENT, hubPrefix()));
    }

    function newMapClient() internal returns (MapClient) {
        return MapClient(deployCode("MapClient.sol:MapClient"));
    }

    /// @dev By artifact, not by `new`: test contracts stay small and compile fast.
    /// In the order of a real deployment: addresses that don't exist yet are foretold by nonce.
    function deployStack(address hubClient, CounterpartyInfo memory counterparty) internal {
        uint64 nonce = vm.getNonce(address(this));
        address corePlace = vm.computeCreateAddress(address(this), nonce + 3);
        address clearingPlace = vm.computeCreateAddress(address(this), nonce + 2);
        address standbyPlace = vm.computeCreateAddress(address(this), nonce + 1);
        MapClient(hubClient).setCore(corePlace);
        vault = CollateralVault(
            deployCode(
                "CollateralVault.sol:CollateralVault",
                abi.encode(
                    VaultWiring(
                        IIbcCore(corePlace),
                        clearingPlace,
                        standbyPlace,
                        address(weth),
                        ISignatureTransfer(PERMIT2)
                    ),
                    OutflowLimit({ shareBps: 10_000, windowSeconds: 1 hours, floor: type(uint208).max }),
                    new TokenLimit[](0)
                )
            )
        );
        desk = vault.exitDesk();
        standby = StandbyLines(deployCode("StandbyLines.sol:StandbyLines", abi.encode(vault, clearingPlace)));
        clearing =
            ClearingPort(deployCode("ClearingPort.sol:ClearingPort", abi.encode(corePlace, vault, standby)));
        core =
            IbcCore(deployCode("IbcCore.sol:IbcCore", abi.encode(vault, clearing, counterparty, hubClient)));
    }

    function hubPrefix() internal pure returns (bytes[] memory prefix) {
        prefix = new bytes[](2);
        prefix[0] = "ibc";
    }

    function hubPath(bytes memory key) internal pure returns (bytes[] memory path) {
        path = new bytes[](2);
        (path[0], path[1]) = ("ibc", key);
    }

    /// @dev Transfers of the hub to this chain as one message.
    function recvPacketsCall(BatchedPacket[] memory packets, uint64 height)
        internal
        pure
        returns (bytes memory)
    {
        MsgRecvPackets memory message = MsgRecvPackets(
            HUB_CLIENT,
            CLIENT,
            "transfer",
            "transfer",
            "ics20-1",
            "application/x-solidity-abi",
            height,
            packets
        );
        return abi.encodeCall(IIbcCore.recvPackets, (message));
    }

    function inAnHour() internal view returns (uint64) {
        return uint64(block.timestamp + 1 hours);
    }

    // What the hub does

    /// @dev A packet of the hub to an application here, committed to in the hub's store.
    function hubSends(string memory port, string memory version, bytes memory value)
        internal
        returns (Packet memory packet)
    {
        packet = packetOf(
            ++hubSequence,
            HUB_CLIENT,
            CLIENT,
            Payload(port, port, version, "application/x-solidity-abi", value)
        );
        commitOnHub(hub, packet);
    }

    function hubSendsTransfer(string memory denom, address receiver, uint256 amount)
        internal
        returns (Packet memory)
    {
        return hubSends(
            "transfer",
            "ics20-1",
            abi.encode(FungibleTokenPacketData(denom, "cway1sender", text(receiver), amount, ""))
        );
    }

    /// @dev A withdrawal of an ERC-20 that was deposited over client-0.
    function hubWithdraws(address token_, address receiver, uint256 amount)
        internal
        returns (Packet memory)
    {
        return hubSendsTransfer(string.concat("transfer/", HUB_CLIENT, "/", text(token_)), receiver, amount);
    }

    function hubSendsClearing(uint8 kind, bytes memory body) internal returns (Packet memory) {
        return hubSends("clearing", "causeway-clearing-1", abi.encode(kind, body));
    }

    function commitOnHub(MapClient client, Packet memory packet) internal {
        client.store(
            hubPath(abi.encodePacked(packet.sourceClient, bytes1(0x01), packet.sequence)),
            abi.encodePacked(commitmentOf(packet))
        );
    }

    function hubAcknowledges(Packet memory packet, bytes memory acknowledgement) internal {
        hub.store(
            hubPath(abi.encodePacked(packet.destClient, bytes1(0x03), packet.sequence)),
            abi.encodePacked(sha256(abi.encodePacked(bytes1(0x02), sha256(acknowledgement))))
        );
        hubReceives(packet);
    }

    function hubReceives(Packet memory packet) internal {
        hub.store(hubPath(abi.encodePacked(packet.destClient, bytes1(0x02), packet.sequence)), hex"02");
    }

    // What relayers do

    function recv(Packet memory packet) internal {
        vm.prank(relayer);
        core.recvPacket(MsgRecvPacket(packet, "proof", 1));
    }

    function ack(Packet memory packet, bytes memory acknowledgement) internal {
        vm.prank(relayer);
        core.ackPacket(MsgAckPacket(packet, acknowledgement, "proof", 1));
    }

    function timeOut(Packet memory packet) internal {
        vm.prank(relayer);
        core.timeoutPacket(MsgTimeoutPacket(packet, "proof", 1));
    }

    // What stands

    function acknowledgementOf(Packet memory packet) internal view returns (bytes32) {
        return
            core.getCommitment(keccak256(abi.encodePacked(packet.destClient, bytes1(0x03), packet.sequence)));
    }

    function assertAcknowledged(Packet memory packet, bytes memory acknowledgement) internal view {
        assertEq(acknowledgementOf(packet), sha256(abi.encodePacked(bytes1(0x02), sha256(acknowledgement))));
    }

    function isPending(Packet memory packet) internal view returns (bool) {
        return core.getCommitment(
            keccak256(abi.encodePacked(packet.sourceClient, bytes1(0x01), packet.sequence))
        ) != 0;
    }

    /// @dev The packet of a deposit, as the SendPacket event has it.
    function depositPacket(uint64 sequence, address token_, address sender, uint256 amount)
        internal
        view
        returns (Packet memory)
    {
        return transferPacket(sequence, text(token_), sender, amount);
    }

    function transferPacket(uint64 sequence, string memory denom, address sender, uint256 amount)
        internal
        view
        returns (Packet memory)
    {
        bytes memory value =
            abi.encode(FungibleTokenPacketData(denom, text(sender), "cway1receiver", amount, ""));
        return packetOf(
            sequence,
            CLIENT,
            HUB_CLIENT,
            Payload("transfer", "transfer", "ics20-1", "application/x-solidity-abi", value)
        );
    }

    function deposit(address sender, uint256 amount) internal returns (Packet memory) {
        return depositOver(CLIENT, sender, amount);
    }

    function depositOver(string memory clientId, address sender, uint256 amount)
        internal
        returns (Packet memory)
    {
        token.mint(sender, amount);
        vm.startPrank(sender);
        token.approve(address(vault), amount);
        uint64 sequence = vault.deposit(address(token), amount, clientId, "cway1receiver", inAnHour(), "");
        vm.stopPrank();
        return depositPacket(sequence, address(token), sender, amount);
    }

    // Naive second implementations: the formulae of ICS-24 v2 once more, from memory structs

    function commitmentOf(Packet memory packet) internal pure returns (bytes32) {
        bytes memory payloads;
        for (uint256 i = 0; i < packet.payloads.length; ++i) {
            Payload memory p = packet.payloads[i];
            bytes32 hash = sha256(
                abi.encodePacked(
                    sha256(bytes(p.sourcePort)),
                    sha256(bytes(p.destPort)),
                    sha256(bytes(p.version)),
                    sha256(bytes(p.encoding)),
                    sha256(p.value)
                )
            );
            payloads = abi.encodePacked(payloads, hash);
        }
        return sha256(
            abi.encodePacked(
                bytes1(0x02),
                sha256(bytes(packet.destClient)),
                sha256(abi.encodePacked(packet.timeoutTimestamp)),
                sha256(payloads)
            )
        );
    }

    function packetOf(uint64 sequence, string memory source, string memory dest, Payload memory payload)
        internal
        view
        returns (Packet memory packet)
    {
        packet = Packet(sequence, source, dest, inAnHour(), new Payload[](1));
        packet.payloads[0] = payload;
    }

    /// @dev Lower-case hex: vm.toString writes a checksum's capitals.
    function text(address account) internal pure returns (string memory) {
        return vm.toLowercase(vm.toString(account));
    }
}
