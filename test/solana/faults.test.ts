import {
  TOKEN_PROGRAM_ID,
  createAssociatedTokenAccountInstruction,
  createCloseAccountInstruction,
} from '@solana/spl-token'
import { Keypair, SystemProgram } from '@solana/web3.js'
import type { PublicKey } from '@solana/web3.js'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { associatedAddress } from '@causeway/contracts-solana'
import { fromBase64, toBase58 } from '@causeway/primitives'
import type { Chain, Outcome } from '@causeway/relayer'
import { RpcRelay } from './rpc-relay.ts'
import type { RelayedRequest } from './rpc-relay.ts'
import { CLIENT, HUB_CLIENT, SolanaStage } from './solana-stage.ts'
import { MINT, OWNER, exampleKeypair, goesOn } from './stage-cluster.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const recipientOf = (name: string): PublicKey => exampleKeypair(name).publicKey
const accountOf = (name: string): PublicKey =>
  associatedAddress(recipientOf(name), MINT.publicKey, TOKEN_PROGRAM_ID)
const failuresIn = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap((one) =>
    one.failed.map(({ error }) => `${error.failure}/${error.retry}: ${error.message}`),
  )

let stage: SolanaStage
let chain: Chain
let sequence = 0n

beforeAll(async () => {
  stage = await SolanaStage.start({ config: { fees: { resendAfter: '1ms' } } })
  chain = await stage.open()
  await stage.deposit(400_000_000n, 1n)
  await stage.produce(4)
})
afterEach(() => (stage.relay.behaviour = goesOn(stage.cluster)))
afterAll(() => stage.stop())

/** The next withdrawal of the hub. */
function next(name: string, amount = 10n) {
  sequence += 1n
  return stage.withdrawal(sequence, recipientOf(name), amount)
}

/** Signature of a transaction that is being sent. */
function signatureIn({ params }: RelayedRequest): string {
  return toBase58(fromBase64(params[0] as string).slice(1, 65))
}

describe('a transaction', () => {
  it('that endpoints swallow is sent again, then made anew when it expired: once effective', async () => {
    const sent: string[] = []
    stage.relay.behaviour = async (request, pass) => {
      const slots = new Set(sent).size === 1 ? 20 : 1 // until the first has expired
      if (request.method !== 'sendTransaction') return await goesOn(stage.cluster, slots)(request, pass)
      sent.push(signatureIn(request))
      return sent.at(-1) === sent[0] ? sent[0] : await pass()
    }
    const outcomes = await chain.submit(stage.sent([next('patient')]))
    expect(failuresIn(outcomes)).toEqual([])
    expect(sent.filter((one) => one === sent[0]).length).toBeGreaterThan(2)
    expect(outcomes[0]?.inclusion?.hash).not.toBe(sent[0])
    expect(await stage.tokensOf(recipientOf('patient'))).toBe(10n)
  })

  it('that an endpoint takes without answering lands once', async () => {
    stage.relay.behaviour = async (request, pass) => {
      const answer = await goesOn(stage.cluster)(request, pass)
      if (request.method === 'sendTransaction') throw new Error('the connection broke')
      return answer
    }
    const outcomes = await chain.submit(stage.sent([next('lucky')]))
    expect(failuresIn(outcomes)).toEqual([])
    expect(await stage.tokensOf(recipientOf('lucky'))).toBe(10n)
  })

  it('offers no more than the cap, whatever is paid around it', async () => {
    stage.relay.behaviour = async (request, pass) =>
      request.method === 'getRecentPrioritizationFees'
        ? [{ slot: 1, prioritizationFee: 900_000_000 }]
        : await goesOn(stage.cluster)(request, pass)
    const [update] = await chain.submit(stage.sent([]))
    const { gasUsed = 0n, fee } = update?.inclusion ?? {}
    // One lamport for a unit, of the limit: a fifth more than was simulated
    expect(fee).toEqual({ amount: 5_000n + (gasUsed * 12n + 9n) / 10n, denom: 'lamports' })
  })

  it('of an empty wallet says so', async () => {
    const poor = await stage.open({ key: Keypair.generate() })
    const outcomes = await poor.submit(stage.sent([]))
    expect(outcomes.map((one) => one.error?.failure)).toEqual(['fees'])
    expect(outcomes[0]?.error?.message).toMatch(/wallet is empty/)
    expect(await poor.balance()).toEqual({ denom: 'lamports', amount: 0n })
  })

  it('goes to the next endpoint where one is silent', async () => {
    const twice = await stage.open({ rpc: ['http://127.0.0.1:9', stage.relay.url] })
    expect(failuresIn(await twice.submit(stage.sent([next('elsewhere')])))).toEqual([])
    const [silent, well] = await twice.probe()
    expect([silent?.isFresh, well?.isFresh]).toEqual([false, true])
  })
})

