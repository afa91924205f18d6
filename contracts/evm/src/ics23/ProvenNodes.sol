// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Nodes proven earlier in the same transaction, in transient storage (EIP-1153)
/// @notice Many packets of one transaction share the upper nodes of their proofs: a later proof may end at a
/// node that an earlier one led through. Sound because a node is remembered only once the proof that it is in
/// has been verified up to the accepted app hash, and under a tag for that height and store: nothing about
/// one height, store or kind of tree says anything about another. A tag is never zero.
library ProvenNodes {
    /// @notice The tag of app hashes: the height, which is not 0.
    function appHashTag(uint64 height) internal pure returns (bytes32) {
        return bytes32(uint256(height));
    }

    /// @notice The tag of the nodes of a store's IAVL tree at a height.
    function storeTag(uint64 height, bytes calldata name) internal pure returns (bytes32 tag) {
        assembly ("memory-safe") {
            let preimage := mload(0x40)
            mstore(preimage, height)
            calldatacopy(add(preimage, 0x20), name.offset, name.length)
            tag := keccak256(preimage, add(name.length, 0x20))
        }
    }

    /// @notice Whether the node was remembered under this tag, and not under another since.
    function isProven(bytes32 node, bytes32 tag) internal view returns (bool result) {
        assembly ("memory-safe") {
            result := eq(tload(node), tag)
        }
    }

    /// @notice Remembers a node for the rest of the transaction.
    function remember(bytes32 node, bytes32 tag) internal {
        assembly ("memory-safe") {
            tstore(node, tag)
        }
    }

    /// @notice Remembers the nodes that lie in memory from `start` to the free memory pointer.
    function rememberAll(uint256 start, bytes32 tag) internal {
        assembly ("memory-safe") {
            let end := mload(0x40)
            for { let at := start } lt(at, end) { at := add(at, 0x20) } { tstore(mload(at), tag) }
        }
    }
}
