import { parseAbi } from 'viem'
import type { Abi, Hex } from 'viem'

/** Errors that a relayed message may revert with: the core's, the hub client's, the proofs'. */
export const contractErrors: Abi = parseAbi([
  'error ClientNotFound(string clientId)',
  'error ClientNotActive(string clientId, uint8 status)',
  'error ClientRetiredAlready(string clientId)',
  'error WrongCounterparty(string expected, string given)',
  'error TimeoutElapsed(uint256 timeoutSeconds, uint256 nowSeconds)',
  'error TimeoutNotReached(uint256 timeoutSeconds, uint256 provenSeconds)',
  'error CommitmentMismatch(bytes32 stored, bytes32 given)',
  'error InvalidAcknowledgement()',
  'error MoreGasNeeded(uint256 givenGas, uint256 leftGas)',
  'error NotCore(address expected, address actual)',
  'error WrongStatus(uint8 actual)',
  'error FromTheFuture(uint256 boundSeconds, uint256 actualSeconds)',
  'error TooOld(uint256 boundSeconds, uint256 actualSeconds)',
  'error HeightBelowSet(uint64 startHeight, uint64 actual)',
  'error NoConsensusState(uint64 height)',
  'error WrongSet(bytes32 expected, bytes32 actual)',
  'error WrongSignature()',
  'error NodeNotProven(bytes32 node)',
  'error RootMismatch(bytes24 expected, bytes24 actual)',
])

/** Creation code of the hub's client. */
export const hubClientCode: Hex | undefined = undefined
