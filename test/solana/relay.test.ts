import type { PublicKey } from '@solana/web3.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ERROR_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT } from '@causeway/messaging'
import { sha256, utf8 } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Chain, Outcome } from '@causeway/relayer'
import { CLIENT, HELD, HUB_CLIENT, SolanaStage } from './solana-stage.ts'
import { exampleKeypair } from './stage-cluster.ts'
import { HUB, NOW } from './staged-hub.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const recipientOf = (name: string): PublicKey => exampleKeypair(name).publicKey
const doneIn = (outcomes: readonly Outcome[]) => outcomes.flatMap((one) => one.done)
const failuresIn = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap((one) =>
    one.failed.map(({ error }) => `${error.failure}/${error.retry}: ${error.message}`),
  )

let stage: SolanaStage
let chain: Chain

beforeAll(async () => {
  stage = await SolanaStage.start({ attestors: 7 })
  chain = await stage.open()
  await stage.deposit(400_000_000n, 1n)
  await stage.produce(4)
})
afterAll(() => stage.stop())

async function depositOf(sequence: bigint): Promise<Packet> {
  const event = await chain.findPacketEvent('send_packet', CLIENT, sequence)
  if (event === undefined) throw new Error(`no deposit ${sequence}`)
  return event.packet
}

describe('the adapter', () => {
  it('finds the client that it made, and says what of the hub it knows', async () => {
    expect(await chain.clientView(CLIENT)).toMatchObject({
      ...{ clientId: CLIENT, clientType: 'attestation', chainId: HUB, status: 'Active', latestHeight: 2n },
    })
    expect(await chain.counterparty(CLIENT)).toMatchObject({ clientId: HUB_CLIENT })
    expect(await chain.ownClients(HUB)).toEqual([CLIENT])
    await expect(chain.clientView('client-9')).rejects.toThrow(/client-9 does not exist/)
  })

  it('reads heads, events in order and what is pending', async () => {
    const head = await chain.head()
    expect(head.timeNanoseconds).toBe(NOW * 1_000_000_000n)
    const { events, through } = await chain.packetEvents(0n, head.height)
    expect([events.map((one) => one.type), through]).toEqual([['send_packet'], head.height])
    expect(await chain.pendingSequences(CLIENT)).toEqual([1n])
    await expect(chain.pendingSequences('client-1')).rejects.toThrow(/the configuration names client-0/)
  })
})

describe('a withdrawal', () => {
  it('is paid behind its update, into an account that is made for it', async () => {
    const recipient = recipientOf('first recipient')
    const packet = stage.withdrawal(1n, recipient, 1_000_000n)
    expect(await chain.unreceivedSequences(CLIENT, [1n])).toEqual([1n])
    const outcomes = await chain.submit(stage.sent([packet]))
    expect(failuresIn(outcomes)).toEqual([])
    expect(doneIn(outcomes)).toHaveLength(1)
    expect(await stage.tokensOf(recipient)).toBe(1_000_000n)
    expect(await stage.buffers()).toBe(0)
    expect(await chain.unreceivedSequences(CLIENT, [1n, 2n])).toEqual([2n])
    const event = await chain.findPacketEvent('write_acknowledgement', CLIENT, 1n)
    expect(event?.packet).toEqual(packet)
  })

  it('that arrived already is redundant, and nothing is paid', async () => {
    const flight = stage.sent([stage.withdrawal(1n, recipientOf('first recipient'), 1_000_000n)])
    const [, ...outcomes] = await chain.submit(flight)
    expect(failuresIn(outcomes)).toEqual([
      `redundant/now: recv of packet ${HUB_CLIENT}/1 has arrived already`,
    ])
    expect(await stage.tokensOf(recipientOf('first recipient'))).toBe(1_000_000n)
  })

  it('that names a token without a line is answered with the error, as foreseen', async () => {
    const strange = `transfer/${HUB_CLIENT}/${recipientOf('no mint').toBase58()}`
    const packets = [
      stage.withdrawal(2n, recipientOf('second'), 5n, strange),
      stage.withdrawal(3n, recipientOf('second'), HELD), // more than the line holds
      stage.withdrawal(4n, recipientOf('second'), 7n),
    ]
    const outcomes = await chain.submit(stage.sent(packets))
    expect(failuresIn(outcomes)).toEqual([])
    expect(await stage.tokensOf(recipientOf('second'))).toBe(7n)
    const refused = await chain.findPacketEvent('write_acknowledgement', CLIENT, 2n)
    expect(Buffer.from(refused?.acknowledgement ?? []).includes(Buffer.from(ERROR_ACKNOWLEDGEMENT))).toBe(
      true,
    )
  })

  it('with absentees: a header that is too long for a transaction is uploaded', async () => {
    stage.hub.absent.push(1, 4)
    const outcomes = await chain.submit(stage.sent([stage.withdrawal(5n, recipientOf('third'), 11n)]))
    stage.hub.absent.length = 0
    expect(failuresIn(outcomes)).toEqual([])
    expect(await stage.tokensOf(recipientOf('third'))).toBe(11n)
    expect(await stage.buffers()).toBe(0)
  })

  it('among fifty behind one update: all are paid, several in a transaction', async () => {
    const packets = Array.from({ length: 50 }, (_, i) =>
      stage.withdrawal(6n + BigInt(i), recipientOf(`one of ${i % 7}`), 1_000n),
    )
    const outcomes = await chain.submit(stage.sent(packets))
    expect(failuresIn(outcomes)).toEqual([])
    expect(doneIn(outcomes)).toHaveLength(50)
    expect(await stage.tokensOf(recipientOf('one of 0'))).toBe(8_000n)
    const withMessages = outcomes.filter((one) => one.done.length > 0)
    const fees = outcomes.reduce((sum, one) => sum + (one.inclusion?.fee.amount ?? 0n), 0n)
    process.stdout.write(`50 packets: ${withMessages.length} transactions, ${fees} lamports of fees\n`)
    expect(withMessages.length).toBeLessThanOrEqual(15)
    expect(await stage.buffers()).toBe(0)
  })
})

