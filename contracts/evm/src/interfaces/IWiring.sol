// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IIbcApplication } from "./IIbcApplication.sol";
import { IIbcCore } from "./IIbcCore.sol";

// What the contracts of a deployment say of each other: the core, made last, compares it.

/// @notice The collateral vault.
interface IWiredVault is IIbcApplication {
    function core() external view returns (IIbcCore);
    function clearingPort() external view returns (address);
    function standbyLines() external view returns (address);
    function exitDesk() external view returns (address);
}

/// @notice The clearing port.
interface IWiredClearingPort is IIbcApplication {
    function core() external view returns (IIbcCore);
    function vault() external view returns (address);
    function standbyLines() external view returns (address);
}

/// @notice Standby lines.
interface IWiredStandbyLines {
    function vault() external view returns (address);
    function clearingPort() external view returns (address);
}

/// @notice The hub's light client.
interface IWiredClient {
    function core() external view returns (address);
}
