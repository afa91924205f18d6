// Packets and the transfers in them. A packet's row is filled from two chains: the columns of each stage are
// written by the one event that proves it, so the order in which the chains are read doesn't matter.

import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'
import { amount, count, flag, key, optional, text, timeNanoseconds, u64 } from './columns.ts'

/** One IBC v2 packet between two clients, from both chains' events. */
export type PacketRow = {
  sourceChainId: string
  sourceClient: string
  destinationClient: string
  sequence: bigint
  /** The revision in the source chain's heights, as its id says. */
  sourceRevision: bigint
  destinationChainId: string | null
  timeoutSeconds: bigint
  payloadCount: number
  sentHeight: bigint | null
  sentTransaction: string | null
  sentTimeNanoseconds: bigint | null
  /** Whether the block that sent it is final; a row that isn't may vanish. */
  sentFinal: boolean
  /** The least height, as clients of the source chain count, under which the sending can be proven. */
  provableHeight: bigint | null
  receivedHeight: bigint | null
  receivedTransaction: string | null
  receivedTimeNanoseconds: bigint | null
  /** Whether the block that received it is final; like the next two true where there is no such block. */
  receivedFinal: boolean
  /** Whether the receiving application took it; null until it has written an acknowledgement. */
  accepted: boolean | null
  acknowledgedHeight: bigint | null
  acknowledgedTransaction: string | null
  acknowledgedTimeNanoseconds: bigint | null
  acknowledgedFinal: boolean
  timedOutHeight: bigint | null
  timedOutTransaction: string | null
  timedOutTimeNanoseconds: bigint | null
  timedOutFinal: boolean
}

/** One ICS-20 payload of a packet; the hub columns come from the hub's own events. */
export type TransferRow = {
  sourceChainId: string
  sourceClient: string
  destinationClient: string
  sequence: bigint
  payloadIndex: number
  /** The earliest block time in which it was seen: when it was sent, once the source chain is read. */
  orderTime: bigint
  denom: string
  amount: bigint
  sender: string
  receiver: string
  memo: string
  encoding: string
  account: string | null
  subaccount: number | null
  asset: bigint | null
  line: bigint | null
  refundReason: string | null
}

const packetKey: Record<string, EntitySchemaColumnOptions> = {
  sourceChainId: key({ ...text, name: 'source_chain_id' }),
  sourceClient: key({ ...text, name: 'source_client' }),
  destinationClient: key({ ...text, name: 'destination_client' }),
  sequence: key(u64),
}

/** Entity of `PacketRow`. */
export const PacketEntity = new EntitySchema<PacketRow>({
  name: 'Packet',
  tableName: 'packet',
  columns: {
    ...packetKey,
    sourceRevision: { ...u64, name: 'source_revision' },
    destinationChainId: optional({ ...text, name: 'destination_chain_id' }),
    timeoutSeconds: { ...u64, name: 'timeout_seconds' },
    payloadCount: { ...count, name: 'payload_count' },
    ...stage('sent'),
    provableHeight: optional({ ...u64, name: 'provable_height' }),
    ...stage('received'),
    accepted: optional(flag),
    ...stage('acknowledged'),
    ...stage('timedOut', 'timed_out'),
  } as Record<keyof PacketRow, EntitySchemaColumnOptions>,
})

/** Entity of `TransferRow`. */
export const TransferEntity = new EntitySchema<TransferRow>({
  name: 'Transfer',
  tableName: 'transfer',
  columns: {
    ...packetKey,
    payloadIndex: key({ ...count, name: 'payload_index' }),
    orderTime: { ...timeNanoseconds, name: 'order_time' },
    denom: text,
    amount,
    sender: text,
    receiver: text,
    memo: text,
    encoding: text,
    account: optional(text),
    subaccount: optional(count),
    asset: optional(u64),
    line: optional(u64),
    refundReason: optional({ ...text, name: 'refund_reason' }),
  } as Record<keyof TransferRow, EntitySchemaColumnOptions>,
})

function stage(name: string, column = name): Record<string, EntitySchemaColumnOptions> {
  return {
    [`${name}Final`]: { ...flag, name: `${column}_final`, default: true },
    [`${name}Height`]: optional({ ...u64, name: `${column}_height` }),
    [`${name}Transaction`]: optional({ ...text, name: `${column}_transaction` }),
    [`${name}TimeNanoseconds`]: optional({ ...timeNanoseconds, name: `${column}_time_nanoseconds` }),
  }
}
