// What is tried against the vault and its holders, on a whole hub.
import { describe, expect, it } from 'vitest'
import { message } from '../../testing/messages.fixture.ts'
import { E6, E9, ETH, transferCash } from '../../testing/trading-hub.fixture.ts'
import { OWNER, THIRD, TRADER, VAULT_ADDRESS, fundVault, vaultHub } from './vault-hub.fixture.ts'
import type { VaultHub } from './vault-hub.fixture.ts'

const TIMEOUT_MS = 240_000
const LARGE = { deltaBps: '10000', sizeBps: '5000', marginBps: '10000' }

/** The vault becomes long or short what its quotes give, in some blocks. */
function load(world: VaultHub, isBuy: boolean, blocks = 4): void {
  const { id } = world.market('ETH-PERP').market!
  const limitE9 = isBuy ? 3_100n * E9 : 2_900n * E9
  for (let i = 0; i < blocks; i++) {
    world.order(TRADER, { market: id, isBuy, sizeE9: 3n * E9, limitE9, timeInForce: 2 })
    world.blocks(1)
  }
}

/** What a holder's shares would bring now, before what stays. */
function worthOf(world: VaultHub, name: string): bigint {
  return (BigInt(world.holding(name).shares) * BigInt(world.vault().shareE18)) / 10n ** 24n
}

describe('attacks on a vault', { timeout: TIMEOUT_MS }, () => {
  it('nobody gives it anything: a donation can’t move what shares are worth', () => {
    const world = vaultHub()
    const { address } = world.of(OWNER)
    expect(world.act(OWNER, transferCash(address, VAULT_ADDRESS, 10n * E6))).toBe('cash/4')
    expect(world.act(OWNER, transferCash(address, `${VAULT_ADDRESS}/1`, 10n * E6))).toBe('cash/4')
    expect(world.worth()).toBe(0n)
  })

  it('no dust: deposits and what is left have a least size, and requests a number', () => {
    const world = vaultHub({ params: { lockSeconds: '0' } })
    expect(world.deposit(OWNER, 99n)).toBe('vault/3')
    expect(
      world.act(
        OWNER,
        message('causeway.vault.v1.MsgDepositVault', { holder: world.of(OWNER).address, amountE6: '0' }),
      ),
    ).toBe('vault/2')
    const shares = fundVault(world, OWNER, 100n)
    expect(world.withdraw(OWNER, shares + 1n)).toBe('vault/5')
    expect(world.withdraw(OWNER, shares - 1n)).toBe('vault/7')
    expect(world.withdraw(OWNER, 1n)).toBe('vault/7')
    for (let i = 0; i < 16; i++) expect(world.withdraw(OWNER, 10n ** 10n)).toBe('0')
    expect(world.withdraw(OWNER, 10n ** 10n)).toBe('vault/8')
    expect(world.holding(OWNER).requests).toHaveLength(16)
    world.pass(660n, 60n)
    expect(world.holding(OWNER).requests).toHaveLength(0)
    expect(world.broken()).toEqual([])
  })

  it('nobody signs for it, and it takes no more than it may hold', () => {
    const world = vaultHub({ params: { worthMaxE6: `${1_000n * E6}` } })
    expect(world.deposit(OWNER, 1_001n)).toBe('vault/4')
    expect(world.deposit(OWNER, 600n)).toBe('0')
    expect(world.deposit(THIRD, 600n)).toBe('vault/4')
    expect(world.deposit(THIRD, 400n)).toBe('0')
  })

  it('a deposit placed in a dip pays the highest of the time that it waits', () => {
    const world = vaultHub({ params: LARGE })
    fundVault(world, OWNER, 15_000n)
    world.blocks(2)
    load(world, false)
    world.prices.set(ETH, 2_960n * E9)
    world.blocks(2)
    const before = worthOf(world, OWNER)
    expect(world.deposit(THIRD, 10_000n)).toBe('0')
    world.pass(100n)
    world.prices.set(ETH, 3_050n * E9)
    world.pass(100n)
    world.prices.set(ETH, 2_960n * E9)
    world.pass(480n)
    const shares = BigInt(world.holding(THIRD).shares)
    expect(shares).toBeGreaterThan(0n)
    // Bought at 3,050, worth what it is at 2,960; nobody else has lost by it
    expect(worthOf(world, THIRD)).toBeLessThan(9_900n * E6)
    expect(worthOf(world, OWNER)).toBeGreaterThanOrEqual(before)
    expect(world.broken()).toEqual([])
  })

  it('a withdrawal that knows of a spike is paid the lowest of the time that it waits', () => {
    const world = vaultHub({ params: { ...LARGE, lockSeconds: '0' } })
    const shares = fundVault(world, OWNER, 10_000n)
    fundVault(world, THIRD, 5_000n)
    world.blocks(2)
    load(world, false)
    const before = world.cash(OWNER)
    const worthBefore = worthOf(world, OWNER)
    expect(world.withdraw(OWNER, shares)).toBe('0')
    world.pass(100n)
    world.prices.set(ETH, 2_960n * E9)
    world.pass(60n)
    const third = worthOf(world, THIRD)
    world.prices.set(ETH, 3_050n * E9)
    world.pass(500n)
    world.pass(700n)
    const got = world.cash(OWNER) - before
    expect(got).toBeGreaterThan(0n)
    expect(got).toBeLessThan(worthBefore)
    expect(worthOf(world, THIRD)).toBeGreaterThan(third)
    expect(world.broken()).toEqual([])
  })

  it('a withdrawal takes no margin from positions: what is short waits, and quotes only reduce', () => {
    const world = vaultHub({ params: { ...LARGE, lockSeconds: '0' } })
    const shares = fundVault(world, OWNER, 10_000n)
    world.blocks(2)
    load(world, true, 6)
    const short = BigInt(world.vaultFolio().positions[0]!.sizeE9)
    expect(short).toBeLessThan(-2n * E9)
    expect(world.withdraw(OWNER, shares)).toBe('0')
    world.pass(660n)
    expect(world.vault().withdrawals).toBe(1n)
    expect(BigInt(world.vault().initialMarginE6)).toBeGreaterThanOrEqual(0n)
    const sides = world.quotes().map(({ isBuy }) => isBuy)
    expect(sides).toEqual([true])
    // Once somebody sells to it, what is free is paid
    load(world, false, 8)
    world.pass(700n)
    world.blocks(3)
    expect(world.vault().withdrawals).toBe(0n)
    expect(world.broken()).toEqual([])
  })
})
