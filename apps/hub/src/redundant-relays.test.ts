// Two relayers on one route: who comes second pays nothing, and nobody keeps an honest relayer out with
// packets that don't hold good.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Any } from '@causeway/protocol'
import { MsgRecvPacket, MsgTimeout } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { Bridge } from './testing/bridge.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { send } from './testing/wallet.fixture.ts'
import type { Wallet } from './testing/wallet.fixture.ts'

let bridge: Bridge
let first: Wallet
let second: Wallet
beforeAll(async () => {
  bridge = await Bridge.start()
  first = bridge.hub.chain.relayer
  // Anybody may relay.
  second = bridge.trader
})
afterAll(() => bridge?.stop())
// What a test left in the mempool goes into this block.
beforeEach(() => bridge.hub.chain.block())

const deposited = async (amount = '10') => {
  const sending = { denom: 'uusd', amount, receiver: `${bridge.trader.address}/5` }
  return (await bridge.send(bridge.zone, bridge.depositor, sending)).packet!
}
const proven = async (change?: (proof: Uint8Array) => Uint8Array) => {
  const packet = await deposited()
  return bridge.receiveMessage(bridge.hub, bridge.zone.chain, packet, change)
}
const offer = (wallet: Wallet, messages: Any[], terms: { gasLimit?: bigint; fee?: bigint } = {}) =>
  bridge.hub.chain.submit(wallet, messages, terms)
const answer = async (...parameters: Parameters<typeof offer>) =>
  codeOf((await offer(...parameters)).response)
/** The same message, signed by another relayer. */
function by(wallet: Wallet, { typeUrl, value }: Any): Any {
  const codec = typeUrl.endsWith('MsgTimeout') ? MsgTimeout : MsgRecvPacket
  const changed = { ...codec.decode(value), signer: wallet.address }
  return { typeUrl, value: codec.encode(changed as never).finish() }
}
const credited = () => BigInt(bridge.balance(bridge.hub, `${bridge.trader.address}/5`, 'usd'))
const forged = (proof: Uint8Array) => proof.map((byte, i) => (i === proof.length >> 1 ? byte ^ 1 : byte))

describe('a second relay of a packet', () => {
  it('is refused while the first waits, and costs nothing', async () => {
    const before = credited()
    const receive = await proven()
    const one = await offer(first, [receive])
    const fees = bridge.balance(bridge.hub, second.address, 'ucway')
    const two = await offer(second, [by(second, receive)])
    expect([codeOf(one.response), codeOf(two.response)]).toEqual(['0', 'block/35'])
    // By these words relayers know that nothing is wrong.
    expect(two.response.log).toBe('packet messages are redundant')
    bridge.hub.chain.block()
    expect(bridge.hub.chain.result(one.hash)?.code).toBe(0)
    expect(bridge.hub.chain.result(two.hash)).toBeUndefined()
    expect(bridge.balance(bridge.hub, second.address, 'ucway')).toBe(fees)
    expect(credited()).toBe(before + 10n)
  })

  it('is refused when the packet was received', async () => {
    const receive = await proven()
    expect((await bridge.hub.chain.deliver(first, [receive])).code).toBe(0)
    expect(await answer(second, [by(second, receive)])).toBe('block/35')
    expect(await answer(first, [receive])).toBe('block/35')
  })

  it('is refused when the packet timed out', async () => {
    const { hub, zone, trader, depositor } = bridge
    const sending = { denom: 'ucway', amount: '5', receiver: depositor.address, timeoutSeconds: 30n }
    const { packet } = await bridge.send(hub, trader, sending)
    bridge.pass(60n)
    const timeout = await bridge.timeoutMessage(hub, zone.chain, packet!)
    const one = await offer(first, [timeout])
    expect(await answer(second, [by(second, timeout)])).toBe('block/35')
    hub.chain.block()
    expect(hub.chain.result(one.hash)?.code).toBe(0)
    expect(await answer(second, [by(second, timeout)])).toBe('block/35')
  })

  it('is dropped from the mempool when a dearer one is taken before it', async () => {
    const receive = await proven()
    // Of two that want 20 M gas, lane 1 takes one a block.
    const one = await offer(first, [receive], { gasLimit: 20_000_000n, fee: 500_000n })
    const two = await offer(second, [by(second, receive)], { gasLimit: 20_000_000n, fee: 600_000n })
    expect([codeOf(one.response), codeOf(two.response)]).toEqual(['0', '0'])
    bridge.hub.chain.block()
    bridge.hub.chain.block()
    expect(bridge.hub.chain.result(two.hash)?.code).toBe(0)
    expect(bridge.hub.chain.result(one.hash)).toBeUndefined()
    first.sequence--
    expect((await bridge.hub.chain.deliver(first, [send(first.address, first.address, '1')])).code).toBe(0)
  })
})

