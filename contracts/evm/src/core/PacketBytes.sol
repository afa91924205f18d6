// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Packet, Payload } from "../interfaces/IbcMessages.sol";

/// @title A packet's ABI encoding, made once for the application and the event
/// @dev By hand: the compiler's encoding of nested calldata costs three times as much. Tested to be the bytes
/// of abi.encode.
library PacketBytes {
    /// @notice abi.encode(packet), for a packet with one payload.
    function encode(Packet calldata packet) internal pure returns (bytes memory encoded) {
        uint256 start;
        assembly ("memory-safe") {
            encoded := mload(0x40)
            start := add(encoded, 0x40)
            mstore(sub(start, 0x20), 0x20)
        }
        uint256 end = _writePacket(start, packet);
        assembly ("memory-safe") {
            mstore(encoded, sub(sub(end, encoded), 0x20))
            mstore(0x40, end)
        }
    }

    /// @notice abi.encode(packet, acknowledgement), for a packet with one payload.
    function encode(Packet calldata packet, bytes calldata acknowledgement)
        internal
        pure
        returns (bytes memory encoded)
    {
        uint256 start;
        assembly ("memory-safe") {
            encoded := mload(0x40)
            start := add(encoded, 0x20)
            mstore(start, 0x40)
        }
        uint256 end = _append(start, 0x20, _writePacket(start + 0x40, packet), acknowledgement);
        assembly ("memory-safe") {
            mstore(encoded, sub(sub(end, encoded), 0x20))
            mstore(0x40, end)
        }
    }

    /// @notice abi.encode(packet, [acknowledgement]).
    /// @param encoded abi.encode(packet). Used up: its memory is written to.
    function withAcknowledgements(bytes memory encoded, bytes memory acknowledgement)
        internal
        pure
        returns (bytes memory)
    {
        // The packet alone: without the word before it that says where it begins
        bytes memory packet;
        assembly ("memory-safe") {
            packet := add(encoded, 0x20)
            mstore(packet, sub(mload(encoded), 0x20))
        }
        return abi.encodePacked(
            // Where the packet and the list begin
            uint256(0x40),
            0x40 + packet.length,
            packet,
            // One element, which begins behind its own offset
            uint256(1),
            uint256(0x20),
            acknowledgement.length,
            acknowledgement,
            new bytes((32 - acknowledgement.length % 32) % 32)
        );
    }

    /// @dev The tuple, without an offset before it.
    function _writePacket(uint256 tuple, Packet calldata packet) private pure returns (uint256 next) {
        Payload calldata payload = packet.payloads[0];
        _store(tuple, packet.sequence);
        _store(tuple + 0x60, packet.timeoutTimestamp);
        next = tuple + 0xa0;
        next = _append(tuple, 0x20, next, bytes(packet.sourceClient));
        next = _append(tuple, 0x40, next, bytes(packet.destClient));
        _store(tuple + 0x80, next - tuple);
        // The list: one element, which begins behind its own offset
        _store(next, 1);
        _store(next + 0x20, 0x20);
        tuple = next + 0x40;
        next = tuple + 0xa0;
        next = _append(tuple, 0x00, next, bytes(payload.sourcePort));
        next = _append(tuple, 0x20, next, bytes(payload.destPort));
        next = _append(tuple, 0x40, next, bytes(payload.version));
        next = _append(tuple, 0x60, next, bytes(payload.encoding));
        next = _append(tuple, 0x80, next, payload.value);
    }

    function _store(uint256 place, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(place, word)
        }
    }

    /// @dev Writes bytes behind a tuple, and at `slot` of the tuple where they are.
    function _append(uint256 tuple, uint256 slot, uint256 place, bytes calldata data)
        private
        pure
        returns (uint256 next)
    {
        assembly ("memory-safe") {
            mstore(add(tuple, slot), sub(place, tuple))
            mstore(place, data.length)
            next := add(add(place, 0x20), and(add(data.length, 0x1f), not(0x1f)))
            // Zeros behind the last byte; before the copy, for it may be whole
            if data.length { mstore(sub(next, 0x20), 0) }
            calldatacopy(add(place, 0x20), data.offset, data.length)
        }
    }
}
