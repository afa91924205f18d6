// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IIbcApplication } from "../interfaces/IIbcApplication.sol";
import { BatchedPacket, MsgRecvPacket, MsgRecvPackets, Payload } from "../interfaces/IbcMessages.sol";
import { Applications } from "./Applications.sol";
import { Commitments } from "./Commitments.sol";
import { PacketBytes } from "./PacketBytes.sol";
import { ProofCall } from "./ProofCall.sol";

/// @title The receiving half of IBC v2 core
/// @notice One packet or a batch by the same steps. What packets of a batch have in common is read, hashed
/// and written into memory once: the packet's encoding, which the application and the event share, and the
/// call of the light client. Then each packet is laid over the one before it.
abstract contract PacketReceiver is Applications {
    using PacketBytes for PacketBytes.Draft;
    using ProofCall for ProofCall.Draft;

    /// @dev An application that refused must have left this part (1 / n) of the gas it was called with. A
    /// call hands on at most 63/64 of its gas, so that running out of it d calls deep leaves less than 1 −
    /// (63/64)^d: a quarter left means that nothing down to 18 calls deep failed for lack of gas (EIP-150).
    uint256 private constant GAS_LEFT_PART = 4;
    /// @dev What a key ends with before its sequence.
    uint256 private constant RECEIPT = 2;
    uint256 private constant ACKNOWLEDGEMENT = 3;

    /// @dev What packets that are received together have in common, and what the present one adds.
    struct Reception {
        address client;
        bool retired;
        address application;
        /// keccak256 of the destination client's id, for events.
        bytes32 clientTopic;
        /// Of the present packet.
        uint64 sequence;
        bytes32 commitment;
        /// SHA-256, for commitments.
        bytes32 destClientHash;
        bytes32[5] payloadHashes;
        /// The last answer by keccak256, and its commitment: most of a batch are alike.
        bytes32 answerHash;
        bytes32 answerCommitment;
        /// Destination client ‖ kind ‖ BE64(sequence).
        bytes key;
        ProofCall.Draft proving;
        PacketBytes.Draft packet;
    }

    /// @notice Accepts one packet from a counterparty: at most once, before its timeout, only with proof.
    /// Over a retired client also one that was refused before, whose payment is void, or whose sequence
    /// another took.
    function recvPacket(MsgRecvPacket calldata message) external nonReentrant {
        Payload[] calldata payloads = message.packet.payloads;
        Reception memory reception;
        _open(reception, message.packet.sourceClient, message.packet.destClient, message.proofHeight);
        require(payloads.length == 1, PayloadCount(1, payloads.length));
        Payload calldata payload = payloads[0];
        _requireTexts(payload.version, payload.encoding);
        _addText(reception, 0, payload.sourcePort);
        _addText(reception, 1, payload.destPort);
        _addText(reception, 2, payload.version);
        _addText(reception, 3, payload.encoding);
        reception.application = _application(payload.destPort);
        _fill(reception, message.packet.sequence, message.packet.timeoutTimestamp, payload.value);
        _receive(reception, message.packet.timeoutTimestamp, message.proofCommitment);
    }

    /// @notice As recvPacket for each of these packets: one that was received before, or is refused by its
    /// application, does not stop the others; one that is not proven, or too late, does.
    function recvPackets(MsgRecvPackets calldata message) external nonReentrant {
        Reception memory reception;
        _open(reception, message.sourceClient, message.destClient, message.proofHeight);
        _requireTexts(message.version, message.encoding);
        _addText(reception, 0, message.sourcePort);
        _addText(reception, 1, message.destPort);
        _addText(reception, 2, message.version);
        _addText(reception, 3, message.encoding);
        reception.application = _application(message.destPort);
        BatchedPacket[] calldata packets = message.packets;
        for (uint256 i = 0; i < packets.length; ++i) {
            BatchedPacket calldata packet = packets[i];
            _fill(reception, packet.sequence, packet.timeoutTimestamp, packet.value);
            _receive(reception, packet.timeoutTimestamp, packet.proofCommitment);
        }
    }

    /// @notice Lets a packet of a retired client be received again whose payment is void; only for
    /// ExitDesk. The key stays taken: no counterparty can prove that there was no receipt.
    function reopenPacket(string calldata clientId, uint64 sequence, bytes32 commitment) external {
        require(msg.sender == EXIT_DESK, CallerNotExitDesk(EXIT_DESK, msg.sender));
        bytes32 receiptKey = keccak256(Commitments.receiptKey(clientId, sequence));
        // Another packet may have taken its place since
        if (_commitments()[receiptKey] == commitment) _commitments()[receiptKey] = Commitments.VOID_RECEIPT;
    }

    /// @dev Step 1 for all: the right counterparty.
    function _open(
        Reception memory reception,
        string calldata sourceClient,
        string calldata destClient,
        uint64 proofHeight
    ) private view {
        ClientRecord storage record = _recordOf(destClient, sourceClient);
        reception.client = address(record.lightClient);
        reception.retired = record.retired;
        reception.clientTopic = keccak256(bytes(destClient));
        reception.destClientHash = Commitments.hashOf(bytes(destClient));
        reception.key = Commitments.receiptKey(destClient, 0);
        // Sequence and value follow with each packet
        bytes memory provenKey = Commitments.packetKey(sourceClient, 0);
        bytes32 anyValue = bytes32(type(uint256).max);
        reception.proving = ProofCall.open(
            ProofCall.Claim(record.merklePrefix, provenKey, anyValue, proofHeight, reception.retired)
        );
        reception.packet = PacketBytes.open(sourceClient, destClient);
    }

    function _addText(Reception memory reception, uint256 nth, string calldata text) private view {
        reception.payloadHashes[nth] = Commitments.hashOf(bytes(text));
        reception.packet.addText(nth, bytes(text));
    }

    /// @dev Lays the next packet over the one before it.
    function _fill(
        Reception memory reception,
        uint64 sequence,
        uint64 timeoutTimestamp,
        bytes calldata value
    ) private view {
        require(sequence != 0, ZeroSequence());
        _requireValue(value);
        reception.sequence = sequence;
        reception.packet.fill(sequence, timeoutTimestamp, value);
        reception.payloadHashes[4] = Commitments.hashOf(value);
        reception.commitment =
            Commitments.ofHashes(reception.destClientHash, timeoutTimestamp, reception.payloadHashes);
    }

    function _receive(Reception memory reception, uint64 timeoutTimestamp, bytes calldata proof) private {
        bytes32 commitment = reception.commitment;
        // 2. Proven; but whatever a replay proves, it is a no-op
        bytes32 receiptKey = _keyOf(reception, RECEIPT);
        bool isReplay = _isReplay(reception, _commitments()[receiptKey]);
        reception.proving.set(reception.sequence, commitment);
        (bool isNoop,) = _prove(reception.client, reception.proving.complete(proof), isReplay);
        if (isNoop) return;
        // 3. In time
        require(
            timeoutTimestamp > block.timestamp || reception.retired,
            TimeoutElapsed(timeoutTimestamp, block.timestamp)
        );
        // 4. Write, receipt first: an application that re-enters meets step 2
        _commitments()[receiptKey] = commitment;
        bytes memory acknowledgement = _callReceiver(reception);
        _commitments()[_keyOf(reception, ACKNOWLEDGEMENT)] = _commitmentOf(reception, acknowledgement);
        // 5. Tell
        _emit(
            WriteAcknowledgement.selector,
            reception.clientTopic,
            reception.sequence,
            reception.packet.encodeWith(acknowledgement)
        );
    }

    /// @dev Whether a packet ended before. A dead counterparty never heard of a refusal, and of one
    /// sequence sent but the packet under its last accepted root: over a retired client that one is paid,
    /// if it was not.
    function _isReplay(Reception memory reception, bytes32 receipt) private view returns (bool) {
        if (receipt == 0) return false;
        if (!reception.retired || reception.application != VAULT) return true;
        if (receipt != reception.commitment) return false;
        return _commitments()[_keyOf(reception, ACKNOWLEDGEMENT)] != Commitments.ERROR_COMMITMENT;
    }

    /// @dev Runs the receiving application, whole or not at all; its answer is laid behind the packet.
    function _callReceiver(Reception memory reception) private returns (bytes memory acknowledgement) {
        address application = reception.application;
        // A dead hub gives no orders: what it owed is paid, nothing else
        if (application == address(0) || (reception.retired && application != VAULT)) {
            return reception.packet.putAnswer(Commitments.ERROR_ACKNOWLEDGEMENT);
        }
        uint256 givenGas = gasleft();
        if (_callApplication(application, IIbcApplication.onRecvPacket.selector, reception.packet.encode()))
        {
            acknowledgement = reception.packet.takeAnswer();
            require(
                acknowledgement.length != 0 && !Commitments.isError(acknowledgement),
                InvalidAcknowledgement()
            );
            return acknowledgement;
        }
        bytes memory reason = _reason();
        // A dead counterparty never hears of a refusal: it may be tried again. And whoever relays from inside
        // a guarded call (a token's hook, say) would choose to have it refused
        // The first four bytes are meant
        // forge-lint: disable-next-line(unsafe-typecast)
        if (reception.retired || bytes4(reason) == ReentrancyGuardReentrantCall.selector) {
            _revertWith(reason);
        }
        uint256 leftGas = gasleft();
        require(leftGas >= givenGas / GAS_LEFT_PART, MoreGasNeeded(givenGas, leftGas));
        _emit(ApplicationRefused.selector, reception.clientTopic, reception.sequence, abi.encode(reason));
        return reception.packet.putAnswer(Commitments.ERROR_ACKNOWLEDGEMENT);
    }

    function _commitmentOf(Reception memory reception, bytes memory answer) private view returns (bytes32) {
        bytes32 answerHash = keccak256(answer);
        if (answerHash != reception.answerHash) {
            reception.answerHash = answerHash;
            reception.answerCommitment = Commitments.ofAcknowledgement(answer);
        }
        return reception.answerCommitment;
    }

    /// @dev Where something stands about the present packet: keccak256 of its key.
    function _keyOf(Reception memory reception, uint256 kind) private pure returns (bytes32 hash) {
        (bytes memory key, uint64 sequence) = (reception.key, reception.sequence);
        assembly ("memory-safe") {
            // The last nine bytes: kind and sequence
            let word := add(key, mload(key))
            mstore(word, or(shl(72, shr(72, mload(word))), or(shl(64, kind), sequence)))
            hash := keccak256(add(key, 0x20), mload(key))
        }
    }
}
