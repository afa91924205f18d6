// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { StandbyLocked } from "../clearing/ClearingMessages.sol";

/// @title What StandbyLines needs of ClearingPort
interface IClearingPort {
    /// @notice Tells the hub of a line; only StandbyLines.
    function announce(StandbyLocked calldata locked, uint64 timeoutTimestamp)
        external
        returns (uint64 sequence);
}
