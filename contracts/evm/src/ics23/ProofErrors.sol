// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Why a proof of the hub's state is refused
interface ProofErrors {
    /// @notice The merkle path has to be a store's name and a key.
    error PathLength(uint256 expected, uint256 actual);
    /// @notice A key or store name of the path, or a neighbour's key, has to have 1 … max bytes.
    error KeyLength(uint256 max, uint256 actual);
    /// @notice A value has to have at least one byte.
    error EmptyValue();
    /// @notice The proof is of a kind that does not prove this.
    error ProofKind(uint256 actual);
    /// @notice The proof ends before its content does, or goes on after it.
    error ProofLength(uint256 expected, uint256 actual);
    /// @notice A leaf's version is not one non-negative varint of 1 … 9 bytes.
    error LeafVersion();
    /// @notice The inner node on this layer (1 is just above the leaf) does not begin as cosmos/iavl writes
    /// it, its height is below its layer, or its sibling is on the side on which it may not be.
    error InnerNode(uint256 layer);
    /// @notice The key is not right of the left neighbour.
    error NotRightOfLeft();
    /// @notice The key is not left of the right neighbour.
    error NotLeftOfRight();
    /// @notice The neighbours are not adjacent: where their paths part, the right one leads to another node.
    error NotAdjacent(bytes32 expected, bytes32 actual);
    /// @notice The path in the simple tree is longer than a tree of stores can be, or has more sides than
    /// nodes.
    error StorePath(uint256 max, uint256 actual, uint256 sides);
    /// @notice The proof ends at a node that nothing proved before in this transaction, under this height and
    /// store.
    error NodeNotProven(bytes32 node);
    /// @notice The proof leads to another app hash than the accepted one.
    error RootMismatch(bytes24 expected, bytes24 actual);
}
