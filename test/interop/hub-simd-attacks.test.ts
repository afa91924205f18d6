// What anybody can send to the hub and to ibc-go's simd: each attack is refused on both, nothing moves, and
// the honest message still works afterwards. No relayer runs: every message is made and sent by hand. The
// tables say what is sent and answered.
import { ERROR_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT, escrowAddress } from '@causeway/messaging'
import { equalBytes, toBech32 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { Acknowledgement } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { StargateClient } from '@cosmjs/stargate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createClientAs,
  follow,
  inSeconds,
  possessions,
  prove,
  recvMessage,
  registerAs,
  registration,
  sentPacket,
  startJourney,
  updateClient,
} from './attack-journey.ts'
import type { Journey } from './attack-journey.ts'
import { startStage } from './attack-stage.ts'
import type { Host, Stage } from './attack-stage.ts'
import { judged } from './attack-table.ts'
import type { Expected } from './attack-table.ts'
import { paymentToSelf } from './attacker.ts'
import { packHeader, packMisbehaviour } from './forged-headers.ts'
import { ack, acknowledgement, flipped, recv, timeout } from './forged-packets.ts'
import type { Answered, TimedOut } from './forged-packets.ts'
import { FREEZE, UPDATE, gatherHeaders, update } from './header-attacks.ts'
import type { Headers } from './header-attacks.ts'
import { CLIENT, HOSTILE_ANSWERS, HOSTILE_PAYLOADS, ZONE_CLIENT, hostilePacket } from './hostile-packets.ts'
import type { Attacked } from './hostile-packets.ts'
import { ACKNOWLEDGE, RECEIVE, TIMEOUT } from './packet-attacks.ts'
import { waitFor } from './processes.ts'

const FROZEN = { hub: 'ibc/61', simd: 'client/29 Frozen' }
const EXPIRED = { hub: 'ibc/82', simd: 'channelv2/9 timeout elapsed' }
const MEMO_BOMB = { hub: 'mempool:tx/12', simd: 'mempool:sdk/12' }
const FOREIGN_SIGNATURE = { hub: 'mempool:tx/4', simd: 'mempool:sdk/4' }
const NOT_CREATOR = { hub: 'ibc/65', simd: 'ibc/2 expected same signer' }
const REGISTERED = { hub: 'ibc/66', simd: 'ibc/8 already set' }
const NO_CLIENT = { hub: 'ibc/60', simd: 'ibc/2 expected same signer' }
const FLIPS = 24

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage?.stop())

