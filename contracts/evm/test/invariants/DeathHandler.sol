// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { TestToken } from "../core/TestTokens.sol";
import { IbcCore } from "../../src/core/IbcCore.sol";
import { Claim } from "../../src/interfaces/IExitVault.sol";
import { ILightClient } from "../../src/interfaces/ILightClient.sol";
import { Packet } from "../../src/interfaces/IbcMessages.sol";
import { VoucherToken } from "../../src/tokens/VoucherToken.sol";
import { CollateralVault } from "../../src/vault/CollateralVault.sol";
import { ExitDesk } from "../../src/vault/ExitDesk.sol";
import { HubAddress } from "../../src/vault/HubAddress.sol";
import { Handler } from "./Handler.sol";
import { HubModel } from "./HubModel.sol";

/// @notice The honest hub's end. Its keys fall into the wrong hands: from height 2 on client-0 proves
/// withdrawals of what nobody owns, and nothing new of the true hub. The client freezes (or expires), is
/// retired, and its owners leave. Vouchers of both hubs come and go all the while.
contract DeathHandler is Handler {
    string internal constant CLIENT = "client-0";
    string internal constant BASE = "uatom";

    ExitDesk public immutable desk;
    bool public isForged;
    bool public isDead;
    bool internal isFrozen;
    uint256 internal steps;

    Sent[] internal forged;
    /// @notice Of a token: what forged withdrawals took out of the escrow and was not taken back.
    mapping(address token => uint256) public stolen;
    /// @notice Of a token: honest withdrawals whose claims were void and that were not received again.
    mapping(address token => uint256) public reopened;
    mapping(uint64 sequence => uint256 amount) internal reopenedAmount;
    /// @notice Of a hub's voucher: issued and not sent back, in the model.
    mapping(uint256 hub => uint256) public vouchers;

    /// @notice What the owners claim of a token's line, and how much there was when the first was paid.
    mapping(uint256 kind => uint256[4]) internal owing;
    mapping(uint256 kind => uint256) public total;
    mapping(uint256 kind => uint256) public atFirstExit;

    constructor(
        IbcCore core_,
        CollateralVault vault_,
        HubModel[2] memory hubs_,
        TestToken[TOKENS] memory tokens_
    ) Handler(core_, vault_, hubs_, tokens_) {
        desk = vault_.exitDesk();
    }

    function forge(uint256 kind, uint256 who, uint256 amount) external {
        if (isDead || ++steps < 4) return;
        kind %= TOKENS;
        address token = address(tokens[kind]);
        amount = bound(amount, 1, vault.escrowed(CLIENT, token) + 10);
        hubs[0].client().setTime(2, uint64(block.timestamp));
        (isForged, isSilent) = (true, true);
        Packet memory packet = hubs[0].sendWithdrawal(token, actors[who % 4], amount, true);
        forged.push(Sent(abi.encode(packet), 0, kind, amount));
        relayForged(forged.length - 1);
        ++calls["forge"];
    }

    function relayForged(uint256 which) public {
        if (forged.length == 0) return;
        Sent memory sent = forged[which % forged.length];
        Packet memory packet = _packet(sent);
        bool wasTaken = _isPaid(packet);
        hubs[0].relay(core, packet);
        if (!wasTaken && _isPaid(packet)) stolen[address(tokens[sent.token])] += sent.amount;
    }

    /// @dev Frozen, the forgeries are gone from what it proves; expired, nothing contradicts them.
    function die(bool expires) external {
        if (isDead || ++steps < 8) return;
        (isDead, isSilent) = (true, true);
        if (expires) return hubs[0].client().stop(ILightClient.Status.Expired, uint64(block.timestamp));
        isFrozen = true;
        hubs[0].client().stop(ILightClient.Status.Frozen, uint64(block.timestamp));
        if (!isForged) return;
        hubs[0].client().setExitHeight(1);
        for (uint256 i = 0; i < forged.length; ++i) {
            hubs[0].forget(_packet(forged[i]));
        }
    }

    function retire() external {
        if (!isDead || core.isRetired(CLIENT)) return;
        vm.warp(block.timestamp + 14 days);
        core.retireClient(CLIENT);
        ++calls["retire"];
    }

    function voidClaim(uint256 id) external {
        id = bound(id, 1, 40);
        try vault.getClaim(id) returns (Claim memory claim) {
            try desk.voidClaim(id) {
                require(core.isRetired(CLIENT) && isForged, "a claim that stands was voided");
                if (_isVoucher(claim.token)) vouchers[0] -= claim.amount;
                else if (_isForged(claim.sequence)) stolen[claim.token] -= claim.amount;
                else _reopen(claim);
                ++calls["voidClaim"];
            } catch { }
        } catch { }
    }

    /// @dev What was void is received once more.
    function relay(uint256 which) public override {
        super.relay(which);
        if (withdrawals.length == 0) return;
        Sent memory sent = withdrawals[which % withdrawals.length];
        Packet memory packet = _packet(sent);
        uint256 amount = reopenedAmount[packet.sequence];
        if (sent.hub != 0 || amount == 0 || _isVoid(packet)) return;
        require(amount == sent.amount, "received again what was not void");
        reopened[address(tokens[sent.token])] -= amount;
        reopenedAmount[packet.sequence] = 0;
        ++calls["receiveAgain"];
    }

    function freeClaim(uint256 id) external {
        try desk.freeClaim(bound(id, 1, 40)) {
            ++calls["freeClaim"];
        } catch { }
    }

    /// @dev Claims of up to one and a half times what the hub holds there, as when its pool was drained.
    function open(uint256 kind, uint256[4] memory shares, uint256 percent) external {
        kind %= TOKENS;
        if (!core.isRetired(CLIENT) || total[kind] != 0) return;
        address token = address(tokens[kind]);
        uint256 books = hubs[0].held(token) * bound(percent, 50, 150) / 100;
        bytes memory line = abi.encodePacked("transfer/", hubs[0].hubClient(), "/", _text(token));
        uint256 sum = 0;
        for (uint256 i = 0; i < 4; ++i) {
            owing[kind][i] = bound(shares[i], 0, books / 4);
            sum += owing[kind][i];
            hubs[0].publish(
                abi.encodePacked(HubAddress.write(bytes20(actors[i])), "/", line),
                abi.encode(bytes32(uint256(uint160(actors[i]))), owing[kind][i])
            );
        }
        if (sum == 0) return;
        total[kind] = sum;
        hubs[0].publish(abi.encodePacked("total/", line), abi.encode(sum));
        desk.open(CLIENT, token, sum, "proof");
        ++calls["open"];
    }

    function passNotice() external {
        if (isDead) vm.warp(block.timestamp + 7 days);
    }

    function exit(uint256 kind, uint256 who) external {
        (kind, who) = (kind % TOKENS, who % 4);
        address token = address(tokens[kind]);
        uint256 amount = owing[kind][who];
        if (total[kind] == 0 || amount == 0) return;
        (uint256 escrow, uint256 kept) = (vault.escrowed(CLIENT, token), desk.keptFor(CLIENT, token));
        uint256 there = escrow > kept ? escrow - kept : 0;
        bytes20 owner = bytes20(actors[who]);
        try desk.exit(CLIENT, owner, token, actors[who], amount, "proof") {
            if (desk.getPool(CLIENT, token).paid == desk.paidTo(CLIENT, owner, token)) {
                if (atFirstExit[kind] == 0) atFirstExit[kind] = there;
            }
            uint256 least = atFirstExit[kind] < total[kind] ? atFirstExit[kind] : total[kind];
            require(desk.paidTo(CLIENT, owner, token) >= amount * least / total[kind], "less than the share");
            require(desk.paidTo(CLIENT, owner, token) <= amount, "more than the claim");
            ++calls["exit"];
        } catch { }
    }

    /// @dev A hub's own token comes as a voucher; forged too.
    function sendVoucher(uint256 hub, uint256 who, uint256 amount) external {
        hub %= 2;
        if (hub == 0 && isDead) return;
        if (hub == 0 && isForged) hubs[0].client().setTime(2, uint64(block.timestamp));
        amount = bound(amount, 1, 1e24);
        Packet memory packet = hubs[hub].sendToken(BASE, actors[who % 4], amount);
        hubs[hub].relay(core, packet);
        if (_isPaid(packet)) vouchers[hub] += amount;
        ++calls["sendVoucher"];
    }

    function returnVoucher(uint256 hub, uint256 who, uint256 amount) external {
        hub %= 2;
        VoucherToken voucher = voucherOf(hub);
        if (address(voucher) == address(0)) return;
        uint256 held = voucher.balanceOf(actors[who % 4]);
        if (held == 0) return;
        amount = bound(amount, 1, held);
        uint64 timeout = uint64(block.timestamp + 1 hours);
        string memory clientId = hubs[hub].evmClient();
        vm.prank(actors[who % 4]);
        try vault.deposit(address(voucher), amount, clientId, "cway1x", timeout, "") {
            vouchers[hub] -= amount;
            ++calls["returnVoucher"];
        } catch { }
    }

    function voucherOf(uint256 hub) public view returns (VoucherToken) {
        return VoucherToken(vault.voucherOf(string.concat("transfer/", hubs[hub].evmClient(), "/", BASE)));
    }

    /// @dev While client-0 is in doubt nothing that it proved is paid, and no forgery once it is frozen.
    function _onPaid(Claim memory claim) internal view override {
        if (!isDead || keccak256(bytes(claim.clientId)) != keccak256(bytes(CLIENT))) return;
        require(core.isRetired(CLIENT), "paid while in doubt");
        require(!isFrozen || !_isForged(claim.sequence), "a forgery was paid");
    }

    function _reopen(Claim memory claim) private {
        reopened[claim.token] += claim.amount;
        reopenedAmount[claim.sequence] = claim.amount;
    }

    function _isVoucher(address token) private view returns (bool) {
        return token == address(voucherOf(0));
    }

    function _isForged(uint64 sequence) private view returns (bool) {
        for (uint256 i = 0; i < forged.length; ++i) {
            if (_packet(forged[i]).sequence == sequence) return true;
        }
        return false;
    }

    function _isVoid(Packet memory packet) private view returns (bool) {
        bytes32 receipt = core.getCommitment(
            keccak256(abi.encodePacked(packet.destClient, bytes1(0x02), packet.sequence))
        );
        return receipt == bytes32(bytes1(0x02));
    }

    function _isPaid(Packet memory packet) private view returns (bool) {
        bytes32 answer = core.getCommitment(
            keccak256(abi.encodePacked(packet.destClient, bytes1(0x03), packet.sequence))
        );
        bytes memory success = '{"result":"AQ=="}';
        return answer == sha256(abi.encodePacked(bytes1(0x02), sha256(success)));
    }
}
