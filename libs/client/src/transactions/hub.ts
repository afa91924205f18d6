// What every part of this package needs of the hub: the node, its chain, a clock.
import { assert } from '@causeway/primitives'
import { newestHeight } from '../rpc/transactions.ts'
import type { Rpc } from '../rpc/json-rpc.ts'

/** Time, handed in so that tests hold it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  sleep(milliseconds: number): Promise<void>
}

/** A hub that is connected to. */
export interface Hub {
  readonly rpc: Rpc
  readonly chainId: string
  readonly clock: Clock
  /** A height that the hub has reached, at most two seconds old. */
  height(): Promise<bigint>
  /** Tells of a height that was seen in an answer. */
  sawHeight(height: bigint): void
}

/** The platform's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

const HEIGHT_AGE_MS_MAX = 2_000

/** A hub behind a node. */
export function createHub(rpc: Rpc, chainId: string, clock: Clock): Hub {
  assert(chainId !== '', 'a chain has a name')
  let seen = { height: 0n, at: -Infinity }
  const sawHeight = (height: bigint) => {
    if (height >= seen.height) seen = { height, at: clock.now() }
  }
  return {
    rpc,
    chainId,
    clock,
    sawHeight,
    async height() {
      if (clock.now() - seen.at > HEIGHT_AGE_MS_MAX) sawHeight(await newestHeight(rpc))
      return seen.height
    },
  }
}
