/**
 * Whether a prefix is what cosmos/iavl writes before a node's children: height, size and version as
 * non-negative zigzag varints, the height at least the op's layer (1 is just above the leaf; 0 means a leaf).
 * After them a leaf has nothing; an inner node has the child's length byte (1 byte), or the left sibling with
 * its length and the child's length (34 bytes). So a leaf can't pass for an inner node, and no node has both
 * a left and a right child given.
 *
 * Spec: ics23 go/ops.go `validateIavlOps` at v0.11.0.
 */
export function isIavlPrefix(prefix: Uint8Array, layer: number): boolean {
  let at = 0
  for (let i = 0; i < 3; i++) {
    const first = prefix[at]
    // Zigzag: an odd first byte is a negative number.
    if (first === undefined || (first & 1) === 1) return false
    const end = varintEnd(prefix, at)
    if (end < 0) return false
    if (i === 0 && zigzagMagnitude(prefix, at, end) < layer) return false
    at = end
  }
  const rest = prefix.length - at
  return layer === 0 ? rest === 0 : rest === 1 || rest === 34
}

/** Where the varint at `at` ends; −1 when it is cut short or exceeds 64 bits. */
function varintEnd(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return -1
    if (byte < 0x80) return i === 9 && byte > 1 ? -1 : at + i + 1
  }
  return -1
}

/** Half of the varint. Above 2⁵³ it is rounded, which no comparison with a layer (≤ 256) notices. */
function zigzagMagnitude(bytes: Uint8Array, at: number, end: number): number {
  let value = 0
  for (let i = end - 1; i >= at; i--) value = value * 128 + (bytes[i]! & 0x7f)
  return Math.floor(value / 2)
}
