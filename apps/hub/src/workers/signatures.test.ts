import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256, utf8 } from '@causeway/primitives'
import { eip712Digest } from '@causeway/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { SignatureCheck } from '../tx/signatures.ts'
import { verifyCheck, verifyNatively } from './native-signatures.ts'
import { RING_BYTES, SignatureRing } from './signature-ring.ts'
import { SignaturePool } from './signature-pool.ts'

const ORDER = secp256k1.Point.Fn.ORDER

const known = new Map<number, SignatureCheck>()

function signed(i: number): SignatureCheck {
  const check = known.get(i) ?? sign(i)
  known.set(i, check)
  return check
}

function sign(i: number): SignatureCheck {
  const secret = sha256(Uint8Array.of(i & 255, i >> 8))
  const message = Uint8Array.of(i & 255, i >> 8, 1, 2, 3)
  const signature = secp256k1.sign(message, secret, { prehash: true, lowS: true })
  return { scheme: 'secp256k1', publicKey: secp256k1.getPublicKey(secret, true), message, signature }
}

function nobleVerifies({ publicKey, message, signature }: SignatureCheck): boolean {
  try {
    return secp256k1.verify(signature, message, publicKey, { prehash: true, lowS: true, format: 'compact' })
  } catch {
    return false
  }
}

function withS(check: SignatureCheck, change: (s: bigint) => bigint): SignatureCheck {
  const hex = Buffer.from(check.signature.subarray(32)).toString('hex')
  const s = change(BigInt(`0x${hex}`))
    .toString(16)
    .padStart(64, '0')
  return { ...check, signature: Buffer.concat([check.signature.subarray(0, 32), Buffer.from(s, 'hex')]) }
}

describe('native signatures', () => {
  it('accepts what was signed and refuses what was changed', () => {
    const check = signed(1)
    expect(verifyCheck(check)).toBe(true)
    expect(verifyCheck({ ...check, message: Uint8Array.of(9) })).toBe(false)
    expect(verifyCheck({ ...check, publicKey: signed(2).publicKey })).toBe(false)
  })

  it('refuses high S: a second signature for the same message', () => {
    const high = withS(signed(3), (s) => ORDER - s)
    expect(
      secp256k1.verify(high.signature, high.message, high.publicKey, { prehash: true, lowS: false }),
    ).toBe(true)
    expect(verifyCheck(high)).toBe(false)
  })

  it('refuses malformed input without throwing', () => {
    const check = signed(4)
    for (const publicKey of [
      new Uint8Array(0),
      new Uint8Array(33),
      new Uint8Array(65),
      check.publicKey.slice(1),
    ]) {
      expect(verifyCheck({ ...check, publicKey })).toBe(false)
    }
    for (const signature of [
      new Uint8Array(0),
      new Uint8Array(64),
      new Uint8Array(64).fill(0xff),
      new Uint8Array(65),
    ]) {
      expect(verifyCheck({ ...check, signature })).toBe(false)
    }
    expect(verifyCheck(withS(check, () => ORDER))).toBe(false)
  })

  it('agrees with noble on random changes', () => {
    const change = fc.record({
      i: fc.integer({ min: 0, max: 40 }),
      field: fc.constantFrom('publicKey' as const, 'message' as const, 'signature' as const),
      at: fc.nat(),
      bit: fc.integer({ min: 0, max: 7 }),
      flip: fc.boolean(),
    })
    fc.assert(
      fc.property(change, ({ i, field, at, bit, flip }) => {
        const check = { ...signed(i) }
        if (flip) {
          const bytes = Uint8Array.from(check[field])
          bytes[at % bytes.length]! ^= 1 << bit
          Object.assign(check, { [field]: bytes })
        }
        return verifyCheck(check) === nobleVerifies(check)
      }),
      { numRuns: 150 },
    )
  })
})

