// A hub that is exported with positions, debts, interest and what waits goes on elsewhere as it would here.
import { toHex } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { exportState } from './block/inspect.ts'
import { message } from './testing/messages.fixture.ts'
import { refusal } from './testing/refusal.fixture.ts'
import {
  E6,
  E9,
  ETH,
  USD_EACH,
  cashOf,
  convert,
  deliver,
  order,
  perpetual,
  place,
  portfolio,
  redeem,
  tradingHub,
  tradingHubOf,
  transferCash,
} from './testing/trading-hub.fixture.ts'
import { aminoWallet } from './testing/wallets.fixture.ts'

interface State {
  readonly cash: {
    readonly debtIndex: string
    readonly creditIndex: string
    readonly accounts: readonly { readonly holder: string; readonly shares: string }[]
    readonly withdrawals: readonly { readonly amount: string }[]
    readonly [member: string]: unknown
  }
  readonly risk: { readonly isolated: readonly string[]; readonly [member: string]: unknown }
  readonly markets: unknown
  readonly [module: string]: unknown
}

/** The taker is long, covered by tokens, and owes cash since the price fell; the maker's withdrawal waits. */
function rich() {
  const world = tradingHub({ limits: { outflowFloorE6: `${1_000n * E6}`, outflowBps: '1' } })
  const { driver, maker, taker, prices } = world
  const isolated = `${maker.address}/3`
  const open = message('causeway.risk.v1.MsgOpenIsolated', { holder: isolated })
  const codes = [
    deliver(driver, maker, open),
    deliver(driver, maker, convert(maker, USD_EACH)),
    deliver(driver, maker, transferCash(maker.address, isolated, 500n * E6)),
    deliver(driver, taker, convert(taker, 200n * E6)),
  ]
  const market = perpetual(driver)
  codes.push(place(driver, maker, order(maker, { market, isBuy: false })))
  codes.push(place(driver, taker, order(taker, { market, isBuy: true })))
  for (const price of [2_900n, 2_800n]) {
    prices.set(ETH, price * E9)
    for (let i = 0; i < 4; i++) driver.block()
  }
  // The hour's end settles what was lost, and interest begins.
  for (let i = 0; i < 6; i++) driver.block(1_800n)
  for (let i = 0; i < 3; i++) driver.block()
  codes.push(deliver(driver, maker, redeem(maker, 1_900n * E6)))
  const resting = order(taker, { market, isBuy: true, sizeE9: E9 / 10n, limitE9: 2_750n * E9 })
  codes.push(place(driver, taker, resting))
  expect(codes).toEqual(codes.map(() => '0'))
  const state = (of = world) => exportState(of.hub.chain) as unknown as State
  return { ...world, world, market, state, isolated }
}

/** The same state elsewhere, after its first block, which takes no time. */
function imported({ driver, prices }: ReturnType<typeof rich>, state: State) {
  const copy = tradingHubOf(state as unknown as JsonValue, driver.timeNanoseconds, new Map(prices))
  copy.driver.block(0n)
  return copy
}

