import { toHex } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  NONCES_MAX,
  NONCE_AGE_MS_MAX,
  NONCE_BYTES,
  NONCE_LEAD_MS_MAX,
  highestNonce,
  takeNonce,
} from './nonces.ts'

const NOW = 1_700_000_000_000n

function read(record: Uint8Array): bigint[] {
  const nonces: bigint[] = []
  for (let i = 0; i < record.length; i += NONCE_BYTES)
    nonces.push(BigInt(`0x${toHex(record.subarray(i, i + NONCE_BYTES))}`))
  return nonces
}

/** The rule in plain words, with a list. */
function reference(kept: bigint[], nonce: bigint): bigint[] | string {
  if (nonce < NOW - NONCE_AGE_MS_MAX) return 'too old'
  if (nonce > NOW + NONCE_LEAD_MS_MAX) return 'too far ahead'
  if (kept.includes(nonce)) return 'used'
  const all = [...kept, nonce].sort((a, b) => (a < b ? -1 : 1))
  if (all.length <= NONCES_MAX) return all
  return all[0] === nonce ? 'below the highest 100' : all.slice(1)
}

describe('nonces', () => {
  it('lie within two days before and one after the time of the block', () => {
    expect(typeof takeNonce(undefined, NOW - NONCE_AGE_MS_MAX, NOW)).toBe('object')
    expect(takeNonce(undefined, NOW - NONCE_AGE_MS_MAX - 1n, NOW)).toBe('too old')
    expect(typeof takeNonce(undefined, NOW + NONCE_LEAD_MS_MAX, NOW)).toBe('object')
    expect(takeNonce(undefined, NOW + NONCE_LEAD_MS_MAX + 1n, NOW)).toBe('too far ahead')
    expect(takeNonce(undefined, 0n, NOW)).toBe('too old')
    expect(takeNonce(undefined, (1n << 64n) - 1n, NOW)).toBe('too far ahead')
  })

  it('are taken once, in any order, and the highest 100 are kept: as a list does it', () => {
    const near = fc.bigInt(NOW - 80n, NOW + 80n)
    const any = fc.oneof({ weight: 9, arbitrary: near }, { weight: 1, arbitrary: fc.bigInt(0n, 2n * NOW) })
    fc.assert(
      fc.property(fc.array(any, { minLength: 120, maxLength: 250 }), (nonces) => {
        let record: Uint8Array | undefined
        let kept: bigint[] = []
        for (const nonce of nonces) {
          const taken = takeNonce(record, nonce, NOW)
          const expected = reference(kept, nonce)
          if (typeof taken === 'string') expect(taken).toBe(expected)
          else {
            expect(read(taken)).toEqual(expected)
            expect(highestNonce(taken)).toBe((expected as bigint[]).at(-1))
            record = taken
            kept = expected as bigint[]
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('once below the highest 100 never come again', () => {
    let record: Uint8Array | undefined
    for (let i = 0n; i < 150n; i++) record = takeNonce(record, NOW + i, NOW) as Uint8Array
    expect(record!.length).toBe(NONCES_MAX * NONCE_BYTES)
    expect(takeNonce(record, NOW + 10n, NOW)).toBe('below the highest 100')
    expect(takeNonce(record, NOW + 50n, NOW)).toBe('used')
    expect(takeNonce(record, NOW + 49n, NOW)).toBe('below the highest 100')
    expect(read(takeNonce(record, NOW + 150n, NOW) as Uint8Array)[0]).toBe(NOW + 51n)
  })
})
