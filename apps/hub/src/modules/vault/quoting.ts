// The vault's quotes of a block: prices by the rule, sizes by its margin; an order is replaced only where the
// rule has moved away from it. At most as many markets as the parameters say are looked at.
import type { Quotes, QuotedMarket } from '@causeway/protocol/causeway/vault/v1/vault'
import type { Context } from '../../block/context.ts'
import { chooseMarkets, isQuotable } from './choose-markets.ts'
import { look, valueIn } from './look.ts'
import type { Seen } from './look.ts'
import { readParams } from './params.ts'
import type { Figures, VaultMarket, VaultPorts } from './ports.ts'
import { doesFor, linearHalfE9, quotePrices, quoteSizes, shareOf } from './pure/quote-rule.ts'
import type { TwoSides } from './pure/quote-rule.ts'
import { VAULT_STORE, readQuotes, writeQuotes } from './state.ts'

/** So often it is decided anew which markets are quoted. */
const CHOOSE_BLOCKS = 50n
const SIDES = 2n
/** A perpetual, future or spot market is quoted for so many times as much as an option. */
const LINEAR_WEIGHT = 4n
/** An order requires at most 25 % of its notional; a bid for an option its premium, where that is more. */
const NOTIONAL_PARTS = 4n
const E9 = 1_000_000_000n
const E12 = 10n ** 12n

/** What a block quotes by. */
interface Plan {
  readonly figures: Figures
  readonly seen: ReadonlyMap<bigint, Seen>
  /** Notional of a side of an option, micro-cash. */
  readonly unitE6: bigint
  readonly onlyReduces: boolean
  /** Underlyings whose options are all due: their index has moved by more than half of the spread. */
  readonly moved: ReadonlySet<bigint>
}

/** Quotes; `isShort`: withdrawals wait for cash, so that only what reduces is quoted. */
export function quote(context: Context, ports: VaultPorts, figures: Figures, isShort: boolean): void {
  const store = context.store(VAULT_STORE)
  const before = readQuotes(store)
  const quoted = chosen(context, ports, before)
  const markets = quoted.flatMap(({ market }) => ports.markets.market(context, market) ?? [])
  const seen = look(context, ports, new Set(markets.map(({ underlying }) => underlying)), figures)
  const plan = planOf(context, { figures, seen, isShort, markets, before })
  const byId = new Map(markets.map((market) => [market.id, market]))
  const after = quoted.map((each) => {
    const market = byId.get(each.market)
    return market === undefined ? each : quoteMarket(context, ports, plan, { market, each })
  })
  const moved = plan.moved.size > 0
  const isChanged =
    after.length !== before.markets.length || after.some((each, i) => each !== before.markets[i])
  if (isChanged || moved) writeQuotes(store, { markets: after, references: references(before, plan) })
}

/** Ends all quotes. */
export function endQuotes(context: Context, ports: VaultPorts): void {
  const store = context.store(VAULT_STORE)
  const { markets } = readQuotes(store)
  if (markets.length === 0) return
  for (const each of markets) end(context, ports, each)
  writeQuotes(store, { markets: [], references: [] })
}

/** The markets that are quoted, with their orders; those of markets that are not any more end. */
function chosen(context: Context, ports: VaultPorts, { markets: before }: Quotes): readonly QuotedMarket[] {
  if (before.length > 0 && context.height % CHOOSE_BLOCKS !== 0n) return before
  const { marketsMax } = readParams(context.store(VAULT_STORE))
  const most = Number(least(marketsMax, ports.markets.ordersMax(context) / SIDES))
  const known = new Map(before.map((each) => [each.market, each]))
  const chosen = chooseMarkets(context, ports, most).map(
    (market) => known.get(market) ?? { market, bidOrder: 0n, askOrder: 0n },
  )
  const stays = new Set(chosen.map(({ market }) => market))
  for (const each of before) if (!stays.has(each.market)) end(context, ports, each)
  return chosen
}

function planOf(
  context: Context,
  {
    figures,
    seen,
    isShort,
    markets,
    before,
  }: Pick<Plan, 'figures' | 'seen'> & {
    readonly isShort: boolean
    readonly markets: readonly VaultMarket[]
    readonly before: Quotes
  },
): Plan {
  const { marginBps, turnBlocks } = readParams(context.store(VAULT_STORE))
  const { valueE6, initialE6 } = figures
  const requiredE6 = valueE6 - initialE6
  const budgetE6 = shareOf(valueE6, marginBps) - requiredE6
  const onlyReduces = isShort || budgetE6 <= 0n
  const weights = markets.reduce((sum, { kind }) => sum + (kind === 'option' ? 1n : LINEAR_WEIGHT), 0n)
  const unitE6 = weights === 0n || onlyReduces ? 0n : (budgetE6 * NOTIONAL_PARTS) / (SIDES * weights)
  const moved = new Set<bigint>()
  for (const [id, { indexE9, exposure }] of seen) {
    const then = before.references.find(({ underlying }) => underlying === id)?.indexE9 ?? 0n
    const half = linearHalfE9({ ...exposure, seconds: exposure.seconds + turnBlocks })
    const away = indexE9 > then ? indexE9 - then : then - indexE9
    if (away * E9 > then * half) moved.add(id)
  }
  return { figures, seen, unitE6, onlyReduces, moved }
}

