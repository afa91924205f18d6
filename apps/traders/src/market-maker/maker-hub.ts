// The hub over the client library, with the account of a maker, whose trade messages are free.
import { formatUnits, parseUnits } from 'viem'
import type { Causeway, MarketRow, SmileRow, SurfaceRow, Trader, UnderlyingRow } from '@causeway/client'
import type { MarketMakerConfig } from '../config/market-maker-config.ts'
import { isNear, readReference } from '../reference/reference-prices.ts'
import type { SeenMarket } from './choose-markets.ts'
import type { MakerMetrics } from './maker-metrics.ts'
import type { MakerHub } from './market-maker.ts'
import type { Smile } from './option-fair.ts'
import type { SeenPrice, SeenUnderlying, UnderlyingQuotes } from './plan-quotes.ts'

/** What a maker's hub is made of. */
export interface MakerHubParts {
  readonly causeway: Causeway
  readonly trader: Trader
  readonly config: MarketMakerConfig
  readonly metrics: MakerMetrics
  readonly now: () => number
  /** Told what the subscription to blocks misses. */
  readonly onError?: (error: Error) => void
}

/** Its end. */
export type OpenMakerHub = MakerHub & { close(): void }

const MARKETS_KEPT_MS = 60_000
/** For a block: less than the devnet's end waits for its parts. */
const WAIT = { waitSeconds: 8 } as const
const [E9, E12] = [9, 12]
const ONE_E9 = 10n ** 9n

/** Opens it. Throws `client/44` while there is no such account. */
export async function openMakerHub(parts: MakerHubParts): Promise<OpenMakerHub> {
  const { causeway, trader, config, onError = () => undefined } = parts
  const account = await trader.account()
  const rows = chosen(await causeway.underlyings(), config.underlyings)
  let newest: bigint | undefined
  const end = causeway.subscribe({ topic: 'blocks' }, ({ height }) => (newest = BigInt(height)), onError)
  const marketsOf = keep((asset: string) => causeway.markets(asset), MARKETS_KEPT_MS, parts.now)
  const prices = () => readPrices(parts, rows)
  return {
    height: async () => newest ?? BigInt(await causeway.height()),
    prices,
    async look() {
      const [seenPrices, portfolio] = await Promise.all([
        prices(),
        causeway.portfolio(account, config.subaccount),
      ])
      tell(parts.metrics, portfolio)
      return {
        timeSeconds: BigInt(portfolio.timeSeconds),
        underlyings: await Promise.all(
          rows.map((row) => readUnderlying(causeway, row, seenPrices.get(row.name)!, marketsOf)),
        ),
        positions: new Map(portfolio.positions.map(({ market, size }) => [market, parseUnits(size, E9)])),
      }
    },
    quote: async ({ name, quotes }) => void (await trader.massQuote(name, quotes.map(inWords), WAIT)),
    async protect(name, indexE9) {
      const { windowSeconds, notional } = config.protection
      if (indexE9 === 0n) return // it is not quoted while it has no price
      const size = formatUnits((notional * 1_000n * ONE_E9) / indexE9, E9)
      await trader.setProtection(name, { windowSeconds, size }, WAIT)
    },
    stayAlive: async (seconds) => void (await trader.cancelAllAfter(seconds, WAIT)),
    close: end,
  }
}

function chosen(rows: readonly UnderlyingRow[], names: readonly string[]): readonly UnderlyingRow[] {
  return names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name))
}

async function readPrices(
  { causeway, config: { reference }, now }: MakerHubParts,
  underlyings: readonly UnderlyingRow[],
): Promise<Map<string, SeenPrice>> {
  const [prices, references] = await Promise.all([
    causeway.prices(),
    reference === undefined ? undefined : readReference(reference, now),
  ])
  return new Map(
    underlyings.map(({ name, asset }) => {
      const row = prices.find((each) => each.asset === asset)
      const indexE9 = parseUnits(row?.price ?? '0', E9)
      const isTrusted =
        reference === undefined || isNear(indexE9, references?.get(asset), reference.deviationBps)
      return [name, { indexE9, isFresh: row?.status === 'fresh' && isTrusted }]
    }),
  )
}

async function readUnderlying(
  causeway: Pick<Causeway, 'surface'>,
  { name, asset, grids }: UnderlyingRow,
  price: SeenPrice,
  marketsOf: (asset: string) => Promise<readonly MarketRow[]>,
): Promise<SeenUnderlying> {
  const hasOptions = grids.option !== undefined
  const [markets, surface] = await Promise.all([
    marketsOf(asset),
    hasOptions ? causeway.surface(asset) : undefined,
  ])
  return {
    ...{ name, hasOptions, indexE9: price.indexE9, isFresh: price.isFresh },
    smiles: surface?.status === 'fresh' ? smilesOf(surface) : [],
    markets: markets.map(seenMarket),
  }
}

function seenMarket(row: MarketRow): SeenMarket {
  return {
    ...{ symbol: row.symbol, kind: row.kind, status: row.status },
    ...{ tickE9: parseUnits(row.tick, E9), lotE9: parseUnits(row.lot, E9) },
    expirySeconds: BigInt(row.expirySeconds ?? 0),
    strikeE9: parseUnits(row.strike ?? '0', E9),
    isCall: row.optionType === 'call',
  }
}

function smilesOf({ smiles }: SurfaceRow): Smile[] {
  const svi = (text: string) => parseUnits(text, E12)
  return smiles.map((row: SmileRow) => ({
    expirySeconds: BigInt(row.expirySeconds),
    ...{ aE12: svi(row.a), bE12: svi(row.b), rhoE12: svi(row.rho) },
    ...{ mE12: svi(row.m), sigmaE12: svi(row.sigma) },
    forwardRefE9: parseUnits(row.forwardRef, E9),
    tauRefSeconds: BigInt(row.tauRefSeconds),
    forwardRatioE9: parseUnits(row.forwardRatio, E9),
    rateE9: parseUnits(row.rate, E9),
  }))
}

/** Quotes as the client library takes them: decimals as text. */
function inWords({ market, bidE9, bidSizeE9, askE9, askSizeE9 }: UnderlyingQuotes['quotes'][number]) {
  const side = (priceE9: bigint, sizeE9: bigint) => ({
    price: formatUnits(priceE9, E9),
    size: formatUnits(sizeE9, E9),
  })
  return {
    market,
    ...(bidSizeE9 === 0n ? {} : { bid: side(bidE9, bidSizeE9) }),
    ...(askSizeE9 === 0n ? {} : { ask: side(askE9, askSizeE9) }),
  }
}

function tell(metrics: MakerMetrics, portfolio: Awaited<ReturnType<Causeway['portfolio']>>): void {
  metrics.set('maker_equity', Number(portfolio.equity))
  metrics.set('maker_initial_margin', Number(portfolio.initialMarginWithOrders))
  for (const { market, size } of portfolio.positions) metrics.set('maker_position', Number(size), { market })
}

/** Remembers answers for a while. */
function keep<Value>(
  ask: (key: string) => Promise<Value>,
  milliseconds: number,
  now: () => number,
): (key: string) => Promise<Value> {
  const known = new Map<string, { readonly value: Value; readonly at: number }>()
  return async (key) => {
    const found = known.get(key)
    if (found !== undefined && now() - found.at < milliseconds) return found.value
    const value = await ask(key)
    known.set(key, { value, at: now() })
    return value
  }
}
