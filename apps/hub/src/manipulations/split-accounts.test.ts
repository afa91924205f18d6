// Splitting accounts round a limit: what one owner may not do, many accounts of it may not either.
import { describe, expect, it } from 'vitest'
import { packSigningKey, walletLinkText } from '@causeway/protocol'
import { message } from '../testing/messages.fixture.ts'
import { E6, E9, convert, portfolio, redeem, transferCash } from '../testing/trading-hub.fixture.ts'
import { aminoWallet } from '../testing/wallets.fixture.ts'
import { arena } from './arena.fixture.ts'

const SPLIT = Array.from({ length: 5 }, (_, i) => `split part ${i}`)
const NAMES = ['split whole', 'split other', ...SPLIT]
const LATE = 4_000_000_000n

describe('a requirement that grows with the market', () => {
  it('is the same for one account of 5 as for five of 1, to a micro-cash each', () => {
    // From 10 thousand of open notional on it rises; 30 thousand will be open.
    const underlying = { openNotionalLowerE6: `${10_000n * E6}`, openNotionalUpperE6: `${100_000n * E6}` }
    const world = arena(NAMES, { underlying })
    expect(world.fund(...NAMES)).toBe(true)
    const market = world.market('ETH-PERP').market!.id
    const terms = { market, limitE9: 3_000n * E9 }
    expect(world.order('split other', { ...terms, isBuy: false, sizeE9: 5n * E9 })).toBe('0')
    expect(world.order('split whole', { ...terms, isBuy: true, sizeE9: 5n * E9 })).toBe('0')
    const required = (name: string) =>
      BigInt(portfolio(world.driver, world.of(name).address).initialRequirementE6)
    const alone = required('split whole')
    expect(world.order('split other', { ...terms, isBuy: false, sizeE9: 5n * E9 })).toBe('0')
    for (const name of SPLIT) expect(world.order(name, { ...terms, isBuy: true, sizeE9: E9 })).toBe('0')
    const whole = required('split whole')
    const parts = SPLIT.reduce((sum, name) => sum + required(name), 0n)
    // Twice as much is open: it is dearer for everybody, whoever opened it.
    expect(whole).toBeGreaterThan(alone)
    expect(parts - whole).toBeGreaterThanOrEqual(-5n)
    expect(parts - whole).toBeLessThanOrEqual(BigInt(E6) / 100n)
    expect(world.broken()).toEqual([])
  })
})

describe('the cap of an owner', () => {
  it('counts subaccounts, and wallets of one account have none of their own', async () => {
    const world = arena(NAMES, { underlying: { ownerCapE9: `${2n * E9}` } })
    expect(world.fund('split whole', 'split other')).toBe(true)
    const { of, driver } = world
    const market = world.market('ETH-PERP').market!.id
    const terms = { market, limitE9: 3_000n * E9, sizeE9: 2n * E9 }
    expect(world.order('split other', { ...terms, isBuy: false })).toBe('0')
    expect(world.order('split whole', { ...terms, isBuy: true })).toBe('0')
    const { address } = of('split whole')
    expect(world.act('split whole', transferCash(address, `${address}/1`, 9_000n * E6))).toBe('0')
    expect(world.order('split other', { ...terms, isBuy: false, sizeE9: E9 })).toBe('0')
    expect(world.order('split whole', { ...terms, isBuy: true, sizeE9: E9, subaccount: 1 })).toBe('0')
    // A second wallet that is linked trades for the same account, and by the same cap.
    const wallet = await aminoWallet('split part 0')
    const text = { chainId: 'causeway-1', account: address, wallet: wallet.address, expiresSeconds: LATE }
    const link = message('causeway.accounts.v1.MsgLinkWallet', {
      account: address,
      walletKey: packSigningKey(wallet.key),
      walletSignMode: wallet.mode,
      walletSignature: await wallet.signText(walletLinkText(text)),
      expiresSeconds: LATE,
    })
    expect(world.act('split whole', link)).toBe('0')
    expect(world.order('split part 0', { ...terms, isBuy: true, sizeE9: E9 })).toBe('tx/107')
    const long = [address, `${address}/1`]
      .flatMap((holder) => portfolio(driver, holder).positions)
      .reduce((sum, { sizeE9 }) => sum + BigInt(sizeE9), 0n)
    expect(long).toBe(2n * E9)
    expect(world.broken()).toEqual([])
  })
})

describe('a window of a line', () => {
  it('gives no more to five accounts than to one: 1,000 an hour leave, whoever asks', () => {
    const limits = { outflowFloorE6: `${1_000n * E6}`, outflowBps: '1' }
    const world = arena(NAMES, { limits })
    const leaving = () =>
      world.driver.responses
        .flatMap(({ events, txResults }) => [...events, ...txResults.flatMap((result) => result.events)])
        .filter(({ type }) => type === 'causeway.transfer.v1.debit')
        .reduce(
          (sum, { attributes }) => sum + BigInt(attributes.find(({ key }) => key === 'amount')!.value),
          0n,
        )
    for (const name of SPLIT) {
      const wallet = world.of(name)
      expect(world.act(name, convert(wallet, 5_000n * E6))).toBe('0')
      expect(world.act(name, redeem(wallet, 900n * E6))).toBe('0')
    }
    world.blocks(5)
    expect(leaving()).toBeGreaterThan(0n)
    expect(leaving()).toBeLessThanOrEqual(1_000n * E6)
    world.blocks(70, 60n)
    expect(leaving()).toBeLessThanOrEqual(3_000n * E6)
    expect(world.broken()).toEqual([])
  })
})
