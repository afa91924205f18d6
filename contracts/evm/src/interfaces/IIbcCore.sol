// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ILightClient } from "./ILightClient.sol";
import {
    CounterpartyInfo,
    MsgAckPacket,
    MsgRecvPacket,
    MsgRecvPackets,
    MsgSendPacket,
    MsgTimeoutPacket,
    Packet
} from "./IbcMessages.sol";

/// @title IBC v2 core: clients, packets, commitments
/// @notice Spec: ICS-04 v2, ICS-24 v2, as running chains do it. Events and messages are
/// those of solidity-ibc-eureka's ICS26Router; there is no owner, and ports are fixed at construction.
interface IIbcCore {
    /// @notice A client stands under a new id, with its counterparty for ever.
    event ClientAdded(string clientId, CounterpartyInfo counterparty, address client);
    /// @notice A client accepted a header; `height` is its latest now.
    event ClientUpdated(string indexed clientId, uint64 height);
    /// @notice A client was shown two messages that contradict each other, and stopped.
    event ClientFrozen(string indexed clientId);
    /// @notice A client has been dead long enough: what is left is settled under its last accepted root.
    event ClientRetired(string indexed clientId);
    /// @notice A packet left.
    event SendPacket(string indexed clientId, uint256 indexed sequence, Packet packet);
    /// @notice A packet came in and was answered.
    event WriteAcknowledgement(
        string indexed clientId, uint256 indexed sequence, Packet packet, bytes[] acknowledgements
    );
    /// @notice A packet of ours was answered.
    event AckPacket(string indexed clientId, uint256 indexed sequence, Packet packet, bytes acknowledgement);
    /// @notice A packet of ours will never be received.
    event TimeoutPacket(string indexed clientId, uint256 indexed sequence, Packet packet);
    /// @notice An application refused a packet; the first bytes of why. The error acknowledgement is written.
    event ApplicationRefused(string indexed clientId, uint256 indexed sequence, bytes reason);
    /// @notice The message repeats what was done before.
    event Noop();

    error ClientNotFound(string clientId);
    error InvalidCounterpartyId(string clientId);
    error InvalidMerklePrefix(uint256 elements);
    error ClientIsNoContract(address client);
    error ClientNotActive(string clientId, ILightClient.Status status);
    error ClientRetiredAlready(string clientId);
    error ClientNotRetired(string clientId);
    error ClientNotDeadLongEnough(ILightClient.Status status, uint256 retirableFromSeconds);
    error WrongCounterparty(string expected, string given);
    error PayloadCount(uint256 expected, uint256 given);
    error ZeroSequence();
    error BlankPayloadField(string field);
    error OversizePayload(uint256 bytesMax, uint256 given);
    error CallerNotApplication(string portId, address expected, address caller);
    error TimeoutElapsed(uint256 timeoutSeconds, uint256 nowSeconds);
    error TimeoutTooFar(uint256 timeoutSeconds, uint256 latestAllowedSeconds);
    error TimeoutNotReached(uint256 timeoutSeconds, uint256 provenSeconds);
    error CommitmentMismatch(bytes32 stored, bytes32 given);
    error InvalidAcknowledgement();
    error MoreGasNeeded(uint256 givenGas, uint256 leftGas);
    error Miswired(address wired);
    error CallerNotExitDesk(address expected, address caller);

    function addClient(CounterpartyInfo calldata counterparty, address client)
        external
        returns (string memory clientId);
    function updateClient(string calldata clientId, bytes calldata clientMessage)
        external
        returns (ILightClient.UpdateResult result);
    function submitMisbehaviour(string calldata clientId, bytes calldata misbehaviourMessage) external;
    function retireClient(string calldata clientId) external;

    function sendPacket(MsgSendPacket calldata message) external returns (uint64 sequence);
    function recvPacket(MsgRecvPacket calldata message) external;
    function recvPackets(MsgRecvPackets calldata message) external;
    function ackPacket(MsgAckPacket calldata message) external;
    function timeoutPacket(MsgTimeoutPacket calldata message) external;
    function reopenPacket(string calldata clientId, uint64 sequence, bytes32 commitment) external;

    function getClient(string calldata clientId) external view returns (ILightClient);
    function getCounterparty(string calldata clientId) external view returns (CounterpartyInfo memory);
    function nextSequenceSend(string calldata clientId) external view returns (uint64);
    function counterpartyId(string calldata clientId) external view returns (string memory);
    function verifyAtExit(
        string calldata clientId,
        bytes calldata key,
        bytes calldata value,
        bytes calldata proof
    ) external;
    function isStanding(string calldata clientId, uint64 height) external view returns (bool);
    function isRetired(string calldata clientId) external view returns (bool);
}
