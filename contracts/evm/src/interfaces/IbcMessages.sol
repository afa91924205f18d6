// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Messages of IBC v2. Shapes of solidity-ibc-eureka's IICS26RouterMsgs and IICS02ClientMsgs, the field's
// standard on the EVM, so that relayers and indexers written for those read ours.

/// @notice The other end of a client: its client id there, and where that chain keeps its IBC state.
/// @param merklePrefix A key is appended to the last element: Cosmos ["ibc", ""], Ethereum [""].
struct CounterpartyInfo {
    string clientId;
    bytes[] merklePrefix;
}

/// @notice What one application says to another.
struct Payload {
    string sourcePort;
    string destPort;
    string version;
    string encoding;
    bytes value;
}

/// @notice A packet; `timeoutTimestamp` in seconds.
struct Packet {
    uint64 sequence;
    string sourceClient;
    string destClient;
    uint64 timeoutTimestamp;
    Payload[] payloads;
}

/// @notice An application's order to send a packet over one of this chain's clients.
struct MsgSendPacket {
    string sourceClient;
    uint64 timeoutTimestamp;
    Payload payload;
}

/// @notice A packet of a counterparty with the proof that it was sent.
struct MsgRecvPacket {
    Packet packet;
    bytes proofCommitment;
    uint64 proofHeight;
}

/// @notice What packets of one batch differ in.
struct BatchedPacket {
    uint64 sequence;
    uint64 timeoutTimestamp;
    bytes value;
    bytes proofCommitment;
}

/// @notice Packets of a counterparty that differ in little else than their values, with the proof of each,
/// under one height. DIFFERS FROM solidity-ibc-eureka, which knows no such message: what they have in common
/// is sent, read and hashed once.
struct MsgRecvPackets {
    string sourceClient;
    string destClient;
    string sourcePort;
    string destPort;
    string version;
    string encoding;
    uint64 proofHeight;
    BatchedPacket[] packets;
}

/// @notice A packet of ours with the counterparty's answer and its proof.
struct MsgAckPacket {
    Packet packet;
    bytes acknowledgement;
    bytes proofAcked;
    uint64 proofHeight;
}

/// @notice A packet of ours with the proof that the counterparty has not received it in time.
struct MsgTimeoutPacket {
    Packet packet;
    bytes proofTimeout;
    uint64 proofHeight;
}
