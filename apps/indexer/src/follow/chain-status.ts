import type { EndpointErrorKind } from './endpoint-error.ts'

/** How following one chain goes. */
export type ChainState = 'STARTING' | 'SYNCING' | 'LIVE' | 'RETRYING' | 'REFUSED' | 'STOPPED'

/** What `_meta`, `/ready` and the metrics say of one chain. Times are milliseconds since 1970. */
export type ChainStatus = {
  readonly chainId: string
  readonly role: 'hub' | 'zone'
  readonly state: ChainState
  readonly indexedHeight: bigint
  readonly indexedTimeNanoseconds: bigint
  readonly headHeight: bigint
  /** Since when the tables are known to be behind the head; undefined while they aren't. */
  readonly behindSinceMs: number | undefined
  /** When an endpoint last answered truthfully; undefined before the first time. */
  readonly contactMs: number | undefined
  /** When the head last moved; undefined before the first time. */
  readonly headMovedMs: number | undefined
  readonly lastError:
    | { readonly kind: EndpointErrorKind | 'internal'; readonly message: string; readonly atMs: number }
    | undefined
}

/**
 * How old the answers from this chain may be, in seconds: the time since its tables were last known to be at
 * the head. A chain that makes no blocks isn't behind.
 */
export function lagSeconds(status: ChainStatus, startedMs: number, nowMs: number): number {
  const since = Math.min(status.behindSinceMs ?? nowMs, status.contactMs ?? startedMs)
  return Math.max(0, (nowMs - since) / 1000)
}