function references(before: Quotes, { seen, moved }: Plan): Quotes['references'] {
  const kept = before.references.filter(({ underlying }) => seen.has(underlying) && !moved.has(underlying))
  const anew = [...moved].map((underlying) => ({ underlying, indexE9: seen.get(underlying)!.indexE9 }))
  return [...kept, ...anew].sort((a, b) => (a.underlying < b.underlying ? -1 : 1))
}

/** Brings the orders of one market to what the rule says; the same object where nothing changes. */
function quoteMarket(
  context: Context,
  ports: VaultPorts,
  plan: Plan,
  { market, each }: { readonly market: VaultMarket; readonly each: QuotedMarket },
): QuotedMarket {
  const seen = plan.seen.get(market.underlying)!
  const { turnBlocks } = readParams(context.store(VAULT_STORE))
  const isDue = market.kind !== 'option' || market.id % turnBlocks === context.height % turnBlocks
  if (seen.isFresh && !isDue && !plan.moved.has(market.underlying)) return each
  const wanted = wantedOf(context, ports, plan, { market, seen, turnBlocks })
  if (wanted === undefined) return end(context, ports, each)
  const bidOrder = side(context, ports, market, { isBuy: true, id: each.bidOrder, wanted })
  const askOrder = side(context, ports, market, { isBuy: false, id: each.askOrder, wanted })
  if (bidOrder === each.bidOrder && askOrder === each.askOrder) return each
  return { market: market.id, bidOrder, askOrder }
}

function wantedOf(
  context: Context,
  ports: VaultPorts,
  { figures, unitE6, onlyReduces }: Plan,
  { market, seen, turnBlocks }: { market: VaultMarket; seen: Seen; turnBlocks: bigint },
): TwoSides | undefined {
  if (!seen.isFresh || seen.indexE9 === 0n || !isQuotable(context, ports, market)) return undefined
  const value = valueIn(context, market, seen)
  if (value === undefined || value.fairE9 <= 0n) return undefined
  const { tickE9, lotE9, kind } = market
  const isOption = kind === 'option'
  const { indexE9, inventory } = seen
  const instrument = { tickE9, lotE9, isOption, indexE9, ...value }
  const waits = isOption ? seen.exposure.seconds + turnBlocks : seen.exposure.seconds
  const prices = quotePrices(instrument, { ...seen.exposure, seconds: waits }, inventory)
  const { sizeBps } = readParams(context.store(VAULT_STORE))
  const mostE6 = shareOf(figures.valueE6, sizeBps)
  const givenE6 = least(mostE6, unitE6 * (isOption ? 1n : LINEAR_WEIGHT))
  const perUnitE9 = isOption ? greatest(indexE9, NOTIONAL_PARTS * value.fairE9) : indexE9
  // What only reduces is offered whole, however little the vault is worth by then
  const sizeE9 = onlyReduces ? greatest(seen.deltaE9, -seen.deltaE9) : (givenE6 * E12) / perUnitE9
  const sizes = quoteSizes(instrument, sizeE9, inventory, onlyReduces)
  if (kind !== 'spot') return { ...prices, ...sizes }
  const heldE9 = ports.heldE9(context, ports.vault, market.underlying) ?? 0n
  const sold = least(sizes.askSizeE9, heldE9 - (heldE9 % lotE9))
  return { ...prices, ...sizes, askSizeE9: sold }
}

/** One side; gives its order, 0 for none. */
function side(
  context: Context,
  { markets, vault }: VaultPorts,
  { id: market }: VaultMarket,
  { isBuy, id, wanted }: { readonly isBuy: boolean; readonly id: bigint; readonly wanted: TwoSides },
): bigint {
  const { halfE9 } = wanted
  const limitE9 = isBuy ? wanted.bidE9 : wanted.askE9
  const sizeE9 = limitE9 === 0n ? 0n : isBuy ? wanted.bidSizeE9 : wanted.askSizeE9
  const resting = id === 0n ? undefined : markets.order(context, vault, id)
  if (resting !== undefined) {
    const stands = { priceE9: resting.limitE9, sizeE9: resting.remainingE9 }
    if (sizeE9 > 0n && doesFor(stands, { priceE9: limitE9, sizeE9, halfE9 })) return id
    markets.endQuote(context, vault, id)
  }
  return sizeE9 === 0n ? 0n : (markets.placeQuote(context, vault, { market, isBuy, sizeE9, limitE9 }) ?? 0n)
}

function end(context: Context, { markets, vault }: VaultPorts, each: QuotedMarket): QuotedMarket {
  if (each.bidOrder === 0n && each.askOrder === 0n) return each
  for (const id of [each.bidOrder, each.askOrder]) if (id !== 0n) markets.endQuote(context, vault, id)
  return { market: each.market, bidOrder: 0n, askOrder: 0n }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
