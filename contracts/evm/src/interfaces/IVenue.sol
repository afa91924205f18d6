// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A trading venue that has its trades cleared on the hub
/// @notice ClearingPort calls back for every submission, with a million gas. A venue that fails in it is
/// called again by ClearingPort.callVenue, which anyone may do, with any gas, until it succeeds, once:
/// nothing is lost, nobody else waits.
interface IVenue {
    /// @notice The hub answered: `accepted` is false when it refused the whole submission.
    /// @param acknowledgement If accepted, abi.encode((bytes32 tradeId, string code)[]), an empty code for
    /// every trade that now stands between its two accounts and the clearing house.
    function onTradesAcknowledged(uint64 sequence, bool accepted, bytes calldata acknowledgement) external;

    /// @notice The hub never received the submission: none of its trades was cleared.
    function onTradesTimedOut(uint64 sequence) external;
}
