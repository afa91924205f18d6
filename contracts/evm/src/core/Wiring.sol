// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IIbcCore } from "../interfaces/IIbcCore.sol";
import {
    IWiredClearingPort,
    IWiredClient,
    IWiredStandbyLines,
    IWiredVault
} from "../interfaces/IWiring.sol";

/// @title Every contract of a deployment has to mean the others: none of them can be mended later
library Wiring {
    /// @notice Reverts unless each was made for this core and the others.
    function requireWired(IWiredVault vault, IWiredClearingPort clearing, address hubClient) internal view {
        IWiredStandbyLines lines = IWiredStandbyLines(vault.standbyLines());
        require(
            address(vault.core()) == address(this) && vault.clearingPort() == address(clearing),
            IIbcCore.Miswired(address(vault))
        );
        require(
            address(clearing.core()) == address(this) && clearing.vault() == address(vault)
                && clearing.standbyLines() == address(lines),
            IIbcCore.Miswired(address(clearing))
        );
        require(
            lines.vault() == address(vault) && lines.clearingPort() == address(clearing),
            IIbcCore.Miswired(address(lines))
        );
        require(IWiredClient(hubClient).core() == address(this), IIbcCore.Miswired(hubClient));
    }
}
