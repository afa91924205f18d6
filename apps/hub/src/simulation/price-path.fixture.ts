// Prices as a simulation makes them: calm, flat, crashes of a third to two thirds, jumps that are held,
// outages, a validator that lies, a stable token that isn't.
import { nextExpiries } from '../modules/markets/pure/expiries.ts'
import type { PriceSource, SurfaceSource } from '../modules/oracle/price-source.ts'
import { createSeededSurfaceSource } from '../modules/oracle/seeded-surfaces.ts'
import type { Random } from './random.fixture.ts'

/** What prices do for a while. */
export type Regime =
  'calm' | 'flat' | 'slide' | 'rally' | 'jump' | 'flicker' | 'outage' | 'halfOutage' | 'liar' | 'depeg'

interface Spell {
  readonly regime: Regime
  readonly weight: number
  readonly blocks: readonly [least: number, most: number]
}

const SPELLS: readonly Spell[] = [
  { regime: 'calm', weight: 30, blocks: [20, 60] },
  { regime: 'flat', weight: 14, blocks: [10, 40] },
  { regime: 'slide', weight: 8, blocks: [10, 25] },
  { regime: 'rally', weight: 10, blocks: [10, 25] },
  { regime: 'jump', weight: 6, blocks: [6, 12] },
  { regime: 'flicker', weight: 3, blocks: [4, 8] },
  { regime: 'outage', weight: 5, blocks: [4, 25] },
  { regime: 'halfOutage', weight: 3, blocks: [4, 20] },
  { regime: 'liar', weight: 5, blocks: [5, 20] },
  { regime: 'depeg', weight: 3, blocks: [10, 30] },
]

const E9 = 1e9
const VALIDATORS = 4
/** Surfaces are given for the first expiry and the first that is so far off. */
const FAR_SECONDS = 40n * 86_400n

/** A token of the path. */
export interface PathAsset {
  readonly asset: bigint
  readonly price: number
  readonly isStable: boolean
  readonly hasOptions: boolean
}

/** The path. */
export class PricePath {
  readonly #random: Random
  readonly #assets: readonly PathAsset[]
  readonly #prices = new Map<bigint, number>()
  regime: Regime = 'calm'
  /** When votes say that their prices were published: near the next block's time. */
  publishSeconds = 0n
  #blocksLeft = 8
  #asked = { height: 0n, count: 0 }

  constructor(random: Random, assets: readonly PathAsset[]) {
    this.#random = random
    this.#assets = assets
    for (const { asset, price } of assets) this.#prices.set(asset, price)
  }

  /** The price that the world knows, whatever the chain was told. */
  priceOf(asset: bigint): number {
    return this.#prices.get(asset)!
  }

  /** Before a block. */
  advance(): void {
    if (this.#blocksLeft-- <= 0) this.#turn()
    for (const asset of this.#assets) this.#prices.set(asset.asset, this.#next(asset))
  }

  /** What validators vote, who are asked one after another. */
  readonly source: PriceSource = (height) => {
    const validator = this.#ask(height)
    if (this.#isSilent(validator)) return []
    return this.#assets.map(({ asset }) => ({
      asset,
      priceE9: BigInt(Math.round(this.#voted(asset, validator) * E9)),
      publishTimeSeconds: this.publishSeconds,
    }))
  }

  /** Their surfaces; asked after the prices. */
  readonly surfaces: SurfaceSource = (height) => {
    if (this.#isSilent((this.#asked.count - 1) % VALIDATORS)) return []
    const underlyings = this.#assets
      .filter(({ hasOptions }) => hasOptions)
      .map(({ asset }) => ({ asset, priceE9: this.#e9(asset), volatilityBps: 6_000 }))
    return createSeededSurfaceSource(underlyings, expiriesWithOptions)(height, this.publishSeconds)
  }

  #e9(asset: bigint): bigint {
    return BigInt(Math.round(this.priceOf(asset) * E9))
  }

  #ask(height: bigint): number {
    if (this.#asked.height !== height) this.#asked = { height, count: 0 }
    return this.#asked.count++ % VALIDATORS
  }

  #isSilent(validator: number): boolean {
    return this.regime === 'outage' || (this.regime === 'halfOutage' && validator < VALIDATORS / 2)
  }

  #voted(asset: bigint, validator: number): number {
    const price = this.priceOf(asset)
    if (this.regime === 'liar' && validator === 0) return price * 7
    return this.regime === 'flat' ? price : price * (1 + (validator - 1.5) / 20_000)
  }

  #turn(): void {
    const { regime, blocks } = this.#random.weighted(SPELLS)
    this.regime = regime
    this.#blocksLeft = this.#random.between(...blocks)
    if (regime !== 'jump') return
    // One jump beyond every bound: held, and accepted when it stays.
    for (const { asset, price, isStable } of this.#assets) {
      if (isStable || this.#random.chance(0.4)) continue
      const factor = this.priceOf(asset) > price * 0.7 ? 1 - this.#random.between(30, 60) / 100 : 1.5
      this.#prices.set(asset, this.priceOf(asset) * factor)
    }
  }

  #next({ asset, price: base, isStable }: PathAsset): number {
    const price = this.priceOf(asset)
    const noise = (this.#random.next() - 0.5) * 2
    if (isStable) {
      const aim = this.regime === 'depeg' ? 0.975 : 1
      return Math.min(1, price + Math.sign(aim - price) * Math.min(0.004, Math.abs(aim - price)))
    }
    const moves: Partial<Record<Regime, number>> = {
      calm: noise * 0.003,
      slide: -0.02 - this.#random.next() * 0.028,
      rally: 0.01 + this.#random.next() * 0.035,
      flicker: noise * 0.15,
      liar: noise * 0.002,
      depeg: noise * 0.002,
      halfOutage: noise * 0.01,
      outage: noise * 0.01,
    }
    const moved = price * (1 + (moves[this.regime] ?? 0))
    return Math.min(base * 2.5, Math.max(base * 0.3, moved))
  }
}

function expiriesWithOptions(timeSeconds: bigint): bigint[] {
  const expiries = nextExpiries(timeSeconds)
  const far = expiries.find((expiry) => expiry > timeSeconds + FAR_SECONDS)
  return [expiries[0]!, ...(far === undefined ? [] : [far])]
}
