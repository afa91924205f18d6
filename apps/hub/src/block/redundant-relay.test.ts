// What refusing redundant relays may cost a node: whoever asks pays nothing, so it is little. With real
// packets: ../redundant-relays.test.ts.
import { AssertionError } from '@causeway/primitives'
import {
  MsgDeleteClientCreator,
  MsgDeleteClientCreatorResponse,
} from '@causeway/protocol/ibc/core/client/v1/tx'
import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { hubComposition } from '../app.ts'
import { CosmosApplication } from '../application.ts'
import { applicationOptions } from '../node-options.ts'
import { Driver } from '../testing/driver.fixture.ts'
import { hubGenesis, hubOptions } from '../testing/hub.fixture.ts'
import { codeOf } from '../testing/refusal.fixture.ts'
import { testValidators } from '../testing/validators.fixture.ts'
import { Wallet } from '../testing/wallet.fixture.ts'
import type { Context } from './context.ts'
import { UNPAID_GAS_MAX } from './gas.ts'
import { defineMessage } from './module.ts'
import type { Module } from './module.ts'
import { relaysOf } from './redundant-relay.ts'

/** Messages that "relay the packet" named by their client id; each run counts and does what the test says. */
function setUp(run: (context: Context, packet: string) => void = () => undefined) {
  const wallets = Array.from({ length: 30 }, (_, i) => new Wallet(`relayer ${i}`))
  for (const [i, wallet] of wallets.entries()) wallet.accountNumber = BigInt(i + 1)
  const runs: string[] = []
  let signer = wallets[0]!.id
  const module: Module = {
    name: 'probe',
    storeName: 'probe',
    messages: [
      defineMessage({
        typeName: 'ibc.core.client.v1.MsgDeleteClientCreator',
        codec: MsgDeleteClientCreator,
        responseCodec: MsgDeleteClientCreatorResponse,
        lane: 1,
        signer: () => signer,
        handle(context, { clientId }) {
          runs.push(clientId)
          run(context, clientId)
          context.store('probe').set(Buffer.from(clientId), Uint8Array.of(1))
          return {}
        },
      }),
    ],
    queries: [],
  }
  const options = applicationOptions(hubOptions(createMemoryStorage()))
  const hub = hubComposition({ ...options, priceSource: () => [] })
  const application = new CosmosApplication(
    {
      ...hub,
      modules: [...hub.modules, module],
      relayOf: ({ message }) => {
        const { clientId } = message as MsgDeleteClientCreator
        if (clientId === 'other') return undefined
        if (clientId === 'update') return 'none'
        const key = Buffer.from(clientId)
        return { key: clientId, isDone: (state) => state.store('probe').has(key) }
      },
    },
    options,
  )
  const driver = new Driver(application, testValidators([10n]))
  driver.initChain(hubGenesis(wallets))
  driver.block()
  const relay = (index: number, packets: readonly string[], gasLimit = 5_000_000n) => {
    const wallet = wallets[index]!
    signer = wallet.id
    const messages = packets.map((clientId) => ({
      typeUrl: '/ibc.core.client.v1.MsgDeleteClientCreator',
      value: MsgDeleteClientCreator.encode({ clientId, signer: wallet.address }).finish(),
    }))
    const fee = [{ denom: 'ucway', amount: `${gasLimit / 40n}` }]
    const tx = wallet.sign(messages, { gasLimit, fee, sequence: wallet.sequence })
    const answer = codeOf(driver.submit(tx))
    if (answer === '0') wallet.sequence++
    return answer
  }
  return { application, driver, runs, relay }
}

describe('refusing redundant relays', () => {
  it('runs nothing while nobody else relays the same', () => {
    const { relay, runs } = setUp()
    expect([relay(0, ['a']), relay(1, ['b']), relay(2, ['a', 'c'])]).toEqual(['0', '0', '0'])
    expect(runs).toEqual([])
  })

  it('tries the one that waits once a height, however many come', () => {
    const { relay, runs, driver } = setUp()
    expect(relay(0, ['a'])).toBe('0')
    for (let i = 1; i < 10; i++) expect(relay(i, ['a'])).toBe('block/35')
    expect(runs).toEqual(['a'])
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0'])
    expect(runs).toEqual(['a', 'a'])
    for (let i = 1; i < 10; i++) expect(relay(i, ['a'])).toBe('block/35')
    expect(runs).toEqual(['a', 'a'])
  })

  it('tries within the gas of one query a height: beyond it relays are admitted, and pay', () => {
    const each = 1_900_000
    const { relay, runs, driver } = setUp((context) => context.gas.consume(each))
    const packets = ['a', 'b', 'c', 'd', 'e', 'f']
    for (const [i, packet] of packets.entries()) expect(relay(i, [packet])).toBe('0')
    const answers = packets.map((packet, i) => relay(10 + i, [packet]))
    expect(answers).toEqual(['block/35', 'block/35', '0', '0', '0', '0'])
    expect(runs.length * each).toBeLessThanOrEqual(UNPAID_GAS_MAX + each)
    expect(relay(20, ['a'])).toBe('block/35')
    // The next height has its own.
    driver.mempool = []
    driver.block()
    expect(relay(26, ['g'])).toBe('0')
    expect(relay(27, ['g'])).toBe('block/35')
  })

  it('leaves the checked state as it was', () => {
    const { relay, application } = setUp()
    expect(relay(0, ['a'])).toBe('0')
    const before = application.chain.check.changes()
    expect(relay(1, ['a'])).toBe('block/35')
    expect(application.chain.check.changes()).toEqual(before)
  })

  it('stops no node when a trial breaks, unlike the block', () => {
    const { relay, driver } = setUp(() => {
      throw new AssertionError('broken on purpose')
    })
    expect(relay(0, ['a'])).toBe('0')
    // Engines answer this for CheckTx with a code (`containFailures`).
    expect(() => relay(1, ['a'])).toThrow('broken on purpose')
    expect(() => driver.block()).toThrow('broken on purpose')
  })

  it('is not asked of transactions that do anything else', () => {
    const { relay, runs, application } = setUp()
    expect(relay(0, ['a', 'other'])).toBe('0')
    expect(relay(1, ['a', 'other'])).toBe('0')
    expect(relay(2, ['update'])).toBe('0')
    expect(relay(3, ['update'])).toBe('0')
    expect(relay(4, ['update', 'a'])).toBe('0')
    expect(relay(5, ['a', 'update'])).toBe('block/35')
    expect(runs).toEqual(['update', 'a'])
    expect(relaysOf(application.chain, { lane: 4, actions: [] } as never)).toEqual([])
  })
})
