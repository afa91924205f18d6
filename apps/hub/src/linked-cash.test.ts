// What becomes of cash, debts, trades, withdrawals and claims when a wallet is linked to another's account.
import { voucherOf } from '@causeway/messaging'
import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/causeway/accounts/v1/query'
import { afterEach, describe, expect, it } from 'vitest'
import { brokenInvariants } from './block/inspect.ts'
import { Bridge, USD_PATH } from './testing/bridge.fixture.ts'
import { cashOwed } from './testing/debts.fixture.ts'
import { EthereumBridge, USDC } from './testing/ethereum-bridge.fixture.ts'
import { link, linkMessage } from './testing/links.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { a, d, setUp as stakedHub } from './testing/staked-driver.fixture.ts'
import { POWER, stakeMessage } from './testing/staked-hub.fixture.ts'
import {
  E6,
  E9,
  USD_EACH,
  balanceOf,
  cashOf,
  convert,
  deliver,
  order,
  perpetual,
  place,
  redeem,
  trade,
  transferCash,
  tradingHub,
} from './testing/trading-hub.fixture.ts'
import { packetsOf } from './testing/two-chains.fixture.ts'
import { Wallet, send } from './testing/wallet.fixture.ts'
import { aminoWallet } from './testing/wallets.fixture.ts'

