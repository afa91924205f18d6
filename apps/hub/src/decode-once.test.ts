import { describe, expect, it } from 'vitest'
import { decodeOnce } from './decode-once.ts'

function counting() {
  let calls = 0
  const decode = decodeOnce((bytes: Uint8Array) => {
    calls++
    return { first: bytes[0] }
  })
  return { decode, calls: () => calls }
}

describe('a decoder that remembers', () => {
  it('decodes an array once, and gives the same value for it', () => {
    const { decode, calls } = counting()
    const bytes = Uint8Array.of(7)
    expect(decode(bytes)).toEqual({ first: 7 })
    expect(decode(bytes)).toBe(decode(bytes))
    expect(calls()).toBe(1)
  })

  it('goes by the array, not by what is in it: other bytes are decoded by themselves', () => {
    const { decode, calls } = counting()
    const [a, b] = [Uint8Array.of(7), Uint8Array.of(7)]
    expect(decode(a)).toEqual(decode(b))
    expect(decode(a)).not.toBe(decode(b))
    expect(calls()).toBe(2)
  })

  it('takes what was just encoded', () => {
    const { decode, calls } = counting()
    const bytes = Uint8Array.of(7)
    const value = { first: 7 }
    decode.remember(bytes, value)
    expect(decode(bytes)).toBe(value)
    expect(calls()).toBe(0)
  })

  it('remembers nothing of what can’t be decoded', () => {
    let isBroken = true
    const decode = decodeOnce((bytes: Uint8Array) => {
      if (isBroken) throw new Error('cut')
      return { length: bytes.length }
    })
    const bytes = Uint8Array.of(1, 2)
    expect(() => decode(bytes)).toThrow('cut')
    isBroken = false
    expect(decode(bytes)).toEqual({ length: 2 })
  })
})
