// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Payload} from "./IbcMessages.sol";

/// @notice A packet that a counterparty sent to this application.
struct OnRecvPacketCallback {
    string sourceClient;
    string destinationClient;
    uint64 sequence;
    Payload payload;
    address relayer;
}

/// @notice A packet of this application that was answered.
struct OnAcknowledgementPacketCallback {
    string sourceClient;
    string destinationClient;
    uint64 sequence;
    Payload payload;
    bytes acknowledgement;
    address relayer;
}

/// @notice A packet of this application that will never be received.
struct OnTimeoutPacketCallback {
    string sourceClient;
    string destinationClient;
    uint64 sequence;
    Payload payload;
    address relayer;
}

/// @title An application on a port of IbcCore
/// @notice Every function reverts unless IbcCore calls it. Shapes of solidity-ibc-eureka's IIBCApp.
interface IIbcApplication {
    /// @notice Takes a packet whole, or reverts: then the core writes the universal error acknowledgement.
    /// @return acknowledgement Not empty and not the universal error acknowledgement.
    function onRecvPacket(OnRecvPacketCallback calldata message) external returns (bytes memory acknowledgement);

    /// @notice Learns how a packet was answered; once, its commitment is gone already.
    function onAcknowledgementPacket(OnAcknowledgementPacketCallback calldata message) external;

    /// @notice Learns that a packet timed out; once, its commitment is gone already.
    function onTimeoutPacket(OnTimeoutPacketCallback calldata message) external;
}
