// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IavlPath } from './IavlPath.sol';
import { ProofCursor, ProofReading } from './ProofCursor.sol';
import { ProofErrors } from './ProofErrors.sol';
import { ProvenNodes } from './ProvenNodes.sol';
import { SimpleTreePath } from './SimpleTreePath.sol';

/// @title Proofs that a key of the hub's state has a value, or none: an IAVL tree under a simple tree
/// @notice The content of ICS-23's proofs for [IavlSpec, TendermintSpec] in few bytes, numbers big-endian:
///
///   existence   01 ‖ leaf ‖ path ‖ end
///   absence     02 ‖ right neighbour ‖ path R ‖ left neighbour ‖ path L ‖ inner node ‖ path ‖ end
///               03 ‖ right neighbour ‖ path ‖ end              the key is left of all
///               04 ‖ left neighbour ‖ path ‖ end               the key is right of all
///   leaf        1 byte length ‖ version                        zigzag varint, as cosmos/iavl writes it
///   neighbour   2 bytes length ‖ key ‖ H(value) ‖ leaf
///   path        1 byte count ‖ inner nodes, upwards
///   inner node  1 byte (80: the sibling is on the left, 40: remember this node, 0f: fields' length) ‖
///               height, size, version (varints, as cosmos/iavl writes them) ‖ sibling
///   end         nothing                                        the last node is remembered, see ProvenNodes
///             | 1 byte count ‖ 2 bytes sides ‖ siblings         from the store's root to the app hash
///               ‖ ( nothing                                    the app hash is remembered
///                 | nextSetHash )                              the rest of the consensus state's preimage
///
/// Path R is the left edge of a subtree and path L the right edge of another; the inner node that follows has
/// the one as its right sibling and the other as its left child: so the neighbours are adjacent. At an edge
/// of the tree (03, 04) every sibling is on one side up to the store's root, which is never a remembered
/// node.
/// The encoder is libs/light-clients/src/ics23/evm-proof.ts.
/// @dev Sources: ICS-23 (go/proof.go at v0.11.0); libs/light-clients/src/ics23, which it is compared with.
library HubProof {
    uint256 private constant EXISTENCE = 1;
    uint256 private constant BETWEEN = 2;
    uint256 private constant LEFT_OF_ALL = 3;
    uint256 private constant RIGHT_OF_ALL = 4;

    /// @notice What a consensus state keeps of app hash and next set: 24 bytes of a hash over both.
    function commitmentOf(bytes32 appHash, bytes32 nextSetHash) internal pure returns (bytes24 commitment) {
        assembly ("memory-safe") {
            mstore(0x00, appHash)
            mstore(0x20, nextSetHash)
            commitment := shl(64, shr(64, keccak256(0x00, 0x40)))
        }
    }

    /// @notice Reverts unless the store has exactly `value` at `key` at `height`.
    /// @param commitment commitmentOf the accepted app hash and next set at `height`.
    function verifyMembership(
        bytes calldata proof,
        bytes[] calldata path,
        bytes calldata value,
        uint64 height,
        bytes24 commitment
    ) internal {
        if (path.length != 2) revert ProofErrors.PathLength(2, path.length);
        if (value.length == 0) revert ProofErrors.EmptyValue();
        bytes calldata storeName = path[0];
        bytes32 tag = ProvenNodes.storeTag(height, storeName);
        ProofCursor memory cursor = ProofReading.open(proof);
        uint256 kind = cursor.readByte();
        if (kind != EXISTENCE) revert ProofErrors.ProofKind(kind);
        bytes32 node = IavlPath.leaf(cursor, path[1], _sha256(value));
        uint256 remembered = _freeMemory();
        node = IavlPath.climb(cursor, node, 0, cursor.readByte(), IavlPath.Siblings.Anywhere);
        if (cursor.isAtEnd()) {
            if (!ProvenNodes.isProven(node, tag)) revert ProofErrors.NodeNotProven(node);
        } else {
            _climbToAppHash(cursor, storeName, node, height, commitment);
        }
        ProvenNodes.rememberAll(remembered, tag);
    }

    /// @notice Reverts unless the store has nothing at `key` at `height`.
    function verifyNonMembership(
        bytes calldata proof,
        bytes[] calldata path,
        uint64 height,
        bytes24 commitment
    ) internal {
        if (path.length != 2) revert ProofErrors.PathLength(2, path.length);
        bytes calldata key = path[1];
        if (key.length == 0) revert ProofErrors.KeyLength(IavlPath.KEY_LENGTH_MAX, 0);
        bytes32 tag = ProvenNodes.storeTag(height, path[0]);
        ProofCursor memory cursor = ProofReading.open(proof);
        uint256 remembered = _freeMemory();
        uint256 kind = cursor.readByte();
        bytes32 node;
        if (kind == BETWEEN) {
            node = _climbBetween(cursor, key);
            if (cursor.isAtEnd()) {
                if (!ProvenNodes.isProven(node, tag)) revert ProofErrors.NodeNotProven(node);
                ProvenNodes.rememberAll(remembered, tag);
                return;
            }
        } else if (kind == LEFT_OF_ALL) {
            node = _rightNeighbour(cursor, key);
            node = IavlPath.climb(cursor, node, 0, cursor.readByte(), IavlPath.Siblings.OnRight);
        } else if (kind == RIGHT_OF_ALL) {
            node = _leftNeighbour(cursor, key);
            node = IavlPath.climb(cursor, node, 0, cursor.readByte(), IavlPath.Siblings.OnLeft);
        } else {
            revert ProofErrors.ProofKind(kind);
        }
        _climbToAppHash(cursor, path[0], node, height, commitment);
        ProvenNodes.rememberAll(remembered, tag);
    }

    /// @dev Both neighbours up to the node where their paths part, then on from there.
    function _climbBetween(ProofCursor memory cursor, bytes calldata key)
        private
        view
        returns (bytes32 node)
    {
        bytes32 right = _rightNeighbour(cursor, key);
        uint256 rightCount = cursor.readByte();
        right = IavlPath.climb(cursor, right, 0, rightCount, IavlPath.Siblings.OnRight);
        node = _leftNeighbour(cursor, key);
        uint256 layer = cursor.readByte();
        node = IavlPath.climb(cursor, node, 0, layer, IavlPath.Siblings.OnLeft);
        if (rightCount > layer) layer = rightCount;
        node = IavlPath.climb(cursor, node, layer, 1, IavlPath.Siblings.OnRight);
        bytes32 sibling;
        assembly ("memory-safe") {
            // The last 32 bytes of the inner node just read
            sibling := calldataload(sub(mload(cursor), 0x20))
        }
        if (sibling != right) revert ProofErrors.NotAdjacent(sibling, right);
        return IavlPath.climb(cursor, node, layer + 1, cursor.readByte(), IavlPath.Siblings.Anywhere);
    }

    function _rightNeighbour(ProofCursor memory cursor, bytes calldata key)
        private
        view
        returns (bytes32 node)
    {
        bytes calldata neighbour = cursor.readBytes(cursor.readUint16());
        if (!_isBelow(key, neighbour)) revert ProofErrors.NotLeftOfRight();
        return IavlPath.leaf(cursor, neighbour, cursor.readWord());
    }

    function _leftNeighbour(ProofCursor memory cursor, bytes calldata key)
        private
        view
        returns (bytes32 node)
    {
        bytes calldata neighbour = cursor.readBytes(cursor.readUint16());
        if (!_isBelow(neighbour, key)) revert ProofErrors.NotRightOfLeft();
        return IavlPath.leaf(cursor, neighbour, cursor.readWord());
    }

    /// @dev The rest of the proof, from the store's root to the accepted app hash, which is then remembered.
    function _climbToAppHash(
        ProofCursor memory cursor,
        bytes calldata storeName,
        bytes32 root,
        uint64 height,
        bytes24 commitment
    ) private {
        bytes32 appHash = SimpleTreePath.climb(cursor, storeName, root);
        bytes32 tag = ProvenNodes.appHashTag(height);
        if (cursor.isAtEnd()) {
            if (!ProvenNodes.isProven(appHash, tag)) revert ProofErrors.NodeNotProven(appHash);
            return;
        }
        bytes24 actual = commitmentOf(appHash, cursor.readWord());
        if (!cursor.isAtEnd()) revert ProofErrors.ProofLength(cursor.position, cursor.end);
        if (actual != commitment) revert ProofErrors.RootMismatch(commitment, actual);
        ProvenNodes.remember(appHash, tag);
    }

    /// @dev Byte order; a prefix comes first.
    function _isBelow(bytes calldata a, bytes calldata b) private pure returns (bool) {
        uint256 shorter = a.length < b.length ? a.length : b.length;
        for (uint256 i = 0; i < shorter; i += 32) {
            uint256 wordA;
            uint256 wordB;
            assembly ("memory-safe") {
                // Only the bytes that both have
                let left := sub(shorter, i)
                let bits := mul(lt(left, 32), sub(256, shl(3, left)))
                wordA := shr(bits, calldataload(add(a.offset, i)))
                wordB := shr(bits, calldataload(add(b.offset, i)))
            }
            if (wordA != wordB) return wordA < wordB;
        }
        return a.length < b.length;
    }

    function _sha256(bytes calldata data) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            calldatacopy(input, data.offset, data.length)
            pop(staticcall(gas(), 0x02, input, data.length, 0x00, 0x20))
            hash := mload(0x00)
        }
    }

    function _freeMemory() private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := mload(0x40)
        }
    }
}
