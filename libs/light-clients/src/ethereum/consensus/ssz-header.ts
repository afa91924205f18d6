import { concatBytes } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type {
  BeaconBlockHeader,
  ExecutionPayloadHeader,
  LightClientHeader,
  MerkleBranch,
} from './containers.ts'
import { isDefaultExecution } from './containers.ts'
import type { ForkName } from './forks.ts'
import { EXECUTION_PAYLOAD_GINDEX, depthOf, executionBlockHashIndex, isForkFrom } from './forks.ts'
import { ZERO_ROOT, isZero } from './merkle-branch.ts'
import type { Layout } from './ssz-container.ts'
import { joinContainer, splitContainer, uintBytes, uintOf } from './ssz-container.ts'

const HASH_BYTES = 32
const EXTRA_DATA_BYTES_MAX = 32
const BEACON_HEADER: Layout = [8, 8, 32, 32, 32]
const CAPELLA_EXECUTION: Layout = [32, 20, 32, 32, 256, 32, 8, 8, 8, 8, 'variable', 32, 32, 32, 32]
const DENEB_EXECUTION: Layout = [...CAPELLA_EXECUTION, 8, 8]

/** Bytes of a beacon block header. */
export const BEACON_HEADER_BYTES = 112

/** Size of a light client header of a fork, where it is fixed. */
export function lightClientHeaderSize(fork: ForkName): number | 'variable' {
  if (isForkFrom(fork, 'gloas')) return BEACON_HEADER_BYTES + HASH_BYTES + branchBytes(fork)
  return isForkFrom(fork, 'capella') ? 'variable' : BEACON_HEADER_BYTES
}

/** Reads a light client header of a fork; the default value is `undefined`. Throws `ethereum/30`. */
export function decodeLightClientHeader(bytes: Uint8Array, fork: ForkName): LightClientHeader | undefined {
  const fields = splitContainer('LightClientHeader', bytes, headerLayout(fork))
  const beacon = decodeBeaconBlockHeader(fields[0]!)
  const header = { beacon, execution: undefined, executionBlockHash: undefined, executionBranch: [] }
  const isDefaultBeacon = isZero(fields[0]!)
  if (!isForkFrom(fork, 'capella')) return isDefaultBeacon ? undefined : header
  const executionBranch = decodeBranch(fields[2]!)
  if (isForkFrom(fork, 'gloas')) {
    if (isDefaultBeacon && isZero(fields[1]!) && executionBranch.length === 0) return undefined
    return { ...header, executionBlockHash: fields[1]!, executionBranch }
  }
  const execution = decodeExecution(fields[1]!, fork)
  const isAbsent = executionBranch.length === 0 && isDefaultExecution(execution)
  if (isDefaultBeacon && isAbsent) return undefined
  return { ...header, execution: isAbsent ? undefined : execution, executionBranch }
}

/** Writes a light client header of a fork; `undefined` is the default value. */
export function encodeLightClientHeader(header: LightClientHeader | undefined, fork: ForkName): Uint8Array {
  const beacon = header ? encodeBeaconBlockHeader(header.beacon) : new Uint8Array(BEACON_HEADER_BYTES)
  if (!isForkFrom(fork, 'capella')) return beacon
  const branch = encodeBranch(header?.executionBranch ?? [], branchBytes(fork) / HASH_BYTES)
  const execution = isForkFrom(fork, 'gloas')
    ? (header?.executionBlockHash ?? ZERO_ROOT)
    : encodeExecution(header?.execution ?? DEFAULT_EXECUTION, fork)
  return joinContainer(headerLayout(fork), [beacon, execution, branch])
}

/** Reads a branch; one of zeros only is none. */
export function decodeBranch(bytes: Uint8Array): MerkleBranch {
  if (isZero(bytes)) return []
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
}

/** Writes a branch of a given depth; none is zeros, and a shorter one begins with zeros. */
export function encodeBranch(branch: MerkleBranch, depth: number): Uint8Array {
  const zeros = Array.from({ length: depth - branch.length }, () => ZERO_ROOT)
  return concatBytes(...zeros, ...branch)
}

