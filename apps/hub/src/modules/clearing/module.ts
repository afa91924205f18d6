import { equalBytes, fromHex, toHex } from '@causeway/primitives'
import { z } from 'zod'
import type { ReadContext } from '../../block/context.ts'
import type { Module } from '../../block/module.ts'
import { invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import type { ClearingModulePorts } from './ports.ts'
import { queries } from './queries.ts'
import { isOpen, keepStandbyLine, linesOf } from './standby.ts'
import {
  CLEARING_STORE,
  outgoingMessages,
  readOutgoing,
  readStandbyLine,
  standbyLines,
  writeOutgoing,
} from './state.ts'

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `expected ${bytes} bytes in hex`)
const client = z.string().min(1).max(64)

const schema = z
  .strictObject({
    standbyLines: z
      .array(
        z.strictObject({
          client,
          line: hex(32),
          token: hex(32),
          amount: z.string().regex(/^[1-9][0-9]{0,77}$/, 'expected a positive decimal number'),
          expirySeconds: u64Text,
          account: hex(20),
          subaccount: z.int().min(0).max(0xffff),
          status: z.enum(['locked', 'called', 'void']),
          called: z.string().regex(/^([1-9][0-9]{0,77})?$/, 'expected a decimal number'),
        }),
      )
      .optional(),
    outgoing: z
      .array(
        z.strictObject({
          client,
          sequence: u64Text,
          kind: z.union([z.literal(3), z.literal(4)]),
          target: hex(32),
          status: z.enum(['sent', 'succeeded', 'refused', 'timed out']),
        }),
      )
      .optional(),
  })
  .optional()

/** The module `clearing`. */
export function clearingModule(ports: ClearingModulePorts): Module {
  return {
    name: 'clearing',
    storeName: CLEARING_STORE,
    messages: [],
    queries,
    initGenesis(context, state) {
      const genesis = parseGenesis('clearing', schema, state)
      const store = context.store(CLEARING_STORE)
      for (const [i, entry] of (genesis?.standbyLines ?? []).entries()) {
        const [line, token, account] = [fromHex(entry.line), fromHex(entry.token), fromHex(entry.account)]
        if (readStandbyLine(store, entry.client, line) !== undefined)
          throw invalidGenesis(`clearing.standbyLines.${i}`, 'is named twice')
        keepStandbyLine(context, ports, { ...entry, line, token, account })
      }
      for (const [i, entry] of (genesis?.outgoing ?? []).entries()) {
        if (readOutgoing(store, entry.client, entry.sequence) !== undefined)
          throw invalidGenesis(`clearing.outgoing.${i}`, 'is named twice')
        writeOutgoing(store, { ...entry, target: fromHex(entry.target) })
      }
      const [broken] = invariants(context, ports)
      if (broken !== undefined) throw invalidGenesis('clearing.outgoing', broken)
    },
    exportGenesis(context) {
      const store = context.store(CLEARING_STORE)
      return {
        standbyLines: standbyLines(store).map((standby) => ({
          ...standby,
          line: toHex(standby.line),
          token: toHex(standby.token),
          expirySeconds: standby.expirySeconds.toString(),
          account: toHex(standby.account),
        })),
        outgoing: outgoingMessages(store).map((message) => ({
          ...message,
          sequence: message.sequence.toString(),
          target: toHex(message.target),
        })),
      }
    },
    invariants: (context) => invariants(context, ports),
  }
}

/** What is under way has its commitment: else no answer would ever end it. A subaccount finds its lines. */
function invariants(context: ReadContext, ports: ClearingModulePorts): readonly string[] {
  const lost = standbyLines(context.store(CLEARING_STORE)).filter((standby) => {
    const { client, line, account, subaccount } = standby
    const holder = { account: ports.owner(context, account), subaccount }
    const isNamed = linesOf(context, holder).some(
      (named) => named.client === client && equalBytes(named.line, line),
    )
    return isNamed !== isOpen(standby)
  })
  return [
    ...lost.map(({ client, line }) => `clearing: nobody, or somebody, finds line ${client}/${toHex(line)}`),
    ...orphans(context, ports),
  ]
}

function orphans(context: ReadContext, { pendingPackets }: ClearingModulePorts): readonly string[] {
  const pending = new Set(pendingPackets(context).map((packet) => `${packet.client}/${packet.sequence}`))
  return outgoingMessages(context.store(CLEARING_STORE))
    .filter(({ status }) => status === 'sent')
    .map((message) => `${message.client}/${message.sequence}`)
    .filter((packet) => !pending.has(packet))
    .map((packet) => `clearing: ${packet} is under way without a commitment`)
}
