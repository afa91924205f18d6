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
  })

  // certificate-transparency-go's tree, after each leaf
  const inputs = [
    ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ] as const

  it('grows as the tree of certificate transparency', () => {
    const grown = inputs.map(([hex]) => fromHex(hex))
    inputs.forEach(([, root], i) => expect(toHex(merkleRoot(grown.slice(0, i + 1)))).toBe(root))
  })

  it('has the audit paths of certificate transparency', () => {
    const grown = inputs.map(([hex]) => fromHex(hex))
    expect(merkleProofs(grown).proofs[0]!.aunts.map(toHex)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
    const [, , third] = merkleProofs(grown.slice(0, 3)).proofs
    expect(third!.aunts.map(toHex)).toEqual([inputs[1][1]])
    expect(third!.isLeft).toEqual([false])
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