describe('the other schemes', () => {
  const text = utf8('Causeway transaction v1')
  const secret = sha256(text)
  const key = secp256k1.getPublicKey(secret, true)
  const evm = (message = text): SignatureCheck => {
    const recovered = secp256k1.sign(eip712Digest(message), secret, {
      prehash: false,
      lowS: true,
      format: 'recovered',
    })
    const signature = Uint8Array.from([...recovered.subarray(1), 27 + recovered[0]!])
    return { scheme: 'eip712', publicKey: key, message, signature }
  }
  const solana = (message = text): SignatureCheck => {
    const signature = ed25519.sign(message, secret)
    return { scheme: 'ed25519', publicKey: ed25519.getPublicKey(secret), message, signature }
  }

  it('accept what noble signs, of any length, and nothing that was changed', () => {
    for (const length of [1, 100, 5_000]) {
      for (const check of [evm(new Uint8Array(length)), solana(new Uint8Array(length))]) {
        expect(verifyCheck(check)).toBe(true)
        expect(verifyCheck({ ...check, message: utf8('x') })).toBe(false)
        for (const field of ['publicKey', 'signature'] as const) {
          for (let i = 0; i < check[field].length; i += 5) {
            const bytes = check[field].slice()
            bytes[i]! ^= 1
            expect(verifyCheck({ ...check, [field]: bytes })).toBe(false)
          }
        }
      }
    }
  })

  it('do not take each other’s signatures', () => {
    const checks = [signed(1), evm(), solana()]
    for (const { scheme } of checks)
      for (const check of checks) expect(verifyCheck({ ...check, scheme })).toBe(check.scheme === scheme)
  })

  it('refuse points of small order, which sign anything', () => {
    const identity = Uint8Array.from([1, ...new Uint8Array(31)])
    const signature = Uint8Array.from([...identity, ...new Uint8Array(32)])
    expect(verifyCheck({ scheme: 'ed25519', publicKey: identity, message: text, signature })).toBe(false)
  })

  it('refuse S beyond the order of Ed25519', () => {
    const { signature, ...rest } = solana()
    const order = ed25519.Point.Fn.ORDER
    const s = signature.subarray(32).toReversed()
    const more = (BigInt(`0x${Buffer.from(s).toString('hex')}`) + order).toString(16).padStart(64, '0')
    const turned = Buffer.concat([signature.subarray(0, 32), Buffer.from(more, 'hex').toReversed()])
    expect(verifyCheck({ ...rest, signature: turned })).toBe(false)
  })

  it('go through the pool together, now and later', async () => {
    const mixed = Array.from({ length: 300 }, (_, i) => {
      const check = [signed(i % 20), evm(Uint8Array.of(i & 255, 1)), solana(Uint8Array.of(i & 255, 2))][
        i % 3
      ]!
      return i % 7 === 3 ? { ...check, message: utf8('changed') } : check
    })
    const expected = verifyNatively(mixed)
    expect(expected.filter(Boolean).length).toBeGreaterThan(200)
    const pool = new SignaturePool(2)
    expect(pool.verify(mixed)).toEqual(expected)
    expect(await Promise.all(mixed.map((check) => pool.verifyLater(check)))).toEqual(expected)
    await pool.close()
  })
})

