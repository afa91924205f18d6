// Laundering a pending deposit through a loss: who deposits on a chain that will reorganise loses on purpose
// to an accomplice, who redeems; then the deposit vanishes. What is pending may only keep what stands.
import { packetCommitmentKey } from '@causeway/messaging'
import { describe, expect, it } from 'vitest'
import { createAddressCodec } from '../identifiers.ts'
import { INSURANCE_FUND } from '../named-accounts.ts'
import { EthereumBridge, USDC } from '../testing/ethereum-bridge.fixture.ts'
import { message } from '../testing/messages.fixture.ts'
import { codeOf } from '../testing/refusal.fixture.ts'
import { E6, E9, cashOf, order, place, transferCash } from '../testing/trading-hub.fixture.ts'
import type { Wallet } from '../testing/wallet.fixture.ts'
import { ether } from './arena.fixture.ts'

const FUND = createAddressCodec('cway').encode(INSURANCE_FUND.account)
const MARKET = 1n

/** Insurance of 40,000; the accomplice has 10,000; the launderer what it says. */
function setUp(own: bigint) {
  const prices = new Map([
    [2n, E9],
    [3n, 2_000n * E9],
  ])
  const priceSource = (_: bigint, publishTimeSeconds: bigint) =>
    [...prices].map(([asset, priceE9]) => ({ asset, priceE9, publishTimeSeconds }))
  const bridge = new EthereumBridge({
    hub: { priceSource },
    appState: (state) => ({
      ...state,
      cash: { assets: [{ asset: '2' }] },
      markets: { underlyings: [ether()] } as never,
    }),
  })
  bridge.credit(40_000n * E6, FUND)
  bridge.credit(10_000n * E6, bridge.stranger.address)
  if (own > 0n) bridge.credit(own, bridge.trader.address)
  const preview = (amount: bigint) => {
    const packet = bridge.deposit({ amount, receiver: bridge.trader.address, token: USDC })
    const slot = bridge.attest()
    bridge.driver.block(0n)
    const key = packetCommitmentKey(packet.sourceClient, packet.sequence)
    return codeOf(
      bridge.deliver(bridge.relayer, [
        message('causeway.preview.v1.MsgPreviewDeposit', {
          packet,
          proofCommitment: bridge.chain.prove(slot, key),
          signer: bridge.relayer.address,
        }),
      ]),
    )
  }
  const trade = (wallet: Wallet, isBuy: boolean, sizeE9: bigint, price: bigint) =>
    place(bridge.driver, wallet, order(wallet, { market: MARKET, isBuy, sizeE9, limitE9: price * E9 }))
  const sizes = () =>
    [bridge.trader, bridge.stranger].map(({ address }) =>
      BigInt(bridge.portfolio(address).positions[0]?.sizeE9 ?? 0n),
    )
  return {
    bridge,
    prices,
    preview,
    trade,
    sizes,
    cash: ({ address }: Wallet) => cashOf(bridge.driver, address),
  }
}

describe('a pending deposit', () => {
  it('opens nothing that could be lost: the accomplice gains nothing', () => {
    const { bridge, preview, trade, sizes, cash } = setUp(0n)
    expect(preview(5_000n * E6)).toBe('0')
    expect(trade(bridge.stranger, false, E9, 2_090n)).toBe('0')
    // CheckTx has no margin to judge it by, or the auction cancels it: nothing is filled either way.
    trade(bridge.trader, true, E9, 2_090n)
    bridge.driver.block()
    expect(sizes()).toEqual([0n, 0n])
    expect(cash(bridge.stranger)).toBe(10_000n * E6)
    expect(bridge.broken()).toEqual([])
  })

  it('neither moves nor leaves with what stands on it', () => {
    const { bridge, preview } = setUp(500n * E6)
    expect(preview(5_000n * E6)).toBe('0')
    const away = (amountE6: bigint) =>
      codeOf(
        bridge.deliver(bridge.trader, [
          transferCash(bridge.trader.address, bridge.stranger.address, amountE6),
        ]),
      )
    expect(away(501n * E6)).toBe('cash/2')
    expect(away(500n * E6)).toBe('0')
    expect(bridge.broken()).toEqual([])
  })

  it('keeps an account whose price fell, and no more is lost than without it when it vanishes', () => {
    const { bridge, prices, preview, trade, sizes, cash } = setUp(600n * E6)
    const { trader, stranger } = bridge
    expect(trade(stranger, false, E9, 2_000n)).toBe('0')
    expect(trade(trader, true, E9, 2_000n)).toBe('0')
    expect(sizes()).toEqual([E9, -E9])
    const marginE6 = () => BigInt(bridge.portfolio().maintenanceMarginE6)
    for (let price = 1_950n; marginE6() > 0n; price -= 50n) {
      prices.set(3n, price * E9)
      bridge.driver.block()
      bridge.driver.block()
    }
    const [bare, equityE6] = [marginE6(), BigInt(bridge.portfolio().equityE6)]
    expect(preview(1_000n * E6)).toBe('0')
    bridge.driver.block()
    // 1,000 × 0.95 × 0.5: toward maintenance, and toward nothing else.
    expect(Math.round(Number(marginE6() - bare) / 1e6)).toBe(475)
    expect(BigInt(bridge.portfolio().initialMarginE6)).toBeLessThan(0n)
    // It can't sell dear or buy more: what adds to its risk is cancelled, what closes is near the mark.
    const [before] = [cash(stranger)]
    trade(stranger, true, E9, 1_700n)
    trade(trader, false, E9, 1_700n)
    bridge.driver.block()
    expect(sizes()).toEqual([E9, -E9])
    expect(cash(stranger) - before).toBeLessThanOrEqual(0n)
    // Half an hour later nothing of it is left. What was owed is what would have been owed without it, but
    // for the part that liquidation has closed since, within 1 % of the mark and fees.
    bridge.driver.block(1_800n)
    for (let i = 0; i < 4; i++) bridge.driver.block()
    const { equityE6: left, positions, pendingCreditE6 } = bridge.portfolio()
    const closedE9 = E9 - BigInt(positions[0]!.sizeE9)
    const closedE6 = (closedE9 * BigInt(positions[0]!.markE9)) / 10n ** 12n
    expect(pendingCreditE6).toBe('0')
    expect(marginE6()).toBeGreaterThan(bare - 100_000n)
    expect(equityE6 - BigInt(left)).toBeLessThan(100_000n + (closedE6 * 11n) / 1_000n)
    expect(bridge.broken()).toEqual([])
  })
})
