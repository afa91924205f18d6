import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'
import {
  LatticeSum,
  accountPreimage,
  createWasmLatticeXof,
  encodeEpochStakes,
  readEpochStakes,
  readRecording,
} from '@causeway/light-clients'
import type { AccountState, EpochStakes, LatticeXof, Recording } from '@causeway/light-clients'
import { equalBytes } from '@causeway/primitives'

import { addressKey, keyAddress } from '../stream/record.ts'
import type { StreamRecord } from '../stream/record.ts'
import type { BanksOptions } from './banks.ts'

/** Recorded slots of a real validator. */
const RECORDINGS = fileURLToPath(new URL('../../../../../../shared/vectors/solana-slots', import.meta.url))
/** Why tests that need them are not run; nothing when they are there. */
export const whyNoRecordings = existsSync(RECORDINGS) ? undefined : `there is no ${RECORDINGS}`

export type RecordingName = 'tower-slots-13-45' | 'tower-epoch-61-68' | 'alpenglow-slots-4-14'

/** Stands for all accounts that the recorded slots did not write. */
const REST = new Uint8Array(32).fill(0xfe)
const REST_STATE: AccountState = {
  lamports: 1n,
  data: new Uint8Array(0),
  isExecutable: false,
  owner: new Uint8Array(32),
}

export function loadRecording(name: RecordingName): Recording {
  const json: unknown = JSON.parse(readFileSync(join(RECORDINGS, `${name}.json`), 'utf8'))
  return readRecording(
    json,
    (packed, size) => new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) })),
  )
}

/** The recording as a stream: accounts as they stood before its first slot, then slot by slot. */
export function recordsOf(recording: Recording): StreamRecord[] {
  const { start, slots } = recording
  const records: StreamRecord[] = [{ kind: 'format' }]
  let writeVersion = 0n
  const account = (slot: bigint, key: string, state: AccountState | undefined, isStartup = false) =>
    records.push({ kind: 'account', slot, isStartup, writeVersion: (writeVersion += 1n), key, state })
  for (const [key, state] of [...statesBefore(recording), [addressKey(REST), REST_STATE] as const])
    account(start.slot, key, state, true)
  records.push({ kind: 'startupEnd' })
  for (const { slot, parentSlot, writes, transactions, lastBlockhash } of slots) {
    records.push({ kind: 'slot', slot, parent: parentSlot, status: 'created_bank' })
    for (const { pubkey, after } of writes) account(slot, addressKey(pubkey), after)
    for (const wire of transactions)
      records.push({ kind: 'transaction', slot, isVote: true, isError: false, wire })
    const executed = transactions.length
    records.push({ kind: 'block', slot, parentSlot, blockhash: lastBlockhash, executed })
    records.push({ kind: 'slot', slot, parent: parentSlot, status: 'processed' })
    if (slot > start.slot + 8n)
      records.push({ kind: 'slot', slot: slot - 8n, parent: undefined, status: 'rooted' })
  }
  return records
}

/** What a `Banks` needs to follow a recording. */
export async function recordingOptions(recording: Recording): Promise<BanksOptions> {
  return {
    genesisHash: recording.genesisHash,
    hardForks: recording.hardForks,
    latticeXof: withRest(recording, await createWasmLatticeXof()),
    watched: [],
    recorderAccount: new Uint8Array(32),
    knownSets: recording.validatorSets.map(({ epoch, totalStake, voters }) =>
      readEpochStakes(encodeEpochStakes(epoch, totalStake, voters)),
    ) as EpochStakes[],
    slotsKept: 128,
  }
}

/** First states of all accounts that the recording has. */
function statesBefore({ slots }: Recording): Map<string, AccountState> {
  const seen = new Set<string>()
  const states = new Map<string, AccountState>()
  for (const { pubkey, before } of slots.flatMap(({ writes }) => writes)) {
    const key = addressKey(pubkey)
    if (!seen.has(key) && before) states.set(key, before)
    seen.add(key)
  }
  return states
}

/** BLAKE3, but for the stand-in: its vector is what the sum has beside the accounts that are known. */
function withRest(recording: Recording, xof: LatticeXof): LatticeXof {
  const rest = new LatticeSum(recording.start.accountsLtHash)
  for (const [key, state] of statesBefore(recording))
    rest.subtract(xof(accountPreimage(keyAddress(key), state)))
  const [preimage, vector] = [accountPreimage(REST, REST_STATE), rest.toBytes()]
  return (input) => (equalBytes(input, preimage) ? vector : xof(input))
}
