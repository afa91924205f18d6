import type { PacketFilter } from './filter.ts'
import type { BatchLimits, GasTable } from './split-batches.ts'
import type { Work } from './work.ts'

/** A chain's newest finalised header, as far as planning needs it. */
export interface Head {
  readonly height: bigint
  readonly timeNanoseconds: bigint
}

/** A light client on the target chain that follows the proving chain. */
export interface ClientView {
  readonly clientId: string
  /** Chain id that the client follows. */
  readonly chainId: string
  readonly status: 'Active' | 'Frozen' | 'Expired' | 'Unknown'
  readonly revisionNumber: bigint
  readonly latestHeight: bigint
  /** Time of the consensus state at `latestHeight`. */
  readonly latestTimeNanoseconds: bigint
  readonly trustingPeriodNanoseconds: bigint
}

/**
 * Everything that the plan of one lane depends on. A lane carries messages to one end of a route: `target`
 * is the chain that receives them, `proving` the one whose state they prove.
 */
export interface LaneView {
  readonly nowMs: bigint
  readonly proving: Head
  readonly target: Head
  readonly client: ClientView
  readonly works: readonly Work[]
  readonly limits: BatchLimits
  readonly gas: GasTable
  readonly filter: PacketFilter
  /** The client is refreshed when this share of its trusting period has passed. */
  readonly refresh: { readonly numerator: bigint; readonly denominator: bigint }
}
