import { bech32 } from '@scure/base'
import { errors } from './primitive-errors.ts'

const TEXT_LENGTH_MAX = 120

/** Text of an address: BIP-173 bech32 with a human-readable prefix. */
export function toBech32(prefix: string, bytes: Uint8Array): string {
  return bech32.encode(prefix, bech32.toWords(bytes), TEXT_LENGTH_MAX)
}

/** Reads an address that must carry `prefix`. Throws `primitives/4`. */
export function fromBech32(text: string, prefix: string): Uint8Array {
  const refuse = (reason: string) => errors.badBech32({ expected: prefix, reason })
  if (text.length > TEXT_LENGTH_MAX) throw refuse('too long')
  const decoded = decode(text)
  if (decoded === undefined) throw refuse('checksum or characters are wrong')
  if (decoded.prefix !== prefix) throw refuse(`its prefix is ${decoded.prefix}`)
  if (text !== text.toLowerCase()) throw refuse('it is not lower case')
  return decoded.bytes
}

function decode(text: string): { prefix: string; bytes: Uint8Array } | undefined {
  try {
    const { prefix, words } = bech32.decode(text as `${string}1${string}`, TEXT_LENGTH_MAX)
    return { prefix, bytes: bech32.fromWords(words) }
  } catch {
    return undefined
  }
}
