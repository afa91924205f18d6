import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes } from '@causeway/primitives'
import {
  compareHeights,
  hasRevision,
  heightBytes,
  heightFromBytes,
  heightText,
  revisionOf,
  withRevision,
} from './heights.ts'

const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })
const height = fc.record({ revisionNumber: u64, revisionHeight: u64 })

describe('heights', () => {
  it('order by revision, then height; their bytes order alike and read back', () => {
    fc.assert(
      fc.property(height, height, (a, b) => {
        expect(compareHeights(a, b)).toBe(compareBytes(heightBytes(a), heightBytes(b)))
        expect(heightFromBytes(heightBytes(a))).toEqual(a)
        expect(compareHeights(a, a)).toBe(0)
      }),
    )
    expect(
      compareHeights({ revisionNumber: 2n, revisionHeight: 1n }, { revisionNumber: 1n, revisionHeight: 9n }),
    ).toBe(1)
    expect(heightText({ revisionNumber: 3n, revisionHeight: 40n })).toBe('3-40')
  })
})

describe('revisions of chain ids, as ibc-go parses them', () => {
  it.each([
    ['causeway-1', 1n],
    ['gaia-v2-12', 12n],
    ['a-18446744073709551615', 18446744073709551615n],
    ['causeway', 0n],
    ['causeway-', 0n],
    ['causeway-0', 0n],
    ['causeway-01', 0n],
    ['causeway--1', 0n],
    ['-1', 0n],
    ['causeway-1a', 0n],
    ['cause\nway-1', 0n],
    ['causeway-1\n', 0n],
    ['causeway-1 ', 0n],
    ['€-7', 7n],
  ])('%j is revision %s', (chainId, revision) => {
    expect(revisionOf(chainId)).toBe(revision)
    expect(hasRevision(chainId)).toBe(revision !== 0n)
  })

  it('refuses a revision above 64 bits', () => {
    expect(() => revisionOf('a-18446744073709551616')).toThrow('64 bits')
  })

  it('replaces a revision, and only a revision', () => {
    expect(withRevision('gaia-v2-12', 13n)).toBe('gaia-v2-13')
    expect(withRevision('gaia', 13n)).toBe('gaia')
  })
})
