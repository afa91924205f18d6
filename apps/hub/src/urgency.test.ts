// What stands before others does so because the state makes it urgent, not because it says so.
import { describe, expect, it } from 'vitest'
import type { Any } from '@causeway/protocol'
import { MsgBid } from '@causeway/protocol/causeway/liquidation/v1/tx'
import { MsgCancelOrder, MsgRevokeVenue } from '@causeway/protocol/causeway/markets/v1/tx'
import { laneIn } from './block/lanes.ts'
import { judgeProposal } from './block/process-proposal.ts'
import { readPositions, storedOrders } from './modules/markets/state.ts'
import { message } from './testing/messages.fixture.ts'
import {
  E6,
  E9,
  convert,
  deliver,
  order,
  perpetual,
  place,
  trade,
  tradingHub,
  transferCash,
} from './testing/trading-hub.fixture.ts'
import type { TradingHub } from './testing/trading-hub.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { Wallet, send } from './testing/wallet.fixture.ts'

const FEE = { gasLimit: 2_000_000n, fee: [{ denom: 'ucway', amount: '50000' }] }
const FREE = { gasLimit: 30_000n, fee: [] }

function laneOf({ hub }: TradingHub, wallet: Wallet, ...messages: Any[]): number {
  const isTrade = messages[0]!.typeUrl.startsWith('/causeway.markets')
  const options = { ...(isTrade ? FREE : FEE), sequence: 7n }
  const transaction = hub.chain.transactions.decode(wallet.sign(messages, options))
  return laneIn(hub.chain.composition, hub.chain.readLatest(), transaction)
}

const cancel = ({ address: signer }: Wallet, orderId: bigint): Any => ({
  typeUrl: '/causeway.markets.v1.MsgCancelOrder',
  value: MsgCancelOrder.encode({ ...MsgCancelOrder.fromPartial({}), signer, orderId }).finish(),
})
const cancelAll = ({ address: signer }: Wallet, subaccount = 0): Any =>
  message('causeway.markets.v1.MsgCancelAll', { signer, subaccount, market: 0n })
const switchOff = ({ address: signer }: Wallet): Any =>
  message('causeway.markets.v1.MsgCancelAllAfter', { signer, subaccount: 0, seconds: 60n })
const venueOf = ({ address: signer }: Wallet) => ({
  ...{ signer, subaccount: 0, client: '07-tendermint-0' },
  sender: new Uint8Array(20).fill(1),
})
const revoke = (wallet: Wallet): Any => ({
  typeUrl: '/causeway.markets.v1.MsgRevokeVenue',
  value: MsgRevokeVenue.encode(venueOf(wallet)).finish(),
})
const reduce = (wallet: Wallet, market: bigint, isBuy: boolean): Any =>
  order(wallet, { market, isBuy, sizeE9: E9, reduceOnly: true })