describe('a relayer that was killed', () => {
  it('while it uploaded: the next one delivers, and later has the rent back', async () => {
    let isDead = false
    let sends = 0
    const hour = 3_600_000
    let ahead = 0
    const killed = await stage.open({ nowMs: () => Date.now() + (isDead ? (ahead += 10_000) : 0) })
    stage.relay.behaviour = async (request, pass) => {
      // Update, and the buffer's opening: then nothing any more
      if (request.method === 'sendTransaction') sends += 1
      if (sends > 2 && (await stage.buffers()) > 0) isDead = true
      if (isDead) throw new Error('dead')
      return await goesOn(stage.cluster)(request, pass)
    }
    const flight = stage.sent([next('heir')])
    expect(failuresIn(await killed.submit(flight))).toHaveLength(1)
    stage.relay.behaviour = goesOn(stage.cluster)
    expect(await stage.buffers()).toBe(1)
    let passed = 0
    const heir = await stage.open({ nowMs: () => Date.now() + passed })
    expect(failuresIn(await heir.submit(flight))).toEqual([])
    expect(await stage.tokensOf(recipientOf('heir'))).toBe(10n)
    // It may be another process's that uses it now
    expect(await stage.buffers()).toBe(1)
    passed = hour
    expect(failuresIn(await heir.submit(stage.sent([next('heir')])))).toEqual([])
    expect(await stage.buffers()).toBe(0)
  })
})

describe('a recipient’s account', () => {
  it('is made where somebody sent lamports to its address, and delays no other', async () => {
    const account = accountOf('dusted')
    const dust = { fromPubkey: OWNER.publicKey, toPubkey: account, lamports: 890_880 }
    await stage.run([SystemProgram.transfer(dust)])
    const flight = stage.sent([next('dusted', 1n), next('behind it', 2n)])
    expect(failuresIn(await chain.submit(flight))).toEqual([])
    expect(await stage.tokensOf(recipientOf('dusted'))).toBe(1n)
    expect(await stage.tokensOf(recipientOf('behind it'))).toBe(2n)
  })

  it('that is closed after it was looked up is made by the next flight, which is at once', async () => {
    const recipient = exampleKeypair('closing')
    const [payer, owner, account] = [OWNER.publicKey, recipient.publicKey, accountOf('closing')]
    await stage.run([createAssociatedTokenAccountInstruction(payer, account, owner, MINT.publicKey)])
    const flight = stage.sent([next('closing', 3n), next('behind it', 4n)])
    let isOpen = true
    stage.relay.behaviour = async (request, pass) => {
      if (isOpen && (await stage.buffers()) > 0) {
        isOpen = false
        await stage.run([createCloseAccountInstruction(account, payer, owner)], [recipient])
      }
      return await goesOn(stage.cluster)(request, pass)
    }
    const failed = (await chain.submit(flight)).flatMap((one) => one.failed)
    const told = failed.map(({ error }) => [error.failure, error.retry, error.messageIndex])
    expect(told).toEqual([
      ['transaction', 'now', 0],
      ['transaction', 'now', undefined],
    ])
    expect(failed[0]?.error.message).toMatch(/vault\/DestinationMissing \(156\)/)
    expect(failuresIn(await chain.submit({ ...flight, updates: [] }))).toEqual([])
    expect(await stage.tokensOf(owner)).toBe(3n)
  })
})

describe('two relayers', () => {
  it('on one route: who was slower finds the path stale, and goes on with what is left', async () => {
    const way = await new RpcRelay(stage.cluster.rpcUrl).listen()
    way.behaviour = goesOn(stage.cluster)
    const other = await stage.open({ rpc: [way.url], key: exampleKeypair('other relayer') })
    const flight = stage.sent([next('shared'), next('shared')])
    const [first, second] = flight.batches.flat()
    let hasMet = false
    stage.relay.behaviour = async (request, pass) => {
      if (!hasMet && (await stage.buffers()) > 0) {
        hasMet = true
        const quick = await other.submit({ ...flight, batches: [[first!]] })
        expect(failuresIn(quick)).toEqual([])
      }
      return await goesOn(stage.cluster)(request, pass)
    }
    const slow = await chain.submit(flight)
    expect(failuresIn(slow).map((one) => one.split(':')[0])).toEqual(['transaction/now', 'transaction/now'])
    expect(failuresIn(slow)[0]).toMatch(/core\/StaleReceiptPath \(113\)/)
    const again = await chain.submit({ ...flight, updates: [], batches: [[first!, second!]] })
    expect(failuresIn(again).map((one) => one.split(':')[0])).toEqual(['redundant/now'])
    expect(await stage.tokensOf(recipientOf('shared'))).toBe(20n)
    expect(await stage.buffers()).toBe(0)
    await way.close()
  })
})

