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
/// 3 … 11 bytes (ICS-23's prefix length 4 … 12 counts the first length byte) and its height is at least its
/// layer, so that a leaf can't pass for an inner node.
/// @dev Source: ics23 go/ops.go at v0.11.0 (validateIavlOps, CheckAgainstSpec), IavlSpec. DIFFERS FROM SPEC:
/// the height has one byte (≤ 63, more than 2^40 keys), a leaf's size is 1; cosmos/iavl writes nothing else.
library IavlPath {
    /// Which side the siblings of a path have to be on.
    uint256 internal constant ON_RIGHT = 0;
    uint256 internal constant ON_LEFT = 1;
    uint256 internal constant ANYWHERE = 2;

    uint256 internal constant KEY_LENGTH_MAX = 16383;

    uint256 private constant SHA256 = 0x02;
    /// The uppermost bit of each byte: set where a varint goes on.
    uint256 private constant CONTINUES = 0x8080808080808080808080808080808080808080808080808080808080808080;

    /// @notice Hash of the leaf with this key; its version is read from the proof: 1 byte length, then a varint.
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
    /// 1 byte (bit 7: the sibling is on the left; bit 6: remember this node; bits 3–0: length of its fields),
    /// its fields, the sibling's 32 bytes. Nodes to remember are appended to the list that ends at the free
    /// memory pointer, so nothing else may be allocated between two calls.
    function climb(ProofCursor memory cursor, bytes32 node, uint256 layer, uint256 count, uint256 siblings)
        internal
        view
        returns (bytes32)
    {
        bool isBad;
        assembly ("memory-safe") {
            let at := mload(cursor)
            let input := mload(add(cursor, 0x40))
            let free := mload(0x40)
            for {} count { count := sub(count, 1) } {
                let word := calldataload(at)
                let head := byte(0, word)
                let length := and(head, 0x0f)
                let isLeft := shr(7, head)
                layer := add(layer, 1)

                // Fields: 3 … 11 bytes; the height even, one byte, not below the layer
                let height := byte(1, word)
                let bad := or(gt(sub(length, 3), 8), or(and(height, 0x81), lt(height, shl(1, layer))))
                // Size and version: of the other bytes just two end a varint, one of them the last …
                let bits := sub(264, shl(3, length))
                let rest := shr(bits, shl(16, word))
                let ends := and(not(rest), shr(bits, CONTINUES))
                let sizeEnd := and(ends, not(0x80))
                bad := or(bad, or(iszero(and(ends, 0x80)), iszero(sizeEnd)))
                bad := or(bad, and(sizeEnd, sub(sizeEnd, 1)))
                // … and both begin even: the byte in front, and the one behind the end of the size
                bad := or(bad, or(and(byte(2, word), 1), and(rest, shr(15, sizeEnd))))
                // The unused bits are zero, the sibling is where it may be
                bad := or(bad, or(and(head, 0x30), and(lt(siblings, 2), xor(isLeft, siblings))))
                if bad {
                    isBad := 1
                    break
                }

                mstore(sub(input, 0x20), shr(sub(256, shl(3, length)), shl(8, word)))
                let sibling := add(input, add(1, mul(33, iszero(isLeft))))
                mstore(sibling, calldataload(add(at, add(length, 1))))
                mstore(add(input, add(1, mul(33, isLeft))), node)
                pop(staticcall(gas(), SHA256, sub(input, length), add(length, 66), 0x00, 0x20))
                node := mload(0x00)
                if and(head, 0x40) {
                    mstore(free, node)
                    free := add(free, 0x20)
                }
                at := add(at, add(length, 33))
            }
            mstore(cursor, at)
            mstore(0x40, free)
        }
        if (isBad) revert ProofErrors.InnerNode(layer);
        return node;
    }
}
