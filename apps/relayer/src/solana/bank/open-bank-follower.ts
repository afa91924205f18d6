import { createNativeSignatureVerifier, createWasmLatticeXof } from '@causeway/light-clients'
import type { EpochStakes, HardFork } from '@causeway/light-clients'

import { openRecordSource } from '../stream/record-source.ts'
import type { StreamError } from '../stream-error.ts'
import type { Bank } from './bank.ts'
import { Headers } from '../headers.ts'
import { Banks } from './banks.ts'

/** What is followed, and what is kept of it. */
export interface BankFollowerOptions {
  /** `tcp://HOST:PORT` or `file:///PATH`: records as contracts/solana/geyser writes them. */
  readonly stream: string
  /** 32 bytes. */
  readonly genesisHash: Uint8Array
  readonly hardForks?: readonly HardFork[]
  /** Root accounts whose writes are to be proven. */
  readonly watched: readonly Uint8Array[]
  readonly recorderAccount: Uint8Array
  readonly knownSets?: readonly EpochStakes[]
  /** Newest slots that stay in memory whatever they wrote; default 128. */
  readonly slotsKept?: number
  readonly onProblem?: ((error: StreamError) => void) | undefined
  readonly onBank?: ((bank: Bank) => void) | undefined
}

/** Banks of a cluster, as they come. */
export interface BankFollower {
  readonly banks: Banks
  readonly headers: Headers
  /** What ended the last round of following, until a bank was computed since. */
  problem(): StreamError | undefined
  close(): Promise<void>
}

const SLOTS_KEPT = 128

/**
 * Follows a cluster by its record stream. After a problem it begins again: what was rooted stays known.
 * Throws `RelayError` (config).
 */
export async function openBankFollower(options: BankFollowerOptions): Promise<BankFollower> {
  let problem: StreamError | undefined
  const banks = new Banks({
    latticeXof: await createWasmLatticeXof(),
    hardForks: [],
    slotsKept: SLOTS_KEPT,
    ...options,
    onBank(bank) {
      problem = undefined
      options.onBank?.(bank)
    },
  })
  const source = openRecordSource(options.stream, {
    onStart: () => banks.restart(),
    onRecord: (record) => banks.apply(record),
    onProblem(error) {
      problem = error
      options.onProblem?.(error)
    },
  })
  const headers = new Headers(banks, createNativeSignatureVerifier())
  return { banks, headers, problem: () => problem, close: () => source.close() }
}
