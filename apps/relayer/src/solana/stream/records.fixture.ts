import { concatBytes, le64, toBase58, utf8 } from '@causeway/primitives'

import { RECORD_FORMAT, RECORD_TAGS, keyAddress } from './record.ts'
import type { StreamRecord } from './record.ts'

/** A record as a validator's plugin writes it. */
export function encodeRecord(record: StreamRecord): Uint8Array {
  return framed(RECORD_TAGS[record.kind], payloadOf(record))
}

/** Any bytes as a record. */
export function framed(tag: number, payload: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(tag), le32(payload.length), payload)
}

function payloadOf(record: StreamRecord): Uint8Array {
  switch (record.kind) {
    case 'format':
      return utf8(RECORD_FORMAT)
    case 'account': {
      const { slot, isStartup, writeVersion, key, state } = record
      return concatBytes(
        ...[le64(slot), flag(isStartup), le64(writeVersion), keyAddress(key), le64(state?.lamports ?? 0n)],
        ...[state?.owner ?? new Uint8Array(32), flag(state?.isExecutable ?? false), le64(2n ** 64n - 1n)],
        // Every other one names the transaction that wrote it.
        ...(writeVersion % 2n === 0n ? [flag(false)] : [flag(true), new Uint8Array(64)]),
        ...[le32(state?.data.length ?? 0), state?.data ?? new Uint8Array(0)],
      )
    }
    case 'slot':
      return concatBytes(
        ...[le64(record.slot), flag(record.parent !== undefined), le64(record.parent ?? 0n)],
        utf8(record.status),
      )
    case 'block': {
      const { slot, parentSlot, blockhash, executed } = record
      const numbers = { slot: Number(slot), parentSlot: Number(parentSlot), executed }
      return utf8(JSON.stringify({ ...numbers, blockhash: toBase58(blockhash), rewards: [], height: 1 }))
    }
    case 'transaction':
      return concatBytes(
        ...[le64(record.slot), le32(0), flag(record.isVote), flag(record.isError), le64(5_000n)],
        ...[le32(record.wire.length), record.wire],
      )
    case 'startupEnd':
    case 'entry':
      return new Uint8Array(0)
  }
}

function flag(value: boolean): Uint8Array {
  return Uint8Array.of(value ? 1 : 0)
}

function le32(value: number): Uint8Array {
  return le64(BigInt(value)).subarray(0, 4)
}
