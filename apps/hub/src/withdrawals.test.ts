// Withdrawals from the hub to a zone, timeouts with refunds, and the hub's own token out and back.
import { utf8 } from '@causeway/primitives'
import { voucherOf } from '@causeway/messaging'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Bridge, USD_PATH, eventsIn } from './testing/bridge.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { send } from './testing/wallet.fixture.ts'

const USD = voucherOf(USD_PATH)

let bridge: Bridge
let holder = ''
beforeAll(async () => {
  bridge = await Bridge.start()
  holder = `${bridge.trader.address}/3`
  await bridge.deposit(holder, '5000000')
})
afterAll(() => bridge?.stop())

const withdraw = (
  amount: string,
  changes: { denom?: string; sender?: string; receiver?: string; timeoutSeconds?: bigint } = {},
) =>
  bridge.send(bridge.hub, bridge.trader, {
    denom: USD,
    amount,
    receiver: bridge.depositor.address,
    sender: holder,
    ...changes,
  })
const held = () => bridge.balance(bridge.hub, holder, 'usd')

describe('a withdrawal', () => {
  it('is debited here, released there, and settled when acknowledged', async () => {
    const { hub, zone, depositor } = bridge
    const before = BigInt(bridge.balance(zone, depositor.address, 'uusd'))
    const { sent, packet } = await withdraw('2000000')
    expect([codeOf(sent), sent.log]).toEqual(['0', ''])
    expect(eventsIn(sent, 'causeway.transfer.v1.debit')).toMatchObject([
      { line: '1', subaccount: '3', amount: '2000000', receiver: depositor.address },
    ])
    expect(bridge.line()).toMatchObject({ escrowed: '5000000', inFlight: '2000000' })
    expect(bridge.broken()).toEqual([])
    const received = await bridge.receive(zone, hub.chain, packet!)
    expect([codeOf(received), received.log]).toEqual(['0', ''])
    expect(BigInt(bridge.balance(zone, depositor.address, 'uusd'))).toBe(before + 2_000_000n)
    expect(codeOf(await bridge.acknowledge(hub, zone.chain, received))).toBe('0')
    expect(bridge.line()).toMatchObject({ escrowed: '3000000', inFlight: '0' })
    expect(held()).toBe('3000000')
    expect(bridge.broken()).toEqual([])
  })

  it('of more than there is, or of what has no line, is refused', async () => {
    const code = async (...parameters: Parameters<typeof withdraw>) =>
      codeOf((await withdraw(...parameters)).sent)
    expect(await code('3000001')).toBe('ledger/5')
    expect(await code('1', { sender: `${bridge.trader.address}/4` })).toBe('ledger/5')
    expect(await code('1', { denom: 'usd' })).toBe('transfer/1003')
    expect(await code('1', { denom: USD_PATH })).toBe('transfer/20')
    expect(await code('1', { denom: voucherOf('transfer/07-tendermint-9/x') })).toBe('transfer/21')
    expect(await code('0')).toBe('transfer/40')
    expect(await code('1', { timeoutSeconds: -1_000n })).toBe('ibc/82')
    expect(await code('1', { timeoutSeconds: 86_500n })).toBe('ibc/83')
    expect(held()).toBe('3000000')
    expect(bridge.broken()).toEqual([])
  })

  it('by another account, in a packet of its own making, is refused', async () => {
    const { chain, client } = bridge.hub
    const data = {
      denom: USD_PATH,
      amount: '1',
      sender: holder,
      receiver: bridge.depositor.address,
      memo: '',
    }
    const payload = {
      sourcePort: 'transfer',
      destinationPort: 'transfer',
      version: 'ics20-1',
      encoding: 'application/json',
    }
    const stolen = await chain.deliver(chain.relayer, [
      message('ibc.core.channel.v2.MsgSendPacket', {
        sourceClient: client,
        timeoutTimestamp: bridge.clock.seconds + 600n,
        payloads: [{ ...payload, value: utf8(JSON.stringify(data)) }],
        signer: chain.relayer.address,
      }),
    ])
    expect(codeOf(stolen)).toBe('transfer/1001')
  })

  it('that times out is refunded to the same subaccount, once', async () => {
    const { hub, zone } = bridge
    const { packet } = await withdraw('1000000', { timeoutSeconds: 60n })
    expect(held()).toBe('2000000')
    expect(codeOf(await bridge.timeOut(hub, zone.chain, packet!))).toBe('ibc/84')
    bridge.pass(120n)
    expect(codeOf(await bridge.receive(zone, hub.chain, packet!))).toBe('ibc/82')
    const refunded = await bridge.timeOut(hub, zone.chain, packet!)
    expect([codeOf(refunded), refunded.log]).toEqual(['0', ''])
    expect(eventsIn(refunded, 'causeway.transfer.v1.refund')).toMatchObject([
      { subaccount: '3', amount: '1000000', reason: 'timeout' },
    ])
    expect([held(), bridge.line().inFlight]).toEqual(['3000000', '0'])
    const { chain } = hub
    const again = await bridge.timeoutMessage(hub, zone.chain, packet!)
    expect(codeOf((await chain.submit(chain.relayer, [again])).response)).toBe('block/35')
    const payment = send(chain.relayer.address, chain.relayer.address, '1')
    const relayed = await chain.deliver(chain.relayer, [payment, again])
    expect([codeOf(relayed), eventsIn(relayed, 'causeway.transfer.v1.refund')]).toEqual(['0', []])
    expect(bridge.broken()).toEqual([])
  })

  it('to a bad receiver is refunded with its error', async () => {
    const { hub, zone } = bridge
    const { packet } = await withdraw('5', { receiver: 'nobody' })
    const received = await bridge.receive(zone, hub.chain, packet!)
    const acknowledged = await bridge.acknowledge(hub, zone.chain, received)
    expect(eventsIn(acknowledged, 'causeway.transfer.v1.refund')).toMatchObject([
      { amount: '5', reason: 'error' },
    ])
    expect(held()).toBe('3000000')
    expect(bridge.broken()).toEqual([])
  })

  it('of everything names 2^256 - 1', async () => {
    const { hub, zone } = bridge
    const { packet } = await withdraw(((1n << 256n) - 1n).toString())
    const received = await bridge.receive(zone, hub.chain, packet!)
    expect(codeOf(await bridge.acknowledge(hub, zone.chain, received))).toBe('0')
    expect([held(), bridge.line().escrowed]).toEqual(['0', '0'])
    expect(bridge.broken()).toEqual([])
  })
})

