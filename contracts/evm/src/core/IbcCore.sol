// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IIbcApplication } from "../interfaces/IIbcApplication.sol";
import {
    CounterpartyInfo,
    MsgAckPacket,
    MsgSendPacket,
    MsgTimeoutPacket,
    Packet,
    Payload
} from "../interfaces/IbcMessages.sol";
import { ILightClient } from "../interfaces/ILightClient.sol";
import { IWiredClearingPort, IWiredVault } from "../interfaces/IWiring.sol";
import { Applications } from "./Applications.sol";
import { Commitments } from "./Commitments.sol";
import { Multicall } from "./Multicall.sol";
import { PacketBytes } from "./PacketBytes.sol";
import { PacketReceiver } from "./PacketReceiver.sol";
import { ProofCall } from "./ProofCall.sol";
import { Wiring } from "./Wiring.sol";

/// @title IBC v2 core
/// @notice Sends, receives, acknowledges and times out packets with one payload. Handlers are numbered steps:
/// judge, prove, write, call the application, tell.
/// Spec: ICS-04 v2; DIFFERS FROM solidity-ibc-eureka: no roles and no upgrades; ports
/// are two, fixed; a replay is a no-op whatever it proves; an unknown port is answered with the error
/// acknowledgement, not left to time out; no relayer can force a refusal, by lack of gas or by re-entry.
contract IbcCore is PacketReceiver, Multicall {
    using PacketBytes for PacketBytes.Draft;

    /// @notice A timeout lies at most this far ahead.
    uint256 public constant TIMEOUT_AHEAD_SECONDS_MAX = 24 hours;

    /// @notice The last contract of a deployment: the others were made for this address.
    /// `client-0` is the hub, as the only client that anybody's governance speaks through; it is made here so
    /// that nobody else can take that id.
    /// @param hubCounterparty The hub's client of this chain, and the prefix ["ibc", ""].
    constructor(
        IWiredVault vault,
        IWiredClearingPort clearing,
        CounterpartyInfo memory hubCounterparty,
        address hubClient
    ) Applications(vault, clearing) {
        Wiring.requireWired(vault, clearing, hubClient);
        _addClient(hubCounterparty, hubClient);
    }

    /// @notice Commits to a packet; only for the application that owns the source port.
    /// @dev Not guarded: applications send while they receive (a margin call is answered with a deposit). It
    /// calls nothing but views of the light client, and each call takes a sequence of its own.
    function sendPacket(MsgSendPacket calldata message) external returns (uint64 sequence) {
        // 1. Judge: who, in time, over a client that lives
        address application = _application(message.payload.sourcePort);
        require(
            application == msg.sender,
            CallerNotApplication(message.payload.sourcePort, application, msg.sender)
        );
        _requirePayload(message.payload);
        ClientRecord storage record = _record(message.sourceClient);
        _requireTimeoutAhead(message.timeoutTimestamp);
        _requireLiveClient(record, message.sourceClient, message.timeoutTimestamp);
        // 2. Write
        sequence = record.nextSequenceSend++;
        string memory destClient = record.counterpartyId;
        bytes32 key = keccak256(Commitments.packetKey(message.sourceClient, sequence));
        _commitments()[key] = Commitments.ofPacket(destClient, message.timeoutTimestamp, message.payload);
        // 3. Tell
        Packet memory packet =
            Packet(sequence, message.sourceClient, destClient, message.timeoutTimestamp, new Payload[](1));
        packet.payloads[0] = message.payload;
        emit SendPacket(message.sourceClient, sequence, packet);
    }

    /// @notice Ends a packet that the counterparty answered.
    function ackPacket(MsgAckPacket calldata message) external nonReentrant {
        Packet calldata packet = message.packet;
        // 1. Judge: an answer, from the right counterparty
        require(message.acknowledgement.length != 0, InvalidAcknowledgement());
        ClientRecord storage record = _recordOfSent(packet);
        // 2. Proven; but whatever a replay proves, it is a no-op
        bytes32 commitmentKey = _pendingKey(packet);
        ProofCall.Claim memory claim = ProofCall.Claim(
            record.merklePrefix,
            Commitments.acknowledgementKey(packet.destClient, packet.sequence),
            Commitments.ofAcknowledgement(message.acknowledgement),
            message.proofHeight,
            record.retired
        );
        (bool isNoop,) = _prove(
            address(record.lightClient), ProofCall.write(claim, message.proofAcked), commitmentKey == 0
        );
        if (isNoop) return;
        // 3. Write: the commitment goes before the application is called
        delete _commitments()[commitmentKey];
        bytes memory arguments = PacketBytes.write(packet).encodeAnswered(message.acknowledgement);
        _tellApplication(packet, IIbcApplication.onAcknowledgementPacket.selector, arguments);
        // 4. Tell
        _tell(AckPacket.selector, packet, arguments);
    }

    /// @notice Ends a packet that the counterparty can't receive any more: at a height whose time is at or
    /// past
    /// the timeout it has no receipt. Over a retired client: at its last accepted root there is no receipt.
    function timeoutPacket(MsgTimeoutPacket calldata message) external nonReentrant {
        Packet calldata packet = message.packet;
        // 1. Judge: the right counterparty
        ClientRecord storage record = _recordOfSent(packet);
        // 2. Proven: too late over there, and not received; but whatever a replay proves, it is a no-op
        bytes32 commitmentKey = _pendingKey(packet);
        if (_proveUnreceived(record, message, commitmentKey == 0)) return;
        // 3. Write: the commitment goes before the application is called
        delete _commitments()[commitmentKey];
        bytes memory arguments = PacketBytes.write(packet).encode();
        _tellApplication(packet, IIbcApplication.onTimeoutPacket.selector, arguments);
        // 4. Tell
        _tell(TimeoutPacket.selector, packet, arguments);
    }

    /// @dev As `_recordOf`, for a packet of ours.
    function _recordOfSent(Packet calldata packet) private view returns (ClientRecord storage record) {
        record = _recordOf(packet.sourceClient, packet.destClient);
        require(packet.sequence != 0, ZeroSequence());
        require(packet.payloads.length == 1, PayloadCount(1, packet.payloads.length));
        _requirePayload(packet.payloads[0]);
    }

    function _requirePayload(Payload calldata payload) private pure {
        _requireValue(payload.value);
        _requireTexts(payload.version, payload.encoding);
    }

    function _requireTimeoutAhead(uint64 timeoutSeconds) private view {
        require(timeoutSeconds > block.timestamp, TimeoutElapsed(timeoutSeconds, block.timestamp));
        uint256 latestAllowedSeconds = block.timestamp + TIMEOUT_AHEAD_SECONDS_MAX;
        require(timeoutSeconds <= latestAllowedSeconds, TimeoutTooFar(timeoutSeconds, latestAllowedSeconds));
    }

    /// @dev A client that lives, and whose chain was last seen before the timeout.
    function _requireLiveClient(ClientRecord storage record, string calldata clientId, uint64 timeoutSeconds)
        private
        view
    {
        require(!record.retired, ClientRetiredAlready(clientId));
        ILightClient client = record.lightClient;
        (ILightClient.Status status,) = client.status();
        require(status == ILightClient.Status.Active, ClientNotActive(clientId, status));
        uint64 seenSeconds = client.getTimestamp(client.latestHeight());
        require(seenSeconds < timeoutSeconds, TimeoutElapsed(timeoutSeconds, seenSeconds));
    }

    /// @dev Where the packet's commitment stands, or zero if it ended before or was never sent.
    function _pendingKey(Packet calldata packet) private view returns (bytes32 commitmentKey) {
        commitmentKey = keccak256(Commitments.packetKey(packet.sourceClient, packet.sequence));
        bytes32 stored = _commitments()[commitmentKey];
        if (stored == 0) return 0;
        bytes32 given = Commitments.ofPacket(packet);
        require(stored == given, CommitmentMismatch(stored, given));
    }

    function _proveUnreceived(ClientRecord storage record, MsgTimeoutPacket calldata message, bool isReplay)
        private
        returns (bool isNoop)
    {
        Packet calldata packet = message.packet;
        ProofCall.Claim memory claim = ProofCall.Claim(
            record.merklePrefix,
            Commitments.receiptKey(packet.destClient, packet.sequence),
            0,
            message.proofHeight,
            record.retired
        );
        uint256 provenSeconds;
        (isNoop, provenSeconds) =
            _prove(address(record.lightClient), ProofCall.write(claim, message.proofTimeout), isReplay);
        require(
            isNoop || record.retired || provenSeconds >= packet.timeoutTimestamp,
            TimeoutNotReached(packet.timeoutTimestamp, provenSeconds)
        );
    }

    /// @dev Tells the application that sent a packet of its end; its refusal is the transaction's.
    function _tellApplication(Packet calldata packet, bytes4 selector, bytes memory arguments) private {
        address application = _application(packet.payloads[0].sourcePort);
        if (!_callApplication(application, selector, arguments)) _revertWith(_reason());
    }

    function _tell(bytes32 topic, Packet calldata packet, bytes memory data) private {
        _emit(topic, keccak256(bytes(packet.sourceClient)), packet.sequence, data);
    }
}
