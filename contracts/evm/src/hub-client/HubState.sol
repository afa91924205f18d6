// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A state of the hub in one word: 24 bytes that stand for app hash and next set (HubProof opens
/// them), attested time − the time the client was constructed with, height − the height that was the
/// latest before
/// (0 unless it was accepted above it). Zero: there is none.
/// @dev The two differences bound what is accepted to 136 years after, and 2^32 − 1 heights above.
type ConsensusState is bytes32;

/// @notice How far the client is, in one word: what is written with each header that advances it.
type Progress is uint256;

/// @notice A set that signed heights, or that one which is known named for them: one word.
struct KnownSet {
    /// The first height that it is known to sign.
    uint64 startHeight;
    /// An attested time at which it was in office: of the last height that it signed, or that named it.
    uint64 endSeconds;
}

using ConsensusStates for ConsensusState global;
using Progresses for Progress global;

/// @dev commitment 24 bytes ‖ secondsSinceTrusted 4 ‖ heightsSincePrevious 4
library ConsensusStates {
    function pack(bytes24 commitment_, uint32 seconds_, uint32 heights)
        internal
        pure
        returns (ConsensusState)
    {
        return ConsensusState.wrap(bytes32(commitment_) | bytes32((uint256(seconds_) << 32) | heights));
    }

    function exists(ConsensusState state) internal pure returns (bool) {
        return ConsensusState.unwrap(state) != 0;
    }

    function commitment(ConsensusState state) internal pure returns (bytes24) {
        // The upper 24 bytes are meant
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes24(ConsensusState.unwrap(state));
    }

    function secondsSinceTrusted(ConsensusState state) internal pure returns (uint64) {
        return uint32(uint256(ConsensusState.unwrap(state)) >> 32);
    }

    function heightsSincePrevious(ConsensusState state) internal pure returns (uint64) {
        return uint32(uint256(ConsensusState.unwrap(state)));
    }
}

/// @dev isFrozen 1 bit ‖ previousSetStart 64 ‖ setStart 64 ‖ latestTimeSeconds 48 ‖ latestHeight 64
library Progresses {
    uint256 private constant FROZEN = 1 << 240;

    function pack(
        uint64 latestHeight_,
        uint48 latestTimeSeconds_,
        uint64 setStart_,
        uint64 previousSetStart_
    ) internal pure returns (Progress) {
        uint256 upper =
            (uint256(previousSetStart_) << 176) | (uint256(setStart_) << 112);
        return Progress.wrap(upper | (uint256(latestTimeSeconds_) << 64) | latestHeight_);
    }

    function frozen(Progress progress) internal pure returns (Progress) {
        return Progress.wrap(Progress.unwrap(progress) | FROZEN);
    }

    function isFrozen(Progress progress) internal pure returns (bool) {
        return Progress.unwrap(progress) & FROZEN != 0;
    }

    /// @notice The greatest height with a state.
    function latestHeight(Progress progress) internal pure returns (uint64) {
        return uint64(Progress.unwrap(progress));
    }

    /// @notice The attested time of the latest height.
    function latestTimeSeconds(Progress progress) internal pure returns (uint64) {
        return uint48(Progress.unwrap(progress) >> 64);
    }

    /// @notice The first height that the set above the latest height is known to sign: all from here on.
    function setStart(Progress progress) internal pure returns (uint64) {
        return uint64(Progress.unwrap(progress) >> 112);
    }

    /// @notice The first height that the set before it is known to sign: all from here to before `setStart`.
    function previousSetStart(Progress progress) internal pure returns (uint64) {
        return uint64(Progress.unwrap(progress) >> 176);
    }
}
