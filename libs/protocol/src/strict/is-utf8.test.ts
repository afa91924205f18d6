import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isUtf8 } from './is-utf8.ts'

function platformSays(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

describe('isUtf8', () => {
  it('agrees with the platform on every sequence of one, two or three interesting bytes', () => {
    const edges = [
      0, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
    ]
    edges.push(0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xff)
    for (const a of edges) {
      for (const b of edges) {
        for (const c of edges) {
          for (const bytes of [[a], [a, b], [a, b, c], [a, b, c, 0x80], [0x41, a, b, c, 0xbf, 0x41]]) {
            const input = Uint8Array.from(bytes)
            if (isUtf8(input, 0, input.length) !== platformSays(input))
              expect(bytes).toBe('judged differently')
          }
        }
      }
    }
  })

  it('agrees with the platform on random bytes and on broken text', () => {
    const broken = fc.tuple(fc.string({ unit: 'binary' }), fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
      const bytes = new TextEncoder().encode(value)
      if (bytes.length > 0) bytes[at % bytes.length] = byte
      return bytes
    })
    const property = fc.property(fc.oneof(fc.uint8Array({ maxLength: 8 }), broken), (bytes) => {
      expect(isUtf8(bytes, 0, bytes.length)).toBe(platformSays(bytes))
    })
    fc.assert(property, { numRuns: 5_000 })
  })

  it('judges its range only', () => {
    const bytes = Uint8Array.from([0xff, 0xc3, 0xa9, 0xff])
    expect(isUtf8(bytes, 1, 3)).toBe(true)
    expect(isUtf8(bytes, 1, 2)).toBe(false)
    expect(isUtf8(bytes, 2, 3)).toBe(false)
    expect(isUtf8(bytes, 3, 3)).toBe(true)
  })
})
