// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A counterparty's merkle prefix in few bytes: for each element its length, then its bytes
/// @notice The hub's ["ibc", ""] fills 5 bytes of one slot instead of three slots, which every packet reads.
library MerklePrefix {
    /// @notice An element's length is one byte.
    uint256 internal constant ELEMENT_BYTES_MAX = 128;

    /// @notice Packs a prefix whose elements have at most ELEMENT_BYTES_MAX bytes.
    function pack(bytes[] memory prefix) internal pure returns (bytes memory packed) {
        for (uint256 i = 0; i < prefix.length; ++i) {
            assert(prefix[i].length <= ELEMENT_BYTES_MAX);
            packed = abi.encodePacked(packed, uint8(prefix[i].length), prefix[i]);
        }
    }

    /// @notice The prefix that was packed.
    function unpack(bytes memory packed) internal pure returns (bytes[] memory prefix) {
        prefix = new bytes[](count(packed));
        uint256 from = 0;
        for (uint256 i = 0; i < prefix.length; ++i) {
            prefix[i] = new bytes(uint8(packed[from]));
            for (uint256 j = 0; j < prefix[i].length; ++j) {
                prefix[i][j] = packed[from + 1 + j];
            }
            from += 1 + prefix[i].length;
        }
    }

    /// @notice How many elements were packed.
    function count(bytes memory packed) internal pure returns (uint256 elements) {
        assembly ("memory-safe") {
            let from := add(packed, 0x20)
            let end := add(from, mload(packed))
            for { } lt(from, end) { elements := add(elements, 1) } {
                from := add(from, add(byte(0, mload(from)), 1))
            }
        }
    }
}
