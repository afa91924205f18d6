import { describe, expect, it } from 'vitest'
import {
  EMPTY_BYTES,
  compareBytes,
  concatBytes,
  equalBytes,
  innerHash,
  leafHash,
  sha256,
  toHex,
  utf8,
  uvarint,
} from '@causeway/primitives'
import type { CommitmentProof, ExistenceProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { codeOf } from '../refusal.fixture.ts'
import { encodeEvmProof, encodeEvmProofs } from './evm-proof.ts'
import { exampleIavlTree, exampleSimpleTree } from './example-trees.fixture.ts'

/*
 * What is packed is read again by the plain reader below, which follows the definition of the bytes in
 * contracts/evm/src/ics23/HubProof.sol and knows nothing of the encoder. The contract itself is run on packed
 * proofs of many trees in contracts/evm.
 */

const entries = Array.from({ length: 60 }, (_, i) => [utf8(`key-${100 + i}`), utf8(`value-${i}`)] as const)
const iavl = exampleIavlTree(entries)
const stores = exampleSimpleTree([
  [utf8('bank'), sha256(utf8('bank'))],
  [utf8('ibc'), iavl.root],
  [utf8('staking'), sha256(utf8('staking'))],
])
const nextSetHash = sha256(utf8('next set'))

/** A `MerkleProof` of a key in store `ibc`. */
function chained(low: CommitmentProof): Uint8Array {
  return MerkleProof.encode({ proofs: [low, { exist: stores.prove(utf8('ibc')) }] }).finish()
}

const membership = (i: number): Uint8Array => chained({ exist: iavl.prove(entries[i]![0]) })
const absence = (key: string): Uint8Array => chained(iavl.proveAbsence(utf8(key)))

/** What the contract keeps in transient storage. */
type Remembered = Set<string>

/** Reads one packed proof; whether it proves the claim under `stores.root`. */
class Reader {
  readonly #bytes: Uint8Array
  readonly #remembered: Remembered
  readonly #marked: string[] = []
  #at = 0

  constructor(bytes: Uint8Array, remembered: Remembered) {
    this.#bytes = bytes
    this.#remembered = remembered
  }

  proves(key: Uint8Array, value: Uint8Array | undefined): boolean {
    const kind = this.#byte()
    const root = value === undefined ? this.#absence(kind, key) : this.#existence(kind, key, value)
    if (root === undefined) return false
    const isEdge = kind === 3 || kind === 4
    const isProven = this.#isAtEnd() && !isEdge ? this.#remembered.has(toHex(root)) : this.#storesLead(root)
    if (isProven) for (const node of this.#marked) this.#remembered.add(node)
    return isProven
  }

  #existence(kind: number, key: Uint8Array, value: Uint8Array): Uint8Array | undefined {
    if (kind !== 1) return undefined
    return this.#climb(this.#leaf(key, sha256(value)), this.#byte())
  }

  #absence(kind: number, key: Uint8Array): Uint8Array | undefined {
    if (kind === 3) return this.#climb(this.#neighbour(key, 1), this.#byte(), 'right')
    if (kind === 4) return this.#climb(this.#neighbour(key, -1), this.#byte(), 'left')
    if (kind !== 2) return undefined
    const right = this.#climb(this.#neighbour(key, 1), this.#byte(), 'right')
    const left = this.#climb(this.#neighbour(key, -1), this.#byte(), 'left')
    const joint = this.#climb(left, 1, 'right')
    if (!equalBytes(this.#bytes.subarray(this.#at - 32, this.#at), right)) return undefined
    return this.#climb(joint, this.#byte())
  }

  #neighbour(key: Uint8Array, order: 1 | -1): Uint8Array {
    const length = this.#byte() * 256 + this.#byte()
    const neighbour = this.#take(length)
    expect(Math.sign(compareBytes(neighbour, key))).toBe(order)
    return this.#leaf(neighbour, this.#take(32))
  }

  #leaf(key: Uint8Array, valueHash: Uint8Array): Uint8Array {
    const version = this.#take(this.#byte())
    const head = concatBytes(Uint8Array.of(0, 2), version, uvarint(key.length), key)
    return sha256(concatBytes(head, Uint8Array.of(32), valueHash))
  }

  #climb(start: Uint8Array, count: number, side?: 'left' | 'right'): Uint8Array {
    let node = start
    for (let i = 0; i < count; i++) {
      const head = this.#byte()
      const fields = this.#take(head & 0x0f)
      const sibling = this.#take(32)
      const isLeft = (head & 0x80) !== 0
      if (side !== undefined) expect(isLeft).toBe(side === 'left')
      const [left, right] = isLeft ? [sibling, node] : [node, sibling]
      node = sha256(concatBytes(fields, Uint8Array.of(32), left, Uint8Array.of(32), right))
      if ((head & 0x40) !== 0) this.#marked.push(toHex(node))
    }
    return node
  }

  #storesLead(root: Uint8Array): boolean {
    const count = this.#byte()
    const sides = this.#byte() * 256 + this.#byte()
    let node = leafHash(concatBytes(Uint8Array.of(3), utf8('ibc'), Uint8Array.of(32), sha256(root)))
    for (let i = 0; i < count; i++) {
      const sibling = this.#take(32)
      node = (sides >> i) & 1 ? innerHash(sibling, node) : innerHash(node, sibling)
    }
    if (!this.#isAtEnd()) expect(this.#take(32)).toEqual(nextSetHash)
    return this.#isAtEnd() && equalBytes(node, stores.root)
  }

  #byte(): number {
    return this.#take(1)[0]!
  }

  #take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#at, this.#at + length)
    expect(taken.length).toBe(length)
    this.#at += length
    return taken
  }

  #isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }
}

