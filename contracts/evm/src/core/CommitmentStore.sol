// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Where counterparties find this chain's commitments
/// @notice A mapping from keccak256(key) to commitment at the ERC-7201 slot that solidity-ibc-eureka's
/// IBCStore uses: the storage slot of a key is keccak256(keccak256(key) ‖ SLOT). Light clients of Ethereum
/// prove it, so it may never move.
abstract contract CommitmentStore {
    /// @dev keccak256(abi.encode(uint256(keccak256("ibc.storage.IBCStore")) - 1)) & ~0xff
    bytes32 private constant SLOT = 0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600;

    /// @notice What stands under a key, by the key's keccak256; zero for nothing.
    function getCommitment(bytes32 hashedPath) external view returns (bytes32) {
        return _commitments()[hashedPath];
    }

    function _commitments() internal pure returns (mapping(bytes32 => bytes32) storage commitments) {
        assembly {
            commitments.slot := SLOT
        }
    }
}
