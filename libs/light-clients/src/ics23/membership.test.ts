import fc from 'fast-check'
import type { BatchEntry, CommitmentProof, ExistenceProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { CommitmentProof as Codec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { describe, expect, it } from 'vitest'
import { isProtocolError, toHex, utf8 } from '@causeway/primitives'
import { decodeCommitmentProof } from './decode.ts'
import { exampleIavlTree, exampleSimpleTree, type Entry } from './example-trees.fixture.ts'
import { calculateRoot, verifyMembership, verifyNonMembership } from './membership.ts'
import { iavlSpec, smtSpec, tendermintSpec } from './specs.ts'

const entries: Entry[] = Array.from({ length: 13 }, (_, i) => [
  utf8(`k${String(i * 2).padStart(2, '0')}`),
  utf8(`v${i}`),
])
const tree = exampleIavlTree(entries)

function refusalOf(attempt: () => void): string | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    if (isProtocolError(error)) return `${error.codespace}/${error.code}`
    throw error
  }
}

/** A batch of an existence proof for every entry and absence proofs between them, and its compressed form. */
function batch(): { plain: CommitmentProof; compressed: CommitmentProof } {
  const proofs: BatchEntry[] = [
    ...entries.map(([key]) => ({ exist: tree.prove(key) })),
    ...['a', 'k01', 'k07', 'z'].map((key) => ({ nonexist: tree.proveAbsence(utf8(key)).nonexist })),
  ]
  const lookupInners: ExistenceProof['path'] = []
  const compress = (proof: ExistenceProof | undefined) =>
    proof && {
      ...proof,
      path: proof.path.map((op) => {
        const known = lookupInners.indexOf(op)
        return known >= 0 ? known : lookupInners.push(op) - 1
      }),
    }
  const compressedEntries = proofs.map(({ exist, nonexist }) => ({
    exist: compress(exist),
    nonexist: nonexist && {
      key: nonexist.key,
      left: compress(nonexist.left),
      right: compress(nonexist.right),
    },
  }))
  return {
    plain: { batch: { entries: proofs } },
    compressed: { compressed: { entries: compressedEntries, lookupInners } },
  }
}

describe('verifyMembership, verifyNonMembership', () => {
  it('agree with the tree for every key, present and absent, in trees of every small size', () => {
    for (let size = 1; size <= 20; size++) {
      for (const [make, spec] of [
        [exampleIavlTree, iavlSpec],
        [exampleSimpleTree, tendermintSpec],
      ] as const) {
        const some = make(
          Array.from({ length: size }, (_, i) => [utf8(`k${String(2 * i).padStart(2, '0')}`), utf8('v')]),
        )
        for (let i = 0; i < size; i++) {
          const key = utf8(`k${String(2 * i).padStart(2, '0')}`)
          verifyMembership(spec, some.root, { exist: some.prove(key) }, key, utf8('v'))
          // Alone in a tree a leaf has no path: Go can't place neighbours there either, edges only.
          const absent = utf8(`k${String(2 * i + 1).padStart(2, '0')}`)
          verifyNonMembership(spec, some.root, some.proveAbsence(absent), absent)
        }
      }
    }
  })

  it('any changed byte of root, key, value or proof is refused', () => {
    const [key, value] = entries[5]!
    const bytes = Codec.encode(Codec.fromPartial({ exist: tree.prove(key) })).finish()
    const verify = (root: Uint8Array, encoded: Uint8Array, k: Uint8Array, v: Uint8Array) =>
      refusalOf(() => verifyMembership(iavlSpec, root, decodeCommitmentProof(encoded), k, v))
    const change = (input: Uint8Array, at: number, by: number) => {
      const changed = input.slice()
      changed[at % input.length]! ^= by
      return changed
    }
    expect(verify(tree.root, bytes, key, value)).toBeUndefined()
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, by) => {
        expect(verify(change(tree.root, at, by), bytes, key, value)).toBeDefined()
        expect(verify(tree.root, bytes, change(key, at, by), value)).toBeDefined()
        expect(verify(tree.root, bytes, key, change(value, at, by))).toBeDefined()
        expect(verify(tree.root, change(bytes, at, by), key, value)).toBeDefined()
      }),
    )
  })

  it('find the entry for a key in a batch, and in a compressed one', () => {
    const { plain, compressed } = batch()
    for (const proof of [plain, compressed]) {
      const decoded = decodeCommitmentProof(Codec.encode(Codec.fromPartial(proof)).finish())
      for (const [key, value] of entries) verifyMembership(iavlSpec, tree.root, decoded, key, value)
      for (const key of ['a', 'k01', 'k07', 'z']) verifyNonMembership(iavlSpec, tree.root, decoded, utf8(key))
      expect(toHex(calculateRoot(decoded))).toBe(toHex(tree.root))
      expect(refusalOf(() => verifyMembership(iavlSpec, tree.root, decoded, utf8('k01'), utf8('v')))).toBe(
        'ics23/3',
      )
      expect(refusalOf(() => verifyNonMembership(iavlSpec, tree.root, decoded, utf8('k03')))).toBe('ics23/3')
    }
  })

  it('refuse references of a compressed batch that lead nowhere', () => {
    const { compressed } = batch()
    const { entries: all, lookupInners } = compressed.compressed!
    const [first, ...rest] = all
    for (const path of [[-1], [lookupInners.length], [1_000_000]]) {
      const bad = { compressed: { lookupInners, entries: [{ exist: { ...first!.exist!, path } }, ...rest] } }
      expect(
        refusalOf(() => verifyMembership(iavlSpec, tree.root, bad, entries[0]![0], entries[0]![1])),
      ).toBe('ics23/4')
    }
    const empty = { compressed: { lookupInners: [], entries: [{}] } }
    expect(refusalOf(() => calculateRoot(empty))).toBe('ics23/4')
    expect(refusalOf(() => calculateRoot({}))).toBe('ics23/3')
    expect(refusalOf(() => calculateRoot({ batch: { entries: [] } }))).toBe('ics23/3')
  })

  it('are bound to the spec: an IAVL proof proves nothing to another', () => {
    const [key, value] = entries[3]!
    const proof = { exist: tree.prove(key) }
    expect(refusalOf(() => verifyMembership(tendermintSpec, tree.root, proof, key, value))).toBe('ics23/11')
    expect(refusalOf(() => verifyMembership(smtSpec, tree.root, proof, key, value))).toBe('ics23/10')
    const bare = { ...iavlSpec, innerSpec: undefined }
    expect(refusalOf(() => verifyMembership(bare, tree.root, proof, key, value))).toBe('ics23/5')
    expect(
      refusalOf(() => verifyMembership({ ...bare, leafSpec: undefined }, tree.root, proof, key, value)),
    ).toBe('ics23/5')
  })
})

describe('decodeCommitmentProof', () => {
  it('refuses with a code, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect([undefined, 'ics23/1']).toContain(refusalOf(() => void decodeCommitmentProof(bytes)))
      }),
    )
  })

  it('bounds the size before it decodes', () => {
    expect(refusalOf(() => void decodeCommitmentProof(new Uint8Array(262_145)))).toBe('ics23/2')
  })
})
