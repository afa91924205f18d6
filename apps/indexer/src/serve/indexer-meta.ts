import { lagSeconds, type ChainStatus } from '../follow/chain-status.ts'

/** How the indexer stands: each chain, and how old its answers may be. */
export type IndexerMeta = {
  readonly hubChainId: string
  readonly chains: readonly ChainMeta[]
  /** The greatest lag of any chain. */
  readonly lagSeconds: number
  readonly isLagging: boolean
  /** Whether answers are refused because the lag is past its bound. */
  readonly isRefusing: boolean
}

/** One chain's status with its lag. */
export type ChainMeta = ChainStatus & { readonly lagSeconds: number; readonly lagBlocks: bigint }

/** From which lag answers say so, and from which they are refused. */
export type LagBounds = { readonly warnSeconds: number; readonly refuseSeconds: number }

/**
 * Judges the followers' statuses at one instant. Only the hub's lag refuses: a halted zone must not hide
 * positions.
 */
export function judgeMeta(
  hubChainId: string,
  statuses: readonly ChainStatus[],
  bounds: LagBounds,
  startedMs: number,
  nowMs: number,
): IndexerMeta {
  const chains = statuses.map((status) => ({
    ...status,
    lagSeconds: lagSeconds(status, startedMs, nowMs),
    lagBlocks: status.headHeight > status.indexedHeight ? status.headHeight - status.indexedHeight : 0n,
  }))
  const hub = chains.find(({ chainId }) => chainId === hubChainId)
  const worst = Math.max(0, ...chains.map((chain) => chain.lagSeconds))
  return {
    hubChainId,
    chains,
    lagSeconds: worst,
    isLagging: worst > bounds.warnSeconds,
    isRefusing: hub === undefined || hub.indexedHeight === 0n || hub.lagSeconds > bounds.refuseSeconds,
  }
}