describe('the hub’s own token', () => {
  it('goes out to an escrow and comes back to the last unit', async () => {
    const { hub, zone, trader, depositor } = bridge
    const voucher = voucherOf(`transfer/${zone.client}/ucway`)
    const { packet } = await bridge.send(hub, trader, {
      denom: 'ucway',
      amount: '700',
      receiver: depositor.address,
    })
    const received = await bridge.receive(zone, hub.chain, packet!)
    expect(bridge.balance(zone, depositor.address, voucher)).toBe('700')
    expect(codeOf(await bridge.acknowledge(hub, zone.chain, received))).toBe('0')
    expect([bridge.hubEscrow(), bridge.broken()]).toEqual(['700', []])
    for (const amount of ['300', '400']) {
      const receiver = `${trader.address}/9`
      const back = await bridge.send(zone, depositor, { denom: voucher, amount, receiver })
      const returned = await bridge.receive(hub, zone.chain, back.packet!)
      const credits = eventsIn(returned, 'causeway.transfer.v1.credit')
      expect(credits).toMatchObject([{ line: '0', asset: '1', amount, subaccount: '9' }])
      expect(codeOf(await bridge.acknowledge(zone, hub.chain, returned))).toBe('0')
    }
    expect(bridge.balance(hub, `${trader.address}/9`, 'ucway')).toBe('700')
    expect([bridge.hubEscrow(), bridge.broken()]).toEqual(['0', []])
  })

  it('is refunded when it times out', async () => {
    const { hub, zone, trader, depositor } = bridge
    const before = BigInt(bridge.balance(hub, trader.address, 'ucway'))
    const sending = { denom: 'ucway', amount: '50', receiver: depositor.address, timeoutSeconds: 30n }
    const { packet } = await bridge.send(hub, trader, sending)
    bridge.pass(60n)
    expect(codeOf(await bridge.timeOut(hub, zone.chain, packet!))).toBe('0')
    // The fee of the transfer is all that is gone.
    expect(BigInt(bridge.balance(hub, trader.address, 'ucway'))).toBe(before - 75_000n)
    expect(bridge.broken()).toEqual([])
  })
})
