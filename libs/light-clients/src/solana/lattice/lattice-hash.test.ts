import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AssertionError, fromHex, toHex, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LATTICE_HASH_BYTES, LatticeSum, latticeChecksum, nobleLatticeXof } from './lattice-hash.ts'

const FILE = fileURLToPath(
  new URL('../../../../../../shared/vectors/lattice-hash/vectors.json', import.meta.url),
)
interface Published {
  recorded: { input_utf8: string; ltHash: string; checksum: string }[]
  derived: { operation: string; checksum: string; first8_u16?: number[] }[]
}
const why = existsSync(FILE) ? undefined : `there is no ${FILE}`

const sumOf = (...vectors: Uint8Array[]) => {
  const sum = new LatticeSum()
  for (const vector of vectors) sum.add(vector)
  return sum
}

describe.skipIf(why !== undefined)(`published values${why === undefined ? '' : `: skipped, ${why}`}`, () => {
  const published = why === undefined ? (JSON.parse(readFileSync(FILE, 'utf8')) as Published) : undefined
  const [hello, world] = ['hello', 'world!'].map((text) => nobleLatticeXof(utf8(text))) as [
    Uint8Array,
    Uint8Array,
  ]

  it('of two texts', () => {
    expect(published!.recorded.length).toBeGreaterThan(1)
    for (const { input_utf8: text, ltHash, checksum } of published!.recorded) {
      expect(toHex(nobleLatticeXof(utf8(text)))).toBe(ltHash)
      expect(toHex(latticeChecksum(fromHex(ltHash)))).toBe(checksum)
    }
  })

  it('of their sum and difference, and of nothing', () => {
    const difference = new LatticeSum(hello)
    difference.subtract(world)
    const sums = [new LatticeSum(), sumOf(hello, world), difference].map((sum) => sum.toBytes())
    for (const [i, { checksum, first8_u16: first }] of published!.derived.entries()) {
      const sum = sums[i]!
      expect(toHex(latticeChecksum(sum))).toBe(checksum)
      if (first) expect(first.map((_, lane) => sum[2 * lane]! + 256 * sum[2 * lane + 1]!)).toEqual(first)
    }
  })
})

describe('sums', () => {
  const vector = fc.uint8Array({ minLength: LATTICE_HASH_BYTES, maxLength: LATTICE_HASH_BYTES })

  it('do not depend on the order, and undo', () => {
    fc.assert(
      fc.property(vector, vector, vector, (a, b, c) => {
        expect(sumOf(a, b, c).toBytes()).toEqual(sumOf(c, a, b).toBytes())
        const undone = sumOf(a, b, c)
        undone.subtract(b)
        undone.subtract(c)
        expect(undone.toBytes()).toEqual(new Uint8Array(a))
      }),
      { numRuns: 30 },
    )
  })

  it('wrap lane by lane', () => {
    const ones = new Uint8Array(LATTICE_HASH_BYTES).fill(0xff)
    const one = Uint8Array.from({ length: LATTICE_HASH_BYTES }, (_, i) => (i % 2 === 0 ? 1 : 0))
    expect(sumOf(ones, one).toBytes()).toEqual(new Uint8Array(LATTICE_HASH_BYTES))
    const below = new LatticeSum()
    below.subtract(one)
    expect(below.toBytes()).toEqual(ones)
  })

  it('are of whole vectors', () => {
    expect(() => new LatticeSum(new Uint8Array(2047))).toThrow(AssertionError)
    expect(() => new LatticeSum().subtract(new Uint8Array(2049))).toThrow(AssertionError)
  })
})