describe.each(['hub', 'simd'] as const)('packets to %s', (attacked) => {
  let journey: Journey

  beforeAll(async () => {
    journey = await startJourney(stage, attacked)
  })

  it.each(RECEIVE)('does not receive $name', async ({ forge, expected }) => {
    await withstand(journey.target, await forge(journey), expected)
  })

  it('does not receive with any bit of the proof changed', async () => {
    const before = await possessions(stage)
    const { proof, target } = journey
    const places = Array.from({ length: FLIPS }, (_, i) => Math.floor((i * proof.length) / FLIPS))
    const verdicts = await Promise.all(
      places.map((at) => target.attacker.deliver([recv(journey, { proof: flipped(proof, at) })])),
    )
    expect(verdicts.filter(({ outcome }) => outcome === 'ok' || outcome === 'noop')).toEqual([])
    expect(await possessions(stage)).toEqual(before)
  })

  it('receives the honest packet, once; one for nobody gives nothing', async () => {
    const { target, source, refused, height } = journey
    const before = await target.user.balance('stake')
    await accept(target, recv(journey))
    expect(await target.user.balance('stake')).toBe(before + shareOf(attacked, 300n))
    const forNobody = recvMessage(target, refused, await prove(source, 'recv', refused, height), height)
    await accept(target, forNobody)
    await withstand(target, recv(journey), NOOP)
    await withstand(target, recv(journey, { height: 1n }), NOOP)
    await withstand(target, forNobody, NOOP)
  })

  describe(`answers from ${attacked}`, () => {
    let answered: Answered

    beforeAll(async () => {
      const answerHeight = await follow(journey.source, CLIENT, journey.target)
      const answerProof = await prove(journey.target, 'ack', journey.paid, answerHeight)
      answered = { ...journey, answerHeight, answerProof }
    })

    it.each(ACKNOWLEDGE)('does not acknowledge $name', async ({ forge, expected }) => {
      await withstand(answered.source, await forge(answered), expected)
    })

    it('takes the honest answers, once: success settles, refusal refunds', async () => {
      const { source, target, refused, answerHeight } = answered
      const before = await source.user.balance('stake')
      await accept(source, ack(answered, [SUCCESS_ACKNOWLEDGEMENT]))
      expect(await source.user.balance('stake')).toBe(before)
      const proof = await prove(target, 'ack', refused, answerHeight)
      const refund = ack(answered, [ERROR_ACKNOWLEDGEMENT], { packet: refused, proof })
      await accept(source, refund)
      expect(await source.user.balance('stake')).toBe(before + shareOf(attacked, 50n))
      await withstand(source, refund, NOOP)
      await withstand(source, ack(answered, [ERROR_ACKNOWLEDGEMENT]), NOOP)
    })
  })

  describe(`times at ${attacked}`, () => {
    let timedOut: TimedOut

    beforeAll(async () => {
      const { source, target, late } = journey
      await waitFor('the timeout', async () => {
        const { timeNanoseconds } = await target.chain.head()
        return timeNanoseconds / 1_000_000_000n > late.timeoutTimestamp ? true : undefined
      })
      const lateHeight = await follow(source, CLIENT, target)
      timedOut = { ...journey, lateHeight, absence: await prove(target, 'timeout', late, lateHeight) }
    })

    it('does not receive a packet whose time has passed', async () => {
      const { source, target, late, height } = timedOut
      const message = recvMessage(target, late, await prove(source, 'recv', late, height), height)
      await withstand(target, message, EXPIRED)
    })

    it.each(TIMEOUT)('does not time out $name', async ({ forge, expected }) => {
      await withstand(timedOut.source, await forge(timedOut), expected)
    })

    it('takes the honest timeout and the last answer, once', async () => {
      const { source, target, swift, lateHeight } = timedOut
      const before = await source.user.balance('stake')
      await accept(source, timeout(timedOut))
      expect(await source.user.balance('stake')).toBe(before + shareOf(attacked, 25n))
      await withstand(source, timeout(timedOut), NOOP)
      const proof = await prove(target, 'ack', swift, lateHeight)
      const answer = { packet: swift, answers: [SUCCESS_ACKNOWLEDGEMENT], proof, height: lateHeight }
      await accept(source, acknowledgement(source, answer))
      await withstand(source, timeout(timedOut, { packet: swift }), NOOP)
    })
  })
})

describe.each(['hub', 'simd'] as const)('what a hostile chain proves to %s', (attacked) => {
  let host: Host
  let height: bigint

  beforeAll(async () => {
    host = stage[attacked]
    const terms = { client: ZONE_CLIENT, denom: host.token, amount: 10n, timeoutSeconds: inSeconds(3_600n) }
    await host.user.transfer(...HOSTILE_ANSWERS.map(() => ({ ...terms, receiver: stage.zone.user.address })))
    height = await follow(host, ZONE_CLIENT, stage.zone)
  })

  it.each(HOSTILE_PAYLOADS.map((hostile, index) => ({ ...hostile, index })))(
    'sends $name',
    async (hostile) => {
      const packet = hostilePacket(attacked, hostile.index, host.attacker.address)
      const held = await valuables(host)
      const proof = await prove(stage.zone, 'recv', packet, height)
      const verdict = await host.attacker.deliver([recvMessage(host, packet, proof, height)])
      const answer = verdict.outcome === 'ok' ? await answerOf(host, packet.sequence) : verdict.outcome
      expect(judged({ ...verdict, outcome: answer }, hostile[attacked])).toBe(hostile[attacked])
      expect(await valuables(host)).toEqual(held)
    },
  )

  it.each(HOSTILE_ANSWERS.map((hostile, index) => ({ ...hostile, index })))(
    'answers $name',
    async (hostile) => {
      const packet = await sentPacket(host, ZONE_CLIENT, BigInt(hostile.index + 1))
      const proof = await prove(stage.zone, 'ack', packet, height)
      await withstand(
        host,
        acknowledgement(host, { packet, answers: hostile.answers, proof, height }),
        hostile,
      )
      expect(await host.chain.pendingSequences(ZONE_CLIENT)).toContain(packet.sequence)
    },
  )
})

