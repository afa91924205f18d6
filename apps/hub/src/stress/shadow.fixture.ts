// A second book of who has what, kept by reading again only those whom events name: sums must agree with the
// chain's own after every block, and the whole book with the state now and then.
import { equalBytes, isProtocolError, toHex } from '@causeway/primitives'
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import type { ReadContext } from '../block/context.ts'
import type { Holder } from '../identifiers.ts'
import { CASH_STORE, cashAccounts, readCash, readPool } from '../modules/cash/state.ts'
import type { Position } from '../modules/markets/market.ts'
import {
  MARKETS_STORE,
  holderBytes,
  positionsOfAll,
  readFigures,
  readPositions,
} from '../modules/markets/state.ts'
import { MARKET_HOUSE } from '../named-accounts.ts'
import { addresses } from '../simulation/scene.fixture.ts'

interface Held {
  readonly shares: bigint
  readonly sizes: ReadonlyMap<bigint, bigint>
}

const NOTHING: Held = { shares: 0n, sizes: new Map() }

/** The second book. */
export class Shadow {
  readonly #held = new Map<string, Held>()
  readonly #sizes = new Map<bigint, bigint>()
  readonly #open = new Map<bigint, bigint>()
  #credit = 0n
  #debt = 0n

  constructor(state: ReadContext) {
    for (const [key, held] of everything(state)) this.#set(key, held)
  }

  /** Follows a block; what doesn't hold after it, one sentence each. */
  follow(state: ReadContext, events: readonly Event[]): string[] {
    const touched = namedIn(events)
    for (const holder of touched.values()) this.#put(state, holder)
    const wrong: string[] = []
    const store = state.store(MARKETS_STORE)
    for (const [market, size] of this.#sizes) {
      if (size !== 0n) wrong.push(`market ${market}: sizes sum to ${size}`)
      const { openInterestE9 } = readFigures(store, market)
      const open = this.#open.get(market)!
      if (open !== 2n * openInterestE9)
        wrong.push(`market ${market}: Σ|size| is ${open}, open interest ${openInterestE9}`)
    }
    const pool = readPool(state.store(CASH_STORE))
    if (pool.creditShares !== this.#credit)
      wrong.push(`credits: ${this.#credit}, the pool ${pool.creditShares}`)
    if (pool.debtShares !== this.#debt) wrong.push(`debts: ${this.#debt}, the pool ${pool.debtShares}`)
    return wrong
  }

  /** The whole state read anew: who differs from this book. */
  differences(state: ReadContext): string[] {
    const anew = everything(state)
    const all = new Set([...anew.keys(), ...this.#held.keys()])
    return [...all].flatMap((key) => {
      const isSame = areSame(this.#held.get(key) ?? NOTHING, anew.get(key) ?? NOTHING)
      return isSame ? [] : [`${key} changed and no event told`]
    })
  }

  #put(state: ReadContext, holder: Holder): void {
    const { shares } = readCash(state.store(CASH_STORE), holder)
    const positions = readPositions(state.store(MARKETS_STORE), holder)
    this.#set(keyOf(holder), { shares: isHouse(holder) ? 0n : shares, sizes: sizesOf(positions) })
  }

  #set(key: string, held: Held): void {
    this.#count(this.#held.get(key) ?? NOTHING, -1n)
    this.#count(held, 1n)
    if (held.shares === 0n && held.sizes.size === 0) this.#held.delete(key)
    else this.#held.set(key, held)
  }

  #count({ shares, sizes }: Held, sign: 1n | -1n): void {
    if (shares > 0n) this.#credit += sign * shares
    else this.#debt -= sign * shares
    for (const [market, size] of sizes) {
      this.#sizes.set(market, (this.#sizes.get(market) ?? 0n) + sign * size)
      this.#open.set(market, (this.#open.get(market) ?? 0n) + sign * (size < 0n ? -size : size))
    }
  }
}

/** Everybody's, in one pass over each store. */
function everything(state: ReadContext): Map<string, Held> {
  const found = new Map<string, Held>()
  for (const [holder, { shares }] of cashAccounts(state.store(CASH_STORE)))
    if (!isHouse(holder)) found.set(keyOf(holder), { shares, sizes: NOTHING.sizes })
  for (const { holder, positions } of positionsOfAll(state.store(MARKETS_STORE))) {
    const key = keyOf(holder)
    found.set(key, { shares: found.get(key)?.shares ?? 0n, sizes: sizesOf(positions) })
  }
  return found
}

function sizesOf(positions: readonly Position[]): Held['sizes'] {
  return new Map(positions.map(({ market, sizeE9 }) => [market, sizeE9]))
}

function areSame(one: Held, other: Held): boolean {
  if (one.shares !== other.shares || one.sizes.size !== other.sizes.size) return false
  for (const [market, size] of one.sizes) if (other.sizes.get(market) !== size) return false
  return true
}

/** What the house has bears no interest and is counted apart. */
function isHouse({ account }: Holder): boolean {
  return equalBytes(account, MARKET_HOUSE.account)
}

function keyOf(holder: Holder): string {
  return toHex(holderBytes(holder))
}

/** Whoever an attribute names, with the subaccount that stands beside it, or 0. */
function namedIn(events: readonly Event[]): Map<string, Holder> {
  const found = new Map<string, Holder>()
  for (const { attributes } of events) {
    const beside = attributes.find(({ key }) => key === 'subaccount')?.value
    for (const { value } of attributes) {
      const holder = value.startsWith('cway1') ? holderOf(value) : undefined
      if (holder === undefined) continue
      found.set(keyOf(holder), holder)
      if (beside === undefined) continue
      const named = { ...holder, subaccount: Number(beside) }
      found.set(keyOf(named), named)
    }
  }
  return found
}

function holderOf(text: string): Holder | undefined {
  try {
    return addresses.decodeHolder(text)
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}
