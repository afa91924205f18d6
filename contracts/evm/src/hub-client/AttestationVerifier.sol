// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { HubMessages } from './HubMessages.sol';
import { Bls12381 } from './Bls12381.sol';

/// @title The hub's attestation: more than two thirds of a known set signed these bytes
/// @dev Source: design/light-clients.md, "The hub, seen from elsewhere"; H is SHA-256.
library AttestationVerifier {
    /// @notice The set's preimage is not that of the set that signs this height.
    error WrongSet(bytes32 expected, bytes32 actual);
    /// @notice An absentee's index has to be above the one before it and below the count.
    error AbsenteeOrder(uint256 least, uint256 count, uint256 actual);
    /// @notice An absentee's leaf is not in the set.
    error AbsenteeNotInSet(uint256 index, bytes32 expectedRoot, bytes32 actualRoot);
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

    bytes private constant SIGNATURE_TAG = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_';
    uint256 private constant SHA256 = 0x02;

    /// @notice Reverts unless the header's attestation is signed by more than 2/3 of the set with `setHash`.
    function verify(HubMessages.Header calldata header, bytes32 chainIdHash, bytes32 setHash) internal view {
        HubMessages.AttestorSet calldata set = header.set;
        bytes32 actualSetHash = hashOfSet(set);
        if (actualSetHash != setHash) revert WrongSet(setHash, actualSetHash);
        bytes memory key = _signersKey(set, header.absentees);
        if (Bls12381.isIdentity(key)) revert IdentityKey();
        bytes memory signature = Bls12381.decodeG1(header.signature);
        if (Bls12381.isIdentity(signature)) revert IdentitySignature();
        bytes memory hashed = Bls12381.hashToG1(attestationBytes(header.attestation, chainIdHash), SIGNATURE_TAG);
        if (!Bls12381.isSignature(signature, hashed, key)) revert WrongSignature();
    }

    /// @notice The bytes that are signed.
    function attestationBytes(HubMessages.Attestation calldata attestation, bytes32 chainIdHash)
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

    function hashOfSet(HubMessages.AttestorSet calldata set) internal pure returns (bytes32) {
        bytes calldata key = set.aggregateKey;
        if (key.length != Bls12381.G2_LENGTH) revert Bls12381.PointLength(Bls12381.G2_LENGTH, key.length);
        return
            sha256(abi.encodePacked('causeway/attestor-set/v1', set.leafRoot, set.count, set.totalPower, key));
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
            bytes memory absent = Bls12381.decodeG2(absentees[0].key);
            bytes memory other = absentees.length == 1 ? absent : new bytes(256);
            uint256 least = 0;
            for (uint256 i = 0; i < absentees.length; i++) {
                HubMessages.Absentee calldata absentee = absentees[i];
                uint256 index = absentee.index;
                if (index < least || index >= set.count) revert AbsenteeOrder(least, set.count, index);
                least = index + 1;
                _checkLeaf(absentee, set);
                absentPower += absentee.power;
                if (i == 0) continue;
                Bls12381.decodeG2Into(other, absentee.key);
                Bls12381.addG2(absent, other);
            }
            Bls12381.negateG2(absent);
            Bls12381.addG2(key, absent);
        }
        uint256 totalPower = set.totalPower;
        if (absentPower > totalPower) revert AbsentPower(totalPower, absentPower);
        // Below 2^66: powers are 64 bits wide
        uint256 signedPower = totalPower - absentPower;
        if (3 * signedPower <= 2 * totalPower) revert TooLittlePower(totalPower, signedPower);
    }

    /// @dev Reverts unless the absentee's leaf is at its index. The tree has the shape of RFC 9162 section 2.1
    /// (split at the largest power of two below the count); the walk is that of its section 2.1.3.2.
    /// leaf = H(0x00 ‖ BE32(index) ‖ key ‖ BE64(power)); inner = H(0x01 ‖ left ‖ right)
    function _checkLeaf(HubMessages.Absentee calldata absentee, HubMessages.AttestorSet calldata set) private view {
        bytes calldata key = absentee.key;
        if (key.length != Bls12381.G2_LENGTH) revert Bls12381.PointLength(Bls12381.G2_LENGTH, key.length);
        bytes32[] calldata proof = absentee.proof;
        uint256 index = absentee.index;
        uint256 power = absentee.power;
        uint256 last = uint256(set.count) - 1;
        bytes32 node;
        bool complete;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, shl(216, index))
            calldatacopy(add(input, 5), key.offset, 192)
            mstore(add(input, 197), shl(192, power))
            // SHA-256 fails only for want of gas, and then so does all that follows
            pop(staticcall(gas(), SHA256, input, 205, 0x00, 0x20))
            node := mload(0x00)
            mstore8(input, 1)
            let left := add(input, 1)
            let right := add(input, 33)
            let end := add(proof.offset, shl(5, proof.length))
            let at := proof.offset
            for {} lt(at, end) { at := add(at, 0x20) } {
                // More siblings than levels: leave the loop with siblings left over
                if iszero(last) { break }
                switch or(and(index, 1), eq(index, last))
                case 0 {
                    mstore(left, node)
                    mstore(right, calldataload(at))
                }
                default {
                    mstore(left, calldataload(at))
                    mstore(right, node)
                    // A node without a right sibling rises to the level where it is a right one
                    for {} and(iszero(and(index, 1)), iszero(iszero(index))) {} {
                        index := shr(1, index)
                        last := shr(1, last)
                    }
                }
                pop(staticcall(gas(), SHA256, input, 65, 0x00, 0x20))
                node := mload(0x00)
                index := shr(1, index)
                last := shr(1, last)
            }
            // Levels or siblings left over: no path of this tree
            complete := iszero(or(last, xor(at, end)))
        }
        if (!complete || node != set.leafRoot) revert AbsenteeNotInSet(absentee.index, set.leafRoot, node);
    }
}
