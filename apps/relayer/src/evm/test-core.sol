// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Stands for IbcCore where tests of the relayer want a contract that refuses what they say: events,
/// messages and storage layout are the real ones, proofs and clients are not looked at.
contract TestCore {
    struct Payload { string sourcePort; string destPort; string version; string encoding; bytes value; }
    struct Packet {
        uint64 sequence; string sourceClient; string destClient; uint64 timeoutTimestamp; Payload[] payloads;
    }
    struct MsgRecvPacket { Packet packet; bytes proofCommitment; uint64 proofHeight; }
    struct MsgAckPacket { Packet packet; bytes acknowledgement; bytes proofAcked; uint64 proofHeight; }
    struct CounterpartyInfo { string clientId; bytes[] merklePrefix; }

    event SendPacket(string indexed clientId, uint256 indexed sequence, Packet packet);
    event WriteAcknowledgement(
        string indexed clientId, uint256 indexed sequence, Packet packet, bytes[] acknowledgements
    );
    event AckPacket(string indexed clientId, uint256 indexed sequence, Packet packet, bytes acknowledgement);
    event ClientUpdated(string indexed clientId, uint64 height);

    error RootMismatch(bytes24 expected, bytes24 actual);
    error WrongSignature();
    error ClientNotFound(string clientId);

    mapping(uint64 => bool) public isPoison;
    uint64 public nextSequence = 1;
    uint256 public gasPerPacket;
    uint256 private _burnt;

    function setPoison(uint64 sequence, bool value) external { isPoison[sequence] = value; }
    function setGasPerPacket(uint256 value) external { gasPerPacket = value; }

    function multicall(bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool done, bytes memory result) = address(this).delegatecall(calls[i]);
            if (!done) assembly { revert(add(result, 32), mload(result)) }
        }
    }

    function updateClient(string calldata clientId, bytes calldata message) external {
        if (message.length == 0) revert WrongSignature();
        emit ClientUpdated(clientId, 1);
    }

    function recvPacket(MsgRecvPacket calldata message) external {
        Packet calldata packet = message.packet;
        if (isPoison[packet.sequence]) revert RootMismatch(0, 0);
        uint256 end = gasleft() - gasPerPacket;
        while (gasPerPacket != 0 && gasleft() > end) _burnt = gasleft();
        _commitments()[keccak256(_path(packet.destClient, 2, packet.sequence))] = bytes32(uint256(1));
        bytes[] memory acknowledgements = new bytes[](1);
        acknowledgements[0] = '{"result":"AQ=="}';
        emit WriteAcknowledgement(packet.destClient, packet.sequence, packet, acknowledgements);
    }

    function ackPacket(MsgAckPacket calldata message) external {
        Packet calldata packet = message.packet;
        delete _commitments()[keccak256(_path(packet.sourceClient, 1, packet.sequence))];
        emit AckPacket(packet.sourceClient, packet.sequence, packet, message.acknowledgement);
    }

    function send(Packet calldata packet) external {
        bytes32 key = keccak256(_path(packet.sourceClient, 1, packet.sequence));
        _commitments()[key] = keccak256(abi.encode(packet));
        nextSequence = packet.sequence + 1;
        emit SendPacket(packet.sourceClient, packet.sequence, packet);
    }

    function nextSequenceSend(string calldata) external view returns (uint64) { return nextSequence; }
    function getClient(string calldata clientId) external pure returns (address) {
        revert ClientNotFound(clientId);
    }

    function _path(string calldata client, uint8 kind, uint64 sequence) private pure returns (bytes memory) {
        return abi.encodePacked(client, kind, sequence);
    }

    function _commitments() private pure returns (mapping(bytes32 => bytes32) storage commitments) {
        assembly { commitments.slot := 0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600 }
    }
}
