// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { Commitments } from "../core/Commitments.sol";
import { Claim, IExitVault } from "../interfaces/IExitVault.sol";
import { IIbcCore } from "../interfaces/IIbcCore.sol";
import { Packet } from "../interfaces/IbcMessages.sol";
import { TokenFlow } from "../tokens/TokenFlow.sol";
import { OutflowLimits } from "./OutflowLimits.sol";

/// @title What the vault holds for whom
/// @notice Escrow is kept by client and token: whatever a client proves takes from its own escrow only.
/// What could not be paid at once stands as a claim of its recipient.
abstract contract VaultLedger is IExitVault, OutflowLimits, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev What came in over a client and has not gone out again, and the outflow window's instant, in
    /// nanoseconds. One slot, for every withdrawal writes both.
    struct Line {
        uint128 escrowed;
        uint128 usedUntil;
    }

    /// @notice The core that this vault obeys.
    IIbcCore public immutable core;

    mapping(bytes32 clientHash => mapping(address token => Line)) private _lines;
    mapping(address token => uint256) private _owed;
    mapping(uint256 id => Claim) private _claims;
    uint256 private _claimCount;

    /// @notice A payment waits: beyond the outflow window (until `payableFrom`), or because it failed.
    event ClaimCreated(
        uint256 indexed id,
        address indexed recipient,
        address indexed token,
        uint256 amount,
        uint64 payableFrom,
        string clientId
    );
    /// @notice A claim was paid; `paid` is less than its amount only if the token is impaired.
    event ClaimPaid(uint256 indexed id, address to, uint256 paid);

    error EscrowExceeded(address token, uint256 escrowed, uint256 amount);
    error PaymentRefused(address token, address recipient, uint256 amount);
    error ClaimNotFound(uint256 id);
    error ClaimNotPayableYet(uint256 id, uint256 payableFrom);
    error CallerNotRecipient(address recipient, address caller);
    error ClientInDoubt(string clientId);

    constructor(IIbcCore core_) {
        core = core_;
    }

    /// @notice What the vault holds of a token for a client's counterparty.
    function escrowed(string calldata clientId, address token) external view returns (uint256) {
        return _line(clientId, token).escrowed;
    }

    /// @notice All that the vault owes of a token: every client's escrow and every claim.
    function owed(address token) public view returns (uint256) {
        return _owed[token];
    }

    /// @inheritdoc IExitVault
    function getClaim(uint256 id) public view returns (Claim memory claim) {
        claim = _claims[id];
        require(claim.amount != 0, ClaimNotFound(id));
    }

    /// @notice Pays a claim. Anyone may have it paid to its recipient; the recipient to any address, for the
    /// token may refuse theirs.
    /// @dev A withdrawal that waited is paid only while the client that proved it lives, or, once it is
    /// retired, if nothing contradicts what it was proven under: time to notice a forgery is what the limit
    /// is for, so that then it holds back nothing more. ExitDesk takes back the others.
    function payClaim(uint256 id, address to) external nonReentrant {
        Claim memory claim = getClaim(id);
        require(
            to == claim.recipient || msg.sender == claim.recipient,
            CallerNotRecipient(claim.recipient, msg.sender)
        );
        require(
            block.timestamp >= claim.payableFrom || core.isRetired(claim.clientId),
            ClaimNotPayableYet(id, claim.payableFrom)
        );
        require(
            bytes(claim.clientId).length == 0 || core.isStanding(claim.clientId, claim.seenHeight),
            ClientInDoubt(claim.clientId)
        );
        delete _claims[id];
        uint256 paid = _settle(claim.token, claim.amount);
        IERC20(claim.token).safeTransfer(to, paid);
        emit ClaimPaid(id, to, paid);
    }

    /// @dev Books tokens that came in over a client.
    function _addEscrow(string memory clientId, address token, uint256 amount) internal {
        Line storage line = _line(clientId, token);
        line.escrowed = (line.escrowed + amount).toUint128();
        _owed[token] += amount;
    }

    /// @dev Pays a withdrawal out of a client's escrow now, or as a claim when the window is used up. A
    /// payment that fails reverts: the withdrawal is refused, and refunded where it came from. A dead
    /// counterparty would never hear of that: then it is kept as a claim.
    function _withdraw(Packet calldata packet, address token, address recipient, uint256 amount) internal {
        uint256 payableFrom = _takeWithinWindow(_lineOf(packet.destClient, token), token, amount);
        uint256 paid = _settle(token, amount);
        if (_isHeldBack(payableFrom, packet.destClient)) {
            return _wait(packet, token, recipient, amount, payableFrom);
        }
        if (IERC20(token).trySafeTransfer(recipient, paid)) return;
        require(core.isRetired(packet.destClient), PaymentRefused(token, recipient, paid));
        _keep(token, recipient, amount);
    }

    /// @dev Keeps a withdrawal of tokens that the vault holds until its window has moved on.
    function _wait(
        Packet calldata packet,
        address token,
        address recipient,
        uint256 amount,
        uint256 payableFrom
    ) internal {
        string calldata clientId = packet.destClient;
        Claim memory claim;
        (claim.token, claim.payableFrom) = (token, uint64(payableFrom));
        (claim.recipient, claim.amount) = (recipient, amount);
        claim.seenHeight = core.getClient(clientId).exitHeight();
        (claim.sequence, claim.commitment) = (packet.sequence, Commitments.ofPacket(packet));
        claim.clientId = clientId;
        _claim(claim);
    }

    /// @dev Whether the outflow window holds a payment back. Over a retired client it does not: nothing can
    /// come to light any more, and what forgeries used up of it must not hold up the others.
    function _isHeldBack(uint256 payableFrom, string calldata clientId) internal view returns (bool) {
        return payableFrom > block.timestamp && !core.isRetired(clientId);
    }

    /// @dev Moves a line's window on by an outflow, and says when that may be paid, in seconds.
    /// @param held What the window is a share of.
    function _bookOutflow(Line storage line, address token, uint256 held, uint256 amount)
        internal
        returns (uint256 payableFrom)
    {
        uint256 usedUntil;
        (usedUntil, payableFrom) = _book(token, line.usedUntil, held, amount);
        line.usedUntil = usedUntil.toUint128();
    }

    /// @dev Pays out of a client's escrow without a limit; a payment that fails becomes a claim.
    function _payBack(string calldata clientId, address token, address recipient, uint256 amount) internal {
        _takeEscrow(clientId, token, amount);
        _payOrKeep(token, recipient, amount);
    }

    /// @dev Pays a debt that is part of no escrow any more; a payment that fails becomes a claim.
    function _payOrKeep(address token, address recipient, uint256 amount) internal {
        uint256 paid = _settle(token, amount);
        if (!IERC20(token).trySafeTransfer(recipient, paid)) _keep(token, recipient, amount);
    }

    /// @dev Sets tokens of a client's escrow aside, as many as there are beyond `kept`, up to `amountMax`;
    /// they stay a debt.
    function _reserve(string calldata clientId, address token, uint256 amountMax, uint256 kept)
        internal
        returns (uint256 reserved)
    {
        reserved = Math.min(Math.saturatingSub(_line(clientId, token).escrowed, kept), amountMax);
        _takeEscrow(clientId, token, reserved);
    }

    /// @dev Takes a claim and its debt out of the books.
    function _takeClaim(uint256 id) internal returns (Claim memory claim) {
        claim = getClaim(id);
        delete _claims[id];
        _owed[claim.token] -= claim.amount;
    }

    function _line(string memory clientId, address token) internal view returns (Line storage) {
        return _lines[keccak256(bytes(clientId))][token];
    }

    /// @dev As `_line`, without a copy of the id.
    function _lineOf(string calldata clientId, address token) internal view returns (Line storage) {
        bytes32 clientHash;
        assembly ("memory-safe") {
            let id := mload(0x40)
            calldatacopy(id, clientId.offset, clientId.length)
            clientHash := keccak256(id, clientId.length)
        }
        return _lines[clientHash][token];
    }

    /// @dev Takes a withdrawal out of escrow and moves the window on: one slot (escrowed is its lower half),
    /// read and written once.
    function _takeWithinWindow(Line storage place, address token, uint256 amount)
        private
        returns (uint256 payableFrom)
    {
        uint256 word;
        assembly ("memory-safe") {
            word := sload(place.slot)
        }
        uint256 held = word & type(uint128).max;
        require(amount <= held, EscrowExceeded(token, held, amount));
        uint256 usedUntil;
        (usedUntil, payableFrom) = _book(token, word >> 128, held, amount);
        word = (uint256(usedUntil.toUint128()) << 128) | (held - amount);
        assembly ("memory-safe") {
            sstore(place.slot, word)
        }
    }

    function _takeEscrow(string calldata clientId, address token, uint256 amount) private {
        Line storage line = _lineOf(clientId, token);
        require(amount <= line.escrowed, EscrowExceeded(token, line.escrowed, amount));
        // Not more than what stands there
        // forge-lint: disable-next-line(unsafe-typecast)
        line.escrowed -= uint128(amount);
    }

    /// @dev Strikes a debt, and says what is to be paid for it.
    function _settle(address token, uint256 amount) private returns (uint256 paid) {
        uint256 owedBefore = _owed[token];
        _owed[token] = owedBefore - amount;
        paid = TokenFlow.due(IERC20(token), amount, owedBefore);
    }

    /// @dev Keeps a payment that the token refused, for its recipient to collect elsewhere or later.
    function _keep(address token, address recipient, uint256 amount) private {
        _claim(Claim(token, uint64(block.timestamp), recipient, 0, amount, 0, 0, ""));
    }

    /// @dev Every claim is a debt.
    function _claim(Claim memory claim) private {
        _owed[claim.token] += claim.amount;
        uint256 id = ++_claimCount;
        _claims[id] = claim;
        emit ClaimCreated(id, claim.recipient, claim.token, claim.amount, claim.payableFrom, claim.clientId);
    }
}
