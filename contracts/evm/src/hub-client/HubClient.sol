// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ILightClient } from '../interfaces/ILightClient.sol';
import { HubProof } from '../ics23/HubProof.sol';
import { ProvenNodes } from '../ics23/ProvenNodes.sol';
import { AttestationVerifier } from './AttestationVerifier.sol';
import { AttestorSets } from './AttestorSets.sol';
import { ConsensusState, ConsensusStates, Progress, Progresses } from './HubState.sol';

/// @title The hub's light client: follows the hub by its validators' attestations, proves its state
/// @notice No owner and no upgrade. What it believes follows from the attestation it was constructed with and
/// from attestations signed by more than 2/3 of the set that the one before names. Two that contradict each
/// other freeze it for ever; so does, in effect, no new one for the trusting period. After that only exit
/// mode is left: proofs under the last accepted state that nothing contradicts.
/// @dev Sources: docs/attestation.md; ICS-02; EIP-2537, EIP-1153.
contract HubClient is ILightClient, AttestorSets {
    /// @notice Written when the client is frozen.
    /// @param frozenAtSeconds Or when it expired, if that was before.
    struct Freeze {
        uint64 frozenAtSeconds;
        uint64 exitHeight;
    }

    /// @notice Only the core may change the client.
    error NotCore(address expected, address actual);
    /// @notice The client is not in a status in which it does this.
    error WrongStatus(Status actual);
    /// @notice The message is not ABI-encoded as expected: this offset is another.
    error MessageOffset(uint256 expected, uint256 actual);
    /// @notice The attested time has to be below the block's and what clocks may differ by.
    error FromTheFuture(uint256 boundSeconds, uint256 actualSeconds);
    /// @notice The attested time has to be above the block's without the trusting period.
    error TooOld(uint256 boundSeconds, uint256 actualSeconds);
    /// @notice A height or time is too far above the accepted ones for a consensus state.
    error TooFarAhead(uint256 allowed, uint256 actual);
    /// @notice There is no consensus state at this height.
    error NoConsensusState(uint64 height);
    /// @notice The two headers do not contradict each other.
    error NoMisbehaviour();

    /// @notice A consensus state was stored. The two hashes open it: `nextSetHash` ends proofs under it.
    event ConsensusStateAccepted(
        uint64 indexed height, uint64 timeSeconds, bytes32 appHash, bytes32 nextSetHash
    );
    /// @notice A contradiction at this height was proven; exit claims are proven at `exitHeight`.
    event ClientFrozen(uint64 indexed height, uint64 exitHeight);

    uint64 public constant CLOCK_DRIFT_SECONDS_MAX = 30;
    /// Accepted states that one proof of misbehaviour takes back at most; another one goes on from there.
    uint256 private constant TAKEN_BACK_MAX = 64;

    /// @notice Who may change the client; 0: anyone.
    address public immutable core;
    uint64 private immutable _trustedTimeSeconds;

    Progress private _progress;
    mapping(uint64 height => ConsensusState) private _consensusStates;
    Freeze private _freeze;
    string private _chainId;

    /// @param core_ Who may change the client; 0: anyone.
    /// @param chainId_ The hub's chain id.
    /// @param trusted What the client begins with; the set that signs what follows is `nextSetHash`'s.
    /// @param trustedSetHash setHash of the set that signed it.
    constructor(address core_, string memory chainId_, Attestation memory trusted, bytes32 trustedSetHash)
        AttestorSets(sha256(bytes(chainId_)), trusted, trustedSetHash)
    {
        // Height 2 is the first that the hub attests
        if (bytes(chainId_).length == 0 || trusted.height < 2 || trusted.timeSeconds == 0) {
            revert ZeroValue();
        }
        _requireNotFuture(trusted.timeSeconds);
        core = core_;
        _chainId = chainId_;
        _trustedTimeSeconds = trusted.timeSeconds;
        uint64 setStart = trusted.nextSetHash == trustedSetHash ? trusted.height : trusted.height + 1;
        _progress = Progresses.pack(trusted.height, uint48(trusted.timeSeconds), setStart, trusted.height);
        bytes24 commitment = HubProof.commitmentOf(trusted.appHash, trusted.nextSetHash);
        _consensusStates[trusted.height] = ConsensusStates.pack(commitment, 0, 0);
        emit ConsensusStateAccepted(
            trusted.height, trusted.timeSeconds, trusted.appHash, trusted.nextSetHash
        );
    }

    modifier onlyCore() {
        if (core != address(0) && msg.sender != core) revert NotCore(core, msg.sender);
        _;
    }

    /// @inheritdoc ILightClient
    function updateClient(bytes calldata clientMessage) external onlyCore returns (UpdateResult) {
        Header calldata header = _header(clientMessage, 0, 1);
        Attestation memory attestation = header.attestation;
        // 1. Judge: not from the future; what is too old, or shown too late, only teaches of a set
        _requireNotFuture(attestation.timeSeconds);
        Progress progress = _progress;
        Status current = _statusOf(progress);
        if (current != Status.Active) {
            if (!_learnLate(header, attestation, progress)) revert WrongStatus(current);
            return UpdateResult.Learned;
        }
        uint256 oldest = block.timestamp - TRUSTING_PERIOD_SECONDS;
        if (attestation.timeSeconds <= oldest) {
            if (!_learnLate(header, attestation, progress)) revert TooOld(oldest, attestation.timeSeconds);
            return UpdateResult.Learned;
        }
        // 2. Replay: what is stored needs no proof
        ConsensusState stored = _consensusStates[attestation.height];
        bytes24 commitment = HubProof.commitmentOf(attestation.appHash, attestation.nextSetHash);
        if (stored.commitment() == commitment && _timeOf(stored) == attestation.timeSeconds) {
            ProvenNodes.remember(attestation.appHash, ProvenNodes.appHashTag(attestation.height));
            return UpdateResult.NoOp;
        }
        // 3. Authenticate and write: what contradicts by any set that is heard, what is new by that of its
        // height
        uint64 latest = progress.latestHeight();
        bool isAhead = attestation.height > latest;
        if (stored.exists() || _isTimeWrong(attestation.timeSeconds, isAhead, progress)) {
            _verifyContradiction(header, attestation, progress, block.timestamp);
            _freezeAt(isAhead ? latest : attestation.height, progress, block.timestamp);
            return UpdateResult.Misbehaviour;
        }
        if (!_verifyNew(header, attestation, progress)) return UpdateResult.Learned;
        _accept(attestation, commitment, isAhead, progress);
        return UpdateResult.Update;
    }

    /// @inheritdoc ILightClient
    /// @dev Also within a trusting period after it stopped: a state that exit claims would be proven under,
    /// contradicted as well, is given up for the one before.
    function misbehaviour(bytes calldata misbehaviourMessage) external onlyCore {
        Header calldata a = _header(misbehaviourMessage, 0, 2);
        Header calldata b = _header(misbehaviourMessage, 1, 2);
        Progress progress = _progress;
        uint256 atSeconds = _heardAt(progress);
        Attestation memory attestationA = a.attestation;
        Attestation memory attestationB = b.attestation;
        if (!_contradict(attestationA, attestationB)) revert NoMisbehaviour();
        _verifyContradiction(a, attestationA, progress, atSeconds);
        _verifyContradiction(b, attestationB, progress, atSeconds);
        uint64 height =
            attestationA.height < attestationB.height ? attestationA.height : attestationB.height;
        _freezeAt(height, progress, atSeconds);
    }

    /// @inheritdoc ILightClient
    function verifyMembership(
        bytes calldata proof,
        uint64 height,
        bytes[] calldata path,
        bytes calldata value
    ) external returns (uint64 timestampSeconds) {
        _activeProgress();
        ConsensusState state = _stateAt(height);
        HubProof.verifyMembership(proof, path, value, height, state.commitment());
        return _timeOf(state);
    }

    /// @inheritdoc ILightClient
    function verifyNonMembership(bytes calldata proof, uint64 height, bytes[] calldata path)
        external
        returns (uint64 timestampSeconds)
    {
        _activeProgress();
        ConsensusState state = _stateAt(height);
        HubProof.verifyNonMembership(proof, path, height, state.commitment());
        return _timeOf(state);
    }

    /// @inheritdoc ILightClient
    function verifyMembershipAtExit(bytes calldata proof, bytes[] calldata path, bytes calldata value)
        external
        returns (uint64 timestampSeconds)
    {
        if (_statusOf(_progress) == Status.Active) revert WrongStatus(Status.Active);
        uint64 height = exitHeight();
        ConsensusState state = _stateAt(height);
        HubProof.verifyMembership(proof, path, value, height, state.commitment());
        return _timeOf(state);
    }

    /// @inheritdoc ILightClient
    function verifyNonMembershipAtExit(bytes calldata proof, bytes[] calldata path)
        external
        returns (uint64 timestampSeconds)
    {
        if (_statusOf(_progress) == Status.Active) revert WrongStatus(Status.Active);
        uint64 height = exitHeight();
        ConsensusState state = _stateAt(height);
        HubProof.verifyNonMembership(proof, path, height, state.commitment());
        return _timeOf(state);
    }

    /// @inheritdoc ILightClient
    function status() external view returns (Status current, uint64 stoppedAtSeconds) {
        return _stop(_progress);
    }

    /// @inheritdoc ILightClient
    function latestHeight() external view returns (uint64) {
        return _progress.latestHeight();
    }

    /// @inheritdoc ILightClient
    function exitHeight() public view returns (uint64) {
        Progress progress = _progress;
        return progress.isFrozen() ? _freeze.exitHeight : progress.latestHeight();
    }

    /// @inheritdoc ILightClient
    function getTimestamp(uint64 height) external view returns (uint64 timestampSeconds) {
        return _timeOf(_stateAt(height));
    }

    /// @notice The hub's chain id.
    function chainId() external view returns (string memory) {
        return _chainId;
    }

    /// @notice The consensus state at a height; reverts without one.
    /// @return commitment What stands for app hash and next set, see HubProof.commitmentOf.
    /// @return timeSeconds The attested time.
    /// @return previousHeight The height that was the latest before, if this one was accepted above it, else
    /// 0.
    function getConsensusState(uint64 height)
        external
        view
        returns (bytes24 commitment, uint64 timeSeconds, uint64 previousHeight)
    {
        ConsensusState state = _stateAt(height);
        uint64 gap = state.heightsSincePrevious();
        return (state.commitment(), _timeOf(state), gap == 0 ? 0 : height - gap);
    }

    /// @notice The set that signs the height above the latest, and the first height it is known to sign.
    function currentSet() external view returns (bytes32 setHash, uint64 startHeight) {
        return (_setHash, _progress.setStart());
    }

    /// @dev A header in place: the message's nth of `count` tuples. Offsets inside are bound to the calldata
    /// by the compiler; bytes that lie outside of the message are as much the caller's as those inside.
    function _header(bytes calldata message, uint256 nth, uint256 count)
        private
        pure
        returns (Header calldata header)
    {
        if (message.length < 32 * count) revert MessageOffset(32 * count, message.length);
        uint256 offset;
        assembly ("memory-safe") {
            offset := calldataload(add(message.offset, shl(5, nth)))
            header := add(message.offset, offset)
        }
        if (nth == 0 && offset != 32 * count) revert MessageOffset(32 * count, offset);
        if (offset >= message.length) revert MessageOffset(message.length, offset);
    }

    function _requireNotFuture(uint64 timeSeconds) private view {
        uint256 bound = block.timestamp + CLOCK_DRIFT_SECONDS_MAX;
        if (timeSeconds >= bound) revert FromTheFuture(bound, timeSeconds);
    }

    /// @dev An attestation whose state is believed no more: below the latest height, too, it has to be within
    /// the trusting period, for later its signers could no longer be slashed for it.
    function _learnLate(Header calldata header, Attestation memory attestation, Progress progress)
        private
        returns (bool)
    {
        uint256 atSeconds = _heardAt(progress);
        return _learn(
            header, attestation, AttestationVerifier.hashOfSet(header.set), progress, atSeconds
        );
    }

    function _accept(Attestation memory attestation, bytes24 commitment, bool isAhead, Progress progress)
        private
    {
        uint64 height = attestation.height;
        uint256 secondsSinceTrusted = attestation.timeSeconds - _trustedTimeSeconds;
        if (secondsSinceTrusted > type(uint32).max) {
            revert TooFarAhead(type(uint32).max, secondsSinceTrusted);
        }
        uint256 gap = isAhead ? height - progress.latestHeight() : 0;
        if (gap > type(uint32).max) revert TooFarAhead(type(uint32).max, gap);
        if (isAhead) _advance(attestation, progress);
        // Both are checked above
        // forge-lint: disable-next-line(unsafe-typecast)
        _consensusStates[height] = ConsensusStates.pack(commitment, uint32(secondsSinceTrusted), uint32(gap));
        ProvenNodes.remember(attestation.appHash, ProvenNodes.appHashTag(height));
        emit ConsensusStateAccepted(
            height, attestation.timeSeconds, attestation.appHash, attestation.nextSetHash
        );
    }

    function _advance(Attestation memory attestation, Progress progress) private {
        uint64 setStart = progress.setStart();
        uint64 previousSetStart = progress.previousSetStart();
        bytes32 setHash = _setHash;
        if (attestation.nextSetHash != setHash) {
            _rotate(attestation, setHash, setStart);
            previousSetStart = setStart;
            setStart = attestation.height + 1;
        }
        _mark(attestation, progress.latestTimeSeconds());
        _progress =
            Progresses.pack(attestation.height, uint48(attestation.timeSeconds), setStart, previousSetStart);
    }

    /// @dev The attested time never goes back from a height to the next, and is never before what the client
    /// was constructed with.
    function _isTimeWrong(uint64 timeSeconds, bool isAhead, Progress progress) private view returns (bool) {
        uint64 latest = progress.latestTimeSeconds();
        if (isAhead) return timeSeconds < latest;
        return timeSeconds > latest || timeSeconds < _trustedTimeSeconds;
    }

    /// @dev At one height the hub attests one state, and its time never goes back.
    function _contradict(Attestation memory a, Attestation memory b) private pure returns (bool) {
        if (a.height < b.height) return a.timeSeconds > b.timeSeconds;
        if (a.height > b.height) return a.timeSeconds < b.timeSeconds;
        return a.timeSeconds != b.timeSeconds || a.appHash != b.appHash || a.nextSetHash != b.nextSetHash;
    }

    /// @dev Freezes the client, and takes back the states at and above the contradicted height as far as exit
    /// claims are concerned: they are proven under the state that was the latest before.
    /// @param atSeconds Now, or when the client stopped.
    function _freezeAt(uint64 height, Progress progress, uint256 atSeconds) private {
        Freeze memory freeze = _freeze;
        if (!progress.isFrozen()) {
            _progress = progress.frozen();
            // A time of this client's
            // forge-lint: disable-next-line(unsafe-typecast)
            freeze = Freeze(uint64(atSeconds), progress.latestHeight());
        }
        for (uint256 i = 0; i < TAKEN_BACK_MAX && freeze.exitHeight >= height; i++) {
            uint64 gap = _consensusStates[freeze.exitHeight].heightsSincePrevious();
            if (gap == 0) break; // what the client was constructed with
            freeze.exitHeight -= gap;
        }
        _freeze = freeze;
        emit ClientFrozen(height, freeze.exitHeight);
    }

    /// @dev The time by which the client judges whom it hears: now, or when it stopped. Reverts from a
    /// trusting period after it stopped: then the state that exit claims are proven under stands for good,
    /// before exits begin.
    function _heardAt(Progress progress) private view returns (uint256) {
        (Status current, uint64 stoppedAtSeconds) = _stop(progress);
        if (current == Status.Active) return block.timestamp;
        if (block.timestamp >= stoppedAtSeconds + TRUSTING_PERIOD_SECONDS) revert WrongStatus(current);
        return stoppedAtSeconds;
    }

    function _stop(Progress progress) private view returns (Status current, uint64 stoppedAtSeconds) {
        current = _statusOf(progress);
        if (current == Status.Frozen) stoppedAtSeconds = _freeze.frozenAtSeconds;
        if (current == Status.Expired) {
            stoppedAtSeconds = progress.latestTimeSeconds() + TRUSTING_PERIOD_SECONDS;
        }
    }

    function _stateAt(uint64 height) private view returns (ConsensusState state) {
        state = _consensusStates[height];
        if (!state.exists()) revert NoConsensusState(height);
    }

    function _timeOf(ConsensusState state) private view returns (uint64) {
        return _trustedTimeSeconds + state.secondsSinceTrusted();
    }

    function _activeProgress() private view returns (Progress progress) {
        progress = _progress;
        Status current = _statusOf(progress);
        if (current != Status.Active) revert WrongStatus(current);
    }

    function _statusOf(Progress progress) private view returns (Status) {
        if (progress.isFrozen()) return Status.Frozen;
        return _isExpired(progress) ? Status.Expired : Status.Active;
    }

    function _isExpired(Progress progress) private view returns (bool) {
        return block.timestamp >= progress.latestTimeSeconds() + TRUSTING_PERIOD_SECONDS;
    }
}
