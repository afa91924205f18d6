// A block's begin for the vault, top to bottom: what it is worth, requests that are due, quotes.
import type { Context } from '../../block/context.ts'
import { emitStatus } from './events.ts'
import { readParams } from './params.ts'
import type { Figures, VaultPorts } from './ports.ts'
import { hasLost, sellingE18 } from './pure/shares.ts'
import { endQuotes, quote } from './quoting.ts'
import { executeDue } from './requests.ts'
import { closeEnded } from './results.ts'
import { VAULT_STORE, readTotals, readWorth, requests, writeTotals } from './state.ts'
import type { Status } from './state.ts'
import { dayHighE18, figuresNow, sample } from './worth.ts'

const HOUR_SECONDS = 3_600n

/** Begins a block: after prices, margin and liquidation, before the orders that share its auctions. */
export function beginBlock(context: Context, ports: VaultPorts): void {
  const store = context.store(VAULT_STORE)
  const { enabled } = readParams(store)
  const totals = readTotals(store)
  if (enabled === 0n && totals.status === 'off' && totals.shares === 0n && !isAsked(context)) return
  // 1. What it is worth
  const isNewHour = readWorth(store, 'hour', context.timeSeconds / HOUR_SECONDS) === undefined
  let figures = figuresNow(context, ports)
  if (figures !== undefined) sample(context, figures.valueE6)
  if (isNewHour) closeEnded(context, ports.markets)
  // 2. Requests
  let isShort = false
  if (figures !== undefined) {
    const spendableE6 = figures.initialE6 > 0n ? figures.initialE6 : 0n
    isShort = executeDue(context, ports, { spendableE6, worthE6: figures.valueE6 })
    figures = figuresNow(context, ports)
  }
  // 3. Quotes
  const status = statusOf(context, ports, figures)
  const { status: before } = totals
  if (status !== before) {
    writeTotals(store, { ...readTotals(store), status })
    emitStatus(context, status, before)
  }
  if (status === 'quoting' && figures !== undefined) quote(context, ports, figures, isShort)
  else endQuotes(context, ports)
}

function isAsked(context: Context): boolean {
  for (const kind of ['deposit', 'withdrawal'] as const)
    for (const _ of requests(context.store(VAULT_STORE), kind)) return true
  return false
}

/** Whether it quotes, or why not. */
function statusOf(context: Context, { risk, vault }: VaultPorts, figures: Figures | undefined): Status {
  const store = context.store(VAULT_STORE)
  const { enabled, lossBps } = readParams(store)
  if (enabled === 0n) return 'off'
  if (figures === undefined) return 'prices'
  if (risk.isBelowMaintenance(context, vault) || figures.maintenanceE6 < 0n) return 'margin'
  const nowE18 = sellingE18({ worthE6: figures.valueE6, shares: readTotals(store).shares })
  return hasLost(nowE18, dayHighE18(context), lossBps) ? 'loss' : 'quoting'
}
