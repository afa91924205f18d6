import { equalBytes, keccak256 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { decodeRlp, encodeRlp, minimalBytes, type RlpItem } from './rlp.ts'
import { EMPTY_TRIE_ROOT, verifyTrieProof } from './trie-proof.ts'

/** An account of the execution layer. */
export interface Account {
  readonly nonce: bigint
  readonly balance: bigint
  readonly storageRoot: Uint8Array
  readonly codeHash: Uint8Array
}

const NONCE_BYTES_MAX = 8
const WORD_BYTES = 32

/**
 * The account at a 20-byte address, or `undefined` when the proof shows that there is none. `stateRoot` is a
 * block's. Throws `ethereum/40`–`/46`. Spec: EIP-1186 `accountProof`.
 */
export function verifyAccountProof(
  stateRoot: Uint8Array,
  address: Uint8Array,
  proof: readonly Uint8Array[],
): Account | undefined {
  const value = verifyTrieProof(stateRoot, keccak256(address), proof)
  return value && decodeAccount(value)
}

/**
 * The word at a 32-byte slot of an account, left-padded to 32 bytes, or `undefined` when the proof shows that
 * it is zero, which is not stored. Throws `ethereum/40`–`/45`, `/47`. Spec: EIP-1186 `storageProof`.
 */
export function verifyStorageProof(
  storageRoot: Uint8Array,
  slot: Uint8Array,
  proof: readonly Uint8Array[],
): Uint8Array | undefined {
  const value = verifyTrieProof(storageRoot, keccak256(slot), proof)
  if (!value) return undefined
  const word = decodeRlp(value)
  if (!(word instanceof Uint8Array)) throw errors.badStorageValue({ reason: 'it is a list' })
  if (word.length === 0 || word.length > WORD_BYTES || word[0] === 0) {
    throw errors.badStorageValue({ reason: 'no minimal word other than zero' })
  }
  const padded = new Uint8Array(WORD_BYTES)
  padded.set(word, WORD_BYTES - word.length)
  return padded
}

/** RLP of an account, as the state trie holds it. */
export function encodeAccount({ nonce, balance, storageRoot, codeHash }: Account): Uint8Array {
  return encodeRlp([minimalBytes(nonce), minimalBytes(balance), storageRoot, codeHash])
}

/** An account without nonce, balance, storage and code, which stands for an absent one in RPC answers. */
export function isEmptyAccount({ nonce, balance, storageRoot, codeHash }: Account): boolean {
  const isUnused = nonce === 0n && balance === 0n && equalBytes(storageRoot, EMPTY_TRIE_ROOT)
  return isUnused && equalBytes(codeHash, keccak256(new Uint8Array(0)))
}

function decodeAccount(bytes: Uint8Array): Account {
  const item = decodeRlp(bytes)
  if (item instanceof Uint8Array || item.length !== 4) throw errors.badAccount({ reason: 'no list of four' })
  const [nonce, balance, storageRoot, codeHash] = item as readonly [RlpItem, RlpItem, RlpItem, RlpItem]
  return {
    nonce: numberOf(nonce, 'nonce', NONCE_BYTES_MAX),
    balance: numberOf(balance, 'balance', WORD_BYTES),
    storageRoot: hashOf(storageRoot, 'storage root'),
    codeHash: hashOf(codeHash, 'code hash'),
  }
}

function numberOf(item: RlpItem, what: string, bytesMax: number): bigint {
  if (!(item instanceof Uint8Array) || item.length > bytesMax || item[0] === 0) {
    throw errors.badAccount({ reason: `${what} is no minimal number` })
  }
  return item.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function hashOf(item: RlpItem, what: string): Uint8Array {
  if (!(item instanceof Uint8Array) || item.length !== WORD_BYTES) {
    throw errors.badAccount({ reason: `${what} is no hash` })
  }
  return item
}
