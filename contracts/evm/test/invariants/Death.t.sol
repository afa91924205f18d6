// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { MapClient } from "../core/MapClient.sol";
import { Stack } from "../core/Stack.sol";
import { TestToken } from "../core/TestTokens.sol";
import { CounterpartyInfo } from "../../src/interfaces/IbcMessages.sol";
import { VoucherToken } from "../../src/tokens/VoucherToken.sol";
import { ExitDesk } from "../../src/vault/ExitDesk.sol";
import { OutflowLimit } from "../../src/vault/OutflowLimits.sol";
import { DeathHandler } from "./DeathHandler.sol";
import { HubModel } from "./HubModel.sol";

/// @notice Both sides of the bridge, and the end of one: the honest hub's keys are stolen, its client freezes
/// or expires, is retired, its owners leave. A window of 5 % an hour for every token.
/// forge-config: default.invariant.fail-on-revert = true
/// forge-config: default.invariant.runs = 32
/// forge-config: default.invariant.depth = 160
contract DeathInvariantTest is Stack {
    DeathHandler internal handler;
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
        vault.setOutflowLimit(address(0), OutflowLimit(500, 1 hours, 0));
        handler = new DeathHandler(core, vault, hubs, tokens);
        targetContract(address(handler));
    }

    /// @dev The acts reach what they are for: without this a run might show nothing.
    function test_every_act_of_the_end_is_reached() public {
        for (uint256 i = 0; i < 8; ++i) {
            handler.deposit(i, 0, 0, 1e20);
            handler.hubReceives(i, false);
            handler.sendVoucher(i, i, 1e18);
            handler.hubWithdraws(0, 0, i, 3e19, false);
            handler.forge(0, i, 1e20);
        }
        handler.deposit(0, 0, 0, 5e19);
        for (uint256 i = 0; i < 8; ++i) {
            handler.relay(i);
            handler.relayForged(i);
            handler.die(false);
        }
        assertGt(handler.stolen(address(token)), 0);
        handler.retire();
        for (uint256 i = 1; i <= 40; ++i) {
            handler.voidClaim(i);
            handler.payClaim(i);
            handler.relay(i);
        }
        handler.passNotice();
        for (uint256 i = 1; i <= 40; ++i) {
            handler.freeClaim(i);
        }
        handler.open(0, [type(uint256).max, 0, 1, type(uint256).max], 150);
        handler.timeOut(8);
        handler.passNotice();
        for (uint256 i = 0; i < 4; ++i) {
            handler.exit(0, i);
            handler.returnVoucher(1, i, 1e17);
        }
        string[9] memory acts = [
            "forge",
            "retire",
            "voidClaim",
            "receiveAgain",
            "freeClaim",
            "open",
            "exit",
            "timeOut",
            "returnVoucher"
        ];
        for (uint256 i = 0; i < acts.length; ++i) {
            assertGt(handler.calls(acts[i]), 0, acts[i]);
        }
        invariant_the_books_hold();
    }

    /// @dev One, so that one campaign serves all four.
    function invariant_the_books_hold() public {
        _requireEscrow();
        _requirePools();
        _requireCover();
        _requireVouchers();
    }

    /// @dev What the vault holds and what was stolen is what the true hub holds and what is on its way.
    function _requireEscrow() private {
        handler.observeAll();
        for (uint256 j = 0; j < 3; ++j) {
            address t = address(tokens[j]);
            assertEq(
                vault.escrowed(CLIENT, t) + desk.getPool(CLIENT, t).pooled + handler.stolen(t),
                hubs[0].held(t) + hubs[0].incoming(t) + hubs[0].outgoing(t) + handler.reopened(t)
            );
        }
    }

    /// @dev Exits take no more than was set aside, nor than the hub owes.
    function _requirePools() private view {
        for (uint256 j = 0; j < 3; ++j) {
            ExitDesk.Pool memory pool = desk.getPool(CLIENT, address(tokens[j]));
            assertLe(pool.paid, pool.pooled);
            assertLe(pool.pooled, pool.total);
            assertEq(pool.total, handler.total(j));
        }
    }

    /// @dev Every token: what the vault holds covers escrows, pools and claims.
    function _requireCover() private view {
        for (uint256 j = 0; j < 3; ++j) {
            address t = address(tokens[j]);
            ExitDesk.Pool memory pool = desk.getPool(CLIENT, t);
            uint256 escrows = vault.escrowed(CLIENT, t) + vault.escrowed("client-1", t);
            assertGe(vault.owed(t), escrows + pool.pooled - pool.paid);
            assertGe(tokens[j].balanceOf(address(vault)), vault.owed(t));
        }
    }

    /// @dev Vouchers are those that came and did not go.
    function _requireVouchers() private view {
        for (uint256 i = 0; i < 2; ++i) {
            VoucherToken voucher = handler.voucherOf(i);
            if (address(voucher) == address(0)) continue;
            assertEq(voucher.totalSupply(), handler.vouchers(i));
            assertEq(voucher.balanceOf(address(vault)), vault.owed(address(voucher)));
        }
    }
}