describe.each(['hub', 'simd'] as const)('headers to %s', (attacked) => {
  let headers: Headers

  beforeAll(async () => {
    headers = await gather(attacked, attacked === 'hub' ? ZONE_CLIENT : CLIENT)
  })

  it.each(UPDATE)('does not take a header: $name', async ({ forge, expected }) => {
    const { target, client } = headers
    const known = await target.chain.clientView(client)
    await withstand(target, await forge(headers), expected)
    expect(await target.chain.clientView(client)).toEqual(known)
  })

  it('takes the honest headers; the same again, or twice as evidence, changes nothing', async () => {
    const { target, client, adjacent, honest } = headers
    await accept(target, update(headers, adjacent))
    await accept(target, update(headers, honest))
    await accept(target, update(headers, honest))
    await accept(target, updateClient(target, client, packMisbehaviour(honest, honest)))
    const latestHeight = honest.header.height
    expect(await target.chain.clientView(client)).toMatchObject({ status: 'Active', latestHeight })
  })

  it.each(FREEZE)('freezes a client on $name', async ({ forge }) => {
    const { target, followed } = headers
    const client = await createClientAs(target, followed.chain)
    const seen = (await gather(attacked, client)).adjacent
    await accept(target, updateClient(target, client, packHeader(seen)))
    const doomed = await gather(attacked, client)
    await accept(target, updateClient(target, client, forge(doomed, seen)))
    expect((await target.chain.clientView(client)).status).toBe('Frozen')
    await withstand(target, update(doomed, doomed.honest), FROZEN)
  })

  it('lets nothing pass over a frozen client: no packet, no answer, no new transfer', async () => {
    const { target, followed } = headers
    const client = await createClientAs(target, followed.chain)
    const peer = await createClientAs(followed, target.chain, client)
    await registerAs(target, client, peer)
    const terms = { amount: 5n, timeoutSeconds: inSeconds(3_600n) }
    await followed.user.transfer({
      ...terms,
      client: peer,
      denom: followed.token,
      receiver: target.user.address,
    })
    const outwards = { ...terms, client, denom: target.token, receiver: followed.user.address }
    await target.user.transfer(outwards)
    const height = await follow(target, client, followed)
    const doomed = await gather(attacked, client)
    await accept(target, updateClient(target, client, FREEZE[1]!.forge(doomed, doomed.adjacent)))

    const incoming = await sentPacket(followed, peer, 1n)
    const proof = await prove(followed, 'recv', incoming, height)
    await withstand(target, recvMessage(target, incoming, proof, height), FROZEN)
    const outgoing = await sentPacket(target, client, 1n)
    const answer = { packet: outgoing, answers: [ERROR_ACKNOWLEDGEMENT], proof, height }
    await withstand(target, acknowledgement(target, answer), FROZEN)
    await expect(target.user.transfer(outwards)).rejects.toThrow(/is Frozen/)
  })
})

