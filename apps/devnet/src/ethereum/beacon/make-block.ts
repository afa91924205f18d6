// One beacon block and the state after it. A state holds what light clients prove and what a block must agree
// with; there are no validators, so the rest keeps its default.
import { Tree } from '@chainsafe/persistent-merkle-tree'
import type { Node } from '@chainsafe/persistent-merkle-tree'
import { ssz } from '@lodestar/types'
import { toHex } from '@causeway/primitives'
import { epochAt, forkAt } from '../network.ts'
import type { BeaconFork, BeaconNetwork } from '../network.ts'
import { blockType, stateType, types } from './ssz-types.ts'
import type {
  BeaconBlock,
  ExecutionPayload,
  LightClientHeader,
  SyncAggregate,
  SyncCommittee,
} from './ssz-types.ts'

/** Where a block stands: enough to name it. */
export interface BlockId {
  readonly slot: number
  /** Root of the block, 32 bytes. */
  readonly root: Uint8Array
}

/** A beacon block that the devnet has made. */
export interface ChainBlock extends BlockId {
  readonly fork: BeaconFork
  /** `root`, in hex without 0x. */
  readonly rootHex: string
  readonly message: BeaconBlock
  readonly header: LightClientHeader
  /** What is final in the state after it; undefined: nothing after genesis. */
  readonly finalized: BlockId | undefined
  /** Tree of the state after it. */
  readonly state: Node
}

/** What a block is made from. */
export interface BlockParts {
  readonly slot: number
  readonly parentRoot: Uint8Array
  readonly payload: ExecutionPayload
  /** The committee's signatures over the parent. */
  readonly syncAggregate: SyncAggregate
  readonly finalized: BlockId | undefined
  readonly committees: { readonly current: SyncCommittee; readonly next: SyncCommittee }
}

/** Makes a block and the state after it. */
export function makeBlock(network: BeaconNetwork, parts: BlockParts): ChainBlock {
  const fork = forkAt(network, parts.slot)
  const { slot, parentRoot } = parts
  const body = bodyOf(fork, parts)
  const header = { slot, proposerIndex: 0, parentRoot, stateRoot: ZERO_ROOT, bodyRoot: body.root }
  const state = stateAfter(network, fork, header, body.payloadHeader, parts)
  const beacon = { ...header, stateRoot: state.root }
  const root = ssz.phase0.BeaconBlockHeader.hashTreeRoot(beacon)
  return {
    slot,
    root,
    rootHex: toHex(root),
    fork,
    message: { slot, proposerIndex: 0, parentRoot, stateRoot: state.root, body: body.value },
    header: { beacon, execution: body.payloadHeader, executionBranch: body.executionBranch },
    finalized: parts.finalized,
    state,
  }
}

/** A branch from a field of the state after a block to its root. */
export function stateBranch({ fork, state }: ChainBlock, path: readonly string[]): Uint8Array[] {
  const { gindex } = stateType(fork.name).getPathInfo([...path])
  return new Tree(state).getSingleProof(gindex)
}

const ZERO_ROOT = new Uint8Array(32)

function bodyOf({ name }: BeaconFork, { payload, syncAggregate }: BlockParts) {
  const type = blockType(name).fields.body
  const value = { ...type.defaultValue(), executionPayload: payload, syncAggregate }
  const view = type.toView(value)
  const tree = new Tree(view.node)
  const payloadHeader = {
    ...payload,
    transactionsRoot: types.ExecutionPayload.fields.transactions.hashTreeRoot(payload.transactions),
    withdrawalsRoot: types.ExecutionPayload.fields.withdrawals.hashTreeRoot(payload.withdrawals),
  }
  const executionBranch = tree.getSingleProof(type.getPathInfo(['executionPayload']).gindex)
  return { value, root: tree.root, payloadHeader, executionBranch }
}

type HeaderValue = LightClientHeader['beacon']

function stateAfter(
  network: BeaconNetwork,
  fork: BeaconFork,
  latestBlockHeader: HeaderValue,
  payloadHeader: LightClientHeader['execution'],
  { slot, finalized, committees }: BlockParts,
): Node {
  const type = stateType(fork.name)
  const state = type.getViewDU(emptyState(fork))
  state.genesisTime = network.genesisTimeSeconds
  state.genesisValidatorsRoot = network.genesisValidatorsRoot
  state.slot = slot
  state.fork = ssz.phase0.Fork.toViewDU({
    previousVersion: fork.version,
    currentVersion: fork.version,
    epoch: fork.epoch,
  })
  state.latestBlockHeader = ssz.phase0.BeaconBlockHeader.toViewDU(latestBlockHeader)
  state.latestExecutionPayloadHeader = types.ExecutionPayloadHeader.toViewDU(payloadHeader)
  state.currentSyncCommittee = committeeView(committees.current)
  state.nextSyncCommittee = committeeView(committees.next)
  if (finalized !== undefined) {
    const checkpoint = { epoch: epochAt(network, finalized.slot), root: finalized.root }
    state.finalizedCheckpoint = ssz.phase0.Checkpoint.toViewDU(checkpoint)
  }
  state.commit()
  state.hashTreeRoot()
  return state.node
}

const emptyStates = new Map<string, Node>()

/** Most of a state is never touched, and hashed once. */
function emptyState({ name }: BeaconFork): Node {
  const known = emptyStates.get(name)
  if (known !== undefined) return known
  const state = stateType(name).defaultViewDU()
  state.hashTreeRoot()
  emptyStates.set(name, state.node)
  return state.node
}

const committeeNodes = new WeakMap<SyncCommittee, Node>()

function committeeView(committee: SyncCommittee) {
  const known = committeeNodes.get(committee)
  if (known !== undefined) return types.SyncCommittee.getViewDU(known)
  const view = types.SyncCommittee.toViewDU(committee)
  view.hashTreeRoot()
  committeeNodes.set(committee, view.node)
  return view
}
