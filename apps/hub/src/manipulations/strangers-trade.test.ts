// Clearing a stranger's trade: a contract on a chain that the hub knows well sends trades in the names of
// accounts that never heard of it.
import { decodeAbiParameters } from 'viem'
import { CLEARING_KINDS, clearingPayload, word } from '@causeway/messaging'
import { concatBytes, fromHex, toHex } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { describe, expect, it } from 'vitest'
import { EthereumBridge } from '../testing/ethereum-bridge.fixture.ts'
import { message } from '../testing/messages.fixture.ts'
import { codeOf } from '../testing/refusal.fixture.ts'
import { E6, E9, cashOf, convert } from '../testing/trading-hub.fixture.ts'
import { packetsOf } from '../testing/two-chains.fixture.ts'
import type { Wallet } from '../testing/wallet.fixture.ts'
import { ether } from './arena.fixture.ts'

const VENUE = fromHex('5e'.repeat(20))
const THIEF = fromHex('7f'.repeat(20))
const MARKET = 1n

const left = (bytes: Uint8Array) => concatBytes(bytes, new Uint8Array(32 - bytes.length))

/** A hub with a market, a trader and a stranger with 10,000 cash each, and a route to the venue's chain. */
function setUp() {
  const bridge = new EthereumBridge({
    appState: (state) => ({
      ...state,
      cash: { assets: [{ asset: '2' }] },
      markets: { underlyings: [ether()] } as never,
    }),
  })
  for (const { address } of [bridge.trader, bridge.stranger]) bridge.credit(10_000n * E6, address)
  for (const wallet of [bridge.trader, bridge.stranger]) bridge.deliver(wallet, [convert(wallet, E6)])
  bridge.driver.block()
  return bridge
}

const ANSWERS = [
  {
    type: 'tuple[]',
    components: [
      { name: 'tradeId', type: 'bytes32' },
      { name: 'code', type: 'string' },
    ],
  },
] as const

let trades = 0n

/** What the hub answers to one trade that a contract there sends: the buyer's, at a price. */
function sent(bridge: EthereumBridge, sender: Uint8Array, price: bigint, id = (trades += 1n)): string[] {
  const { trader, stranger } = bridge
  const trade = concatBytes(
    concatBytes(sender, word(id).subarray(20)),
    ...[left(stranger.id), word(0n), left(trader.id), word(0n), word(MARKET), word(E9), word(price * E9)],
  )
  const body = concatBytes(word(32n), word(1n), trade)
  const received = bridge.receive(bridge.send(clearingPayload({ kind: CLEARING_KINDS.trades, body })))
  expect(codeOf(received)).toBe('0')
  const { acknowledgement } = packetsOf(received, 'write_acknowledgement')[0]!
  const answers = acknowledgement.appAcknowledgements[0]!
  const [rows] = decodeAbiParameters(ANSWERS, `0x${toHex(answers)}`)
  return rows.map(({ code }) => code)
}

function grant({ client, driver }: EthereumBridge, { address }: Wallet, change: object = {}): Any {
  return message('causeway.markets.v1.MsgGrantVenue', {
    ...{ signer: address, subaccount: 0, client, sender: VENUE, markets: [MARKET] },
    notionalMaxE6PerDay: 5_000n * E6,
    openNotionalMaxE6: 10_000n * E6,
    distanceMaxBps: 100,
    expirySeconds: driver.timeSeconds + 86_400n,
    ...change,
  })
}

const held = (bridge: EthereumBridge) =>
  [bridge.trader, bridge.stranger].map(({ address }) => cashOf(bridge.driver, address))

describe('a trade that a stranger’s contract sends', () => {
  it('costs nobody anything: there is no grant', () => {
    const bridge = setUp()
    const before = held(bridge)
    expect(sent(bridge, THIEF, 1_900n)).toEqual(['clearing/not-granted'])
    expect(held(bridge)).toEqual(before)
    expect(bridge.portfolio().positions).toEqual([])
    expect(bridge.broken()).toEqual([])
  })

  it('nor where one of the two has granted, or both have to another contract', () => {
    const bridge = setUp()
    const before = held(bridge)
    expect(codeOf(bridge.deliver(bridge.trader, [grant(bridge, bridge.trader)]))).toBe('0')
    expect(sent(bridge, VENUE, 2_000n)).toEqual(['clearing/not-granted'])
    expect(codeOf(bridge.deliver(bridge.stranger, [grant(bridge, bridge.stranger)]))).toBe('0')
    expect(sent(bridge, THIEF, 2_000n)).toEqual(['clearing/not-granted'])
    expect(held(bridge)).toEqual(before)
    expect(bridge.broken()).toEqual([])
  })

  it('from the venue itself takes at most what both granted: a distance a trade, a notional a day', () => {
    const bridge = setUp()
    for (const wallet of [bridge.trader, bridge.stranger])
      expect(codeOf(bridge.deliver(wallet, [grant(bridge, wallet)]))).toBe('0')
    const [before] = held(bridge)
    // 1 % of 2,000 away: 20 a unit; two units are 5,000 a day less a bit.
    expect(sent(bridge, VENUE, 1_979n)).toEqual(['clearing/not-granted'])
    expect(sent(bridge, VENUE, 1_980n, 100n)).toEqual([''])
    expect(sent(bridge, VENUE, 1_980n, 100n)).toEqual(['clearing/already-cleared'])
    expect(sent(bridge, VENUE, 1_980n)).toEqual([''])
    expect(sent(bridge, VENUE, 1_980n)).toEqual(['clearing/not-granted'])
    bridge.driver.block()
    // What a dishonest venue took from the seller: 2 × 20, and two takers' fees of 0.05 %.
    const [after] = held(bridge)
    expect((before! - after!) / 10_000n).toBe(4_198n)
    expect(bridge.broken()).toEqual([])
  })
})
