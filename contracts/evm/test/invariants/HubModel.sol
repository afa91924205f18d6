// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { MapClient } from "../core/MapClient.sol";
import { IbcCore } from "../../src/core/IbcCore.sol";
import {
    MsgAckPacket,
    MsgRecvPacket,
    MsgTimeoutPacket,
    Packet,
    Payload
} from "../../src/interfaces/IbcMessages.sol";
import { FungibleTokenPacketData } from "../../src/vault/TransferData.sol";
import { Vm } from "forge-std/Vm.sol";

/// @notice The other side in a few lines: a store that the client proves, and a ledger of what is held for
/// whom. Written from ICS-04 and ICS-20, not from our contracts.
contract HubModel {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bytes private constant ERROR_ACK = hex"4774d4a575993f963b1c06573736617a457abef8589178db8d10c94b4ab511ab";
    bytes private constant SUCCESS = '{"result":"AQ=="}';

    MapClient public immutable client;
    string public hubClient;
    string public evmClient;

    /// @notice Credited here and not sent back.
    mapping(address token => uint256) public held;
    /// @notice Sent from the EVM, not received and not refunded.
    mapping(address token => uint256) public incoming;
    /// @notice Sent back, not received and not refunded here.
    mapping(address token => uint256) public outgoing;

    mapping(uint64 sequence => bytes) private _answers;
    mapping(uint64 sequence => bool) private _ended;
    mapping(uint64 sequence => bool) private _delivered;
    uint64 private _sequence;

    constructor(MapClient client_, string memory hubClient_, string memory evmClient_) {
        (client, hubClient, evmClient) = (client_, hubClient_, evmClient_);
    }

    function expect(address token, uint256 amount) external {
        incoming[token] += amount;
    }

    function receivePacket(IbcCore core, Packet memory packet, address token, uint256 amount, bool refuses)
        external
        returns (bool)
    {
        if (_answers[packet.sequence].length != 0) return false;
        // What a light client of Ethereum would prove
        bytes32 key = keccak256(abi.encodePacked(evmClient, bytes1(0x01), packet.sequence));
        require(core.getCommitment(key) == _commitment(packet), "the deposit was not committed to");
        _store(0x02, packet.sequence, hex"02");
        bytes memory answer = refuses ? ERROR_ACK : SUCCESS;
        _answers[packet.sequence] = answer;
        _store(
            0x03, packet.sequence, abi.encodePacked(sha256(abi.encodePacked(bytes1(0x02), sha256(answer))))
        );
        if (!refuses) {
            incoming[token] -= amount;
            held[token] += amount;
        }
        return true;
    }

    function acknowledge(IbcCore core, Packet memory packet, address token, uint256 amount)
        external
        returns (bool)
    {
        bytes memory answer = _answers[packet.sequence];
        if (answer.length == 0) return false;
        core.ackPacket(MsgAckPacket(packet, answer, "proof", 1));
        if (_ended[packet.sequence]) return false;
        _ended[packet.sequence] = true;
        if (keccak256(answer) == keccak256(ERROR_ACK)) incoming[token] -= amount;
        return true;
    }

    function timeOut(IbcCore core, Packet memory packet, address token, uint256 amount)
        external
        returns (bool)
    {
        client.setTime(1, uint64(block.timestamp));
        try core.timeoutPacket(MsgTimeoutPacket(packet, "proof", 1)) {
            if (_ended[packet.sequence]) return false;
            require(_answers[packet.sequence].length == 0, "a received packet timed out");
            require(block.timestamp >= packet.timeoutTimestamp, "timed out too early");
            _ended[packet.sequence] = true;
            // The hub can't receive it any more
            _answers[packet.sequence] = "timed out";
            incoming[token] -= amount;
            return true;
        } catch {
            return false;
        }
    }

    function sendWithdrawal(address token, address receiver, uint256 amount, bool lies)
        external
        returns (Packet memory packet)
    {
        packet = _send(string.concat("transfer/", hubClient, "/", _text(token)), receiver, amount);
        if (!lies) {
            held[token] -= amount;
            outgoing[token] += amount;
        }
    }

    /// @dev A voucher's way out, which no ledger here counts.
    function sendToken(string memory denom, address receiver, uint256 amount)
        external
        returns (Packet memory packet)
    {
        return _send(denom, receiver, amount);
    }

    /// @dev The true hub knows nothing of a packet.
    function forget(Packet memory packet) external {
        client.remove(_path(abi.encodePacked(hubClient, bytes1(0x01), packet.sequence)));
    }

    /// @dev What the hub's last state says of exits: `exit/<key>`.
    function publish(bytes memory key, bytes memory value) external {
        client.store(_path(bytes.concat("exit/", key)), value);
    }

    function relay(IbcCore core, Packet memory packet) external {
        // Over a retired client what was refused, or is void, may be tried again
        bytes32 receipt = _receipt(core, packet);
        bool isEnd = receipt != 0
            && (!core.isRetired(evmClient) || (receipt == _commitment(packet) && _isPaid(core, packet)));
        try core.recvPacket(MsgRecvPacket(packet, "proof", 1)) { }
        catch {
            require(!isEnd, "a replay is a no-op");
        }
    }

    /// @dev What the hub would learn of its withdrawal by now: its answer, or that it is too late. A hub that
    /// is dead does not take back what came too late, nor what was refused.
    function observe(IbcCore core, Packet memory packet, address token, uint256 amount, bool lives)
        external
    {
        if (_delivered[packet.sequence]) return;
        bool isTooLate = lives && block.timestamp >= packet.timeoutTimestamp;
        if (!_isReceived(core, packet) && !isTooLate) return;
        bool paid = _isPaid(core, packet);
        if (!paid && !lives) return;
        _delivered[packet.sequence] = true;
        outgoing[token] -= amount;
        if (paid) return;
        held[token] += amount;
        client.remove(_path(abi.encodePacked(hubClient, bytes1(0x01), packet.sequence)));
    }

    function packetToHub(uint64 sequence, uint64 timeout, bytes memory value)
        external
        view
        returns (Packet memory packet)
    {
        packet = Packet(sequence, evmClient, hubClient, timeout, new Payload[](1));
        packet.payloads[0] = Payload("transfer", "transfer", "ics20-1", "application/x-solidity-abi", value);
    }

    function _send(string memory denom, address receiver, uint256 amount)
        private
        returns (Packet memory packet)
    {
        bytes memory value =
            abi.encode(FungibleTokenPacketData(denom, "cway1x", _text(receiver), amount, ""));
        packet =
            Packet(++_sequence, hubClient, evmClient, uint64(block.timestamp + 1 hours), new Payload[](1));
        packet.payloads[0] = Payload("transfer", "transfer", "ics20-1", "application/x-solidity-abi", value);
        client.store(
            _path(abi.encodePacked(hubClient, bytes1(0x01), packet.sequence)),
            abi.encodePacked(_commitment(packet))
        );
    }

    function _isPaid(IbcCore core, Packet memory packet) private view returns (bool) {
        bytes32 answer =
            core.getCommitment(keccak256(abi.encodePacked(evmClient, bytes1(0x03), packet.sequence)));
        return answer == sha256(abi.encodePacked(bytes1(0x02), sha256(SUCCESS)));
    }

    function _isReceived(IbcCore core, Packet memory packet) private view returns (bool) {
        return _receipt(core, packet) != 0;
    }

    function _receipt(IbcCore core, Packet memory packet) private view returns (bytes32) {
        return core.getCommitment(keccak256(abi.encodePacked(evmClient, bytes1(0x02), packet.sequence)));
    }

    function _store(uint8 kind, uint64 sequence, bytes memory value) private {
        client.store(_path(abi.encodePacked(hubClient, kind, sequence)), value);
    }

    function _path(bytes memory key) private pure returns (bytes[] memory path) {
        path = new bytes[](2);
        (path[0], path[1]) = ("ibc", key);
    }

    function _commitment(Packet memory packet) private pure returns (bytes32) {
        Payload memory p = packet.payloads[0];
        bytes32 payload = sha256(
            abi.encodePacked(
                sha256(bytes(p.sourcePort)),
                sha256(bytes(p.destPort)),
                sha256(bytes(p.version)),
                sha256(bytes(p.encoding)),
                sha256(p.value)
            )
        );
        return sha256(
            abi.encodePacked(
                bytes1(0x02),
                sha256(bytes(packet.destClient)),
                sha256(abi.encodePacked(packet.timeoutTimestamp)),
                sha256(abi.encodePacked(payload))
            )
        );
    }

    function _text(address account) private pure returns (string memory) {
        return vm.toLowercase(vm.toString(account));
    }
}
