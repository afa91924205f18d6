import { iavlSpec, ics23, verifyMembership, verifyNonMembership } from '@confio/ics23'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCanonical } from '@causeway/protocol'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { randomBelow } from './operation-script.fixture.ts'
import { VersionedTree } from './versioned-tree.fixture.ts'

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list)

/** A tree of even two-byte keys 2, 4 … 2·count, over three versions; its root. */
function treeOf(count: number): { tree: VersionedTree; root: Uint8Array } {
  const tree = new VersionedTree(createMemoryStorage())
  let root = tree.save()
  for (let i = 1; i <= count; i++) {
    tree.set(keyOf(2 * i), valueOf(i))
    if (i % (1 + count / 2) === 0) tree.save()
  }
  root = tree.save()
  return { tree, root }
}

const keyOf = (i: number): Uint8Array => bytes(i >> 8, i & 255)
const valueOf = (i: number): Uint8Array => bytes(7, i & 255, i >> 8)

/** @confio/ics23 decodes leniently (wrong wire types, wrong lengths); a chain does not. */
function decode(proof: Uint8Array): ics23.CommitmentProof {
  if (!isCanonical(CommitmentProof, proof)) throw new Error('not the encoding of a proof')
  return ics23.CommitmentProof.decode(proof)
}

function proves(proof: Uint8Array, root: Uint8Array, key: Uint8Array, value: Uint8Array): boolean {
  return attempt(() => verifyMembership(decode(proof), iavlSpec, root, key, value))
}

function provesAbsence(proof: Uint8Array, root: Uint8Array, key: Uint8Array): boolean {
  return attempt(() => verifyNonMembership(decode(proof), iavlSpec, root, key))
}

/** A verifier may answer no by throwing. */
function attempt(verify: () => boolean): boolean {
  try {
    return verify()
  } catch {
    return false
  }
}

describe('proofs of existence', () => {
  it.each([1, 2, 3, 7, 100, 700])('verify for every key of %i', (count) => {
    const { tree, root } = treeOf(count)
    for (let i = 1; i <= count; i++) {
      const proof = tree.prove(tree.version, keyOf(2 * i))
      expect(proves(proof, root, keyOf(2 * i), valueOf(i))).toBe(true)
    }
  })

  it('verify for nothing else', () => {
    const { tree, root } = treeOf(20)
    const proof = tree.prove(tree.version, keyOf(10))
    expect(proves(proof, root, keyOf(12), valueOf(5))).toBe(false)
    expect(proves(proof, root, keyOf(10), valueOf(6))).toBe(false)
    expect(proves(proof, root.with(0, root[0]! ^ 1), keyOf(10), valueOf(5))).toBe(false)
    expect(provesAbsence(proof, root, keyOf(10))).toBe(false)
    const before = tree.prove(1, keyOf(10))
    expect(proves(before, root, keyOf(10), valueOf(5))).toBe(false)
  })

  it('fail with any bit of any byte changed', () => {
    const { tree, root } = treeOf(30)
    const below = randomBelow(5)
    for (const i of [1, 11, 30]) {
      const proof = tree.prove(tree.version, keyOf(2 * i))
      for (let at = 0; at < proof.length; at++) {
        const changed = proof.with(at, proof[at]! ^ (1 << below(8)))
        if (proves(changed, root, keyOf(2 * i), valueOf(i)))
          expect.fail(`byte ${at} of the proof for key ${i}`)
      }
    }
  })
})

describe('proofs of absence', () => {
  it.each([1, 2, 3, 7, 100, 700])('verify between, before and behind the keys of %i', (count) => {
    const { tree, root } = treeOf(count)
    for (let i = 0; i <= count; i++) {
      const missing = keyOf(2 * i + 1)
      expect(provesAbsence(tree.prove(tree.version, missing), root, missing)).toBe(true)
    }
    expect(provesAbsence(tree.prove(tree.version, bytes(0)), root, bytes(0))).toBe(true)
    const above = bytes(255, 255, 255)
    expect(provesAbsence(tree.prove(tree.version, above), root, above)).toBe(true)
  })

  it('verify for no key that is there, nor outside their gap', () => {
    const { tree, root } = treeOf(20)
    const proof = tree.prove(tree.version, keyOf(11))
    for (let i = 1; i <= 20; i++) expect(provesAbsence(proof, root, keyOf(2 * i))).toBe(false)
    expect(provesAbsence(proof, root, keyOf(13))).toBe(false)
    expect(proves(proof, root, keyOf(10), valueOf(5))).toBe(false)
  })

  it('fail with a byte changed, except in the copy of the key that no verifier reads', () => {
    const { tree, root } = treeOf(30)
    const below = randomBelow(6)
    for (const i of [1, 31, 61]) {
      const proof = tree.prove(tree.version, keyOf(i))
      const keyAt = proof.findIndex((byte, at) => byte === keyOf(i)[0] && proof[at + 1] === keyOf(i)[1])
      for (let at = 0; at < proof.length; at++) {
        if (at >= keyAt - 2 && at < keyAt + 2) continue
        const changed = proof.with(at, proof[at]! ^ (1 << below(8)))
        if (provesAbsence(changed, root, keyOf(i))) expect.fail(`byte ${at} of the proof for key ${i}`)
      }
    }
  })

  it('of an empty tree have no neighbours, and convince nobody', () => {
    const tree = new VersionedTree(createMemoryStorage())
    const root = tree.save()
    const proof = tree.prove(1, bytes(1))
    expect(CommitmentProof.decode(proof).nonexist).toEqual({
      key: bytes(1),
      left: undefined,
      right: undefined,
    })
    expect(provesAbsence(proof, root, bytes(1))).toBe(false)
  })
})

describe('the bytes of a proof', () => {
  it('are the canonical encoding of the message, at every size', () => {
    const key = fc.uint8Array({ minLength: 1, maxLength: 400 })
    const value = fc.uint8Array({ minLength: 1, maxLength: 40_000 })
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 20 }), key, (pairs, probe) => {
        const tree = new VersionedTree(createMemoryStorage())
        for (const [k, v] of pairs) tree.set(k, v)
        const root = tree.save()
        for (const k of [probe, ...pairs.map(([each]) => each)]) {
          const proof = tree.prove(1, k)
          const message = CommitmentProof.decode(proof)
          expect(CommitmentProof.encode(message).finish()).toEqual(proof)
          const found = tree.at(1).get(k)
          if (found === undefined) expect(provesAbsence(proof, root, k)).toBe(true)
          else expect(proves(proof, root, k, found)).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('name the version of each node on the way', () => {
    const { tree, root } = treeOf(50)
    tree.set(keyOf(2), bytes(9))
    const next = tree.save()
    expect(next).not.toEqual(root)
    const old = CommitmentProof.decode(tree.prove(tree.version - 1, keyOf(100)))
    const young = CommitmentProof.decode(tree.prove(tree.version, keyOf(100)))
    expect(young.exist!.leaf).toEqual(old.exist!.leaf)
    expect(young.exist!.path.at(-1)!.prefix).not.toEqual(old.exist!.path.at(-1)!.prefix)
  })
})
