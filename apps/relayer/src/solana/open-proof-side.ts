import { setTimeout } from 'node:timers/promises'
import { recorderAddress, rootsAddress } from '@causeway/contracts-solana'
import { NANOSECONDS_PER_SECOND, equalBytes } from '@causeway/primitives'
import type { PublicKey } from '@solana/web3.js'

import { RelayError } from '../errors.ts'
import type { ClientView, Head, ProofWindow } from '../plan/view.ts'
import type { Bank } from './bank/bank.ts'
import { openBankFollower } from './bank/open-bank-follower.ts'
import type { BankFollower } from './bank/open-bank-follower.ts'
import type { SolanaProofSide } from './proof-side.ts'
import type { StreamError } from './stream-error.ts'
import { PacketProofs } from './packet-proofs.ts'
import type { EventSource } from './packet-proofs.ts'

/** One client on a cluster, and where its record stream comes from. */
export interface ProofSideOptions {
  /** `tcp://HOST:PORT` or `file:///PATH`. */
  readonly stream: string
  /** CAIP-2. */
  readonly chainId: string
  readonly genesisHash: Uint8Array
  readonly core: PublicKey
  /** The client on Solana whose packets are proven, for example `client-0`. */
  readonly clientId: string
  readonly recorder: PublicKey
  readonly clientTerms: { readonly trustingPeriodSeconds: bigint; readonly maxClockDriftSeconds: bigint }
  readonly history: EventSource
  readonly onProblem?: ((error: StreamError) => void) | undefined
}

const LOOK_EVERY_MS = 50
/** How long a first question waits for the stream's first final slot. */
const WAIT_MS_MAX = 15_000
const NOTHING: Head = { height: 0n, timeNanoseconds: 0n }

/** Opens the half of the adapter that shows clients the cluster's banks. Throws `RelayError` (config). */
export async function openProofSide(options: ProofSideOptions): Promise<SolanaProofSide> {
  const { core, clientId, recorder, genesisHash, chainId, clientTerms } = options
  const place = { program: core.toBytes(), clientId, rootAccount: rootsAddress(core, clientId).toBytes() }
  const recorderAccount = recorderAddress(recorder).toBytes()
  const packets = new PacketProofs(options.history, clientId, place.program)
  const follower = await openBankFollower({
    stream: options.stream,
    genesisHash,
    watched: [place.rootAccount],
    recorderAccount,
    onProblem: options.onProblem,
  })
  const { headers } = follower
  return {
    newestFinal: async () => headOf(await needFinal(follower)),
    newestEpoch: () => headers.newestEpoch()?.epoch,
    proofWindow: async (_, head) => proofWindow(follower, place.rootAccount, head),
    async prove(work, height) {
      const account = headers.accountAt(height, place.rootAccount)
      if (account !== undefined) return await packets.prove(work, height, account)
      throw new RelayError(
        'endpoint',
        'now',
        `slot ${height} did not write the root account, or is forgotten`,
      )
    },
    clientUpdates: async (client, height) => headers.updatesTo(client, height),
    findMisbehaviour: async (client) => findMisbehaviour(follower, client),
    async clientSeed({ trustingPeriodSeconds }) {
      await needFinal(follower)
      return headers.seed(chainId, {
        ...{ genesisHash, hardForks: [], ...clientTerms },
        ...(trustingPeriodSeconds === undefined ? {} : { trustingPeriodSeconds }),
        ...{ ibcProgram: place.program, rootAccount: place.rootAccount },
        ...{ recorderProgram: recorder.toBytes(), recorderAccount },
      })
    },
    close: () => follower.close(),
  }
}

/** Slots prove packets only where they wrote the root account; `head` is one that `newestFinal` gave. */
function proofWindow({ headers }: BankFollower, rootAccount: Uint8Array, head: Head): ProofWindow {
  const heights = headers.provableSlots(rootAccount)
  const newest = heights[0] === undefined ? undefined : headers.banks.bank(heights[0])
  const epoch = headers.newestEpoch()
  return {
    newest: newest === undefined ? NOTHING : headOf(newest),
    oldestHeight: 0n,
    lag: 0n,
    final: head,
    heights,
    ...(epoch === undefined ? {} : { epoch: { newest: epoch.epoch, height: epoch.bank.slot } }),
  }
}

/** A header of another bank than the client accepted freezes it. */
function findMisbehaviour({ headers }: BankFollower, { bankHash, latestHeight }: ClientView) {
  const bank = headers.banks.bank(latestHeight)
  if (bank === undefined || bankHash === undefined || equalBytes(bank.bankHash, bankHash)) return []
  return headers.isFinal(bank) ? [headers.header(latestHeight)] : []
}

/** Whoever asks before the stream has told enough waits for a while. */
async function needFinal({ headers, problem }: BankFollower): Promise<Bank> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const bank = headers.newestFinal()
    if (bank !== undefined) return bank
    const reason = problem()
    if (reason !== undefined) throw reason
    if (waitedMs >= WAIT_MS_MAX)
      throw new RelayError('endpoint', 'later', 'no slot of the stream is final yet')
    await setTimeout(LOOK_EVERY_MS)
  }
}

function headOf({ slot, timeSeconds }: Bank): Head {
  return { height: slot, timeNanoseconds: timeSeconds * NANOSECONDS_PER_SECOND }
}
