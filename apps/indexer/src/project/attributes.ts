import { U64_MAX, fromHex } from '@causeway/primitives'
import type { BlockEvent } from './block.ts'
import { errors } from './errors.ts'

const TEXT_LENGTH_MAX = 512
const HEX_LENGTH_MAX = 2 * 600_000
const INTEGER = /^(0|-?[1-9][0-9]{0,77})$/

/** The first value of an attribute, or undefined. */
export function findText(event: BlockEvent, key: string): string | undefined {
  return event.attributes.find((attribute) => attribute.key === key)?.value
}

/** A text attribute of bounded length: it may end up in an index. Throws `indexer/1`, `indexer/2`. */
export function readText(event: BlockEvent, key: string, lengthMax = TEXT_LENGTH_MAX): string {
  const value = findText(event, key)
  if (value === undefined) throw errors.missingAttribute({ event: event.type, key })
  if (value.length > lengthMax || value !== storableText(value, lengthMax))
    throw malformed(event, key, 'a short text')
  return value
}

/** A text of at most `lengthMax` characters without U+0000, the one character that Postgres can't store. */
export function storableText(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).replaceAll('\u0000', '\ufffd').toWellFormed()
}

/** A decimal integer with sign, up to 78 digits. Throws `indexer/1`, `indexer/2`. */
export function readInteger(event: BlockEvent, key: string): bigint {
  const value = readText(event, key)
  if (!INTEGER.test(value)) throw malformed(event, key, 'an integer')
  return BigInt(value)
}

/** An unsigned 64-bit integer. Throws `indexer/1`, `indexer/2`. */
export function readU64(event: BlockEvent, key: string): bigint {
  const value = readInteger(event, key)
  if (value < 0n || value > U64_MAX) throw malformed(event, key, 'an unsigned 64-bit integer')
  return value
}

/** A subaccount number. Throws `indexer/1`, `indexer/2`. */
export function readSubaccount(event: BlockEvent, key: string): number {
  const value = readU64(event, key)
  if (value > 0xffffn) throw malformed(event, key, 'a subaccount')
  return Number(value)
}

/** Bytes in hex, bounded. Throws `indexer/1`, `indexer/2`. */
export function readHex(event: BlockEvent, key: string): Uint8Array {
  const value = findText(event, key)
  if (value === undefined) throw errors.missingAttribute({ event: event.type, key })
  if (value.length > HEX_LENGTH_MAX || value.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(value)) {
    throw malformed(event, key, 'hex')
  }
  return fromHex(value.toLowerCase())
}

/** A `{revision}-{height}` pair. Throws `indexer/2`. */
export function parseHeightText(
  event: BlockEvent,
  key: string,
  text: string,
): { number: bigint; height: bigint } {
  const match = /^(\d{1,20})-(\d{1,20})$/.exec(text)
  if (match === null) throw malformed(event, key, 'a height')
  const [number, height] = [BigInt(match[1]!), BigInt(match[2]!)]
  if (number > U64_MAX || height > U64_MAX) throw malformed(event, key, 'a height')
  return { number, height }
}

function malformed(event: BlockEvent, key: string, expected: string) {
  return errors.malformedAttribute({ event: event.type, key, expected })
}
