import type { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** The largest block that the protocol allows, in bytes: what `block.max_bytes` −1 stands for. */
export const BLOCK_BYTES_MAX = 104_857_600n

/** Consensus parameters with every group present. */
export type FullConsensusParams = {
  readonly [Group in keyof ConsensusParams]: NonNullable<ConsensusParams[Group]>
}

/** CometBFT's defaults. */
export const DEFAULT_CONSENSUS_PARAMS: FullConsensusParams = {
  block: { maxBytes: 22_020_096n, maxGas: -1n },
  evidence: {
    maxAgeNumBlocks: 100_000n,
    maxAgeDuration: { seconds: 172_800n, nanos: 0 },
    maxBytes: 1_048_576n,
  },
  validator: { pubKeyTypes: ['ed25519'] },
  version: { app: 0n },
  abci: { voteExtensionsEnableHeight: 0n },
}

/** Refuses parameters that CometBFT refuses. Throws `engine/3`. */
export function validateParams(params: FullConsensusParams): void {
  const refuse = (reason: string): never => {
    throw errors.badParams({ reason })
  }
  const { block, evidence, abci, validator } = params
  if (block.maxBytes === 0n || block.maxBytes < -1n) refuse('block.max_bytes must be −1 or positive')
  if (block.maxBytes > BLOCK_BYTES_MAX) refuse(`block.max_bytes is over ${BLOCK_BYTES_MAX}`)
  if (block.maxGas < -1n) refuse('block.max_gas must be at least −1')
  if (evidence.maxAgeNumBlocks <= 0n) refuse('evidence.max_age_num_blocks must be positive')
  if (durationNanoseconds(params) <= 0n) refuse('evidence.max_age_duration must be positive')
  if (evidence.maxBytes < 0n || evidence.maxBytes > blockBytesMax(params)) {
    refuse('evidence.max_bytes must lie within a block')
  }
  if (abci.voteExtensionsEnableHeight < 0n) refuse('abci.vote_extensions_enable_height must not be negative')
  if (validator.pubKeyTypes.length === 0) refuse('validator.pub_key_types must not be empty')
  const unknown = validator.pubKeyTypes.find((type) => type !== 'ed25519' && type !== 'secp256k1')
  if (unknown !== undefined) refuse(`unknown key type ${unknown}`)
}

/** The parameters with the groups that `changes` has, as of the block after `height`. Throws `engine/3`. */
export function updateParams(
  params: FullConsensusParams,
  changes: ConsensusParams,
  height: bigint,
): FullConsensusParams {
  const next: FullConsensusParams = {
    block: changes.block ?? params.block,
    evidence: changes.evidence ?? params.evidence,
    validator: changes.validator ?? params.validator,
    version: changes.version ?? params.version,
    abci: changes.abci ?? params.abci,
  }
  validateParams(next)
  validateEnableHeight(params.abci.voteExtensionsEnableHeight, next.abci.voteExtensionsEnableHeight, height)
  return next
}

/** Bytes that a block may have. */
export function blockBytesMax(params: FullConsensusParams): bigint {
  return params.block.maxBytes === -1n ? BLOCK_BYTES_MAX : params.block.maxBytes
}

/** Whether precommits of this height carry extensions. */
export function voteExtensionsEnabled(params: FullConsensusParams, height: bigint): boolean {
  const enabledAt = params.abci.voteExtensionsEnableHeight
  return enabledAt !== 0n && enabledAt <= height
}

/** How old evidence may be, in nanoseconds. */
export function durationNanoseconds({ evidence }: FullConsensusParams): bigint {
  const { seconds, nanos } = evidence.maxAgeDuration ?? { seconds: 0n, nanos: 0 }
  return seconds * NANOSECONDS_PER_SECOND + BigInt(nanos)
}

/** Vote extensions can be planned and the plan changed; once on, they stay on from that height. */
function validateEnableHeight(old: bigint, next: bigint, height: bigint): void {
  if (old === next) return
  if (old > 0n && old <= height)
    throw errors.badParams({ reason: 'vote extensions are on and stay as they are' })
  if (next > 0n && next <= height)
    throw errors.badParams({ reason: 'vote extensions can be enabled ahead only' })
}
