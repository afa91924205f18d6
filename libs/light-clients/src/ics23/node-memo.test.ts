import type { InnerOp } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { describe, expect, it } from 'vitest'
import { concatBytes, sha256, toHex, utf8 } from '@causeway/primitives'
import { applyLeaf } from './leaf.ts'
import { NodeMemo } from './node-memo.ts'
import { iavlSpec } from './specs.ts'

const op = (fill: number): InnerOp => ({
  hash: 1,
  prefix: new Uint8Array(5).fill(fill),
  suffix: new Uint8Array(33).fill(fill),
})
const climb = (path: readonly InnerOp[], start: Uint8Array) =>
  path.reduce((hash, { prefix, suffix }) => sha256(concatBytes(prefix, hash, suffix)), start)

describe('NodeMemo', () => {
  it('climbs as hashing does, the first time and again', () => {
    const memo = new NodeMemo()
    const start = sha256(utf8('leaf'))
    const path = [op(1), op(2), op(3)]
    for (let i = 0; i < 3; i++) expect(toHex(memo.climb(path, start))).toBe(toHex(climb(path, start)))
    expect(toHex(memo.climb([], start))).toBe(toHex(start))
  })

  it('does not take an op for another with the same child', () => {
    const memo = new NodeMemo()
    const start = sha256(utf8('leaf'))
    for (const path of [[op(1)], [op(2)], [op(1), op(1)], [op(2), op(1)], [op(1), op(2)]]) {
      expect(toHex(memo.climb(path, start))).toBe(toHex(climb(path, start)))
    }
    const cut = { ...op(1), suffix: op(1).suffix.subarray(1) }
    expect(toHex(memo.climb([cut], start))).toBe(toHex(climb([cut], start)))
  })

  it('starts anew when it is full and stays right', () => {
    const memo = new NodeMemo()
    const path = Array.from({ length: 128 }, (_, i) => op(i))
    for (let i = 0; i < 1200; i++) {
      const start = sha256(utf8(String(i)))
      const root = memo.climb(path, start)
      if (i % 100 === 0) expect(toHex(root)).toBe(toHex(climb(path, start)))
    }
  })

  it('remembers the last leaf by all of its parts', () => {
    const memo = new NodeMemo()
    const leaf = iavlSpec.leafSpec!
    const [key, value] = [utf8('key'), utf8('value')]
    const cases = [
      [leaf, key, value],
      [leaf, key, value],
      [leaf, key, utf8('other')],
      [leaf, utf8('other'), value],
      [{ ...leaf, prefix: Uint8Array.of(9) }, key, value],
      [{ ...leaf, length: 0 }, key, value],
      [{ ...leaf, prehashValue: 0 }, key, value],
    ] as const
    for (const [operation, k, v] of cases) {
      expect(toHex(memo.leaf(operation, k, v))).toBe(toHex(applyLeaf(operation, k, v)))
    }
  })
})
