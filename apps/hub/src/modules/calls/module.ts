import { fromHex, toHex } from '@causeway/primitives'
import { QueryMarginCallsRequest, QueryMarginCallsResponse } from '@causeway/protocol/causeway/calls/v1/query'
import { z } from 'zod'
import { defineQuery } from '../../block/module.ts'
import type { Module, QueryMethod } from '../../block/module.ts'
import { invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import type { Calls } from './calls.ts'
import type { CallsPorts } from './ports.ts'
import {
  CALLS_STORE,
  beginWait,
  callsOf,
  readCall,
  readLastWait,
  readWait,
  waits,
  writeCall,
  writeLastWait,
} from './state.ts'

const decimal = z.string().regex(/^[1-9][0-9]{0,77}$/, 'expected a positive decimal number')
const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `expected ${bytes} bytes in hex`)
const wait = z.strictObject({ holder: z.string(), sinceSeconds: u64Text })

const schema = z
  .strictObject({
    calls: z
      .array(
        z.strictObject({
          client: z.string().min(1).max(64),
          line: hex(32),
          account: hex(20),
          subaccount: z.int().min(0).max(0xffff),
          sequence: u64Text,
          token: z.string().min(1).max(512),
          asset: u64Text,
          amount: decimal,
          timeSeconds: u64Text,
          pulled: decimal.or(z.literal('')),
          answeredSeconds: u64Text,
          delivered: decimal.or(z.literal('')),
          relayer: hex(20).or(z.literal('')),
        }),
      )
      .optional(),
    waits: z.array(wait).optional(),
    lastWaits: z.array(wait).optional(),
  })
  .optional()

/** The module `calls`: ends a block after risk. */
export function callsModule(calls: Calls, ports: CallsPorts): Module {
  const { addresses } = ports
  return {
    name: 'calls',
    storeName: CALLS_STORE,
    messages: [],
    queries: [marginCallsQuery(calls, ports)],
    initGenesis(context, state) {
      const genesis = parseGenesis('calls', schema, state)
      const store = context.store(CALLS_STORE)
      for (const [i, entry] of (genesis?.calls ?? []).entries()) {
        const [line, account, relayer] = [fromHex(entry.line), fromHex(entry.account), fromHex(entry.relayer)]
        const call = { ...entry, line, account, relayer }
        if (readCall(store, call) !== undefined) throw invalidGenesis(`calls.calls.${i}`, 'is named twice')
        writeCall(store, call)
      }
      for (const { holder, sinceSeconds } of genesis?.waits ?? [])
        beginWait(store, addresses.decodeHolder(holder), { sinceSeconds })
      for (const { holder, sinceSeconds } of genesis?.lastWaits ?? [])
        writeLastWait(store, addresses.decodeHolder(holder), { sinceSeconds })
    },
    exportGenesis(context) {
      const store = context.store(CALLS_STORE)
      const listed = (which: 'wait' | 'lastWait') =>
        waits(store, which).map(([holder, { sinceSeconds }]) => ({
          holder: addresses.encodeHolder(holder),
          sinceSeconds: sinceSeconds.toString(),
        }))
      return {
        calls: callsOf(store).map((call) => ({
          ...call,
          line: toHex(call.line),
          account: toHex(call.account),
          sequence: call.sequence.toString(),
          asset: call.asset.toString(),
          timeSeconds: call.timeSeconds.toString(),
          answeredSeconds: call.answeredSeconds.toString(),
          relayer: toHex(call.relayer),
        })),
        waits: listed('wait'),
        lastWaits: listed('lastWait'),
      }
    },
    endBlock: calls.endBlock,
    invariants(context) {
      const store = context.store(CALLS_STORE)
      return waits(store)
        .filter(([holder, { sinceSeconds }]) => readLastWait(store, holder)?.sinceSeconds !== sinceSeconds)
        .map(([holder]) => `calls: ${addresses.encodeHolder(holder)} waits, and not by its last wait`)
    },
  }
}

function marginCallsQuery(calls: Calls, ports: CallsPorts): QueryMethod {
  return defineQuery({
    path: '/causeway.calls.v1.Query/MarginCalls',
    requestTypeName: 'causeway.calls.v1.QueryMarginCallsRequest',
    requestCodec: QueryMarginCallsRequest,
    responseCodec: QueryMarginCallsResponse,
    answer(context, { account }) {
      const holder = ports.addresses.decodeHolder(account)
      const store = context.store(CALLS_STORE)
      return {
        level: ports.risk.level(context, holder),
        lines: [...ports.lines(context, holder)],
        calls: callsOf(store, holder),
        waiting: readWait(store, holder) !== undefined && calls.isWaiting(context, holder),
        lastWaitSeconds: readLastWait(store, holder)?.sinceSeconds ?? 0n,
        height: context.height,
      }
    },
  })
}
