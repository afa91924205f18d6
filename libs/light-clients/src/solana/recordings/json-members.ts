import { U64_MAX, fromBase58, fromBase64, isProtocolError } from '@causeway/primitives'
import { KEY_BYTES } from '../addresses.ts'
import { errors } from '../errors.ts'

/** An object of a recording. Members of other names are ignored. */
export type RecordingJson = Readonly<Record<string, unknown>>

/** The value as an object. Throws `solana/80`. */
export function jsonObject(value: unknown, member: string): RecordingJson {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(member, 'no object')
  return value as RecordingJson
}

/** The member's items, each read as an object. Throws `solana/80`. */
export function jsonList<T>(
  json: RecordingJson,
  member: string,
  read: (item: RecordingJson, name: string) => T,
): T[] {
  return items(json, member).map((item, i) => read(jsonObject(item, `${member}[${i}]`), `${member}[${i}]`))
}

/** A number of at most 64 bits, as a number or decimal text. Throws `solana/80`. */
export function jsonUint(json: RecordingJson, member: string): bigint {
  return uintOf(json[member], member)
}

/** A key or hash of 32 bytes in base 58. Throws `solana/80`. */
export function jsonKey(json: RecordingJson, member: string): Uint8Array {
  return keyOf(json[member], member)
}

/** A list of keys or hashes. Throws `solana/80`. */
export function jsonKeys(json: RecordingJson, member: string): Uint8Array[] {
  return items(json, member).map((item) => keyOf(item, member))
}

/** Bytes in base 64. Throws `solana/80`. */
export function jsonBytes(json: RecordingJson, member: string): Uint8Array {
  return bytesOf(json[member], member)
}

/** A list of byte strings in base 64. Throws `solana/80`. */
export function jsonBytesList(json: RecordingJson, member: string): Uint8Array[] {
  return items(json, member).map((item) => bytesOf(item, member))
}

/** The items of a list. Throws `solana/80`. */
export function items(json: RecordingJson, member: string): readonly unknown[] {
  const list = json[member]
  if (!Array.isArray(list)) throw bad(member, 'no list')
  return list as unknown[]
}

/** A number of at most 64 bits. Throws `solana/80`. */
export function uintOf(value: unknown, member: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  if (typeof value !== 'string' || !/^[0-9]{1,20}$/.test(value) || BigInt(value) > U64_MAX)
    throw bad(member, 'no unsigned integer of 64 bits')
  return BigInt(value)
}

/** The refusal of a member. */
export function bad(member: string, reason: string): Error {
  return errors.badRecording({ member, reason })
}

function keyOf(value: unknown, member: string): Uint8Array {
  const bytes = typeof value === 'string' ? fromBase58(value) : undefined
  if (bytes?.length !== KEY_BYTES) throw bad(member, 'no 32 bytes in base 58')
  return bytes
}

function bytesOf(value: unknown, member: string): Uint8Array {
  if (typeof value !== 'string') throw bad(member, 'no base 64')
  try {
    return fromBase64(value)
  } catch (error) {
    if (isProtocolError(error)) throw bad(member, error.message)
    throw error
  }
}
