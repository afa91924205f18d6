import { EMPTY_TRIE_ROOT, decodeRlp } from '@causeway/light-clients'
import { equalBytes, keccak256 } from '@causeway/primitives'
import { isObject, listAt, type JsonObject } from '../json-shape.ts'
import { hexAt, hexBytes, hexListAt, quantityWord } from './hex.ts'

/** What `eth_getProof` answers, in one shape. */
export interface ProofAnswer {
  /** Absent: the account is whichever the proof leads to. */
  readonly address: Uint8Array | undefined
  readonly nonce: bigint
  readonly balance: bigint
  readonly storageRoot: Uint8Array
  readonly codeHash: Uint8Array
  /** Where the answer brings the code too. */
  readonly code: Uint8Array | undefined
  readonly accountProof: readonly Uint8Array[]
  readonly slots: readonly JsonObject[]
}

/** Whether an object is such an answer, with an address or without. */
export function isProofAnswer(object: JsonObject): boolean {
  return Array.isArray(object.accountProof) || Array.isArray(object.account_proof)
}

/**
 * Reads an answer: as EIP-1186 has it, with the account's members in an object of their own, or with names in
 * snake_case. `question` is the request, which names the address where the answer does not.
 */
export function readProofAnswer(answer: JsonObject, question: JsonObject | undefined): ProofAnswer {
  const account = { ...camelCased(answer), ...(isObject(answer.account) ? camelCased(answer.account) : {}) }
  const asked = Array.isArray(question?.params) ? (question.params as unknown[])[0] : undefined
  const address = account.address ?? asked
  const rootName = account.storageHash === undefined ? 'storageRoot' : 'storageHash'
  return {
    address: typeof address === 'string' ? hexBytes(address) : undefined,
    nonce: quantityAt(account, 'nonce'),
    balance: quantityAt(account, 'balance'),
    storageRoot: hexAt(account, rootName),
    codeHash: hexAt(account, 'codeHash'),
    code: typeof account.code === 'string' ? hexBytes(account.code) : undefined,
    accountProof: hexListAt(account, 'accountProof'),
    slots: Array.isArray(account.storageProof) ? listAt(account, 'storageProof').filter(isObject) : [],
  }
}

/** Nodes of a slot's proof under a storage root; some write an empty trie's proof as its one empty node. */
export function slotNodes(slot: JsonObject, storageRoot: Uint8Array): Uint8Array[] {
  const nodes = hexListAt(slot, 'proof')
  const isEmptyNode = nodes.length === 1 && nodes[0]!.length === 1 && nodes[0]![0] === 0x80
  return isEmptyNode && equalBytes(storageRoot, EMPTY_TRIE_ROOT) ? [] : nodes
}

/** A slot's member as a word: a quantity with leading zeros or without, or a number. */
export function wordAt(slot: JsonObject, name: string): Uint8Array {
  const value = slot[name]
  if (typeof value === 'number' && Number.isSafeInteger(value)) return quantityWord(`0x${value.toString(16)}`)
  if (typeof value !== 'string') throw new Error(`${name} is no word`)
  return quantityWord(value)
}

/**
 * The key that a proof of inclusion leads to: the child by which each node refers to the next, then the path
 * of the leaf. Absent where the nodes don't make one chain.
 */
export function keyOfProof(proof: readonly Uint8Array[]): Uint8Array | undefined {
  const nibbles: number[] = []
  for (const [i, node] of proof.entries()) {
    const items = decodeRlp(node)
    const next = proof[i + 1]
    if (items instanceof Uint8Array) return undefined
    if (items.length === 17) {
      const child = items.findIndex((item) => next && item instanceof Uint8Array && refersTo(item, next))
      if (child < 0) return undefined
      nibbles.push(child)
    } else if (items.length === 2 && items[0] instanceof Uint8Array) {
      nibbles.push(...pathOf(items[0]))
    } else return undefined
  }
  if (nibbles.length !== 64) return undefined
  return Uint8Array.from({ length: 32 }, (_, i) => nibbles[2 * i]! * 16 + nibbles[2 * i + 1]!)
}

function refersTo(item: Uint8Array, node: Uint8Array): boolean {
  return equalBytes(item, keccak256(node))
}

/** Nibbles of a hex-prefix string. */
function pathOf(bytes: Uint8Array): number[] {
  const nibbles = [...bytes].flatMap((byte) => [byte >> 4, byte & 15])
  return nibbles.slice(nibbles[0]! % 2 === 1 ? 1 : 2)
}

/** A number in hex, in decimal or as it is; `0x` is zero. */
function quantityAt(object: JsonObject, name: string): bigint {
  const value = object[name]
  if (value === '0x') return 0n
  if (typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value)))
    return BigInt(value)
  throw new Error(`${name} is no quantity`)
}

function camelCased(object: JsonObject): JsonObject {
  const camel = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [camel(name), value]))
}
