import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, keccak256, toHex, utf8 } from '@causeway/primitives'
import { codeOf } from '../../refusal.fixture.ts'
import { buildTrie, type TrieEntry } from './build-trie.ts'
import { encodeHexPrefix } from './nibbles.ts'
import type { RlpItem } from './rlp.ts'
import { decodeRlp, encodeRlp } from './rlp.ts'
import { EMPTY_TRIE_ROOT, verifyTrieProof } from './trie-proof.ts'

const entries = Array.from({ length: 60 }, (_, i): TrieEntry => [keccak256(utf8(`${i}`)), utf8(`value ${i}`)])
const trie = buildTrie(entries)
const [key, value] = entries[7]!
const absentKey = keccak256(utf8('absent'))
const NOTHING = new Uint8Array(0)

function verdict(root: Uint8Array, at: Uint8Array, proof: readonly Uint8Array[]): string {
  return codeOf(() => verifyTrieProof(root, at, proof))
}

/** Root and proof of one node that is made by hand. */
function lone(node: RlpItem): [Uint8Array, Uint8Array[]] {
  const bytes = encodeRlp(node)
  return [keccak256(bytes), [bytes]]
}

const leafPath = (path: number[]) => encodeHexPrefix({ path: Uint8Array.from(path), isLeaf: true })
const extensionPath = (path: number[]) => encodeHexPrefix({ path: Uint8Array.from(path), isLeaf: false })
const branch = (children: Readonly<Record<number, RlpItem>>, last: Uint8Array = NOTHING): RlpItem => [
  ...Array.from({ length: 16 }, (_, i) => children[i] ?? NOTHING),
  last,
]

