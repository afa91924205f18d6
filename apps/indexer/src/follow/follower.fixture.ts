import { pino } from 'pino'
import { createNativeSignatureVerifier } from '@causeway/light-clients'
import type { Database } from '../database/open-database.ts'
import { ChainFollower, type ChainConfig, type FollowerParts } from './chain-follower.ts'
import type { ChainStatus } from './chain-status.ts'
import { CometRpc } from './comet-rpc.ts'
import { createJsonRpc } from './json-rpc.ts'

/** The parts of a follower under test: real endpoints, the real verifier, no log. */
export function followerParts(database: Database, overrides: Partial<FollowerParts> = {}): FollowerParts {
  return {
    database,
    connect: (url) => new CometRpc(url, createJsonRpc(url, { timeoutMs: 5_000, answerBytesMax: 1 << 24 })),
    verifySignatures: createNativeSignatureVerifier(),
    limits: { batchBlocks: 7, parallelFetches: 4, pollMs: 20 },
    log: pino({ level: 'silent' }),
    nowMs: () => Date.now(),
    onCommitted: () => undefined,
    ...overrides,
  }
}

/** Follows until the status satisfies the condition, then stops; answers that status. */
export async function followUntil(
  config: ChainConfig,
  parts: FollowerParts,
  condition: (status: ChainStatus) => boolean,
): Promise<ChainStatus> {
  const follower = new ChainFollower(config, parts)
  follower.start()
  try {
    return await waitFor(() => (condition(follower.status) ? follower.status : undefined))
  } finally {
    await follower.stop()
  }
}

/** Polls until the function answers something; throws after half a minute. */
export async function waitFor<T>(
  probe: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const found = await probe()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
