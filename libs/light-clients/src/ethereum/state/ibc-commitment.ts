import { concatBytes, equalBytes, keccak256 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { verifyAccountProof, verifyStorageProof } from './account-proof.ts'

/** Where an IBC contract keeps its commitments. */
export interface IbcContract {
  /** 20 bytes. */
  readonly address: Uint8Array
  /** The ERC-7201 slot of the mapping from path hash to commitment, 32 bytes. */
  readonly commitmentSlot: Uint8Array
}

/** EIP-1186 nodes from the root downwards. */
export interface ContractStorageProof {
  readonly accountProof: readonly Uint8Array[]
  readonly storageProof: readonly Uint8Array[]
}

/** Length of every value that the contract stores. */
export const COMMITMENT_BYTES = 32
const PATH_BYTES_MAX = 256

/**
 * What an IBC contract stores under `path` (a merkle path's one element), or `undefined` when the proof shows
 * that it stores nothing. Throws `ethereum/40`–`/48`, `/52`. Layout: solidity-ibc-eureka
 * `IBCStoreUpgradeable`.
 */
export function verifyIbcCommitment(
  stateRoot: Uint8Array,
  contract: IbcContract,
  path: readonly Uint8Array[],
  proof: ContractStorageProof,
): Uint8Array | undefined {
  const slot = ibcCommitmentSlot(contract, path)
  const account = verifyAccountProof(stateRoot, contract.address, proof.accountProof)
  // A contract that isn't there yet proves nothing about what it will hold.
  if (!account) throw errors.accountAbsent()
  return verifyStorageProof(account.storageRoot, slot, proof.storageProof)
}

/** The slot of a path: keccak256(keccak256(path) ‖ commitment slot). Throws `ethereum/52`. */
export function ibcCommitmentSlot({ commitmentSlot }: IbcContract, path: readonly Uint8Array[]): Uint8Array {
  const [key] = path
  if (!key || path.length !== 1) throw errors.badPath({ reason: `a path of ${path.length} elements` })
  if (key.length === 0 || key.length > PATH_BYTES_MAX) throw errors.badPath({ reason: `${key.length} bytes` })
  return keccak256(concatBytes(keccak256(key), commitmentSlot))
}

/** Throws `ethereum/49`, `/50`, `/52` unless `stored` is `value`, which is 32 bytes and not zero. */
export function requireCommitment(stored: Uint8Array | undefined, value: Uint8Array): void {
  if (value.length !== COMMITMENT_BYTES) throw errors.badPath({ reason: `a value of ${value.length} bytes` })
  if (!stored) throw errors.valueAbsent()
  if (!equalBytes(stored, value)) throw errors.valueMismatch()
}
