import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { arbitraryView, testView, testWork } from './lane.fixture.ts'
import { planLane, trustingPeriodLeft } from './plan-lane.ts'
import type { ClientView, Head, LaneView, ProofWindow } from './view.ts'
import type { Work } from './work.ts'

const SECOND = 1_000_000_000n

/** A height whose time is ten times as many seconds. */
function head(height: bigint): Head {
  return { height, timeNanoseconds: height * 10n * SECOND }
}

interface SolanaWish {
  /** Heights that prove packets, newest first. */
  readonly heights?: readonly bigint[]
  readonly final?: bigint
  readonly epoch?: ProofWindow['epoch']
  readonly client?: Partial<ClientView>
  readonly works?: readonly Work[]
}

/** A lane whose proving chain is Solana: final at 100, packets provable under 90 and 50, the client at 50. */
function solanaView({ heights = [90n, 50n], final = 100n, epoch, client, works = [] }: SolanaWish): LaneView {
  const view = testView({ works })
  const latestHeight = client?.latestHeight ?? 50n
  return {
    ...view,
    proving: {
      newest: head(heights[0] ?? 0n),
      oldestHeight: 0n,
      lag: 0n,
      final: head(final),
      heights,
      ...(epoch && { epoch }),
    },
    target: { ...view.target, timeNanoseconds: 1_000n * SECOND },
    client: {
      ...view.client,
      clientType: 'solana',
      latestHeight,
      latestTimeNanoseconds: head(latestHeight).timeNanoseconds,
      latestEpoch: 3n,
      trustedSinceNanoseconds: 400n * SECOND,
      ...client,
    },
  }
}

describe('a plan for a chain that proves only what a block wrote', () => {
  it('proves under the newest height that proves packets, not under the newest', () => {
    const plan = planLane(solanaView({ works: [testWork({ eventHeight: 88n })] }))
    expect([plan.update?.height, plan.proofHeight, plan.touch]).toEqual([90n, 90n, undefined])
  })

  it('needs no update for what the client can be proven already', () => {
    const plan = planLane(solanaView({ works: [testWork({ eventHeight: 50n })] }))
    expect([plan.update, plan.proofHeight, plan.batches.length]).toEqual([undefined, 50n, 1])
  })

  it('updates past a height of the client that proves no packets', () => {
    const works = [testWork({ eventHeight: 50n })]
    const plan = planLane(solanaView({ works, client: { latestHeight: 60n } }))
    expect([plan.update?.height, plan.proofHeight]).toEqual([90n, 90n])
  })

  it('asks for a touch where the client is past all heights that prove packets', () => {
    const works = [testWork({ eventHeight: 88n })]
    const plan = planLane(solanaView({ works, client: { latestHeight: 95n } }))
    expect(plan.waiting[0]?.reason).toBe('not-provable')
    expect([plan.update, plan.touch]).toEqual([undefined, '07-tendermint-0'])
  })

  it('asks for a touch for a timeout that has passed since', () => {
    const timeout = (timeoutSeconds: bigint) =>
      planLane(solanaView({ works: [testWork({ kind: 'timeout', eventHeight: 0n, timeoutSeconds })] }))
    expect(timeout(900n).batches).toHaveLength(1)
    expect(timeout(901n).touch).toBe('07-tendermint-1')
    expect(timeout(1_000n).touch).toBe('07-tendermint-1')
    expect(timeout(1_001n).touch).toBeUndefined()
  })

  it('does not touch for what waits for something else, or while our stream is behind the client', () => {
    const delayed = testWork({ eventHeight: 88n, notBeforeMs: 1_000_001n })
    expect(planLane(solanaView({ works: [delayed], client: { latestHeight: 95n } })).touch).toBeUndefined()
    const works = [testWork({ eventHeight: 88n })]
    const behind = planLane(solanaView({ works, client: { latestHeight: 101n } }))
    expect([behind.waiting[0]?.reason, behind.touch]).toEqual(['endpoint-behind', undefined])
    const frozen = solanaView({ works, client: { latestHeight: 95n, status: 'Frozen' } })
    expect(planLane(frozen).touch).toBeUndefined()
  })

  it('never proved anything: a touch begins it', () => {
    const plan = planLane(solanaView({ heights: [], works: [testWork({ eventHeight: 88n })] }))
    expect([plan.batches, plan.touch]).toEqual([[], '07-tendermint-0'])
  })
})

