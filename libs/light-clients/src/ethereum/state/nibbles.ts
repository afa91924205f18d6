import { assert } from '@causeway/primitives'

/** A path in a trie: numbers 0 to 15. */
export type Nibbles = Uint8Array

/** What a hex-prefix string says. */
export interface HexPrefix {
  readonly path: Nibbles
  readonly isLeaf: boolean
}

/** The nibbles of bytes, high ones first. */
export function nibblesOf(bytes: Uint8Array): Nibbles {
  const nibbles = new Uint8Array(bytes.length * 2)
  bytes.forEach((byte, i) => {
    nibbles[2 * i] = byte >> 4
    nibbles[2 * i + 1] = byte & 15
  })
  return nibbles
}

/**
 * Reads a hex-prefix string; `undefined` when it isn't canonical: flags above 3, or a padding nibble that
 * isn't zero. Spec: Ethereum yellow paper, appendix C.
 */
export function decodeHexPrefix(bytes: Uint8Array): HexPrefix | undefined {
  const flags = bytes.length === 0 ? 16 : bytes[0]! >> 4
  if (flags > 3) return undefined
  const isOdd = (flags & 1) === 1
  if (!isOdd && (bytes[0]! & 15) !== 0) return undefined
  return { path: nibblesOf(bytes).subarray(isOdd ? 1 : 2), isLeaf: flags >= 2 }
}

/** Writes a path as a hex-prefix string. */
export function encodeHexPrefix({ path, isLeaf }: HexPrefix): Uint8Array {
  const isOdd = path.length % 2 === 1
  const flags = (isLeaf ? 2 : 0) + (isOdd ? 1 : 0)
  const nibbles = isOdd ? [flags, ...path] : [flags, 0, ...path]
  assert(nibbles.length % 2 === 0, 'whole bytes')
  return Uint8Array.from(
    { length: nibbles.length / 2 },
    (_, i) => (nibbles[2 * i]! << 4) | nibbles[2 * i + 1]!,
  )
}

/** Length of the longest common beginning. */
export function commonPrefixLength(a: Nibbles, b: Nibbles): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}