describe('a deposit', () => {
  it('that the hub accepted ends: its account is closed', async () => {
    const flight = stage.answered(await depositOf(1n), SUCCESS_ACKNOWLEDGEMENT)
    const outcomes = await chain.submit(flight)
    expect(failuresIn(outcomes)).toEqual([])
    expect(await chain.pendingSequences(CLIENT)).toEqual([])
    const [, again] = await chain.submit(flight)
    expect(again?.failed[0]?.error.failure).toBe('redundant')
  })

  it('that the hub refused is refunded, and one that it did not receive in time', async () => {
    const before = await stage.ownersTokens()
    await stage.deposit(50n, 2n)
    await stage.deposit(60n, 3n, NOW + 20n)
    expect(await stage.ownersTokens()).toBe(before - 110n)
    await chain.submit(stage.answered(await depositOf(2n), ERROR_ACKNOWLEDGEMENT))
    expect(await stage.ownersTokens()).toBe(before - 60n)
    expect(failuresIn(await chain.submit(stage.lapsed(await depositOf(3n))))).toEqual([])
    expect(await stage.ownersTokens()).toBe(before)
    expect(await chain.pendingSequences(CLIENT)).toEqual([])
  })
})

describe('the cluster', () => {
  it('is shown to the hub: a client of it, and a deposit under a slot that proves it', async () => {
    const seed = await stage.going(chain.clientSeed({ clientType: undefined }))
    expect([seed.chainId, seed.clientState.typeUrl]).toEqual([
      chain.chainId,
      '/causeway.lightclients.solana.v1.ClientState',
    ])
    const sequence = (await stage.sentCount()) + 1n
    await stage.deposit(70n, sequence)
    await stage.produce(4)
    const event = await chain.findPacketEvent('send_packet', CLIENT, sequence)
    const isProvable = async () => {
      const { newest } = await chain.proofWindow('solana', await chain.head())
      return newest.height
    }
    await vi.waitFor(async () => {
      await stage.produce(1)
      expect(await isProvable()).toBeGreaterThanOrEqual(event!.height)
    }, 120_000)
    const work = { kind: 'recv', packet: event!.packet, eventHeight: event!.height } as const
    const rest = { acknowledgement: undefined, attempts: 0, notBeforeMs: 0n, seenAtMs: 0n, apart: false }
    expect((await chain.prove({ ...work, ...rest }, await isProvable())).length).toBeGreaterThan(4)
    chain.watch(() => {}).close()
  })
})

describe('the root account', () => {
  it('is touched, so that a slot proves it', async () => {
    const before = await stage.touches()
    await Promise.all([chain.makeProvable?.(CLIENT), chain.makeProvable?.(CLIENT)])
    expect(await stage.touches()).toBe(before + 1n)
  })
})

describe('a hub that contradicts itself', () => {
  it('freezes the client, and what is contradicted is taken back', async () => {
    await chain.submit(stage.sent([stage.withdrawal(59n, recipientOf('last'), 1n)]))
    const { height } = stage.hub
    const outcomes = await chain.submit(stage.flight([stage.hub.attest(sha256(utf8('another state')))], []))
    expect(outcomes.map((one) => one.error)).toEqual([undefined])
    const view = await chain.clientView(CLIENT)
    expect([view.status, view.latestHeight]).toEqual(['Frozen', height])
    expect(await stage.exitHeight()).toBeLessThan(height)
    const [newest, before] = await chain.acceptedStates(view, height - 1n)
    expect([newest?.height, (before?.height ?? 0n) < height]).toEqual([height, true])
    const [refused] = await chain.submit(stage.sent([stage.withdrawal(60n, recipientOf('late'), 1n)]))
    expect(refused?.error).toMatchObject({ failure: 'client', retry: 'later' })
  })
})
