import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { planLane, trustingPeriodLeft } from './plan-lane.ts'
import type { LanePlan } from './plan-lane.ts'
import { batchCost } from './split-batches.ts'
import { arbitraryView, testView, testWork } from './lane.fixture.ts'
import { workKey } from './work.ts'
import type { Work } from './work.ts'

const keys = (works: readonly Work[]) => works.map(workKey)
const everything = (plan: LanePlan) => [
  ...plan.batches.flat(),
  ...plan.waiting.map((one) => one.work),
  ...plan.expired,
  ...plan.refused.map((one) => one.work),
]

describe('a plan, for any lane', () => {
  it('puts every message into exactly one list', () => {
    fc.assert(
      fc.property(arbitraryView, (view) => {
        expect(keys(everything(planLane(view))).sort()).toEqual(keys(view.works).sort())
      }),
    )
  })

  it('sends nothing that its proof height does not prove, and nothing too early or too late', () => {
    fc.assert(
      fc.property(arbitraryView, (view) => {
        const plan = planLane(view)
        const proofTime =
          plan.update === undefined ? view.client.latestTimeNanoseconds : view.proving.newest.timeNanoseconds
        for (const work of plan.batches.flat()) {
          expect(work.notBeforeMs).toBeLessThanOrEqual(view.nowMs)
          if (work.kind === 'timeout') {
            expect(proofTime / 1_000_000_000n).toBeGreaterThanOrEqual(work.packet.timeoutTimestamp)
          } else expect(work.eventHeight + view.proving.lag).toBeLessThanOrEqual(plan.proofHeight)
          if (work.kind === 'recv') {
            expect(view.target.timeNanoseconds / 1_000_000_000n).toBeLessThan(work.packet.timeoutTimestamp)
          }
        }
        if (plan.batches.length > 0) expect(plan.proofHeight).toBeLessThanOrEqual(view.proving.newest.height)
      }),
    )
  })

  it('keeps every transaction within the limits, unless one message alone exceeds them', () => {
    fc.assert(
      fc.property(arbitraryView, (view) => {
        planLane(view).batches.forEach((batch, index) => {
          const cost = batchCost(batch, view.gas, index === 0 && planLane(view).update !== undefined)
          const fits =
            BigInt(batch.length) <= view.limits.messagesMax &&
            cost.bytes <= view.limits.bytesMax &&
            cost.gas <= view.limits.gasMax
          expect(fits || batch.length === 1).toBe(true)
          if (batch.some((work) => work.apart)) expect(batch).toHaveLength(1)
        })
      }),
    )
  })

  it('updates at most once, upwards, to the newest header, and only an active client', () => {
    fc.assert(
      fc.property(arbitraryView, (view) => {
        const { update, batches } = planLane(view)
        if (view.client.status !== 'Active')
          expect({ update, batches }).toEqual({ update: undefined, batches: [] })
        if (update === undefined) return
        expect(update).toEqual({
          trustedHeight: view.client.latestHeight,
          height: view.proving.newest.height,
        })
        expect(update.height).toBeGreaterThan(update.trustedHeight)
      }),
    )
  })

  it('does not depend on the order in which messages were seen', () => {
    fc.assert(
      fc.property(arbitraryView, (view) => {
        expect(planLane({ ...view, works: [...view.works].reverse() })).toEqual(planLane(view))
      }),
    )
  })
})

