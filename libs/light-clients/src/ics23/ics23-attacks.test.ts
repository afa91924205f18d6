import type { CommitmentProof, ExistenceProof, ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { describe, expect, it } from 'vitest'
import { EMPTY_BYTES, concatBytes, sha256, utf8 } from '@causeway/primitives'
import { codeOf } from '../refusal.fixture.ts'
import { exampleIavlTree, exampleSimpleTree } from './example-trees.fixture.ts'
import { verifyExistence } from './existence.ts'
import { verifyMembership, verifyNonMembership } from './membership.ts'
import { iavlSpec, tendermintSpec } from './specs.ts'

/* Attacks on proofs that happened elsewhere or are easy to think of; each is refused with its code. */

const entries = Array.from({ length: 9 }, (_, i) => [utf8(`key-${i}`), utf8(`value-${i}`)] as const)
const iavl = exampleIavlTree(entries)
const simple = exampleSimpleTree(entries)
const key = utf8('key-4')
const value = utf8('value-4')

const verify = (spec: ProofSpec, root: Uint8Array, proof: ExistenceProof) =>
  codeOf(() => verifyExistence(spec, root, proof, proof.key, proof.value))

/** The proof with its lowest inner op changed. */
function withFirstOp(proof: ExistenceProof, change: Partial<ExistenceProof['path'][number]>): ExistenceProof {
  return { ...proof, path: proof.path.map((op, i) => (i === 0 ? { ...op, ...change } : op)) }
}

describe('malformed existence proofs', () => {
  it('is a tree whose honest proofs pass', () => {
    expect(verify(iavlSpec, iavl.root, iavl.prove(key))).toBe('accepted')
    expect(verify(tendermintSpec, simple.root, simple.prove(key))).toBe('accepted')
  })

  it('left and right child given (BNB 2022): an inner op with a sibling on both sides', () => {
    const right = iavl.prove(key).path.find((op) => op.suffix.length === 0)!
    const both = { ...iavl.prove(key), path: [{ ...right, suffix: new Uint8Array(33).fill(32) }] }
    expect(verify(iavlSpec, iavl.root, both)).toBe('ics23/11')
    const simpleBoth = {
      ...simple.prove(key),
      path: [{ hash: 1, prefix: new Uint8Array(33).fill(1), suffix: new Uint8Array(32) }],
    }
    expect(verify(tendermintSpec, simple.root, simpleBoth as ExistenceProof)).toBe('ics23/11')
  })

  it('Dragonberry: a suffix that is not whole children', () => {
    const proof = iavl.prove(key)
    for (const length of [1, 31, 32, 34, 65]) {
      expect(verify(iavlSpec, iavl.root, withFirstOp(proof, { suffix: new Uint8Array(length) }))).toBe(
        'ics23/11',
      )
    }
    expect(
      verify(tendermintSpec, simple.root, withFirstOp(simple.prove(key), { suffix: new Uint8Array(33) })),
    ).toBe('ics23/11')
  })

  it('Dragonberry: prefixes too short and too long', () => {
    for (const length of [0, 34, 64]) {
      const proof = withFirstOp(simple.prove(key), {
        prefix: new Uint8Array(length).fill(1),
        suffix: EMPTY_BYTES,
      })
      expect(verify(tendermintSpec, simple.root, proof)).toBe('ics23/11')
    }
  })

  it('a leaf that poses as an inner node: its prefix begins like a leaf', () => {
    const proof = withFirstOp(simple.prove(key), { prefix: Uint8Array.of(0) })
    expect(verify(tendermintSpec, simple.root, proof)).toBe('ics23/11')
    // For IAVL the first varint is the height: 0 is a leaf's and below every layer.
    const leafAsInner = withFirstOp(iavl.prove(key), { prefix: Uint8Array.of(0, 2, 14, 32) })
    expect(verify(iavlSpec, iavl.root, leafAsInner)).toBe('ics23/11')
  })

  it('an inner node that poses as a leaf: trailing bytes after the IAVL leaf prefix', () => {
    const proof = iavl.prove(key)
    const inner = {
      ...proof,
      leaf: { ...proof.leaf!, prefix: concatBytes(proof.leaf!.prefix, Uint8Array.of(32)) },
    }
    expect(verify(iavlSpec, iavl.root, inner)).toBe('ics23/10')
  })

  it('other operations than the spec has, in the leaf and above', () => {
    const proof = iavl.prove(key)
    const leaf = proof.leaf!
    for (const change of [{ hash: 2 }, { prehashKey: 1 }, { prehashValue: 0 }, { length: 0 }] as const) {
      expect(verify(iavlSpec, iavl.root, { ...proof, leaf: { ...leaf, ...change } })).toBe('ics23/10')
    }
    expect(verify(iavlSpec, iavl.root, withFirstOp(proof, { hash: 0 }))).toBe('ics23/11')
    expect(
      verify(tendermintSpec, simple.root, {
        ...simple.prove(key),
        leaf: { ...leaf, prefix: Uint8Array.of(1) },
      }),
    ).toBe('ics23/10')
  })

  it('no leaf at all, and an inner node given as the value', () => {
    expect(verify(iavlSpec, iavl.root, { ...iavl.prove(key), leaf: undefined })).toBe('ics23/17')
    const hash = sha256(utf8('an inner node'))
    expect(verify(tendermintSpec, hash, { key, value: hash, leaf: undefined, path: [] })).toBe('ics23/17')
  })

  it('paths outside the depth limits', () => {
    const proof = simple.prove(key)
    const deep = { ...proof, path: Array.from({ length: 129 }, () => proof.path[0]!) }
    expect(verify(tendermintSpec, simple.root, deep)).toBe('ics23/12')
    expect(verify({ ...tendermintSpec, minDepth: 9 }, simple.root, proof)).toBe('ics23/12')
    expect(verify({ ...tendermintSpec, maxDepth: 1 }, simple.root, proof)).toBe('ics23/12')
  })

  it('an empty root, the zero root, another key, another value (Nomad)', () => {
    const proof = { exist: iavl.prove(key) }
    expect(codeOf(() => verifyMembership(iavlSpec, EMPTY_BYTES, proof, key, value))).toBe('ics23/22')
    expect(codeOf(() => verifyMembership(iavlSpec, new Uint8Array(32), proof, key, value))).toBe('ics23/22')
    expect(codeOf(() => verifyMembership(iavlSpec, iavl.root, proof, utf8('key-5'), value))).toBe('ics23/3')
    expect(codeOf(() => verifyMembership(iavlSpec, iavl.root, proof, key, utf8('other')))).toBe('ics23/21')
  })

  it('an empty key and an empty value', () => {
    const proof = iavl.prove(key)
    expect(verify(iavlSpec, iavl.root, { ...proof, key: EMPTY_BYTES })).toBe('ics23/16')
    expect(verify(iavlSpec, iavl.root, { ...proof, value: EMPTY_BYTES })).toBe('ics23/16')
  })
})

describe('forged absence', () => {
  const absentKey = utf8('key-4x')
  const honest = iavl.proveAbsence(absentKey).nonexist!
  const refuse = (proof: CommitmentProof, wanted = absentKey) =>
    codeOf(() => verifyNonMembership(iavlSpec, iavl.root, proof, wanted))

  it('is a tree whose honest absence proofs pass, at both ends too', () => {
    for (const absent of ['a', 'key-4x', 'key-8x', 'z']) {
      const wanted = utf8(absent)
      expect(refuse(iavl.proveAbsence(wanted), wanted)).toBe('accepted')
    }
  })

  it('neighbours that are not adjacent hide what lies between them', () => {
    const hiding = { key, left: iavl.prove(utf8('key-3')), right: iavl.prove(utf8('key-5')) }
    expect(refuse({ nonexist: hiding }, key)).toBe('ics23/35')
  })

  it('one neighbour alone, when it is not at the edge', () => {
    expect(refuse({ nonexist: { ...honest, left: undefined } })).toBe('ics23/33')
    expect(refuse({ nonexist: { ...honest, right: undefined } })).toBe('ics23/34')
    expect(refuse({ nonexist: { ...honest, left: undefined, right: undefined } })).toBe('ics23/30')
  })

  it('neighbours on the wrong sides, or the same one twice', () => {
    expect(refuse({ nonexist: { ...honest, left: honest.right, right: honest.left } })).toBe('ics23/3')
    expect(refuse({ nonexist: { ...honest, right: honest.left } })).toBe('ics23/3')
  })

  it('a key that is there', () => {
    const there = { key, left: iavl.prove(key), right: iavl.prove(utf8('key-5')) }
    expect(refuse({ nonexist: there }, key)).toBe('ics23/3')
  })

  it('a proof for another key of the same gap', () => {
    expect(refuse(iavl.proveAbsence(utf8('key-4y')))).toBe('ics23/3')
  })

  it('a neighbour from another tree', () => {
    const other = exampleIavlTree([...entries, [utf8('key-9'), utf8('x')]])
    expect(refuse({ nonexist: { ...honest, right: other.prove(utf8('key-5')) } })).toBe('ics23/22')
  })

  it('paths that run out before they part: refused, where Go panics', () => {
    const left = { ...honest.left!, path: [] }
    expect(refuse({ nonexist: { ...honest, left } })).toBe('ics23/22')
  })

  it('an existence proof where absence is asked, and the reverse', () => {
    expect(refuse({ exist: iavl.prove(key) })).toBe('ics23/3')
    expect(codeOf(() => verifyMembership(iavlSpec, iavl.root, { nonexist: honest }, key, value))).toBe(
      'ics23/3',
    )
    expect(refuse({})).toBe('ics23/3')
  })
})
