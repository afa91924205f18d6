// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { HubProof } from '../../src/ics23/HubProof.sol';

/// @notice HubProof under an app hash that is taken as accepted.
contract ProofHarness {
    function verifyMembership(
        bytes calldata proof,
        bytes[] calldata path,
        bytes calldata value,
        uint64 height,
        bytes24 commitment
    ) external {
        HubProof.verifyMembership(proof, path, value, height, commitment);
    }

    function verifyNonMembership(
        bytes calldata proof,
        bytes[] calldata path,
        uint64 height,
        bytes24 commitment
    ) external {
        HubProof.verifyNonMembership(proof, path, height, commitment);
    }

    function commitmentOf(bytes32 appHash, bytes32 nextSetHash) external pure returns (bytes24) {
        return HubProof.commitmentOf(appHash, nextSetHash);
    }
}
