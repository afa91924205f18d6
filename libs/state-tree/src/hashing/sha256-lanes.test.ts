import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '@causeway/primitives'
import {
  blockCount,
  hashLanes,
  hashWord,
  LANES,
  laneMemory,
  laneOffset,
  MESSAGE_BYTES_MAX,
  padLane,
} from './sha256-lanes.ts'
import { sha256Module } from './sha256-module.ts'

function hashAll(messages: readonly Uint8Array[]): Uint8Array[] {
  const { bytes, words } = laneMemory()
  messages.forEach((message, lane) => {
    bytes.set(message, laneOffset(lane))
    padLane(lane, laneOffset(lane) + message.length, blockCount(message.length))
  })
  hashLanes(blockCount(messages[0]!.length))
  return messages.map((_, lane) => {
    const hash = new Uint8Array(32)
    const view = new DataView(hash.buffer)
    for (let i = 0; i < 8; i++) view.setInt32(i * 4, words[hashWord(lane) + i]!)
    return hash
  })
}

function message(length: number, lane: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + lane * 101 + length) & 0xff)
}

describe('SHA-256 in four lanes', () => {
  it('equals node:crypto and primitives at every length a lane takes', () => {
    for (let length = 0; length <= MESSAGE_BYTES_MAX; length++) {
      const messages = Array.from({ length: LANES }, (_, lane) => message(length, lane))
      const hashes = hashAll(messages)
      messages.forEach((bytes, lane) => {
        const expected = createHash('sha256').update(bytes).digest()
        if (!expected.equals(hashes[lane]!)) expect.fail(`length ${length}, lane ${lane}`)
      })
      if (length % 97 === 0) expect(hashes[0]).toEqual(sha256(messages[0]!))
    }
  })

  it('knows the test vectors of FIPS 180-4', () => {
    const hashes = hashAll(['abc', 'abd', 'xyz', '123'].map((text) => new TextEncoder().encode(text)))
    expect(Buffer.from(hashes[0]!).toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  it('is not disturbed by what lay in a lane before', () => {
    const any = fc.uint8Array({ minLength: 0, maxLength: MESSAGE_BYTES_MAX })
    fc.assert(
      fc.property(any, fc.uint8Array({ minLength: 0, maxLength: 200 }), (before, bytes) => {
        hashAll([before, before, before, before])
        const hashes = hashAll([bytes, bytes, bytes, bytes])
        for (const hash of hashes) expect(hash).toEqual(sha256(bytes))
      }),
      { numRuns: 50 },
    )
  })

  it('refuses what no lane holds', () => {
    laneMemory()
    expect(() => hashLanes(0)).toThrow('a lane holds the message')
    expect(() => hashLanes(blockCount(MESSAGE_BYTES_MAX) + 1)).toThrow('a lane holds the message')
    expect(blockCount(MESSAGE_BYTES_MAX)).toBe(32)
  })

  it('counts blocks with their padding', () => {
    expect([0, 55, 56, 119, 120].map((length) => blockCount(length))).toEqual([1, 1, 2, 2, 3])
  })

  it('writes the same module each time, and a small one', () => {
    expect(sha256Module()).toEqual(sha256Module())
    expect(sha256Module().length).toBeLessThan(20_000)
  })
})
