// The vault's rule by itself in a market that is made up: a month of a price with calm, wild and jumping
// times, a perpetual and two options a week, an oracle that lags, and three kinds of flow. It asks the rule's
// own functions; margins are simpler than the hub's (25 % of notional), books have nobody else in them.
import { assert } from '@causeway/primitives'
import { optionValue } from './option-value.ts'
import { DEFAULT_PARAMS } from './params.ts'
import type { VaultExpiry } from './ports.ts'
import { doesFor, filledE9, linearHalfE9, quotePrices, quoteSizes, shareOf } from './pure/quote-rule.ts'
import type { Exposure, Inventory, QuotedInstrument } from './pure/quote-rule.ts'
import { hasLost } from './pure/shares.ts'

const E9 = 10n ** 9n
const E12 = 10n ** 12n
const YEAR = 365 * 86_400
const HOUR = 3_600
const WEEK = 7 * 86_400
const AHEAD = 600
const WEIGHTS = 6n
const FEES = { maker: 0.0002, taker: 0.0005, option: 0.0003, optionCap: 0.125 }

/** Who trades with the vault, a block. */
export interface Flow {
  /** Chance of a trader who knows nothing and takes a random part of a quote. */
  readonly uninformed: number
  /** Chance of one who knows in which direction the price goes in the next ten minutes. */
  readonly directed: number
  /** Whether somebody who sees the true price before the oracle takes every quote that is worth it. */
  readonly hasArbitrage: boolean
}

/** What came of it; cash. */
export interface MonthResult {
  readonly seconds: number
  readonly start: number
  readonly end: number
  /** By who was on the other side: what the vault made against true values at the trade, fees paid. */
  readonly edge: { uninformed: number; directed: number; arbitrage: number }
  /** What positions have made after their trades. */
  readonly carried: number
  readonly fees: number
  readonly volume: number
  readonly fills: number
  readonly replaced: number
  readonly stoppedSeconds: number
  readonly worstDay: number
  readonly drawdown: number
}

interface Side {
  priceE9: bigint
  sizeE9: bigint
  isNew: boolean
}

interface Instrument {
  readonly isOption: boolean
  readonly isCall: boolean
  strike: number
  sizeE9: bigint
  bid: Side | undefined
  ask: Side | undefined
  known?: { t: number; fairE9: bigint; deltaE9: bigint; vegaE9: bigint }
  /** As of the last time that it was quoted. */
  quoted?: { deltaE9: bigint; vegaE9: bigint }
}

/** Numbers from a seed: mulberry32. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * A price a second: 40, 80 or 160 % a year, changing every few hours; a jump of about 1 % every other day.
 * What options are worth follows within a quarter of an hour, half of the way.
 */