describe('a client that follows epochs', () => {
  const epoch = { newest: 4n, height: 70n }

  it('is brought the validators of the next epoch as soon as they can be proven, and only then', () => {
    expect(planLane(solanaView({})).update).toBeUndefined()
    expect(planLane(solanaView({ epoch })).update).toEqual({ trustedHeight: 50n, height: 70n })
    expect(planLane(solanaView({ epoch, client: { latestEpoch: 4n } })).update).toBeUndefined()
    const expired = solanaView({ epoch, client: { trustedSinceNanoseconds: -9_500n * SECOND } })
    expect(planLane(expired).update).toBeUndefined()
  })

  it('is brought them by an older header too', () => {
    const plan = planLane(solanaView({ epoch, client: { latestHeight: 80n } }))
    expect([plan.update?.height, plan.proofHeight]).toEqual([70n, 80n])
  })

  it('carries what is proven already beside them', () => {
    const plan = planLane(solanaView({ epoch, works: [testWork({ eventHeight: 45n })] }))
    expect([plan.update?.height, plan.proofHeight, plan.batches.length]).toEqual([70n, 50n, 1])
  })

  it('serves what waits for a newer header first', () => {
    const plan = planLane(solanaView({ epoch, works: [testWork({ eventHeight: 88n })] }))
    expect([plan.update?.height, plan.proofHeight]).toEqual([90n, 90n])
  })

  it('lives by the time since when it trusts its latest validators', () => {
    const { client, target } = solanaView({})
    expect(trustingPeriodLeft(client, target)).toBe(9_400n * SECOND)
  })
})

const arbitrarySolanaView: fc.Arbitrary<LaneView> = fc
  .record({
    view: arbitraryView,
    writers: fc.uniqueArray(fc.bigInt(1n, 130n), { maxLength: 8 }),
    final: fc.bigInt(60n, 130n),
    epochHeight: fc.option(fc.bigInt(1n, 130n), { nil: undefined }),
    latestEpoch: fc.bigInt(2n, 4n),
  })
  .map(({ view, writers, final, epochHeight, latestEpoch }) => {
    const heights = writers.filter((one) => one <= final).sort((a, b) => (a > b ? -1 : 1))
    const epoch =
      epochHeight !== undefined && epochHeight <= final ? { newest: 3n, height: epochHeight } : undefined
    const { works, client, ...rest } = view
    const placed = solanaView({ heights, final, works, ...(epoch && { epoch }) })
    const timeNanoseconds = head(client.latestHeight).timeNanoseconds
    const { status, latestHeight } = client
    return {
      ...placed,
      ...{ limits: rest.limits, gas: rest.gas, filter: rest.filter },
      client: { ...placed.client, status, latestHeight, latestEpoch, latestTimeNanoseconds: timeNanoseconds },
    }
  })

describe('a plan, for any lane of Solana', () => {
  it('proves under a height that proves packets, and that the client has or is brought', () => {
    fc.assert(
      fc.property(arbitrarySolanaView, (view) => {
        const { update, proofHeight, batches } = planLane(view)
        if (batches.length === 0) return
        expect(view.proving.heights).toContain(proofHeight)
        expect([view.client.latestHeight, update?.height]).toContain(proofHeight)
        for (const work of batches.flat()) {
          const seconds = head(proofHeight).timeNanoseconds / SECOND
          if (work.kind === 'timeout') expect(seconds).toBeGreaterThanOrEqual(work.packet.timeoutTimestamp)
          else expect(work.eventHeight).toBeLessThanOrEqual(proofHeight)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('touches exactly while something waits that the newest header would prove', () => {
    fc.assert(
      fc.property(arbitrarySolanaView, (view) => {
        const { waiting, touch } = planLane(view)
        const final = view.proving.final ?? head(0n)
        const waits = waiting.some(({ work, reason }) => {
          if (reason !== 'not-provable' && reason !== 'timeout-not-reached') return false
          if (work.kind !== 'timeout') return work.eventHeight <= final.height
          return final.timeNanoseconds / SECOND >= work.packet.timeoutTimestamp
        })
        expect(touch !== undefined).toBe(waits)
      }),
      { numRuns: 300 },
    )
  })

  it('updates only an active client, to a height that packets need or that brings an epoch', () => {
    fc.assert(
      fc.property(arbitrarySolanaView, (view) => {
        const { update } = planLane(view)
        if (update === undefined) return
        expect(view.client.status).toBe('Active')
        expect([view.proving.newest.height, view.proving.epoch?.height]).toContain(update.height)
        if (update.height !== view.proving.newest.height || update.height <= view.client.latestHeight)
          expect(view.proving.epoch?.newest).toBeGreaterThan(view.client.latestEpoch ?? 0n)
      }),
      { numRuns: 300 },
    )
  })
})
