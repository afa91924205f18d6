// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Packet, Payload } from "../interfaces/IbcMessages.sol";

/// @title Commitment bytes and provable keys of IBC v2
/// @notice Spec: ICS-24 v2 as ibc-go v10 `04-channel/v2/types/commitment.go` and solidity-ibc-eureka
/// `ICS24Host.sol` write them (big-endian timeout; the prose of ICS-04 v2 differs, running chains do not).
library Commitments {
    /// @notice The one answer to a packet that its application refused:
    /// sha256("UNIVERSAL_ERROR_ACKNOWLEDGEMENT").
    bytes32 internal constant ERROR_ACKNOWLEDGEMENT =
        0x4774d4a575993f963b1c06573736617a457abef8589178db8d10c94b4ab511ab;
    /// @notice What is stored under a receipt key. Only its absence is ever proven; ibc-go stores this byte.
    bytes32 internal constant RECEIPT = bytes32(bytes1(0x02));

    /// @notice `clientId ‖ 0x01 ‖ BE64(sequence)`: on the sending chain.
    function packetKey(string calldata sourceClient, uint64 sequence) internal pure returns (bytes memory) {
        return abi.encodePacked(sourceClient, bytes1(0x01), sequence);
    }

    /// @notice `clientId ‖ 0x02 ‖ BE64(sequence)`: on the receiving chain.
    function receiptKey(string calldata destClient, uint64 sequence) internal pure returns (bytes memory) {
        return abi.encodePacked(destClient, bytes1(0x02), sequence);
    }

    /// @notice `clientId ‖ 0x03 ‖ BE64(sequence)`: on the receiving chain.
    function acknowledgementKey(string calldata destClient, uint64 sequence)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(destClient, bytes1(0x03), sequence);
    }

    /// @notice Commitment of a packet with one payload. Sequence and source client are in its key.
    function ofPacket(string memory destClient, uint64 timeoutTimestamp, Payload calldata payload)
        internal
        pure
        returns (bytes32)
    {
        return sha256(
            abi.encodePacked(
                bytes1(0x02),
                sha256(bytes(destClient)),
                sha256(abi.encodePacked(timeoutTimestamp)),
                sha256(abi.encodePacked(ofPayload(payload)))
            )
        );
    }

    /// @notice Commitment of a packet with any number of payloads.
    function ofPacket(Packet calldata packet) internal pure returns (bytes32) {
        bytes memory payloadHashes;
        for (uint256 i = 0; i < packet.payloads.length; ++i) {
            payloadHashes = abi.encodePacked(payloadHashes, ofPayload(packet.payloads[i]));
        }
        return sha256(
            abi.encodePacked(
                bytes1(0x02),
                sha256(bytes(packet.destClient)),
                sha256(abi.encodePacked(packet.timeoutTimestamp)),
                sha256(payloadHashes)
            )
        );
    }

    /// @notice Hash of the hashes of a payload's five fields.
    function ofPayload(Payload calldata payload) internal pure returns (bytes32) {
        return sha256(
            abi.encodePacked(
                sha256(bytes(payload.sourcePort)),
                sha256(bytes(payload.destPort)),
                sha256(bytes(payload.version)),
                sha256(bytes(payload.encoding)),
                sha256(payload.value)
            )
        );
    }

    /// @notice Commitment of a single application acknowledgement.
    function ofAcknowledgement(bytes memory acknowledgement) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x02), sha256(acknowledgement)));
    }

    /// @notice Whether an acknowledgement is the universal error.
    function isError(bytes memory acknowledgement) internal pure returns (bool) {
        return acknowledgement.length == 32 && bytes32(acknowledgement) == ERROR_ACKNOWLEDGEMENT;
    }

    /// @notice A merkle path: the prefix, with the key appended to its last element.
    function merklePath(bytes[] memory prefix, bytes memory key) internal pure returns (bytes[] memory) {
        uint256 last = prefix.length - 1;
        prefix[last] = bytes.concat(prefix[last], key);
        return prefix;
    }
}
