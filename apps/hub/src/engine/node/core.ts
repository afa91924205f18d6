import type { ExtendedCommit } from '@causeway/protocol/tendermint/types/types'
import { incrementProposerPriority, proposerOf } from '@causeway/light-clients'
import { equalBytes } from '@causeway/primitives'
import type { Application } from '../application.ts'
import { dataBytesMax } from '../chain/block.ts'
import type { MadeBlock } from '../chain/block.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { blockBytesMax } from '../chain/consensus-params.ts'
import type { EvidencePool } from '../chain/evidence-pool.ts'
import type { PrivateValidator } from '../keys/private-validator.ts'
import type { BlockLimits, Mempool } from '../mempool/mempool.ts'
import type { BlockStore } from '../store/block-store.ts'

/** What block production works on. `state` and what follows it change with each block. */
export interface EngineCore {
  readonly application: Application
  readonly store: BlockStore
  readonly mempool: Mempool
  readonly evidence: EvidencePool
  /** The validators whose keys are here. */
  readonly signers: readonly PrivateValidator[]
  /** Nanoseconds since 1970. */
  readonly clock: () => bigint
  state: ChainState
  /** Commit of the last block with its vote extensions; `undefined` before the first. */
  extendedCommit: ExtendedCommit | undefined
  /** A block that was proposed, perhaps signed, but not committed when the process ended. */
  pending: DecidedBlock | undefined
}

/** A block that the application accepted, before votes. */
export interface DecidedBlock {
  readonly made: MadeBlock
  readonly round: number
  readonly voteTimeNanoseconds: bigint
}

/** Address of the validator that proposes in a round of the next height. */
export function proposerAt(state: ChainState, round: number): Uint8Array {
  const set = round === 0 ? state.validators : incrementProposerPriority(state.validators, round)
  return proposerOf(set).address
}

/** The local validator with this address. */
export function signerOf(core: EngineCore, address: Uint8Array): PrivateValidator | undefined {
  return core.signers.find(({ key }) => equalBytes(key.address, address))
}

/** What the next block can take. */
export function blockLimits({ params, validators }: ChainState): BlockLimits {
  return {
    dataBytesMax: dataBytesMax(blockBytesMax(params), 0n, validators.validators.length),
    gasMax: params.block.maxGas,
  }
}
