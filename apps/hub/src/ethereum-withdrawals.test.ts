// Withdrawals from the hub to an Ethereum chain: what goes out, what comes back as an answer, a timeout or an
// error, and what is refused because the other end could never pay it.
import {
  ERROR_ACKNOWLEDGEMENT,
  decodeTransfer,
  encodeTransfer,
  packetReceiptKey,
  voucherOf,
} from '@causeway/messaging'
import { utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { eventsIn } from './testing/bridge.fixture.ts'
import { DEPOSITOR, EthereumBridge, THERE, USDC } from './testing/ethereum-bridge.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'

const ABI = 'application/x-solidity-abi'

function open() {
  const bridge = new EthereumBridge()
  bridge.credit(5_000_000n)
  const denom = voucherOf(`transfer/${bridge.client}/${USDC}`)
  const withdraw = (amount: bigint, more: Partial<Parameters<typeof bridge.withdraw>[0]> = {}) =>
    bridge.withdraw({ denom, amount, ...more })
  const held = () => bridge.balance(bridge.trader.address, 'usd')
  return { bridge, denom, withdraw, held }
}

describe('a withdrawal', () => {
  it('goes out in the ABI, is paid there, and settled when acknowledged', () => {
    const { bridge, withdraw, held } = open()
    const { sent, packet } = withdraw(2_000_000n)
    expect([codeOf(sent), sent.log]).toEqual(['0', ''])
    expect(packet).toMatchObject({ sourceClient: bridge.client, destinationClient: THERE })
    expect(packet!.payloads[0]!.encoding).toBe(ABI)
    expect(decodeTransfer(packet!.payloads[0]!)).toEqual({
      denom: `transfer/${bridge.client}/${USDC}`,
      amount: 2_000_000n,
      sender: bridge.trader.address,
      receiver: DEPOSITOR,
      memo: '',
    })
    expect(bridge.line()).toMatchObject({ escrowed: '5000000', inFlight: '2000000' })
    const acknowledgement = bridge.answer(packet!)
    const acknowledged = bridge.acknowledge(packet!, acknowledgement)
    expect([codeOf(acknowledged), acknowledged.log]).toEqual(['0', ''])
    expect(bridge.line()).toMatchObject({ escrowed: '3000000', inFlight: '0' })
    expect(held()).toBe('3000000')
    expect(bridge.broken()).toEqual([])
  })

  it('that was refused there is refunded, once', () => {
    const { bridge, withdraw, held } = open()
    const { packet } = withdraw(5n)
    const acknowledged = bridge.acknowledge(packet!, bridge.answer(packet!, 'error'))
    expect(eventsIn(acknowledged, 'causeway.transfer.v1.refund')).toMatchObject([
      { amount: '5', reason: 'error' },
    ])
    expect([held(), bridge.line().inFlight]).toEqual(['5000000', '0'])
    expect(bridge.broken()).toEqual([])
  })

  it('that times out is refunded by the absence of its receipt, and not before', () => {
    const { bridge, withdraw, held } = open()
    const { packet } = withdraw(1_000_000n, { timeoutSeconds: 120n })
    expect(codeOf(bridge.timeOut(packet!))).toBe('ibc/84')
    bridge.passTo(bridge.slot + 11n)
    const refunded = bridge.timeOut(packet!)
    expect([codeOf(refunded), refunded.log]).toEqual(['0', ''])
    expect(eventsIn(refunded, 'causeway.transfer.v1.refund')).toMatchObject([
      { amount: '1000000', reason: 'timeout' },
    ])
    expect([held(), bridge.line().inFlight]).toEqual(['5000000', '0'])
    expect(bridge.broken()).toEqual([])
  })

  it('that was received does not time out, and no other answer passes for its own', () => {
    const { bridge, withdraw, held } = open()
    const { packet } = withdraw(1_000_000n, { timeoutSeconds: 120n })
    const acknowledgement = bridge.answer(packet!)
    bridge.passTo(bridge.slot + 11n)
    const slot = bridge.finalize()
    expect(codeOf(bridge.timeOut(packet!, slot))).toBe('ethereum/51')
    expect(codeOf(bridge.acknowledge(packet!, ERROR_ACKNOWLEDGEMENT, slot))).toBe('ethereum/49')
    expect(codeOf(bridge.acknowledge(packet!, utf8('{"result":"AA=="}'), slot))).toBe('ethereum/49')
    expect(
      codeOf(bridge.acknowledge({ ...packet!, destinationClient: 'client-9' }, acknowledgement, slot)),
    ).toBe('ibc/81')
    expect(codeOf(bridge.acknowledge({ ...packet!, timeoutTimestamp: 5n }, acknowledgement, slot))).toBe(
      'ibc/86',
    )
    expect(codeOf(bridge.acknowledge(packet!, acknowledgement, slot))).toBe('0')
    expect(held()).toBe('4000000')
  })

  it('can not be timed out by a state in which only its receipt’s neighbours are absent', () => {
    const { bridge, withdraw } = open()
    const { packet } = withdraw(1_000_000n, { timeoutSeconds: 120n })
    bridge.answer(packet!)
    bridge.passTo(bridge.slot + 11n)
    const slot = bridge.finalize()
    const proof = bridge.chain.prove(slot, packetReceiptKey(THERE, 99n))
    const forged = bridge.deliver(bridge.relayer, [
      message('ibc.core.channel.v2.MsgTimeout', {
        packet: packet!,
        proofUnreceived: proof,
        proofHeight: { revisionNumber: 0n, revisionHeight: slot },
        signer: bridge.relayer.address,
      }),
    ])
    expect(codeOf(forged)).toMatch(/^ethereum\/(4[2-4]|51)$/)
  })
})

describe('what the other end could never pay', () => {
  it.each([
    ['a hub address', 'cway19jz3f32m0z0kt4u6xeutvwkr6m2hmwma2ajm2u'],
    ['upper case', `0x${'D1'.repeat(20)}`],
    ['a short address', '0x1234'],
    ['a long one', `0x${'d1'.repeat(21)}`],
    ['no prefix', 'd1'.repeat(20)],
    ['the zero address', `0x${'0'.repeat(40)}`],
  ])('is not sent: %s', (_, receiver) => {
    const { withdraw, held } = open()
    expect(codeOf(withdraw(1n, { receiver }).sent)).toBe('transfer/44')
    expect(held()).toBe('5000000')
  })

  it('is not sent in another encoding, nor by a packet of the sender’s own making', () => {
    const { bridge, withdraw, denom } = open()
    expect(codeOf(withdraw(1n, { encoding: 'application/json' }).sent)).toBe('transfer/8')
    expect(codeOf(withdraw(1n, { encoding: ABI }).sent)).toBe('0')
    expect(denom).toMatch(/^ibc\//)
    const data = {
      denom: `transfer/${bridge.client}/${USDC}`,
      amount: 1n,
      sender: bridge.trader.address,
      receiver: 'nobody',
      memo: '',
    }
    for (const [encoding, receiver, code] of [
      ['application/json', DEPOSITOR, 'transfer/8'],
      [ABI, 'nobody', 'transfer/44'],
      [ABI, DEPOSITOR, '0'],
    ] as const) {
      const sent = bridge.deliver(bridge.trader, [
        message('ibc.core.channel.v2.MsgSendPacket', {
          sourceClient: bridge.client,
          timeoutTimestamp: bridge.driver.timeSeconds + 600n,
          payloads: [encodeTransfer({ ...data, receiver }, encoding)],
          signer: bridge.trader.address,
        }),
      ])
      expect(codeOf(sent)).toBe(code)
    }
  })

  it('is refused for the hub’s own token, too, which otherwise goes out and comes back', () => {
    const { bridge } = open()
    const send = (receiver: string) => bridge.withdraw({ denom: 'ucway', amount: 700n, receiver })
    expect(codeOf(send('nobody').sent)).toBe('transfer/44')
    const { packet } = send(DEPOSITOR)
    expect(codeOf(bridge.acknowledge(packet!, bridge.answer(packet!)))).toBe('0')
    const back = encodeTransfer(
      {
        denom: `transfer/${THERE}/ucway`,
        amount: 300n,
        sender: DEPOSITOR,
        receiver: `${bridge.trader.address}/9`,
        memo: '',
      },
      ABI,
    )
    expect(codeOf(bridge.receive(bridge.send(back)))).toBe('0')
    expect(bridge.balance(`${bridge.trader.address}/9`, 'ucway')).toBe('300')
    const forged = encodeTransfer({ ...decodeTransfer(back), amount: 401n }, ABI)
    const refused = bridge.receive(bridge.send(forged))
    expect([codeOf(refused), eventsIn(refused, 'causeway.transfer.v1.credit')]).toEqual(['0', []])
    expect(bridge.broken()).toEqual([])
  })
})

describe('a client that died', () => {
  it('sends nothing more; what is in flight stays until it can be answered', () => {
    const { bridge, withdraw, held } = open()
    const { packet } = withdraw(1_000_000n)
    bridge.driver.block(86_400n)
    expect(codeOf(withdraw(1n).sent)).toBe('ibc/61')
    expect(packet).toBeDefined()
    const slot = bridge.slot
    bridge.passTo(slot + 3n)
    expect(codeOf(bridge.update({ attestedSlot: slot + 1n, finalizedSlot: slot }))).toBe('ibc/61')
    expect([held(), bridge.line().inFlight]).toEqual(['4000000', '1000000'])
    expect(bridge.broken()).toEqual([])
  })
})
