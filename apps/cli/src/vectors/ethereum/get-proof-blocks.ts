import { decodeRlp } from '@causeway/light-clients'
import { equalBytes, isProtocolError, keccak256 } from '@causeway/primitives'
import { isObject, type JsonObject } from '../json-shape.ts'
import { hexBytes } from './hex.ts'

/** What a proof is checked under. */
export interface StateBlock {
  readonly stateRoot: Uint8Array
  readonly number: bigint | undefined
}

const STATE_ROOT_ITEM = 3
const NUMBER_ITEM = 8
const HEADER_ITEMS_MIN = 15
const HEX_HASH = /^0x[0-9a-fA-F]{64}$/
const HEX_LIST = /^0x[fF][89][0-9a-fA-F]{800,4000}$/

/**
 * A block that a value is: as `eth_getBlockBy…` answers it or its header alone, the execution payload of a
 * beacon block, or a header in RLP. Consensus headers, which have a state root too, are none.
 */
export function stateBlockOf(value: unknown): StateBlock | undefined {
  if (typeof value === 'string') return HEX_LIST.test(value) ? headerInRlp(hexBytes(value)) : undefined
  if (!isObject(value)) return undefined
  if (isHash(value.stateRoot) && value.accountProof === undefined) {
    return { stateRoot: hexBytes(value.stateRoot), number: numberOf(value.number ?? value.blockNumber) }
  }
  if (isHash(value.state_root) && isHash(value.receipts_root)) {
    return { stateRoot: hexBytes(value.state_root), number: numberOf(value.block_number) }
  }
  return undefined
}

/**
 * The block that a proof is under: the only one, or the one with the number that it names, or the one with
 * the
 * root that it begins with.
 */
export function blockOfProof(
  blocks: readonly StateBlock[],
  accountProof: readonly Uint8Array[],
  answer: JsonObject,
): StateBlock {
  const [only, ...more] = blocks
  if (!only) throw new Error('there is no block beside it')
  if (more.length === 0) return only
  const number = numberOf(answer.blockNumber ?? answer.block)
  const numbered = blocks.find((block) => number !== undefined && block.number === number)
  const root = accountProof[0] && keccak256(accountProof[0])
  const block = numbered ?? blocks.find(({ stateRoot }) => root !== undefined && equalBytes(stateRoot, root))
  if (!block) throw new Error(`none of ${blocks.length} blocks has the state root that it begins with`)
  return block
}

function headerInRlp(bytes: Uint8Array): StateBlock | undefined {
  try {
    const items = decodeRlp(bytes)
    if (items instanceof Uint8Array || items.length < HEADER_ITEMS_MIN) return undefined
    const [stateRoot, number] = [items[STATE_ROOT_ITEM], items[NUMBER_ITEM]]
    if (!(stateRoot instanceof Uint8Array) || stateRoot.length !== 32 || !(number instanceof Uint8Array))
      return undefined
    return { stateRoot, number: number.reduce((value, byte) => value * 256n + BigInt(byte), 0n) }
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && HEX_HASH.test(value)
}

function numberOf(value: unknown): bigint | undefined {
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^(0x[0-9a-fA-F]+|\d+)$/.test(value))
  return isNumber ? BigInt(value) : undefined
}
