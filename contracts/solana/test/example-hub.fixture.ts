// A hub as its client on Solana sees it: the stores and proofs of libs/state-tree under the attestations of
// libs/light-clients.
import { assert, be32, compareBytes, concatBytes, sha256, utf8 } from '@causeway/primitives'
import {
  ATTESTATION_DOMAIN,
  attestationBytes,
  attestorProofs,
  attestorSetHash,
  createAttestorSet,
  encodeEvmProof,
  loadMclG1Scheme,
} from '@causeway/light-clients'
import type { AttestationHeader, AttestationMessage, Attestor, AttestorSet } from '@causeway/light-clients'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { MultiStore, createMemoryStorage } from '@causeway/state-tree'

const scheme = await loadMclG1Scheme()

/** Secrets, the set, its hash and its leaves' proofs. */
export interface ExampleSet {
  readonly secrets: readonly Uint8Array[]
  readonly attestors: readonly Attestor[]
  readonly set: AttestorSet
  readonly setHash: Uint8Array
  readonly proofs: readonly (readonly Uint8Array[])[]
}

/** A set of attestors with equal power, the same for the same arguments. */
export function exampleSet(name: string, count: number): ExampleSet {
  const secrets = Array.from({ length: count }, (_, i) => {
    const secret = sha256(concatBytes(utf8(name), be32(i)))
    secret[0]! &= 0x3f // below the group's order
    return secret
  })
  const attestors = secrets.map((secret) => ({ key: scheme.publicKey(secret), power: 10n }))
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

/** A multi-store in memory with the stores of a hub. */
export function exampleStores(
  storeNames: readonly string[] = ['accounts', 'bank', 'ibc', 'ledger', 'staking', 'transfer'],
): MultiStore {
  return MultiStore.open({ storage: createMemoryStorage(), storeNames, keepVersions: 4n })
}

/** Writes the store `ibc` as one version; the app hash. */
export function commitIbc(
  stores: MultiStore,
  version: bigint,
  entries: readonly (readonly [key: Uint8Array, value: Uint8Array])[],
): Uint8Array {
  const changes = entries.map(([key, value]) => ({ key, value })).sort((a, b) => compareBytes(a.key, b.key))
  stores.finalize(version, new Map([['ibc', changes]]))
  stores.commit()
  return stores.appHash()
}

/** What the hub's store query returns for keys of `ibc` at the newest version. */
export function queryProofs(stores: MultiStore, keys: readonly Uint8Array[]): Uint8Array[] {
  return keys.map((key) => {
    const { proofs } = stores.proveKey('ibc', key, stores.version)
    return MerkleProof.encode({ proofs: proofs.map((proof) => CommitmentProof.decode(proof)) }).finish()
  })
}

/** Proofs about keys of `ibc`, as the programs read them. */
export function packedProofs(stores: MultiStore, keys: readonly Uint8Array[]): Uint8Array[] {
  return queryProofs(stores, keys).map((proof) => encodeEvmProof(proof))
}
