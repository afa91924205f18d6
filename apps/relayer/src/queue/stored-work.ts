import { fromHex, parseDecimal, toHex } from '@causeway/primitives'
import { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { MessageKind, Work } from '../plan/work.ts'

/** A pending message as it lies in the database: plain JSON. */
export interface StoredWork {
  readonly kind: MessageKind
  readonly packet: string
  readonly acknowledgement?: string
  readonly eventHeight: string
  readonly seenAtMs: string
  readonly attempts: number
  readonly notBeforeMs: string
  readonly apart: boolean
  readonly error?: string
}

/** Writes a message as JSON; `error` is what its last attempt met. */
export function storeWork(work: Work, error?: string): StoredWork {
  return {
    kind: work.kind,
    packet: toHex(Packet.encode(work.packet).finish()),
    ...(work.acknowledgement === undefined ? {} : { acknowledgement: toHex(work.acknowledgement) }),
    eventHeight: work.eventHeight.toString(),
    seenAtMs: work.seenAtMs.toString(),
    attempts: work.attempts,
    notBeforeMs: work.notBeforeMs.toString(),
    apart: work.apart,
    ...(error === undefined ? {} : { error }),
  }
}

/** Reads it back; `undefined` for what an older or foreign version wrote: the chains will tell again. */
export function restoreWork(stored: StoredWork): Work | undefined {
  try {
    if (stored.kind !== 'recv' && stored.kind !== 'ack' && stored.kind !== 'timeout') return undefined
    return {
      kind: stored.kind,
      packet: Packet.decode(fromHex(stored.packet)),
      acknowledgement: stored.acknowledgement === undefined ? undefined : fromHex(stored.acknowledgement),
      eventHeight: parseDecimal(stored.eventHeight, 'eventHeight'),
      seenAtMs: parseDecimal(stored.seenAtMs, 'seenAtMs'),
      attempts: Number(stored.attempts),
      notBeforeMs: parseDecimal(stored.notBeforeMs, 'notBeforeMs'),
      apart: Boolean(stored.apart),
    }
  } catch {
    return undefined
  }
}
