import { buildTrie, verifyTrieProof, type TrieEntry } from '@causeway/light-clients'
import { compareBytes, fromHex, keccak256, toHex, utf8 } from '@causeway/primitives'
import { expectBytes, expectRefusal, expectSame } from '../expectations.ts'
import { isTable, listAt, textAt, type JsonObject } from '../json-shape.ts'
import type { VectorFormat } from '../vector-file.ts'
import { hexBytes } from './hex.ts'

/**
 * TrieTests of ethereum/tests: entries and the root of their trie, and neighbours of keys. From each trie,
 * inclusion of every key and absence of others is proven and verified too.
 */
export const trieFormat: VectorFormat = {
  name: 'merkle-patricia',
  recognise({ json, name }) {
    if (!isTable(json)) return undefined
    const vectors = Object.entries(json)
    const isRoots = vectors.every(([, vector]) => 'in' in vector && typeof vector.root === 'string')
    const isNeighbours = vectors.every(([, vector]) => 'in' in vector && Array.isArray(vector.tests))
    if (!isRoots && !isNeighbours) return undefined
    const run = isRoots ? (vector: JsonObject) => checkRoot(vector, name.includes('ecure')) : checkNeighbours
    return { cases: vectors.map(([title, vector]) => ({ name: title, run: () => run(vector) })) }
  },
}

function checkRoot(vector: JsonObject, isSecure: boolean): void {
  const entries = entriesOf(vector.in).map(([key, value]): TrieEntry => [
    isSecure ? keccak256(key) : key,
    value,
  ])
  const trie = buildTrie(entries)
  expectBytes('the root', trie.root, hexBytes(textAt(vector, 'root')))
  for (const [key, value] of entries) {
    const proof = trie.prove(key)
    expectBytes('a proven value', verifyTrieProof(trie.root, key, proof) ?? new Uint8Array(0), value)
    const absent = keccak256(key)
    expectSame('an absent value', verifyTrieProof(trie.root, absent, trie.prove(absent)), undefined)
    expectRefusal('a proof with a node too many', () =>
      verifyTrieProof(trie.root, key, [...proof, proof[0]!]),
    )
    expectRefusal('a proof with a node too few', () => verifyTrieProof(trie.root, key, proof.slice(0, -1)))
  }
}

/** What is left when the pairs are applied in order; a null value deletes. */
function entriesOf(given: unknown): TrieEntry[] {
  const pairs = Array.isArray(given) ? (given as unknown[]) : Object.entries(given as JsonObject)
  const entries = new Map<string, TrieEntry>()
  for (const pair of pairs) {
    const [key, value] = pair as [string, string | null]
    const bytes = bytesOf(key)
    if (value === null || value === '') entries.delete(toHex(bytes))
    else entries.set(toHex(bytes), [bytes, bytesOf(value)])
  }
  return [...entries.values()]
}

/** `[probe, previous, next]` among the keys in their order. */
function checkNeighbours(vector: JsonObject): void {
  const keys = listAt(vector, 'in').map((key) => bytesOf(String(key)))
  keys.sort(compareBytes)
  for (const test of listAt(vector, 'tests')) {
    const [probe, previous, next] = (test as string[]).map(bytesOf) as [Uint8Array, Uint8Array, Uint8Array]
    const found = {
      previous: keys.findLast((key) => compareBytes(key, probe) < 0),
      next: keys.find((key) => compareBytes(key, probe) > 0),
    }
    expectBytes('the previous key', found.previous ?? new Uint8Array(0), previous)
    expectBytes('the next key', found.next ?? new Uint8Array(0), next)
  }
}

function bytesOf(text: string): Uint8Array {
  return text.startsWith('0x') ? fromHex(text.slice(2)) : utf8(text)
}
