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
    /// @notice Commitment of that answer.
    bytes32 internal constant ERROR_COMMITMENT =
        0xe2fb30dfbf7abdeaca82d426534d2b3a9d5444dd2a87fa16d38b77ba1a13ced7;
    /// @notice What takes the place of a receipt when the payment that was made of its packet is void.
    /// Under a receipt key stands the received packet's commitment (ibc-go: this byte); its absence alone
    /// is proven.
    bytes32 internal constant VOID_RECEIPT = bytes32(bytes1(0x02));

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

    /// @notice Commitment of a packet with one payload, by hashes.
    /// @param payload Those of the payload's five fields.
    function ofHashes(bytes32 destClientHash, uint64 timeoutTimestamp, bytes32[5] memory payload)
        internal
        view
        returns (bytes32)
    {
        bytes32 payloadsHash;
        bytes32 payloadHash = _hash(payload);
        assembly ("memory-safe") {
            mstore(0x00, payloadHash)
            pop(staticcall(gas(), 0x02, 0x00, 0x20, 0x00, 0x20))
            payloadsHash := mload(0x00)
        }
        return _ofParts(destClientHash, timeoutTimestamp, payloadsHash);
    }

    /// @notice Commitment of a packet with one payload. Sequence and source client are in its key.
    function ofPacket(string memory destClient, uint64 timeoutTimestamp, Payload calldata payload)
        internal
        view
        returns (bytes32)
    {
        return ofHashes(_hash(bytes(destClient)), timeoutTimestamp, hashesOf(payload));
    }

    /// @notice Commitment of a packet with any number of payloads.
    function ofPacket(Packet calldata packet) internal view returns (bytes32) {
        bytes memory payloadHashes = new bytes(32 * packet.payloads.length);
        for (uint256 i = 0; i < packet.payloads.length; ++i) {
            bytes32 payloadHash = ofPayload(packet.payloads[i]);
            assembly ("memory-safe") {
                mstore(add(payloadHashes, shl(5, add(i, 1))), payloadHash)
            }
        }
        return _ofParts(hashOf(bytes(packet.destClient)), packet.timeoutTimestamp, _hash(payloadHashes));
    }

    /// @notice Hash of the hashes of a payload's five fields.
    function ofPayload(Payload calldata payload) internal view returns (bytes32) {
        return _hash(hashesOf(payload));
    }

    /// @notice Hashes of a payload's five fields.
    function hashesOf(Payload calldata payload) internal view returns (bytes32[5] memory) {
        return [
            hashOf(bytes(payload.sourcePort)),
            hashOf(bytes(payload.destPort)),
            hashOf(bytes(payload.version)),
            hashOf(bytes(payload.encoding)),
            hashOf(payload.value)
        ];
    }

    /// @notice Commitment of a single application acknowledgement.
    function ofAcknowledgement(bytes memory acknowledgement) internal view returns (bytes32 commitment) {
        bytes32 acknowledgementHash = _hash(acknowledgement);
        assembly ("memory-safe") {
            mstore8(0x00, 0x02)
            mstore(0x01, acknowledgementHash)
            pop(staticcall(gas(), 0x02, 0x00, 0x21, 0x00, 0x20))
            commitment := mload(0x00)
        }
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

    /// @dev H(02 ‖ H(destination client) ‖ H(BE64(timeout)) ‖ H(payload hashes)).
    function _ofParts(bytes32 destClientHash, uint64 timeoutTimestamp, bytes32 payloadsHash)
        private
        view
        returns (bytes32 commitment)
    {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(0x00, shl(192, timeoutTimestamp))
            // SHA-256 fails only for want of gas, and then so does all that follows
            pop(staticcall(gas(), 0x02, 0x00, 0x08, add(input, 0x21), 0x20))
            mstore8(input, 0x02)
            mstore(add(input, 0x01), destClientHash)
            mstore(add(input, 0x41), payloadsHash)
            pop(staticcall(gas(), 0x02, input, 0x61, 0x00, 0x20))
            commitment := mload(0x00)
        }
    }

    /// @notice SHA-256 of calldata: the compiler's own copies into memory that it never gives back.
    function hashOf(bytes calldata data) internal view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            calldatacopy(input, data.offset, data.length)
            pop(staticcall(gas(), 0x02, input, data.length, 0x00, 0x20))
            hash := mload(0x00)
        }
    }

    /// @dev SHA-256 of memory, in place.
    function _hash(bytes memory data) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            pop(staticcall(gas(), 0x02, add(data, 0x20), mload(data), 0x00, 0x20))
            hash := mload(0x00)
        }
    }

    /// @dev SHA-256 of five words.
    function _hash(bytes32[5] memory words) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            pop(staticcall(gas(), 0x02, words, 0xa0, 0x00, 0x20))
            hash := mload(0x00)
        }
    }
}
