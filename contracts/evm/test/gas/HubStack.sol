// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ClearingPort } from "../../src/clearing/ClearingPort.sol";
import { IbcCore } from "../../src/core/IbcCore.sol";
import { HubClient } from "../../src/hub-client/HubClient.sol";
import { HubMessages } from "../../src/hub-client/HubMessages.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import {
    BatchedPacket,
    CounterpartyInfo,
    MsgRecvPacket,
    MsgRecvPackets,
    Packet,
    Payload
} from "../../src/interfaces/IbcMessages.sol";
import { ISignatureTransfer } from "../../src/interfaces/ISignatureTransfer.sol";
import { StandbyLines } from "../../src/standby/StandbyLines.sol";
import { CollateralVault, VaultWiring } from "../../src/vault/CollateralVault.sol";
import { OutflowLimit, TokenLimit } from "../../src/vault/OutflowLimits.sol";
import { Stack } from "../core/Stack.sol";
import { TestToken, WrappedEther } from "../core/TestTokens.sol";

/// @notice The contracts with the real client of the hub, and what a real hub store proves to them:
/// test/fixtures/packets/packets.json, written by packet-fixtures.ts beside this file.
abstract contract HubStack is Stack {
    address internal constant TOKEN = 0x00000000000000000000000000000000c0117a7e;
    address internal constant VAULT = 0x000000000000000000000000000000000000bA17;
    address internal constant STANDBY = 0x00000000000000000000000000000000005E11E5;
    address internal constant CLEARING = 0x0000000000000000000000000000000000c1Ea12;
    address internal constant CORE = 0x000000000000000000000000000000000000C02E;
    address internal constant VENUE = 0x0000000000000000000000000000000000009e4E;
    uint64 internal constant HEIGHT = 1001;
    uint64 internal constant HUB_TIME = START + 3600;

    string internal json;
    HubClient internal hubClient;

    function setUp() public virtual override {
        json = vm.readFile("test/fixtures/packets/packets.json");
        vm.warp(START);
        deployCodeTo("TestTokens.sol:TestToken", TOKEN);
        token = TestToken(TOKEN);
        weth = WrappedEther(payable(deployCode("TestTokens.sol:WrappedEther")));
        bytes32 setHash = vm.parseJsonBytes32(json, ".setHash");
        HubMessages.Attestation memory trusted =
            HubMessages.Attestation(HEIGHT - 1, START - 1, bytes32(uint256(1)), setHash);
        hubClient = HubClient(
            deployCode("HubClient.sol:HubClient", abi.encode(CORE, "causeway-1", trusted, setHash))
        );
        _deployAtPlaces();
    }

    function _deployAtPlaces() private {
        VaultWiring memory wiring =
            VaultWiring(IIbcCore(CORE), CLEARING, STANDBY, address(weth), ISignatureTransfer(PERMIT2));
        OutflowLimit memory limit = OutflowLimit(1000, 1 hours, 1e30);
        deployCodeTo(
            "CollateralVault.sol:CollateralVault", abi.encode(wiring, limit, new TokenLimit[](0)), VAULT
        );
        deployCodeTo("StandbyLines.sol:StandbyLines", abi.encode(VAULT, CLEARING), STANDBY);
        deployCodeTo("ClearingPort.sol:ClearingPort", abi.encode(CORE, VAULT, STANDBY), CLEARING);
        CounterpartyInfo memory counterparty = CounterpartyInfo(HUB_CLIENT, hubPrefix());
        deployCodeTo("IbcCore.sol:IbcCore", abi.encode(VAULT, CLEARING, counterparty, hubClient), CORE);
        (core, vault) = (IbcCore(CORE), CollateralVault(VAULT));
        desk = vault.exitDesk();
        (standby, clearing) = (StandbyLines(STANDBY), ClearingPort(CLEARING));
    }

    function header() internal view returns (bytes memory) {
        return vm.parseJsonBytes(json, ".header");
    }

    function updateCall() internal view returns (bytes memory) {
        return abi.encodeCall(IIbcCore.updateClient, (CLIENT, header()));
    }

    function recvCall(string memory place) internal view returns (bytes memory) {
        bytes memory proof = vm.parseJsonBytes(json, string.concat(place, ".proof"));
        return abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(packetAt(place), proof, HEIGHT)));
    }

    /// @dev All withdrawals from one index on as one message.
    function recvBatchCall(uint256 from, uint256 count) internal view returns (bytes memory) {
        BatchedPacket[] memory packets = new BatchedPacket[](count);
        for (uint256 i = 0; i < count; ++i) {
            string memory place = element("withdrawals", from + i);
            Packet memory packet = packetAt(place);
            bytes memory proof = vm.parseJsonBytes(json, string.concat(place, ".proof"));
            packets[i] =
                BatchedPacket(packet.sequence, packet.timeoutTimestamp, packet.payloads[0].value, proof);
        }
        return recvPacketsCall(packets, HEIGHT);
    }

    function packetAt(string memory place) internal view returns (Packet memory packet) {
        string memory port = vm.parseJsonString(json, string.concat(place, ".port"));
        packet = Packet(
            uint64(vm.parseJsonUint(json, string.concat(place, ".sequence"))),
            HUB_CLIENT,
            CLIENT,
            uint64(vm.parseJsonUint(json, string.concat(place, ".timeoutSeconds"))),
            new Payload[](1)
        );
        packet.payloads[0] = Payload(
            port,
            port,
            vm.parseJsonString(json, string.concat(place, ".version")),
            "application/x-solidity-abi",
            vm.parseJsonBytes(json, string.concat(place, ".value"))
        );
    }

    function element(string memory list, uint256 index) internal pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(index), "]");
    }
}