function headerLayout(fork: ForkName): Layout {
  if (!isForkFrom(fork, 'capella')) return [BEACON_HEADER_BYTES]
  const execution = isForkFrom(fork, 'gloas') ? HASH_BYTES : 'variable'
  return [BEACON_HEADER_BYTES, execution, branchBytes(fork)]
}

function branchBytes(fork: ForkName): number {
  const index = isForkFrom(fork, 'gloas') ? executionBlockHashIndex(fork) : EXECUTION_PAYLOAD_GINDEX
  return depthOf(index) * HASH_BYTES
}

function decodeBeaconBlockHeader(bytes: Uint8Array): BeaconBlockHeader {
  const [slot, proposerIndex, parentRoot, stateRoot, bodyRoot] = splitContainer(
    'BeaconBlockHeader',
    bytes,
    BEACON_HEADER,
  )
  return {
    slot: uintOf(slot!),
    proposerIndex: uintOf(proposerIndex!),
    parentRoot: parentRoot!,
    stateRoot: stateRoot!,
    bodyRoot: bodyRoot!,
  }
}

function encodeBeaconBlockHeader(header: BeaconBlockHeader): Uint8Array {
  const { slot, proposerIndex, parentRoot, stateRoot, bodyRoot } = header
  return concatBytes(uintBytes(slot, 8), uintBytes(proposerIndex, 8), parentRoot, stateRoot, bodyRoot)
}

function decodeExecution(bytes: Uint8Array, fork: ForkName): ExecutionPayloadHeader {
  const layout = executionLayout(fork)
  const fields = splitContainer('ExecutionPayloadHeader', bytes, layout)
  const field = (index: number) => fields[index]!
  if (field(10).length > EXTRA_DATA_BYTES_MAX) {
    throw errors.badSsz({ what: 'extra_data', reason: `${field(10).length} bytes` })
  }
  return {
    parentHash: field(0),
    feeRecipient: field(1),
    stateRoot: field(2),
    receiptsRoot: field(3),
    logsBloom: field(4),
    prevRandao: field(5),
    blockNumber: uintOf(field(6)),
    gasLimit: uintOf(field(7)),
    gasUsed: uintOf(field(8)),
    timestamp: uintOf(field(9)),
    extraData: field(10),
    baseFeePerGas: uintOf(field(11)),
    blockHash: field(12),
    transactionsRoot: field(13),
    withdrawalsRoot: field(14),
    blobGasUsed: uintOf(fields[15] ?? NOTHING),
    excessBlobGas: uintOf(fields[16] ?? NOTHING),
  }
}

function encodeExecution(header: ExecutionPayloadHeader, fork: ForkName): Uint8Array {
  const fields = [
    header.parentHash,
    header.feeRecipient,
    header.stateRoot,
    header.receiptsRoot,
    header.logsBloom,
    header.prevRandao,
    uintBytes(header.blockNumber, 8),
    uintBytes(header.gasLimit, 8),
    uintBytes(header.gasUsed, 8),
    uintBytes(header.timestamp, 8),
    header.extraData,
    uintBytes(header.baseFeePerGas, 32),
    header.blockHash,
    header.transactionsRoot,
    header.withdrawalsRoot,
    uintBytes(header.blobGasUsed, 8),
    uintBytes(header.excessBlobGas, 8),
  ]
  const layout = executionLayout(fork)
  return joinContainer(layout, fields.slice(0, layout.length))
}

function executionLayout(fork: ForkName): Layout {
  return isForkFrom(fork, 'deneb') ? DENEB_EXECUTION : CAPELLA_EXECUTION
}

const NOTHING = new Uint8Array(0)
const DEFAULT_EXECUTION: ExecutionPayloadHeader = {
  parentHash: ZERO_ROOT,
  feeRecipient: new Uint8Array(20),
  stateRoot: ZERO_ROOT,
  receiptsRoot: ZERO_ROOT,
  logsBloom: new Uint8Array(256),
  prevRandao: ZERO_ROOT,
  blockNumber: 0n,
  gasLimit: 0n,
  gasUsed: 0n,
  timestamp: 0n,
  extraData: NOTHING,
  baseFeePerGas: 0n,
  blockHash: ZERO_ROOT,
  transactionsRoot: ZERO_ROOT,
  withdrawalsRoot: ZERO_ROOT,
  blobGasUsed: 0n,
  excessBlobGas: 0n,
}
