import fc from 'fast-check'
import type { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { describe, expect, it } from 'vitest'
import { EMPTY_BYTES, utf8 } from '@causeway/primitives'
import { codeOf } from '../refusal.fixture.ts'
import { createBatchVerifier } from './batch-verifier.ts'
import { verifyChained, verifyChainedAbsence } from './chained.ts'
import { exampleIavlTree, exampleSimpleTree, type Entry } from './example-trees.fixture.ts'
import { cosmosSpecs, iavlSpec, tendermintSpec } from './specs.ts'

const entries: Entry[] = Array.from({ length: 40 }, (_, i) => [
  utf8(`key-${String(i).padStart(3, '0')}`),
  utf8(`value-${i}`),
])
const store = exampleIavlTree(entries)
const app = exampleSimpleTree([
  [utf8('accounts'), utf8('a')],
  [utf8('ibc'), store.root],
  [utf8('ledger'), utf8('l')],
])
const ibc = utf8('ibc')
const prove = (key: Uint8Array): MerkleProof => ({
  proofs: [{ exist: store.prove(key) }, { exist: app.prove(ibc) }],
})
const proveAbsence = (key: Uint8Array): MerkleProof => ({
  proofs: [store.proveAbsence(key), { exist: app.prove(ibc) }],
})
const [key, value] = entries[17]!

describe('verifyChained', () => {
  const verify = (
    path: Uint8Array[],
    expected: Uint8Array,
    proof: MerkleProof,
    root = app.root,
    specs = cosmosSpecs,
  ) => codeOf(() => verifyChained(specs, root, path, expected, proof))

  it('proves a value through both trees', () => {
    expect(verify([ibc, key], value, prove(key))).toBe('accepted')
  })

  it('spec count, path length and proof count must be the same', () => {
    const proof = prove(key)
    expect(verify([key], value, proof)).toBe('ics23/40')
    expect(verify([ibc, ibc, key], value, proof)).toBe('ics23/40')
    expect(verify([ibc, key], value, { proofs: [proof.proofs[0]!] })).toBe('ics23/40')
    expect(verify([ibc, key], value, proof, app.root, [iavlSpec])).toBe('ics23/40')
    expect(verify([], value, { proofs: [] }, app.root, [])).toBe('ics23/40')
  })

  it('refuses an empty root and an empty value', () => {
    expect(verify([ibc, key], value, prove(key), EMPTY_BYTES)).toBe('ics23/41')
    expect(verify([ibc, key], EMPTY_BYTES, prove(key))).toBe('ics23/16')
  })

  it('refuses the default root, another root and the lower tree’s root', () => {
    for (const root of [new Uint8Array(32), utf8('x'), store.root]) {
      expect(verify([ibc, key], value, prove(key), root)).toBe('ics23/22')
    }
  })

  it('refuses another store, another key, another value', () => {
    expect(verify([utf8('ledger'), key], value, prove(key))).toBe('ics23/20')
    expect(verify([ibc, utf8('key-018')], value, prove(key))).toBe('ics23/20')
    expect(verify([ibc, key], utf8('value-18'), prove(key))).toBe('ics23/21')
    const ledger = { proofs: [{ exist: store.prove(key) }, { exist: app.prove(utf8('ledger')) }] }
    expect(verify([utf8('ledger'), key], value, ledger)).toBe('ics23/21')
  })

  it('refuses proofs in the wrong order, specs in the wrong order, and batches', () => {
    const { proofs } = prove(key)
    expect(verify([ibc, key], value, { proofs: [proofs[1]!, proofs[0]!] })).toMatch(/^ics23\/1[01]|20$/)
    expect(verify([ibc, key], value, { proofs }, app.root, [tendermintSpec, iavlSpec])).toMatch(
      /^ics23\/1[01]$/,
    )
    expect(verify([ibc, key], value, { proofs: [{ batch: { entries: [proofs[0]!] } }, proofs[1]!] })).toBe(
      'ics23/3',
    )
  })
})

describe('verifyChainedAbsence', () => {
  const verify = (wanted: Uint8Array, proof: MerkleProof, root = app.root) =>
    codeOf(() => verifyChainedAbsence(cosmosSpecs, root, [ibc, wanted], proof))

  it('proves absence in the lower tree and that tree in the upper', () => {
    for (const absent of ['a', 'key-017x', 'z'])
      expect(verify(utf8(absent), proveAbsence(utf8(absent)))).toBe('accepted')
  })

  it('refuses a key that is there, another gap, another root, existence proofs, missing neighbours', () => {
    const absent = utf8('key-017x')
    expect(verify(key, proveAbsence(absent))).toBe('ics23/20')
    expect(verify(utf8('key-020x'), proveAbsence(absent))).toBe('ics23/20')
    expect(verify(absent, proveAbsence(absent), store.root)).toBe('ics23/22')
    expect(verify(absent, prove(key))).toBe('ics23/3')
    const empty = {
      proofs: [
        { nonexist: { key: absent, left: undefined, right: undefined } },
        proveAbsence(absent).proofs[1]!,
      ],
    }
    expect(verify(absent, empty)).toBe('ics23/30')
  })

  it('an empty lower tree proves nothing: its root must still be in the upper', () => {
    const absent = utf8('key-017x')
    const other = exampleIavlTree([[utf8('only'), utf8('one')]])
    expect(verify(absent, { proofs: [other.proveAbsence(absent), { exist: app.prove(ibc) }] })).toBe(
      'ics23/21',
    )
  })
})

describe('createBatchVerifier', () => {
  it('gives the verdicts of single verification, whatever came before', () => {
    const verifier = createBatchVerifier(cosmosSpecs, app.root)
    const tamper = (proof: MerkleProof, level: number, at: number, by: number): MerkleProof => {
      const exist = proof.proofs[level]!.exist!
      const path = exist.path.map((op, i) => {
        if (i !== at % exist.path.length) return op
        const prefix = op.prefix.slice()
        prefix[at % prefix.length]! ^= by
        return { ...op, prefix }
      })
      return { proofs: proof.proofs.map((item, i) => (i === level ? { exist: { ...exist, path } } : item)) }
    }
    fc.assert(
      fc.property(
        fc.nat(39),
        fc.nat(1),
        fc.nat(),
        fc.nat(255),
        fc.boolean(),
        (i, level, at, by, isOtherValue) => {
          const [k, v] = entries[i]!
          const claimed = isOtherValue ? utf8('other') : v
          const proof = tamper(prove(k), level, at, by)
          const single = codeOf(() => verifyChained(cosmosSpecs, app.root, [ibc, k], claimed, proof))
          expect(codeOf(() => verifier.verifyMembership([ibc, k], claimed, proof))).toBe(single)
          if (by === 0 && !isOtherValue) expect(single).toBe('accepted')
          const absent = utf8(`key-${String(i).padStart(3, '0')}x`)
          verifier.verifyNonMembership([ibc, absent], proveAbsence(absent))
          expect(codeOf(() => verifier.verifyNonMembership([ibc, k], proveAbsence(absent)))).toBe('ics23/20')
        },
      ),
      { numRuns: 300 },
    )
  })

  it('holds for many more proofs than it remembers nodes', () => {
    const many: Entry[] = Array.from({ length: 5000 }, (_, i) => [utf8(`k${i}`), utf8(`v${i}`)])
    const big = exampleIavlTree(many)
    const verifier = createBatchVerifier([iavlSpec], big.root)
    for (const [k, v] of many) verifier.verifyMembership([k], v, { proofs: [{ exist: big.prove(k) }] })
    const forged = { proofs: [{ exist: { ...big.prove(many[7]![0]), value: utf8('forged') } }] }
    expect(codeOf(() => verifier.verifyMembership([many[7]![0]], utf8('forged'), forged))).toBe('ics23/22')
  })
})
