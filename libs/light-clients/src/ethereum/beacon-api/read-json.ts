import { concatBytes } from '@causeway/primitives'
import type {
  BeaconBlockHeader,
  ExecutionPayloadHeader,
  LightClientBootstrap,
  LightClientHeader,
  LightClientUpdate,
  MerkleBranch,
  SyncAggregate,
  SyncCommittee,
} from '../consensus/containers.ts'
import { isDefaultExecution } from '../consensus/containers.ts'
import type { ForkName } from '../consensus/forks.ts'
import { FORK_NAMES } from '../consensus/forks.ts'
import { isZero } from '../consensus/merkle-branch.ts'
import type { BeaconJson } from './json-members.ts'
import { bad, jsonBytes, jsonBytesList, jsonObject, jsonUint, jsonUint64 } from './json-members.ts'

/*
 * Light-client objects as the Beacon API answers them in JSON. Spec: ethereum/beacon-APIs, /eth/v1/beacon/
 * light_client. Everything here throws `ethereum/31`.
 */

const BRANCH_MAX = 32
const COMMITTEE_MAX = 8192
const EXTRA_DATA_BYTES_MAX = 32

/** An answer: the fork whose types the data have, and the data. */
export function readVersioned(json: unknown): { fork: ForkName; data: BeaconJson } {
  const { version, data } = jsonObject(json, 'answer')
  const fork = FORK_NAMES.find((name) => name === version)
  if (!fork) throw bad('version', 'no fork that is known')
  return { fork, data: jsonObject(data, 'data') }
}

/** Reads a bootstrap. */
export function readBootstrapJson(json: BeaconJson): LightClientBootstrap {
  return {
    header: readLightClientHeader(json, 'header'),
    currentSyncCommittee: readSyncCommitteeJson(json.current_sync_committee),
    currentSyncCommitteeBranch: readBranch(json, 'current_sync_committee_branch'),
  }
}

/** Reads an update, a finality update or an optimistic update. */
export function readUpdateJson(json: BeaconJson): LightClientUpdate {
  const committeeBranch = readBranch(json, 'next_sync_committee_branch')
  const finalityBranch = readBranch(json, 'finality_branch')
  return {
    attestedHeader: readLightClientHeader(json, 'attested_header'),
    nextSyncCommittee:
      committeeBranch.length === 0 ? undefined : readSyncCommitteeJson(json.next_sync_committee),
    nextSyncCommitteeBranch: committeeBranch,
    finalizedHeader:
      finalityBranch.length === 0 ? undefined : readLightClientHeader(json, 'finalized_header'),
    finalityBranch,
    syncAggregate: readSyncAggregate(json),
    signatureSlot: jsonUint64(json, 'signature_slot'),
  }
}

/** Reads a sync committee. */
export function readSyncCommitteeJson(json: unknown): SyncCommittee {
  const committee = jsonObject(json, 'sync committee')
  return {
    pubkeys: concatBytes(...jsonBytesList(committee, 'pubkeys', 48, COMMITTEE_MAX)),
    aggregatePubkey: jsonBytes(committee, 'aggregate_pubkey', 48),
  }
}

/** Reads a beacon block header. */
export function readBeaconHeaderJson(json: unknown): BeaconBlockHeader {
  const header = jsonObject(json, 'beacon header')
  return {
    slot: jsonUint64(header, 'slot'),
    proposerIndex: jsonUint64(header, 'proposer_index'),
    parentRoot: jsonBytes(header, 'parent_root', 32),
    stateRoot: jsonBytes(header, 'state_root', 32),
    bodyRoot: jsonBytes(header, 'body_root', 32),
  }
}

/** Reads the sync aggregate of an update. */
export function readSyncAggregate(json: BeaconJson): SyncAggregate {
  const aggregate = jsonObject(json.sync_aggregate, 'sync_aggregate')
  return {
    syncCommitteeBits: jsonBytes(aggregate, 'sync_committee_bits', undefined),
    syncCommitteeSignature: jsonBytes(aggregate, 'sync_committee_signature', 96),
  }
}

function readLightClientHeader(json: BeaconJson, member: string): LightClientHeader {
  const header = jsonObject(json[member], member)
  const hasHash = header.execution_block_hash !== undefined
  const execution = header.execution === undefined ? undefined : readExecution(header.execution)
  const executionBranch = readBranch(header, 'execution_branch')
  const isAbsent = execution && executionBranch.length === 0 && isDefaultExecution(execution)
  return {
    beacon: readBeaconHeaderJson(header.beacon),
    execution: isAbsent ? undefined : execution,
    executionBlockHash: hasHash ? jsonBytes(header, 'execution_block_hash', 32) : undefined,
    executionBranch,
  }
}

function readExecution(json: unknown): ExecutionPayloadHeader {
  const header = jsonObject(json, 'execution')
  const extraData = jsonBytes(header, 'extra_data')
  if (extraData.length > EXTRA_DATA_BYTES_MAX) throw bad('extra_data', `${extraData.length} bytes`)
  return {
    parentHash: jsonBytes(header, 'parent_hash', 32),
    feeRecipient: jsonBytes(header, 'fee_recipient', 20),
    stateRoot: jsonBytes(header, 'state_root', 32),
    receiptsRoot: jsonBytes(header, 'receipts_root', 32),
    logsBloom: jsonBytes(header, 'logs_bloom', 256),
    prevRandao: jsonBytes(header, 'prev_randao', 32),
    blockNumber: jsonUint64(header, 'block_number'),
    gasLimit: jsonUint64(header, 'gas_limit'),
    gasUsed: jsonUint64(header, 'gas_used'),
    timestamp: jsonUint64(header, 'timestamp'),
    extraData,
    baseFeePerGas: jsonUint(header, 'base_fee_per_gas'),
    blockHash: jsonBytes(header, 'block_hash', 32),
    transactionsRoot: jsonBytes(header, 'transactions_root', 32),
    withdrawalsRoot: jsonBytes(header, 'withdrawals_root', 32),
    blobGasUsed: header.blob_gas_used === undefined ? 0n : jsonUint64(header, 'blob_gas_used'),
    excessBlobGas: header.excess_blob_gas === undefined ? 0n : jsonUint64(header, 'excess_blob_gas'),
  }
}

/** An absent branch, or one of zeros, is none. */
function readBranch(json: BeaconJson, member: string): MerkleBranch {
  if (json[member] === undefined || json[member] === null) return []
  const branch = jsonBytesList(json, member, 32, BRANCH_MAX)
  return branch.every(isZero) ? [] : branch
}
