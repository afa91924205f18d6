// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ProofCursor } from './ProofCursor.sol';
import { ProofErrors } from './ProofErrors.sol';

/// @title CometBFT's simple tree over a multi-store's stores: from a store's root to the app hash
/// @notice leaf = H(00 ‖ length and name ‖ 20 ‖ H(root)); inner = H(01 ‖ left ‖ right). As in
/// IavlPath a node's preimage is put together here, so nothing remains of ICS-23's checks of prefixes and
/// suffixes.
/// @dev Source: ICS-23 TendermintSpec; cosmossdk.io/store v1.1 internal/maps.
library SimpleTreePath {
    uint256 internal constant NAME_LENGTH_MAX = 127;
    /// Levels of a tree of 65,536 stores.
    uint256 internal constant DEPTH_MAX = 16;

    uint256 private constant SHA256 = 0x02;

    /// @notice The app hash to which the rest of the proof leads: 1 byte number of siblings, 2 bytes sides
    /// (bit i set: sibling i is on the left), siblings from the leaf upwards.
    function climb(ProofCursor memory cursor, bytes calldata name, bytes32 root)
        internal
        view
        returns (bytes32 node)
    {
        if (name.length == 0 || name.length > NAME_LENGTH_MAX) {
            revert ProofErrors.KeyLength(NAME_LENGTH_MAX, name.length);
        }
        uint256 position = cursor.position;
        uint256 count;
        uint256 sides;
        assembly ("memory-safe") {
            mstore(0x00, root)
            // SHA-256 fails only for want of gas, and then so does all that follows
            pop(staticcall(gas(), SHA256, 0x00, 0x20, 0x00, 0x20))
            let input := mload(0x40)
            mstore(input, shl(240, name.length))
            calldatacopy(add(input, 2), name.offset, name.length)
            let to := add(add(input, 2), name.length)
            mstore8(to, 32)
            mstore(add(to, 1), mload(0x00))
            pop(staticcall(gas(), SHA256, input, add(name.length, 35), 0x00, 0x20))

            let head := calldataload(position)
            count := byte(0, head)
            sides := and(shr(232, head), 0xffff)
            position := add(position, 3)
            mstore8(input, 1)
            for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                let isLeft := and(shr(i, sides), 1)
                mstore(add(input, add(1, shl(5, iszero(isLeft)))), calldataload(position))
                mstore(add(input, add(1, shl(5, isLeft))), mload(0x00))
                pop(staticcall(gas(), SHA256, input, 65, 0x00, 0x20))
                position := add(position, 0x20)
            }
            node := mload(0x00)
        }
        if (count > DEPTH_MAX || sides >> count != 0) revert ProofErrors.StorePath(DEPTH_MAX, count, sides);
        cursor.position = position;
    }
}
