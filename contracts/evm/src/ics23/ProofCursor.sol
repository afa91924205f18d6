// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ProofErrors } from './ProofErrors.sol';

/// @notice Where a proof's reader stands. Reads beyond the end yield other calldata or zeros and move
/// `position` beyond `end`, which `finish` and `isAtEnd` refuse: one check for many reads.
/// @dev The libraries of this folder address the fields by their offsets (0x00, 0x20, 0x40).
struct ProofCursor {
    /// Position in calldata of the next byte.
    uint256 position;
    /// Position in calldata behind the proof.
    uint256 end;
    /// Memory in which inner nodes are put together: their children begin here, see IavlPath.
    uint256 node;
}

using ProofReading for ProofCursor global;

library ProofReading {
    /// @notice A reader at the start of a proof.
    /// @dev 32 bytes for a node's first fields end where the children begin; both length bytes are set for
    /// good.
    function open(bytes calldata proof) internal pure returns (ProofCursor memory cursor) {
        assembly ("memory-safe") {
            mstore(cursor, proof.offset)
            mstore(add(cursor, 0x20), add(proof.offset, proof.length))
            let node := add(mload(0x40), 0x20)
            mstore8(node, 32)
            mstore8(add(node, 33), 32)
            mstore(add(cursor, 0x40), node)
            mstore(0x40, add(node, 0x60))
        }
    }

    /// @notice The next byte.
    function readByte(ProofCursor memory cursor) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            let at := mload(cursor)
            value := byte(0, calldataload(at))
            mstore(cursor, add(at, 1))
        }
    }

    /// @notice The next two bytes, big-endian.
    function readUint16(ProofCursor memory cursor) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            let at := mload(cursor)
            value := shr(240, calldataload(at))
            mstore(cursor, add(at, 2))
        }
    }

    /// @notice The next 32 bytes.
    function readWord(ProofCursor memory cursor) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            let at := mload(cursor)
            value := calldataload(at)
            mstore(cursor, add(at, 0x20))
        }
    }

    /// @notice The next `length` bytes, which have to be there.
    function readBytes(ProofCursor memory cursor, uint256 length)
        internal
        pure
        returns (bytes calldata value)
    {
        uint256 start = cursor.position;
        if (start + length > cursor.end) revert ProofErrors.ProofLength(start + length, cursor.end);
        assembly ("memory-safe") {
            value.offset := start
            value.length := length
        }
        cursor.position = start + length;
    }

    /// @notice Whether all bytes are read; reverts if more than all were.
    function isAtEnd(ProofCursor memory cursor) internal pure returns (bool) {
        if (cursor.position > cursor.end) revert ProofErrors.ProofLength(cursor.position, cursor.end);
        return cursor.position == cursor.end;
    }
}
