import type { InnerOp, InnerSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { describe, expect, it } from 'vitest'
import { EMPTY_BYTES, concatBytes, isProtocolError } from '@causeway/primitives'
import {
  areNeighbours,
  isLeftMost,
  isRightMost,
  leftSiblingsAreEmpty,
  rightSiblingsAreEmpty,
} from './neighbours.ts'
import { smtSpec, tendermintSpec } from './specs.ts'

const binary = tendermintSpec.innerSpec!
const sparse = smtSpec.innerSpec!
const ternary: InnerSpec = { ...binary, childOrder: [0, 1, 2], childSize: 4, emptyChild: new Uint8Array(4) }
const child = (fill: number, size = 32) => new Uint8Array(size).fill(fill)
const op = (prefix: Uint8Array, suffix: Uint8Array): InnerOp => ({ hash: 1, prefix, suffix })
/** The child is the left one, its right sibling filled with a byte. */
const left = (sibling: number) => op(Uint8Array.of(1), child(sibling))
const right = (sibling: number) => op(concatBytes(Uint8Array.of(1), child(sibling)), EMPTY_BYTES)

describe('edges', () => {
  it('of a binary tree', () => {
    expect(isLeftMost(binary, [left(1), left(2)])).toBe(true)
    expect(isLeftMost(binary, [left(1), right(2)])).toBe(false)
    expect(isRightMost(binary, [right(1), right(2)])).toBe(true)
    expect(isRightMost(binary, [right(1), left(2)])).toBe(false)
    expect(isLeftMost(binary, [])).toBe(true)
    expect(isRightMost(binary, [])).toBe(true)
  })

  it('of a sparse tree: an empty sibling is no leaf', () => {
    expect(isLeftMost(sparse, [right(0)])).toBe(true)
    expect(isLeftMost(sparse, [right(1)])).toBe(false)
    expect(isRightMost(sparse, [left(0)])).toBe(true)
    expect(isRightMost(sparse, [left(1)])).toBe(false)
    expect(leftSiblingsAreEmpty(sparse, right(0))).toBe(true)
    expect(leftSiblingsAreEmpty(sparse, left(0))).toBe(false)
    expect(rightSiblingsAreEmpty(sparse, left(0))).toBe(true)
    expect(rightSiblingsAreEmpty(sparse, right(0))).toBe(false)
  })

  it('a spec without an empty child has no empty siblings', () => {
    expect(leftSiblingsAreEmpty(binary, right(0))).toBe(false)
    expect(rightSiblingsAreEmpty(binary, left(0))).toBe(false)
  })

  it('padding that fits no branch is at no edge', () => {
    const odd = op(concatBytes(Uint8Array.of(1), child(1)), child(2))
    expect(isLeftMost(binary, [odd])).toBe(false)
    expect(isRightMost(binary, [odd])).toBe(false)
    expect(leftSiblingsAreEmpty(sparse, op(EMPTY_BYTES, EMPTY_BYTES))).toBe(false)
    expect(rightSiblingsAreEmpty(sparse, op(EMPTY_BYTES, EMPTY_BYTES))).toBe(false)
  })
})

describe('areNeighbours', () => {
  it('two children of one node', () => {
    expect(areNeighbours(binary, [left(9)], [right(8)])).toBe(true)
    expect(areNeighbours(binary, [right(8)], [left(9)])).toBe(false)
  })

  it('below a shared path: the right edge of one side, the left edge of the other', () => {
    const shared = [left(5), right(6)]
    expect(areNeighbours(binary, [right(1), left(2), ...shared], [left(3), right(4), ...shared])).toBe(true)
    expect(areNeighbours(binary, [left(1), left(2), ...shared], [left(3), right(4), ...shared])).toBe(false)
    expect(areNeighbours(binary, [right(1), left(2), ...shared], [right(3), right(4), ...shared])).toBe(false)
  })

  it('one and the same path, or one that ends where the other goes on, are no neighbours', () => {
    expect(areNeighbours(binary, [left(1)], [left(1)])).toBe(false)
    expect(areNeighbours(binary, [], [])).toBe(false)
    expect(areNeighbours(binary, [left(1)], [right(2), left(1)])).toBe(false)
    expect(areNeighbours(binary, [], [left(1)])).toBe(false)
  })

  it('in a node of three, the next branch and no further', () => {
    const at = (branch: number, fill: number) =>
      op(concatBytes(Uint8Array.of(1), child(fill, 4 * branch)), child(fill, 4 * (2 - branch)))
    expect(areNeighbours(ternary, [at(0, 1)], [at(1, 2)])).toBe(true)
    expect(areNeighbours(ternary, [at(1, 1)], [at(2, 2)])).toBe(true)
    expect(areNeighbours(ternary, [at(0, 1)], [at(2, 2)])).toBe(false)
  })

  it('a child order that is no permutation is refused as a spec', () => {
    const bad = { ...binary, childOrder: [0, 0] }
    const attempt = () => areNeighbours(bad, [left(1)], [right(2)])
    expect(attempt).toThrow()
    try {
      attempt()
    } catch (error) {
      expect(isProtocolError(error) && error.code).toBe(5)
    }
  })
})
