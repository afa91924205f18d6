import { fromHex, isProtocolError } from '@causeway/primitives'
import { EndpointError } from '../follow/endpoint-error.ts'

/** An object of the execution API's JSON: bytes and numbers in 0x-hex. */
export type ExecutionJson = Readonly<Record<string, unknown>>

const QUANTITY = /^0x[0-9a-f]{1,64}$/i
const TEXT_LENGTH_MAX = 8 * 1024 * 1024

/** The value as an object. Throws `EndpointError` `malformed`. */
export function objectOf(value: unknown, what: string): ExecutionJson {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(what, 'no object')
  return value as ExecutionJson
}

/** The value as a list of at most `max`. Throws `EndpointError` `malformed`. */
export function listOf(value: unknown, what: string, max: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > max) throw malformed(what, `no list of at most ${max}`)
  return value
}

/** A number of at most 256 bits; leading zeros are let through. Throws `EndpointError` `malformed`. */
export function quantityOf(json: ExecutionJson, member: string): bigint {
  const value = json[member]
  if (typeof value !== 'string' || !QUANTITY.test(value)) throw malformed(member, 'no quantity')
  return BigInt(value)
}

/** Bytes, of a given length when there is one. Throws `EndpointError` `malformed`. */
export function bytesOf(json: ExecutionJson, member: string, length?: number): Uint8Array {
  return toBytes(json[member], member, length)
}

/** A value as bytes, of a given length when there is one. Throws `EndpointError` `malformed`. */
export function toBytes(value: unknown, what: string, length?: number): Uint8Array {
  if (typeof value !== 'string' || !value.startsWith('0x') || value.length > TEXT_LENGTH_MAX) {
    throw malformed(what, 'no 0x-hex')
  }
  const bytes = decode(value.slice(2).toLowerCase(), what)
  if (length !== undefined && bytes.length !== length) throw malformed(what, `${bytes.length} bytes`)
  return bytes
}

function decode(hex: string, what: string): Uint8Array {
  try {
    return fromHex(hex)
  } catch (error) {
    if (isProtocolError(error)) throw malformed(what, error.message)
    throw error
  }
}

function malformed(what: string, reason: string): EndpointError {
  return new EndpointError('malformed', `${what}: ${reason}`)
}
