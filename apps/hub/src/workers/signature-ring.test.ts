import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SignatureCheck } from '../tx/signatures.ts'
import { CHUNK, RING_BYTES, RING_CHECKS, SignatureRing } from './signature-ring.ts'

const FORM = { scheme: 'secp256k1', publicKey: new Uint8Array(33), signature: new Uint8Array(64) } as const
const [PUBLISHED, TAKEN, JUDGED] = [0, 1, 2]

describe('the ring', () => {
  const of = (bytes: number): SignatureCheck => ({ ...FORM, message: new Uint8Array(bytes) })
  const asked = (bytes: number) => ({ check: of(bytes), resolve: () => undefined })
  const judge = (ring: SignatureRing, verify: (check: SignatureCheck) => boolean = () => true) => {
    ring.publish()
    ring.work(verify)
    ring.settle()
  }

  it('takes a number of checks, and a number of bytes, and more once some are settled', () => {
    const ring = new SignatureRing()
    for (let i = 0; i < RING_CHECKS; i++) expect(ring.add(asked(1))).toBe(true)
    expect(ring.add(asked(1))).toBe(false)
    judge(ring)
    expect(ring.waiting).toBe(0)
    const half = RING_BYTES / 2
    expect([half, half, 1].map((bytes) => ring.add(asked(bytes)))).toEqual([true, true, false])
    judge(ring)
    expect(ring.add(asked(RING_BYTES))).toBe(true)
    judge(ring)
    expect(() => ring.add(asked(RING_BYTES + 1))).toThrow('larger than the ring')
  })

  it('overwrites no message that is not judged, also where it begins anew', () => {
    const ring = new SignatureRing()
    const third = Math.floor(RING_BYTES / 3)
    const told: number[] = []
    const ask = (i: number, bytes: number) =>
      ring.add({
        check: { ...FORM, message: new Uint8Array(bytes).fill(i) },
        resolve: () => void told.push(i),
      })
    // Two thirds, a third settled: what is left at the end is too little for 400 bytes more than a third.
    expect([1, 2].map((i) => ask(i, third))).toEqual([true, true])
    const seen: (readonly [number, boolean])[] = []
    let isStopped = false
    const verify = ({ message }: SignatureCheck) => {
      seen.push([message[0]!, message.every((byte) => byte === message[0])])
      return !isStopped
    }
    judge(ring, verify)
    expect([3, 4].map((i) => ask(i, third - 10))).toEqual([true, true])
    expect(ask(5, third + 400)).toBe(false)
    isStopped = true
    judge(ring, verify)
    expect(ask(5, third + 400)).toBe(true)
    expect(ask(6, third)).toBe(true)
    judge(ring, verify)
    expect(seen).toEqual([1, 2, 3, 4, 5, 6].map((i) => [i, true]))
    expect(told).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('gives everybody their own verdict, whatever is added, judged and settled in between', () => {
    const step = fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: RING_BYTES / 4 }) }),
      fc.constantFrom('judge' as const, 'publish' as const, 'settle' as const),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ring = new SignatureRing()
        const [expected, told]: boolean[][] = [[], []]
        const isEven = ({ message }: SignatureCheck) => message[0]! % 2 === 0 && message.at(-1) === message[0]
        let i = 0
        for (const each of steps) {
          if (each === 'judge') ring.work(isEven)
          else if (each === 'publish') ring.publish()
          else if (each === 'settle') ring.settle()
          else {
            const value = i % 251
            const message = new Uint8Array(each.add)
            message[0] = message[each.add - 1] = value
            const resolve = (isValid: boolean) => void told!.push(isValid)
            if (!ring.add({ check: { ...FORM, message }, resolve })) continue
            expected!.push(value % 2 === 0)
            i++
          }
          expect(told).toEqual(expected!.slice(0, told!.length))
        }
        judge(ring, isEven)
        expect(told).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })

  it('gives back what nobody judged, in the order of asking', () => {
    const ring = new SignatureRing()
    const all = [1, 2, 3].map(asked)
    for (const each of all) ring.add(each)
    expect(ring.abandon()).toEqual(all)
    expect(ring.waiting).toBe(0)
  })

  it.each([
    ['0', 0],
    ['the last of 31 bits', 2 ** 31 - RING_CHECKS],
    ['the last of 32 bits', -RING_CHECKS],
  ])('keeps verdicts apart over laps, its counters beginning with %s', (_, start) => {
    const control = new SignatureRing()
    new Int32Array(control.memory, 0, 3).fill(start)
    const ring = new SignatureRing(control.memory)
    const threads = [new SignatureRing(ring.memory), new SignatureRing(ring.memory)]
    const isOdd = ({ message }: SignatureCheck) => {
      if (message.at(-1) !== message[0]) throw new Error('a message was overwritten')
      return message[0]! % 2 === 1
    }
    let random = 7
    const below = (max: number) => (random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0) % max
    let [asked, told, wrong] = [0, 0, 0]
    while (told < 3 * RING_CHECKS) {
      for (let left = below(6_000); left > 0; left--) {
        const [value, number] = [below(251), asked]
        const message = new Uint8Array(below(50) === 0 ? 1 + below(60_000) : 1 + below(200))
        message[0] = message[message.length - 1] = value
        const resolve = (isValid: boolean) => {
          if (isValid !== (value % 2 === 1) || told !== number) wrong++
          told++
        }
        if (!ring.add({ check: { ...FORM, message }, resolve })) break
        asked++
      }
      for (const each of [1, 2, 3, 4, 5, 6].map(() => below(4))) {
        if (each === 0) ring.publish()
        else if (each === 1) ring.settle()
        else threads[each - 2]!.work(isOdd)
      }
    }
    expect(wrong).toBe(0)
  })

  it('gives the oldest its time, however many others are judged meanwhile', async () => {
    const ring = new SignatureRing()
    const control = new Int32Array(ring.memory, 0, 3)
    for (let i = 0; i < CHUNK; i++) ring.add(asked(1))
    ring.publish()
    // A thread takes them and is never heard of again; another goes on.
    Atomics.add(control, TAKEN, CHUNK)
    const trickle = setInterval(() => {
      ring.add(asked(1))
      ring.publish()
      ring.work(() => true)
    }, 5)
    try {
      expect(await ring.oldestLater(100)).toBe(false)
    } finally {
      clearInterval(trickle)
    }
    expect(Atomics.load(control, JUDGED)).toBeGreaterThan(1)
    expect(ring.waiting).toBe(Atomics.load(control, PUBLISHED))
    expect(ring.waitOldest(10)).toBe(false)
    ring.abandon()
    expect(() => ring.add(asked(1))).toThrow('abandoned')
  })

  it('wakes who waits for the oldest, also when somebody else settles it', async () => {
    const ring = new SignatureRing()
    const waited = [1, 2].map(() => {
      ring.add(asked(1))
      return ring.oldestLater(5_000)
    })
    judge(ring)
    expect(await Promise.all(waited)).toEqual([true, true])
  })
})
