import type { Application } from '../application.ts'
import type { ChainState } from '../chain/chain-state.ts'
import type { EvidencePool } from '../chain/evidence-pool.ts'
import type { Genesis } from '../chain/genesis.ts'
import type { EventBus } from '../events/event-bus.ts'
import type { EventIndex } from '../events/event-index.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { BlockStore } from '../store/block-store.ts'
import type { TxIntake } from './tx-intake.ts'

/** What the RPC sees of a node. */
export interface NodeView {
  readonly genesis: Genesis
  readonly application: Application
  readonly store: BlockStore
  readonly mempool: Mempool
  readonly evidence: EvidencePool
  readonly index: EventIndex
  readonly bus: EventBus
  readonly intake: TxIntake
  readonly moniker: string
  /** Public key of the first local validator; empty when there is none. */
  readonly validatorKey: Uint8Array
  /** The state after the last block. */
  state(): ChainState
}
