import { setTimeout as after } from 'node:timers/promises'
import { PublicKey } from '@solana/web3.js'
import { openRecorderInstruction, recordInstruction, recorderAddress } from '@causeway/contracts-solana'
import type { Sender } from './sender.ts'

/** A record that was confirmed: in `epoch`, of who votes in the next. */
export interface Recorded {
  readonly epoch: number
  readonly slot: number
  readonly computeUnits: number
}

/** Has the validators of the next epoch recorded, once in each epoch. */
export interface EpochRecorder {
  readonly records: readonly Recorded[]
  /** Throws what a record failed with. */
  stop(): Promise<void>
}

const POLL_MILLISECONDS = 500

/** Opens the recorder's account if it is not there, and records from now on, as a relayer does. */
export async function startEpochRecorder(sender: Sender, recorder: PublicKey): Promise<EpochRecorder> {
  const { connection, payer } = sender
  if ((await connection.getAccountInfo(recorderAddress(recorder))) === null)
    await sender.send([openRecorderInstruction(recorder, payer.publicKey)])
  const records: Recorded[] = []
  const abort = new AbortController()
  const ended = recordEachEpoch(sender, recorder, records, abort.signal)
  ended.catch(() => undefined)
  return {
    records,
    async stop() {
      abort.abort()
      await ended
    },
  }
}

async function recordEachEpoch(
  sender: Sender,
  recorder: PublicKey,
  records: Recorded[],
  signal: AbortSignal,
): Promise<void> {
  const { connection } = sender
  while (!signal.aborted) {
    const { epoch, slotIndex, slotsInEpoch } = await connection.getEpochInfo('confirmed')
    // What is sent in an epoch's last slots may run in the next one
    const isInTime = slotIndex < slotsInEpoch - 8
    if (isInTime && records.at(-1)?.epoch !== epoch) {
      const { current } = await connection.getVoteAccounts('confirmed')
      const voters = current.map(({ votePubkey }) => new PublicKey(votePubkey))
      const { slot, computeUnits } = await sender.send([recordInstruction(recorder, voters)])
      records.push({ epoch: Math.floor(slot / slotsInEpoch), slot, computeUnits })
    }
    await after(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined)
  }
}
