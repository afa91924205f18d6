// The functions and the event of the collateral vault and the IBC core that a deposit meets; a test compares
// them with contracts/evm.
import { parseAbi } from 'viem'

const TERMS = 'string clientId, string receiver, uint64 timeoutTimestamp, string memo'
const RETURNS = 'returns (uint64 sequence)'
const PACKET_REST = 'uint64 timeoutTimestamp; Payload[] payloads;'

/** Of `CollateralVault`. */
export const VAULT_ABI = parseAbi([
  'struct Permit { uint256 deadline; uint8 v; bytes32 r; bytes32 s; }',
  `function deposit(address token, uint256 amount, ${TERMS}) returns (uint64 sequence)`,
  `function depositWithPermit(address token, uint256 amount, ${TERMS}, Permit permit) ${RETURNS}`,
  `function depositETH(${TERMS}) payable returns (uint64 sequence)`,
])

/** Of the ERC-20s, with EIP-2612. */
export const TOKEN_ABI = parseAbi([
  'function allowance(address owner, address spender) view returns (uint256)',
  'function approve(address spender, uint256 value) returns (bool)',
  'function nonces(address owner) view returns (uint256)',
])

/** Of `IbcCore`. */
export const CORE_ABI = parseAbi([
  'struct Payload { string sourcePort; string destPort; string version; string encoding; bytes value; }',
  `struct Packet { uint64 sequence; string sourceClient; string destClient; ${PACKET_REST} }`,
  'event SendPacket(string indexed clientId, uint256 indexed sequence, Packet packet)',
])
