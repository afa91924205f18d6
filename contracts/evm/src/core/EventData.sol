// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Data of events from parts that are encoded already
/// @dev Encoding a packet out of calldata costs 7,000 gas: it is done once, for the application and the event.
library EventData {
    /// @notice abi.encode(packet, [acknowledgement]).
    /// @param arguments abi.encode(packet). Used up: its memory is written to.
    function ofAcknowledgement(bytes memory arguments, bytes memory acknowledgement)
        internal
        pure
        returns (bytes memory)
    {
        // The packet alone: without the word before it that says where it begins
        bytes memory packet;
        assembly ("memory-safe") {
            packet := add(arguments, 0x20)
            mstore(packet, sub(mload(arguments), 0x20))
        }
        uint256 padding = (32 - acknowledgement.length % 32) % 32;
        return abi.encodePacked(
            // Where the packet and the list begin
            uint256(0x40),
            0x40 + packet.length,
            packet,
            // One element, which begins behind its own offset
            uint256(1),
            uint256(0x20),
            acknowledgement.length,
            acknowledgement,
            new bytes(padding)
        );
    }
}
