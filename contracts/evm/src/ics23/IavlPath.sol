// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ProofCursor } from './ProofCursor.sol';
import { ProofErrors } from './ProofErrors.sol';

/// @title Leaves and inner nodes of cosmos/iavl trees, hashed upwards
/// @notice A node's preimage is put together here from its fields, so that most of what a verifier of ICS-23
/// has to check about prefixes and suffixes can't be expressed: a node has one sibling, on one side; both
/// children have their length byte; the operations are SHA-256. What remains is checked for each node:
///
///   leaf   00 ‖ 02 ‖ version ‖ length and key ‖ 20 ‖ H(value)
///   inner  height ‖ size ‖ version ‖ 20 ‖ left ‖ 20 ‖ right
///
/// with height (0 is a leaf's), size and version as non-negative zigzag varints. An inner node's fields have
/// 3 … 11 bytes (ICS-23's prefix length 4 … 12 counts the first length byte) and its height is at least
/// its
/// layer, so that a leaf can't pass for an inner node.
/// @dev Source: ics23 go/ops.go at v0.11.0 (validateIavlOps, CheckAgainstSpec), IavlSpec. DIFFERS FROM SPEC:
/// the height has one byte (≤ 63, more than 2^40 keys), a leaf's size is 1; cosmos/iavl writes nothing
/// else.
library IavlPath {
    /// @notice Which side the siblings of a path have to be on.
    enum Siblings {
        Anywhere,
        OnLeft,
        OnRight
    }

    uint256 internal constant KEY_LENGTH_MAX = 16383;

    uint256 private constant SHA256 = 0x02;
    /// Bits of an inner node's first three bytes that are zero: two unused ones of the first; of the height's
    /// byte that which would go on and the lowest; the lowest of the size's first byte.
    uint256 private constant FIRST_BYTES_ZERO = 0x308101 << 232;
    /// Bit 7 of the first byte.
    uint256 private constant SIDE = 0x80 << 248;
    /// The uppermost bit of each byte: set where a varint goes on.
    uint256 private constant CONTINUES = 0x8080808080808080808080808080808080808080808080808080808080808080;

    /// @notice Hash of the leaf with this key; its version is read from the proof: 1 byte length, then a
    /// varint.
    function leaf(ProofCursor memory cursor, bytes calldata key, bytes32 valueHash)
        internal
        view
        returns (bytes32 node)
    {
        if (key.length == 0 || key.length > KEY_LENGTH_MAX) {
            revert ProofErrors.KeyLength(KEY_LENGTH_MAX, key.length);
        }
        bool isVersion;
        assembly ("memory-safe") {
            let at := mload(cursor)
            let word := calldataload(at)
            let length := byte(0, word)
            // One varint: only the last byte ends it; and an even one (zigzag: odd is negative)
            let version := shr(sub(256, shl(3, length)), shl(8, word))
            let ends := and(not(version), shr(sub(256, shl(3, length)), CONTINUES))
            isVersion := and(lt(sub(length, 1), 9), and(eq(ends, 0x80), iszero(and(byte(1, word), 1))))
            mstore(cursor, add(at, add(length, 1)))

            let input := mload(0x40)
            mstore(input, shl(240, 0x0002))
            mstore(add(input, 2), shl(8, word))
            let to := add(add(input, 2), length)
            switch lt(key.length, 128)
            case 1 {
                mstore8(to, key.length)
                to := add(to, 1)
            }
            default {
                mstore8(to, or(0x80, and(key.length, 0x7f)))
                mstore8(add(to, 1), shr(7, key.length))
                to := add(to, 2)
            }
            calldatacopy(to, key.offset, key.length)
            to := add(to, key.length)
            mstore8(to, 32)
            mstore(add(to, 1), valueHash)
            // SHA-256 fails only for want of gas, and then so does all that follows
            pop(staticcall(gas(), SHA256, input, sub(add(to, 33), input), 0x00, 0x20))
            node := mload(0x00)
        }
        if (!isVersion) revert ProofErrors.LeafVersion();
    }

    /// @notice Climbs `count` inner nodes from `node`, which is on `layer`. Each is in the proof as
    /// 1 byte (bit 7: the sibling is on the left; bit 6: remember this node; bits 3–0: length of its
    /// fields),
    /// its fields, the sibling's 32 bytes. Nodes to remember are appended to the list that ends at the free
    /// memory pointer, so nothing else may be allocated between two calls.
    /// @param siblings Which side they have to be on.
    /// @dev Assembly, for two thirds of the gas: this loop runs some twenty times for a packet.
    function climb(ProofCursor memory cursor, bytes32 node, uint256 layer, uint256 count, Siblings siblings)
        internal
        view
        returns (bytes32)
    {
        // Bits that have to be as in `side`: those that are always zero, and perhaps that of the side
        uint256 mask = siblings == Siblings.Anywhere ? FIRST_BYTES_ZERO : FIRST_BYTES_ZERO | SIDE;
        uint256 side = siblings == Siblings.OnLeft ? SIDE : 0;
        assembly ("memory-safe") {
            let at := mload(cursor)
            let input := mload(add(cursor, 0x40))
            let free := mload(0x40)
            layer := shl(1, layer)
            for { } count { count := sub(count, 1) } {
                let word := calldataload(at)
                let head := byte(0, word)
                let length := and(head, 0x0f)
                // Twice the layer: as the height is written
                layer := add(layer, 2)

                // What is wrong with it, as any bits. Fields: 3 … 11 bytes; the height not below the layer
                // …
                let bad := or(gt(sub(length, 3), 8), lt(byte(1, word), layer))
                // … and one byte, even; the size begins even (zigzag: odd is negative); unused bits are
                // zero,
                // the sibling is where it may be
                bad := or(bad, and(xor(word, side), mask))
                // Of the bytes of size and version two end a varint, one of them the last. `sizeEnd` is the
                // other one: it stays alone when the last byte's bit is taken away …
                let bits := sub(264, shl(3, length))
                let rest := shr(bits, shl(16, word))
                let sizeEnd := xor(and(not(rest), shr(bits, CONTINUES)), 0x80)
                bad := or(bad, or(lt(sizeEnd, 0x81), and(sizeEnd, sub(sizeEnd, 1))))
                // … and the version, in the byte behind it, begins even
                bad := or(bad, and(rest, shr(15, sizeEnd)))
                if bad { break }

                // The fields end where the first child's length byte stands; what is written too far is
                // written again: length byte and both children
                mstore(sub(input, length), shl(8, word))
                mstore8(input, 32)
                at := add(at, add(length, 33))
                switch shr(7, head)
                case 0 {
                    mstore(add(input, 1), node)
                    mstore(add(input, 34), calldataload(sub(at, 0x20)))
                }
                default {
                    mstore(add(input, 1), calldataload(sub(at, 0x20)))
                    mstore(add(input, 34), node)
                }
                pop(staticcall(gas(), SHA256, sub(input, length), add(length, 66), 0x00, 0x20))
                node := mload(0x00)
                if and(head, 0x40) {
                    mstore(free, node)
                    free := add(free, 0x20)
                }
            }
            mstore(cursor, at)
            mstore(0x40, free)
            layer := shr(1, layer)
        }
        // The loop was left early
        if (count != 0) revert ProofErrors.InnerNode(layer);
        return node;
    }
}
