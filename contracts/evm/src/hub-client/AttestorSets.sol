// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { AttestationVerifier } from './AttestationVerifier.sol';
import { HubMessages } from './HubMessages.sol';
import { Progress, RetiredSet } from './HubState.sol';

/// @title The sets that attest for the hub, as far as its client knows them
/// @notice New states are believed on the word of the set of their height only. To contradict, a set needs to
/// be trusted now or to have been within the trusting period.
/// @dev Source: docs/attestation.md.
abstract contract AttestorSets is HubMessages {
    /// @notice An app hash or next set of zero.
    error ZeroValue();
    /// @notice The height is below the first one that this set is known to sign.
    error HeightBelowSet(uint64 startHeight, uint64 actual);
    /// @notice No set that the client trusts or trusted within the trusting period: it contradicts nothing.
    error SetNotTrusted(bytes32 setHash);

    /// @notice Another set signs the heights from here on.
    event SetRotated(uint64 indexed startHeight, bytes32 setHash);

    /// @notice How long a state, or a set that has signed one, is relied on after its attested time.
    uint64 public constant TRUSTING_PERIOD_SECONDS = 14 days;

    /// @notice SHA-256 of the hub's chain id, as it is signed.
    bytes32 public immutable chainIdHash;

    /// The set that signs the height above the latest.
    bytes32 internal _setHash;
    bytes32 private _previousSetHash;
    mapping(bytes32 setHash => RetiredSet) private _retiredSets;

    /// @param chainIdHash_ SHA-256 of the hub's chain id.
    /// @param trusted What the client begins with.
    /// @param trustedSetHash setHash of the set that signed it.
    constructor(bytes32 chainIdHash_, Attestation memory trusted, bytes32 trustedSetHash) {
        if (trusted.appHash == 0 || trusted.nextSetHash == 0 || trustedSetHash == 0) revert ZeroValue();
        chainIdHash = chainIdHash_;
        _setHash = trusted.nextSetHash;
        _previousSetHash = trustedSetHash;
        if (trusted.nextSetHash != trustedSetHash) {
            _retiredSets[trustedSetHash] = RetiredSet(trusted.height, trusted.timeSeconds);
        }
    }

    /// @dev Reverts unless the set that signs the header's height did. Nothing below the start of the current
    /// set is accepted; while a rotation is pending, the current one is `_previousSetHash`'s.
    function _verifyNew(Header calldata header, Attestation memory attestation, Progress progress)
        internal
        view
    {
        uint64 height = attestation.height;
        uint64 start = progress.setStart();
        bytes32 setHash;
        if (height >= start) {
            setHash = _setHash;
        } else {
            if (start == progress.latestHeight() + 1) start = progress.previousSetStart();
            if (height < start) revert HeightBelowSet(start, height);
            setHash = _previousSetHash;
        }
        _verify(header, attestation, setHash);
    }

    /// @dev Reverts unless a set signed the header that is trusted, or was within the trusting period by the
    /// attested time of the last height it signed, and that height or one before was its first. Nothing is
    /// believed on such a word: it stops the client. There is no upper bound: a set with honest validators
    /// never signs what contradicts the hub, in office or later. The lower one is there because a set made up
    /// by liars must not take back what is older than it.
    function _verifyContradiction(Header calldata header, Attestation memory attestation, Progress progress)
        internal
        view
    {
        bytes32 setHash = AttestationVerifier.hashOfSet(header.set);
        uint64 start = progress.setStart();
        RetiredSet memory retired = _retiredSets[setHash];
        if (_isTrusted(retired)) start = retired.startHeight;
        else if (setHash != _setHash) revert SetNotTrusted(setHash);
        if (attestation.height < start) revert HeightBelowSet(start, attestation.height);
        _verify(header, attestation, setHash);
    }

    /// @dev The set changes above this attestation.
    /// @param startHeight The first height that the set before is known to sign.
    function _rotate(Attestation memory attestation, bytes32 setHash, uint64 startHeight) internal {
        RetiredSet memory before = _retiredSets[setHash];
        // One that comes back while it is still trusted stays known from its first height on
        if (_isTrusted(before)) startHeight = before.startHeight;
        _retiredSets[setHash] = RetiredSet(startHeight, attestation.timeSeconds);
        _previousSetHash = setHash;
        _setHash = attestation.nextSetHash;
        emit SetRotated(attestation.height + 1, attestation.nextSetHash);
    }

    function _verify(Header calldata header, Attestation memory attestation, bytes32 setHash) private view {
        if (attestation.appHash == 0 || attestation.nextSetHash == 0) revert ZeroValue();
        AttestationVerifier.verify(header, attestation, chainIdHash, setHash);
    }

    /// @dev Not for a set without a record.
    function _isTrusted(RetiredSet memory retired) private view returns (bool) {
        return
            retired.startHeight != 0
                && block.timestamp < uint256(retired.endSeconds) + TRUSTING_PERIOD_SECONDS;
    }
}
