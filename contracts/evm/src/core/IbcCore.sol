// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IIbcApplication } from "../interfaces/IIbcApplication.sol";
import {
    CounterpartyInfo,
    MsgAckPacket,
    MsgRecvPacket,
    MsgSendPacket,
    MsgTimeoutPacket,
    Packet,
    Payload
} from "../interfaces/IbcMessages.sol";
import { ILightClient } from "../interfaces/ILightClient.sol";
import { IWiredClearingPort, IWiredVault } from "../interfaces/IWiring.sol";
import { ClientRegistry } from "./ClientRegistry.sol";
import { CommitmentStore } from "./CommitmentStore.sol";
import { Commitments } from "./Commitments.sol";
import { Multicall } from "./Multicall.sol";
import { PacketBytes } from "./PacketBytes.sol";
import { ProofCall } from "./ProofCall.sol";
import { Wiring } from "./Wiring.sol";

/// @title IBC v2 core
/// @notice Sends, receives, acknowledges and times out packets with one payload. Handlers are numbered steps:
/// judge, prove, write, call the application, tell.
/// Spec: ICS-04 v2; DIFFERS FROM solidity-ibc-eureka: no roles and no upgrades; ports
/// are two, fixed; a replay is a no-op whatever it proves; an unknown port is answered with the error
/// acknowledgement, not left to time out; no relayer can force a refusal, by lack of gas or by re-entry.
contract IbcCore is ClientRegistry, CommitmentStore, Multicall {
    /// @notice Port of CollateralVault.
    string public constant TRANSFER_PORT = "transfer";
    /// @notice Port of ClearingPort.
    string public constant CLEARING_PORT = "clearing";
    /// @notice A timeout lies at most this far ahead.
    uint256 public constant TIMEOUT_AHEAD_SECONDS_MAX = 24 hours;
    /// @notice Value of a payload, in bytes.
    uint256 public constant PAYLOAD_BYTES_MAX = 262_144;

    /// @dev An application that refused must have left this part (1 / n) of the gas it was called with. A
    /// call
    /// hands on at most 63/64 of its gas, so that running out of it d calls deep leaves less than 1 −
    /// (63/64)^d:
    /// a quarter left means that nothing down to 18 calls deep failed for lack of gas (EIP-150).
    uint256 private constant GAS_LEFT_PART = 4;
    /// @dev Bytes of an application's reason that are told.
    uint256 private constant REASON_BYTES_MAX = 1024;

    bytes32 private constant TRANSFER_PORT_HASH = keccak256(bytes("transfer"));
    bytes32 private constant CLEARING_PORT_HASH = keccak256(bytes("clearing"));

    IIbcApplication private immutable VAULT;
    IIbcApplication private immutable CLEARING;
    address private immutable EXIT_DESK;

    /// @notice The last contract of a deployment: the others were made for this address.
    /// `client-0` is the hub, as the only client that anybody's governance speaks through; it is made here so
    /// that nobody else can take that id.
    /// @param hubCounterparty The hub's client of this chain, and the prefix ["ibc", ""].
    constructor(
        IWiredVault vault,
        IWiredClearingPort clearing,
        CounterpartyInfo memory hubCounterparty,
        address hubClient
    ) {
        Wiring.requireWired(vault, clearing, hubClient);
        VAULT = vault;
        CLEARING = clearing;
        EXIT_DESK = vault.exitDesk();
        _addClient(hubCounterparty, hubClient);
    }

    /// @notice Commits to a packet; only for the application that owns the source port.
    /// @dev Not guarded: applications send while they receive (a margin call is answered with a deposit). It
    /// calls nothing but views of the light client, and each call takes a sequence of its own.
    function sendPacket(MsgSendPacket calldata message) external returns (uint64 sequence) {
        // 1. Judge: who, in time, over a client that lives
        address application = address(_application(message.payload.sourcePort));
        require(
            application == msg.sender,
            CallerNotApplication(message.payload.sourcePort, application, msg.sender)
        );
        _requirePayload(message.payload);
        ClientRecord storage record = _record(message.sourceClient);
        _requireTimeoutAhead(message.timeoutTimestamp);
        _requireLiveClient(record, message.sourceClient, message.timeoutTimestamp);
        // 2. Write
        sequence = record.nextSequenceSend++;
        string memory destClient = record.counterpartyId;
        bytes32 key = keccak256(Commitments.packetKey(message.sourceClient, sequence));
        _commitments()[key] = Commitments.ofPacket(destClient, message.timeoutTimestamp, message.payload);
        // 3. Tell
        Packet memory packet =
            Packet(sequence, message.sourceClient, destClient, message.timeoutTimestamp, new Payload[](1));
        packet.payloads[0] = message.payload;
        emit SendPacket(message.sourceClient, sequence, packet);
    }

    /// @notice Accepts one packet from a counterparty: at most once, before its timeout, only with proof.
    /// Over a retired client also one that was refused before, whose payment is void, or whose sequence
    /// another took.
    function recvPacket(MsgRecvPacket calldata message) external nonReentrant {
        Packet calldata packet = message.packet;
        // 1. Judge: the right counterparty
        ClientRecord storage record = _recordOf(packet, packet.destClient, packet.sourceClient);
        // 2. Proven; but whatever a replay proves, it is a no-op
        bool retired = record.retired;
        bytes32 receiptKey = keccak256(Commitments.receiptKey(packet.destClient, packet.sequence));
        bytes32 commitment = Commitments.ofPacket(packet);
        bool isReplay = _isReplay(packet, retired, _commitments()[receiptKey], commitment);
        ProofCall.Claim memory claim = ProofCall.Claim(
            record.merklePrefix,
            Commitments.packetKey(packet.sourceClient, packet.sequence),
            commitment,
            message.proofHeight,
            retired
        );
        (bool isNoop,) = _prove(record, ProofCall.write(claim, message.proofCommitment), isReplay);
        if (isNoop) return;
        // 3. In time
        if (!retired) {
            require(
                packet.timeoutTimestamp > block.timestamp,
                TimeoutElapsed(packet.timeoutTimestamp, block.timestamp)
            );
        }
        // 4. Write, receipt first: an application that re-enters meets step 2
        _commitments()[receiptKey] = commitment;
        bytes memory arguments = PacketBytes.encode(packet);
        bytes memory acknowledgement = _receive(packet, arguments, retired);
        bytes32 acknowledgementKey =
            keccak256(Commitments.acknowledgementKey(packet.destClient, packet.sequence));
        _commitments()[acknowledgementKey] = Commitments.ofAcknowledgement(acknowledgement);
        // 5. Tell
        _emit(
            WriteAcknowledgement.selector,
            packet.destClient,
            packet.sequence,
            PacketBytes.withAcknowledgements(arguments, acknowledgement)
        );
    }

    /// @notice Ends a packet that the counterparty answered.
    function ackPacket(MsgAckPacket calldata message) external nonReentrant {
        Packet calldata packet = message.packet;
        // 1. Judge: an answer, from the right counterparty
        require(message.acknowledgement.length != 0, InvalidAcknowledgement());
        ClientRecord storage record = _recordOf(packet, packet.sourceClient, packet.destClient);
        // 2. Proven; but whatever a replay proves, it is a no-op
        bytes32 commitmentKey = _pendingKey(packet);
        ProofCall.Claim memory claim = ProofCall.Claim(
            record.merklePrefix,
            Commitments.acknowledgementKey(packet.destClient, packet.sequence),
            Commitments.ofAcknowledgement(message.acknowledgement),
            message.proofHeight,
            record.retired
        );
        (bool isNoop,) = _prove(record, ProofCall.write(claim, message.proofAcked), commitmentKey == 0);
        if (isNoop) return;
        // 3. Write: the commitment goes before the application is called
        delete _commitments()[commitmentKey];
        bytes memory arguments = PacketBytes.encode(packet, message.acknowledgement);
        _tellApplication(packet, IIbcApplication.onAcknowledgementPacket.selector, arguments);
        // 4. Tell
        _emit(AckPacket.selector, packet.sourceClient, packet.sequence, arguments);
    }

    /// @notice Ends a packet that the counterparty can't receive any more: at a height whose time is at or
    /// past
    /// the timeout it has no receipt. Over a retired client: at its last accepted root there is no receipt.
    function timeoutPacket(MsgTimeoutPacket calldata message) external nonReentrant {
        Packet calldata packet = message.packet;
        // 1. Judge: the right counterparty
        ClientRecord storage record = _recordOf(packet, packet.sourceClient, packet.destClient);
        // 2. Proven: too late over there, and not received; but whatever a replay proves, it is a no-op
        bytes32 commitmentKey = _pendingKey(packet);
        if (_proveUnreceived(record, message, commitmentKey == 0)) return;
        // 3. Write: the commitment goes before the application is called
        delete _commitments()[commitmentKey];
        bytes memory arguments = PacketBytes.encode(packet);
        _tellApplication(packet, IIbcApplication.onTimeoutPacket.selector, arguments);
        // 4. Tell
        _emit(TimeoutPacket.selector, packet.sourceClient, packet.sequence, arguments);
    }

    /// @notice Lets a packet of a retired client be received again whose payment is void; only for
    /// ExitDesk. The key stays taken: no counterparty can prove that there was no receipt.
    function reopenPacket(string calldata clientId, uint64 sequence, bytes32 commitment) external {
        require(msg.sender == EXIT_DESK, CallerNotExitDesk(EXIT_DESK, msg.sender));
        bytes32 receiptKey = keccak256(Commitments.receiptKey(clientId, sequence));
        // Another packet may have taken its place since
        if (_commitments()[receiptKey] == commitment) _commitments()[receiptKey] = Commitments.VOID_RECEIPT;
    }

    /// @dev The record of this chain's end of a packet, whose counterparty must be the packet's other end.
    /// Before anything else: without it anyone opens a client on a peer chain, names ours as its counterparty
    /// and drains an escrow with proofs that verify.
    function _recordOf(Packet calldata packet, string calldata ours, string calldata theirs)
        private
        view
        returns (ClientRecord storage record)
    {
        record = _record(ours);
        string memory expected = record.counterpartyId;
        require(keccak256(bytes(expected)) == keccak256(bytes(theirs)), WrongCounterparty(expected, theirs));
        require(packet.sequence != 0, ZeroSequence());
        require(packet.payloads.length == 1, PayloadCount(1, packet.payloads.length));
        _requirePayload(packet.payloads[0]);
    }

    function _requirePayload(Payload calldata payload) private pure {
        require(payload.value.length != 0, BlankPayloadField("value"));
        require(bytes(payload.version).length != 0, BlankPayloadField("version"));
        require(bytes(payload.encoding).length != 0, BlankPayloadField("encoding"));
        require(
            payload.value.length <= PAYLOAD_BYTES_MAX,
            OversizePayload(PAYLOAD_BYTES_MAX, payload.value.length)
        );
    }

    function _requireTimeoutAhead(uint64 timeoutSeconds) private view {
        require(timeoutSeconds > block.timestamp, TimeoutElapsed(timeoutSeconds, block.timestamp));
        uint256 latestAllowedSeconds = block.timestamp + TIMEOUT_AHEAD_SECONDS_MAX;
        require(timeoutSeconds <= latestAllowedSeconds, TimeoutTooFar(timeoutSeconds, latestAllowedSeconds));
    }

    /// @dev A client that lives, and whose chain was last seen before the timeout.
    function _requireLiveClient(ClientRecord storage record, string calldata clientId, uint64 timeoutSeconds)
        private
        view
    {
        require(!record.retired, ClientRetiredAlready(clientId));
        ILightClient client = record.lightClient;
        (ILightClient.Status status,) = client.status();
        require(status == ILightClient.Status.Active, ClientNotActive(clientId, status));
        uint64 seenSeconds = client.getTimestamp(client.latestHeight());
        require(seenSeconds < timeoutSeconds, TimeoutElapsed(timeoutSeconds, seenSeconds));
    }

    /// @dev Whether a packet ended before. A dead counterparty never heard of a refusal, and of one
    /// sequence sent but the packet under its last accepted root: over a retired client that one is paid,
    /// if it was not.
    function _isReplay(Packet calldata packet, bool retired, bytes32 receipt, bytes32 commitment)
        private
        view
        returns (bool)
    {
        if (receipt == 0) return false;
        if (!retired || address(_application(packet.payloads[0].destPort)) != address(VAULT)) return true;
        if (receipt != commitment) return false;
        bytes32 acknowledgementKey =
            keccak256(Commitments.acknowledgementKey(packet.destClient, packet.sequence));
        return _commitments()[acknowledgementKey] != Commitments.ERROR_COMMITMENT;
    }

    /// @dev Where the packet's commitment stands, or zero if it ended before or was never sent.
    function _pendingKey(Packet calldata packet) private view returns (bytes32 commitmentKey) {
        commitmentKey = keccak256(Commitments.packetKey(packet.sourceClient, packet.sequence));
        bytes32 stored = _commitments()[commitmentKey];
        if (stored == 0) return 0;
        bytes32 given = Commitments.ofPacket(packet);
        require(stored == given, CommitmentMismatch(stored, given));
    }

    function _proveUnreceived(ClientRecord storage record, MsgTimeoutPacket calldata message, bool isReplay)
        private
        returns (bool isNoop)
    {
        Packet calldata packet = message.packet;
        ProofCall.Claim memory claim = ProofCall.Claim(
            record.merklePrefix,
            Commitments.receiptKey(packet.destClient, packet.sequence),
            0,
            message.proofHeight,
            record.retired
        );
        uint256 provenSeconds;
        (isNoop, provenSeconds) = _prove(record, ProofCall.write(claim, message.proofTimeout), isReplay);
        require(
            isNoop || record.retired || provenSeconds >= packet.timeoutTimestamp,
            TimeoutNotReached(packet.timeoutTimestamp, provenSeconds)
        );
    }

    /// @dev Has the light client verify; what it refuses is refused with its reason. A replay is a no-op
    /// whatever comes of it, but its proof is looked at as well: in a batch, later proofs may rest on nodes
    /// that this one leads through, and two relayers that race must not undo each other's batches.
    /// @return isNoop Whether that is the end of it.
    /// @return provenSeconds The counterparty's time at the proof's height.
    function _prove(ClientRecord storage record, bytes memory proving, bool isReplay)
        private
        returns (bool isNoop, uint256 provenSeconds)
    {
        address client = address(record.lightClient);
        bool isValid;
        assembly ("memory-safe") {
            isValid := call(gas(), client, 0, add(proving, 0x20), mload(proving), 0, 0)
        }
        bytes memory result = _result(isValid);
        if (isReplay) {
            emit Noop();
            return (true, 0);
        }
        if (!isValid) _revertWith(result);
        // An account without code would answer nothing, which does not decode
        return (false, abi.decode(result, (uint64)));
    }

    /// @dev Runs the receiving application, whole or not at all.
    /// @param arguments abi.encode(packet).
    function _receive(Packet calldata packet, bytes memory arguments, bool retired)
        private
        returns (bytes memory acknowledgement)
    {
        address application = address(_application(packet.payloads[0].destPort));
        // A dead hub gives no orders: what it owed is paid, nothing else
        if (application == address(0) || (retired && application != address(VAULT))) return _error();
        uint256 givenGas = gasleft();
        (bool done, bytes memory result) =
            _callApplication(application, IIbcApplication.onRecvPacket.selector, arguments);
        if (done) {
            acknowledgement = abi.decode(result, (bytes));
            require(
                acknowledgement.length != 0 && !Commitments.isError(acknowledgement),
                InvalidAcknowledgement()
            );
            return acknowledgement;
        }
        // A dead counterparty never hears of a refusal: it may be tried again. And whoever relays from inside
        // a guarded call (a token's hook, say) would choose to have it refused
        if (retired || bytes4(result) == ReentrancyGuardReentrantCall.selector) _revertWith(result);
        uint256 leftGas = gasleft();
        require(leftGas >= givenGas / GAS_LEFT_PART, MoreGasNeeded(givenGas, leftGas));
        emit ApplicationRefused(packet.destClient, packet.sequence, result);
        return _error();
    }

    /// @dev Tells the application that sent a packet of its end; its refusal is the transaction's.
    function _tellApplication(Packet calldata packet, bytes4 selector, bytes memory arguments) private {
        address application = address(_application(packet.payloads[0].sourcePort));
        (bool done, bytes memory result) = _callApplication(application, selector, arguments);
        if (!done) _revertWith(result);
    }

    /// @dev The event `topic(string indexed clientId, uint256 indexed sequence, …)`, from data that is
    /// encoded
    /// already.
    function _emit(bytes32 topic, string calldata clientId, uint256 sequence, bytes memory data) private {
        bytes32 clientHash = keccak256(bytes(clientId));
        assembly ("memory-safe") {
            log3(add(data, 0x20), mload(data), topic, clientHash, sequence)
        }
    }

    /// @dev Calls with arguments that are encoded already: the selector stands before them, in the last bytes
    /// of what is their length again afterwards.
    function _callApplication(address application, bytes4 selector, bytes memory arguments)
        private
        returns (bool done, bytes memory result)
    {
        uint256 length = arguments.length;
        assembly ("memory-safe") {
            mstore(arguments, shr(224, selector))
            done := call(gas(), application, 0, add(arguments, 0x1c), add(length, 4), 0, 0)
            mstore(arguments, length)
        }
        return (done, _result(done));
    }

    /// @dev What the last call returned; its reason for failing only as far as REASON_BYTES_MAX: a token's
    /// endless reason must not cost the relayer its packet.
    function _result(bool done) private pure returns (bytes memory result) {
        assembly ("memory-safe") {
            let size := returndatasize()
            if and(iszero(done), gt(size, REASON_BYTES_MAX)) { size := REASON_BYTES_MAX }
            result := mload(0x40)
            mstore(result, size)
            returndatacopy(add(result, 0x20), 0, size)
            mstore(0x40, and(add(add(result, size), 0x3f), not(0x1f)))
        }
    }

    function _revertWith(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    /// @dev The application of a port, or zero.
    function _application(string calldata portId) private view returns (IIbcApplication) {
        bytes32 portHash = keccak256(bytes(portId));
        if (portHash == TRANSFER_PORT_HASH) return VAULT;
        if (portHash == CLEARING_PORT_HASH) return CLEARING;
        return IIbcApplication(address(0));
    }

    function _error() private pure returns (bytes memory) {
        return abi.encodePacked(Commitments.ERROR_ACKNOWLEDGEMENT);
    }
}
