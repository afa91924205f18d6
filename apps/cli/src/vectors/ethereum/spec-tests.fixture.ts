import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SecretKey, aggregatePublicKeys, aggregateSignatures } from '@chainsafe/blst'
import { Tree, type Node } from '@chainsafe/persistent-merkle-tree'
import { ssz } from '@lodestar/types'
import { compress } from 'snappyjs'
import { toHex } from '@causeway/primitives'

/*
 * Folders in the layout of the consensus specification's tests, generated here by @lodestar/types: real
 * beacon states and blocks of the mainnet preset, but not the published cases.
 */

/** Forks whose states are generated, and where their states hold what light clients prove. */
export const FORKS = {
  altair: { finalized: 105n, current: 54n, next: 55n },
  capella: { finalized: 105n, current: 54n, next: 55n },
  deneb: { finalized: 105n, current: 54n, next: 55n },
  electra: { finalized: 169n, current: 86n, next: 87n },
  fulu: { finalized: 169n, current: 86n, next: 87n },
} as const
/** Name of such a fork. */
export type GeneratedFork = keyof typeof FORKS

const ORDER = ['altair', 'bellatrix', 'capella', 'deneb', 'electra', 'fulu']
const KEYS = 512
const GENESIS_ROOT = new Uint8Array(32).fill(9)

interface View {
  node: Node
  hashTreeRoot(): Uint8Array
  serialize(): Uint8Array
  commit(): void
  [member: string]: unknown
}
interface Type {
  defaultViewDU(): View
  toViewDU(value: unknown): View
  hashTreeRoot(value: unknown): Uint8Array
  serialize(value: unknown): Uint8Array
  defaultValue(): never
}
const typeOf = (fork: string, name: string) =>
  (ssz as unknown as Record<string, Record<string, Type>>)[fork]![name]!

const secretKeys = Array.from({ length: KEYS }, (_, i) => {
  const seed = new Uint8Array(32)
  new DataView(seed.buffer).setUint32(0, i + 1)
  return SecretKey.fromKeygen(seed)
})
const publicKeys = secretKeys.map((key) => key.toPublicKey())
const committee = {
  pubkeys: publicKeys.map((key) => key.toBytes()),
  aggregatePubkey: aggregatePublicKeys(publicKeys).toBytes(),
}

/** Writes one sync test with a bootstrap, an update and a forced one; the folder it lies in. */
export function writeSyncTest(root: string, fork: GeneratedFork): string {
  const folder = join(root, 'tests/mainnet', fork, 'light_client/sync/pyspec_tests/light_client_sync')
  const trusted = block(fork, 32)
  const final = block(fork, 64)
  const attested = block(fork, 129, { epoch: 2, root: final.root })
  const update = updateOf(fork, attested, final)
  const checks = (finalized: Block, optimistic: Block) => ({
    finalized_header: headOf(fork, finalized),
    optimistic_header: headOf(fork, optimistic),
  })
  write(folder, 'bootstrap', typeOf(fork, 'LightClientBootstrap'), {
    header: trusted.header,
    currentSyncCommittee: committee,
    currentSyncCommitteeBranch: trusted.branch(FORKS[fork].current),
  })
  write(folder, 'update_a', typeOf(fork, 'LightClientUpdate'), update)
  const digest = toHex(
    ssz.phase0.ForkData.hashTreeRoot({ currentVersion: version(fork), genesisValidatorsRoot: GENESIS_ROOT }),
  ).slice(0, 8)
  yaml(folder, 'meta.yaml', {
    genesis_validators_root: hex(GENESIS_ROOT),
    trusted_block_root: hex(trusted.root),
    bootstrap_fork_digest: `0x${digest}`,
    store_fork_version: hex(version(fork)),
  })
  yaml(folder, 'config.yaml', configOf(fork))
  yaml(folder, 'steps.yaml', [
    {
      process_update: {
        update_fork_digest: `0x${digest}`,
        update: 'update_a',
        current_slot: 131,
        checks: checks(final, attested),
      },
    },
    { upgrade_store: { store_fork_version: hex(version(fork)), checks: checks(final, attested) } },
    { force_update: { current_slot: 99999, checks: checks(final, attested) } },
  ])
  return folder
}

