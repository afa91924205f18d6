// A second book of who has what, kept by reading again only those whom events name: sums must agree with the
// chain's own after every block, and the whole book with the state now and then.
import { equalBytes, isProtocolError, toHex } from '@causeway/primitives'
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { keyText } from '@causeway/state-tree'
import type { ReadContext } from '../block/context.ts'
import { ACCOUNT_ID_BYTES } from '../identifiers.ts'
import type { Holder } from '../identifiers.ts'
import { CASH_STORE, cashAccounts, readCash, readPool } from '../modules/cash/state.ts'
import type { Position } from '../modules/markets/market.ts'
import { MARKETS_STORE, positionsOfAll, readFigures, readPositions } from '../modules/markets/state.ts'
import { MARKET_HOUSE } from '../named-accounts.ts'
import { addresses } from '../simulation/scene.fixture.ts'

interface Held {
  readonly shares: bigint
  /** A market and the size there in turn, ascending. */
  readonly sizes: readonly bigint[]
}

const NOTHING: Held = { shares: 0n, sizes: [] }

/** The second book. */
export class Shadow {
  readonly #held = new Map<string, Held>()
  readonly #sizes = new Map<bigint, bigint>()
  readonly #open = new Map<bigint, bigint>()
  #credit = 0n
  #debt = 0n

  constructor(state: ReadContext) {
    for (const [key, shares] of allShares(state)) this.#set(key, { shares, sizes: NOTHING.sizes })
    for (const [key, positions] of allPositions(state)) {
      const shares = this.#held.get(key)?.shares ?? 0n
      this.#set(key, { shares, sizes: sizesOf(positions) })
    }
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
    const wrong = new Set<string>()
    let [withShares, withSizes] = [0, 0]
    for (const [key, shares] of allShares(state)) {
      if ((this.#held.get(key) ?? NOTHING).shares !== shares) wrong.add(key)
      if (shares !== 0n) withShares++
    }
    for (const [key, positions] of allPositions(state)) {
      if (!areSizesOf((this.#held.get(key) ?? NOTHING).sizes, positions)) wrong.add(key)
      withSizes++
    }
    for (const { shares, sizes } of this.#held.values()) {
      if (shares !== 0n) withShares--
      if (sizes.length > 0) withSizes--
    }
    // Everybody of the state is here as he is there: somebody else is here only where more are
    if (wrong.size === 0 && (withShares !== 0 || withSizes !== 0))
      for (const key of this.#gone(state)) wrong.add(key)
    return [...wrong].map((key) => `${nameOf(key)} changed and no event told`)
  }

  /** Who has something here that the state doesn't know of. */
  #gone(state: ReadContext): string[] {
    const shares = new Set([...allShares(state)].map(([key]) => key))
    const sizes = new Set([...allPositions(state)].map(([key]) => key))
    return [...this.#held]
      .filter(
        ([key, held]) =>
          (held.shares !== 0n && !shares.has(key)) || (held.sizes.length > 0 && !sizes.has(key)),
      )
      .map(([key]) => key)
  }

  #put(state: ReadContext, holder: Holder): void {
    const { shares } = readCash(state.store(CASH_STORE), holder)
    const positions = readPositions(state.store(MARKETS_STORE), holder)
    this.#set(keyOf(holder), { shares: isHouse(holder) ? 0n : shares, sizes: sizesOf(positions) })
  }

  #set(key: string, held: Held): void {
    this.#count(this.#held.get(key) ?? NOTHING, -1n)
    this.#count(held, 1n)
    if (held.shares === 0n && held.sizes.length === 0) this.#held.delete(key)
    else this.#held.set(key, held)
  }

  #count({ shares, sizes }: Held, sign: 1n | -1n): void {
    if (shares > 0n) this.#credit += sign * shares
    else this.#debt -= sign * shares
    for (let i = 0; i < sizes.length; i += 2) {
      const [market, size] = [sizes[i]!, sizes[i + 1]!]
      this.#sizes.set(market, (this.#sizes.get(market) ?? 0n) + sign * size)
      this.#open.set(market, (this.#open.get(market) ?? 0n) + sign * (size < 0n ? -size : size))
    }
  }
}

/** Everybody's shares of cash but the house's, in one pass. */
function* allShares(state: ReadContext): Iterable<readonly [key: string, shares: bigint]> {
  for (const [holder, { shares }] of cashAccounts(state.store(CASH_STORE)))
    if (!isHouse(holder)) yield [keyOf(holder), shares]
}

/** Everybody's positions, in one pass. */
function* allPositions(state: ReadContext): Iterable<readonly [key: string, positions: readonly Position[]]> {
  for (const { holder, positions } of positionsOfAll(state.store(MARKETS_STORE)))
    yield [keyOf(holder), positions]
}

function sizesOf(positions: readonly Position[]): Held['sizes'] {
  return positions.flatMap(({ market, sizeE9 }) => [market, sizeE9])
}

function areSizesOf(sizes: Held['sizes'], positions: readonly Position[]): boolean {
  if (sizes.length !== 2 * positions.length) return false
  return positions.every(({ market, sizeE9 }, i) => sizes[2 * i] === market && sizes[2 * i + 1] === sizeE9)
}

/** What the house has bears no interest and is counted apart. */
function isHouse({ account }: Holder): boolean {
  return equalBytes(account, MARKET_HOUSE.account)
}

/** One character a byte; the subaccount behind them, but for the first. */
function keyOf({ account, subaccount }: Holder): string {
  const text = keyText(account)
  return subaccount === 0 ? text : `${text}${String.fromCharCode(subaccount)}`
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
      const other = { ...holder, subaccount: Number(beside) }
      found.set(keyOf(other), other)
    }
  }
  return found
}

function nameOf(key: string): string {
  const account = toHex(Buffer.from(key.slice(0, ACCOUNT_ID_BYTES), 'latin1'))
  return `${account}/${key.length > ACCOUNT_ID_BYTES ? key.charCodeAt(ACCOUNT_ID_BYTES) : 0}`
}

/** Events name the same few thousand again and again. */
const named = new Map<string, Holder | undefined>()

function holderOf(text: string): Holder | undefined {
  if (named.has(text)) return named.get(text)
  const holder = decoded(text)
  named.set(text, holder)
  return holder
}

function decoded(text: string): Holder | undefined {
  try {
    return addresses.decodeHolder(text)
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}
