// The vault's life on a whole hub.
import { describe, expect, it } from 'vitest'
import { E6, E9, ETH } from '../../testing/trading-hub.fixture.ts'
import { OWNER, THIRD, TRADER, fundVault, vaultHub } from './vault-hub.fixture.ts'
import type { VaultHub } from './vault-hub.fixture.ts'

const TIMEOUT_MS = 240_000
const DAY = 86_400n

/** Somebody takes a side of the vault's quote, at the market. */
function take(world: VaultHub, name: string, isBuy: boolean, sizeE9: bigint): string {
  const { id } = world.market('ETH-PERP').market!
  const limitE9 = isBuy ? 3_100n * E9 : 2_900n * E9
  return world.order(name, { market: id, isBuy, sizeE9, limitE9, timeInForce: 2 })
}

/** Worth is what was paid in and what markets have made, to a micro-unit a position. */
function made(world: VaultHub): bigint {
  return world.results().reduce((sum, { profitE6 }) => sum + BigInt(profitE6), 0n)
}

describe('a vault', { timeout: TIMEOUT_MS }, () => {
  it('takes cash, quotes, gains by who knows nothing, and pays out what its shares are worth', () => {
    const world = vaultHub()
    expect(world.vault()).toMatchObject({ status: 'quoting', shares: '0' })
    expect(world.deposit(OWNER, 10_000n)).toBe('0')
    expect(world.events('requested')).toMatchObject([{ kind: 'deposit', amount: `${10_000n * E6}` }])
    world.pass(540n)
    expect(world.holding(OWNER).shares).toBe('0')
    expect(world.worth()).toBe(0n)
    world.pass(120n)
    // At 1.00, less 0.1 %
    expect(world.holding(OWNER).shares).toBe(`${9_990n * E6 * E6}`)
    expect(world.worth()).toBe(10_000n * E6)
    world.blocks(2)
    const [bid, ask] = world.quotes()
    expect([bid?.isBuy, ask?.isBuy]).toEqual([true, false])
    expect([bid?.limitE9, ask?.limitE9].map((each) => Number(each) / 1e9)).toEqual([2_996.4, 3_003.6])
    expect(take(world, TRADER, true, 300_000_000n)).toBe('0')
    world.blocks(2)
    expect(take(world, TRADER, false, 300_000_000n)).toBe('0')
    world.blocks(3)
    expect(world.results()[0]?.result).toMatchObject({ symbol: 'ETH-PERP', fills: 2n })
    expect(world.worth()).toBeGreaterThan(10_000n * E6)
    expect(world.worth() - 10_000n * E6 - made(world)).toBeLessThanOrEqual(1n)
    expect(world.broken()).toEqual([])
    const shares = BigInt(world.holding(OWNER).shares)
    expect(world.withdraw(OWNER, shares)).toBe('vault/6')
    for (let i = 0; i < 8; i++) world.blocks(1, DAY / 2n)
    const before = world.cash(OWNER)
    expect(world.withdraw(OWNER, shares)).toBe('0')
    world.pass(660n)
    expect(world.events('executed').length + Number(world.vault().withdrawals)).toBeLessThanOrEqual(1)
    const got = world.cash(OWNER) - before
    const left = world.worth()
    // 0.1 % stays, and nobody's share
    expect(got).toBeGreaterThan(9_980n * E6)
    expect(left).toBeGreaterThan(10n * E6)
    expect(got + left - 10_000n * E6 - made(world)).toBeLessThanOrEqual(1n)
    expect(world.vault().shares).toBe('0')
    expect(world.broken()).toEqual([])
  })

  it('is off unless genesis says otherwise: it takes nothing, and its store stays empty', () => {
    const world = vaultHub({ params: { enabled: '0' } })
    expect(world.deposit(OWNER, 1_000n)).toBe('vault/1')
    expect(world.vault()).toMatchObject({ status: 'off', shares: '0' })
    expect(world.history()).toEqual([])
    expect(world.quotes()).toEqual([])
  })

  it('moves no mark by its own quotes, however it leans', () => {
    const world = vaultHub({ params: { deltaBps: '2000', sizeBps: '10000', marginBps: '10000' } })
    fundVault(world, OWNER, 15_000n)
    world.blocks(2)
    const index = 3_000n * E9
    for (let i = 0; i < 8; i++) {
      take(world, TRADER, false, 2_000_000_000n)
      world.blocks(2)
    }
    const { id } = world.market('ETH-PERP').market!
    const held = world.vaultFolio().positions.find(({ market }) => market === id)
    expect(BigInt(held!.sizeE9)).toBeGreaterThan(0n)
    world.blocks(5)
    const { figures } = world.market('ETH-PERP')
    expect(figures).toMatchObject({ markE9: index, basisE18: '' })
    const [best] = world.quotes().filter(({ isBuy }) => !isBuy)
    expect(best!.limitE9).toBeLessThan(3_003n * E9)
    expect(world.broken()).toEqual([])
  })

  it('stops quoting when it has lost 3 % within a day, and goes on when the day is over', () => {
    const world = vaultHub({ params: { deltaBps: '10000', sizeBps: '5000', marginBps: '10000' } })
    fundVault(world, OWNER, 15_000n)
    world.blocks(2)
    for (let i = 0; i < 4; i++) {
      take(world, TRADER, false, 2_000_000_000n)
      world.blocks(2)
    }
    expect(BigInt(world.vaultFolio().positions[0]!.sizeE9)).toBeGreaterThan(2n * E9)
    world.prices.set(ETH, 2_960n * E9)
    world.blocks(3)
    expect(world.vault().status).toBe('quoting')
    world.prices.set(ETH, 2_870n * E9)
    world.blocks(3)
    world.prices.set(ETH, 2_740n * E9)
    world.blocks(3)
    world.prices.set(ETH, 2_620n * E9)
    world.blocks(3)
    expect(world.vault().status).toBe('loss')
    expect(world.quotes()).toEqual([])
    world.blocks(1, DAY - 7_200n)
    world.blocks(1)
    expect(world.vault().status).toBe('loss')
    world.blocks(1, 10_000n)
    world.blocks(2)
    expect(world.vault().status).toBe('quoting')
    expect(world.quotes().length).toBeGreaterThan(0)
    expect(world.broken()).toEqual([])
  })

  it('pulls its quotes where the index is not fresh, and is worth nothing certain meanwhile', () => {
    const world = vaultHub()
    fundVault(world, OWNER, 10_000n)
    world.blocks(2)
    take(world, TRADER, true, 300_000_000n)
    world.blocks(2)
    world.prices.delete(ETH)
    world.blocks(12)
    expect(world.vault()).toMatchObject({ status: 'prices', worthE6: '' })
    expect(world.quotes()).toEqual([])
    expect(world.deposit(THIRD, 1_000n)).toBe('0')
    world.pass(720n)
    expect(world.holding(THIRD).shares).toBe('0')
    expect(world.vault().deposits).toBe(1n)
    world.prices.set(ETH, 3_000n * E9)
    world.blocks(2)
    expect(world.vault().status).toBe('quoting')
    world.pass(400n)
    expect(world.holding(THIRD).shares).toBe('0')
    world.pass(240n)
    expect(BigInt(world.holding(THIRD).shares)).toBeGreaterThan(0n)
    expect(world.broken()).toEqual([])
  })

  it('keeps a history of hours, the same on every node and over an export', () => {
    const world = vaultHub()
    fundVault(world, OWNER, 10_000n)
    take(world, TRADER, true, 300_000_000n)
    for (let i = 0; i < 3; i++) {
      world.blocks(1, 3_600n)
      world.blocks(2)
    }
    const hours = world.history()
    expect(hours.length).toBeGreaterThanOrEqual(3)
    expect(world.history(hours[1]!.hour, 1)).toEqual([hours[1]])
    expect(world.replay()).toEqual(
      world.driver.responses.map(({ appHash }) => Buffer.from(appHash).toString('hex')),
    )
  })
})