/** Writes proofs of a state's finalised root and of a body's payload; the folder they lie in. */
export function writeMerkleProofTests(root: string, fork: GeneratedFork): string {
  const folder = join(root, 'tests/mainnet', fork, 'light_client/single_merkle_proof')
  const final = block(fork, 64)
  const { state } = block(fork, 129, { epoch: 2, root: final.root })
  const write = (suite: string, name: string, object: View, leaf: Uint8Array, index: bigint) => {
    const path = join(folder, suite, name)
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'object.ssz_snappy'), compress(object.serialize()))
    const branch = new Tree(object.node).getSingleProof(index).map(hex)
    yaml(path, 'proof.yaml', { leaf: hex(leaf), leaf_index: Number(index), branch })
  }
  write('BeaconState', 'finality_root_merkle_proof', state, final.root, FORKS[fork].finalized)
  const committeeRoot = ssz.altair.SyncCommittee.hashTreeRoot(committee)
  write('BeaconState', 'current_sync_committee_merkle_proof', state, committeeRoot, FORKS[fork].current)
  return folder
}

/** Writes updates from the best to the worst; the folder they lie in. */
export function writeRankingTest(root: string, fork: GeneratedFork): string {
  const folder = join(root, 'tests/mainnet', fork, 'light_client/update_ranking/pyspec_tests/update_ranking')
  const final = block(fork, 64)
  const attested = block(fork, 129, { epoch: 2, root: final.root })
  const update = (signers: number) => updateOf(fork, attested, final, signers)
  const none = {
    ...update(512),
    finalizedHeader: typeOf(fork, 'LightClientHeader').defaultValue(),
    finalityBranch: attested.branch(FORKS[fork].finalized).map(() => new Uint8Array(32)),
  }
  const ranked = [update(512), update(400), none, update(300), update(2)]
  ranked.forEach((one, i) => write(folder, `updates_${i}`, typeOf(fork, 'LightClientUpdate'), one))
  yaml(folder, 'meta.yaml', { updates_count: ranked.length })
  return folder
}

/** Writes what a full node is to serve after two blocks; the folder it lies in. */
export function writeDataCollectionTest(root: string, fork: GeneratedFork): string {
  const path = 'light_client/data_collection/pyspec_tests/light_client_data_collection'
  const folder = join(root, 'tests/mainnet', fork, path)
  const final = block(fork, 64)
  const attested = block(fork, 129, { epoch: 2, root: final.root })
  const update = updateOf(fork, attested, final)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'initial_state.ssz_snappy'), compress(final.state.serialize()))
  for (const one of [final, attested]) writeBlock(folder, fork, one)
  write(folder, 'bootstrap', typeOf(fork, 'LightClientBootstrap'), {
    header: final.header,
    currentSyncCommittee: committee,
    currentSyncCommitteeBranch: final.branch(FORKS[fork].current),
  })
  for (const name of ['Update', 'FinalityUpdate', 'OptimisticUpdate'])
    write(folder, name, typeOf(fork, `LightClient${name}`), update)
  const served = (data: string) => ({ fork_digest: digestOf(fork), data })
  const checks = {
    latest_finalized_checkpoint: { epoch: 2, root: hex(final.root) },
    bootstraps: [{ block_root: hex(final.root), bootstrap: served('bootstrap') }],
    best_updates: [{ period: 0, update: served('Update') }],
    latest_finality_update: served('FinalityUpdate'),
    latest_optimistic_update: served('OptimisticUpdate'),
  }
  yaml(folder, 'config.yaml', configOf(fork))
  yaml(folder, 'steps.yaml', [
    { new_block: served('block_64') },
    { new_block: served('block_129') },
    { new_head: { head_block_root: hex(attested.root), checks } },
  ])
  return folder
}

function writeBlock(folder: string, fork: GeneratedFork, { slot, state }: Block): void {
  const body = typeOf(fork, 'BeaconBlockBody').defaultValue()
  const parentRoot = new Uint8Array(32)
  const message = { slot, proposerIndex: 0, parentRoot, stateRoot: state.hashTreeRoot(), body }
  write(folder, `block_${slot}`, typeOf(fork, 'SignedBeaconBlock'), {
    message,
    signature: new Uint8Array(96),
  })
}

function digestOf(fork: GeneratedFork): string {
  const forkData = { currentVersion: version(fork), genesisValidatorsRoot: GENESIS_ROOT }
  return hex(ssz.phase0.ForkData.hashTreeRoot(forkData).subarray(0, 4))
}

interface Block {
  slot: number
  root: Uint8Array
  header: Record<string, unknown>
  state: View
  branch(index: bigint): Uint8Array[]
}