describe('proofs', () => {
  it('show every value and the absence of others, in tries of any shape', () => {
    const keys = fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 4 }), {
      maxLength: 30,
      selector: toHex,
    })
    fc.assert(
      fc.property(
        keys,
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.uint8Array({ maxLength: 5 }),
        (held, seed, probe) => {
          const all = held.map((one, i): TrieEntry => [one, Uint8Array.of(...seed, i + 1)])
          const built = buildTrie(all)
          for (const [one, expected] of all)
            expect(verifyTrieProof(built.root, one, built.prove(one))).toEqual(expected)
          const expected = all.find(([one]) => toHex(one) === toHex(probe))?.[1]
          expect(verifyTrieProof(built.root, probe, built.prove(probe))).toEqual(expected)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('of one key show nothing about another', () => {
    for (const [other] of entries) {
      if (other === key) continue
      const judged = verdict(trie.root, key, trie.prove(other))
      if (judged === 'accepted') expect(verifyTrieProof(trie.root, key, trie.prove(other))).toEqual(value)
    }
    expect(verifyTrieProof(trie.root, absentKey, trie.prove(absentKey))).toBeUndefined()
    expect(verdict(trie.root, key, trie.prove(absentKey))).toMatch(/ethereum\/4[234]/)
  })

  it('with any byte changed are refused', () => {
    const proof = trie.prove(key)
    proof.forEach((node, i) => {
      for (let at = 0; at < node.length; at += 13) {
        const changed = node.map((byte, j) => (j === at ? byte ^ 0x55 : byte))
        expect(verdict(trie.root, key, proof.with(i, changed))).toBe('ethereum/42')
      }
    })
  })

  it('with nodes missing, added, doubled or out of order are refused', () => {
    const proof = trie.prove(key)
    expect(proof.length).toBeGreaterThan(1)
    expect(verdict(trie.root, key, [])).toBe('ethereum/43')
    expect(verdict(trie.root, key, proof.slice(0, -1))).toBe('ethereum/43')
    expect(verdict(trie.root, key, [...proof, proof.at(-1)!])).toBe('ethereum/44')
    expect(verdict(trie.root, key, [proof[0]!, ...proof])).toBe('ethereum/42')
    expect(verdict(trie.root, key, proof.toReversed())).toBe('ethereum/42')
    expect(verdict(keccak256(utf8('other root')), key, proof)).toBe('ethereum/42')
  })

  it('are bounded before anything is hashed', () => {
    expect(
      verdict(
        trie.root,
        key,
        Array.from({ length: 66 }, () => NOTHING),
      ),
    ).toBe('ethereum/45')
    expect(verdict(trie.root, key, [new Uint8Array(1025)])).toBe('ethereum/45')
  })
})

describe('an empty trie', () => {
  it('holds nothing, by no node or the empty one', () => {
    expect(verifyTrieProof(EMPTY_TRIE_ROOT, key, [])).toBeUndefined()
    expect(verifyTrieProof(EMPTY_TRIE_ROOT, key, [Uint8Array.of(0x80)])).toBeUndefined()
    expect(verdict(EMPTY_TRIE_ROOT, key, trie.prove(key))).toBe('ethereum/44')
    expect(verdict(EMPTY_TRIE_ROOT, key, [Uint8Array.of(0x80), Uint8Array.of(0x80)])).toBe('ethereum/44')
    expect(verdict(new Uint8Array(32), key, [])).toBe('ethereum/43')
  })
})

describe('nodes that no trie has', () => {
  const at = Uint8Array.of(0x12)
  const leaf = [leafPath([2]), utf8('v')]
  it.each<[string, RlpItem]>([
    ['a string', utf8('not a list')],
    ['a list of three', [NOTHING, NOTHING, NOTHING]],
    ['a path that is a list', [[], utf8('v')]],
    ['a path with unknown flags', [fromHex('4012'), utf8('v')]],
    ['a path with padding that is not zero', [fromHex('2312'), utf8('v')]],
    ['a leaf without value', [leafPath([1, 2]), NOTHING]],
    ['a leaf whose value is a list', [leafPath([1, 2]), [utf8('v')]]],
    ['an extension by nothing', [extensionPath([]), branch({ 1: leaf }, utf8('v'))]],
    ['an extension to nothing', [extensionPath([1]), NOTHING]],
    ['an extension to a leaf', [extensionPath([1]), leaf]],
    ['an extension to an extension', [extensionPath([1]), [extensionPath([2]), keccak256(at)]]],
    ['a branch with one child', branch({ 1: leaf })],
    ['a branch with a value only', branch({}, utf8('v'))],
    [
      'a branch whose value is a list',
      [...(branch({ 1: leaf, 2: leaf }) as RlpItem[]).slice(0, 16), [NOTHING]],
    ],
    ['a child of 31 bytes', branch({ 1: new Uint8Array(31).fill(1), 2: leaf })],
    ['a child of 33 bytes', branch({ 1: new Uint8Array(33).fill(1), 2: leaf })],
    [
      'an embedded node as long as a hash',
      branch({ 1: [leafPath([2]), new Uint8Array(40).fill(1)], 2: leaf }),
    ],
  ])('%s are refused', (_, node) => {
    const [root, proof] = lone(node)
    expect(verdict(root, at, proof)).toBe('ethereum/41')
  })

  it('embedded nodes are followed, and are no nodes of the proof', () => {
    const [root, proof] = lone(branch({ 1: leaf, 2: leaf }))
    expect(verifyTrieProof(root, at, proof)).toEqual(utf8('v'))
    expect(verdict(root, at, [...proof, encodeRlp(leaf)])).toBe('ethereum/44')
    expect(verifyTrieProof(root, Uint8Array.of(0x13), proof)).toBeUndefined()
  })

  it('a short node may not be hashed instead of embedded', () => {
    const [root, [top]] = lone(branch({ 1: keccak256(encodeRlp(leaf)), 2: leaf }))
    expect(verdict(root, at, [top!, encodeRlp(leaf)])).toBe('ethereum/41')
  })

  it('an extension that is split shows absence on either side of the split', () => {
    const below = branch({ 3: [leafPath([]), utf8('a')], 4: [leafPath([]), utf8('b')] })
    const [root, proof] = lone([extensionPath([1, 2, 5]), below])
    expect(verifyTrieProof(root, fromHex('1253'), proof)).toEqual(utf8('a'))
    expect(verifyTrieProof(root, fromHex('1263'), proof)).toBeUndefined()
    expect(verifyTrieProof(root, fromHex('12'), proof)).toBeUndefined()
    expect(verifyTrieProof(root, fromHex('1257'), proof)).toBeUndefined()
  })

  it('RLP that is not canonical is refused though its hash is right', () => {
    const node = encodeRlp([leafPath([1, 2]), new Uint8Array(60).fill(7)])
    const padded = Uint8Array.of(0xf9, 0, node[1]!, ...node.subarray(2))
    expect(decodeRlp(node)).toBeDefined()
    expect(verdict(keccak256(padded), at, [padded])).toBe('ethereum/40')
    const trailing = Uint8Array.of(...node, 0)
    expect(verdict(keccak256(trailing), at, [trailing])).toBe('ethereum/40')
  })
})