describe('the lane', () => {
  it('of cancels is the third while something rests, and the last when nothing does', () => {
    const world = tradingHub()
    const { driver, hub, maker, taker } = world
    const market = trade(world)
    const acts = (wallet: Wallet) => [cancel(wallet, 1n), cancelAll(wallet), switchOff(wallet)]
    const lanes = (wallet: Wallet) => acts(wallet).map((act) => laneOf(world, wallet, act))
    expect([...storedOrders(hub.chain.readLatest().store('markets'))]).toEqual([])
    expect(lanes(maker)).toEqual([4, 4, 4])
    expect(place(driver, maker, order(maker, { market, isBuy: false, limitE9: 3_090n * E9 }))).toBe('0')
    const [resting] = [...storedOrders(hub.chain.readLatest().store('markets'))]
    expect(laneOf(world, maker, cancel(maker, resting!.id))).toBe(3)
    expect(laneOf(world, taker, cancel(taker, resting!.id))).toBe(4)
    expect(laneOf(world, maker, cancelAll(maker))).toBe(3)
    expect(laneOf(world, maker, cancelAll(maker, 5))).toBe(4)
    expect(laneOf(world, maker, switchOff(maker))).toBe(3)
    expect(lanes(taker)).toEqual([4, 4, 4])
  })

  it('of an order that reduces is the third against a position, whatever it says', () => {
    const world = tradingHub()
    const { maker, taker, hub } = world
    expect(laneOf(world, taker, reduce(taker, perpetual(world.driver), false))).toBe(4)
    const market = trade(world)
    const positions = readPositions(hub.chain.readLatest().store('markets'), {
      account: taker.id,
      subaccount: 0,
    })
    expect(positions[0]!.sizeE9).toBe(2n * E9)
    const lanes = [true, false].flatMap((isBuy) =>
      [maker, taker].map((wallet) => laneOf(world, wallet, reduce(wallet, market, isBuy))),
    )
    expect(lanes).toEqual([3, 4, 4, 3])
    expect(laneOf(world, taker, reduce(taker, market + 1n, false))).toBe(4)
    expect(laneOf(world, taker, order(taker, { market, isBuy: false }))).toBe(4)
  })

  it('of top-ups is the third where there is something to lose', () => {
    const world = tradingHub()
    const { maker, taker } = world
    const stranger = new Wallet('stranger')
    const acts = [
      (to: Wallet) => convert(to, E6),
      (to: Wallet) => transferCash(`${to.address}/1`, to.address, E6),
      (to: Wallet) => send(to.address, to.address, '1'),
    ]
    const lanes = (wallet: Wallet) => acts.map((act) => laneOf(world, wallet, act(wallet)))
    expect(lanes(taker)).toEqual([4, 4, 4])
    trade(world)
    expect(lanes(taker)).toEqual([3, 3, 3])
    expect(laneOf(world, taker, send(taker.address, maker.address, '1'))).toBe(3)
    expect(laneOf(world, taker, send(taker.address, stranger.address, '1'))).toBe(4)
    expect(laneOf(world, taker, send(taker.address, `${taker.address}/3`, '1'))).toBe(4)
  })

  it('of several messages is the last of theirs, and of a bid on nothing the last of all', () => {
    const world = tradingHub()
    const { taker, maker } = world
    trade(world)
    const top = convert(taker, E6)
    const back = message('causeway.cash.v1.MsgCancelWithdrawal', { holder: taker.address, id: 1n })
    expect(laneOf(world, taker, back)).toBe(3)
    expect(laneOf(world, taker, top, back)).toBe(3)
    expect(laneOf(world, taker, top, send(taker.address, `${taker.address}/3`, '1'))).toBe(4)
    // Free, so it has to be for something: here nothing is granted.
    expect(laneOf(world, taker, revoke(taker))).toBe(4)
    const bid = MsgBid.fromPartial({
      bidder: taker.address,
      account: maker.address,
      shareE9: E9,
      maxPriceE6: '1',
    })
    const act = { typeUrl: '/causeway.liquidation.v1.MsgBid', value: MsgBid.encode(bid).finish() }
    expect(laneOf(world, taker, act)).toBe(4)
    const garbled = { ...act, value: MsgBid.encode({ ...bid, account: 'nobody' }).finish() }
    // Refused as it is decoded: nobody has to find a lane for it.
    expect(() => laneOf(world, taker, garbled)).toThrow(expect.objectContaining({ codespace: 'identifiers' }))
  })

  it('of a revocation is the third where something was granted', () => {
    const world = tradingHub()
    const { driver, maker, taker } = world
    const grant = message('causeway.markets.v1.MsgGrantVenue', {
      ...venueOf(maker),
      markets: [perpetual(driver)],
      notionalMaxE6PerDay: E6,
      openNotionalMaxE6: E6,
      distanceMaxBps: 100,
      expirySeconds: driver.timeSeconds + 60n,
    })
    expect(laneOf(world, maker, revoke(maker))).toBe(4)
    expect(deliver(driver, maker, grant)).toBe('0')
    expect([maker, taker].map((wallet) => laneOf(world, wallet, revoke(wallet)))).toEqual([3, 4])
  })
})

describe('a proposal', () => {
  it('is judged by these lanes, and an honest one stands', () => {
    const world = tradingHub()
    const { driver, hub, maker, taker } = world
    const market = trade(world)
    const nonce = driver.timeNanoseconds / 1_000_000n
    const pointless = maker.sign([cancelAll(maker)], { ...FREE, sequence: nonce })
    const urgent = taker.sign([reduce(taker, market, false)], { ...FREE, sequence: nonce })
    const judge = (txs: readonly Uint8Array[]) => {
      const request = driver.proposal(txs)
      const reason = judgeProposal(hub.chain, { ...request, proposedLastCommit: request.decidedLastCommit })
      return reason === undefined ? 'accepted' : `${reason.codespace}/${reason.code}`
    }
    expect(judge([pointless, urgent])).toBe('block/31')
    expect(judge([urgent, pointless])).toBe('accepted')
    for (const tx of [pointless, urgent]) expect(codeOf(driver.submit(tx))).toBe('0')
    const lanes = [...hub.chain.admissions.critical()].map(({ transaction }) => transaction.bytes)
    expect(lanes).toEqual([urgent])
    driver.block()
    expect(driver.requests.at(-1)!.txs.slice(1)).toEqual([urgent, pointless])
  })
})

describe('an account without rechecks', () => {
  it('has no more waiting than a full bucket pays for', () => {
    const world = tradingHub()
    const { driver, hub, maker } = world
    trade(world)
    const nonce = driver.timeNanoseconds / 1_000_000n
    const check = (i: number, fee: { denom: string; amount: string }[] = []) => {
      const options = { ...FREE, fee, sequence: nonce + BigInt(i) }
      return codeOf(hub.checkTx({ tx: maker.sign([cancelAll(maker)], options), type: 0 }))
    }
    expect(new Set(Array.from({ length: 199 }, (_, i) => check(i)))).toEqual(new Set(['0']))
    expect([check(199), check(200)]).toEqual(['0', 'block/37'])
    driver.block(60n)
    expect(check(201)).toBe('block/37')
    expect(check(202, [{ denom: 'ucway', amount: '750' }])).toBe('0')
    for (let i = 0; i < 100; i++) driver.block()
    expect(check(203)).toBe('0')
  })
})
