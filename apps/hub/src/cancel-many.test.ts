// Whoever has as many orders as the markets allow gets rid of them with the gas that one trade message has:
// out of gas would leave a maker in the market who wants to leave it.
import type { Any } from '@causeway/protocol'
import { MsgCancelAll, MsgCancelAllResponse, MsgMassQuote } from '@causeway/protocol/causeway/markets/v1/tx'
import { TxMsgData } from '@causeway/protocol/cosmos/base/abci/v1beta1/abci'
import { describe, expect, it } from 'vitest'
import { codeOf } from './testing/refusal.fixture.ts'
import { E9, ETH, order, trade, tradingHub } from './testing/trading-hub.fixture.ts'

const GAS_OF_ONE = 30_000n

/** A maker with many orders that rest, far from the market. */
function crowded(count: number) {
  const world = tradingHub()
  const { driver, maker } = world
  const market = trade(world)
  const act = (acts: Any[], gasLimit: bigint) => {
    const sequence = driver.timeNanoseconds / 1_000_000n
    const checked = codeOf(driver.submit(maker.sign(acts, { gasLimit, fee: [], sequence })))
    expect(checked).toBe('0')
    return driver.block().txResults.at(-1)!
  }
  const resting = order(maker, { market, isBuy: true, limitE9: 1_500n * E9, sizeE9: E9 / 10n })
  for (let i = 0; i < count; i += 10)
    expect(codeOf(act(Array<Any>(10).fill(resting), 10n * GAS_OF_ONE))).toBe('0')
  const signer = maker.address
  const cancelling = {
    typeUrl: '/causeway.markets.v1.MsgCancelAll',
    value: MsgCancelAll.encode({ signer, subaccount: 0, market: 0n }).finish(),
  }
  const quotes = [{ market, bidE9: 1_400n * E9, bidSizeE9: E9, askE9: 6_000n * E9, askSizeE9: E9 }]
  const quoting = {
    typeUrl: '/causeway.markets.v1.MsgMassQuote',
    value: MsgMassQuote.encode({ signer, subaccount: 0, underlying: ETH, quotes, nonce: 0n }).finish(),
  }
  return { ...world, act, cancelling, quoting }
}

describe('a maker with 240 orders', () => {
  it('cancels them all with the gas of one message', () => {
    const { act, cancelling, broken } = crowded(240)
    const result = act([cancelling], GAS_OF_ONE)
    expect(codeOf(result)).toBe('0')
    const [response] = TxMsgData.decode(result.data).msgResponses
    expect(MsgCancelAllResponse.decode(response!.value).count).toBe(240)
    expect(broken()).toEqual([])
  })

  it('replaces quotes for what the new ones cost', () => {
    const { act, quoting, broken } = crowded(240)
    const first = act([quoting], 2n * GAS_OF_ONE)
    const second = act([quoting], 2n * GAS_OF_ONE)
    expect([codeOf(first), codeOf(second)]).toEqual(['0', '0'])
    expect(second.gasUsed - first.gasUsed).toBeLessThan(500n)
    expect(broken()).toEqual([])
  })

  it('pays for each that stays, once a block', () => {
    const { act, maker, cancelling } = crowded(40)
    const signer = maker.address
    const elsewhere = {
      typeUrl: cancelling.typeUrl,
      value: MsgCancelAll.encode({ signer, subaccount: 0, market: 999n }).finish(),
    }
    const quoteless = {
      typeUrl: '/causeway.markets.v1.MsgMassQuote',
      value: MsgMassQuote.encode({ signer, subaccount: 0, underlying: ETH, quotes: [], nonce: 0n }).finish(),
    }
    const gasOf = (...acts: Any[]) => act(acts, BigInt(acts.length) * GAS_OF_ONE).gasUsed
    const walks = [elsewhere, quoteless]
    const once = walks.map((walk) => gasOf(walk))
    const twice = walks.map((walk) => gasOf(walk, walk))
    gasOf(cancelling)
    const bare = walks.map((walk) => gasOf(walk))
    for (const i of walks.keys()) {
      expect(once[i]! - bare[i]!).toBeGreaterThan(39n * 60n)
      expect(twice[i]! - once[i]!).toBeLessThan(2_000n)
    }
  })
})
