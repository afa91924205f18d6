import { AssertionError, be64, concatBytes, sha256, toHex, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { exampleAccount } from '../example-cluster.fixture.ts'
import { exampleAddress } from '../wire.fixture.ts'
import { EMPTY_FRONTIER, appendLeaf, frontierRoot } from './frontier.ts'
import { encodeRootAccount, readRootAccount } from './root-account.ts'
import { createSparseTree } from './sparse-tree.ts'
import { EMPTY_LEAF, EMPTY_SUBTREES, commitmentLeaf, pathRoot, taggedRoot } from './tree.ts'
import type { TreePath } from './tree.ts'
import { verifyCommitment, verifyNoCommitment } from './verify-commitment.ts'

const CLIENT = utf8('client-12')
const value = (n: number) => sha256(utf8(`commitment ${n}`))
const LAST = 1n << 32n
const pathOf = (entry: number, sequence: bigint, client = CLIENT) => [
  concatBytes(client, Uint8Array.of(entry), be64(sequence)),
]

/** Packets 1 to 5 sent; 2, 9 and the last one received. */
function exampleTrees() {
  const [sent, received] = [createSparseTree(), createSparseTree()]
  for (let n = 1; n <= 5; n++) sent.set(BigInt(n - 1), commitmentLeaf(value(n)))
  for (const sequence of [2n, 9n, LAST]) received.set(sequence - 1n, commitmentLeaf(value(Number(sequence))))
  const roots = {
    commitmentsRoot: taggedRoot('commitments', CLIENT, sent.root()),
    receiptsRoot: taggedRoot('receipts', CLIENT, received.root()),
  }
  return { sent, received, roots }
}

describe('a tree', () => {
  it('of nothing is 32 times a hash of itself twice', () => {
    expect(EMPTY_SUBTREES.length).toBe(33)
    expect(toHex(EMPTY_SUBTREES[1]!)).toBe(toHex(sha256(new Uint8Array(64))))
    expect(toHex(createSparseTree().root())).toBe(toHex(EMPTY_SUBTREES[32]!))
    expect(toHex(frontierRoot(EMPTY_FRONTIER))).toBe(toHex(EMPTY_SUBTREES[32]!))
  })

  it('has the same root by frontier and by nodes, and proves every index', () => {
    const tree = createSparseTree()
    let frontier = EMPTY_FRONTIER
    for (let n = 0; n < 40; n++) {
      const leaf = commitmentLeaf(value(n))
      tree.set(BigInt(n), leaf)
      frontier = appendLeaf(frontier, leaf)
      expect(toHex(frontierRoot(frontier))).toBe(toHex(tree.root()))
    }
    for (let n = 0; n < 60; n++) {
      const leaf = n < 40 ? commitmentLeaf(value(n)) : EMPTY_LEAF
      expect(toHex(pathRoot(BigInt(n), leaf, tree.prove(BigInt(n))))).toBe(toHex(tree.root()))
    }
  })

  it('can be full', () => {
    const full = { ...EMPTY_FRONTIER, count: LAST - 1n }
    const last = appendLeaf(full, commitmentLeaf(value(1)))
    expect(last.count).toBe(LAST)
    expect(() => appendLeaf(last, EMPTY_LEAF)).toThrow(AssertionError)
    expect(() => createSparseTree().set(LAST, EMPTY_LEAF)).toThrow(AssertionError)
  })

  it('is written anywhere', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(0xffff_ffff), { minLength: 1, maxLength: 6 }), (indexes) => {
        const tree = createSparseTree()
        for (const index of indexes) tree.set(BigInt(index), commitmentLeaf(value(index)))
        for (const index of indexes) {
          const path = tree.prove(BigInt(index))
          const root = (leaf: Uint8Array) => toHex(pathRoot(BigInt(index), leaf, path))
          expect(root(commitmentLeaf(value(index)))).toBe(toHex(tree.root()))
          expect(root(EMPTY_LEAF)).not.toBe(toHex(tree.root()))
        }
      }),
      { numRuns: 30 },
    )
  })

  it('has a root for its kind and its client', () => {
    const root = createSparseTree().root()
    const tagged = [
      taggedRoot('commitments', CLIENT, root),
      taggedRoot('receipts', CLIENT, root),
      taggedRoot('commitments', utf8('client-13'), root),
    ]
    expect(new Set(tagged.map(toHex)).size).toBe(3)
    expect(toHex(tagged[0]!)).toBe(toHex(sha256(concatBytes(utf8('causeway/commitments/v1'), CLIENT, root))))
  })

  it('takes commitments of 32 bytes', () => {
    expect(toHex(commitmentLeaf(value(1)))).toBe(toHex(sha256(concatBytes(Uint8Array.of(1), value(1)))))
    expect(() => commitmentLeaf(new Uint8Array(31))).toThrow(AssertionError)
  })
})

describe('a path', () => {
  const { sent } = exampleTrees()
  const path = sent.prove(1n)
  const code = (changed: TreePath) => codeOf(() => pathRoot(1n, commitmentLeaf(value(2)), changed))

  it('has one form', () => {
    expect(code(path)).toBe('accepted')
    expect(path.siblings.length).toBe(3)
    expect(code({ ...path, siblings: path.siblings.slice(1) })).toBe('solana/62')
    expect(code({ ...path, siblings: [...path.siblings, EMPTY_LEAF] })).toBe('solana/62')
    expect(code({ ...path, siblings: path.siblings.with(0, path.siblings[0]!.subarray(1)) })).toBe(
      'solana/62',
    )
    const spelt = { present: path.present | 8, siblings: [...path.siblings, EMPTY_SUBTREES[3]!] }
    expect(code(spelt)).toBe('solana/62')
    expect(code({ present: 0, siblings: path.siblings })).toBe('solana/62')
  })
})

