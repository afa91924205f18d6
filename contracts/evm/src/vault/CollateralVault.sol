// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { Commitments } from "../core/Commitments.sol";
import { Claim, IExitVault } from "../interfaces/IExitVault.sol";
import { IIbcApplication } from "../interfaces/IIbcApplication.sol";
import { IIbcCore } from "../interfaces/IIbcCore.sol";
import { MsgSendPacket, Packet, Payload } from "../interfaces/IbcMessages.sol";
import { ISignatureTransfer } from "../interfaces/ISignatureTransfer.sol";
import { IStandbyVault } from "../interfaces/IStandbyVault.sol";
import { IWrappedEther } from "../interfaces/IWrappedEther.sol";
import { TokenFlow } from "../tokens/TokenFlow.sol";
import { VoucherToken } from "../tokens/VoucherToken.sol";
import { AddressText } from "./AddressText.sol";
import { ExitDesk } from "./ExitDesk.sol";
import { HubAddress } from "./HubAddress.sol";
import { OutflowLimit, TokenLimit } from "./OutflowLimits.sol";
import { FungibleTokenPacketData, TransferData } from "./TransferData.sol";
import { VaultLedger } from "./VaultLedger.sol";
import { Vouchers } from "./Vouchers.sol";

/// @notice A signature by EIP-2612.
struct Permit {
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @notice A signature for Permit2's `permitTransferFrom`, the vault being the spender.
struct Permit2 {
    uint256 nonce;
    uint256 deadline;
    bytes signature;
}

/// @notice Addresses that a vault is made for.
struct VaultWiring {
    IIbcCore core;
    address clearingPort;
    address standbyLines;
    address wrappedEther;
    ISignatureTransfer permit2;
}

/// @title Collateral vault: ICS-20 on the EVM
/// @notice Tokens go in by a deposit, which sends a packet, and come out by a packet proven from where they
/// went. Nobody else moves them: no owner, no upgrade; the hub's governance sets outflow limits, within
/// bounds.
/// Rules for odd tokens, the outflow window and exit mode: contracts/evm/docs/vault.md.
contract CollateralVault is VaultLedger, Vouchers, IStandbyVault {
    /// @notice Sets parameters, as the hub's governance decided.
    address public immutable clearingPort;
    /// @notice Deposits pulled standby lines.
    address public immutable standbyLines;
    /// @notice WETH: what a deposit of ETH becomes.
    address public immutable wrappedEther;
    /// @notice Uniswap's Permit2.
    ISignatureTransfer public immutable permit2;
    /// @notice Pays what dead counterparties owed.
    ExitDesk public immutable exitDesk;

    /// @notice A deposit left. `amount` is what the vault received.
    event Deposited(
        address indexed sender, address indexed token, uint256 amount, string clientId, uint64 sequence
    );

    error Unauthorized(address expected, address caller);
    error InvalidReceiver(string receiver);
    error UnknownAcknowledgement(bytes acknowledgement);

    /// @dev What a deposit says, in memory: one argument instead of nine.
    struct Deposit {
        address token;
        uint256 amount;
        string clientId;
        string receiver;
        uint64 timeoutTimestamp;
        string memo;
        address sender;
    }

    modifier only(address expected) {
        _only(expected);
        _;
    }

    /// @param defaultLimit For every token that `limits` does not name.
    constructor(VaultWiring memory wiring, OutflowLimit memory defaultLimit, TokenLimit[] memory limits)
        VaultLedger(wiring.core)
    {
        clearingPort = wiring.clearingPort;
        standbyLines = wiring.standbyLines;
        wrappedEther = wiring.wrappedEther;
        permit2 = wiring.permit2;
        exitDesk = new ExitDesk(wiring.core);
        _setOutflowLimit(address(0), defaultLimit);
        for (uint256 i = 0; i < limits.length; ++i) {
            _setOutflowLimit(limits[i].token, limits[i].limit);
        }
    }

    /// @notice Deposits a token that the caller holds and allowed this vault to take; a voucher needs no
    /// allowance. What the vault receives is what the packet carries: less than `amount` for some odd tokens.
    /// @param receiver On the hub `cway1…`, optionally `/subaccount`: see `hubAddress`.
    /// @param timeoutTimestamp Seconds, at most 24 hours ahead; unless it is received by then, it is
    /// refunded.
    /// @return sequence The packet's.
    function deposit(
        address token,
        uint256 amount,
        string calldata clientId,
        string calldata receiver,
        uint64 timeoutTimestamp,
        string calldata memo
    ) external nonReentrant returns (uint64 sequence) {
        return _deposit(Deposit(token, amount, clientId, receiver, timeoutTimestamp, memo, msg.sender));
    }

    /// @notice As `deposit`, with the allowance signed by EIP-2612.
    /// @dev A permit that somebody else used first has done its work: the allowance decides.
    function depositWithPermit(
        address token,
        uint256 amount,
        string calldata clientId,
        string calldata receiver,
        uint64 timeoutTimestamp,
        string calldata memo,
        Permit calldata permit
    ) external nonReentrant returns (uint64 sequence) {
        try IERC20Permit(token)
            .permit(msg.sender, address(this), amount, permit.deadline, permit.v, permit.r, permit.s) { }
            catch { }
        return _deposit(Deposit(token, amount, clientId, receiver, timeoutTimestamp, memo, msg.sender));
    }

    /// @notice As `deposit`, with a transfer signed for Permit2.
    function depositWithPermit2(
        address token,
        uint256 amount,
        string calldata clientId,
        string calldata receiver,
        uint64 timeoutTimestamp,
        string calldata memo,
        Permit2 calldata permit
    ) external nonReentrant returns (uint64 sequence) {
        Deposit memory order = Deposit(token, amount, clientId, receiver, timeoutTimestamp, memo, msg.sender);
        order.amount = _pullByPermit2(token, amount, permit);
        string memory denom = denomOf(token);
        if (!TransferData.hasHop(denom, clientId)) return _sendEscrowed(order, denom);
        VoucherToken(token).burn(address(this), order.amount);
        return _send(order, denom);
    }

    /// @notice Deposits the ETH sent along, as WETH; what comes back, comes back as WETH.
    function depositETH(
        string calldata clientId,
        string calldata receiver,
        uint64 timeoutTimestamp,
        string calldata memo
    ) external payable nonReentrant returns (uint64 sequence) {
        address token = wrappedEther;
        uint256 held = TokenFlow.requireWhole(IERC20(token), owed(token));
        IWrappedEther(token).deposit{ value: msg.value }();
        uint256 received = TokenFlow.measure(IERC20(token), held, msg.value);
        return _sendEscrowed(
            Deposit(token, received, clientId, receiver, timeoutTimestamp, memo, msg.sender), denomOf(token)
        );
    }

    /// @inheritdoc IStandbyVault
    function depositFor(
        address token,
        uint256 amount,
        string calldata clientId,
        string calldata receiver,
        uint64 timeoutTimestamp,
        address sender
    ) external only(standbyLines) nonReentrant returns (uint256 received) {
        Deposit memory order = Deposit(token, amount, clientId, receiver, timeoutTimestamp, "", sender);
        _deposit(order);
        return order.amount;
    }

    /// @inheritdoc IExitVault
    function reserve(string calldata clientId, address token, uint256 amountMax, uint256 kept)
        external
        only(address(exitDesk))
        nonReentrant
        returns (uint256 reserved)
    {
        return _reserve(clientId, token, amountMax, kept);
    }

    /// @inheritdoc IExitVault
    function payReserved(address token, address recipient, uint256 amount)
        external
        only(address(exitDesk))
        nonReentrant
    {
        _payOrKeep(token, recipient, amount);
    }

    /// @inheritdoc IExitVault
    function dropClaim(uint256 id)
        external
        only(address(exitDesk))
        nonReentrant
        returns (uint256 returned)
    {
        Claim memory claim = _takeClaim(id);
        if (TransferData.hasHop(denomOf(claim.token), claim.clientId)) {
            VoucherToken(claim.token).burn(address(this), claim.amount);
            return 0;
        }
        _addEscrow(claim.clientId, claim.token, claim.amount);
        return claim.amount;
    }

    /// @notice Sets the outflow limit of a token, or with the token zero that of all others; only a message
    /// proven from the hub's governance, within bounds that never stop a token.
    function setOutflowLimit(address token, OutflowLimit calldata limit) external only(clearingPort) {
        _setOutflowLimit(token, limit);
    }

    /// @inheritdoc IIbcApplication
    function onRecvPacket(Packet calldata packet)
        external
        only(address(core))
        nonReentrant
        returns (bytes memory acknowledgement)
    {
        (bytes calldata denom, bytes calldata text, uint256 amount) =
            TransferData.read(packet.payloads[0], TransferData.RECEIVER);
        (bool valid, address receiver) = AddressText.tryRead(text);
        require(valid && receiver != address(0) && receiver != address(this), InvalidReceiver(string(text)));
        uint256 hop = TransferData.hopLength(denom, packet.sourceClient);
        if (hop != 0) {
            _withdraw(packet, _tokenOf(denom[hop:]), receiver, amount);
        } else {
            bytes memory path = bytes.concat(TransferData.hopOf(packet.destClient), denom);
            _issue(packet, _ensureVoucher(path), receiver, amount);
        }
        return TransferData.SUCCESS_ACKNOWLEDGEMENT;
    }

    /// @inheritdoc IIbcApplication
    function onAcknowledgementPacket(Packet calldata packet, bytes calldata acknowledgement)
        external
        only(address(core))
        nonReentrant
    {
        if (Commitments.isError(acknowledgement)) return _refund(packet);
        require(
            keccak256(acknowledgement) == TransferData.SUCCESS_ACKNOWLEDGEMENT_HASH,
            UnknownAcknowledgement(acknowledgement)
        );
    }

    /// @inheritdoc IIbcApplication
    function onTimeoutPacket(Packet calldata packet) external only(address(core)) nonReentrant {
        _refund(packet);
    }

    /// @notice The account on the hub that belongs to an EVM wallet.
    function hubAddress(address wallet) external pure returns (string memory) {
        return HubAddress.write(bytes20(wallet));
    }

    function _only(address expected) private view {
        require(msg.sender == expected, Unauthorized(expected, msg.sender));
    }

    /// @dev Takes the tokens from the caller; `order.amount` becomes what was received.
    function _deposit(Deposit memory order) private returns (uint64 sequence) {
        string memory denom = denomOf(order.token);
        if (TransferData.hasHop(denom, order.clientId)) {
            VoucherToken(order.token).burn(msg.sender, order.amount);
            return _send(order, denom);
        }
        order.amount = TokenFlow.pull(IERC20(order.token), msg.sender, order.amount, owed(order.token));
        return _sendEscrowed(order, denom);
    }

    function _pullByPermit2(address token, uint256 amount, Permit2 calldata permit)
        private
        returns (uint256 received)
    {
        uint256 held = TokenFlow.requireWhole(IERC20(token), owed(token));
        permit2.permitTransferFrom(
            ISignatureTransfer.PermitTransferFrom(
                ISignatureTransfer.TokenPermissions(token, amount), permit.nonce, permit.deadline
            ),
            ISignatureTransfer.SignatureTransferDetails(address(this), amount),
            msg.sender,
            permit.signature
        );
        return TokenFlow.measure(IERC20(token), held, amount);
    }

    function _sendEscrowed(Deposit memory order, string memory denom) private returns (uint64 sequence) {
        _addEscrow(order.clientId, order.token, order.amount);
        return _send(order, denom);
    }

    function _send(Deposit memory order, string memory denom) private returns (uint64 sequence) {
        FungibleTokenPacketData memory data = FungibleTokenPacketData(
            denom, AddressText.write(order.sender), order.receiver, order.amount, order.memo
        );
        Payload memory payload = TransferData.write(data);
        sequence = core.sendPacket(MsgSendPacket(order.clientId, order.timeoutTimestamp, payload));
        emit Deposited(order.sender, order.token, order.amount, order.clientId, sequence);
    }

    /// @dev Mints what came now, or into the vault's own hands as a claim when the window is used up. It is a
    /// share of all there are, these included: however many come, they wait a bounded time.
    function _issue(Packet calldata packet, VoucherToken voucher, address receiver, uint256 amount) private {
        address token = address(voucher);
        uint256 supply = voucher.totalSupply() + amount;
        uint256 payableFrom = _bookOutflow(_line(packet.destClient, token), token, supply, amount);
        if (!_isHeldBack(payableFrom, packet.destClient)) return voucher.mint(receiver, amount);
        voucher.mint(address(this), amount);
        _wait(packet, token, receiver, amount, payableFrom);
    }

    /// @dev Mirrors the deposit whose packet failed; the payload is as this vault wrote it.
    function _refund(Packet calldata packet) private {
        (bytes calldata denom, bytes calldata text, uint256 amount) =
            TransferData.read(packet.payloads[0], TransferData.SENDER);
        (, address sender) = AddressText.tryRead(text);
        address token = _tokenOf(denom);
        if (TransferData.hopLength(denom, packet.sourceClient) != 0) {
            VoucherToken(token).mint(sender, amount);
        } else {
            _payBack(packet.sourceClient, token, sender, amount);
        }
    }
}
