/** Bytes as a text with one character per byte: equal texts for equal bytes, for maps and sets. */
export function bytesKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
