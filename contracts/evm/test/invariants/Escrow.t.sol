// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { MapClient } from "../core/MapClient.sol";
import { Stack } from "../core/Stack.sol";
import { TestToken } from "../core/TestTokens.sol";
import { CounterpartyInfo } from "../../src/interfaces/IbcMessages.sol";
import { OutflowLimit } from "../../src/vault/OutflowLimits.sol";
import { Handler } from "./Handler.sol";
import { HubModel } from "./HubModel.sol";

/// @notice Both sides of the bridge under everybody at once. client-0 is an honest hub, client-1 one that
/// sends withdrawals of what it never had. Tokens: a plain one with a tight outflow window, one with a fee on
/// transfer, one that comes back in.
/// forge-config: default.invariant.fail-on-revert = true
contract EscrowInvariantTest is Stack {
    Handler internal handler;
    HubModel[2] internal hubs;
    TestToken[3] internal tokens;

    function setUp() public override {
        super.setUp();
        MapClient other = newMapClient();
        other.setTime(1, START - 60);
        core.addClient(CounterpartyInfo("07-tendermint-9", hubPrefix()), address(other));
        hubs[0] = new HubModel(hub, HUB_CLIENT, CLIENT);
        hubs[1] = new HubModel(other, "07-tendermint-9", "client-1");
        tokens[0] = token;
        tokens[1] = TestToken(deployCode("OddTokens.sol:FeeToken"));
        tokens[2] = TestToken(deployCode("OddTokens.sol:HookToken"));
        vm.prank(address(clearing));
        vault.setOutflowLimit(address(token), OutflowLimit(500, 1 hours, 0));
        handler = new Handler(core, vault, hubs, tokens);
        targetContract(address(handler));
    }

    /// @dev Per token: what the vault holds for the honest hub is what that hub holds and what is on its way.
    function invariant_escrow_is_what_the_hub_owes() public {
        handler.observeAll();
        for (uint256 j = 0; j < 3; ++j) {
            address t = address(tokens[j]);
            assertEq(
                vault.escrowed(CLIENT, t),
                hubs[0].held(t) + hubs[0].incoming(t) + hubs[0].outgoing(t),
                "honest hub"
            );
        }
    }

    /// @dev The hub that lies takes from its own escrow only, and so leaves less there than it owes.
    function invariant_a_lying_hub_robs_its_own() public {
        handler.observeAll();
        for (uint256 j = 0; j < 3; ++j) {
            address t = address(tokens[j]);
            assertLe(
                vault.escrowed("client-1", t),
                hubs[1].held(t) + hubs[1].incoming(t) + hubs[1].outgoing(t),
                "lying hub"
            );
        }
    }

    /// @dev Every token: what the vault holds covers all that it owes, claims included.
    function invariant_balances_cover_debts() public view {
        for (uint256 j = 0; j < 3; ++j) {
            address t = address(tokens[j]);
            uint256 escrows = vault.escrowed(CLIENT, t) + vault.escrowed("client-1", t);
            assertGe(vault.owed(t), escrows);
            assertGe(tokens[j].balanceOf(address(vault)), vault.owed(t));
        }
    }

    function afterInvariant() public view {
        // A run that did nothing proves nothing
        assertGt(handler.calls("deposit") + handler.calls("relay") + handler.calls("timeOut"), 0);
    }
}
