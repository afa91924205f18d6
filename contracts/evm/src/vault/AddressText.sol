// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title EVM addresses as they stand on the wire: `0x` and 40 lower-case hex digits
/// @dev Thirty-two digits at a time in one word (SWAR), for both directions are paid for with every packet.
library AddressText {
    /// @notice Length of the text, in bytes.
    uint256 internal constant LENGTH = 42;

    uint256 private constant ONES = 0x0101010101010101010101010101010101010101010101010101010101010101;

    /// @notice Writes an address.
    function write(address value) internal pure returns (string memory text) {
        // The first 16 bytes are 32 digits, the last 4 bytes are 8 more
        uint256 high = _digits(uint256(uint160(value)) >> 32);
        uint256 low = _digits(uint256(uint160(value)) & 0xffffffff) << 192;
        text = new string(LENGTH);
        assembly ("memory-safe") {
            mstore(add(text, 0x22), high)
            let tail := add(text, 0x42)
            mstore(tail, or(low, and(mload(tail), sub(shl(192, 1), 1))))
            mstore8(add(text, 0x20), 0x30)
            mstore8(add(text, 0x21), 0x78)
        }
    }

    /// @notice Reads a text as an address.
    /// @return valid Whether it is one, in lower case; the address is zero if not.
    function tryRead(bytes calldata text) internal pure returns (bool valid, address value) {
        if (text.length != LENGTH) return (false, address(0));
        uint256 prefix;
        uint256 high;
        uint256 low;
        assembly ("memory-safe") {
            prefix := shr(240, calldataload(text.offset))
            high := calldataload(add(text.offset, 2))
            // Eight digits, and zeros as twenty-four more
            low := or(shr(192, calldataload(add(text.offset, 34))), shl(64, shr(64, mul(ONES, 0x30))))
        }
        uint256 wrongHigh;
        uint256 wrongLow;
        (high, wrongHigh) = _values(high);
        (low, wrongLow) = _values(low);
        if (prefix != 0x3078 || wrongHigh | wrongLow != 0) return (false, address(0));
        return (true, address(uint160((high << 32) | low)));
    }

    /// @dev The 32 digits of 16 bytes.
    function _digits(uint256 number) private pure returns (uint256 digits) {
        // Spread: one nibble a byte
        number =
            (number | (number << 64)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
        number =
            (number | (number << 32)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
        number =
            (number | (number << 16)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
        number =
            (number | (number << 8)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
        number = (number | (number << 4)) & (ONES * 0x0f);
        // '0' + n, and 39 more from 10 on, where n + 6 has its fifth bit set
        uint256 letters = ((number + ONES * 6) >> 4) & ONES;
        return number + ONES * 0x30 + letters * 39;
    }

    /// @dev The 16 bytes that 32 digits stand for.
    /// @return number Them.
    /// @return wrong Zero if each byte is 0-9 or a-f.
    function _values(uint256 digits) private pure returns (uint256 number, uint256 wrong) {
        unchecked {
            // A letter has 0x40 set, and counts 9 more than its low nibble; no sum carries into another byte
            uint256 letters = (digits >> 6) & ONES;
            number = (digits & (ONES * 0x0f)) + letters * 9;
            // At most 15; 10 and more by a letter; and written as `_digits` writes it
            wrong = (number & (ONES * 0xf0)) | ((((number + ONES * 6) >> 4) & ONES) ^ letters)
                | (digits ^ (number + ONES * 0x30 + letters * 39));
        }
        number =
            (number | (number >> 4)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
        number =
            (number | (number >> 8)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
        number =
            (number | (number >> 16)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
        number =
            (number | (number >> 32)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
        number = (number | (number >> 64)) & 0xffffffffffffffffffffffffffffffff;
    }
}