describe('a plan', () => {
  it('serves a message under the header after its event, not under that of its event', () => {
    const at = (eventHeight: bigint) => planLane(testView({ works: [testWork({ eventHeight })] }))
    expect(at(99n).batches).toHaveLength(1)
    expect(at(99n).update).toEqual({ trustedHeight: 50n, height: 100n })
    expect(at(100n).waiting[0]?.reason).toBe('not-provable')
  })

  it('needs no update for what the client can verify already', () => {
    const plan = planLane(testView({ works: [testWork({ eventHeight: 49n })] }))
    expect(plan.update).toBeUndefined()
    expect(plan.proofHeight).toBe(50n)
  })

  it('serves old and new messages with one update', () => {
    const works = [testWork({ sequence: 1n, eventHeight: 20n }), testWork({ sequence: 2n, eventHeight: 99n })]
    const plan = planLane(testView({ works }))
    expect(plan.proofHeight).toBe(100n)
    expect(plan.batches.map(keys)).toEqual([['recv/07-tendermint-0/1', 'recv/07-tendermint-0/2']])
  })

  it('hands a packet that can not be received any more to the opposite lane, from its very second', () => {
    const plan = (timeoutSeconds: bigint) => planLane(testView({ works: [testWork({ timeoutSeconds })] }))
    expect(plan(1_000n).expired).toHaveLength(1)
    expect(plan(1_001n).expired).toHaveLength(0)
  })

  it('proves a timeout once the proving chain has reached its second', () => {
    const plan = (timeoutSeconds: bigint) =>
      planLane(testView({ works: [testWork({ kind: 'timeout', eventHeight: 0n, timeoutSeconds })] }))
    expect(plan(1_000n).batches).toHaveLength(1)
    expect(plan(1_001n).waiting[0]?.reason).toBe('timeout-not-reached')
  })

  it('refreshes a client with nothing to carry when a third of its trusting period has passed', () => {
    const aged = (seconds: bigint) => {
      const view = testView()
      const timeNanoseconds = view.client.latestTimeNanoseconds + seconds * 1_000_000_000n
      return planLane({ ...view, target: { ...view.target, timeNanoseconds } })
    }
    expect(aged(3_299n).update).toBeUndefined()
    expect(aged(3_300n).update).toEqual({ trustedHeight: 50n, height: 100n })
    expect(aged(3_300n).batches).toEqual([])
    expect(aged(10_000n).update).toBeUndefined() // expired: an update would be refused
  })

  it('waits while the client knows more than our endpoint, and while a message is delayed', () => {
    const view = testView({ works: [testWork()] })
    const behind = planLane({
      ...view,
      proving: { ...view.proving, newest: { ...view.proving.newest, height: 49n } },
    })
    expect(behind.waiting[0]?.reason).toBe('endpoint-behind')
    const delayed = planLane(testView({ works: [testWork({ notBeforeMs: 1_000_001n })] }))
    expect(delayed.waiting[0]?.reason).toBe('backoff')
  })

  it('names why a packet is not carried', () => {
    const filter = {
      ports: ['clearing'],
      denoms: [],
      senders: [],
      amountMinByDenom: new Map<string, bigint>(),
    }
    expect(planLane(testView({ works: [testWork()], filter })).refused[0]?.reason).toBe('port transfer')
  })

  it('counts the trusting period down to zero and not below', () => {
    const { client, target } = testView()
    expect(trustingPeriodLeft(client, target)).toBe(9_900_000_000_000n)
    expect(trustingPeriodLeft(client, { ...target, timeNanoseconds: 99_000_000_000_000n })).toBe(0n)
  })

  it('proves nothing under a header whose state is gone: it updates first', () => {
    const work = testWork({ eventHeight: 10n })
    const view = testView({ works: [work] })
    const kept = planLane(view)
    expect([kept.update, kept.proofHeight]).toEqual([undefined, 50n])
    const gone = planLane({ ...view, proving: { ...view.proving, oldestHeight: 100n } })
    expect([gone.update?.height, gone.proofHeight]).toEqual([100n, 100n])
    // With nothing to prove there is nothing to update for.
    expect(
      planLane({ ...view, works: [], proving: { ...view.proving, oldestHeight: 100n } }).update,
    ).toBeUndefined()
  })

  it('proves an event by its own header where headers commit to the state after their block', () => {
    const view = testView({ works: [testWork({ eventHeight: 100n })] })
    expect(planLane(view).waiting).toMatchObject([{ reason: 'not-provable' }])
    expect(planLane({ ...view, proving: { ...view.proving, lag: 0n } }).batches).toHaveLength(1)
  })
})

describe('a header that was held up', () => {
  const seconds = (height: bigint) => ({ height, timeNanoseconds: height * 10_000_000_000n })
  const view = (aim: bigint | undefined, events: readonly bigint[], clientHeight = 50n) => {
    const usual = testView()
    const works = events.map((eventHeight, index) => testWork({ sequence: BigInt(index + 1), eventHeight }))
    const client = { ...usual.client, clientType: 'attestation' as const, latestHeight: clientHeight }
    return { ...usual, works, client, ...(aim === undefined ? {} : { aim: seconds(aim) }) }
  }
  const heights = (plan: LanePlan) => [plan.update?.height, plan.proofHeight]

  it('is shown again, whatever is newer, for what it proves', () => {
    expect(heights(planLane(view(undefined, [60n])))).toEqual([100n, 100n])
    const plan = planLane(view(70n, [60n, 80n]))
    expect(heights(plan)).toEqual([70n, 70n])
    expect(plan.batches.flat().map((work) => work.eventHeight)).toEqual([60n])
    expect(plan.waiting.map(({ work, reason }) => [work.eventHeight, reason])).toEqual([
      [80n, 'not-provable'],
    ])
  })

  it('is passed over when it proves nothing that waits, or the client is past it', () => {
    expect(heights(planLane(view(70n, [80n])))).toEqual([100n, 100n])
    expect(heights(planLane(view(70n, [40n, 80n])))).toEqual([100n, 100n])
    expect(heights(planLane(view(70n, [80n], 75n)))).toEqual([100n, 100n])
    expect(heights(planLane(view(70n, [60n], 75n)))).toEqual([undefined, 75n])
  })

  it('is passed over when it is so old that the client may refuse it', () => {
    const old = view(70n, [60n])
    const client = { ...old.client, trustingPeriodNanoseconds: 600_000_000_000n }
    const target = (time: bigint) => ({ height: 200n, timeNanoseconds: time * 1_000_000_000n })
    expect(heights(planLane({ ...old, client, target: target(999n) }))).toEqual([70n, 70n])
    expect(heights(planLane({ ...old, client, target: target(1_000n) }))).toEqual([100n, 100n])
  })

  it('is nothing to clients of other kinds, whose newest header is as good', () => {
    const { client, ...rest } = view(70n, [60n])
    const plan = planLane({ ...rest, client: { ...client, clientType: '07-tendermint' } })
    expect(heights(plan)).toEqual([100n, 100n])
  })

  it('leaves no message out, for any lane', () => {
    fc.assert(
      fc.property(arbitraryView, fc.bigInt(1n, 130n), (given, aim) => {
        const client = { ...given.client, clientType: 'attestation' as const }
        const aimed = { ...given, client, aim: seconds(aim) }
        const plan = planLane(aimed)
        expect(keys(everything(plan)).sort()).toEqual(keys(aimed.works).sort())
        if (plan.update !== undefined) expect(plan.update.height).toBeGreaterThan(client.latestHeight)
      }),
    )
  })
})
