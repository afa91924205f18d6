import type { Hex } from 'viem'

import { EndpointPool } from '../endpoints/endpoint-pool.ts'
import type { EvmWallet } from '../keys/evm-wallet.ts'
import { testWork } from '../plan/lane.fixture.ts'
import { packetCall, updateCall } from './calls.ts'
import { EthApi } from './eth-api.ts'
import { join } from './evm-submit.ts'
import type { Draft } from './simulate.ts'
import { EvmSubmitter } from './submitter.ts'
import type { EvmSubmitterOptions } from './submitter.ts'

const GWEI = 1_000_000_000n

/** Endpoints as the adapter opens them. */
export function testPool(...urls: string[]): EndpointPool<EthApi> {
  const connect = (url: string, timeoutMs: number) => new EthApi(url, timeoutMs)
  return new EndpointPool({ urls, connect, requestTimeoutMs: 4_000, staleAfterMs: 60_000, nowMs: Date.now })
}

/** A submitter with short times, so that a test does not wait. */
export function testSubmitter(
  urls: readonly string[],
  wallet: EvmWallet,
  options: Partial<EvmSubmitterOptions> = {},
): EvmSubmitter {
  return new EvmSubmitter({
    chainId: 31_337n,
    pool: testPool(...urls),
    wallet,
    fees: { maxFeePerGas: 200n * GWEI, priorityFeePerGas: GWEI },
    gasMax: 15_000_000n,
    gasAdjustmentPerMille: 1_250n,
    confirmations: 1n,
    replaceAfterMs: 60_000,
    confirmTimeoutMs: 30_000,
    nowMs: Date.now,
    nextBlock: (waitMsMax) => new Promise((resolve) => setTimeout(resolve, Math.min(waitMsMax, 20))),
    ...options,
  })
}

/** A draft of packets with these sequences; an empty update is one that the contract refuses. */
export function testDraft(sequences: readonly bigint[], update: Uint8Array | null = Uint8Array.of(1)): Draft {
  return {
    messages: sequences.length,
    encode(kept, withUpdate) {
      const calls = kept.flatMap((index) => receive(sequences[index] ?? 0n))
      return withUpdate && update !== null ? [updateCall('client-0', update), ...calls] : calls
    },
  }
}

/** Sends drafts to a core. */
export async function sendTo(submitter: EvmSubmitter, core: Hex, ...drafts: Draft[]) {
  return await submitter.send(core, drafts, join)
}

function receive(sequence: bigint): Hex {
  const proofHeight = { revisionNumber: 0n, revisionHeight: 1n }
  return packetCall({ work: testWork({ sequence }), proofHeight }, Uint8Array.of(1))
}
