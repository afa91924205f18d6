import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { base64 } from '@scure/base'
import { errors } from './primitive-errors.ts'

/** The empty byte string. Never written to. */
export const EMPTY_BYTES: Uint8Array = new Uint8Array(0)

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** Joins byte strings into a new one. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (let i = 0; i < parts.length; i++) length += parts[i]!.length
  const joined = new Uint8Array(length)
  let offset = 0
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Whether two byte strings are the same. Not constant-time: for public data only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Lexicographic order; a prefix comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1
}

/** Whether `bytes` begins with `prefix`. */
export function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  if (bytes.length < prefix.length) return false
  for (let i = 0; i < prefix.length; i++) if (bytes[i] !== prefix[i]) return false
  return true
}

/** The least byte string above every string with this prefix; `undefined` when there is none (all 0xff). */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  for (let i = prefix.length - 1; i >= 0; i--) {
    if (prefix[i] === 0xff) continue
    const end = prefix.slice(0, i + 1)
    end[i]! += 1
    return end
  }
  return undefined
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes)
}

/** Upper-case hex, as CometBFT and IBC vouchers write it. */
export function toHexUpper(bytes: Uint8Array): string {
  return bytesToHex(bytes).toUpperCase()
}

/** Reads hex of either case, without `0x`. Throws `primitives/1`. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw errors.badHex({ length: text.length })
  return hexToBytes(text)
}

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Reads UTF-8, refusing malformed sequences; a byte-order mark is kept. Throws `primitives/2`. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw errors.badUtf8()
  }
}

/** Padded base64 (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  return base64.encode(bytes)
}

/** Reads padded, canonical base64. Throws `primitives/3`. */
export function fromBase64(text: string): Uint8Array {
  try {
    return base64.decode(text)
  } catch {
    throw errors.badBase64()
  }
}