describe('commitments and acknowledgements', () => {
  const { sent, received, roots } = exampleTrees()
  const member = (entry: number, sequence: bigint, of: Uint8Array, path: TreePath, client = CLIENT) =>
    codeOf(() => verifyCommitment(roots, pathOf(entry, sequence, client), of, path))

  it('are proven by their sequence', () => {
    for (let n = 1; n <= 5; n++)
      expect(member(1, BigInt(n), value(n), sent.prove(BigInt(n - 1)))).toBe('accepted')
    for (const sequence of [2n, 9n, LAST])
      expect(member(3, sequence, value(Number(sequence)), received.prove(sequence - 1n))).toBe('accepted')
  })

  it('are not those of another sequence, value, tree or client', () => {
    expect(member(1, 3n, value(2), sent.prove(1n))).toBe('solana/63')
    expect(member(1, 2n, value(3), sent.prove(1n))).toBe('solana/63')
    expect(member(3, 2n, value(2), sent.prove(1n))).toBe('solana/63')
    expect(member(1, 2n, value(2), sent.prove(1n), utf8('client-13'))).toBe('solana/63')
    expect(member(1, 6n, value(6), sent.prove(5n))).toBe('solana/63')
  })

  it('have a path of client, entry and sequence', () => {
    const ask = (path: readonly Uint8Array[], of = value(2)) =>
      codeOf(() => verifyCommitment(roots, path, of, sent.prove(1n)))
    expect(ask(pathOf(1, 2n))).toBe('accepted')
    expect(ask([])).toBe('solana/61')
    expect(ask([utf8('ibc'), ...pathOf(1, 2n)])).toBe('solana/61')
    expect(ask(pathOf(1, 0n))).toBe('solana/61')
    expect(ask(pathOf(1, LAST + 1n))).toBe('solana/61')
    expect(ask(pathOf(4, 2n))).toBe('solana/61')
    expect(ask(pathOf(1, 2n, utf8('client-')))).toBe('solana/61')
    expect(ask(pathOf(1, 2n, utf8(`client-${'1'.repeat(60)}`)))).toBe('solana/61')
    expect(ask(pathOf(1, 2n), value(2).subarray(1))).toBe('solana/61')
    expect(ask(pathOf(2, 2n))).toBe('solana/61')
  })

  it('have no byte that may be changed', () => {
    const path = received.prove(8n)
    expect(path.siblings.length).toBeGreaterThan(1)
    for (const [i, sibling] of path.siblings.entries()) {
      for (let at = 0; at < 32; at++) {
        const siblings = path.siblings.with(i, sibling.with(at, sibling[at]! ^ 0x80))
        expect(member(3, 9n, value(9), { ...path, siblings })).toMatch(/^solana\/6[23]$/)
      }
    }
    for (let bit = 0; bit < 32; bit++) {
      const present = (path.present ^ (1 << bit)) >>> 0
      expect(member(3, 9n, value(9), { ...path, present })).toMatch(/^solana\/6[23]$/)
    }
  })
})

describe('absence', () => {
  const { sent, received, roots } = exampleTrees()
  const absent = (entry: number, sequence: bigint, path: TreePath) =>
    codeOf(() => verifyNoCommitment(roots, pathOf(entry, sequence), path))

  it('is proven of receipts, acknowledgements and packets that were never sent', () => {
    expect(absent(2, 3n, received.prove(2n))).toBe('accepted')
    expect(absent(3, 3n, received.prove(2n))).toBe('accepted')
    expect(absent(2, LAST - 1n, received.prove(LAST - 2n))).toBe('accepted')
    expect(absent(1, 6n, sent.prove(5n))).toBe('accepted')
  })

  it('is not where something is, or by the path of another place', () => {
    expect(absent(2, 2n, received.prove(1n))).toBe('solana/63')
    expect(absent(1, 5n, sent.prove(4n))).toBe('solana/63')
    expect(absent(2, 9n, received.prove(2n))).toBe('solana/63')
    expect(absent(2, 2n, sent.prove(5n))).toBe('solana/63')
  })
})

describe('the root account', () => {
  const program = exampleAddress('ibc program')
  const { roots } = exampleTrees()
  const fields = { touches: 3n, sent: 5n, ...roots }
  const data = encodeRootAccount(fields, EMPTY_FRONTIER.nodes)

  it('is read', () => {
    expect(data.length).toBe(1_120)
    expect(readRootAccount(exampleAccount(data, program), program)).toEqual(fields)
  })

  it.each([
    ['another owner', exampleAccount(data, exampleAddress('thief'))],
    ['another magic', exampleAccount(data.with(0, 0), program)],
    ['another version', exampleAccount(data.with(8, 2), program)],
    ['a reserved byte', exampleAccount(data.with(9, 1), program)],
    ['another length', exampleAccount(concatBytes(data, Uint8Array.of(0)), program)],
    ['nothing', exampleAccount(new Uint8Array(), program)],
  ])('with %s is refused', (_, account) => {
    expect(codeOf(() => readRootAccount(account, program))).toBe('solana/45')
  })
})