describe('an export', () => {
  it('has the debt, its interest, what waits, and who is isolated', () => {
    const { driver, taker, state, isolated, broken } = rich()
    expect(cashOf(driver, taker.address)).toBeLessThan(-100n * E6)
    const { cash, risk } = state()
    expect(BigInt(cash.debtIndex)).toBeGreaterThan(10n ** 18n)
    expect(BigInt(cash.creditIndex)).toBeGreaterThan(10n ** 18n)
    expect(cash.accounts.find(({ holder }) => holder === taker.address)!.shares).toMatch(/^-/)
    // What had room left with the next block.
    expect(cash.withdrawals).toMatchObject([{ amount: `${900n * E6}` }])
    expect(risk.isolated).toEqual([isolated])
    expect(broken()).toEqual([])
  })

  it('makes the same state again: cash, risk, markets and accounts', () => {
    const here = rich()
    const before = here.state()
    const copy = tradingHubOf(
      before as unknown as JsonValue,
      here.driver.timeNanoseconds,
      new Map(here.prices),
    )
    copy.driver.block(0n)
    const after = here.state(copy)
    expect(after.cash).toEqual(before.cash)
    expect(after.risk).toEqual(before.risk)
    expect(after.accounts).toEqual(before.accounts)
    expect(copy.broken()).toEqual([])
  })

  it('goes on as here: interest, margin, and what waits, block for block', () => {
    const here = rich()
    const { driver, maker, taker, isolated } = here
    const copy = imported(here, here.state())
    for (const seconds of [1n, 60n, 1n, 3_500n, 1n, 1n, 1n]) {
      driver.block(seconds)
      copy.driver.block(seconds)
      for (const holder of [maker.address, taker.address, isolated])
        expect(cashOf(copy.driver, holder)).toBe(cashOf(driver, holder))
    }
    const [a, b] = [here.state(), here.state(copy)]
    expect(b.cash).toEqual(a.cash)
    for (const { address } of [maker, taker]) {
      const [mine, theirs] = [portfolio(driver, address), portfolio(copy.driver, address)]
      expect(theirs.positions).toEqual(mine.positions)
      expect(theirs.maintenanceMarginE6).toBe(mine.maintenanceMarginE6)
    }
    expect([...here.broken(), ...copy.broken()]).toEqual([])
  })

  it('keeps what has left within the hour: a restart opens no window anew', () => {
    const here = rich()
    const copy = imported(here, here.state())
    const sent = (seconds: bigint) => copy.driver.block(seconds).events.map(({ type }) => type)
    for (let i = 0; i < 3; i++) expect(sent(600n)).not.toContain('send_packet')
    const left = Array.from({ length: 4 }, () => sent(600n)).flat()
    expect(left.filter((type) => type === 'send_packet')).toHaveLength(1)
    const { ledger } = here.state() as unknown as { ledger: { lines: { outflow: object[] }[] } }
    const [line] = ledger.lines
    const [bucket] = line!.outflow
    const twice = { ...ledger, lines: [{ ...line, outflow: [bucket, bucket] }] }
    expect(refusal(() => imported(here, { ...here.state(), ledger: twice }))).toBe('genesis/2')
  })

  it('that gives something to a linked wallet’s address is refused: nobody could ever take it', async () => {
    const here = rich()
    const state = here.state()
    const { accounts, cash, ledger } = state as unknown as {
      accounts: { wallets?: object[] }
      cash: { accounts: { holder: string }[] }
      ledger: { balances: { holder: string; denom: string; amount: string }[] }
    }
    const wallet = await aminoWallet('linked at genesis')
    const keyType = 'cosmos'
    const link = { address: wallet.address, account: here.maker.address, publicKey: toHex(wallet.key.bytes) }
    const linked = { ...accounts, wallets: [{ ...link, keyType }] }
    const make = (changed: object) => () =>
      imported(here, { ...state, accounts: linked, ...changed } as unknown as State)
    expect(refusal(make({}))).toBe('nothing')
    const renamed = cash.accounts.map((entry) =>
      entry.holder === here.taker.address ? { ...entry, holder: wallet.address } : entry,
    )
    expect(refusal(make({ cash: { ...state.cash, accounts: renamed } }))).toBe('genesis/2')
    const balances = ledger.balances.map((entry) =>
      entry.holder === here.taker.address ? { ...entry, holder: wallet.address } : entry,
    )
    expect(refusal(make({ ledger: { ...ledger, balances } }))).toBe('genesis/2')
  })

  it('that contradicts itself is refused', () => {
    const here = rich()
    const state = here.state()
    const { cash } = state
    const make = (changed: object) => () =>
      imported(here, { ...state, cash: { ...cash, ...changed } } as unknown as State)
    const [first, ...others] = cash.accounts
    expect(refusal(make({ accounts: others }))).toBe('genesis/2')
    expect(refusal(make({ accounts: [first, ...cash.accounts] }))).toBe('genesis/2')
    expect(refusal(make({ debtIndex: '1' }))).toBe('genesis/2')
    const [waiting] = cash.withdrawals
    expect(refusal(make({ withdrawals: [{ ...waiting, line: '77' }] }))).toBe('genesis/2')
    expect(refusal(make({ withdrawals: [{ ...waiting, amount: `${10n ** 15n}` }] }))).toBe('genesis/2')
  })
})
