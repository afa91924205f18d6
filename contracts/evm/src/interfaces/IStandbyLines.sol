// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What ClearingPort needs of StandbyLines
interface IStandbyLines {
    /// @notice Sends up to `amount` of a line to the line's hub account, over the hub's client.
    /// @return pulled What the deposit packet carries.
    function pull(bytes32 line, uint256 amount) external returns (uint256 pulled);

    /// @notice The hub refused a line, or never heard of it: its owner may take it back at once.
    function release(bytes32 line) external;
}
