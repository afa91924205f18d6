// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice How much of a token may leave over one client in a window: the larger of a share of what is
/// escrowed and a floor.
/// @param shareBps Part of the escrow, in 1/10,000.
/// @param floor In the token's base units.
struct OutflowLimit {
    uint16 shareBps;
    uint32 windowSeconds;
    uint208 floor;
}

/// @notice A limit of a token; the token zero stands for every token without a limit of its own.
struct TokenLimit {
    address token;
    OutflowLimit limit;
}

/// @title Outflow limits by token and client
/// @notice A withdrawal beyond the window is not refused: it takes its place behind those before it, and is
/// paid when the window has moved on. Nobody can hold up another by filling windows, and what a broken
/// counterparty may forge in an hour is bounded.
/// @dev Generic cell rate algorithm (ITU-T I.371): one instant per line, until which its allowance is used
/// up.
/// A withdrawal moves it on by window · amount / allowance; whatever then lies more than a window ahead
/// waits.
abstract contract OutflowLimits {
    /// @notice A limit never stops a token altogether: at least 1 % of the escrow leaves in at most a day.
    uint256 public constant SHARE_BPS_MIN = 100;
    uint256 public constant WINDOW_SECONDS_MAX = 1 days;

    uint256 private constant BPS = 10_000;
    uint256 private constant NANOSECONDS = 1e9;

    mapping(address token => OutflowLimit) private _limits;

    event OutflowLimitSet(address indexed token, OutflowLimit limit);

    error OutflowLimitOutOfBounds(uint256 shareBps, uint256 windowSeconds);

    /// @notice The limit in force for a token.
    function outflowLimit(address token) public view returns (OutflowLimit memory limit) {
        limit = _limits[token];
        if (limit.shareBps == 0) limit = _limits[address(0)];
    }

    function _setOutflowLimit(address token, OutflowLimit memory limit) internal {
        require(
            limit.shareBps >= SHARE_BPS_MIN && limit.shareBps <= BPS && limit.windowSeconds != 0
                && limit.windowSeconds <= WINDOW_SECONDS_MAX,
            OutflowLimitOutOfBounds(limit.shareBps, limit.windowSeconds)
        );
        _limits[token] = limit;
        emit OutflowLimitSet(token, limit);
    }

    /// @dev Books an outflow.
    /// @param usedUntil The line's instant so far, in nanoseconds.
    /// @param escrowed What the line held before.
    /// @return nextUsedUntil The line's instant from now on, in nanoseconds.
    /// @return payableFrom When the outflow may be paid, in seconds; not later than now for at once.
    function _book(address token, uint256 usedUntil, uint256 escrowed, uint256 amount)
        internal
        view
        returns (uint256 nextUsedUntil, uint256 payableFrom)
    {
        uint256 word = _limitWord(token);
        uint256 share = word & type(uint16).max;
        uint256 window = (word >> 16 & type(uint32).max) * NANOSECONDS;
        uint256 allowance;
        // The share is at most all: exact, and no product can overflow
        unchecked {
            allowance = escrowed / BPS * share + escrowed % BPS * share / BPS;
        }
        allowance = Math.max(Math.max(word >> 48, allowance), 1);
        uint256 now_ = block.timestamp * NANOSECONDS;
        nextUsedUntil =
            Math.max(usedUntil, now_) + Math.mulDiv(window, amount, allowance, Math.Rounding.Ceil);
        if (nextUsedUntil <= now_ + window) return (nextUsedUntil, block.timestamp);
        return (nextUsedUntil, Math.ceilDiv(nextUsedUntil - window, NANOSECONDS));
    }

    /// @dev The slot of the limit in force: shareBps, windowSeconds and floor from the lowest bits up. One
    /// that was set is not zero.
    function _limitWord(address token) private view returns (uint256 word) {
        OutflowLimit storage own = _limits[token];
        OutflowLimit storage others = _limits[address(0)];
        assembly ("memory-safe") {
            word := sload(own.slot)
            if iszero(word) { word := sload(others.slot) }
        }
    }
}