function block(fork: GeneratedFork, slot: number, finalized?: { epoch: number; root: Uint8Array }): Block {
  const state = typeOf(fork, 'BeaconState').defaultViewDU()
  state.slot = slot
  state.genesisValidatorsRoot = GENESIS_ROOT
  state.currentSyncCommittee = ssz.altair.SyncCommittee.toViewDU(committee)
  state.nextSyncCommittee = ssz.altair.SyncCommittee.toViewDU(committee)
  if (finalized) state.finalizedCheckpoint = ssz.phase0.Checkpoint.toViewDU(finalized)
  state.commit()
  const body = typeOf(fork, 'BeaconBlockBody').defaultViewDU()
  const beacon = {
    slot,
    proposerIndex: 0,
    parentRoot: new Uint8Array(32),
    stateRoot: state.hashTreeRoot(),
    bodyRoot: body.hashTreeRoot(),
  }
  const execution =
    fork === 'altair'
      ? {}
      : {
          execution: emptyPayloadHeader(fork),
          executionBranch: new Tree(body.node).getSingleProof(25n),
        }
  return {
    slot,
    root: ssz.phase0.BeaconBlockHeader.hashTreeRoot(beacon),
    header: { beacon, ...execution },
    state,
    branch: (index) => new Tree(state.node).getSingleProof(index),
  }
}

/** Header of the default payload: lists that are empty have roots that aren't zero. */
function emptyPayloadHeader(fork: GeneratedFork): Record<string, unknown> {
  return {
    ...(typeOf(fork, 'ExecutionPayloadHeader').defaultValue() as Record<string, unknown>),
    transactionsRoot: ssz.bellatrix.Transactions.hashTreeRoot([]),
    withdrawalsRoot: ssz.capella.Withdrawals.hashTreeRoot([]),
  }
}

function updateOf(fork: GeneratedFork, attested: Block, final: Block, signers = KEYS) {
  const signingRoot = ssz.phase0.SigningData.hashTreeRoot({
    objectRoot: attested.root,
    domain: domainOf(fork),
  })
  const bits = ssz.altair.SyncAggregate.defaultValue().syncCommitteeBits
  for (let i = 0; i < signers; i++) bits.set(i, true)
  const signatures = secretKeys.slice(0, signers).map((key) => key.sign(signingRoot))
  return {
    attestedHeader: attested.header,
    nextSyncCommittee: committee,
    nextSyncCommitteeBranch: attested.branch(FORKS[fork].next),
    finalizedHeader: final.header,
    finalityBranch: attested.branch(FORKS[fork].finalized),
    syncAggregate: {
      syncCommitteeBits: bits,
      syncCommitteeSignature: aggregateSignatures(signatures).toBytes(),
    },
    signatureSlot: attested.slot + 1,
  }
}

function domainOf(fork: GeneratedFork): Uint8Array {
  const forkData = { currentVersion: version(fork), genesisValidatorsRoot: GENESIS_ROOT }
  return Uint8Array.of(7, 0, 0, 0, ...ssz.phase0.ForkData.hashTreeRoot(forkData).subarray(0, 28))
}

function headOf(fork: GeneratedFork, { slot, root }: Block) {
  const execution =
    fork === 'altair'
      ? undefined
      : typeOf(fork, 'ExecutionPayloadHeader').hashTreeRoot(emptyPayloadHeader(fork))
  return { slot, beacon_root: hex(root), ...(execution && { execution_root: hex(execution) }) }
}

function configOf(fork: GeneratedFork): Record<string, unknown> {
  const forks = ORDER.slice(0, ORDER.indexOf(fork) + 1).map((name) => [
    [`${name.toUpperCase()}_FORK_EPOCH`, 0],
    [`${name.toUpperCase()}_FORK_VERSION`, hex(version(name))],
  ])
  const far = { GLOAS_FORK_EPOCH: '18446744073709551615', GLOAS_FORK_VERSION: '0x07000000' }
  return {
    PRESET_BASE: 'mainnet',
    GENESIS_FORK_VERSION: '0x00000000',
    ...Object.fromEntries(forks.flat()),
    ...far,
  }
}

function version(fork: string): Uint8Array {
  return Uint8Array.of(ORDER.indexOf(fork) + 1, 0, 0, 0)
}

function write(folder: string, name: string, type: Type, value: unknown): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.ssz_snappy`), compress(type.serialize(value)))
}

/** JSON is YAML, but for the hex that the specification writes without quotes too. */
function yaml(folder: string, name: string, value: unknown): void {
  mkdirSync(folder, { recursive: true })
  const text = JSON.stringify(value, undefined, 1)
  writeFileSync(join(folder, name), name === 'config.yaml' ? text.replaceAll(/"(0x[0-9a-f]+)"/g, '$1') : text)
}

function hex(bytes: Uint8Array): string {
  return `0x${toHex(new Uint8Array(bytes))}`
}
