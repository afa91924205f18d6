// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Packet, Payload } from "../interfaces/IbcMessages.sol";

/// @title A packet's ABI encoding, made once for the application and the event, and once for a batch but for
/// what its packets differ in
/// @dev By hand: the compiler's encoding of nested calldata costs three times as much. Tested to be the bytes
/// of abi.encode, for a packet with one payload.
library PacketBytes {
    /// @notice A packet in memory, at its end: texts are appended once, the rest for each packet. Nothing
    /// may be allocated between `open` and the first `fill`.
    /// @param start Where its tuple is. Three words before it are there for the lengths and offsets of what
    /// it becomes part of.
    /// @param payload Where the payload's tuple is.
    /// @param next Where the next text goes, and at last the value.
    /// @param end Behind the value.
    struct Draft {
        uint256 start;
        uint256 payload;
        uint256 next;
        uint256 end;
    }

    /// @notice A packet without its payload's texts, sequence, timeout and value.
    function open(string calldata sourceClient, string calldata destClient)
        internal
        pure
        returns (Draft memory draft)
    {
        uint256 tuple;
        assembly ("memory-safe") {
            tuple := add(mload(0x40), 0x60)
        }
        uint256 next = _append(tuple, 0x20, tuple + 0xa0, bytes(sourceClient));
        next = _append(tuple, 0x40, next, bytes(destClient));
        _store(tuple + 0x80, next - tuple);
        // The list: one element, which begins behind its own offset
        _store(next, 1);
        _store(next + 0x20, 0x20);
        draft.start = tuple;
        draft.payload = next + 0x40;
        _moveTo(draft, next + 0xe0);
    }

    /// @notice Appends the payload's nth text: source port, destination port, version, encoding.
    function addText(Draft memory draft, uint256 nth, bytes calldata text) internal pure {
        _moveTo(draft, _append(draft.payload, nth << 5, draft.next, text));
    }

    /// @notice Appends the four texts of a payload.
    function addTexts(Draft memory draft, Payload calldata payload) internal pure {
        uint256 tuple = draft.payload;
        uint256 next = _append(tuple, 0x00, draft.next, bytes(payload.sourcePort));
        next = _append(tuple, 0x20, next, bytes(payload.destPort));
        next = _append(tuple, 0x40, next, bytes(payload.version));
        _moveTo(draft, _append(tuple, 0x60, next, bytes(payload.encoding)));
    }

    /// @notice Completes a packet, or makes the one before into another.
    function fill(Draft memory draft, uint64 sequence, uint64 timeoutTimestamp, bytes calldata value)
        internal
        pure
    {
        uint256 start = draft.start;
        _store(start, sequence);
        _store(start + 0x60, timeoutTimestamp);
        uint256 end = _append(draft.payload, 0x80, draft.next, value);
        draft.end = end;
        _freeFrom(end);
    }

    /// @notice A whole packet.
    function write(Packet calldata packet) internal pure returns (Draft memory draft) {
        draft = open(packet.sourceClient, packet.destClient);
        addTexts(draft, packet.payloads[0]);
        fill(draft, packet.sequence, packet.timeoutTimestamp, packet.payloads[0].value);
    }

    /// @notice abi.encode(packet). Holds until the draft is used for something else.
    function encode(Draft memory draft) internal pure returns (bytes memory encoded) {
        uint256 start = draft.start;
        uint256 length = draft.end - start + 0x20;
        assembly ("memory-safe") {
            encoded := sub(start, 0x40)
            mstore(encoded, length)
            mstore(sub(start, 0x20), 0x20)
        }
    }

    /// @notice abi.encode(packet, acknowledgement).
    function encodeAnswered(Draft memory draft, bytes calldata acknowledgement)
        internal
        pure
        returns (bytes memory encoded)
    {
        uint256 start = draft.start;
        // The second offset, in the word before the packet
        uint256 end = _append(start - 0x40, 0x20, draft.end, acknowledgement);
        _freeFrom(end);
        return _pair(start, end);
    }

    /// @notice abi.encode(packet, [acknowledgement]).
    /// @param answer What `takeAnswer` or `putAnswer` gave of the same draft.
    function encodeWith(Draft memory draft, bytes memory answer) internal pure returns (bytes memory) {
        (uint256 start, uint256 end) = (draft.start, draft.end);
        uint256 next;
        assembly ("memory-safe") {
            // One element, which begins behind its own offset; that stands there
            mstore(end, 1)
            mstore(sub(start, 0x20), add(sub(end, start), 0x40))
            next := add(add(answer, 0x20), and(add(mload(answer), 0x1f), not(0x1f)))
        }
        return _pair(start, next);
    }

    /// @notice What the last call returned, if it is abi.encode of bytes and nothing else, laid behind the
    /// packet; empty if not.
    function takeAnswer(Draft memory draft) internal pure returns (bytes memory answer) {
        uint256 end = draft.end;
        assembly ("memory-safe") {
            let size := returndatasize()
            let words := add(end, 0x20)
            returndatacopy(words, 0, size)
            answer := add(words, 0x20)
            let length := mload(answer)
            let isBytes := and(eq(mload(words), 0x20), and(gt(size, 0x40), lt(length, size)))
            isBytes := and(isBytes, eq(and(add(length, 0x5f), not(0x1f)), size))
            if iszero(isBytes) {
                mstore(answer, 0)
                size := 0x40
            }
            mstore(0x40, add(words, size))
        }
    }

    /// @notice Lays an answer of one word behind the packet.
    function putAnswer(Draft memory draft, bytes32 word) internal pure returns (bytes memory answer) {
        uint256 end = draft.end;
        assembly ("memory-safe") {
            answer := add(end, 0x40)
            mstore(add(end, 0x20), 0x20)
            mstore(answer, 0x20)
            mstore(add(answer, 0x20), word)
            mstore(0x40, add(answer, 0x40))
        }
    }

    /// @dev The encoding of two things, of which the first is the packet at `start`.
    function _pair(uint256 start, uint256 end) private pure returns (bytes memory encoded) {
        assembly ("memory-safe") {
            encoded := sub(start, 0x60)
            mstore(encoded, add(sub(end, start), 0x40))
            mstore(sub(start, 0x40), 0x40)
        }
    }

    function _moveTo(Draft memory draft, uint256 next) private pure {
        draft.next = next;
        _freeFrom(next);
    }

    function _freeFrom(uint256 place) private pure {
        assembly ("memory-safe") {
            mstore(0x40, place)
        }
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
