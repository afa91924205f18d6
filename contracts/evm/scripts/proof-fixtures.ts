import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { toHex as hex } from 'viem'
import type { Hex } from 'viem'
import { compareBytes, concatBytes, fromHex, sha256, utf8 } from '@causeway/primitives'
import {
  cosmosSpecs,
  encodeEvmProof,
  existenceRoot,
  tendermintSpec,
  verifyChained,
  verifyChainedAbsence,
} from '@causeway/light-clients'
import type { MultiStore } from '@causeway/state-tree'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import type { ExistenceProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { HUB_STORES, commitVersion, exampleStores, queryProof, seededNumbers } from './example-hub.ts'
import type { Write } from './example-hub.ts'

/** One question to the contract, with the answer of the TypeScript verifier. Fields in alphabetical order. */
export interface ProofCase {
  readonly appHash: Hex
  /** Whether it claims that there is nothing (then `value` is empty). */
  readonly isAbsence: boolean
  readonly isValid: boolean
  readonly key: Hex
  readonly name: string
  readonly nextSetHash: Hex
  readonly proof: Hex
  readonly store: string
  readonly value: Hex
}

type Below = (below: number) => number

/**
 * The IAVL vectors of ics23's own tests, as the only store of a multi-store; nothing where the folder beside
 * the checkout is absent.
 */
export function vectorCases(): ProofCase[] {
  const folder = new URL('../../../../shared/vectors/ics23/iavl/', import.meta.url)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((file): ProofCase => {
      const vector = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, string>
      const [root, proof, key, value] = ['root', 'proof', 'key', 'value'].map((name) =>
        fromHex(vector[name]!),
      )
      const store = { key: utf8('ibc'), value: root!, leaf: tendermintSpec.leafSpec, path: [] }
      const proofs = [CommitmentProof.decode(proof!), { exist: store }]
      const nextSetHash = sha256(utf8(file))
      const packed = encodeEvmProof(MerkleProof.encode({ proofs }).finish(), nextSetHash)
      return {
        appHash: hex(existenceRoot(store)),
        isAbsence: value!.length === 0,
        isValid: true,
        key: hex(key!),
        name: `ics23 vector ${file}`,
        nextSetHash: hex(nextSetHash),
        proof: hex(packed),
        store: 'ibc',
        value: hex(value!),
      }
    })
}

/** Trees of 1 to 1,500 keys among 1 to 11 stores; for each honest and forged proofs. */
export function proofCases(): ProofCase[] {
  const shapes: [keys: number, stores: readonly string[], firstVersion: bigint][] = [
    [1, ['ibc'], 1n],
    [2, ['a', 'ibc'], 2n],
    [3, ['a', 'b', 'ibc'], 60n],
    [5, HUB_STORES, 64n],
    [8, ['ibc', 'z'], 8_190n],
    [13, [...HUB_STORES, 'b', 'c', 'd', 'e', 'z'], 9_000n],
    [40, HUB_STORES, 2_000_000n],
    [200, HUB_STORES, 30_000_000n],
    [1_500, HUB_STORES, 2_147_000_000n],
  ]
  return shapes.flatMap(([keys, names, version], i) => treeCases(`tree ${i}`, keys, names, version))
}

function treeCases(name: string, count: number, names: readonly string[], firstVersion: bigint): ProofCase[] {
  const below = seededNumbers(name)
  const stores = exampleStores(names)
  const keys = randomKeys(below, count)
  const write = (key: Uint8Array): Write => ['ibc', key, randomBytes(below, 1 + below(60))]
  const others = names.filter((other) => other !== 'ibc')
  commitVersion(stores, firstVersion, [
    ...keys.map(write),
    ...others.map((o): Write => [o, utf8(o), utf8('x')]),
  ])
  // Two more versions, so that nodes of several ages stand side by side
  for (const step of [1n, 2n]) {
    commitVersion(stores, firstVersion + step, keys.filter(() => below(8) === 0).map(write))
  }
  const present = pick(below, keys, 4)
  const absent = [Uint8Array.of(0), utf8('~~~~'), ...present.map((key) => concatBytes(key, Uint8Array.of(0)))]
  const honest = [...present, ...absent].map((key) => honestCase(name, stores, key))
  const forged = present.flatMap((key) => forgeries(name, below, stores, keys, key))
  return [...honest, ...forged]
}

function honestCase(name: string, stores: MultiStore, key: Uint8Array): ProofCase {
  const value = stores.reader('ibc').get(key)
  return judged(`${name}: honest`, stores, key, value, MerkleProof.decode(queryProof(stores, 'ibc', key)))!
}

/** What an attacker tries with proofs that were honest; those that can't even be packed are left out. */
function forgeries(
  name: string,
  below: Below,
  stores: MultiStore,
  keys: readonly Uint8Array[],
  key: Uint8Array,
): ProofCase[] {
  const sorted = [...keys].sort(compareBytes)
  const at = sorted.findIndex((other) => compareBytes(other, key) === 0)
  const exist = (i: number): ExistenceProof | undefined => {
    const other = sorted[i]
    return other && proofOf(stores, other).proofs[0]!.exist
  }
  const honest = proofOf(stores, key)
  const own = honest.proofs[0]!.exist!
  const [left, right] = [exist(at - 1), exist(at + 1)]
  const value = own.value
  const low = (proof: MerkleProof['proofs'][number]): MerkleProof => ({ proofs: [proof, honest.proofs[1]!] })
  const path = (change: ExistenceProof['path']): MerkleProof => low({ exist: { ...own, path: change } })
  const gap = concatBytes(key, Uint8Array.of(0))
  const spoiled = own.path.map((op, i) =>
    i === 0 ? { ...op, suffix: op.suffix.map((b, j) => (j === 9 ? b ^ 1 : b)) } : op,
  )
  const candidates: Candidate[] = [
    ...falseAbsences(key, own, { left, right, next: exist(at + 2) }).map(
      ([what, wanted, nonexist]): Candidate => [what, wanted, undefined, low({ nonexist })],
    ),
    ['another value', key, concatBytes(value, Uint8Array.of(1)), honest],
    ['another key', gap, value, honest],
    ['a path without its first node', key, value, path(own.path.slice(1))],
    ['a path without its last node', key, value, path(own.path.slice(0, -1))],
    ['a node twice', key, value, path([...own.path.slice(0, 1), ...own.path])],
    ['a sibling changed', key, value, path(spoiled)],
    ['another store', key, value, { proofs: [honest.proofs[0]!, otherStore(stores)] }],
  ]
  return candidates.flatMap(([what, wanted, claimed, proof]) => {
    if (below(2) === 0 && keys.length > 50) return []
    return judged(`${name}: ${what}`, stores, wanted, claimed, proof) ?? []
  })
}

type Candidate = [what: string, key: Uint8Array, value: Uint8Array | undefined, proof: MerkleProof]
type Neighbours = Record<'left' | 'right' | 'next', ExistenceProof | undefined>
type Absence = NonNullable<MerkleProof['proofs'][number]['nonexist']>

/** Claims that a key is absent, by neighbours that are none. */
function falseAbsences(
  key: Uint8Array,
  own: ExistenceProof,
  { left, right, next }: Neighbours,
): [string, Uint8Array, Absence][] {
  const gap = concatBytes(key, Uint8Array.of(0))
  const first = Uint8Array.of(0)
  return [
    ['absence of a key that is there, between its neighbours', key, { key, left, right }],
    ['absence by a left neighbour that is not last', gap, { key: gap, left: own, right: undefined }],
    ['absence by a right neighbour that is not first', first, { key: first, left: undefined, right: own }],
    ['absence by one neighbour twice', gap, { key: gap, left: own, right: own }],
    ['absence by neighbours on the wrong sides', gap, { key: gap, left: right, right: own }],
    ['absence with a neighbour further off', gap, { key: gap, left: own, right: next }],
  ]
}

/** The case with the TypeScript verifier's answer; undefined when the proof can't be packed. */
function judged(
  name: string,
  stores: MultiStore,
  key: Uint8Array,
  value: Uint8Array | undefined,
  proof: MerkleProof,
): ProofCase | undefined {
  const nextSetHash = sha256(utf8(name))
  const packed = attempt(() => encodeEvmProof(MerkleProof.encode(proof).finish(), nextSetHash))
  if (packed === undefined) return undefined
  const appHash = stores.appHash()
  const path = [utf8('ibc'), key]
  const isValid = attempt(() => {
    if (value === undefined) verifyChainedAbsence(cosmosSpecs, appHash, path, proof)
    else verifyChained(cosmosSpecs, appHash, path, value, proof)
    return true
  })
  return {
    appHash: hex(appHash),
    isAbsence: value === undefined,
    isValid: isValid === true,
    key: hex(key),
    name,
    nextSetHash: hex(nextSetHash),
    proof: hex(packed),
    store: 'ibc',
    value: hex(value ?? new Uint8Array(0)),
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}

function proofOf(stores: MultiStore, key: Uint8Array): MerkleProof {
  return MerkleProof.decode(queryProof(stores, 'ibc', key))
}

function otherStore(stores: MultiStore): MerkleProof['proofs'][number] {
  const name = stores.storeNames.find((other) => other !== 'ibc') ?? 'ibc'
  return MerkleProof.decode(queryProof(stores, name, utf8(name))).proofs[1]!
}

function randomKeys(below: Below, count: number): Uint8Array[] {
  const keys = new Map<string, Uint8Array>()
  while (keys.size < count) {
    const isLong = below(12) === 0
    const key = concatBytes(
      Uint8Array.of(1 + below(120)),
      randomBytes(below, isLong ? 127 + below(40) : below(36)),
    )
    keys.set(hex(key), key)
  }
  return [...keys.values()]
}

function randomBytes(below: Below, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => below(256))
}

function pick<T>(below: Below, items: readonly T[], count: number): T[] {
  const left = [...items]
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(below(left.length), 1)[0]!)
}