function proves(
  packed: Uint8Array,
  key: Uint8Array,
  value: Uint8Array | undefined,
  remembered: Remembered = new Set(),
): boolean {
  return new Reader(packed, remembered).proves(key, value)
}

describe('one proof', () => {
  it('of every key, with and without the next set', () => {
    entries.forEach(([key, value], i) => {
      const short = encodeEvmProof(membership(i))
      const opened = encodeEvmProof(membership(i), nextSetHash)
      expect(opened).toEqual(concatBytes(short, nextSetHash))
      expect(proves(short, key, value)).toBe(true)
      expect(proves(opened, key, value)).toBe(true)
      expect(proves(short, key, utf8('another'))).toBe(false)
    })
  })

  it('of absence between keys, and at both ends', () => {
    const absent = entries.map(([key]) => `${new TextDecoder().decode(key)}x`)
    for (const key of ['a', ...absent, 'z']) {
      expect(proves(encodeEvmProof(absence(key)), utf8(key), undefined)).toBe(true)
    }
    expect(encodeEvmProof(absence('a'))[0]).toBe(3)
    expect(encodeEvmProof(absence('key-100x'))[0]).toBe(2)
    expect(encodeEvmProof(absence('z'))[0]).toBe(4)
  })

  it('is about half of its protobuf', () => {
    expect(encodeEvmProof(absence('key-130x')).length).toBeLessThan(absence('key-130x').length * 0.6)
  })
})

