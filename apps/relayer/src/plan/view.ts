import type { PacketFilter } from './filter.ts'
import type { BatchLimits, GasTable } from './split-batches.ts'
import type { Work } from './work.ts'

/** A chain's newest finalised header, as far as planning needs it. */
export interface Head {
  readonly height: bigint
  readonly timeNanoseconds: bigint
}

/**
 * How a client follows a chain: CometBFT headers, Ethereum's sync committees, Solana's votes, or the hub's
 * own attestations.
 */
export type ClientType = '07-tendermint' | 'ethereum' | 'solana' | 'attestation'

/** What of the proving chain can be proven to one kind of client. */
export interface ProofWindow {
  /** Newest header that such a client can be shown. */
  readonly newest: Head
  /** State below this height is not proven any more: nodes have dropped it. */
  readonly oldestHeight: bigint
  /**
   * An event at h is proven by the header at h + lag: 1 where a header commits to the state before its
   * block.
   */
  readonly lag: bigint
  /**
   * Only where a header proves nothing but what its block wrote: the newest header, whether it proves packets
   * or not. A touch on the chain makes a newer one prove them.
   */
  readonly final?: Head
  /** Only there: heights whose headers prove packets, as far as they are remembered, newest first. */
  readonly heights?: readonly bigint[]
  /** Only of type `solana`: the highest epoch whose validators a header can bring, and that one's height. */
  readonly epoch?: { readonly newest: bigint; readonly height: bigint }
}

/** A light client on the target chain that follows the proving chain. */
export interface ClientView {
  readonly clientId: string
  readonly clientType: ClientType
  /** Chain id that the client follows. */
  readonly chainId: string
  readonly status: 'Active' | 'Frozen' | 'Expired' | 'Unknown'
  readonly revisionNumber: bigint
  readonly latestHeight: bigint
  /** Time of the consensus state at `latestHeight`. */
  readonly latestTimeNanoseconds: bigint
  readonly trustingPeriodNanoseconds: bigint
  /** Only of type `ethereum`: whether it knows the sync committee of the period after its latest slot's. */
  readonly knowsNextCommittee?: boolean
  /** Only of type `ethereum`: root of the beacon block that it trusts at its latest slot, 32 bytes. */
  readonly beaconRoot?: Uint8Array
  /** Only of type `solana`: the highest epoch whose validators it knows. */
  readonly latestEpoch?: bigint
  /** Only of type `solana`: from when on it trusts those, which is what its trusting period counts from. */
  readonly trustedSinceNanoseconds?: bigint
  /** Only of type `solana`: bank hash that it accepted at its latest slot, 32 bytes. */
  readonly bankHash?: Uint8Array
}

/**
 * Everything that the plan of one lane depends on. A lane carries messages to one end of a route: `target`
 * is the chain that receives them, `proving` the one whose state they prove.
 */
export interface LaneView {
  readonly nowMs: bigint
  readonly proving: ProofWindow
  /** Header of an update that was held up: it goes on with that one as long as it serves a message. */
  readonly aim?: Head
  readonly target: Head
  readonly client: ClientView
  readonly works: readonly Work[]
  readonly limits: BatchLimits
  readonly gas: GasTable
  readonly filter: PacketFilter
  /** The client is refreshed when this share of its trusting period has passed. */
  readonly refresh: { readonly numerator: bigint; readonly denominator: bigint }
}