describe('a relay is admitted', () => {
  it('while only a forged one waits: the forger pays, the packet arrives in the same block', async () => {
    const before = credited()
    const receive = await proven()
    const { packet, proofCommitment, proofHeight } = MsgRecvPacket.decode(receive.value)
    const forgery = message('ibc.core.channel.v2.MsgRecvPacket', {
      packet,
      proofCommitment: forged(proofCommitment),
      proofHeight,
      signer: second.address,
    })
    const fees = BigInt(bridge.balance(bridge.hub, second.address, 'ucway'))
    const one = await offer(second, [forgery])
    const two = await offer(first, [receive])
    expect([codeOf(one.response), codeOf(two.response)]).toEqual(['0', '0'])
    bridge.hub.chain.block()
    expect(bridge.hub.chain.result(one.hash)?.code).not.toBe(0)
    expect(bridge.hub.chain.result(two.hash)?.code).toBe(0)
    expect(BigInt(bridge.balance(bridge.hub, second.address, 'ucway'))).toBe(fees - 75_000n)
    expect(credited()).toBe(before + 10n)
  })

  it('while one waits that would run out of gas', async () => {
    const receive = await proven()
    const poor = await offer(second, [by(second, receive)], { gasLimit: 20_000n })
    const one = await offer(first, [receive])
    expect([codeOf(poor.response), codeOf(one.response)]).toEqual(['0', '0'])
    bridge.hub.chain.block()
    expect(bridge.hub.chain.result(one.hash)?.code).toBe(0)
  })

  it('when it pays more for its gas than the one that waits', async () => {
    const receive = await proven()
    expect(await answer(first, [receive])).toBe('0')
    expect(await answer(second, [by(second, receive)])).toBe('block/35')
    expect(await answer(second, [by(second, receive)], { fee: 75_001n })).toBe('0')
  })

  it('with one packet that is new among others', async () => {
    const old = await proven()
    expect((await bridge.hub.chain.deliver(first, [old])).code).toBe(0)
    const young = await proven()
    expect(await answer(second, [by(second, old), by(second, young)])).toBe('0')
    expect(await answer(first, [old])).toBe('block/35')
    expect(await answer(first, [old, young])).toBe('block/35')
  })

  it('beside any other message, and when it only brings a client up to date', async () => {
    const receive = await proven()
    expect((await bridge.hub.chain.deliver(first, [receive])).code).toBe(0)
    expect(await answer(first, [receive, send(first.address, first.address, '1')])).toBe('0')
    const { hub, zone } = bridge
    const update = message('ibc.core.client.v1.MsgUpdateClient', {
      clientId: hub.client,
      clientMessage: await zone.chain.header(hub.trusted - 1n),
      signer: first.address,
    })
    expect(await answer(first, [update])).toBe('0')
    expect(await answer(first, [update, receive])).toBe('block/35')
  })

  it('once, when it says nothing that can be read', async () => {
    for (const packet of [undefined, { ...(await deposited()), destinationClient: 'x'.repeat(200_000) }]) {
      const nothing = message('ibc.core.channel.v2.MsgRecvPacket', {
        packet,
        proofCommitment: new Uint8Array(1),
        proofHeight: { revisionNumber: 0n, revisionHeight: 1n },
        signer: first.address,
      })
      expect(await answer(first, [nothing])).toBe('0')
      bridge.hub.chain.block()
    }
  })
})
