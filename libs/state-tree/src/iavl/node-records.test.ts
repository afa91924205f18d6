import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, uvarint } from '@causeway/primitives'
import {
  bucketOf,
  decodeNode,
  encodeNodes,
  readReference,
  REFERENCE_BYTES_MAX,
  slotOf,
  withoutSlots,
  writeReference,
} from './node-records.ts'
import { hashBytes, leafNode, Node, readHash, stubNode } from './node.ts'
import { VarintReader } from './varint.ts'

const key = fc.uint8Array({ minLength: 1, maxLength: 300 })
const value = fc.uint8Array({ minLength: 1, maxLength: 300 })

function saved(node: Node, version: number, nonce: number, hash: Uint8Array): Node {
  node.version = version
  node.nonce = nonce
  readHash(node, new DataView(hash.buffer, hash.byteOffset), 0)
  return node
}

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const stub = fc
  .record({
    height: fc.integer({ min: 0, max: 60 }),
    size: fc.integer({ min: 1, max: 2 ** 40 }),
    version: fc.integer({ min: 1, max: 2 ** 45 }),
    nonce: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    hash,
  })
  .map((row) =>
    saved(stubNode(row.height, row.size, row.version, row.nonce), row.version, row.nonce, row.hash),
  )

function recordsOf(nodes: readonly Node[]): Map<number, Uint8Array> {
  const records = new Map<number, Uint8Array>()
  encodeNodes(nodes, (bucket, record) => {
    expect(records.has(bucket)).toBe(false)
    records.set(bucket, record)
  })
  return records
}

describe('references', () => {
  it('are read back', () => {
    fc.assert(
      fc.property(stub, (node) => {
        const bytes = new Uint8Array(REFERENCE_BYTES_MAX + 3)
        const end = writeReference(node, bytes, new DataView(bytes.buffer), 3)
        const reader = new VarintReader(bytes, 3)
        expect(readReference(reader)).toEqual(node)
        expect(reader.offset).toBe(end)
        expect(end - 3).toBeLessThanOrEqual(REFERENCE_BYTES_MAX)
      }),
    )
  })
})

describe('records of nodes', () => {
  it('hold leaves, eight a record', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value, hash), { maxLength: 40 }), (rows) => {
        const nodes = rows.map(([k, v, h], i) => saved(leafNode(k, v), 5, i + 1, h))
        const records = recordsOf(nodes)
        expect(records.size).toBe(nodes.length === 0 ? 0 : bucketOf(nodes.length) + 1)
        for (const node of nodes) {
          const read = saved(stubNode(0, 1, 5, node.nonce), 5, node.nonce, hashBytes(node))
          expect(decodeNode(records.get(bucketOf(node.nonce))!, read)).toBe(true)
          expect(read).toEqual(node)
        }
      }),
    )
  })

  it('hold inner nodes with all that proving and rebalancing need to know about their children', () => {
    fc.assert(
      fc.property(key, stub, stub, hash, (k, left, right, h) => {
        const node = saved(
          new Node(k, Math.max(left.height, right.height) + 1, left.size + right.size),
          9,
          3,
          h,
        )
        node.left = left
        node.right = right
        const [record] = recordsOf([
          saved(leafNode(k, k), 9, 1, h),
          saved(leafNode(k, k), 9, 2, h),
          node,
        ]).values()
        const read = saved(stubNode(node.height, node.size, 9, 3), 9, 3, h)
        expect(decodeNode(record!, read)).toBe(true)
        expect(read).toEqual(node)
      }),
    )
  })

  it('grow with what they hold', () => {
    const large = Array.from({ length: 9 }, (_, i) => {
      return saved(
        leafNode(Uint8Array.of(i), new Uint8Array(100_000).fill(i + 1)),
        1,
        i + 1,
        new Uint8Array(32),
      )
    })
    const records = recordsOf(large)
    expect([...records.keys()]).toEqual([0, 1])
    const read = stubNode(0, 1, 1, 9)
    expect(decodeNode(records.get(1)!, read)).toBe(true)
    expect(read.value).toEqual(large[8]!.value)
  })

  it('say when a node is not among them', () => {
    const [record] = recordsOf([
      saved(leafNode(Uint8Array.of(1), Uint8Array.of(1)), 1, 1, new Uint8Array(32)),
    ]).values()
    expect(decodeNode(record!, stubNode(0, 1, 1, 2))).toBe(false)
  })

  it('are refused when they are not what the parent names', () => {
    const [record] = recordsOf([
      saved(leafNode(Uint8Array.of(1), Uint8Array.of(1)), 1, 1, new Uint8Array(32)),
    ]).values()
    expect(() => decodeNode(record!, stubNode(1, 2, 1, 1))).toThrow('the node that its parent names')
    const inner = concatBytes(
      Uint8Array.of(1),
      uvarint(80),
      Uint8Array.of(1, 1, 7),
      new Uint8Array(77).fill(1),
    )
    expect(() => decodeNode(inner, stubNode(1, 2, 1, 2))).toThrow('no trailing bytes')
  })
})

describe('a record that loses nodes', () => {
  it('keeps the others as they were', () => {
    const nodes = fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 7 })
    fc.assert(
      fc.property(nodes, fc.array(fc.integer({ min: 1, max: 7 })), (rows, gone) => {
        const list = rows.map(([k, v], i) => saved(leafNode(k, v), 1, i + 1, new Uint8Array(32)))
        const mask = gone.reduce((bits, nonce) => bits | (1 << slotOf(nonce)), 0)
        const rest = withoutSlots(recordsOf(list).get(0)!, mask)
        const kept = list.filter((node) => !gone.includes(node.nonce))
        expect(rest.length === 0).toBe(kept.length === 0)
        for (const node of list) {
          const read = stubNode(0, 1, 1, node.nonce)
          expect(decodeNode(rest, read)).toBe(kept.includes(node))
          if (kept.includes(node)) expect([read.key, read.value]).toEqual([node.key, node.value])
        }
      }),
    )
  })
})
