// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { ReentrancyGuard } from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import { IIbcCore } from "../interfaces/IIbcCore.sol";
import { TokenFlow } from "../tokens/TokenFlow.sol";
import { OutflowLimits } from "./OutflowLimits.sol";

/// @title What the vault holds for whom
/// @notice Escrow is kept by client and token: whatever a client proves takes from its own escrow only.
/// What could not be paid at once stands as a claim of its recipient.
abstract contract VaultLedger is OutflowLimits, ReentrancyGuard {
    using SafeERC20 for IERC20;

    /// @dev What came in over a client and has not gone out again, and the outflow window's instant.
    struct Line {
        uint256 escrowed;
        uint256 usedUntil;
    }

    /// @notice A payment that waits.
    /// @param clientId The client whose proof it rests on; empty for a refund, which rests on nothing more.
    struct Claim {
        address token;
        uint64 payableFrom;
        address recipient;
        uint256 amount;
        string clientId;
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
    error ClaimNotFound(uint256 id);
    error ClaimNotPayableYet(uint256 id, uint256 payableFrom);
    error CallerNotRecipient(address recipient, address caller);
    error ClientInDoubt(string clientId);

    constructor(IIbcCore core_) {
        core = core_;
    }

    /// @notice What the vault holds of a token for a client's counterparty.
    function escrowed(string calldata clientId, address token) external view returns (uint256) {
        return _lines[_hash(clientId)][token].escrowed;
    }

    /// @notice All that the vault owes of a token: every client's escrow and every claim.
    function owed(address token) public view returns (uint256) {
        return _owed[token];
    }

    /// @notice A claim that is not paid yet. Reverts for any other.
    function getClaim(uint256 id) public view returns (Claim memory claim) {
        claim = _claims[id];
        require(claim.amount != 0, ClaimNotFound(id));
    }

    /// @notice Pays a claim. Anyone may have it paid to its recipient; the recipient to any address, for the
    /// token may refuse theirs.
    /// @dev A withdrawal that waited is paid only while the client that proved it still lives, or once it is
    /// retired: time to notice a forgery is what the limit is for.
    function payClaim(uint256 id, address to) external nonReentrant {
        Claim memory claim = getClaim(id);
        require(
            to == claim.recipient || msg.sender == claim.recipient,
            CallerNotRecipient(claim.recipient, msg.sender)
        );
        require(block.timestamp >= claim.payableFrom, ClaimNotPayableYet(id, claim.payableFrom));
        require(
            bytes(claim.clientId).length == 0 || core.isActiveOrRetired(claim.clientId),
            ClientInDoubt(claim.clientId)
        );
        delete _claims[id];
        uint256 paid = _settle(claim.token, claim.amount);
        IERC20(claim.token).safeTransfer(to, paid);
        emit ClaimPaid(id, to, paid);
    }

    /// @dev Books tokens that came in over a client.
    function _addEscrow(string memory clientId, address token, uint256 amount) internal {
        _lines[_hash(clientId)][token].escrowed += amount;
        _owed[token] += amount;
    }

    /// @dev Pays a withdrawal out of a client's escrow now, or as a claim when the window is used up. A
    /// payment that fails reverts: the withdrawal is refused, and refunded where it came from.
    function _withdraw(string calldata clientId, address token, address recipient, uint256 amount) internal {
        Line storage line = _takeEscrow(clientId, token, amount);
        uint256 payableFrom;
        (line.usedUntil, payableFrom) = _book(token, line.usedUntil, line.escrowed + amount, amount);
        if (payableFrom > block.timestamp) {
            _claim(Claim(token, uint64(payableFrom), recipient, amount, clientId));
        } else {
            IERC20(token).safeTransfer(recipient, _settle(token, amount));
        }
    }

    /// @dev Pays out of a client's escrow without a limit; a payment that fails becomes a claim.
    function _payBack(string calldata clientId, address token, address recipient, uint256 amount) internal {
        _takeEscrow(clientId, token, amount);
        uint256 paid = _settle(token, amount);
        if (IERC20(token).trySafeTransfer(recipient, paid)) return;
        _owed[token] += amount;
        _claim(Claim(token, uint64(block.timestamp), recipient, amount, ""));
    }

    /// @dev The amount, or what a client's escrow still holds. Reverts when that is nothing.
    function _atMostEscrow(string calldata clientId, address token, uint256 amount)
        internal
        view
        returns (uint256)
    {
        uint256 left = _lines[_hash(clientId)][token].escrowed;
        require(left != 0, EscrowExceeded(token, 0, amount));
        return amount < left ? amount : left;
    }

    function _takeEscrow(string calldata clientId, address token, uint256 amount)
        private
        returns (Line storage line)
    {
        line = _lines[_hash(clientId)][token];
        require(amount <= line.escrowed, EscrowExceeded(token, line.escrowed, amount));
        line.escrowed -= amount;
    }

    /// @dev Strikes a debt, and says what is to be paid for it.
    function _settle(address token, uint256 amount) private returns (uint256 paid) {
        paid = TokenFlow.due(IERC20(token), amount, _owed[token]);
        _owed[token] -= amount;
    }

    function _claim(Claim memory claim) private {
        uint256 id = ++_claimCount;
        _claims[id] = claim;
        emit ClaimCreated(id, claim.recipient, claim.token, claim.amount, claim.payableFrom, claim.clientId);
    }

    function _hash(string memory clientId) private pure returns (bytes32) {
        return keccak256(bytes(clientId));
    }
}
