// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { HubMessages } from './HubMessages.sol';
import { Bls12381 } from './Bls12381.sol';

/// @title The hub's attestation: more than two thirds of a known set signed these bytes
/// @dev Source: docs/attestation.md; H is SHA-256.
library AttestationVerifier {
    /// @notice The set's preimage is not that of the set that signs this height.
    error WrongSet(bytes32 expected, bytes32 actual);
    /// @notice An absentee's index has to be above the one before it and below the count.
    error AbsenteeOrder(uint256 least, uint256 count, uint256 actual);
    /// @notice An absentee's leaf is not in the set.
    error AbsenteeNotInSet(bytes32 expectedRoot, bytes32 actualNode);
    /// @notice The absentees have more power than the set.
    error AbsentPower(uint256 totalPower, uint256 absentPower);
    /// @notice Three times the signed power has to exceed twice the total.
    error TooLittlePower(uint256 totalPower, uint256 signedPower);
    /// @notice No signer is left, or what is left cancels out.
    error IdentityKey();
    /// @notice The signature is the identity.
    error IdentitySignature();
    /// @notice The signature is not that of the signers over this attestation.
    error WrongSignature();

    /// @dev The tree of the set's leaves, as far as it is known.
    struct LeafTree {
        bytes32 root;
        uint256 count;
        /// The least index that the next absentee may have.
        uint256 least;
        bytes32[] proven;
    }

    /// A count of 32 bits makes 32 levels below the root.
    uint256 private constant LEVELS_MAX = 33;
    string private constant SET_PREFIX = 'causeway/attestor-set/v1';
    bytes private constant SIGNATURE_TAG = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_';
    uint256 private constant SHA256 = 0x02;

    /// @notice Reverts unless the header's attestation is signed by more than 2/3 of the header's set. That
    /// it is a set to rely on, by its hash, is for the caller to judge.
    /// @param attestation The header's.
    function verify(
        HubMessages.Header calldata header,
        HubMessages.Attestation memory attestation,
        bytes32 chainIdHash
    ) internal view {
        bytes memory key = _signersKey(header.set, header.absentees);
        if (Bls12381.isIdentity(key)) revert IdentityKey();
        bytes memory signature = Bls12381.decodeG1(header.signature);
        if (Bls12381.isIdentity(signature)) revert IdentitySignature();
        bytes memory hashed = Bls12381.hashToG1(attestationBytes(attestation, chainIdHash), SIGNATURE_TAG);
        if (!Bls12381.isSignature(signature, hashed, key)) revert WrongSignature();
    }

    /// @notice The bytes that are signed.
    function attestationBytes(HubMessages.Attestation memory attestation, bytes32 chainIdHash)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(
            'causeway/attestation/v1',
            chainIdHash,
            attestation.height,
            attestation.timeSeconds,
            attestation.appHash,
            attestation.nextSetHash
        );
    }

    /// @notice setHash of a set's preimage.
    function hashOfSet(HubMessages.AttestorSet calldata set) internal pure returns (bytes32) {
        bytes calldata key = set.aggregateKey;
        if (key.length != Bls12381.G2_LENGTH) revert Bls12381.PointLength(Bls12381.G2_LENGTH, key.length);
        return sha256(abi.encodePacked(SET_PREFIX, set.leafRoot, set.count, set.totalPower, key));
    }

    /// @dev The aggregate key without the absentees' keys; reverts unless what is left has the power. The
    /// absentees' keys are summed first, so that one point is negated, not each.
    function _signersKey(HubMessages.AttestorSet calldata set, HubMessages.Absentee[] calldata absentees)
        private
        view
        returns (bytes memory key)
    {
        key = Bls12381.decodeG2(set.aggregateKey);
        uint256 absentPower = 0;
        if (absentees.length != 0) {
            LeafTree memory tree = LeafTree(set.leafRoot, set.count, 0, new bytes32[](LEVELS_MAX));
            bytes memory absent = new bytes(256);
            absentPower = _addAbsentees(absent, tree, absentees);
            Bls12381.negateG2(absent);
            Bls12381.addG2(key, absent);
        }
        uint256 totalPower = set.totalPower;
        if (absentPower > totalPower) revert AbsentPower(totalPower, absentPower);
        // Below 2^66: powers are 64 bits wide
        uint256 signedPower = totalPower - absentPower;
        if (3 * signedPower <= 2 * totalPower) revert TooLittlePower(totalPower, signedPower);
    }

    /// @dev Adds the absentees' keys to `sum`, each once and proven to be in the set.
    function _addAbsentees(bytes memory sum, LeafTree memory tree, HubMessages.Absentee[] calldata absentees)
        private
        view
        returns (uint256 power)
    {
        bytes memory point = new bytes(256);
        for (uint256 i = 0; i < absentees.length; i++) {
            HubMessages.Absentee calldata absentee = absentees[i];
            _requireAbsentee(tree, absentee);
            power += absentee.power;
            Bls12381.decodeG2Into(point, absentee.key);
            Bls12381.addG2(sum, point);
        }
    }

    /// @dev Reverts unless this is a member of the set behind the one before.
    function _requireAbsentee(LeafTree memory tree, HubMessages.Absentee calldata absentee) private view {
        uint256 index = absentee.index;
        if (index < tree.least || index >= tree.count) {
            revert AbsenteeOrder(tree.least, tree.count, index);
        }
        tree.least = index + 1;
        bytes calldata key = absentee.key;
        if (key.length != Bls12381.G2_LENGTH) {
            revert Bls12381.PointLength(Bls12381.G2_LENGTH, key.length);
        }
        _climb(tree, index, _leaf(index, key, absentee.power), absentee.proof);
    }

    /// @dev leaf = H(0x00 ‖ BE32(index) ‖ key ‖ BE64(power)) of a key with 192 bytes.
    function _leaf(uint256 index, bytes calldata key, uint256 power) private view returns (bytes32 leaf) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, shl(216, index))
            calldatacopy(add(input, 5), key.offset, 192)
            mstore(add(input, 197), shl(192, power))
            // SHA-256 fails only for want of gas, and then so does all that follows
            pop(staticcall(gas(), SHA256, input, 205, 0x00, 0x20))
            leaf := mload(0x00)
        }
    }

    /// @dev Reverts unless `node` is the leaf of this index. The tree has the shape of RFC 9162 section 2.1
    /// (split at the largest power of two below the count); the walk is that of its section 2.1.3.2.
    /// inner = H(0x01 ‖ left ‖ right)
    /// The siblings lead to the root, or to the first node that an absentee before led through: `tree.proven`
    /// holds the last one on each level.
    function _climb(LeafTree memory tree, uint256 index, bytes32 node, bytes32[] calldata siblings)
        private
        view
    {
        uint256 last = tree.count - 1;
        bool isComplete;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore8(input, 1)
            let left := add(input, 1)
            let right := add(input, 33)
            let slot := add(mload(add(tree, 0x60)), 0x20)
            let end := add(siblings.offset, shl(5, siblings.length))
            let at := siblings.offset
            for { } lt(at, end) { at := add(at, 0x20) } {
                // More siblings than levels: leave the loop with siblings left over
                if iszero(last) { break }
                mstore(slot, node)
                switch or(and(index, 1), eq(index, last))
                case 0 {
                    mstore(left, node)
                    mstore(right, calldataload(at))
                }
                default {
                    mstore(left, calldataload(at))
                    mstore(right, node)
                    // A node without a right sibling rises to the level where it is a right one
                    for { } and(iszero(and(index, 1)), iszero(iszero(index))) { } {
                        index := shr(1, index)
                        last := shr(1, last)
                        slot := add(slot, 0x20)
                    }
                }
                pop(staticcall(gas(), SHA256, input, 65, 0x00, 0x20))
                node := mload(0x00)
                index := shr(1, index)
                last := shr(1, last)
                slot := add(slot, 0x20)
            }
            // All siblings used, and at the root or at a node that was led through before
            isComplete := and(eq(at, end), or(iszero(last), eq(node, mload(slot))))
        }
        if (!isComplete || (last == 0 && node != tree.root)) revert AbsenteeNotInSet(tree.root, node);
    }
}
