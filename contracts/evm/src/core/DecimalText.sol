// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Numbers as decimal text
/// @dev OpenZeppelin's Strings needs an instruction of Cancun; these contracts run on Shanghai too.
library DecimalText {
    /// @notice Writes a number without leading zeros.
    function write(uint256 value) internal pure returns (string memory) {
        uint256 length = 1;
        for (uint256 rest = value / 10; rest != 0; rest /= 10) {
            ++length;
        }
        bytes memory text = new bytes(length);
        for (uint256 i = length; i != 0; --i) {
            text[i - 1] = bytes1(uint8(48 + value % 10));
            value /= 10;
        }
        return string(text);
    }
}
