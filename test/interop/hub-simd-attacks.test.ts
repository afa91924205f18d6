// What anybody can send to the hub and to ibc-go's simd: each attack refused on both, with nothing moved, and the honest message
// still works. No relayer runs: every message is made and sent by hand.
import { ERROR_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT } from '@causeway/messaging'
import type { Any } from '@causeway/protocol'
import { Acknowledgement } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createClientAs,
  follow,
  inSeconds,
  possessions,
  prove,
  recvMessage,
  registerAs,
  requireOk,
  sentPacket,
  startJourney,
  updateClient,
} from './attack-journey.ts'
import type { Journey } from './attack-journey.ts'
import { startStage } from './attack-stage.ts'
import type { Host, Stage } from './attack-stage.ts'
import { FREEZE, UPDATE, gatherHeaders, update } from './header-attacks.ts'
import type { Headers } from './header-attacks.ts'
import { CLIENT, HOSTILE_ANSWERS, HOSTILE_PAYLOADS, ZONE_CLIENT, hostilePacket } from './hostile-packets.ts'
import type { Attacked } from './hostile-packets.ts'
import {
  ACKNOWLEDGE,
  RECEIVE,
  TIMEOUT,
  ack,
  acknowledgement,
  flipped,
  recv,
  timeout,
} from './packet-attacks.ts'
import type { Answered, TimedOut } from './packet-attacks.ts'
import { packHeader, packMisbehaviour } from './forged-headers.ts'
import { waitFor } from './processes.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage?.stop())

/** Delivers an attack; nothing may move, whatever the chain answers. */
async function withstand(host: Host, message: Any): Promise<string> {
  const before = await possessions(stage)
  const { outcome, log } = await host.attacker.deliver([message])
  if (process.env['ATTACK_LOG'] !== undefined)
    process.stdout.write(`    ${host.name}: ${outcome} ${log.slice(0, 200)}\n`)
  expect(await possessions(stage)).toEqual(before)
  return outcome
}

const outcome = async (host: Host, message: Any) => (await host.attacker.deliver([message])).outcome
const expectedOn = (host: Host, attack: { hub: string; simd: string }) =>
  host.name === 'hub' ? attack.hub : attack.simd

describe.each(['hub', 'simd'] as const)('packets to %s', (attacked) => {
  let journey: Journey

  beforeAll(async () => {
    journey = await startJourney(stage, attacked)
  })

  it.each(RECEIVE)('refuses to receive: $name', async (attack) => {
    expect(await withstand(journey.target, await attack.forge(journey))).toBe(
      expectedOn(journey.target, attack),
    )
  })

  it('refuses a proof with any bit changed', async () => {
    const before = await possessions(stage)
    const { proof } = journey
    const positions = Array.from({ length: 24 }, (_, i) => Math.floor((i * proof.length) / 24))
    const deliveries = positions.map((at) =>
      outcome(journey.target, recv(journey, { proof: flipped(proof, at) })),
    )
    expect((await Promise.all(deliveries)).filter((answer) => answer === 'ok' || answer === 'noop')).toEqual(
      [],
    )
    expect(await possessions(stage)).toEqual(before)
  })

  it('receives the honest packet, once; a packet for nobody gives nothing', async () => {
    const { target, source, paid, refused, height } = journey
    const before = await target.user.balance('stake')
    expect(await outcome(target, recv(journey))).toBe('ok')
    const refusal = recvMessage(target, refused, await prove(source, 'recv', refused, height), height)
    expect(await outcome(target, refusal)).toBe('ok')
    expect((await target.user.balance('stake')) > before).toBe(true)
    expect(await withstand(target, recv(journey))).toBe('noop')
    expect(await withstand(target, refusal)).toBe('noop')
    expect(await withstand(target, recv(journey, { packet: paid, height: 1n }))).toBe('noop')
  })

  describe(`answers from ${attacked}`, () => {
    let answered: Answered

    beforeAll(async () => {
      const answerHeight = await follow(journey.source, CLIENT, journey.target)
      const answerProof = await prove(journey.target, 'ack', journey.paid, answerHeight)
      answered = { ...journey, answerHeight, answerProof }
    })

    it.each(ACKNOWLEDGE)('refuses to acknowledge: $name', async (attack) => {
      const { source } = answered
      expect(await withstand(source, await attack.forge(answered))).toBe(expectedOn(source, attack))
    })

    it('takes the honest answers, once: success settles, refusal refunds', async () => {
      const { source, target, refused, answerHeight } = answered
      const before = await source.user.balance('stake')
      expect(await outcome(source, ack(answered, [SUCCESS_ACKNOWLEDGEMENT]))).toBe('ok')
      expect(await source.user.balance('stake')).toBe(before)
      const proof = await prove(target, 'ack', refused, answerHeight)
      const refund = ack(answered, [ERROR_ACKNOWLEDGEMENT], { packet: refused, proof })
      expect(await outcome(source, refund)).toBe('ok')
      expect(await source.user.balance('stake')).toBe(before + (attacked === 'hub' ? 100n : 50n))
      expect(await withstand(source, refund)).toBe('noop')
      expect(await withstand(source, ack(answered, [ERROR_ACKNOWLEDGEMENT]))).toBe('noop')
    })
  })

  describe(`timeouts on ${attacked}`, () => {
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

    it('refuses to receive a packet whose time has passed', async () => {
      const { source, target, late, height } = timedOut
      const message = recvMessage(target, late, await prove(source, 'recv', late, height), height)
      expect(await withstand(target, message)).toBe(expectedOn(target, { hub: 'ibc/82', simd: '?' }))
    })

    it.each(TIMEOUT)('refuses to time out: $name', async (attack) => {
      const { source } = timedOut
      expect(await withstand(source, await attack.forge(timedOut))).toBe(expectedOn(source, attack))
    })

    it('takes the honest timeout, once', async () => {
      const { source, late } = timedOut
      const before = await source.user.balance('stake')
      expect(await outcome(source, timeout(timedOut))).toBe('ok')
      expect(await source.user.balance('stake')).toBe(before + (attacked === 'hub' ? 50n : 25n))
      expect(await withstand(source, timeout(timedOut))).toBe('noop')
      expect(
        await withstand(
          source,
          ack({ ...timedOut, answerHeight: 1n, answerProof: journey.proof }, [ERROR_ACKNOWLEDGEMENT], {
            packet: late,
          }),
        ),
      ).toBe('noop')
    })
  })
})

