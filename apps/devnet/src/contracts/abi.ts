import { parseAbi } from 'viem'

/** What a depositor calls. Source: contracts/evm/src/vault/CollateralVault.sol. */
export const VAULT_ABI = parseAbi([
  'struct Permit { uint256 deadline; uint8 v; bytes32 r; bytes32 s; }',
  'function depositWithPermit(address token, uint256 amount, string clientId, string receiver, uint64 timeoutTimestamp, string memo, Permit permit) returns (uint64)',
  'function depositETH(string clientId, string receiver, uint64 timeoutTimestamp, string memo) payable returns (uint64)',
])

/** What tells of packets. Source: contracts/evm/src/interfaces/IbcMessages.sol, IIbcCore.sol. */
export const CORE_ABI = parseAbi([
  'struct Payload { string sourcePort; string destPort; string version; string encoding; bytes value; }',
  'struct Packet { uint64 sequence; string sourceClient; string destClient; uint64 timeoutTimestamp; Payload[] payloads; }',
  'struct MsgRecvPacket { Packet packet; bytes proofCommitment; uint64 proofHeight; }',
  'struct MsgAckPacket { Packet packet; bytes acknowledgement; bytes proofAcked; uint64 proofHeight; }',
  'function multicall(bytes[] calls)',
  'function recvPacket(MsgRecvPacket message)',
  'function ackPacket(MsgAckPacket message)',
  'event SendPacket(string indexed clientId, uint256 indexed sequence, Packet packet)',
])

/** What a holder reads, and signs permits with. Spec: ERC-20, EIP-2612. */
export const TOKEN_ABI = parseAbi([
  'function balanceOf(address) view returns (uint256)',
  'function nonces(address) view returns (uint256)',
])
