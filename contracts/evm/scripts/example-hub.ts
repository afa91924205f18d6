import { encodeAbiParameters, toHex as hex } from 'viem'
import type { Hex } from 'viem'
import { assert, be32, compareBytes, concatBytes, equalBytes, sha256, utf8 } from '@causeway/primitives'
import {
  ATTESTATION_DOMAIN,
  attestationBytes,
  attestorProofs,
  attestorSetHash,
  createAttestorSet,
  loadMclG1Scheme,
} from '@causeway/light-clients'
import type { AttestationHeader, AttestationMessage, Attestor, AttestorSet } from '@causeway/light-clients'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MultiStore, createMemoryStorage } from '@causeway/state-tree'
import { hubHeaderParameters, shortenAbsenteeProofs } from '../index.ts'

/*
 * A hub as its client on an EVM chain sees it: the stores and proofs of libs/state-tree under the
 * attestations of libs/light-clients. Fixtures and tests are made with it; nothing here is written by hand.
 */

/** BLS of the fixtures; differentially tested in libs/light-clients. */
export const scheme = await loadMclG1Scheme()

/** Secrets, the set, its hash and its leaves' proofs. */
export interface ExampleSet {
  readonly secrets: readonly Uint8Array[]
  readonly attestors: readonly Attestor[]
  readonly set: AttestorSet
  readonly setHash: Uint8Array
  readonly proofs: readonly (readonly Uint8Array[])[]
}

/** A set of attestors, the same for the same arguments. */
export function exampleSet(
  name: string,
  count: number,
  power = (index: number) => 100n + BigInt(index),
): ExampleSet {
  const secrets = Array.from({ length: count }, (_, i) => {
    const secret = sha256(concatBytes(utf8(name), be32(i)))
    secret[0]! &= 0x3f // below the group's order
    return secret
  })
  const attestors = secrets.map((secret, i) => ({ key: scheme.publicKey(secret), power: power(i) }))
  const set = createAttestorSet(scheme, attestors)
  return { secrets, attestors, set, setHash: attestorSetHash(set), proofs: attestorProofs(attestors) }
}

/** A header signed by all but the absent ones. */
export function signHeader(
  signers: ExampleSet,
  message: AttestationMessage,
  absent: readonly number[] = [],
): AttestationHeader {
  const bytes = attestationBytes(message)
  const present = signers.secrets.filter((_, i) => !absent.includes(i))
  const signature = scheme.addSignatures(
    present.map((secret) => scheme.sign(secret, bytes, ATTESTATION_DOMAIN)),
  )
  assert(signature !== undefined, 'somebody signs')
  const absentees = absent.map((index) => ({
    index,
    ...signers.attestors[index]!,
    proof: signers.proofs[index]!,
  }))
  return { message, set: signers.set, absentees, signature }
}

/** `abi.encode(Header)`: the client message; two headers make misbehaviour. */
export function encodeHeaders(...headers: readonly AttestationHeader[]): Hex {
  const parameters = headers.map(() => hubHeaderParameters[0])
  return encodeAbiParameters(
    parameters,
    headers.map(({ message, set, absentees, signature }) => ({
      attestation: {
        height: message.height,
        timeSeconds: message.timeSeconds,
        appHash: hex(message.appHash),
        nextSetHash: hex(message.nextSetHash),
      },
      set: { ...set, leafRoot: hex(set.leafRoot), aggregateKey: hex(set.aggregateKey) },
      absentees: absentees.map(({ index, power, key, proof }) => ({
        index,
        power,
        key: hex(key),
        proof: proof.map((sibling) => hex(sibling)),
      })),
      signature: hex(signature),
    })),
  )
}

/** A header with its absentees' proofs as short as they may be. */
export function shortened(header: AttestationHeader): AttestationHeader {
  const proofs = shortenAbsenteeProofs(
    header.absentees.map(({ proof }) => proof),
    equalBytes,
  )
  return { ...header, absentees: header.absentees.map((absentee, i) => ({ ...absentee, proof: proofs[i]! })) }
}

/** The hub's stores. */
export const HUB_STORES = ['accounts', 'bank', 'ibc', 'ledger', 'staking', 'transfer']

/** A multi-store in memory. */
export function exampleStores(names: readonly string[] = HUB_STORES): MultiStore {
  return MultiStore.open({ storage: createMemoryStorage(), storeNames: names, keepVersions: 4n })
}

/** One thing written, or deleted. */
export type Write = readonly [store: string, key: Uint8Array, value: Uint8Array | undefined]

/** Writes a version; the app hash. */
export function commitVersion(stores: MultiStore, version: bigint, writes: readonly Write[]): Uint8Array {
  const changes = new Map<string, { key: Uint8Array; value: Uint8Array | undefined }[]>()
  for (const [store, key, value] of writes)
    changes.set(store, [...(changes.get(store) ?? []), { key, value }])
  for (const list of changes.values()) list.sort((a, b) => compareBytes(a.key, b.key))
  stores.finalize(version, changes)
  stores.commit()
  return stores.appHash()
}

/** What the hub's store query returns for a key at the newest version: a protobuf `MerkleProof`. */
export function queryProof(stores: MultiStore, store: string, key: Uint8Array): Uint8Array {
  const { proofs } = stores.proveKey(store, key, stores.version)
  const decoded = proofs.map((proof) => CommitmentProof.decode(proof))
  return MerkleProof.encode({ proofs: decoded }).finish()
}

/** Numbers below a bound from a seed: the same on every machine. */
export function seededNumbers(seed: string): (below: number) => number {
  let state = sha256(utf8(seed))
  let used = 0
  return (below) => {
    if (used + 6 > state.length) {
      state = sha256(state)
      used = 0
    }
    const value = state.subarray(used, used + 6).reduce((sum, byte) => sum * 256 + byte, 0)
    used += 6
    return value % below
  }
}