describe('the signature pool', () => {
  let pool: SignaturePool
  beforeAll(() => {
    pool = new SignaturePool(2)
  })
  afterAll(() => pool.close())

  const batchOf = (size: number): SignatureCheck[] => {
    const base = Array.from({ length: 40 }, (_, i) => signed(i))
    return Array.from({ length: size }, (_, i) => {
      const check = base[i % base.length]!
      if (i % 7 === 3) return { ...check, message: Uint8Array.of(i & 255) }
      if (i % 11 === 5) return { ...check, signature: new Uint8Array(i % 70) }
      return check
    })
  }

  it('gives each check its own verdict, as one thread does', () => {
    for (const size of [0, 1, 31, 32, 33, 500, 3_000]) {
      const batch = batchOf(size)
      expect(pool.verify(batch)).toEqual(verifyNatively(batch))
    }
  })

  it('stays right over many batches in a row', () => {
    const batches = Array.from({ length: 60 }, (_, i) => batchOf(40 + i * 3))
    for (const batch of batches) {
      const verdicts = pool.verify(batch)
      expect(verdicts.length).toBe(batch.length)
      expect(verdicts.filter(Boolean).length).toBe(verifyNatively(batch).filter(Boolean).length)
    }
  })

  it('tells later, in the order of asking, also when a synchronous caller comes between', async () => {
    const batch = batchOf(2_000)
    const later = batch.map((check) => pool.verifyLater(check))
    await new Promise((resolve) => setImmediate(resolve))
    expect(pool.verify(batch.slice(0, 200))).toEqual(verifyNatively(batch.slice(0, 200)))
    const more = batch.slice(0, 50).map((check) => pool.verifyLater(check))
    expect(await Promise.all(later)).toEqual(verifyNatively(batch))
    expect(await Promise.all(more)).toEqual(verifyNatively(batch.slice(0, 50)))
  })

  it('takes messages larger than its memory in parts', async () => {
    const small = new SignaturePool(1)
    const message = new Uint8Array(RING_BYTES / 8)
    const checks = Array.from({ length: 40 }, (_, i) => ({ ...signed(i % 4), message }))
    expect(small.verify(checks)).toEqual(checks.map(() => false))
    const later = [...checks, signed(1), { ...signed(2), message: new Uint8Array(RING_BYTES + 1) }]
    const verdicts = await Promise.all(later.map((check) => small.verifyLater(check)))
    expect(verdicts).toEqual([...checks.map(() => false), true, false])
    await small.close()
  })

  it('leaves nobody waiting when it is closed', async () => {
    const closed = new SignaturePool(1)
    const later = batchOf(60).map((check) => closed.verifyLater(check))
    await closed.close()
    expect(await Promise.all(later)).toEqual(verifyNatively(batchOf(60)))
  })

  it('closes at once whenever it is asked: while threads start, sleep or work', async () => {
    for (let i = 0; i < 12; i++) {
      const shortLived = new SignaturePool(2)
      if (i % 3 === 1) shortLived.verify(batchOf(40))
      if (i % 3 === 2) await shortLived.verifyLater(signed(1))
      await shortLived.close()
    }
  })

  it('answers alone once it is closed', async () => {
    const closed = new SignaturePool(1)
    await closed.close()
    const batch = batchOf(100)
    expect(closed.verify(batch)).toEqual(verifyNatively(batch))
  })

  it.each([
    ['a synchronous caller', 'waitOldest'],
    ['one who goes on', 'oldestLater'],
  ] as const)('leaves nobody waiting when a thread does not finish for %s', async (_, method) => {
    const told: string[] = []
    const stalled = new SignaturePool(2, (failure) => told.push(failure.message))
    const batch = batchOf(300)
    const spy = vi.spyOn(SignatureRing.prototype, method) as unknown as {
      mockReturnValue(value: unknown): void
    }
    spy.mockReturnValue(method === 'waitOldest' ? false : Promise.resolve(false))
    try {
      const later = batch.map((check) => stalled.verifyLater(check))
      if (method === 'waitOldest') expect(stalled.verify(batch)).toEqual(verifyNatively(batch))
      else await new Promise((resolve) => setImmediate(resolve))
      const behind = batch.map((check) => stalled.verifyLater(check))
      expect(await Promise.all(later)).toEqual(verifyNatively(batch))
      expect(await Promise.all(behind)).toEqual(verifyNatively(batch))
    } finally {
      vi.restoreAllMocks()
      await stalled.close()
    }
    expect(told).toEqual([expect.stringMatching(/not used any more: one did not finish in 10 s$/)])
  })
})