export function pricePath(seconds: number, seed: number): { price: Float64Array; volatility: Float64Array } {
  const random = numbers(seed)
  const [price, volatility] = [new Float64Array(seconds), new Float64Array(seconds)]
  let [now, level, implied] = [3_000, 0.4, 0.6]
  for (let t = 0; t < seconds; t++) {
    if (random() < 1 / (4 * HOUR)) level = [0.4, 0.4, 0.8, 1.6][Math.floor(random() * 4)]!
    const jump = random() < 1 / (2 * 86_400) ? 0.01 * normal(random) : 0
    now *= Math.exp((level / Math.sqrt(YEAR)) * normal(random) + jump)
    price[t] = now
    implied += (0.6 + (level - 0.6) / 2 - implied) / 900
    volatility[t] = implied
  }
  return { price, volatility }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Runs the rule over a path. */
export function runMonth(seconds: number, flow: Flow, seed: number): MonthResult {
  const path = pricePath(seconds + AHEAD + 1, seed)
  const month = new Month(flow, path, numbers(seed + 1))
  for (let t = 0; t < seconds; t++) month.block(t)
  return month.result(seconds)
}

class Month {
  readonly #flow: Flow
  readonly #path: ReturnType<typeof pricePath>
  readonly #random: () => number
  readonly #instruments: Instrument[] = [
    ...[{ isOption: false, isCall: false, strike: 0, sizeE9: 0n, bid: undefined, ask: undefined }],
    ...[true, false].map((isCall) => ({
      ...{ isOption: true, isCall, strike: 3_000, sizeE9: 0n, bid: undefined, ask: undefined },
    })),
  ]
  readonly #start = 1_000_000
  readonly #opens: number[] = []
  readonly #edge = { uninformed: 0, directed: 0, arbitrage: 0 }
  #cash = this.#start
  #oracleVolatility = 0.6
  #referenceE9 = 0n
  #dayHighE18 = 0n
  #fees = 0
  #volume = 0
  #fills = 0
  #replaced = 0
  #stopped = 0
  #worstDay = 0
  #peak = this.#start
  #drawdown = 0

  constructor(flow: Flow, path: ReturnType<typeof pricePath>, random: () => number) {
    this.#flow = flow
    this.#path = path
    this.#random = random
  }

  block(t: number): void {
    if (t % WEEK === 0) this.#settle(t)
    const index = this.#path.price[Math.max(0, t - 2)]! * (1 + 0.00005 * (this.#random() - 0.5))
    this.#oracleVolatility += (this.#path.volatility[t]! - this.#oracleVolatility) / 20
    const worth = this.#worth(t)
    this.#watch(t, worth)
    const nowE18 = BigInt(Math.round(worth * 1e6))
    if (hasLost(nowE18, this.#dayHighE18, DEFAULT_PARAMS.lossBps)) {
      this.#stopped++
      for (const each of this.#instruments) each.bid = each.ask = undefined
    } else this.#quote(t, index, worth)
    for (const each of this.#instruments) this.#trade(t, each)
  }

  result(seconds: number): MonthResult {
    const end = this.#worth(seconds)
    const { uninformed, directed, arbitrage } = this.#edge
    const carried = end - this.#start - uninformed - directed - arbitrage + this.#fees
    return {
      ...{ seconds, start: this.#start, end, edge: this.#edge, carried, fees: this.#fees },
      ...{ volume: this.#volume, fills: this.#fills, replaced: this.#replaced },
      ...{ stoppedSeconds: this.#stopped, worstDay: this.#worstDay, drawdown: this.#drawdown },
    }
  }

  #watch(t: number, worth: number): void {
    if (t % HOUR === 0) {
      this.#opens.push(worth)
      this.#dayHighE18 = BigInt(Math.round(Math.max(...this.#opens.slice(-24)) * 1e6))
    }
    if (t % 86_400 === 0 && t > 0) {
      const before = this.#opens.at(-25)
      if (before !== undefined) this.#worstDay = Math.min(this.#worstDay, worth / before - 1)
    }
    this.#peak = Math.max(this.#peak, worth)
    this.#drawdown = Math.max(this.#drawdown, 1 - worth / this.#peak)
  }

  /** Options are over, and the next are struck at the price. */
  #settle(t: number): void {
    const price = this.#path.price[t]!
    for (const each of this.#instruments) {
      if (!each.isOption) continue
      const pays = Math.max(0, each.isCall ? price - each.strike : each.strike - price)
      this.#cash += (Number(each.sizeE9) / 1e9) * pays
      each.sizeE9 = 0n
      each.bid = each.ask = undefined
      each.strike = Math.round(price / 50) * 50
      delete each.known
      delete each.quoted
    }
  }

  /** What 1.0 is worth at a price and a volatility. */
  #value({ isOption, isCall, strike }: Instrument, t: number, price: number, volatility: number) {
    if (!isOption) return { fairE9: BigInt(Math.round(price * 1e9)), deltaE9: E9, vegaE9: 0n }
    const expirySeconds = BigInt((Math.floor(t / WEEK) + 1) * WEEK)
    const indexE9 = BigInt(Math.round(price * 1e9))
    const expiry: VaultExpiry = {
      expirySeconds,
      forwardE9: indexE9,
      rateE9: 0n,
      volatility: () => volatility,
    }
    const terms = { strikeE9: BigInt(strike) * E9, isCall, expirySeconds }
    const value = optionValue(terms, expiry, indexE9, BigInt(t))
    assert(value !== undefined, 'an option has a value until it is over')
    return value
  }

  /** The same by the true price and volatility of a second, worked out once. */
  #truth(each: Instrument, t: number) {
    if (each.known?.t === t) return each.known
    // A week's options are worth something up to its end
    const at = t % WEEK === 0 && t > 0 ? t - 1 : t
    const value = this.#value(each, at, this.#path.price[t]!, this.#path.volatility[t]!)
    return (each.known = { t, ...value })
  }

  #worth(t: number): number {
    let worth = this.#cash
    for (const each of this.#instruments) {
      if (each.sizeE9 === 0n) continue
      const { fairE9 } = this.#truth(each, t)
      worth += (Number(each.sizeE9) / 1e9) * (Number(fairE9) / 1e9)
    }
    return worth
  }

  #quote(t: number, index: number, worth: number): void {
    const indexE9 = BigInt(Math.round(index * 1e9))
    const params = DEFAULT_PARAMS
    const exposure: Exposure = {
      spreadE9: params.spreadE9,
      volatilitySpreadE9: params.volatilitySpreadE9,
      volatilityE9: BigInt(Math.round(this.#oracleVolatility * 1e9)),
      seconds: params.exposedSeconds + 1n,
    }
    const waiting = { ...exposure, seconds: exposure.seconds + params.turnBlocks }
    const away = indexE9 > this.#referenceE9 ? indexE9 - this.#referenceE9 : this.#referenceE9 - indexE9
    const hasMoved = away * E9 > this.#referenceE9 * linearHalfE9(waiting)
    if (hasMoved) this.#referenceE9 = indexE9
    const valueE6 = BigInt(Math.round(worth * 1e6))
    const inventory = this.#inventory(t, index, valueE6)
    const requiredE6 = this.#instruments.reduce((sum, { sizeE9 }) => {
      const notionalE6 = ((sizeE9 < 0n ? -sizeE9 : sizeE9) * indexE9) / E12
      return sum + notionalE6 / 4n
    }, 0n)
    const budgetE6 = shareOf(valueE6, params.marginBps) - requiredE6
    const unitE6 = budgetE6 > 0n ? (budgetE6 * 4n) / (2n * WEIGHTS) : 0n
    for (const each of this.#instruments) {
      if (each.isOption && !hasMoved && t % Number(params.turnBlocks) !== 0) continue
      const value = this.#value(each, t, index, this.#oracleVolatility)
      each.quoted = value
      const grid = { tickE9: 10_000_000n, lotE9: 1_000_000n }
      const instrument: QuotedInstrument = { ...grid, isOption: each.isOption, indexE9, ...value }
      const prices = quotePrices(instrument, each.isOption ? waiting : exposure, inventory)
      const onlyReduces = budgetE6 <= 0n
      const mostE6 = shareOf(valueE6, params.sizeBps)
      const offeredE6 = each.isOption ? unitE6 : unitE6 * 4n
      const givenE6 = onlyReduces || offeredE6 > mostE6 ? mostE6 : offeredE6
      const sizes = quoteSizes(instrument, (givenE6 * E12) / indexE9, inventory, onlyReduces)
      const { halfE9 } = prices
      each.bid = this.#side(each.bid, prices.bidE9, prices.bidE9 === 0n ? 0n : sizes.bidSizeE9, halfE9)
      each.ask = this.#side(each.ask, prices.askE9, sizes.askSizeE9, halfE9)
    }
  }

  #inventory(t: number, index: number, valueE6: bigint): Inventory {
    let [deltaE9, vegaE9] = [0n, 0n]
    for (const each of this.#instruments) {
      if (each.sizeE9 === 0n) continue
      const value = each.quoted ?? this.#value(each, t, index, this.#oracleVolatility)
      deltaE9 += (each.sizeE9 * value.deltaE9) / E9
      vegaE9 += (each.sizeE9 * value.vegaE9) / E9
    }
    const indexE9 = BigInt(Math.round(index * 1e9))
    const deltaMaxE9 = (shareOf(valueE6, DEFAULT_PARAMS.deltaBps) * E12) / indexE9
    const vegaMaxE9 = shareOf(valueE6, DEFAULT_PARAMS.vegaBps) * 100_000n
    return { deltaE9: filledE9(deltaE9, deltaMaxE9), vegaE9: filledE9(vegaE9, vegaMaxE9) }
  }

  #side(before: Side | undefined, priceE9: bigint, sizeE9: bigint, halfE9: bigint): Side | undefined {
    if (before !== undefined && sizeE9 > 0n && doesFor(before, { priceE9, sizeE9, halfE9 })) {
      before.isNew = false
      return before
    }
    if (sizeE9 === 0n) return undefined
    this.#replaced++
    return { priceE9, sizeE9, isNew: true }
  }

  /** What the next second's price makes of these quotes. */
  #trade(t: number, each: Instrument): void {
    const { price } = this.#path
    const next = this.#truth(each, t + 1)
    const truth = Number(next.fairE9) / 1e9
    if (this.#flow.hasArbitrage)
      for (const isBuy of [true, false]) {
        const side = isBuy ? each.ask : each.bid
        if (side === undefined) continue
        const quoted = Number(side.priceE9) / 1e9
        const fee = each.isOption ? optionFee(quoted, price[t]!) : quoted * FEES.taker
        const gain = (isBuy ? truth - quoted : quoted - truth) - fee
        if (gain > 0) this.#fill(each, isBuy, side.sizeE9, truth, t, 'arbitrage')
      }
    const some = () => BigInt(Math.ceil(this.#random() * 10))
    if (this.#random() < this.#flow.uninformed) {
      const isBuy = this.#random() < 0.5 + this.#lean(each, truth)
      const side = isBuy ? each.ask : each.bid
      if (side !== undefined) this.#fill(each, isBuy, (side.sizeE9 * some()) / 10n, truth, t, 'uninformed')
    }
    if (this.#random() < this.#flow.directed) {
      const isUp = price[t + AHEAD]! > price[t]!
      const isBuy = each.isOption && !each.isCall ? !isUp : isUp
      const side = isBuy ? each.ask : each.bid
      if (side !== undefined) this.#fill(each, isBuy, (side.sizeE9 * some()) / 10n, truth, t, 'directed')
    }
  }

  /** Who knows nothing takes the nearer side a little more often. */
  #lean({ bid, ask }: Instrument, truth: number): number {
    if (bid === undefined || ask === undefined) return 0
    const [low, high] = [Number(bid.priceE9) / 1e9, Number(ask.priceE9) / 1e9]
    const away = (truth - (low + high) / 2) / (high - low)
    return Math.max(-0.25, Math.min(0.25, away / 2))
  }

  #fill(
    each: Instrument,
    isBuy: boolean,
    wantedE9: bigint,
    truth: number,
    t: number,
    who: keyof MonthResult['edge'],
  ): void {
    const side = isBuy ? each.ask! : each.bid!
    const sizeE9 = wantedE9 > side.sizeE9 ? side.sizeE9 : wantedE9
    if (sizeE9 === 0n) return
    const [size, price] = [Number(sizeE9) / 1e9, Number(side.priceE9) / 1e9]
    const rate = side.isNew ? FEES.taker : FEES.maker
    const fee = size * (each.isOption ? optionFee(price, this.#path.price[t]!) : price * rate)
    this.#cash += (isBuy ? size : -size) * price - fee
    each.sizeE9 += isBuy ? -sizeE9 : sizeE9
    this.#fees += fee
    this.#edge[who] += size * (isBuy ? price - truth : truth - price)
    this.#volume += size * price
    this.#fills++
    const left = side.sizeE9 - sizeE9
    const rest = left === 0n ? undefined : { ...side, sizeE9: left }
    if (isBuy) each.ask = rest
    else each.bid = rest
  }
}

function optionFee(premium: number, index: number): number {
  return Math.min(FEES.option * index, FEES.optionCap * premium)
}
