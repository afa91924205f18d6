import { blstScheme, createSyncAggregateVerifier } from '@causeway/light-clients'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectAgreement } from './compare-in-test.ts'
import { GeneratedChain } from './generated-chain.ts'
import { loadLodestar, type Lodestar } from './lodestar.ts'
import { withoutFinality } from './mutations.ts'
import { Random } from './random.ts'
import { TwoClients } from './two-clients.ts'

const forkEpochs = { altair: 0, bellatrix: 5, capella: 11, deneb: 18, electra: 29, fulu: 37 }

let lodestar: Lodestar
beforeAll(async () => {
  lodestar = await loadLodestar('minimal')
})

describe('our client and @lodestar/light-client, minimal preset', () => {
  it('agree on every update of a chain from Altair to Fulu', () => {
    const extent = { forkEpochs, periods: 7, blocksPerPeriod: 30, mutationsPerUpdate: 10 }
    expectAgreement(lodestar, extent, 2_500)
  })

  it('come to the same when they are forced on after a period without finality', () => {
    const chain = new GeneratedChain(lodestar, new Random(7), forkEpochs)
    const trusted = chain.extend(40, undefined)
    const size = chain.config.syncCommitteeSize
    const clients = new TwoClients(chain, trusted, createSyncAggregateVerifier(blstScheme), {
      allowForcedUpdates: true,
      updateHeadersOnForcedUpdate: true,
    })
    const submit = (slot: number, participants: number) => {
      const block = chain.extend(slot, undefined)
      const members = Array.from({ length: participants }, (_, i) => i)
      const update = withoutFinality(chain.update(block, slot + 1, { participants: members }), chain)
      const bytes = chain.lodestar.lightClientTypes(block.fork).LightClientUpdate.serialize(update)
      const { ours, theirs } = clients.update(bytes, block.fork, slot + 1)
      return [ours.accepted, theirs.accepted]
    }
    for (const [slot, participants] of [
      [44, size / 2],
      [47, size],
      [52, size - 1],
      [60, 3],
    ] as const) {
      expect(submit(slot, participants)).toEqual([true, true])
      expect(clients.differences()).toEqual([])
    }
    clients.force(40 + chain.slotsPerPeriod + 1)
    expect(clients.differences()).toEqual([])
    expect(clients.store.finalizedHeader.beacon.slot).toBe(47n)
    expect(submit(90, size)).toEqual([true, true])
    expect(clients.differences()).toEqual([])
  })
})
