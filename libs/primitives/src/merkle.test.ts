import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes, fromHex, toHex, utf8 } from './bytes.ts'
import {
  innerHash,
  leafHash,
  merkleProofs,
  merkleRoot,
  merkleRootOf,
  merkleRootOfLeafHashes,
} from './merkle.ts'
import type { MerkleProof } from './merkle.ts'
import { sha256 } from './sha256/sha256.ts'

const leaves = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 40 })

describe('simple Merkle tree', () => {
  it('knows the roots of RFC 6962 implementations', () => {
    expect(toHex(merkleRoot([]))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(toHex(merkleRoot([utf8('')]))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    )
    expect(toHex(merkleRoot([utf8('L123456')]))).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    )
    // certificate-transparency-go's eight-leaf tree
    const inputs = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ]
    expect(toHex(merkleRoot(inputs.map((hex) => fromHex(hex))))).toBe(
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    )
  })

  it('splits at the largest power of two below the length', () => {
    const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((text) => leafHash(utf8(text))) as [
      ...[Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array],
    ]
    const four = innerHash(innerHash(a, b), innerHash(c, d))
    expect(merkleRoot(['a', 'b', 'c', 'd', 'e'].map((text) => utf8(text)))).toEqual(innerHash(four, e))
    expect(merkleRoot(['a', 'b', 'c'].map((text) => utf8(text)))).toEqual(innerHash(innerHash(a, b), c))
  })

  it('proves every leaf', () => {
    fc.assert(
      fc.property(leaves, (items) => {
        const { root, proofs } = merkleProofs(items)
        expect(root).toEqual(merkleRoot(items))
        proofs.forEach((proof, index) => {
          expect(proof).toMatchObject({ total: items.length, index, leafHash: leafHash(items[index]!) })
          expect(merkleRootOf(proof)).toEqual(root)
        })
      }),
    )
  })

  it('leads from every leaf to the root, at every size, by a plain reading of RFC 6962', () => {
    for (let size = 1; size <= 40; size++) {
      const items = Array.from({ length: size }, (_, i) => utf8(`item ${i}`))
      const { root, proofs } = merkleProofs(items)
      expect(root).toEqual(merkleRoot(items))
      expect(merkleRootOfLeafHashes(items.map(leafHash))).toEqual(root)
      for (const [i, proof] of proofs.entries()) {
        expect(plainRoot(proof, i, size, proof.aunts)).toEqual(root)
        expect([proof.index, proof.total]).toEqual([i, size])
      }
    }
    expect(merkleRootOfLeafHashes([])).toEqual(merkleRoot([]))
  })

  it('leads elsewhere when anything is changed', () => {
    fc.assert(
      fc.property(leaves, fc.nat(), fc.nat(), (items, pick, byte) => {
        const { root, proofs } = merkleProofs(items)
        const proof = proofs[pick % proofs.length]!
        expect(merkleRootOf({ ...proof, leafHash: flip(proof.leafHash, byte) })).not.toEqual(root)
        proof.aunts.forEach((aunt, i) => {
          const aunts = proof.aunts.with(i, flip(aunt, byte))
          expect(merkleRootOf({ ...proof, aunts })).not.toEqual(root)
        })
        for (let index = 0; index < items.length; index++) {
          if (index === proof.index) continue
          const other = merkleRootOf({ ...proof, index })
          const isRoot = other !== undefined && equalBytes(other, root)
          // Only equal leaves under equal aunts may stand in for one another
          if (isRoot) expect(leafHash(items[index]!)).toEqual(proof.leafHash)
        }
      }),
    )
  })

  it('refuses a proof whose shape does not fit', () => {
    const { proofs } = merkleProofs([utf8('a'), utf8('b'), utf8('c')])
    const [first] = proofs
    expect(merkleRootOf({ ...first!, aunts: first!.aunts.slice(1) })).toBeUndefined()
    expect(merkleRootOf({ ...first!, aunts: [...first!.aunts, sha256(utf8('x'))] })).toBeUndefined()
    expect(merkleRootOf({ ...first!, index: 3 })).toBeUndefined()
    expect(merkleRootOf({ ...first!, index: -1 })).toBeUndefined()
    expect(merkleRootOf({ ...first!, total: 0 })).toBeUndefined()
    for (const number of [NaN, Infinity, 0.5, 2 ** 53]) {
      expect(merkleRootOf({ ...first!, total: number })).toBeUndefined()
      expect(merkleRootOf({ ...first!, index: number })).toBeUndefined()
    }
    expect(merkleRootOf({ ...first!, total: 2 ** 53 - 1 })).toBeUndefined()
  })

  it('has no proofs for no leaves', () => {
    expect(merkleProofs([])).toEqual({ root: sha256(utf8('')), proofs: [] })
  })
})

/** RFC 6962's audit path, read plainly. */
function plainRoot(
  proof: MerkleProof,
  index: number,
  total: number,
  aunts: readonly Uint8Array[],
): Uint8Array {
  if (total === 1) return proof.leafHash
  let split = 1
  while (split * 2 < total) split *= 2
  const aunt = aunts.at(-1)!
  const below = aunts.slice(0, -1)
  if (index < split) return innerHash(plainRoot(proof, index, split, below), aunt)
  return innerHash(aunt, plainRoot(proof, index - split, total - split, below))
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice()
  changed[at % bytes.length]! ^= 1 << (at % 8)
  return changed
}
