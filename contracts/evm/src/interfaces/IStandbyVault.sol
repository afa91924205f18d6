// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What StandbyLines needs of the vault
interface IStandbyVault {
    /// @notice Deposits tokens that the caller, StandbyLines, holds and allowed; refunds go to `sender`.
    /// @return received What the vault got: what the packet carries.
    function depositFor(
        address token,
        uint256 amount,
        string calldata clientId,
        string calldata receiver,
        uint64 timeoutTimestamp,
        address sender
    ) external returns (uint256 received);
}
