// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Kind 1: a trade matched elsewhere, to be cleared between its two accounts.
/// @param tradeId The venue's address (20 bytes), then its own number (12 bytes): the port checks the former.
struct Trade {
    bytes32 tradeId;
    bytes20 buyer;
    uint16 buyerSub;
    bytes20 seller;
    uint16 sellerSub;
    uint64 market;
    uint64 sizeE9;
    uint64 priceE9;
}

/// @notice Kind 2: collateral that waits at home for a margin call.
/// @param line The owner's address (20 bytes), then the contract's own number (12 bytes).
struct StandbyLocked {
    bytes32 line;
    bytes32 token;
    uint256 amount;
    uint64 expirySeconds;
    bytes20 account;
    uint16 sub;
}

/// @notice Kind 5: what the hub settled with an account.
struct Notice {
    uint64 market;
    bytes20 account;
    uint16 sub;
    int128 cashE6;
}

/// @title The clearing application's wire format: abi.encode(uint8 kind, bytes body)
/// @notice Wire format: docs/vault.md, version causeway-clearing-1.
library ClearingMessages {
    string internal constant PORT = "clearing";
    string internal constant VERSION = "causeway-clearing-1";
    string internal constant ENCODING = "application/x-solidity-abi";

    uint8 internal constant TRADES = 1;
    uint8 internal constant STANDBY_LOCKED = 2;
    uint8 internal constant MARGIN_CALL = 3;
    uint8 internal constant GOVERNANCE = 4;
    uint8 internal constant NOTICE = 5;

    /// @notice What kinds 2, 4 and 5 are answered with when they were taken.
    bytes internal constant SUCCESS_ACKNOWLEDGEMENT = '{"result":"AQ=="}';
}
