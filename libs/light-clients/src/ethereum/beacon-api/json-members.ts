import { U256_MAX, fromHex, isProtocolError } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** An object of the Beacon API's JSON: names in snake_case, numbers in decimal text, bytes in 0x-hex. */
export type BeaconJson = Readonly<Record<string, unknown>>

/** The value as an object. Throws `ethereum/31`. */
export function jsonObject(value: unknown, member: string): BeaconJson {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(member, 'no object')
  return value as BeaconJson
}

/** An unsigned integer, as decimal text or as a number. Throws `ethereum/31`. */
export function jsonUint(json: BeaconJson, member: string): bigint {
  const value = json[member]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  if (typeof value !== 'string' || !/^[0-9]{1,78}$/.test(value)) throw bad(member, 'no unsigned integer')
  const number = BigInt(value)
  if (number > U256_MAX) throw bad(member, 'more than 256 bits')
  return number
}

/** A number of at most 64 bits. Throws `ethereum/31`. */
export function jsonUint64(json: BeaconJson, member: string): bigint {
  const value = jsonUint(json, member)
  if (value >= 1n << 64n) throw bad(member, 'more than 64 bits')
  return value
}

/** Bytes of a given length; without one, at most 256. Throws `ethereum/31`. */
export function jsonBytes(json: BeaconJson, member: string, length?: number): Uint8Array {
  const bytes = hexBytes(json[member], member)
  if (length === undefined ? bytes.length > 256 : bytes.length !== length) {
    throw bad(member, `${bytes.length} bytes`)
  }
  return bytes
}

/** A list of byte strings of one length. Throws `ethereum/31`. */
export function jsonBytesList(json: BeaconJson, member: string, length: number, max: number): Uint8Array[] {
  const list = json[member]
  if (!Array.isArray(list) || list.length > max) throw bad(member, `no list of at most ${max}`)
  return list.map((item) => {
    const bytes = hexBytes(item, member)
    if (bytes.length !== length) throw bad(member, `an item of ${bytes.length} bytes`)
    return bytes
  })
}

/** The refusal of a member. */
export function bad(member: string, reason: string): Error {
  return errors.badBeaconJson({ member, reason })
}

function hexBytes(value: unknown, member: string): Uint8Array {
  if (typeof value !== 'string' || !value.startsWith('0x')) throw bad(member, 'no 0x-hex')
  try {
    return fromHex(value.slice(2))
  } catch (error) {
    if (isProtocolError(error)) throw bad(member, error.message)
    throw error
  }
}
