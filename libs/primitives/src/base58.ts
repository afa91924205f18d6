import { fromHex } from './bytes.ts'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** 32 bytes take at most 44 characters, 64 at most 88. */
const TEXT_LENGTH_MAX = 128
/** So many digits at once: 58 to the power of 9 is an exact number. */
const DIGITS = 9

/** Bytes in base 58, a `1` for each leading zero byte: how Solana writes keys and hashes. */
export function toBase58(bytes: Uint8Array): string {
  const zeros = bytes.findIndex((byte) => byte !== 0)
  let value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  let text = ''
  for (; value > 0n; value /= 58n) text = ALPHABET[Number(value % 58n)]! + text
  return '1'.repeat(zeros === -1 ? bytes.length : zeros) + text
}

/** The bytes that a text in base 58 stands for; `undefined` when it is none, or has too many characters. */
export function fromBase58(text: string, lengthMax = TEXT_LENGTH_MAX): Uint8Array | undefined {
  if (text.length > lengthMax) return undefined
  let value = 0n
  for (let at = 0; at < text.length; at += DIGITS) {
    const part = text.slice(at, at + DIGITS)
    let number = 0
    for (const character of part) {
      const digit = ALPHABET.indexOf(character)
      if (digit < 0) return undefined
      number = number * 58 + digit
    }
    value = value * 58n ** BigInt(part.length) + BigInt(number)
  }
  const hex = value === 0n ? '' : value.toString(16)
  const ones = text.length - text.replace(/^1+/, '').length
  return fromHex('00'.repeat(ones) + (hex.length % 2 === 0 ? hex : `0${hex}`))
}
