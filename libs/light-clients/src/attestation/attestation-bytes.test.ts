import { be64, concatBytes, sha256, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../refusal.fixture.ts'
import { ATTESTATION_DOMAIN, attestationBytes } from './attestation-bytes.ts'
import type { AttestationMessage } from './attestation-bytes.ts'
import { POSSESSION_DOMAIN, possessionBytes } from './proof-of-possession.ts'

const message: AttestationMessage = {
  chainId: 'causeway-1',
  height: 7n,
  timeSeconds: 1_767_323_045n,
  appHash: sha256(utf8('app')),
  nextSetHash: sha256(utf8('set')),
}

describe('the bytes of an attestation', () => {
  it('are the design’s', () => {
    const expected = concatBytes(
      utf8('causeway/attestation/v1'),
      sha256(utf8('causeway-1')),
      be64(7n),
      be64(1_767_323_045n),
      message.appHash,
      message.nextSetHash,
    )
    expect(attestationBytes(message)).toEqual(expected)
    expect(expected).toHaveLength(135)
  })

  it('are as many for every message, and differ when anything does', () => {
    const u64 = fc.bigInt(0n, 2n ** 64n - 1n)
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const messages = fc.record({
      chainId: fc.string(),
      height: u64,
      timeSeconds: u64,
      appHash: hash,
      nextSetHash: hash,
    })
    fc.assert(
      fc.property(messages, messages, (a, b) => {
        const [first, second] = [attestationBytes(a), attestationBytes(b)]
        expect(first).toHaveLength(135)
        const text = ({ chainId, height, timeSeconds, appHash, nextSetHash }: AttestationMessage) =>
          JSON.stringify([chainId, `${height}`, `${timeSeconds}`, [...appHash], [...nextSetHash]])
        expect(Buffer.compare(first, second) === 0).toBe(text(a) === text(b))
      }),
    )
  })

  it('exist for what fits only', () => {
    const code = (changes: Partial<AttestationMessage>) =>
      codeOf(() => attestationBytes({ ...message, ...changes }))
    expect(code({ appHash: new Uint8Array(31) })).toBe('attestation/1')
    expect(code({ nextSetHash: new Uint8Array(33) })).toBe('attestation/1')
    expect(code({ height: -1n })).toBe('primitives/20')
    expect(code({ timeSeconds: 2n ** 64n })).toBe('primitives/20')
  })

  it('can be no proof of possession, and the other way round', () => {
    const possession = { chainId: 'c', operator: new Uint8Array(20), key: new Uint8Array(192) }
    expect(possessionBytes(possession)).toEqual(
      concatBytes(utf8('causeway/bls-pop/v1c'), new Uint8Array(20 + 192)),
    )
    expect(possessionBytes(possession).subarray(0, 12)).not.toEqual(attestationBytes(message).subarray(0, 12))
    expect(POSSESSION_DOMAIN).not.toBe(ATTESTATION_DOMAIN)
    expect(codeOf(() => possessionBytes({ ...possession, key: new Uint8Array(96) }))).toBe('attestation/1')
  })
})
