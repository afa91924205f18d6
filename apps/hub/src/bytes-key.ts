import { keyText } from '@causeway/state-tree'

/** Bytes as a text with one character per byte: equal texts for equal bytes, for maps and sets. */
export function bytesKey(bytes: Uint8Array): string {
  // A view's `buffer` would move a short one off the heap
  if (bytes.length <= 64) return keyText(bytes)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
