const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** 32 bytes take at most 44 characters, 64 at most 88. */
const TEXT_LENGTH_MAX = 128

/** Bytes in base 58, a `1` for each leading zero byte: how Solana writes keys and hashes. */
export function toBase58(bytes: Uint8Array): string {
  const zeros = bytes.findIndex((byte) => byte !== 0)
  let value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  let text = ''
  for (; value > 0n; value /= 58n) text = ALPHABET[Number(value % 58n)]! + text
  return '1'.repeat(zeros === -1 ? bytes.length : zeros) + text
}

/** The bytes that a text in base 58 stands for; `undefined` when it is none or longer than 128 characters. */
export function fromBase58(text: string): Uint8Array | undefined {
  if (text.length > TEXT_LENGTH_MAX) return undefined
  let value = 0n
  for (const character of text) {
    const digit = ALPHABET.indexOf(character)
    if (digit < 0) return undefined
    value = value * 58n + BigInt(digit)
  }
  const bytes: number[] = []
  for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 0xffn))
  const ones = text.length - text.replace(/^1+/, '').length
  return Uint8Array.from([...new Array<number>(ones).fill(0), ...bytes])
}