describe('proofs of one transaction', () => {
  it('end where earlier ones led through, and hold in this order', () => {
    const order = [...entries.keys()]
    const packed = encodeEvmProofs(order.map(membership), nextSetHash)
    const remembered: Remembered = new Set()
    for (const i of order) expect(proves(packed[i]!, ...entries[i]!, remembered)).toBe(true)
    const alone = order.map((i) => encodeEvmProof(membership(i)).length)
    const sum = (lengths: readonly number[]): number => lengths.reduce((a, b) => a + b, 0)
    expect(sum(packed.map(({ length }) => length))).toBeLessThan(sum(alone) / 3)
    // Nothing is remembered that no proof ends at
    expect(remembered.size).toBeLessThan(packed.length)
  })

  it('of both kinds, the same key twice among them', () => {
    const keys = ['key-105x', 'key-106x', 'a', 'key-106x', 'z', 'key-140x']
    const proofs = [membership(3), ...keys.map(absence), membership(3)]
    const packed = encodeEvmProofs(proofs)
    const remembered: Remembered = new Set()
    expect(proves(packed[0]!, ...entries[3]!, remembered)).toBe(true)
    keys.forEach((key, i) => expect(proves(packed[i + 1]!, utf8(key), undefined, remembered)).toBe(true))
    expect(proves(packed.at(-1)!, ...entries[3]!, remembered)).toBe(true)
  })

  it('do not hold without the first', () => {
    const [, second] = encodeEvmProofs([membership(0), membership(1)])
    expect(proves(second!, ...entries[1]!)).toBe(false)
  })

  it('of different app hashes share nothing', () => {
    const others = exampleSimpleTree([
      [utf8('ibc'), iavl.root],
      [utf8('other'), sha256(utf8('other'))],
    ])
    const exist = iavl.prove(entries[1]![0])
    const other = MerkleProof.encode({ proofs: [{ exist }, { exist: others.prove(utf8('ibc')) }] }).finish()
    expect(encodeEvmProofs([membership(0), other])[1]).toEqual(encodeEvmProof(other))
  })
})

describe('what is no proof of the hub is refused', () => {
  const exist = iavl.prove(entries[5]![0])
  const low = (change: Partial<ExistenceProof>): Uint8Array => chained({ exist: { ...exist, ...change } })
  const firstOp = (change: object): Uint8Array =>
    low({ path: exist.path.map((op, i) => (i === 0 ? { ...op, ...change } : op)) })

  it('bytes, and the wrong number of proofs', () => {
    expect(codeOf(() => encodeEvmProof(Uint8Array.of(1)))).toBe('ics23/1')
    expect(codeOf(() => encodeEvmProof(EMPTY_BYTES))).toBe('ics23/40')
    const single = MerkleProof.encode({ proofs: [{ exist }] }).finish()
    expect(codeOf(() => encodeEvmProof(single))).toBe('ics23/40')
  })

  it('proofs of neither kind, and an absence of a store', () => {
    expect(codeOf(() => encodeEvmProof(chained({})))).toBe('ics23/3')
    const absentStore = MerkleProof.encode({ proofs: [{ exist }, {}] }).finish()
    expect(codeOf(() => encodeEvmProof(absentStore))).toBe('ics23/3')
    const empty = { key: utf8('x'), left: undefined, right: undefined }
    expect(codeOf(() => encodeEvmProof(chained({ nonexist: empty })))).toBe('ics23/30')
  })

  it('neighbours whose paths are the same', () => {
    const nonexist = { key: utf8('x'), left: exist, right: exist }
    expect(codeOf(() => encodeEvmProof(chained({ nonexist })))).toBe('ics23/35')
  })

  it('ops that break the spec, and what cosmos/iavl does not write', () => {
    expect(codeOf(() => encodeEvmProof(firstOp({ hash: 2 })))).toBe('ics23/11')
    const { prefix, suffix } = exist.path[0]!
    const inner = suffix.length > 0 ? { suffix: suffix.map((byte, i) => (i === 0 ? 33 : byte)) } : {}
    const odd =
      suffix.length > 0 ? inner : { prefix: prefix.map((b, i) => (i === prefix.length - 1 ? 33 : b)) }
    expect(codeOf(() => encodeEvmProof(firstOp(odd)))).toBe('ics23/50')
    const leaf = { ...exist.leaf!, prefix: Uint8Array.of(0, 4, 2) }
    expect(codeOf(() => encodeEvmProof(low({ leaf })))).toBe('ics23/50')
  })
})
