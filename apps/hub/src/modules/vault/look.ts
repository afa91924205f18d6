// What a block's quotes go by: prices, what the vault has of each underlying, and how much it may quote.
import { isMarginError } from '@causeway/margin'
import type { ReadContext } from '../../block/context.ts'
import { optionValue } from './option-value.ts'
import type { OptionValue } from './option-value.ts'
import { readParams } from './params.ts'
import type { Figures, VaultExpiry, VaultMarket, VaultPorts } from './ports.ts'
import { filledE9, shareOf } from './pure/quote-rule.ts'
import type { Exposure, Inventory } from './pure/quote-rule.ts'
import { VAULT_STORE } from './state.ts'

const E9 = 1_000_000_000n
const E12 = 10n ** 12n
const ONE: Pick<OptionValue, 'deltaE9' | 'vegaE9'> = { deltaE9: E9, vegaE9: 0n }
/** Points of volatility in 1.00. */
const POINTS = 100n

/** An underlying in this block. */
export interface Seen {
  readonly indexE9: bigint
  readonly isFresh: boolean
  readonly expiries: readonly VaultExpiry[]
  /** Of perpetuals, futures and spot; options are exposed until their turn comes. */
  readonly exposure: Exposure
  readonly inventory: Inventory
  /** Delta that the vault has, 10⁻⁹ of the underlying. */
  readonly deltaE9: bigint
}

/** What 1.0 of a market is worth, and moves by; nothing where that can't be told now. */
export function valueIn(context: ReadContext, market: VaultMarket, seen: Seen): OptionValue | undefined {
  const { kind, expirySeconds } = market
  if (kind === 'perpetual' || kind === 'spot') return { fairE9: seen.indexE9, ...ONE }
  const expiry = seen.expiries.find((each) => each.expirySeconds === expirySeconds)
  if (kind === 'option') return expiry && optionValue(market, expiry, seen.indexE9, context.timeSeconds)
  return { fairE9: expiry !== undefined && expiry.forwardE9 > 0n ? expiry.forwardE9 : seen.indexE9, ...ONE }
}

/** Looks at every underlying of these markets and of what the vault has. */
export function look(
  context: ReadContext,
  ports: VaultPorts,
  underlyings: Iterable<bigint>,
  { valueE6 }: Figures,
): ReadonlyMap<bigint, Seen> {
  const held = positionsByUnderlying(context, ports)
  const all = new Set([...underlyings, ...held.keys()])
  return new Map(
    [...all].map((id) => [id, seenOf(context, ports, { id, valueE6, held: held.get(id) ?? [] })] as const),
  )
}

interface Held {
  readonly market: VaultMarket
  readonly sizeE9: bigint
}

function positionsByUnderlying(context: ReadContext, { markets, vault }: VaultPorts) {
  const held = new Map<bigint, Held[]>()
  for (const { market: id, sizeE9 } of markets.positions(context, vault)) {
    const market = markets.market(context, id)
    if (market === undefined) continue
    const list = held.get(market.underlying)
    if (list === undefined) held.set(market.underlying, [{ market, sizeE9 }])
    else list.push({ market, sizeE9 })
  }
  return held
}

function seenOf(
  context: ReadContext,
  ports: VaultPorts,
  { id, valueE6, held }: { id: bigint; valueE6: bigint; held: readonly Held[] },
): Seen {
  const params = readParams(context.store(VAULT_STORE))
  const { priceE9: indexE9, isFresh, seconds } = ports.prices.price(context, id)
  const expiries = ports.prices.expiries(context, id)
  const exposure: Exposure = {
    spreadE9: params.spreadE9,
    volatilitySpreadE9: params.volatilitySpreadE9,
    volatilityE9: atTheMoneyE9(expiries, indexE9) ?? params.volatilityE9,
    seconds: seconds + params.exposedSeconds,
  }
  const bare = { indexE9, isFresh, expiries, exposure, inventory: { deltaE9: 0n, vegaE9: 0n }, deltaE9: 0n }
  let deltaE9 = ports.heldE9(context, ports.vault, id) ?? 0n
  let vegaE9 = 0n
  for (const { market, sizeE9 } of held) {
    const value = valueIn(context, market, bare) ?? ONE
    deltaE9 += (sizeE9 * value.deltaE9) / E9
    vegaE9 += (sizeE9 * value.vegaE9) / E9
  }
  const deltaMaxE9 = indexE9 === 0n ? 0n : (shareOf(valueE6, params.deltaBps) * E12) / indexE9
  const vegaMaxE9 = shareOf(valueE6, params.vegaBps) * POINTS * 1_000n
  const inventory = { deltaE9: filledE9(deltaE9, deltaMaxE9), vegaE9: filledE9(vegaE9, vegaMaxE9) }
  return { ...bare, inventory, deltaE9 }
}

/** Of the first expiry that is at least a week away, else of the last. */
function atTheMoneyE9(expiries: readonly VaultExpiry[], indexE9: bigint): bigint | undefined {
  const last = expiries.at(-1)
  if (last === undefined || indexE9 === 0n) return undefined
  const first = expiries[0]!
  const expiry = expiries.find((each) => each.expirySeconds >= first.expirySeconds + WEEK_SECONDS) ?? last
  try {
    return BigInt(Math.floor(expiry.volatility(Number(expiry.forwardE9) / Number(E9)) * Number(E9)))
  } catch (error) {
    if (!isMarginError(error)) throw error
    return undefined
  }
}

const WEEK_SECONDS = 604_800n
