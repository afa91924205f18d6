import { rememberDenomination } from '@causeway/messaging'
import { z } from 'zod'
import type { ReadContext } from '../../block/context.ts'
import type { Module } from '../../block/module.ts'
import { invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import { invariants } from './invariants.ts'
import { messages } from './messages.ts'
import type { TransferMessagePorts } from './messages.ts'
import { TRANSFER_STORE, denominationPaths, hasOutgoing, outgoing, writeOutgoing } from './state.ts'
import { queries } from './queries.ts'
import type { Transfer } from './transfer.ts'

/** What the module needs beside its application. */
export interface TransferModulePorts extends TransferMessagePorts {
  /** Paths of lines that genesis lists: their vouchers must be known before the first deposit. */
  genesisPaths(context: ReadContext): readonly string[]
  /** Packets that were sent and not answered. */
  pendingPackets(context: ReadContext): readonly { readonly client: string; readonly sequence: bigint }[]
  /** Whether each packet is a transfer, and the bank records it until it is answered. */
  readonly recordsTransfers: boolean
  /** What lines say is in flight, by line. */
  inFlightByLine(context: ReadContext): ReadonlyMap<bigint, bigint>
}

const schema = z
  .strictObject({
    denominations: z.array(z.string().max(32_768)).optional(),
    outgoing: z
      .array(
        z.strictObject({
          client: z.string(),
          sequence: u64Text,
          payloadIndex: z.int().min(0),
          line: u64Text,
          amount: z.string().regex(/^[1-9][0-9]{0,77}$/, 'expected a positive decimal number'),
        }),
      )
      .optional(),
  })
  .optional()

/** The module `transfer`. */
export function transferModule(transfer: Transfer, ports: TransferModulePorts): Module {
  return {
    name: 'transfer',
    storeName: TRANSFER_STORE,
    messages: messages(transfer, ports),
    queries: queries(ports.addresses),
    initGenesis(context, state) {
      const genesis = parseGenesis('transfer', schema, state)
      const store = context.store(TRANSFER_STORE)
      for (const path of [...ports.genesisPaths(context), ...(genesis?.denominations ?? [])]) {
        rememberDenomination(store, path)
      }
      for (const [i, { line, amount, ...id }] of (genesis?.outgoing ?? []).entries()) {
        if (hasOutgoing(store, id)) throw invalidGenesis(`transfer.outgoing.${i}`, 'is named twice')
        writeOutgoing(store, id, { line, amount: BigInt(amount) })
      }
      const [broken] = invariants(context, ports)
      if (broken !== undefined) throw invalidGenesis('transfer.outgoing', broken)
    },
    exportGenesis(context) {
      const store = context.store(TRANSFER_STORE)
      return {
        denominations: denominationPaths(store),
        outgoing: [...outgoing(store)].map(([id, { line, amount }]) => ({
          client: id.client,
          sequence: id.sequence.toString(),
          payloadIndex: id.payloadIndex,
          line: line.toString(),
          amount: amount.toString(),
        })),
      }
    },
    invariants: (context) => invariants(context, ports),
  }
}
