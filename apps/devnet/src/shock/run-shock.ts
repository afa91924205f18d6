// Moves a price of a running devnet and watches until everything has come to its end.
import { connect } from '@causeway/client'
import type { Causeway } from '@causeway/client'
import { networkFault } from '@causeway/primitives'
import { poll, pause } from '../story/poll.ts'
import type { Control } from './control-file.ts'
import { DevnetRefusal } from './refusal.ts'
import { isOver, reportOf } from './report.ts'
import type { ShockReport, ToldEvent } from './report.ts'
import type { ShockFacts } from './lines.ts'

/** What is moved, and how. */
export interface ShockTerms {
  readonly control: Control
  readonly rpc: string
  readonly chainId: string
  readonly symbol: string
  /** As the user wrote it: `-40%`. */
  readonly percent: string
  readonly bps: number
  readonly waitSeconds: number
  readonly signal: AbortSignal
  /** Told of each event as it happens. */
  readonly onEvent: (event: ToldEvent) => void
}

/** What came of it. */
export interface ShockOutcome {
  readonly facts: ShockFacts
  readonly report: ShockReport
  /** By market id. */
  readonly symbols: ReadonlyMap<string, string>
}

/** The newest height, and that of the last event. */
interface Quiet {
  readonly height: bigint
  readonly since: bigint
}

const MOVED_MS_MAX = 60_000
const TIMEOUT_MS = 5_000
/** So many blocks without an event, and nothing under liquidation: it is over. */
const QUIET_BLOCKS = 16
const LOOK_MS = 250

/** Throws a refusal for a symbol that is none, `client/…` for a hub that can't be reached. */
export async function runShock(terms: ShockTerms): Promise<ShockOutcome> {
  const { rpc, chainId, symbol, percent, signal } = terms
  const causeway = await connect({ rpc, chainId })
  const events: ToldEvent[] = []
  const quiet = { height: 0n, since: 0n }
  const onEvent = (event: ToldEvent) => {
    events.push(event)
    quiet.since = BigInt(event.height)
    terms.onEvent(event)
  }
  const ends = [
    causeway.subscribe({ topic: 'liquidations' }, onEvent, () => undefined),
    causeway.subscribe(
      { topic: 'blocks' },
      ({ height }) => (quiet.height = BigInt(height)),
      () => undefined,
    ),
  ]
  const startedMs = performance.now()
  try {
    const [before, priceBefore] = await Promise.all([causeway.insurance(), priceOf(causeway, symbol)])
    const wait = { signal, timeoutMs: MOVED_MS_MAX, everyMs: LOOK_MS }
    await poll('the subscription', async () => (quiet.height > 0n ? true : undefined), wait)
    await move(terms)
    const hasMoved = async () => {
      const now = await priceOf(causeway, symbol)
      const expected = Number(priceBefore) * (1 + terms.bps / 10_000)
      return Math.abs(Number(now) / expected - 1) < 0.05 ? now : undefined
    }
    const priceAfter = await poll(`${symbol} to move on the hub`, hasMoved, wait)
    quiet.since = quiet.height
    const isQuiet = await untilQuiet(causeway, { quiet, events }, terms)
    const [after, markets] = await Promise.all([causeway.insurance(), causeway.markets()])
    return {
      facts: {
        ...{ symbol, percent, priceBefore, priceAfter, isQuiet },
        ...{ insuranceBefore: before.available, insuranceAfter: after.available },
        seconds: Math.round((performance.now() - startedMs) / 1_000),
      },
      report: reportOf(events),
      symbols: new Map(markets.map((market) => [market.id, market.symbol])),
    }
  } finally {
    for (const end of ends) end()
    causeway.close()
  }
}

async function move({ control, symbol, bps }: ShockTerms): Promise<void> {
  let response: Response
  try {
    response = await fetch(`${control.url}/move`, {
      method: 'POST',
      headers: { authorization: `Bearer ${control.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ symbol, bps }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (error) {
    throw new DevnetRefusal(`the devnet's exchange can't be reached: ${networkFault(error as Error)}`)
  }
  if (response.ok) return
  const { error = response.statusText } = (await response.json().catch(() => ({}))) as { error?: string }
  throw new DevnetRefusal(`the devnet's exchange refused: ${error}`)
}

async function priceOf(causeway: Causeway, symbol: string): Promise<string> {
  const rows = await causeway.prices()
  const row = rows.find((each) => each.symbol === symbol)
  if (row?.price !== undefined) return row.price
  const known = rows.map((each) => each.symbol).join(', ')
  throw new DevnetRefusal(`the hub has no price of ${symbol}: name one of ${known}`)
}

/** False when patience ended first. */
async function untilQuiet(
  causeway: Causeway,
  { quiet, events }: { readonly quiet: Quiet; readonly events: readonly ToldEvent[] },
  { waitSeconds, signal }: ShockTerms,
): Promise<boolean> {
  const until = performance.now() + waitSeconds * 1_000
  while (performance.now() < until) {
    signal.throwIfAborted()
    // Events may be told some blocks late: each liquidation that was told of has to be told over.
    const isStill = quiet.height - quiet.since >= QUIET_BLOCKS && reportOf(events).accounts.every(isOver)
    if (isStill && (await causeway.liquidations()).length === 0) return true
    await pause(LOOK_MS, signal)
  }
  return false
}
