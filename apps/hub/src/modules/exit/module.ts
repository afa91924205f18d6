import { fromHex, toHex } from '@causeway/primitives'
import { QueryExitClaimsRequest, QueryExitClaimsResponse } from '@causeway/protocol/causeway/exit/v1/query'
import { MsgPublishExitClaim, MsgPublishExitClaimResponse } from '@causeway/protocol/causeway/exit/v1/tx'
import { z } from 'zod'
import type { ReadContext } from '../../block/context.ts'
import { defineMessage, defineQuery } from '../../block/module.ts'
import type { MessageType, Module, QueryMethod } from '../../block/module.ts'
import { invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import { exitClaimKey, readExitClaim } from './exit.ts'
import type { Exit } from './exit.ts'
import type { ExitPorts } from './ports.ts'
import {
  EXIT_STORE,
  hasRegistration,
  readHeld,
  registrationsFrom,
  registrationsOf,
  writeHeld,
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
        writeHeld(store, account, entry.asset, ports.held(context, account, entry.asset))
        writeRegistration(store, registration)
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

/** What is counted of accounts with claims is what they hold; no claims of an asset exceed it together. */
function invariants(context: ReadContext, ports: ExitPorts): readonly string[] {
  const store = context.store(EXIT_STORE)
  const broken: string[] = []
  const claimed = new Map<string, bigint>()
  for (const { account, asset, line } of registrationsFrom(store)) {
    const owner = ports.addresses.encode(account)
    const held = ports.held(context, account, asset)
    if (readHeld(store, account, asset) !== held)
      broken.push(
        `exit: ${owner} holds ${held} of asset ${asset}, counted ${readHeld(store, account, asset)}`,
      )
    const denom = [...ports.linesOf(context, asset)].find(({ id }) => id === line)?.denom
    const value = denom === undefined ? undefined : ports.readClaim(context, exitClaimKey(owner, denom))
    const sum =
      (claimed.get(`${owner} ${asset}`) ?? 0n) + (value === undefined ? 0n : readExitClaim(value).amount)
    claimed.set(`${owner} ${asset}`, sum)
    if (sum > held) broken.push(`exit: ${owner} claims ${sum} of asset ${asset} and holds ${held}`)
  }
  return broken
}
