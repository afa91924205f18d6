import { describe, expect, it } from 'vitest'
import { encodeMessage } from './encode-message.ts'
import { Any } from './generated/google/protobuf/any.ts'
import { Timestamp } from './generated/google/protobuf/timestamp.ts'

describe('encoding with one writer', () => {
  it('gives what the codec gives, message after message', () => {
    const time = { seconds: 1_700_000_000n, nanos: 5 }
    for (let i = 0; i < 3; i++) {
      const any = { typeUrl: '/a.B', value: new Uint8Array(300).fill(i) }
      expect(encodeMessage(Any, any)).toEqual(Any.encode(any).finish())
      expect(encodeMessage(Timestamp, time)).toEqual(Timestamp.encode(time).finish())
    }
  })

  it('gives bytes of their own', () => {
    const first = encodeMessage(Timestamp, { seconds: 1n, nanos: 0 })
    const copy = first.slice()
    encodeMessage(Timestamp, { seconds: 2n, nanos: 7 })
    expect(first).toEqual(copy)
  })

  it('begins anew after a message that can’t be encoded', () => {
    expect(() => encodeMessage(Timestamp, { seconds: 1n << 70n, nanos: 0 })).toThrow()
    const time = { seconds: 3n, nanos: 0 }
    expect(encodeMessage(Timestamp, time)).toEqual(Timestamp.encode(time).finish())
  })
})
