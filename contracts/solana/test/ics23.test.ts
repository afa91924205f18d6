import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { Keypair, TransactionInstruction } from '@solana/web3.js'
import { be16, concatBytes, fromHex, sha256, utf8 } from '@causeway/primitives'
import {
  cosmosSpecs,
  encodeEvmProof,
  existenceRoot,
  tendermintSpec,
  verifyChained,
  verifyChainedAbsence,
} from '@causeway/light-clients'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import type { ExistenceProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import type { MultiStore } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { commitIbc, exampleStores, packedProofs, queryProofs } from './example-hub.fixture.ts'
import { UPLOAD_PROGRAM, bufferWith } from './hub-client.fixture.ts'
import { send, startSvm } from './svm.fixture.ts'

interface Claim {
  readonly key: Uint8Array
  /** Undefined: there is nothing. */
  readonly value: Uint8Array | undefined
  readonly proof: Uint8Array
}

const ERRORS = [
  'Length',
  'KeyLength',
  'EmptyValue',
  'Kind',
  'LeafVersion',
  'InnerNode',
  'NotRightOfLeft',
  'NotLeftOfRight',
  'NotAdjacent',
  'StorePath',
  '',
  'RootMismatch',
]
const probe = Keypair.generate().publicKey
const chain = startSvm({ probe, upload: UPLOAD_PROGRAM })
const packedProof = (stores: MultiStore, key: Uint8Array) => packedProofs(stores, [key])[0]!

/** What the program says of a claim under an app hash: an error's name, or undefined. */
function verify(appHash: Uint8Array, { key, value, proof }: Claim, store = 'ibc') {
  // Little-endian
  const part = (bytes: Uint8Array) => concatBytes(be16(bytes.length).reverse(), bytes)
  const kind = Uint8Array.of(value === undefined ? 0 : 1)
  const parts = [kind, part(key), part(value ?? new Uint8Array()), part(proof)]
  const input = concatBytes(Uint8Array.of(1), appHash, part(utf8(store)), ...parts)
  const keys = [{ pubkey: bufferWith(chain, input).account, isSigner: false, isWritable: false }]
  const { error, computeUnits } = send(chain, [
    new TransactionInstruction({ programId: probe, keys, data: Buffer.alloc(0) }),
  ])
  return { error: typeof error === 'number' ? (ERRORS[error - 200] ?? error) : error, computeUnits }
}

/** A tree of so many keys `key i`, i even, with values. */
function tree(count: number, firstVersion: bigint) {
  const stores = exampleStores()
  const key = (i: number) => utf8(`key ${String(i).padStart(6, '0')}`)
  const keys = Array.from({ length: count }, (_, i) => key(2 * i))
  const value = (k: Uint8Array) => sha256(k).subarray(0, 1 + (k.at(-1)! % 32))
  commitIbc(
    stores,
    firstVersion,
    keys.map((k) => [k, value(k)]),
  )
  // Nodes of several ages side by side
  const appHash = commitIbc(
    stores,
    firstVersion + 1n,
    keys.filter((_, i) => i % 7 === 0).map((k) => [k, value(k)]),
  )
  return { stores, appHash, keys, value, absentKey: (i: number) => key(2 * i + 1) }
}

const shapes: [count: number, firstVersion: bigint][] = [
  [1, 1n],
  [2, 2n],
  [3, 60n],
  [5, 64n],
  [13, 8_190n],
  [40, 2_000_000n],
  [300, 2_147_000_000n],
]

describe('proofs of honest trees', () => {
  it.each(shapes)('of %i keys from version %i on', (count, version) => {
    const { stores, appHash, keys, value, absentKey } = tree(count, version)
    const places = [0, 1, Math.floor(count / 2), count - 1].filter((i) => i < count)
    const absent = [Uint8Array.of(1), utf8('zzz'), ...places.map(absentKey)]
    for (const key of places.map((i) => keys[i]!)) {
      const proof = packedProof(stores, key)
      expect(verify(appHash, { key, value: value(key), proof }).error).toBe(undefined)
      expect(verify(appHash, { key, value: Uint8Array.of(1, 2), proof }).error).toBe('RootMismatch')
      expect(verify(appHash, { key, value: new Uint8Array(), proof }).error).toBe('EmptyValue')
      expect(verify(appHash, { key, value: undefined, proof }).error).toBe('Kind')
      expect(verify(sha256(appHash), { key, value: value(key), proof }).error).toBe('RootMismatch')
      expect(verify(appHash, { key, value: value(key), proof }, 'bank').error).toBe('RootMismatch')
      expect(verify(appHash, { key, value: value(key), proof }, '').error).toBe('KeyLength')
    }
    for (const key of absent) {
      const proof = packedProof(stores, key)
      expect(verify(appHash, { key, value: undefined, proof }).error).toBe(undefined)
      expect(verify(appHash, { key, value: key, proof }).error).toBe('Kind')
      for (const other of places.map((i) => keys[i]!)) {
        const { error } = verify(appHash, { key: other, value: undefined, proof })
        expect(error).toBeOneOf(['NotLeftOfRight', 'NotRightOfLeft'])
      }
    }
  })
})

describe('proofs that are none', () => {
  const { stores, appHash, keys, value, absentKey } = tree(20, 70n)

  it('whatever byte is changed', { timeout: 240_000 }, () => {
    for (const [key, claimed] of [
      [keys[12]!, value(keys[12]!)],
      [absentKey(10), undefined],
      [Uint8Array.of(1), undefined],
      [utf8('zzz'), undefined],
    ] as const) {
      const proof = packedProof(stores, key)
      for (let at = 0; at < proof.length; at++) {
        const changed = proof.with(at, proof[at]! ^ (1 << (at % 8)))
        const { error } = verify(appHash, { key, value: claimed, proof: changed })
        expect([at, error]).not.toContain(undefined)
      }
      for (const length of [0, 1, 50, proof.length - 1]) {
        expect(verify(appHash, { key, value: claimed, proof: proof.subarray(0, length) }).error).not.toBe(
          undefined,
        )
      }
      const longer = concatBytes(proof, Uint8Array.of(0))
      expect(verify(appHash, { key, value: claimed, proof: longer }).error).toBe('Length')
    }
  })

  it('by neighbours that are none, as the verifier in TypeScript', () => {
    const at = (i: number) => existence(stores, keys[i]!)
    const [left, own, right, next] = [11, 12, 13, 14].map(at)
    const key = keys[12]!
    const gap = concatBytes(key, Uint8Array.of(0))
    const first = Uint8Array.of(0)
    const cases: [Uint8Array, ExistenceProof | undefined, ExistenceProof | undefined][] = [
      [key, left, right],
      [gap, own, undefined],
      [first, undefined, own],
      [gap, own, own],
      [gap, right, own],
      [gap, own, next],
      [gap, left, right],
      [gap, own, right],
    ]
    const answers = cases.map(([wanted, l, r]) => {
      const low = { nonexist: { key: wanted, left: l, right: r } } as CommitmentProof
      return compareWithTypeScript(stores, appHash, wanted, undefined, low)
    })
    expect(answers.at(-1)).toBe('accepted')
    expect(answers.slice(0, -1)).not.toContain('accepted')
  })

  it('by a path that is another, as the verifier in TypeScript', () => {
    const own = existence(stores, keys[12]!)
    const other = existence(stores, keys[13]!)
    const paths = [
      own.path,
      own.path.slice(1),
      own.path.slice(0, -1),
      [own.path[0]!, ...own.path],
      other.path,
      own.path.map((op, i) => (i === 0 ? { ...op, hash: 2 } : op)),
    ]
    const answers = paths.map((path) =>
      compareWithTypeScript(stores, appHash, keys[12]!, value(keys[12]!), {
        exist: { ...own, path },
      } as CommitmentProof),
    )
    expect(answers[0]).toBe('accepted')
    expect(answers.slice(1)).not.toContain('accepted')
  })
})

describe('the vectors of ICS-23', () => {
  const folder = new URL('../../../../shared/vectors/ics23/iavl/', import.meta.url)
  const files = existsSync(folder) ? readdirSync(folder).sort() : []
  if (files.length === 0) process.stdout.write('no vectors of ICS-23 beside the checkout: not run\n')

  it.each(files)('%s', (file) => {
    const vector = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, string>
    const [root, proof, key, value] = ['root', 'proof', 'key', 'value'].map((name) => fromHex(vector[name]!))
    const store = { key: utf8('ibc'), value: root!, leaf: tendermintSpec.leafSpec, path: [] }
    const proofs = [CommitmentProof.decode(proof!), { exist: store }]
    const packed = encodeEvmProof(MerkleProof.encode({ proofs }).finish())
    const claim = { key: key!, value: value!.length === 0 ? undefined : value!, proof: packed }
    expect(verify(existenceRoot(store), claim).error).toBe(undefined)
  })
})

function existence(stores: MultiStore, key: Uint8Array): ExistenceProof {
  return MerkleProof.decode(queryProofs(stores, [key])[0]!).proofs[0]!.exist!
}

/** The program's answer, which has to be that of libs/light-clients; what can't be packed is refused. */
function compareWithTypeScript(
  stores: MultiStore,
  appHash: Uint8Array,
  key: Uint8Array,
  value: Uint8Array | undefined,
  low: CommitmentProof,
): 'accepted' | 'refused' {
  const [, high] = MerkleProof.decode(queryProofs(stores, [key])[0]!).proofs
  const proof = { proofs: [low, high!] }
  const path = [utf8('ibc'), key]
  const isValid = isDone(() => {
    if (value === undefined) verifyChainedAbsence(cosmosSpecs, appHash, path, proof)
    else verifyChained(cosmosSpecs, appHash, path, value, proof)
  })
  let packed: Uint8Array | undefined
  isDone(() => {
    packed = encodeEvmProof(MerkleProof.encode(proof).finish())
  })
  const isAccepted =
    packed !== undefined && verify(appHash, { key, value, proof: packed }).error === undefined
  expect(isAccepted).toBe(isValid)
  return isAccepted ? 'accepted' : 'refused'
}

function isDone(action: () => void): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}
