import { fromHex, fromUtf8, toHex } from '@causeway/primitives'
import { QueryExitClaimsRequest, QueryExitClaimsResponse } from '@causeway/protocol/causeway/exit/v1/query'
import { MsgPublishExitClaim, MsgPublishExitClaimResponse } from '@causeway/protocol/causeway/exit/v1/tx'
import { z } from 'zod'
import type { ReadContext } from '../../block/context.ts'
import { defineMessage, defineQuery } from '../../block/module.ts'
import type { MessageType, Module, QueryMethod } from '../../block/module.ts'
import { amountText, invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import { exitClaimKey, exitTotalKey, readExitClaim, readExitTotal } from './exit.ts'
import type { Exit } from './exit.ts'
import type { ExitPorts } from './ports.ts'
import {
  EXIT_STORE,
  hasRegistration,
  holdings,
  readHolding,
  registrationsFrom,
  registrationsOf,
  writeHolding,
  writeRegistration,
} from './state.ts'

const CLAIMS_SHOWN_MAX = 1_000
const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `expected ${bytes} bytes in hex`)

const schema = z
  .strictObject({
    registrations: z
      .array(z.strictObject({ account: hex(20), asset: u64Text, line: u64Text, recipient: hex(32) }))
      .optional(),
    fees: z.array(z.strictObject({ account: hex(20), asset: u64Text, amount: amountText })).optional(),
  })
  .optional()

/** The module `exit`. */
export function exitModule(exit: Exit, ports: ExitPorts): Module {
  return {
    name: 'exit',
    storeName: EXIT_STORE,
    messages: [publishMessage(exit, ports)],
    queries: [claimsQuery(ports)],
    initGenesis(context, state) {
      const genesis = parseGenesis('exit', schema, state)
      const store = context.store(EXIT_STORE)
      for (const [i, entry] of (genesis?.registrations ?? []).entries()) {
        const account = fromHex(entry.account)
        const registration = { ...entry, account, recipient: fromHex(entry.recipient) }
        const path = `exit.registrations.${i}`
        if (hasRegistration(store, registration)) throw invalidGenesis(path, 'is named twice')
        if (![...ports.linesOf(context, entry.asset)].some(({ id }) => id === entry.line))
          throw invalidGenesis(`${path}.line`, 'expected a line of the asset')
        const held = ports.held(context, account, entry.asset)
        writeHolding(store, account, entry.asset, { held, feesSince: 0n })
        writeRegistration(store, registration)
      }
      for (const [i, { account, asset, amount }] of (genesis?.fees ?? []).entries()) {
        const holding = readHolding(store, fromHex(account), asset)
        if (holding === undefined) throw invalidGenesis(`exit.fees.${i}`, 'expected an account with a claim')
        writeHolding(store, fromHex(account), asset, { ...holding, feesSince: amount })
      }
      const [broken] = invariants(context, ports)
      if (broken !== undefined) throw invalidGenesis('exit', broken)
    },
    exportGenesis: (context) => ({
      registrations: [...registrationsFrom(context.store(EXIT_STORE))].map((registration) => ({
        account: toHex(registration.account),
        asset: registration.asset.toString(),
        line: registration.line.toString(),
        recipient: toHex(registration.recipient),
      })),
      fees: [...holdings(context.store(EXIT_STORE))]
        .filter(({ feesSince }) => feesSince > 0n)
        .map(({ account, asset, feesSince }) => ({
          account: toHex(account),
          asset: asset.toString(),
          amount: feesSince.toString(),
        })),
    }),
    endBlock: (context) => exit.refresh(context),
    invariants: (context) => invariants(context, ports),
  }
}

function publishMessage(exit: Exit, { addresses }: ExitPorts): MessageType {
  return defineMessage({
    typeName: 'causeway.exit.v1.MsgPublishExitClaim',
    codec: MsgPublishExitClaim,
    responseCodec: MsgPublishExitClaimResponse,
    lane: 4,
    signer: (message) => addresses.decode(message.sender),
    handle(context, message) {
      const amount = exit.publish(context, message).toString()
      const { sender, denom, recipient } = message
      context.emit('causeway.exit.v1.claim', { account: sender, denom, recipient, amount })
      return { amount }
    },
  })
}

function claimsQuery(ports: ExitPorts): QueryMethod {
  return defineQuery({
    path: '/causeway.exit.v1.Query/ExitClaims',
    requestTypeName: 'causeway.exit.v1.QueryExitClaimsRequest',
    requestCodec: QueryExitClaimsRequest,
    responseCodec: QueryExitClaimsResponse,
    answer(context, request) {
      const account = ports.addresses.decode(request.account)
      const registrations = registrationsOf(context.store(EXIT_STORE), account).slice(0, CLAIMS_SHOWN_MAX)
      const claims = registrations.map(({ asset, line, recipient }) => {
        const { denom } = [...ports.linesOf(context, asset)].find(({ id }) => id === line)!
        const key = exitClaimKey(request.account, denom)
        const value = ports.readClaim(context, key)
        const amount = value === undefined ? 0n : readExitClaim(value).amount
        return { line, key, recipient, amount: amount.toString() }
      })
      return { claims, height: context.height }
    },
  })
}

/**
 * What is counted of accounts with claims is what they hold; no claims of an asset exceed it, and the fees
 * paid since, together; every claim is registered, and the sum of a line's claims is kept.
 */
function invariants(context: ReadContext, ports: ExitPorts): readonly string[] {
  const store = context.store(EXIT_STORE)
  const broken: string[] = []
  const expected = new Map<string, bigint>()
  const add = (key: Uint8Array, amount: bigint) =>
    expected.set(toHex(key), (expected.get(toHex(key)) ?? 0n) + amount)
  for (const { account, asset, held, feesSince } of holdings(store)) {
    const owner = ports.addresses.encode(account)
    const holds = ports.held(context, account, asset)
    if (held !== holds) broken.push(`exit: ${owner} holds ${holds} of asset ${asset}, counted ${held}`)
    let sum = 0n
    for (const { line } of registrationsOf(store, account, asset)) {
      const denom = [...ports.linesOf(context, asset)].find(({ id }) => id === line)?.denom
      const value = denom === undefined ? undefined : ports.readClaim(context, exitClaimKey(owner, denom))
      if (denom === undefined || value === undefined) continue
      const { amount } = readExitClaim(value)
      sum += amount
      add(exitClaimKey(owner, denom), amount)
      add(exitTotalKey(denom), amount)
    }
    if (sum > holds + feesSince) broken.push(`exit: ${owner} claims ${sum} of asset ${asset}, holds ${holds}`)
  }
  for (const [key, value] of ports.claims(context)) {
    if (value.length !== 32 && value.length !== 64) {
      broken.push(`exit: ${fromUtf8(key)} is no claim`)
      continue
    }
    const written = value.length === 32 ? readExitTotal(value) : readExitClaim(value).amount
    const claimed = expected.get(toHex(key)) ?? 0n
    expected.delete(toHex(key))
    if (written !== claimed) broken.push(`exit: ${fromUtf8(key)} says ${written}, claimed are ${claimed}`)
  }
  for (const key of expected.keys()) broken.push(`exit: ${fromUtf8(fromHex(key))} is not written`)
  return broken
}
