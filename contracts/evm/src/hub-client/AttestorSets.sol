// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { AttestationVerifier } from './AttestationVerifier.sol';
import { HubMessages } from './HubMessages.sol';
import { KnownSet, Progress } from './HubState.sol';

/// @title The sets that attest for the hub, as far as its client knows them
/// @notice New states are believed on the word of the set of their height only. To contradict, a set needs to
/// have been in office within the time in which it can be slashed for what it signs.
/// @dev Source: docs/attestation.md.
abstract contract AttestorSets is HubMessages {
    /// @notice An app hash or next set of zero, or another value that nothing begins with.
    error ZeroValue();
    /// @notice The height is below the first one that this set is known to sign.
    error HeightBelowSet(uint64 startHeight, uint64 actual);
    /// @notice No set that the client knows, or one that it has not known for too long: it contradicts
    /// nothing.
    error SetNotTrusted(bytes32 setHash);
    /// @notice What is attested of this height stands, or the lack of it: nothing more is heard.
    error HeightStands(uint64 standingHeight, uint64 actual);

    /// @notice Another set signs the heights from here on.
    event SetRotated(uint64 indexed startHeight, bytes32 setHash);
    /// @notice A set that was in office from here on, and may contradict from here on; states are not
    /// believed on its word, for the client's own went on with another one.
    event SetLearned(uint64 indexed startHeight, bytes32 setHash);

    /// @notice How long a state is relied on after its attested time.
    uint64 public constant TRUSTING_PERIOD_SECONDS = 14 days;
    /// @notice How long a set may contradict after its time in office, and a state be contradicted: the hub's
    /// unbonding period. As long, and no longer, signers can be slashed for it.
    uint64 public constant HEARING_PERIOD_SECONDS = TRUSTING_PERIOD_SECONDS * 3 / 2;

    /// The first height that is reached in each such span of attested times is marked.
    uint64 private constant MARK_SECONDS = TRUSTING_PERIOD_SECONDS / 14;
    /// A client that lives has a mark among any so many in a row.
    uint256 private constant MARKS_APART_MAX = 15;

    /// @notice SHA-256 of the hub's chain id, as it is signed.
    bytes32 public immutable chainIdHash;
    uint256 private immutable _firstMark;

    /// The set that signs the height above the latest.
    bytes32 internal _setHash;
    bytes32 private _previousSetHash;
    mapping(bytes32 setHash => KnownSet) private _knownSets;
    mapping(uint256 mark => uint64 height) private _marks;

    /// @param chainIdHash_ SHA-256 of the hub's chain id.
    /// @param trusted What the client begins with.
    /// @param trustedSetHash setHash of the set that signed it.
    constructor(bytes32 chainIdHash_, Attestation memory trusted, bytes32 trustedSetHash) {
        if (trusted.appHash == 0 || trusted.nextSetHash == 0 || trustedSetHash == 0) revert ZeroValue();
        chainIdHash = chainIdHash_;
        _setHash = trusted.nextSetHash;
        _previousSetHash = trustedSetHash;
        if (trusted.nextSetHash != trustedSetHash) {
            _knownSets[trustedSetHash] = KnownSet(trusted.height, trusted.timeSeconds);
        }
        _firstMark = trusted.timeSeconds / MARK_SECONDS;
        _marks[_firstMark] = trusted.height;
    }

    /// @dev Verifies a header that is neither known nor in contradiction with what is.
    /// @return isState Whether it is a state, signed by the set of its height; if not, it taught of a set. It
    /// reverts if it is neither.
    function _verifyNew(Header calldata header, Attestation memory attestation, Progress progress)
        internal
        returns (bool isState)
    {
        uint64 height = attestation.height;
        bytes32 signers = AttestationVerifier.hashOfSet(header.set);
        uint64 latest = progress.latestHeight();
        if (height > latest) {
            if (signers == _setHash) {
                _verify(header, attestation);
                return true;
            }
            if (_learn(header, attestation, signers, progress, block.timestamp)) return false;
            revert AttestationVerifier.WrongSet(_setHash, signers);
        }
        // The set that signed up to the latest height; while a rotation is pending, it is the one before
        bool isPending = progress.setStart() == latest + 1;
        uint64 start = isPending ? progress.previousSetStart() : progress.setStart();
        bytes32 current = isPending ? _previousSetHash : _setHash;
        uint64 standing = _standingHeight(block.timestamp - TRUSTING_PERIOD_SECONDS);
        if (height >= start && signers == current && height > standing) {
            _verify(header, attestation);
            // One that names another set than the states went on with
            KnownSet memory named = _namedSet(attestation, signers, progress, block.timestamp);
            if (named.startHeight != 0) _remember(attestation.nextSetHash, named, block.timestamp);
            return true;
        }
        if (_learn(header, attestation, signers, progress, block.timestamp)) return false;
        if (height < start) revert HeightBelowSet(start, height);
        if (signers != current) revert AttestationVerifier.WrongSet(current, signers);
        revert HeightStands(standing, height);
    }

    /// @dev Reverts unless a set signed the header that is heard, at a height where it was in office or
    /// above, and above what stands. Nothing is believed on such a word: it stops the client. There is no
    /// upper bound: a set with honest validators never signs what contradicts the hub, in office or later.
    /// The lower ones are there because a set made up by liars must not take back what is older than it,
    /// and nobody what is older than they can be slashed for, whatever times they attest.
    /// @param atSeconds Now, or when the client stopped.
    function _verifyContradiction(
        Header calldata header,
        Attestation memory attestation,
        Progress progress,
        uint256 atSeconds
    ) internal view {
        bytes32 setHash = AttestationVerifier.hashOfSet(header.set);
        KnownSet memory heard = _heardSet(setHash, progress, atSeconds);
        if (heard.startHeight == 0) revert SetNotTrusted(setHash);
        uint64 height = attestation.height;
        if (height < heard.startHeight) revert HeightBelowSet(heard.startHeight, height);
        uint64 standing = _standingHeight(atSeconds - HEARING_PERIOD_SECONDS);
        if (height <= standing) revert HeightStands(standing, height);
        _verify(header, attestation);
    }

    /// @dev Learns of the set that a header names whose state is not, or no longer, believed: so whoever was
    /// outrun by a set that left can show who was in office, set by set, and contradict.
    /// @return isLearned False if there is nothing to learn from it.
    function _learn(
        Header calldata header,
        Attestation memory attestation,
        bytes32 signers,
        Progress progress,
        uint256 atSeconds
    ) internal returns (bool isLearned) {
        KnownSet memory named = _namedSet(attestation, signers, progress, atSeconds);
        if (named.startHeight == 0) return false;
        if (attestation.height <= _standingHeight(atSeconds - HEARING_PERIOD_SECONDS)) return false;
        _verify(header, attestation);
        _remember(attestation.nextSetHash, named, atSeconds);
        return true;
    }

    /// @dev The set changes above this attestation.
    /// @param startHeight The first height that the set before is known to sign.
    function _rotate(Attestation memory attestation, bytes32 setHash, uint64 startHeight) internal {
        _merge(setHash, KnownSet(startHeight, attestation.timeSeconds), block.timestamp);
        _previousSetHash = setHash;
        _setHash = attestation.nextSetHash;
        emit SetRotated(attestation.height + 1, attestation.nextSetHash);
    }

    /// @dev Marks a height that was reached, if it is the first in its span of times.
    function _mark(Attestation memory attestation, uint64 previousSeconds) internal {
        uint256 mark = attestation.timeSeconds / MARK_SECONDS;
        if (mark != previousSeconds / MARK_SECONDS) _marks[mark] = attestation.height;
    }

    function _verify(Header calldata header, Attestation memory attestation) private view {
        if (attestation.appHash == 0 || attestation.nextSetHash == 0) revert ZeroValue();
        AttestationVerifier.verify(header, attestation, chainIdHash);
    }

    /// @dev What an attestation tells of the set that it names; all zero if that is nothing new, or its
    /// signers are not heard at its height. A set never tells of another for longer than it is heard
    /// itself.
    function _namedSet(
        Attestation memory attestation,
        bytes32 signersHash,
        Progress progress,
        uint256 atSeconds
    ) private view returns (KnownSet memory named) {
        KnownSet memory signers = _heardSet(signersHash, progress, atSeconds);
        if (signers.startHeight == 0 || attestation.height < signers.startHeight) return named;
        uint64 startHeight = attestation.height + 1;
        uint64 endSeconds =
            signers.endSeconds < attestation.timeSeconds ? signers.endSeconds : attestation.timeSeconds;
        if (!_isHeard(endSeconds, atSeconds)) return named;
        KnownSet memory before = _heardSet(attestation.nextSetHash, progress, atSeconds);
        bool isKnown = before.startHeight != 0 && before.startHeight <= startHeight;
        if (!isKnown || before.endSeconds < endSeconds) return KnownSet(startHeight, endSeconds);
    }

    function _remember(bytes32 setHash, KnownSet memory named, uint256 atSeconds) private {
        _merge(setHash, named, atSeconds);
        emit SetLearned(named.startHeight, setHash);
    }

    /// @dev A set is known from the lowest height and to the latest time that is known of it.
    function _merge(bytes32 setHash, KnownSet memory known, uint256 atSeconds) private {
        KnownSet memory before = _knownSets[setHash];
        if (before.startHeight != 0 && _isHeard(before.endSeconds, atSeconds)) {
            if (before.startHeight < known.startHeight) known.startHeight = before.startHeight;
            if (before.endSeconds > known.endSeconds) known.endSeconds = before.endSeconds;
        }
        _knownSets[setHash] = known;
    }

    /// @dev A set that may contradict, or all zero. The one that signs above the latest height may as long as
    /// the client lives.
    function _heardSet(bytes32 setHash, Progress progress, uint256 atSeconds)
        private
        view
        returns (KnownSet memory heard)
    {
        heard = _knownSets[setHash];
        if (!_isHeard(heard.endSeconds, atSeconds)) heard.startHeight = 0;
        if (setHash == _setHash) {
            uint64 start = progress.setStart();
            if (heard.startHeight == 0 || start < heard.startHeight) heard.startHeight = start;
            heard.endSeconds = type(uint64).max;
        }
    }

    function _isHeard(uint64 endSeconds, uint256 atSeconds) private pure returns (bool) {
        return atSeconds < uint256(endSeconds) + HEARING_PERIOD_SECONDS;
    }

    /// @dev The height up to which everything stands at an attested time: the last mark before; zero for
    /// none.
    function _standingHeight(uint256 timeSeconds) private view returns (uint64 height) {
        uint256 mark = timeSeconds / MARK_SECONDS;
        for (uint256 i = 0; i < MARKS_APART_MAX && mark > _firstMark && height == 0; i++) {
            height = _marks[--mark];
        }
    }
}
