import { describe, expect, it } from 'vitest'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { utf8 } from '@causeway/primitives'
import { exampleIavlTree } from './example-trees.fixture.ts'
import { hashCount } from './hash-count.ts'

const tree = exampleIavlTree(
  Array.from({ length: 16 }, (_, i) => [utf8(`key-${i + 10}`), utf8(`${i}`)] as const),
)
const exist = (key: string) => tree.prove(utf8(key))
const absence = (key: string) => tree.proveAbsence(utf8(key)).nonexist!
const count = (...proofs: object[]) => hashCount(MerkleProof.fromPartial({ proofs }))

describe('hashCount', () => {
  it('is a leaf with its two prehashes, and a node a level', () => {
    expect(count({ exist: exist('key-12') })).toBe(3 + 4)
    expect(count({ exist: { ...exist('key-12'), path: [] } })).toBe(3)
  })

  it('adds up over the trees of a chain', () => {
    expect(count({ exist: exist('key-12') }, { exist: exist('key-20') })).toBe(14)
    expect(count()).toBe(0)
    expect(count({}, {})).toBe(0)
  })

  it('counts both neighbours of an absence, the one that gives the root twice', () => {
    const { left, right } = absence('key-12x')
    expect(count({ nonexist: { left, right } })).toBe(3 * (3 + 4))
    expect(count({ nonexist: { left } })).toBe(2 * (3 + 4))
    expect(count({ nonexist: { right } })).toBe(2 * (3 + 4))
    expect(count({ nonexist: {} })).toBe(0)
  })

  it('counts both kinds where a hostile proof has both', () => {
    const { left } = absence('key-12x')
    expect(count({ exist: exist('key-12'), nonexist: { left } })).toBe(3 * (3 + 4))
  })
})
