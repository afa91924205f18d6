/**
 * Whether bytes[start, end) is UTF-8 as RFC 3629 has it: no over-long forms, no surrogates, at most
 * U+10FFFF.
 */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start
  while (i < end) {
    const first = bytes[i++]!
    if (first < 0x80) continue
    const more = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0
    if (more === 0 || i + more > end) return false
    const second = bytes[i++]!
    if (second < leastSecond(first) || second > greatestSecond(first)) return false
    for (let left = more - 1; left > 0; left--) if ((bytes[i++]! & 0xc0) !== 0x80) return false
  }
  return true
}

function leastSecond(first: number): number {
  return first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
}

function greatestSecond(first: number): number {
  return first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
}