describe.each(['hub', 'simd'] as const)('true proofs of a hostile chain, at %s', (attacked) => {
  let host: Host
  let height: bigint

  beforeAll(async () => {
    host = stage[attacked]
    await host.user.transfer(
      ...HOSTILE_ANSWERS.map(() => ({
        client: ZONE_CLIENT,
        denom: host.token,
        amount: 10n,
        receiver: stage.zone.user.address,
        timeoutSeconds: inSeconds(3_600n),
      })),
    )
    height = await follow(host, ZONE_CLIENT, stage.zone)
  })

  it.each(HOSTILE_PAYLOADS.map((hostile, index) => ({ ...hostile, index })))('$name', async (hostile) => {
    const packet = hostilePacket(attacked, hostile.index, host.attacker.address)
    const held = await holdings(host)
    const proof = await prove(stage.zone, 'recv', packet, height)
    const refusal = await outcome(host, recvMessage(host, packet, proof, height))
    expect(refusal === 'ok' ? await answerOf(host, packet.sequence) : refusal).toBe(hostile[attacked])
    expect(await holdings(host)).toEqual(held)
  })

  it.each(HOSTILE_ANSWERS.map((hostile, index) => ({ ...hostile, index })))(
    'answers $name',
    async (hostile) => {
      const packet = await sentPacket(host, ZONE_CLIENT, BigInt(hostile.index + 1))
      const proof = await prove(stage.zone, 'ack', packet, height)
      const message = acknowledgement(host, { packet, answers: hostile.answers, proof, height })
      expect(await withstand(host, message)).toBe(hostile[attacked])
      expect(await host.chain.pendingSequences(ZONE_CLIENT)).toContain(packet.sequence)
    },
  )
})

