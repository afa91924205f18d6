// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { StandbyLocked } from "../clearing/ClearingMessages.sol";
import { IClearingPort } from "../interfaces/IClearingPort.sol";
import { IStandbyLines } from "../interfaces/IStandbyLines.sol";
import { IStandbyVault } from "../interfaces/IStandbyVault.sol";
import { TokenFlow } from "../tokens/TokenFlow.sol";
import { HubAddress } from "../vault/HubAddress.sol";

/// @title Standby lines: collateral that stays at home until the hub calls for it
/// @notice A wallet locks tokens for one account of the hub. Only a margin call proven from the hub moves
/// them,
/// to that account and never more than the line holds; the owner takes back the rest 24 hours after asking,
/// after the expiry, or at once if the hub refused the line. Rules: docs/vault.md, "standby lines".
contract StandbyLines is IStandbyLines, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice From asking for a line back to getting it: longer than a margin call lives.
    uint256 public constant UNLOCK_DELAY_SECONDS = 24 hours;
    /// @notice How long the deposit of a pulled amount may take; after that its owner has it back.
    uint256 public constant DEPOSIT_TIMEOUT_SECONDS = 24 hours;
    /// @notice A line lives at most this long, in seconds.
    uint256 public constant LIFETIME_SECONDS_MAX = 3650 days;

    /// @notice A line.
    /// @param unlockableFrom When the owner may take it back, in seconds: the expiry, until they ask.
    struct Line {
        address owner;
        uint64 expirySeconds;
        address token;
        uint64 unlockableFrom;
        uint256 amount;
        bytes20 account;
        uint16 sub;
    }

    /// @notice The client of the hub: margin calls come over it, and deposits go over it.
    string public constant HUB_CLIENT = "client-0";

    /// @notice Where pulled amounts are deposited.
    IStandbyVault public immutable vault;
    /// @notice Passes the hub's margin calls on, and tells the hub of lines.
    IClearingPort public immutable clearingPort;

    mapping(bytes32 line => Line) private _lines;
    mapping(address token => uint256) private _owed;
    uint96 private _lineCount;

    event Locked(
        bytes32 indexed line,
        address indexed owner,
        address indexed token,
        uint256 amount,
        uint64 expirySeconds,
        bytes20 account,
        uint16 sub
    );
    event UnlockRequested(bytes32 indexed line, uint64 unlockableFrom);
    event Unlocked(bytes32 indexed line, address to, uint256 paid);
    event Pulled(bytes32 indexed line, uint256 amount, uint256 left);
    event Released(bytes32 indexed line);

    error Unauthorized(address expected, address caller);
    error ExpiryOutOfBounds(uint256 expirySeconds, uint256 fromSeconds, uint256 toSeconds);
    error LineNotFound(bytes32 line);
    error LineExpired(bytes32 line, uint256 expirySeconds);
    error LineLocked(bytes32 line, uint256 unlockableFrom);
    error ZeroAmount();

    modifier only(address expected) {
        require(msg.sender == expected, Unauthorized(expected, msg.sender));
        _;
    }

    constructor(IStandbyVault vault_, IClearingPort clearingPort_) {
        vault = vault_;
        clearingPort = clearingPort_;
    }

    /// @notice Locks tokens that the caller holds and allowed this contract to take.
    /// @param expirySeconds Until when the hub may call for them.
    /// @param account The account on the hub that they are for.
    /// @param announceTimeout By when the hub has to have heard of the line, in seconds.
    /// @return line The line's name, here and on the hub: its owner (20 bytes), then its number (12 bytes).
    /// By the former the hub knows whose it is: strangers' lines never take the place of an account's own.
    function lock(
        address token,
        uint256 amount,
        uint64 expirySeconds,
        bytes20 account,
        uint16 sub,
        uint64 announceTimeout
    ) external nonReentrant returns (bytes32 line) {
        uint256 latest = block.timestamp + LIFETIME_SECONDS_MAX;
        require(
            expirySeconds > block.timestamp && expirySeconds <= latest,
            ExpiryOutOfBounds(expirySeconds, block.timestamp + 1, latest)
        );
        amount = TokenFlow.pull(IERC20(token), msg.sender, amount, _owed[token]);
        _owed[token] += amount;
        line = bytes32(bytes20(msg.sender)) | bytes32(uint256(++_lineCount));
        _lines[line] = Line(msg.sender, expirySeconds, token, expirySeconds, amount, account, sub);
        emit Locked(line, msg.sender, token, amount, expirySeconds, account, sub);
        clearingPort.announce(
            StandbyLocked(line, bytes32(uint256(uint160(token))), amount, expirySeconds, account, sub),
            announceTimeout
        );
    }

    /// @notice Asks for a line back. The hub may still call for it in the 24 hours that follow.
    function requestUnlock(bytes32 line) external nonReentrant {
        Line storage record = _lines[line];
        require(record.owner == msg.sender, Unauthorized(record.owner, msg.sender));
        uint64 unlockableFrom = uint64(block.timestamp + UNLOCK_DELAY_SECONDS);
        if (unlockableFrom < record.unlockableFrom) record.unlockableFrom = unlockableFrom;
        emit UnlockRequested(line, record.unlockableFrom);
    }

    /// @notice Takes back what a line still holds.
    /// @param to Where to: another address if the token refuses the owner.
    function unlock(bytes32 line, address to) external nonReentrant {
        Line memory record = _lines[line];
        require(record.owner == msg.sender, Unauthorized(record.owner, msg.sender));
        require(block.timestamp >= record.unlockableFrom, LineLocked(line, record.unlockableFrom));
        delete _lines[line];
        uint256 paid = TokenFlow.due(IERC20(record.token), record.amount, _owed[record.token]);
        _owed[record.token] -= record.amount;
        IERC20(record.token).safeTransfer(to, paid);
        emit Unlocked(line, to, paid);
    }

    /// @inheritdoc IStandbyLines
    /// @dev A margin call beyond what the line holds pulls all of it. The deposit's refunds go to the owner.
    function pull(bytes32 line, uint256 amount)
        external
        only(address(clearingPort))
        nonReentrant
        returns (uint256 pulled)
    {
        Line storage record = _lines[line];
        require(record.owner != address(0), LineNotFound(line));
        require(block.timestamp < record.expirySeconds, LineExpired(line, record.expirySeconds));
        if (amount > record.amount) amount = record.amount;
        require(amount != 0, ZeroAmount());
        IERC20 token = IERC20(record.token);
        uint256 paid = TokenFlow.due(token, amount, _owed[record.token]);
        record.amount -= amount;
        _owed[record.token] -= amount;
        token.forceApprove(address(vault), paid);
        pulled = vault.depositFor(
            record.token,
            paid,
            HUB_CLIENT,
            HubAddress.write(record.account, record.sub),
            uint64(block.timestamp + DEPOSIT_TIMEOUT_SECONDS),
            record.owner
        );
        emit Pulled(line, amount, record.amount);
    }

    /// @inheritdoc IStandbyLines
    function release(bytes32 line) external only(address(clearingPort)) nonReentrant {
        Line storage record = _lines[line];
        if (record.owner == address(0)) return;
        record.unlockableFrom = uint64(block.timestamp);
        emit Released(line);
    }

    /// @notice A line as it stands; all zero for none.
    function getLine(bytes32 line) external view returns (Line memory) {
        return _lines[line];
    }

    /// @notice All that this contract owes of a token.
    function owed(address token) external view returns (uint256) {
        return _owed[token];
    }
}
