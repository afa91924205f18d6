// Margin calls joined to standby lines, risk and balances.
import { IBC_STORE_NAME, clientStatus, createLightClientRegistry } from '@causeway/messaging'
import type { LightClient } from '@causeway/messaging'
import { heldAsset } from './compose-risk.ts'
import { amountOf, lineOf, standbyPath, standbyToken } from './compose-settlement.ts'
import type { InUse, Linking } from './compose-accounts.ts'
import type { Foundation } from './compose.ts'
import type { Module } from './block/module.ts'
import { createCalls } from './modules/calls/calls.ts'
import type { Calls } from './modules/calls/calls.ts'
import { callsModule } from './modules/calls/module.ts'
import type { CallsPorts } from './modules/calls/ports.ts'
import { CALLS_STORE, hasCalls } from './modules/calls/state.ts'
import type { ClearingMessages } from './modules/clearing/ports.ts'
import { isOwnLine, linesOf, moveLines } from './modules/clearing/standby.ts'
import { isPaused } from './modules/ledger/pauses.ts'
import { LEDGER_STORE, readAsset } from './modules/ledger/state.ts'
import type { Risk } from './modules/risk/risk.ts'

/** What margin calls need; what is a function is asked for when a block runs. */
export interface CallsParts {
  readonly lightClients: readonly LightClient[]
  readonly messages: Pick<ClearingMessages, 'sendMarginCall'>
  risk(): Risk
}

/** Margin calls of a hub. */
export interface JoinedCalls {
  readonly calls: Calls
  /** Ends a block after risk. */
  readonly module: Module
  readonly linking: Required<Pick<Linking, 'inUse' | 'move'>>
}

/** Joins them. */
export function joinCalls(foundation: Foundation, parts: CallsParts): JoinedCalls {
  const ports = callsPorts(foundation, parts)
  const calls = createCalls(ports)
  return { calls, module: callsModule(calls, ports), linking: { inUse: [callsInUse], move: [moveLines] } }
}

const callsInUse: InUse = (context, account) =>
  hasCalls(context.store(CALLS_STORE), account) ? 'a margin call under way' : undefined

function callsPorts({ addresses, accounts, ledger }: Foundation, parts: CallsParts): CallsPorts {
  const lightClients = createLightClientRegistry(parts.lightClients)
  return {
    addresses,
    risk: {
      level: (context, holder) => parts.risk().level(context, holder),
      atLevel: (context, level) => parts.risk().atLevel(context, level),
      figures: (context, holder) => parts.risk().figures(context, holder),
      isFresh: (context, holder) => parts.risk().isFresh(context, holder),
    },
    lines: linesOf,
    isOwn: (context, holder, line) => isOwnLine(context, accounts, holder, line),
    token(context, { client, token }) {
      const line = lineOf(context, standbyPath(client, token))
      return line?.listed === true ? { asset: line.asset, token: standbyToken(token) } : undefined
    },
    cover(context, holder, asset, amount) {
      const valued = amountOf(context, parts, asset, amount)
      const { initialValueE6, valueE6, priceState } = valued
      const isCounted = parts.risk().counts(context, holder, valued)
      return { valueE6, initialE6: isCounted ? initialValueE6 : 0n, isFresh: priceState === 'fresh' }
    },
    isOpen(context, { client, token }) {
      const line = lineOf(context, standbyPath(client, token))
      if (line?.listed !== true || isPaused(context, line)) return false
      const store = context.store(IBC_STORE_NAME)
      return clientStatus(store, lightClients, client, context.timeNanoseconds) === 'Active'
    },
    send: (context, client, line, amount) => parts.messages.sendMarginCall(context, client, line, amount),
    held: (context, holder, asset) => heldAsset(context, holder, asset)?.amount ?? 0n,
    reward(context, from, to, asset, amount) {
      const { denom } = readAsset(context.store(LEDGER_STORE), asset)
      ledger.move(context, from, { account: to, subaccount: 0 }, { id: asset, denom }, amount)
    },
  }
}
