// Port `clearing`, through a whole hub over an Ethereum chain.
import { blstScheme, createEthereumClient } from '@causeway/light-clients'
import {
  CLEARING_KINDS,
  clearingPayload,
  encodeTradeAnswers,
  readClearingPayload,
  word,
} from '@causeway/messaging'
import { concatBytes, fromHex, toHex } from '@causeway/primitives'
import {
  QueryOutgoingMessageRequest,
  QueryOutgoingMessageResponse,
  QueryStandbyLineRequest,
  QueryStandbyLineResponse,
} from '@causeway/protocol/causeway/clearing/v1/query'
import { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { describe, expect, it } from 'vitest'
import { brokenInvariants, exportState } from '../../block/inspect.ts'
import type { Context } from '../../block/context.ts'
import { createAddressCodec } from '../../identifiers.ts'
import { eventsIn } from '../../testing/bridge.fixture.ts'
import { EthereumBridge, USDC } from '../../testing/ethereum-bridge.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { codeOf, refusal } from '../../testing/refusal.fixture.ts'
import { packetsOf } from '../../testing/two-chains.fixture.ts'
import { createIbc } from '../ibc/ibc.ts'
import { createClearing } from './clearing.ts'
import type { ClearingMessages } from './ports.ts'

const LINE = fromHex('77'.repeat(32))
const TOKEN = fromHex(USDC.slice(2).padStart(64, '0'))
const ERROR = '4774d4a5'
const HOUR = 3_600n
const E6 = 1_000_000n

const left = (bytes: Uint8Array) => concatBytes(bytes, new Uint8Array(32 - bytes.length))

function locked(
  bridge: EthereumBridge,
  change: { line?: Uint8Array; token?: Uint8Array; amount?: bigint; expirySeconds?: bigint } = {},
) {
  const { line = LINE, token = TOKEN, amount = 500n * E6 } = change
  const expirySeconds = change.expirySeconds ?? bridge.driver.timeSeconds + 48n * HOUR
  const body = concatBytes(line, token, word(amount), word(expirySeconds), left(bridge.trader.id), word(3n))
  return clearingPayload({ kind: CLEARING_KINDS.standbyLocked, body })
}

function acknowledgementOf(result: Parameters<typeof packetsOf>[0]): string {
  return toHex(packetsOf(result, 'write_acknowledgement')[0]!.acknowledgement.appAcknowledgements[0]!)
}

function standby(bridge: EthereumBridge) {
  const data = QueryStandbyLineRequest.encode({ client: bridge.client, line: LINE }).finish()
  const { value, code } = bridge.driver.query('/causeway.clearing.v1.Query/StandbyLine', data)
  return code === 0 ? QueryStandbyLineResponse.decode(value).standbyLine : undefined
}

describe('trades of a venue', () => {
  it('are answered one by one: there are no markets yet', () => {
    const bridge = new EthereumBridge()
    const ids = [fromHex('01'.repeat(32)), fromHex('02'.repeat(32))]
    const trades = ids.map((id) =>
      concatBytes(
        id,
        left(bridge.trader.id),
        word(0n),
        left(bridge.stranger.id),
        word(1n),
        word(9n),
        word(5n),
        word(7n),
      ),
    )
    const body = concatBytes(word(32n), word(2n), ...trades)
    const received = bridge.receive(bridge.send(clearingPayload({ kind: CLEARING_KINDS.trades, body })))
    expect(codeOf(received)).toBe('0')
    const answers = encodeTradeAnswers(ids.map((tradeId) => ({ tradeId, code: 'clearing/not-listed' })))
    expect(acknowledgementOf(received)).toBe(toHex(answers))
    expect(eventsIn(received, 'causeway.clearing.v1.trades')).toMatchObject([{ count: '2', accepted: '0' }])
    expect(bridge.broken()).toEqual([])
  })

  it('that can’t be read get the error acknowledgement', () => {
    const bridge = new EthereumBridge()
    const malformed = clearingPayload({ kind: CLEARING_KINDS.trades, body: concatBytes(word(32n), word(1n)) })
    const many = clearingPayload({ kind: CLEARING_KINDS.trades, body: new Uint8Array(64 + 257 * 256) })
    for (const payload of [
      malformed,
      many,
      { ...malformed, version: 'causeway-clearing-2' },
      { ...malformed, encoding: 'application/json' },
    ]) {
      expect(acknowledgementOf(bridge.receive(bridge.send(payload)))).toMatch(new RegExp(`^${ERROR}`))
    }
  })
})

describe('a standby line', () => {
  it('is recorded, and counts for nothing', () => {
    const bridge = new EthereumBridge()
    const before = bridge.portfolio()
    const received = bridge.receive(bridge.send(locked(bridge)))
    expect(Buffer.from(acknowledgementOf(received), 'hex').toString()).toBe('{"result":"AQ=="}')
    expect(standby(bridge)).toMatchObject({ amount: '500000000', subaccount: 3, status: 'locked' })
    expect(eventsIn(received, 'causeway.clearing.v1.standby')).toMatchObject([
      { account: bridge.trader.address, subaccount: '3', amount: '500000000' },
    ])
    bridge.driver.block()
    expect(bridge.portfolio()).toMatchObject({
      equityE6: before.equityE6,
      maintenanceMarginE6: before.maintenanceMarginE6,
    })
    expect(bridge.broken()).toEqual([])
  })

  it('is refused twice, empty, expired, or of a token that is no listed line of that client', () => {
    const bridge = new EthereumBridge()
    const answer = (payload: ReturnType<typeof locked>) =>
      acknowledgementOf(bridge.receive(bridge.send(payload))).startsWith(ERROR)
    expect(answer(locked(bridge, { amount: 0n }))).toBe(true)
    expect(answer(locked(bridge, { expirySeconds: 1n }))).toBe(true)
    expect(answer(locked(bridge, { token: fromHex('ee'.repeat(32)) }))).toBe(true)
    expect(answer(locked(bridge, { token: fromHex('ee'.repeat(20).padStart(64, '0')) }))).toBe(true)
    expect(answer(locked(bridge))).toBe(false)
    expect(answer(locked(bridge))).toBe(true)
    const stranger = new EthereumBridge({ isOpen: false })
    stranger.client = stranger.open(stranger.stranger)
    expect(acknowledgementOf(stranger.receive(stranger.send(locked(stranger))))).toMatch(
      new RegExp(`^${ERROR}`),
    )
  })

  it('has to cover 100 cash; of 16 that stand the one that covers least makes room for one of more', () => {
    const bridge = new EthereumBridge()
    const send = (number: number, amount: bigint) => {
      const line = new Uint8Array(32).fill(number)
      return bridge.receive(bridge.send(locked(bridge, { line, amount })))
    }
    // 90 % of it counts
    const [result] = [send(1, 111n * E6)]
    expect(acknowledgementOf(result!).startsWith(ERROR)).toBe(true)
    for (let number = 1; number <= 16; number++) send(number, BigInt(200 + number) * E6)
    const more = send(17, 201n * E6)
    expect(acknowledgementOf(more).startsWith(ERROR)).toBe(true)
    const most = send(17, 202n * E6)
    expect(
      eventsIn(most, 'causeway.clearing.v1.standby').map(({ line, status }) => [line!.slice(0, 2), status]),
    ).toEqual([
      ['01', 'displaced'],
      ['11', 'locked'],
    ])
    expect(bridge.broken()).toEqual([])
  })

  it('that has expired makes room, too', () => {
    const bridge = new EthereumBridge()
    const send = (number: number, expirySeconds: bigint) => {
      const line = new Uint8Array(32).fill(number)
      return bridge.receive(bridge.send(locked(bridge, { line, expirySeconds })))
    }
    const soon = bridge.driver.timeSeconds + 24n * HOUR
    send(1, bridge.driver.timeSeconds + HOUR)
    for (let number = 2; number <= 16; number++) send(number, soon)
    while (bridge.driver.timeSeconds < soon - 22n * HOUR) {
      bridge.passTo(bridge.slot + 50n)
      bridge.finalize()
    }
    expect(
      eventsIn(send(17, soon), 'causeway.clearing.v1.standby').map(({ line, status }) => [
        line!.slice(0, 2),
        status,
      ]),
    ).toEqual([
      ['01', 'expired'],
      ['11', 'locked'],
    ])
    expect(bridge.broken()).toEqual([])
  })

  it('is what the other chain may tell, calls and governance are not', () => {
    const bridge = new EthereumBridge()
    for (const kind of [0, 3, 4, 5, 255]) {
      const received = bridge.receive(bridge.send(clearingPayload({ kind, body: new Uint8Array(64) })))
      expect(acknowledgementOf(received), `kind ${kind}`).toMatch(new RegExp(`^${ERROR}`))
    }
  })
})

describe('what anybody sends by this port', () => {
  it('is refused: only the chain itself speaks for governance', () => {
    const bridge = new EthereumBridge()
    const payload = clearingPayload({ kind: CLEARING_KINDS.governance, body: new Uint8Array(96) })
    const send = (signer: string, payloads = [payload]) =>
      bridge.deliver(bridge.stranger, [
        message('ibc.core.channel.v2.MsgSendPacket', {
          sourceClient: bridge.client,
          timeoutTimestamp: bridge.driver.timeSeconds + 600n,
          payloads,
          signer,
        }),
      ])
    expect(codeOf(send(bridge.stranger.address))).toBe('clearing/24')
    expect(codeOf(send(bridge.stranger.address, [{ ...payload, destinationPort: 'transfer' }]))).toBe(
      'clearing/24',
    )
    bridge.stranger.sequence--
    expect(refusal(() => send('causeway'))).not.toBe('0')
  })
})

/** What the hub's own modules call: over the same stores, so it is made anew here. */
function messagesOf(): ClearingMessages {
  const clearing = createClearing({
    addresses: createAddressCodec('cway'),
    sendPacket: (context, item) => ibc.send(context, item),
    isListed: () => true,
    owner: (_, address) => address,
    ensureAccount: () => undefined,
    coverE6: () => 1_000n * E6,
    clear: (_, __, trades) => trades.map(() => 'clearing/not-listed'),
  })
  const lightClients = [createEthereumClient({ bls: blstScheme })]
  const ibc = createIbc({ lightClients, application: () => clearing.application })
  return clearing
}

describe('what the chain itself sends', () => {
  // Governance and the margin call's rule run inside blocks: here their calls are made by hand on a block's
  // layer.
  const open = () => {
    const bridge = new EthereumBridge()
    const { composition } = bridge.hub.chain
    const settle = { sent: [] as Packet[] }
    const call = (make: (messages: ClearingMessages, context: Context) => void): void => {
      const module = composition.modules.find(({ name }) => name === 'clearing')!
      const original = module.beginBlock?.bind(module)
      const messages = messagesOf()
      Object.assign(module, { beginBlock: (context: Context) => make(messages, context) })
      const { events } = bridge.driver.block()
      Object.assign(module, { beginBlock: original })
      for (const { type, attributes } of events) {
        if (type !== 'send_packet') continue
        const hex = attributes.find(({ key }) => key === 'encoded_packet_hex')!.value
        settle.sent.push(Packet.decode(Buffer.from(hex, 'hex')))
      }
    }
    return { bridge, call, settle }
  }

  it('a call of governance is a packet of its own, and its answer stays in the state', () => {
    for (const [answer, status] of [
      ['success', 'succeeded'],
      ['error', 'refused'],
    ] as const) {
      const { bridge, call, settle } = open()
      call((messages, context) =>
        messages.sendGovernanceCall(context, bridge.client, LINE, fromHex('c0ffee')),
      )
      const [packet] = settle.sent
      const { kind, body } = readClearingPayload(packet!.payloads[0]!)
      expect([kind, toHex(body)]).toEqual([
        4,
        toHex(LINE) + toHex(word(64n)) + toHex(word(3n)) + 'c0ffee'.padEnd(64, '0'),
      ])
      const state = () => {
        const data = QueryOutgoingMessageRequest.encode({
          client: bridge.client,
          sequence: packet!.sequence,
        }).finish()
        const { value } = bridge.driver.query('/causeway.clearing.v1.Query/OutgoingMessage', data)
        return QueryOutgoingMessageResponse.decode(value).message!.status
      }
      expect([state(), bridge.broken()]).toEqual(['sent', []])
      expect(codeOf(bridge.acknowledge(packet!, bridge.answer(packet!, answer)))).toBe('0')
      expect([state(), bridge.broken()]).toEqual([status, []])
    }
  })

  it('a margin call takes from a standby line what was pulled, or makes it void', () => {
    const asked = 200n * E6
    const void500 = { amount: '500000000', status: 'void' }
    for (const [answer, expected] of [
      [word(asked), { amount: '300000000', status: 'locked' }],
      // No more than was asked for
      [word(1n << 200n), { amount: '300000000', status: 'locked' }],
      // Less: there is no more
      [word(120n * E6), { amount: '380000000', status: 'void' }],
      [word(0n), void500],
      ['error', void500],
      [new Uint8Array(3).fill(1), void500],
    ] as const) {
      const { bridge, call, settle } = open()
      bridge.receive(bridge.send(locked(bridge)))
      call((messages, context) => {
        const judge = (amount: bigint, line = LINE) =>
          refusal(() => messages.sendMarginCall(context, bridge.client, line, amount))
        expect([judge(0n), judge(500n * E6 + 1n), judge(1n, TOKEN)]).toEqual([
          'clearing/30',
          'clearing/30',
          'clearing/22',
        ])
        messages.sendMarginCall(context, bridge.client, LINE, asked)
        expect(judge(1n)).toBe('clearing/29')
      })
      const [packet] = settle.sent
      expect(toHex(readClearingPayload(packet!.payloads[0]!).body)).toBe(toHex(LINE) + toHex(word(asked)))
      expect([standby(bridge)?.status, standby(bridge)?.called]).toEqual(['called', asked.toString()])
      expect(bridge.broken()).toEqual([])
      const given = bridge.answer(packet!, answer)
      expect(codeOf(bridge.acknowledge(packet!, given))).toBe('0')
      expect(standby(bridge)).toMatchObject({ ...expected, called: '' })
      expect(bridge.broken()).toEqual([])
    }
  })

  it('a line that gave all is forgotten', () => {
    const { bridge, call, settle } = open()
    bridge.receive(bridge.send(locked(bridge)))
    call((messages, context) => messages.sendMarginCall(context, bridge.client, LINE, 500n * E6))
    bridge.acknowledge(settle.sent[0]!, bridge.answer(settle.sent[0]!, word(500n * E6)))
    expect(standby(bridge)).toBeUndefined()
    expect(bridge.broken()).toEqual([])
  })

  it('a margin call that nobody carries makes its line void after two hours', () => {
    const { bridge, call, settle } = open()
    bridge.receive(bridge.send(locked(bridge)))
    call((messages, context) => messages.sendMarginCall(context, bridge.client, LINE, 200n * E6))
    const [packet] = settle.sent
    expect(packet!.timeoutTimestamp).toBe(bridge.driver.timeSeconds + 2n * HOUR)
    bridge.finalize()
    while (bridge.driver.timeSeconds < packet!.timeoutTimestamp) {
      bridge.passTo(bridge.slot + 50n)
      bridge.finalize()
    }
    expect(codeOf(bridge.timeOut(packet!))).toBe('0')
    expect(standby(bridge)).toMatchObject({ amount: '500000000', status: 'void' })
    expect(bridge.broken()).toEqual([])
  })

  it('a void line can be locked anew', () => {
    const { bridge, call, settle } = open()
    bridge.receive(bridge.send(locked(bridge)))
    call((messages, context) => messages.sendMarginCall(context, bridge.client, LINE, 200n * E6))
    bridge.acknowledge(settle.sent[0]!, bridge.answer(settle.sent[0]!, 'error'))
    bridge.receive(bridge.send(locked(bridge, { amount: 700n * E6 })))
    expect(standby(bridge)).toMatchObject({ amount: '700000000', status: 'locked' })
  })

  it('is exported while it is under way, and is no transfer that lacks its record', () => {
    const { bridge, call, settle } = open()
    bridge.receive(bridge.send(locked(bridge)))
    call((messages, context) => {
      messages.sendMarginCall(context, bridge.client, LINE, 200n * E6)
      messages.sendGovernanceCall(context, bridge.client, LINE, new Uint8Array(0))
    })
    expect(settle.sent).toHaveLength(2)
    const exported = exportState(bridge.hub.chain) as {
      clearing: { outgoing: object[]; standbyLines: object[] }
    }
    expect(exported.clearing).toMatchObject({
      outgoing: [{ kind: 3 }, { kind: 4 }],
      standbyLines: [{ amount: '500000000', called: '200000000' }],
    })
    const copy = new EthereumBridge({ isOpen: false, appState: () => exported as never })
    expect((exportState(copy.hub.chain) as typeof exported).clearing).toEqual(exported.clearing)
    expect(brokenInvariants(copy.hub.chain)).toEqual([])
    const orphan = { ...exported, clearing: { ...exported.clearing, outgoing: [] } }
    const make = () => new EthereumBridge({ isOpen: false, appState: () => orphan as never })
    expect(refusal(make)).toBe('genesis/2')
  })
})
