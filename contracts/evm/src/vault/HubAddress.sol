// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { DecimalText } from "../core/DecimalText.sol";

/// @title Accounts of the hub as text: `cway1…`, and `/n` behind it for a subaccount
/// @notice Bech32 of the 20 bytes: a wallet of the EVM has its account on the hub without registering.
/// Spec: BIP-173 (checksum constant 1).
library HubAddress {
    bytes32 private constant ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    uint256 private constant PREFIX_LENGTH = 5;
    uint256 private constant WORDS = 32;
    uint256 private constant CHECKSUM_WORDS = 6;
    /// @dev What the checksum is after the expanded prefix "cway".
    uint256 private constant PREFIX_CHECKSUM = 0x17753360;

    /// @notice Text of an account.
    function write(bytes20 account) internal pure returns (string memory) {
        bytes memory text = new bytes(PREFIX_LENGTH + WORDS + CHECKSUM_WORDS);
        (text[0], text[1], text[2], text[3], text[4]) = ("c", "w", "a", "y", "1");
        uint256 checksum = PREFIX_CHECKSUM;
        for (uint256 i = 0; i < WORDS; ++i) {
            uint256 word = (uint256(uint160(account)) >> (5 * (WORDS - 1 - i))) & 31;
            checksum = _polymod(checksum, word);
            text[PREFIX_LENGTH + i] = ALPHABET[word];
        }
        for (uint256 i = 0; i < CHECKSUM_WORDS; ++i) {
            checksum = _polymod(checksum, 0);
        }
        checksum ^= 1;
        for (uint256 i = 0; i < CHECKSUM_WORDS; ++i) {
            uint256 word = (checksum >> (5 * (CHECKSUM_WORDS - 1 - i))) & 31;
            text[PREFIX_LENGTH + WORDS + i] = ALPHABET[word];
        }
        return string(text);
    }

    /// @notice Text of a subaccount; 0 is the cross-margin account and has no number.
    function write(bytes20 account, uint16 subaccount) internal pure returns (string memory) {
        if (subaccount == 0) return write(account);
        return string.concat(write(account), "/", DecimalText.write(subaccount));
    }

    /// @dev One step of the BCH code over GF(32).
    function _polymod(uint256 checksum, uint256 word) private pure returns (uint256 next) {
        uint256 top = checksum >> 25;
        next = ((checksum & 0x1ffffff) << 5) ^ word;
        if (top & 1 != 0) next ^= 0x3b6a57b2;
        if (top & 2 != 0) next ^= 0x26508e6d;
        if (top & 4 != 0) next ^= 0x1ea119fa;
        if (top & 8 != 0) next ^= 0x3d4233dd;
        if (top & 16 != 0) next ^= 0x2a1462b3;
    }
}
