// What markets remember for a time only: trades that venues have cleared, prices of expiries.
import { describe, expect, it } from 'vitest'
import { CLEARED_SECONDS, dropCleared, isCleared, markCleared } from './cleared-trades.ts'
import { PRICE_KEPT_SECONDS, readSettlementPrice, settlementPrices } from './settlement-prices.ts'
import { MARKETS_STORE, PREFIX } from './state.ts'
import { E9, ETH, World } from './world.fixture.ts'

const [FIRST, DAY] = [1_800_000_000n, 86_400n]
const id = (number: number) => {
  const bytes = new Uint8Array(32).fill(9)
  bytes[30] = number >> 8
  bytes[31] = number
  return bytes
}

describe('a trade that was cleared', () => {
  it('is known for 30 days, of its client alone, and then nothing of it is left', () => {
    const world = new World()
    markCleared(world.context, 'ethereum-0', id(1))
    const known = (client = 'ethereum-0') => isCleared(world.context.store(MARKETS_STORE), client, id(1))
    expect([known(), known('ethereum-00'), known('ethereum')]).toEqual([true, false, false])
    world.end(CLEARED_SECONDS)
    world.end()
    expect(known()).toBe(true)
    world.end()
    world.end()
    expect(known()).toBe(false)
    const store = world.context.store(MARKETS_STORE)
    for (const prefix of [PREFIX.clearedTrade, PREFIX.clearedTime])
      expect([...store.iterate(prefix, Uint8Array.of(prefix[0]! + 1))]).toEqual([])
    expect(world.broken).toEqual([])
  })

  it('goes with 999 others a block, the oldest first', () => {
    const world = new World()
    for (let i = 0; i < 1_500; i++) markCleared(world.context, 'ethereum-0', id(i))
    world.end(CLEARED_SECONDS + 5n)
    const left = () =>
      [...world.context.store(MARKETS_STORE).iterate(PREFIX.clearedTrade, Uint8Array.of(0x11))].length
    const before = left()
    dropCleared(world.context)
    expect([before, left()]).toEqual([1_500, 500])
    dropCleared(world.context)
    expect(left()).toBe(0)
  })
})

describe('the price of an expiry', () => {
  it('is kept for 30 days, and dropped when a later one of its underlying is settled', () => {
    const world = new World({ startSeconds: FIRST - 100n })
    world.prices.forwardE9 = 3_000n * E9
    for (let i = 0; i < 20; i++) world.end(10n)
    for (let i = 0; i < 40; i++) world.end(60n)
    const known = () =>
      [...settlementPrices(world.context.store(MARKETS_STORE))].map((price) => price.expirySeconds)
    const settle = (expiry: bigint) => {
      world.end(expiry - world.seconds - 1_800n)
      while (world.seconds < expiry + 60n) world.end(20n)
    }
    for (const days of [1n, 2n, 3n]) settle(FIRST + days * DAY)
    const early = known()
    expect(early).toContain(FIRST + DAY)
    settle(FIRST + 35n * DAY)
    expect(known().filter((expiry) => expiry + PRICE_KEPT_SECONDS + DAY < world.seconds)).toEqual([])
    expect(readSettlementPrice(world.context.store(MARKETS_STORE), ETH, FIRST + DAY)).toBeUndefined()
    expect(known().length).toBeGreaterThan(0)
    expect(world.broken).toEqual([])
  })
})
