// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The part of WETH9 that a deposit of ETH uses
interface IWrappedEther {
    /// @notice Mints the sent ETH as tokens of the caller.
    function deposit() external payable;
}
