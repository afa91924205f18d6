// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Packet } from "./IbcMessages.sol";

/// @title An application on a port of IbcCore
/// @notice Every function reverts unless IbcCore calls it. A packet has one payload.
/// DIFFERS FROM solidity-ibc-eureka's IIBCApp: the packet as it stands, so that it is encoded once for the
/// application and the event.
interface IIbcApplication {
    /// @notice Takes a packet whole, or reverts: then the core writes the universal error acknowledgement.
    /// @return acknowledgement Not empty and not the universal error acknowledgement.
    function onRecvPacket(Packet calldata packet) external returns (bytes memory acknowledgement);

    /// @notice Learns how a packet was answered; once, its commitment is gone already.
    function onAcknowledgementPacket(Packet calldata packet, bytes calldata acknowledgement) external;

    /// @notice Learns that a packet timed out; once, its commitment is gone already.
    function onTimeoutPacket(Packet calldata packet) external;
}