describe.each(['hub', 'simd'] as const)('headers to %s', (attacked) => {
  let headers: Headers

  beforeAll(async () => {
    headers = await gather(attacked, attacked === 'hub' ? ZONE_CLIENT : CLIENT)
  })

  it.each(UPDATE)('refuses a header: $name', async (attack) => {
    const { target, client } = headers
    const known = await target.chain.clientView(client)
    expect(await withstand(target, await attack.forge(headers))).toBe(expectedOn(target, attack))
    expect(await target.chain.clientView(client)).toEqual(known)
  })

  it('takes the honest headers; the same again changes nothing', async () => {
    const { target, client, adjacent, honest } = headers
    expect(await outcome(target, update(headers, adjacent))).toBe('ok')
    expect(await outcome(target, update(headers, honest))).toBe('ok')
    expect(await outcome(target, update(headers, honest))).toBe('ok')
    expect(await outcome(target, updateClient(target, client, packMisbehaviour(honest, honest)))).toBe('?')
    expect(await target.chain.clientView(client)).toMatchObject({
      status: 'Active',
      latestHeight: honest.header.height,
    })
  })

  it.each(FREEZE)('freezes a client on $name', async ({ forge }) => {
    const { target, followed } = headers
    const client = await createClientAs(target, followed.chain)
    const seen = (await gather(attacked, client)).adjacent
    requireOk(await target.attacker.deliver([updateClient(target, client, packHeader(seen))]))
    const doomed = await gather(attacked, client)
    requireOk(await target.attacker.deliver([updateClient(target, client, forge(doomed, seen))]))
    expect((await target.chain.clientView(client)).status).toBe('Frozen')
    const frozen = { hub: 'ibc/61', simd: '?' }
    expect(await withstand(target, update({ ...doomed, client }, doomed.honest))).toBe(
      expectedOn(target, frozen),
    )
  })

  it('refuses packets, answers and new transfers over a frozen client', async () => {
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
    await target.user.transfer({ ...terms, client, denom: target.token, receiver: followed.user.address })
    const height = await follow(target, client, followed)
    const doomed = await gather(attacked, client)
    requireOk(
      await target.attacker.deliver([
        updateClient(target, client, FREEZE[1]!.forge(doomed, doomed.adjacent)),
      ]),
    )

    const incoming = await sentPacket(followed, peer, 1n)
    const proof = await prove(followed, 'recv', incoming, height)
    const frozen = { hub: 'ibc/61', simd: '?' }
    expect(await withstand(target, recvMessage(target, incoming, proof, height))).toBe(
      expectedOn(target, frozen),
    )
    const outgoing = await sentPacket(target, client, 1n)
    const answer = acknowledgement(target, {
      packet: outgoing,
      answers: [ERROR_ACKNOWLEDGEMENT],
      proof,
      height,
    })
    expect(await withstand(target, answer)).toBe(expectedOn(target, frozen))
    const transfer = { ...terms, client, denom: target.token, receiver: followed.user.address }
    await expect(target.user.transfer(transfer)).rejects.toThrow(/Frozen/)
  })
})

describe.each(['hub', 'simd'] as const)('transactions to %s', (attacked) => {
  it('refuses a memo bomb and a signature for another chain', async () => {
    const { attacker, chain } = stage[attacked]
    const message = updateClient(stage[attacked], CLIENT, { typeUrl: '/garbage', value: new Uint8Array() })
    const bomb = await attacker.deliver([message], { memo: 'm'.repeat(10_000) })
    expect(bomb.outcome).toBe(attacked === 'hub' ? 'mempool:tx/12' : '?')
    const foreign = await attacker.deliver([message], { chainId: `${chain.chainId}1` })
    expect(foreign.outcome).toBe(attacked === 'hub' ? 'mempool:tx/4' : '?')
  })
})

/** Headers for an attack on the client of a chain whose keys the test holds: the zone's on the hub, the hub's on simd. */
async function gather(attacked: Attacked, client: string): Promise<Headers> {
  const followed = attacked === 'hub' ? stage.zone : stage.hub
  const target = stage[attacked]
  const { latestHeight } = await target.chain.clientView(client)
  await waitFor('newer headers', async () =>
    (await followed.chain.head()).height > latestHeight + 3n ? true : undefined,
  )
  return gatherHeaders(
    target,
    client,
    followed,
    attacked === 'hub' ? stage.lookalikes.zone : stage.lookalikes.hub,
  )
}

/** What a packet of the hostile chain was answered with. */
async function answerOf(host: Host, sequence: bigint): Promise<string> {
  const event = await waitFor('the answer', () =>
    host.chain.findPacketEvent('write_acknowledgement', ZONE_CLIENT, sequence),
  )
  const [answer] = Acknowledgement.decode(event.acknowledgement!).appAcknowledgements
  return Buffer.from(answer!).equals(ERROR_ACKNOWLEDGEMENT) ? 'error' : 'success'
}

/** What the host's people and escrows hold of the tokens that are worth something. */
async function holdings(host: Host): Promise<unknown> {
  const all = (await possessions(stage))[host.name] as { balances: readonly { denom: string }[][] }
  return all.balances.map((coins) => coins.filter(({ denom }) => ['stake', host.token].includes(denom)))
}
