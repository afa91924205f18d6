// Reading JSON from outside: each reader says what it expected, and bounds what it gives.
import { fromBase64, fromHex } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** A JSON object from outside, unread. */
export type Members = Readonly<Record<string, unknown>>

const TEXT_LENGTH_MAX = 40_000_000

/** An object. Throws `client/2`. */
export function membersOf(value: unknown, what: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw errors.badAnswer({ what, reason: 'expected an object' })
  }
  return value as Members
}

/** A member that is an object. Throws `client/2`. */
export function objectAt(members: Members, name: string, what: string): Members {
  return membersOf(members[name], `${what}, ${name}`)
}

/** A member that is a text. Throws `client/2`. */
export function textAt(members: Members, name: string, what: string): string {
  const value = members[name]
  if (typeof value !== 'string' || value.length > TEXT_LENGTH_MAX) {
    throw errors.badAnswer({ what: `${what}, ${name}`, reason: 'expected a text' })
  }
  return value
}

/** A member that is a list; what is absent or null is an empty one. Throws `client/2`. */
export function listAt(
  members: Members,
  name: string,
  what: string,
  lengthMax = 100_000,
): readonly unknown[] {
  const value = members[name] ?? []
  if (!Array.isArray(value) || value.length > lengthMax) {
    throw errors.badAnswer({ what: `${what}, ${name}`, reason: `expected a list of ${lengthMax} at most` })
  }
  return value
}

/** A whole number from 0 on, which CometBFT writes as text. Throws `client/2`. */
export function heightAt(members: Members, name: string, what: string): bigint {
  const value = members[name]
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^[0-9]{1,19}$/.test(text)) {
    throw errors.badAnswer({ what: `${what}, ${name}`, reason: 'expected a whole number' })
  }
  return BigInt(text)
}

/** A code: a number from 0 to 2³² − 1; absent is 0. Throws `client/2`. */
export function codeAt(members: Members, name: string, what: string): number {
  const value = members[name] ?? 0
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw errors.badAnswer({ what: `${what}, ${name}`, reason: 'expected a code' })
  }
  return value
}

/** Bytes in base64; null or absent is none. Throws `client/2`. */
export function base64At(members: Members, name: string, what: string): Uint8Array {
  if (members[name] === null || members[name] === undefined) return new Uint8Array(0)
  return readBytes(() => fromBase64(textAt(members, name, what)), `${what}, ${name}`)
}

/** Bytes in hex. Throws `client/2`. */
export function hexAt(members: Members, name: string, what: string): Uint8Array {
  return readBytes(() => fromHex(textAt(members, name, what).toLowerCase()), `${what}, ${name}`)
}

function readBytes(read: () => Uint8Array, what: string): Uint8Array {
  try {
    return read()
  } catch {
    throw errors.badAnswer({ what, reason: 'its encoding is wrong' })
  }
}