describe('linking an account', () => {
  it('moves its cash, each to the subaccount of the same number, to the last unit', async () => {
    const world = tradingHub()
    const { driver, maker, taker } = world
    expect(deliver(driver, maker, convert(maker, 7n * E6))).toBe('0')
    expect(deliver(driver, taker, convert(taker, 100n * E6))).toBe('0')
    expect(deliver(driver, taker, transferCash(taker.address, `${taker.address}/2`, 30n * E6 + 1n))).toBe('0')
    expect(await link(world)).toBe('0')
    const held = (of: Wallet) => [cashOf(driver, of.address), cashOf(driver, `${of.address}/2`)]
    expect([held(maker), held(taker)]).toEqual([
      [77n * E6 - 1n, 30n * E6 + 1n],
      [0n, 0n],
    ])
    expect(balanceOf(driver, maker.address, 'usdz')).toBe(2n * USD_EACH - 107n * E6)
    expect(world.broken()).toEqual([])
  })

  it('lets cash that is sent to the wallet’s address arrive at the account', async () => {
    const world = tradingHub()
    const { driver, maker, taker } = world
    expect(await link(world, 'third')).toBe('0')
    const { address: third } = await aminoWallet('third')
    expect(deliver(driver, taker, convert(taker, 10n * E6))).toBe('0')
    expect(deliver(driver, taker, transferCash(taker.address, third, 3n * E6))).toBe('0')
    expect(deliver(driver, taker, transferCash(taker.address, `${third}/4`, 2n * E6))).toBe('0')
    expect(cashOf(driver, maker.address)).toBe(3n * E6)
    expect(cashOf(driver, `${maker.address}/4`)).toBe(2n * E6)
    expect([cashOf(driver, third), cashOf(driver, `${third}/4`)]).toEqual([0n, 0n])
    // To one's own account by its other name: nothing moves, nothing is made.
    expect(deliver(driver, maker, transferCash(maker.address, third, 3n * E6))).toBe('0')
    expect(deliver(driver, maker, transferCash(maker.address, third, 4n * E6))).toBe('cash/2')
    expect(cashOf(driver, maker.address)).toBe(3n * E6)
    expect(world.broken()).toEqual([])
    expect(world.replay().at(-1)).toBe(Buffer.from(driver.responses.at(-1)!.appHash).toString('hex'))
  })

  it('is refused while it owes cash, in whichever subaccount', async () => {
    const { address } = new Wallet('taker')
    for (const holder of [address, `${address}/3`]) {
      const cash = { assets: [{ asset: '2' }], ...cashOwed({ [holder]: E6 }) }
      const world = tradingHub({ genesis: { cash } })
      expect(await link(world)).toBe('accounts/5')
      expect(cashOf(world.driver, holder)).toBeLessThan(0n)
      expect(world.broken()).toEqual([])
    }
  })

  it('is refused while it has a position', async () => {
    const world = tradingHub()
    trade(world)
    expect(await link(world)).toBe('accounts/5')
  })

  it('is refused while an order of it rests, and not after', async () => {
    const world = tradingHub()
    const { driver, maker, taker } = world
    expect(deliver(driver, taker, convert(taker, 1_000n * E6))).toBe('0')
    const resting = order(taker, { market: perpetual(driver), isBuy: true, limitE9: 2_990n * E9 })
    expect(place(driver, taker, { ...resting })).toBe('0')
    expect(await link(world)).toBe('accounts/5')
    const cancel = { signer: taker.address, subaccount: 0, market: 0n }
    expect(place(driver, taker, message('causeway.markets.v1.MsgCancelAll', cancel))).toBe('0')
    expect(await link(world)).toBe('0')
    expect(cashOf(driver, maker.address)).toBe(1_000n * E6)
    expect(world.broken()).toEqual([])
  })

  it('is refused while a withdrawal of it waits: nobody could take it back any more', async () => {
    const limits = { outflowFloorE6: `${1_000n * E6}`, outflowBps: '1' }
    const world = tradingHub({ limits })
    const { driver, maker, taker } = world
    expect(deliver(driver, taker, convert(taker, 5_000n * E6))).toBe('0')
    expect(deliver(driver, taker, redeem(taker, 1_800n * E6))).toBe('0')
    const waiting = cashOf(driver, taker.address)
    expect(waiting).toBe(3_200n * E6)
    expect(await link(world)).toBe('accounts/5')
    const taken = { holder: taker.address, id: 1n }
    expect(deliver(driver, taker, message('causeway.cash.v1.MsgCancelWithdrawal', taken))).toBe('0')
    expect(await link(world)).toBe('0')
    expect(cashOf(driver, maker.address)).toBeGreaterThan(waiting)
    expect(world.broken()).toEqual([])
  })

  it('is refused while it has a stake, bonded or leaving, or is a validator', async () => {
    const { alice, deliver: act, hub } = stakedHub()
    const join = async (name: string) => act(d, await linkMessage(d.address, await aminoWallet(name)))
    const stake = { delegator: alice.address, operator: a.address, amount: (2n * POWER).toString() }
    expect(act(alice, stakeMessage('staking.v1.MsgDelegate', stake))).toBe('0')
    expect(await join('alice')).toBe('accounts/5')
    expect(act(alice, stakeMessage('staking.v1.MsgUndelegate', stake))).toBe('0')
    expect(await join('alice')).toBe('accounts/5')
    expect(await join('operator a')).toBe('accounts/5')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('moves what an isolated subaccount holds, too', async () => {
    const world = tradingHub()
    const { driver, maker, taker } = world
    const holder = `${taker.address}/5`
    expect(deliver(driver, taker, message('causeway.risk.v1.MsgOpenIsolated', { holder }))).toBe('0')
    expect(deliver(driver, taker, convert(taker, 10n * E6))).toBe('0')
    expect(deliver(driver, taker, transferCash(taker.address, holder, 4n * E6))).toBe('0')
    expect(await link(world)).toBe('0')
    expect(cashOf(driver, `${maker.address}/5`)).toBe(4n * E6)
    expect(world.broken()).toEqual([])
  })
})

describe('over a bridge', () => {
  let bridge: Bridge
  afterEach(() => bridge.stop())

  const cash = (holder: string) => BigInt(bridge.portfolio(holder).cashE6)
  const redeemed = (holder: string, amountE6: bigint) =>
    message('causeway.cash.v1.MsgRedeem', {
      holder,
      line: voucherOf(USD_PATH),
      amountE6: amountE6.toString(),
      receiver: bridge.depositor.address,
    })

  it('a deposit to a linked wallet’s address converts for its account', async () => {
    bridge = await Bridge.start({ isConvertible: true })
    const { trader, hub } = bridge
    const second = await aminoWallet('second')
    expect(codeOf(await hub.chain.deliver(trader, [await linkMessage(trader.address, second)]))).toBe('0')
    await bridge.deposit(second.address, '5000000')
    await bridge.deposit(`${second.address}/7`, '1000000')
    expect(cash(trader.address)).toBeGreaterThan(4_950_000n)
    expect(cash(`${trader.address}/7`)).toBeGreaterThan(990_000n)
    expect([cash(second.address), bridge.balance(hub, second.address, 'usd')]).toEqual([0n, '0'])
    expect(bridge.broken()).toEqual([])
  })

  it('what a wallet had under way when it was linked comes back to its account', async () => {
    bridge = await Bridge.start({ isConvertible: true })
    const { trader, hub, zone } = bridge
    const owner = new Wallet('bridge owner')
    expect(codeOf(await hub.chain.deliver(trader, [send(trader.address, owner.address, '1000000')]))).toBe(
      '0',
    )
    const data = QueryAccountRequest.encode({ address: owner.address }).finish()
    const path = '/causeway.accounts.v1.Query/Account'
    const { value } = hub.chain.application.query({ path, data, height: 0n, prove: false })
    owner.accountNumber = QueryAccountResponse.decode(value).number
    await bridge.deposit(trader.address, '5000000')
    const sent = await hub.chain.deliver(trader, [redeemed(trader.address, 2_000_000n)])
    const left = cash(trader.address)
    const { packet } = packetsOf(sent, 'send_packet')[0]!
    const linked = await hub.chain.deliver(owner, [
      await linkMessage(owner.address, await aminoWallet('trader')),
    ])
    expect(codeOf(linked)).toBe('0')
    expect([cash(owner.address), cash(trader.address)]).toEqual([left, 0n])
    bridge.pass(43_300n)
    expect(codeOf(await bridge.timeOut(hub, zone.chain, packet))).toBe('0')
    expect(bridge.balance(hub, owner.address, 'usd')).toBe('2000000')
    expect(bridge.balance(hub, trader.address, 'usd')).toBe('0')
    expect(bridge.broken()).toEqual([])
  })
})

describe('an exit claim', () => {
  it('of a wallet that is linked ends, as what it claimed belongs to another account now', async () => {
    const bridge = new EthereumBridge()
    const { trader, stranger } = bridge
    const denom = voucherOf(`transfer/${bridge.client}/${USDC}`)
    bridge.credit(500n)
    const publish = ({ address: sender }: Wallet) =>
      bridge.deliver(sender === trader.address ? trader : stranger, [
        message('causeway.exit.v1.MsgPublishExitClaim', { sender, denom, recipient: `0x${'4e'.repeat(20)}` }),
      ])
    const claimed = ({ address }: Wallet) => {
      const key = new TextEncoder().encode(`exit/${address}/transfer/${bridge.client}/${USDC}`)
      const { value } = bridge.driver.query('store/ibc/key', key)
      return value.length === 0 ? 0n : BigInt(`0x${Buffer.from(value.slice(32)).toString('hex')}`)
    }
    expect([codeOf(publish(trader)), codeOf(publish(stranger))]).toEqual(['0', '0'])
    expect([claimed(trader), claimed(stranger)]).toEqual([500n, 0n])
    const word = await linkMessage(stranger.address, await aminoWallet('trader'))
    expect(codeOf(bridge.deliver(stranger, [word]))).toBe('0')
    expect([claimed(trader), claimed(stranger)]).toEqual([0n, 0n])
    // What an account gains is claimed when it says so, or at the end of the epoch.
    expect(codeOf(publish(stranger))).toBe('0')
    expect([claimed(trader), claimed(stranger)]).toEqual([0n, 500n])
    expect(brokenInvariants(bridge.hub.chain)).toEqual([])
  })
})
