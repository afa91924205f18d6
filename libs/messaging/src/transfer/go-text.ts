/** Bytes as gogoproto's text format quotes them: printable ASCII as it is, the rest as escapes. */
export function goText(bytes: Uint8Array): string {
  return `"${Array.from(bytes, quoted).join('')}"`
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
])

function quoted(byte: number): string {
  const escape = ESCAPES.get(byte)
  if (escape !== undefined) return escape
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte)
  return `\\${byte.toString(8).padStart(3, '0')}`
}
