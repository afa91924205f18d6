// Cash over the whole hub: a stable token comes in over a bridge as cash, and goes out again.
import { voucherOf } from '@causeway/messaging'
import type { Any } from '@causeway/protocol'
import {
  QueryCashRequest,
  QueryCashResponse,
  QueryPoolRequest,
  QueryPoolResponse,
} from '@causeway/protocol/causeway/cash/v1/query'
import { MsgRedeem, MsgTransferCash } from '@causeway/protocol/causeway/cash/v1/tx'
import { afterEach, describe, expect, it } from 'vitest'
import { Bridge, USD_PATH, eventsIn } from './testing/bridge.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { packetsOf } from './testing/two-chains.fixture.ts'

let bridge: Bridge
afterEach(() => bridge.stop())

const query = (path: string, data: Uint8Array) =>
  bridge.hub.chain.application.query({ path, data, height: 0n, prove: false }).value
const cashOf = (holder: string) =>
  BigInt(
    QueryCashResponse.decode(
      query('/causeway.cash.v1.Query/Cash', QueryCashRequest.encode({ holder }).finish()),
    ).balanceE6,
  )
const pool = () =>
  QueryPoolResponse.decode(query('/causeway.cash.v1.Query/Pool', QueryPoolRequest.encode({}).finish()))
const redeem = (amountE6: string): Any => {
  const { address: holder } = bridge.trader
  const receiver = bridge.depositor.address
  const value = MsgRedeem.encode({ holder, line: voucherOf(USD_PATH), amountE6, receiver }).finish()
  return { typeUrl: '/causeway.cash.v1.MsgRedeem', value }
}
const deliver = (message: Any) => bridge.hub.chain.deliver(bridge.trader, [message])

describe('a stable token', () => {
  it('comes in as cash, moves as cash, and goes out at par; what isn’t taken comes back', async () => {
    bridge = await Bridge.start({ isConvertible: true })
    const { trader, depositor } = bridge
    const received = await bridge.deposit(trader.address, '5000000')
    expect(eventsIn(received, 'causeway.cash.v1.converted')).toMatchObject([{ par_e6: '5000000' }])
    const cash = cashOf(trader.address)
    // At min(1, price): the rest is insurance's.
    expect(cash <= 5_000_000n && cash >= 4_950_000n).toBe(true)
    expect(BigInt(bridge.portfolio(trader.address).cashE6)).toBe(cash)
    expect(pool()).toMatchObject({ pool: { parE6: '5000000' }, assets: [{ parE6: '5000000', open: true }] })
    expect(bridge.balance(bridge.hub, trader.address, 'usd')).toBe('0')
    const move = { from: trader.address, to: `${trader.address}/1`, amountE6: '1000000' }
    const moved = {
      typeUrl: '/causeway.cash.v1.MsgTransferCash',
      value: MsgTransferCash.encode(move).finish(),
    }
    expect(codeOf(await deliver(moved))).toBe('0')
    expect(cashOf(`${trader.address}/1`)).toBe(1_000_000n)
    expect(bridge.broken()).toEqual([])

    const sent = await deliver(redeem('2000000'))
    expect(codeOf(sent)).toBe('0')
    const { packet } = packetsOf(sent, 'send_packet')[0]!
    expect(bridge.line()).toMatchObject({ escrowed: '5000000', inFlight: '2000000' })
    const before = BigInt(bridge.balance(bridge.zone, depositor.address, 'uusd'))
    const arrived = await bridge.receive(bridge.zone, bridge.hub.chain, packet)
    expect(BigInt(bridge.balance(bridge.zone, depositor.address, 'uusd')) - before).toBe(2_000_000n)
    expect(codeOf(await bridge.acknowledge(bridge.hub, bridge.zone.chain, arrived))).toBe('0')
    expect(bridge.line()).toMatchObject({ escrowed: '3000000', inFlight: '0' })
    expect([pool().pool!.parE6, bridge.broken()]).toEqual(['3000000', []])

    const lost = packetsOf(await deliver(redeem('500000')), 'send_packet')[0]!.packet
    bridge.pass(43_300n)
    expect(codeOf(await bridge.timeOut(bridge.hub, bridge.zone.chain, lost))).toBe('0')
    expect(bridge.balance(bridge.hub, trader.address, 'usd')).toBe('500000')
    expect([pool().pool!.parE6, bridge.broken()]).toEqual(['2500000', []])
  })
})
