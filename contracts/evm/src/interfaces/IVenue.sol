// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A trading venue that has its trades cleared on the hub
/// @notice ClearingPort calls back exactly once for every submission. A venue that reverts is called again by
/// whoever relays again: nothing is lost, nobody else waits.
interface IVenue {
    /// @notice The hub answered: `accepted` is false when it refused the whole submission.
    /// @param acknowledgement If accepted, abi.encode((bytes32 tradeId, string code)[]), an empty code for
    /// every trade that now stands between its two accounts and the clearing house.
    function onTradesAcknowledged(uint64 sequence, bool accepted, bytes calldata acknowledgement) external;

    /// @notice The hub never received the submission: none of its trades was cleared.
    function onTradesTimedOut(uint64 sequence) external;
}
