import { sha256 as reference } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  hashLanes,
  LANE_MESSAGE_BYTES_MAX,
  laneBlocks,
  laneHashWord,
  laneMemory,
  laneOffset,
  LANES,
  padLane,
} from './lanes.ts'
import { sha256 } from './sha256.ts'

function hashAll(messages: readonly Uint8Array[]): Uint8Array[] {
  const { bytes, words } = laneMemory()
  messages.forEach((message, lane) => {
    bytes.set(message, laneOffset(lane))
    padLane(lane, laneOffset(lane) + message.length, laneBlocks(message.length))
  })
  hashLanes(laneBlocks(messages[0]!.length))
  return messages.map((_, lane) => {
    const hash = new Uint8Array(32)
    const view = new DataView(hash.buffer)
    for (let i = 0; i < 8; i++) view.setInt32(i * 4, words[laneHashWord(lane) + i]!)
    return hash
  })
}

function message(length: number, lane: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + lane * 101 + length) & 0xff)
}

describe('SHA-256 in four lanes', () => {
  it('equals node:crypto and noble at every length a lane takes', () => {
    for (let length = 0; length <= LANE_MESSAGE_BYTES_MAX; length++) {
      const messages = Array.from({ length: LANES }, (_, lane) => message(length, lane))
      const hashes = hashAll(messages)
      messages.forEach((bytes, lane) => {
        const expected = createHash('sha256').update(bytes).digest()
        if (!expected.equals(hashes[lane]!)) expect.fail(`length ${length}, lane ${lane}`)
      })
      if (length % 97 === 0) expect(hashes[0]).toEqual(reference(messages[0]!))
    }
  })

  it('knows the test vectors of FIPS 180-4', () => {
    const hashes = hashAll(['abc', 'abd', 'xyz', '123'].map((text) => new TextEncoder().encode(text)))
    expect(Buffer.from(hashes[0]!).toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  it('is not disturbed by what lay in a lane before', () => {
    const any = fc.uint8Array({ minLength: 0, maxLength: LANE_MESSAGE_BYTES_MAX })
    fc.assert(
      fc.property(any, fc.uint8Array({ minLength: 0, maxLength: 200 }), (before, bytes) => {
        hashAll([before, before, before, before])
        const hashes = hashAll([bytes, bytes, bytes, bytes])
        for (const hash of hashes) expect(hash).toEqual(reference(bytes))
      }),
      { numRuns: 50 },
    )
  })

  it('refuses what no lane holds', () => {
    laneMemory()
    expect(() => hashLanes(0)).toThrow('a lane holds the message')
    expect(() => hashLanes(laneBlocks(LANE_MESSAGE_BYTES_MAX) + 1)).toThrow('a lane holds the message')
    expect(laneBlocks(LANE_MESSAGE_BYTES_MAX)).toBe(32)
  })

  it('counts blocks with their padding', () => {
    expect([0, 55, 56, 119, 120].map((length) => laneBlocks(length))).toEqual([1, 1, 2, 2, 3])
  })

  it('keeps the lanes apart: equal lengths, another byte in each', () => {
    for (const length of [0, 55, 56, 63, 64, 119, 120, 300]) {
      const messages = Array.from({ length: LANES }, (_, lane) => new Uint8Array(length).fill(lane))
      hashAll(messages).forEach((hash, lane) => expect(hash).toEqual(reference(messages[lane]!)))
    }
  })

  it('takes messages of other lengths in each lane when they take equally many blocks', () => {
    const messages = [56, 64, 100, 119].map(message)
    hashAll(messages).forEach((hash, lane) => expect(hash).toEqual(reference(messages[lane]!)))
  })

  it('and the one-message way do not disturb each other', () => {
    const { bytes } = laneMemory()
    const messages = Array.from({ length: LANES }, (_, lane) => message(100, lane))
    messages.forEach((given, lane) => {
      bytes.set(given, laneOffset(lane))
      sha256(message(1000, lane))
      padLane(lane, laneOffset(lane) + given.length, laneBlocks(given.length))
    })
    const alone = messages.map((given) => sha256(given))
    expect(hashAll(messages)).toEqual(alone)
    expect(laneMemory().bytes).toBe(bytes)
  })

  it('lays out four lanes one after the other, and the hashes behind them', () => {
    const { bytes, words } = laneMemory()
    const offsets = Array.from({ length: LANES }, (_, lane) => laneOffset(lane))
    offsets
      .slice(1)
      .forEach((offset, i) => expect(offset - offsets[i]!).toBeGreaterThan(LANE_MESSAGE_BYTES_MAX))
    expect(laneHashWord(0) * 4).toBeGreaterThan(laneOffset(LANES - 1) + LANE_MESSAGE_BYTES_MAX)
    expect(laneHashWord(1) - laneHashWord(0)).toBe(8)
    expect(words.buffer).toBe(bytes.buffer)
  })
})
