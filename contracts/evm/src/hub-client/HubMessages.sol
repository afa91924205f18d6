// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What the hub's client reads: a client message is `abi.encode(Header)`, misbehaviour
/// `abi.encode(Header, Header)`
/// @dev Source: docs/attestation.md.
interface HubMessages {
    /// @notice What the hub's validators sign for each height, beside the chain id.
    struct Attestation {
        uint64 height;
        /// Whole seconds of the time of block `height` − 1.
        uint64 timeSeconds;
        /// The app hash in header `height`: the state after block `height` − 1.
        bytes32 appHash;
        /// setHash of the set that signs `height` + 1.
        bytes32 nextSetHash;
    }

    /// @notice The preimage of a setHash.
    struct AttestorSet {
        bytes32 leafRoot;
        uint32 count;
        uint64 totalPower;
        /// Sum of all keys: 192 bytes, G2 uncompressed in ZCash's order (x.c1, x.c0, y.c1, y.c0).
        bytes aggregateKey;
    }

    /// @notice An attestor that did not sign, with the proof of its leaf.
    struct Absentee {
        uint32 index;
        uint64 power;
        /// 192 bytes, as the aggregate key.
        bytes key;
        /// Siblings from the leaf upwards.
        bytes32[] proof;
    }

    struct Header {
        Attestation attestation;
        AttestorSet set;
        /// In strictly ascending order of their indices.
        Absentee[] absentees;
        /// Sum of the signatures of all others: 96 bytes, G1 uncompressed (x, y).
        bytes signature;
    }
}
