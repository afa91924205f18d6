// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { TestToken } from "../core/TestTokens.sol";
import { HookToken } from "../vault/OddTokens.sol";
import { IbcCore } from "../../src/core/IbcCore.sol";
import { Claim } from "../../src/interfaces/IExitVault.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { MsgRecvPacket, Packet } from "../../src/interfaces/IbcMessages.sol";
import { CollateralVault } from "../../src/vault/CollateralVault.sol";
import { FungibleTokenPacketData } from "../../src/vault/TransferData.sol";
import { HubModel } from "./HubModel.sol";

/// @notice Everybody at once: depositors, the honest hub and one that lies, relayers that race and repeat,
/// and
/// tokens that come back in. The hubs' models keep what each owes.
contract Handler is Test {
    uint256 internal constant TOKENS = 3;

    IbcCore public immutable core;
    CollateralVault public immutable vault;
    HubModel[2] public hubs;
    TestToken[TOKENS] public tokens;
    address[4] internal actors;

    /// @dev The packet as abi.encode(packet): the compiler can't copy one to storage.
    struct Sent {
        bytes packet;
        uint256 hub;
        uint256 token;
        uint256 amount;
    }

    Sent[] internal deposits;
    Sent[] internal withdrawals;
    /// @notice Nothing new is proven of the honest hub any more: its keys were stolen, or it is dead.
    bool public isSilent;
    mapping(string => uint256) public calls;

    constructor(
        IbcCore core_,
        CollateralVault vault_,
        HubModel[2] memory hubs_,
        TestToken[TOKENS] memory tokens_
    ) {
        (core, vault, hubs, tokens) = (core_, vault_, hubs_, tokens_);
        for (uint256 i = 0; i < actors.length; ++i) {
            actors[i] = vm.addr(100 + i);
        }
    }

    function deposit(uint256 who, uint256 hub, uint256 kind, uint256 amount) external {
        (hub, kind, who) = (hub % 2, kind % TOKENS, who % actors.length);
        amount = bound(amount, 1, 1e24);
        TestToken token = tokens[kind];
        token.mint(actors[who], amount);
        uint256 before = token.balanceOf(address(vault));
        vm.startPrank(actors[who]);
        token.approve(address(vault), amount);
        uint64 timeout = uint64(block.timestamp + 1 hours);
        try vault.deposit(address(token), amount, hubs[hub].evmClient(), "cway1x", timeout, "") returns (
            uint64 sequence
        ) {
            uint256 received = token.balanceOf(address(vault)) - before;
            bytes memory value = abi.encode(
                FungibleTokenPacketData(_text(address(token)), _text(actors[who]), "cway1x", received, "")
            );
            Packet memory packet = hubs[hub].packetToHub(sequence, timeout, value);
            deposits.push(Sent(abi.encode(packet), hub, kind, received));
            hubs[hub].expect(address(token), received);
            ++calls["deposit"];
        } catch { }
        vm.stopPrank();
    }

    /// @dev The hub receives a deposit, or refuses it.
    function hubReceives(uint256 which, bool refuses) external {
        if (deposits.length == 0) return;
        Sent memory sent = deposits[which % deposits.length];
        Packet memory packet = _packet(sent);
        if (block.timestamp >= packet.timeoutTimestamp || _mute(sent.hub)) return;
        if (hubs[sent.hub].receivePacket(core, packet, address(tokens[sent.token]), sent.amount, refuses)) {
            ++calls["hubReceives"];
        }
    }

    function acknowledge(uint256 which) external {
        if (deposits.length == 0) return;
        Sent memory sent = deposits[which % deposits.length];
        try hubs[sent.hub].acknowledge(
            core, _packet(sent), address(tokens[sent.token]), sent.amount
        ) returns (
            bool isEnd
        ) {
            if (isEnd) ++calls["acknowledge"];
        } catch {
            // Only who dealt with the hub that lies may find that there is nothing left to refund
            require(sent.hub == 1 || isSilent, "an honest hub's answer was refused");
        }
    }

    function timeOut(uint256 which) external {
        if (deposits.length == 0) return;
        Sent memory sent = deposits[which % deposits.length];
        if (hubs[sent.hub].timeOut(core, _packet(sent), address(tokens[sent.token]), sent.amount)) {
            ++calls["timeOut"];
        }
    }

    /// @dev The hub sends a withdrawal of what it holds; the second hub also of what it does not.
    function hubWithdraws(uint256 hub, uint256 kind, uint256 who, uint256 amount, bool lies) external {
        (hub, kind, who) = (hub % 2, kind % TOKENS, who % actors.length);
        address token = address(tokens[kind]);
        if (_mute(hub)) return;
        lies = lies && hub == 1;
        uint256 held = hubs[hub].held(token);
        if (!lies && held == 0) return;
        amount = lies ? bound(amount, 1, type(uint256).max) : bound(amount, 1, held);
        Packet memory packet = hubs[hub].sendWithdrawal(token, actors[who], amount, lies);
        withdrawals.push(Sent(abi.encode(packet), hub, kind, lies ? 0 : amount));
        ++calls["hubWithdraws"];
    }

    /// @dev Any relayer, with any withdrawal, any number of times.
    function relay(uint256 which) public virtual {
        if (withdrawals.length == 0) return;
        Sent memory sent = withdrawals[which % withdrawals.length];
        hubs[sent.hub].relay(core, _packet(sent));
        ++calls["relay"];
    }

    /// @dev The hubs learn what became of their withdrawals.
    function observeAll() external {
        for (uint256 i = 0; i < withdrawals.length; ++i) {
            Sent memory sent = withdrawals[i];
            hubs[sent.hub].observe(
                core, _packet(sent), address(tokens[sent.token]), sent.amount, !_mute(sent.hub)
            );
        }
    }

    function payClaim(uint256 id) external {
        id = bound(id, 1, 40);
        try vault.getClaim(id) returns (Claim memory claim) {
            try vault.payClaim(id, claim.recipient) {
                _onPaid(claim);
                ++calls["payClaim"];
            } catch { }
        } catch { }
    }

    function _onPaid(Claim memory claim) internal virtual { }

    /// @dev The token's next transfer calls back into a contract of ours.
    function aimToken(uint256 which, bool atVault) external {
        if (withdrawals.length == 0) return;
        Packet memory packet = _packet(withdrawals[which % withdrawals.length]);
        HookToken hook = HookToken(address(tokens[2]));
        if (atVault) {
            hook.setHook(address(vault), abi.encodeCall(vault.payClaim, (1 + which % 40, actors[0])));
        } else {
            hook.setHook(
                address(core), abi.encodeCall(IIbcCore.recvPacket, (MsgRecvPacket(packet, "proof", 1)))
            );
        }
    }

    function wait(uint256 secondsAhead) external {
        vm.warp(block.timestamp + bound(secondsAhead, 1, 40 minutes));
    }

    function _mute(uint256 hub) internal view returns (bool) {
        return hub == 0 && isSilent;
    }

    function _packet(Sent memory sent) internal pure returns (Packet memory) {
        return abi.decode(sent.packet, (Packet));
    }

    function _text(address account) internal pure returns (string memory) {
        return vm.toLowercase(vm.toString(account));
    }
}