describe.each(['hub', 'simd'] as const)('counterparties on %s', (attacked) => {
  it('lets nobody but its creator name the counterparty of a client, and nobody change it', async () => {
    const host = stage[attacked]
    await withstand(host, registration(host, CLIENT, '07-tendermint-9'), NOT_CREATOR)
    const own = await createClientAs(host, stage.zone.chain)
    await registerAs(host, own, CLIENT)
    await withstand(host, registration(host, own, ZONE_CLIENT), REGISTERED)
    await withstand(host, registration(host, '07-tendermint-999', CLIENT), NO_CLIENT)
  })
})

describe.each(['hub', 'simd'] as const)('transactions to %s', (attacked) => {
  it('does not take a memo of 10 kB or a signature for another chain', async () => {
    const { attacker, id, token } = stage[attacked]
    const harmless = [paymentToSelf(attacker.address, token)]
    const bomb = await attacker.deliver(harmless, { memo: 'm'.repeat(10_000) })
    expect(judged(bomb, MEMO_BOMB[attacked])).toBe(MEMO_BOMB[attacked])
    const foreign = await attacker.deliver(harmless, { chainId: `${id}0` })
    expect(judged(foreign, FOREIGN_SIGNATURE[attacked])).toBe(FOREIGN_SIGNATURE[attacked])
  })
})

describe('after all attacks', () => {
  it("what the hub's people hold of simd's token is what simd's escrow holds", async () => {
    const { hub, simd } = stage
    const client = await StargateClient.connect(simd.rpcUrl)
    const escrow = await client.getBalance(toBech32(simd.prefix, escrowAddress(CLIENT)), 'stake')
    client.disconnect()
    const held = await hub.user.balance('stake')
    expect(held).toBe(shareOf('hub', 310n) - shareOf('simd', 310n))
    expect(BigInt(escrow.amount)).toBe(held)
  })
})

const NOOP: Expected = { hub: 'noop', simd: 'noop' }

/** Delivers an attack: the host must answer as expected, and nothing may move. */
async function withstand(host: Host, message: Any, expected: Expected): Promise<void> {
  const before = await possessions(stage)
  const verdict = await host.attacker.deliver([message])
  const answer = expected[host.name as Attacked]
  expect(judged(verdict, answer)).toBe(answer)
  expect(await possessions(stage)).toEqual(before)
}

/** Delivers what must work. */
async function accept(host: Host, message: Any): Promise<void> {
  expect(judged(await host.attacker.deliver([message]), 'ok')).toBe('ok')
}

/** Deposits are twice as large as withdrawals. */
function shareOf(attacked: Attacked, amount: bigint): bigint {
  return attacked === 'hub' ? 2n * amount : amount
}

/**
 * Headers for an attack on the client of a chain whose keys the test holds: the zone's on the hub, the
 * hub's on simd.
 */
async function gather(attacked: Attacked, client: string): Promise<Headers> {
  const [followed, strangers] =
    attacked === 'hub' ? [stage.zone, stage.lookalikes.zone] : [stage.hub, stage.lookalikes.hub]
  const { latestHeight } = await stage[attacked].chain.clientView(client)
  await waitFor('newer headers', async () =>
    (await followed.chain.head()).height > latestHeight + 3n ? true : undefined,
  )
  return gatherHeaders(stage[attacked], client, followed, strangers)
}

/** What a packet of the hostile chain was answered with. */
async function answerOf(host: Host, sequence: bigint): Promise<string> {
  const event = await waitFor('the answer', () =>
    host.chain.findPacketEvent('write_acknowledgement', ZONE_CLIENT, sequence),
  )
  const [answer] = Acknowledgement.decode(event.acknowledgement!).appAcknowledgements
  return equalBytes(answer!, ERROR_ACKNOWLEDGEMENT) ? 'error' : 'success'
}

/** What the host's people and escrows hold of the tokens that are worth something. */
async function valuables(host: Host): Promise<unknown> {
  const all = (await possessions(stage))[host.name] as { balances: readonly { denom: string }[][] }
  return all.balances.map((coins) => coins.filter(({ denom }) => ['stake', host.token].includes(denom)))
}