describe('the stakes of the next epoch', () => {
  it('are recorded by whoever watches, once', async () => {
    const recording = await stage.open({ recordStakes: true })
    expect(await stage.recordedEpoch()).toBe(0n)
    const watching = recording.watch(() => {})
    await vi.waitFor(async () => expect(await stage.recordedEpoch()).toBe(1n), 120_000)
    watching.close()
  })

  it('are shown again, by a lamport, to a stream that began after they were recorded', async () => {
    let nowMs = Date.now()
    const late = await stage.open({ recordStakes: true, nowMs: () => (nowMs += 31_000) })
    await stage.produce(8)
    await stage.going(late.proofWindow('solana', await late.head()))
    const before = await stage.recorderLamports()
    const watching = late.watch(() => {})
    await vi.waitFor(async () => expect(await stage.recorderLamports()).toBeGreaterThan(before), 120_000)
    watching.close()
  })
})

describe('an index', () => {
  it.each([1, 2])(
    'that forgot the newest %i is noticed, and believed when it remembers',
    async (forgotten) => {
      const forgetful = await stage.open()
      stage.relay.behaviour = async (request, pass) => {
        const answer = await goesOn(stage.cluster)(request, pass)
        return request.method === 'getSignaturesForAddress' ? (answer as unknown[]).slice(forgotten) : answer
      }
      await expect(forgetful.unreceivedSequences(CLIENT, [1n])).rejects.toThrow(
        /not those of the root account/,
      )
      stage.relay.behaviour = goesOn(stage.cluster)
      expect(await forgetful.unreceivedSequences(CLIENT, [sequence, sequence + 1n])).toEqual([sequence + 1n])
    },
  )

  it('that gives a few signatures at a time is read to its end', async () => {
    const patient = await stage.open()
    stage.relay.behaviour = async (request, pass) => {
      const answer = await goesOn(stage.cluster)(request, pass)
      return request.method === 'getSignaturesForAddress' ? (answer as unknown[]).slice(0, 2) : answer
    }
    const { height } = await patient.head()
    const { events } = await patient.packetEvents(0n, height)
    const received = events.filter((one) => one.type === 'write_acknowledgement')
    const order = received.map((one) => one.packet.sequence)
    expect(order).toEqual(Array.from({ length: Number(sequence) }, (_, i) => BigInt(i + 1)))
    expect(received.every((one) => one.packet.sourceClient === HUB_CLIENT)).toBe(true)
  })
})

describe('a message that travels apart', () => {
  it('goes behind the others, which arrive though it is refused', async () => {
    const { updates, batches } = stage.sent([next('refused'), next('after the refused')])
    const [first, second] = batches.flat()
    const proofHeight = { revisionNumber: 0n, revisionHeight: 1n } // no state stands there
    const refused = { ...first!, proofHeight, work: { ...first!.work, apart: true } }
    const outcomes = await chain.submit({ ...stage.flight(updates, [refused, second!]) })
    const told = outcomes.flatMap(({ failed }) => failed.map(({ work }) => work))
    expect(told).toEqual([refused.work])
    expect(await stage.tokensOf(recipientOf('after the refused'))).toBe(10n)
    expect(failuresIn(await chain.submit(stage.flight([], [first!])))).toEqual([])
  })
})

describe('old states of the hub', () => {
  it('are closed for their rent when nothing can contradict them any more', async () => {
    const day = 86_400n
    const before = await stage.states()
    for (const days of [12n, 12n, 12n]) {
      stage.clock.nowSeconds += days * day
      await stage.produce(4)
      const [later] = await chain.submit(stage.flight([stage.hub.commit([], stage.clock.nowSeconds)], []))
      expect(later?.error).toBeUndefined()
    }
    expect(await stage.states()).toBe(before + 3)
    const tidy = await stage.open()
    await tidy.submit(stage.flight([stage.hub.commit([])], []))
    expect(await stage.states()).toBeLessThan(before)
  })
})
