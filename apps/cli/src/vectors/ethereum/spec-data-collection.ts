import {
  beaconBlockHeaderRoot,
  forkAt,
  initializeLightClientStore,
  periodAt,
  validateUpdateProofs,
  type ChainConfig,
  type LightClientUpdate,
  type SyncCommittee,
  type UpdateKind,
} from '@causeway/light-clients'
import { toHex } from '@causeway/primitives'
import { expectSame } from '../expectations.ts'
import { isObject, type JsonObject } from '../json-shape.ts'
import type { VectorCase } from '../vector-file.ts'
import type { VectorFolder } from '../vector-folder.ts'
import { hexBytes } from './hex.ts'
import { inOrder, type Step } from './in-order.ts'
import { verifySyncAggregate } from './networks.ts'
import { configOf, memberObject, presetOf } from './spec-config.ts'
import { sszFile, yamlBytes, yamlFile } from './spec-files.ts'
import { objectRoot } from './spec-merkle-proof.ts'
import { readBootstrap, readUpdate } from './spec-objects.ts'

/*
 * Data-collection tests ask which light-client data a full node collects from blocks; that takes a state
 * transition, which a light client doesn't have. What is checked here is a light client's side of it: that
 * each block has the root that the test calls it by, and that all data which a full node is to serve are
 * about these blocks and verify. Which of several valid updates a node prefers is not.
 */

/** Offset, signature, then the block. */
const SIGNED_BLOCK_PREFIX_BYTES = 100

interface Session {
  readonly blocks: ReadonlySet<string>
  readonly committees: ReadonlyMap<bigint, SyncCommittee>
}

/** A data-collection test: one case a step. */
export function dataCollectionCases(folder: VectorFolder): VectorCase[] {
  const steps = yamlFile(folder, 'steps.yaml')
  if (!Array.isArray(steps)) throw new Error('steps.yaml is no list')
  const state = sszFile(folder, 'initial_state')
  // genesis_time u64, then genesis_validators_root
  const config = configOf(folder, state.slice(8, 40))
  const start = (): Session => ({ blocks: new Set(), committees: new Map() })
  return inOrder(
    start,
    steps.map((step: unknown, i) => readStep(folder, config, i, step)),
  )
}

function readStep(folder: VectorFolder, config: ChainConfig, index: number, step: unknown): Step<Session> {
  if (isObject(step) && isObject(step.new_block)) {
    const block = step.new_block
    return { name: `${index} new_block`, run: (session) => importBlock(folder, config, session, block) }
  }
  if (isObject(step) && isObject(step.new_head)) {
    const head = step.new_head
    return { name: `${index} new_head`, run: (session) => checkHead(folder, config, session, head) }
  }
  throw new Error(`step ${index} is unknown`)
}

function importBlock(folder: VectorFolder, config: ChainConfig, session: Session, step: JsonObject): Session {
  const block = sszFile(folder, String(step.data)).subarray(SIGNED_BLOCK_PREFIX_BYTES)
  const slot = new DataView(block.buffer, block.byteOffset).getBigUint64(0, true)
  const root = objectRoot(presetOf(folder), forkAt(config, slot).name, 'BeaconBlock', block)
  const parent = block.subarray(16, 48)
  return { ...session, blocks: new Set([...session.blocks, toHex(root), toHex(parent)]) }
}

function checkHead(folder: VectorFolder, config: ChainConfig, session: Session, step: JsonObject): Session {
  const head = toHex(yamlBytes(step, 'head_block_root'))
  expectSame('the head, as an imported block', session.blocks.has(head), true)
  const checks = memberObject(step, 'checks')
  const committees = new Map(session.committees)
  for (const { block_root: root, bootstrap } of objectsOf(checks.bootstraps)) {
    if (isObject(bootstrap)) checkBootstrap(folder, config, hexBytes(String(root)), bootstrap, committees)
  }
  const updates: LightClientUpdate[] = []
  for (const { period, update } of objectsOf(checks.best_updates)) {
    if (!isObject(update)) continue
    const read = readServed(folder, config, 'LightClientUpdate', update)
    expectSame('the period', periodAt(config, read.attestedHeader.beacon.slot), BigInt(String(period)))
    if (read.nextSyncCommittee) committees.set(BigInt(String(period)) + 1n, read.nextSyncCommittee)
    updates.push(read)
  }
  for (const [name, kind] of LATEST) {
    const served = checks[name]
    if (isObject(served)) updates.push(readServed(folder, config, kind, served))
  }
  for (const update of updates) checkUpdate(config, session, committees, update)
  return { ...session, committees }
}

const LATEST: readonly [string, UpdateKind][] = [
  ['latest_finality_update', 'LightClientFinalityUpdate'],
  ['latest_optimistic_update', 'LightClientOptimisticUpdate'],
]

function readServed(
  folder: VectorFolder,
  config: ChainConfig,
  kind: UpdateKind,
  served: JsonObject,
): LightClientUpdate {
  return readUpdate(config, kind, sszFile(folder, String(served.data)), yamlBytes(served, 'fork_digest'))
}

function checkBootstrap(
  folder: VectorFolder,
  config: ChainConfig,
  root: Uint8Array,
  served: JsonObject,
  committees: Map<bigint, SyncCommittee>,
): void {
  const bytes = sszFile(folder, String(served.data))
  const bootstrap = readBootstrap(config, bytes, yamlBytes(served, 'fork_digest'))
  initializeLightClientStore(config, root, bootstrap)
  committees.set(periodAt(config, bootstrap.header.beacon.slot), bootstrap.currentSyncCommittee)
}

/** The signature is checked where the test's own data bring the committee. */
function checkUpdate(
  config: ChainConfig,
  session: Session,
  committees: ReadonlyMap<bigint, SyncCommittee>,
  update: LightClientUpdate,
): void {
  const { attestedHeader, signatureSlot } = update
  const root = toHex(beaconBlockHeaderRoot(attestedHeader.beacon))
  expectSame('the attested header, as an imported block', session.blocks.has(root), true)
  const committee = committees.get(periodAt(config, signatureSlot))
  const none: SyncCommittee = { pubkeys: new Uint8Array(0), aggregatePubkey: new Uint8Array(0) }
  const verify = committee ? verifySyncAggregate : () => true
  validateUpdateProofs(config, committee ?? none, update, signatureSlot, verify)
}

function objectsOf(list: unknown): JsonObject[] {
  return Array.isArray(list) ? (list as unknown[]).filter(isObject) : []
}
