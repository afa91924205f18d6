import { parseAbi } from 'viem'

/** IBC v2 on the EVM, as far as a relayer speaks to it. Names and shapes: solidity-ibc-eureka. */
export const CORE_ABI = parseAbi([
  'struct Payload { string sourcePort; string destPort; string version; string encoding; bytes value; }',
  'struct Packet { uint64 sequence; string sourceClient; string destClient; uint64 timeoutTimestamp; Payload[] payloads; }',
  'struct MsgRecvPacket { Packet packet; bytes proofCommitment; uint64 proofHeight; }',
  'struct MsgAckPacket { Packet packet; bytes acknowledgement; bytes proofAcked; uint64 proofHeight; }',
  'struct MsgTimeoutPacket { Packet packet; bytes proofTimeout; uint64 proofHeight; }',
  'struct CounterpartyInfo { string clientId; bytes[] merklePrefix; }',
  'function updateClient(string clientId, bytes clientMessage)',
  'function recvPacket(MsgRecvPacket message)',
  'function ackPacket(MsgAckPacket message)',
  'function timeoutPacket(MsgTimeoutPacket message)',
  'function multicall(bytes[] calls)',
  'function addClient(CounterpartyInfo counterparty, address client) returns (string)',
  'function getClient(string clientId) view returns (address)',
  'function getCounterparty(string clientId) view returns (CounterpartyInfo)',
  'function nextSequenceSend(string clientId) view returns (uint64)',
  'event SendPacket(string indexed clientId, uint256 indexed sequence, Packet packet)',
  'event WriteAcknowledgement(string indexed clientId, uint256 indexed sequence, Packet packet, bytes[] acknowledgements)',
  'event AckPacket(string indexed clientId, uint256 indexed sequence, Packet packet, bytes acknowledgement)',
  'event TimeoutPacket(string indexed clientId, uint256 indexed sequence, Packet packet)',
  'event ClientAdded(string clientId, CounterpartyInfo counterparty, address client)',
])

/** The hub's client on the EVM, as far as a relayer speaks to it. */
export const HUB_CLIENT_ABI = parseAbi([
  'struct Attestation { uint64 height; uint64 timeSeconds; bytes32 appHash; bytes32 nextSetHash; }',
  'constructor(address core, string chainId, Attestation trusted, bytes32 trustedSetHash)',
  'function chainId() view returns (string)',
  'function status() view returns (uint8 current, uint64 stoppedAtSeconds)',
  'function latestHeight() view returns (uint64)',
  'function getTimestamp(uint64 height) view returns (uint64)',
  'function TRUSTING_PERIOD_SECONDS() view returns (uint256)',
  'event ConsensusStateAccepted(uint64 indexed height, uint64 timeSeconds, bytes32 appHash, bytes32 nextSetHash)',
])
