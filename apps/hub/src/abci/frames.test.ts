import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, uvarint } from '@causeway/primitives'
import { encodeFrame, FrameReader } from './frames.ts'

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i)

describe('FrameReader', () => {
  it('gives the frames of a stream however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (messages, cuts) => {
          const stream = concatBytes(...messages.map(encodeFrame))
          const reader = new FrameReader()
          const got: Uint8Array[] = []
          for (let at = 0, i = 0; at < stream.length; i++) {
            const end = at + cuts[i % cuts.length]!
            got.push(...reader.push(stream.subarray(at, end)).map((frame) => Uint8Array.from(frame)))
            at = end
          }
          expect(got).toEqual(messages)
          expect(reader.isAtBoundary).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('takes a large frame in many pieces without reading it again and again', () => {
    const message = new Uint8Array(8 * 1024 * 1024).fill(7)
    const stream = encodeFrame(message)
    const reader = new FrameReader()
    let got: Uint8Array[] = []
    for (let at = 0; at < stream.length; at += 65536)
      got = got.concat(reader.push(stream.subarray(at, at + 65536)))
    expect(got).toHaveLength(1)
    expect(got[0]!.length).toBe(message.length)
  })

  it('says whether the stream may end', () => {
    const reader = new FrameReader()
    expect(reader.isAtBoundary).toBe(true)
    reader.push(encodeFrame(bytes(10)).subarray(0, 4))
    expect(reader.isAtBoundary).toBe(false)
  })

  it('refuses a frame over its limit before it arrives', () => {
    const reader = new FrameReader(100)
    expect(reader.push(encodeFrame(bytes(100)))).toHaveLength(1)
    expect(() => reader.push(uvarint(101))).toThrow(expect.objectContaining({ codespace: 'abci', code: 1 }))
  })

  it('refuses a length that is no varint of 32 bits', () => {
    const endless = Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x01)
    expect(() => new FrameReader().push(endless)).toThrow(expect.objectContaining({ code: 2 }))
    expect(() => new FrameReader().push(uvarint(2n ** 34n))).toThrow(expect.objectContaining({ code: 1 }))
  })
})
