// The record stream: what a Geyser plugin is told, as bytes. Layout: docs/solana-cluster.md.
import type { AccountState } from '@causeway/light-clients'
import { concatBytes, le64, toBase58, utf8 } from '@causeway/primitives'
import type { Block, ProcessedTransaction } from '../cluster/block.ts'

/** Name and version of the stream: its first record. */
export const STREAM_NAME = 'causeway-records/1'

/** What the status of a slot may be. */
export type SlotStatus = 'created_bank' | 'processed' | 'confirmed' | 'rooted'

const RENT_EXEMPT = (1n << 64n) - 1n
const NOBODY = new Uint8Array(32)
const EMPTY = new Uint8Array(0)

/** An account after a slot; absent: it is gone. */
export interface AccountRecord {
  readonly slot: bigint
  readonly isStartup: boolean
  /** Grows with every write of a cluster. */
  readonly writeVersion: bigint
  readonly pubkey: Uint8Array
  readonly account: AccountState | undefined
}

/** Tag 0: begins a stream. */
export function helloRecord(): Uint8Array {
  return record(0, utf8(STREAM_NAME))
}

/** Tag 1: an account. */
export function accountRecord(fields: AccountRecord): Uint8Array {
  const { slot, isStartup, writeVersion, pubkey, account } = fields
  const { lamports, owner, isExecutable, data } = account ?? {
    lamports: 0n,
    owner: NOBODY,
    isExecutable: false,
    data: EMPTY,
  }
  const noSignature = flag(false)
  return record(
    1,
    le64(slot),
    flag(isStartup),
    le64(writeVersion),
    pubkey,
    le64(lamports),
    owner,
    flag(isExecutable),
    le64(RENT_EXEMPT),
    noSignature,
    le32(data.length),
    data,
  )
}

/** Tag 2: what became of a slot. */
export function statusRecord(slot: bigint, parent: bigint | undefined, status: SlotStatus): Uint8Array {
  return record(2, le64(slot), flag(parent !== undefined), le64(parent ?? 0n), utf8(status))
}

/** Tag 3: all accounts of the start were told. */
export function endOfStartupRecord(): Uint8Array {
  return record(3)
}

/** Tag 4: a block. */
export function blockRecord(block: Block): Uint8Array {
  const { slot, blockhash, parentSlot, parentBlockhash, height, seconds, transactions } = block
  const reward = {
    pubkey: toBase58(block.leader),
    lamports: Number(block.reward),
    post: Number(block.leaderLamports),
    type: 'Some(Fee)',
  }
  const metadata = {
    slot: Number(slot),
    blockhash: toBase58(blockhash),
    parentSlot: Number(parentSlot),
    parentBlockhash: toBase58(parentBlockhash),
    height: Number(height),
    time: Number(seconds),
    executed: transactions.length,
    entries: transactions.length + 1,
    rewards: block.reward > 0n ? [reward] : [],
    numPartitions: null,
  }
  return record(4, utf8(JSON.stringify(metadata)))
}

/** Tag 5: a transaction of a block. */
export function transactionRecord(processed: ProcessedTransaction): Uint8Array {
  const { slot, index, isVote, outcome, fee, transaction } = processed
  const { wire } = transaction
  const isError = outcome.error !== undefined
  return record(5, le64(slot), le32(index), flag(isVote), flag(isError), le64(fee), le32(wire.length), wire)
}

function record(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return concatBytes(Uint8Array.of(tag), le32(length), ...parts)
}

function flag(isSet: boolean): Uint8Array {
  return Uint8Array.of(isSet ? 1 : 0)
}

function le32(value: number): Uint8Array {
  return le64(BigInt(value)).subarray(0, 4)
}
