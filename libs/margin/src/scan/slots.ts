import type { RiskMarket } from '../portfolio/risk-market.ts'

/**
 * Numbers for everything that an account's entries can be amounts of: 0 is cash that no price moves, then
 * come perpetuals, futures, options, assets. Ascending slots are the order in which positions are summed.
 */
export interface Slots {
  readonly perps: number
  readonly futures: number
  readonly options: number
  readonly assets: number
  readonly count: number
}

/** The slots of a market. */
export function slotsOf({ underlyings, expiries, options, assets }: RiskMarket): Slots {
  const perps = 1
  const futures = perps + underlyings.names.length
  const firstOption = futures + expiries.years.length
  const firstAsset = firstOption + options.count
  return { perps, futures, options: firstOption, assets: firstAsset, count: firstAsset + assets.names.length }
}

/** Key of an amount of a slot: 2·slot, and 1 more where the amount is below 0. */
export function keyOf(slot: number, amount: number): number {
  return 2 * slot + (amount < 0 ? 1 : 0)
}

/** Slot in `to` by slot in `from`; −1 for what `to` doesn't list. The order of slots is kept. */
export function slotMap(from: RiskMarket, to: RiskMarket): Int32Array {
  const [old, now] = [slotsOf(from), slotsOf(to)]
  const map = new Int32Array(old.count).fill(-1)
  map[0] = 0
  const underlyings = from.underlyings.names.map((name) => to.underlyings.indexOf.get(name) ?? -1)
  underlyings.forEach((index, u) => {
    if (index >= 0 && !Number.isNaN(to.underlyings.perp[index])) map[old.perps + u] = now.perps + index
  })
  const expiries = Array.from(from.expiries.expirySeconds, (seconds, e) => {
    const underlying = underlyings[from.expiries.underlying[e]!]!
    return to.expiries.indexOf[underlying]?.get(seconds) ?? -1
  })
  expiries.forEach((index, e) => {
    if (index >= 0) map[old.futures + e] = now.futures + index
  })
  const { expiry, strike, isCall, count } = from.options
  for (let i = 0; i < count; i++) {
    const side = isCall[i] === 1 ? to.options.calls : to.options.puts
    const index = side[expiries[expiry[i]!]!]?.get(strike[i]!)
    if (index !== undefined) map[old.options + i] = now.options + index
  }
  from.assets.names.forEach((name, i) => {
    const index = to.assets.indexOf.get(name)
    if (index !== undefined) map[old.assets + i] = now.assets + index
  })
  return map
}

/** Names what a slot stands for, in errors. */
export function slotName(market: RiskMarket, slot: number): string {
  const { underlyings, expiries, options, assets } = market
  const slots = slotsOf(market)
  const dated = (expiry: number) =>
    `${underlyings.names[expiries.underlying[expiry]!]!} ${expiries.expirySeconds[expiry]!}`
  if (slot < slots.futures) return `the perpetual of ${underlyings.names[slot - slots.perps]!}`
  if (slot < slots.options) return dated(slot - slots.futures)
  if (slot >= slots.assets) return assets.names[slot - slots.assets]!
  const i = slot - slots.options
  return `${dated(options.expiry[i]!)} ${options.strike[i]!} ${options.isCall[i] === 1 ? 'call' : 'put'}`
}
