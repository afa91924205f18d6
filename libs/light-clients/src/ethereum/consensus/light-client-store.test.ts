import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { BeaconChain, chainConfig, verifyNatively, type UpdateWish } from '../beacon-chain.fixture.ts'
import { isBetterUpdate } from './better-update.ts'
import { beaconBlockHeaderRoot } from './hash-tree-root.ts'
import {
  forceLightClientUpdate,
  initializeLightClientStore,
  processLightClientUpdate,
  type LightClientStore,
} from './light-client-store.ts'

const chain = new BeaconChain()
const { config } = chain
const FAR = 100_000n

function start(): LightClientStore {
  const bootstrap = chain.bootstrap(64n)
  return initializeLightClientStore(config, beaconBlockHeaderRoot(bootstrap.header.beacon), bootstrap)
}

function process(store: LightClientStore, wish: UpdateWish): LightClientStore {
  return processLightClientUpdate(config, store, chain.update(wish), FAR, verifyNatively)
}

const slots = ({ finalizedHeader, optimisticHeader }: LightClientStore) => [
  finalizedHeader.beacon.slot,
  optimisticHeader.beacon.slot,
]

describe('a store', () => {
  it('begins at its bootstrap and follows final headers over periods', () => {
    let store = start()
    expect(slots(store)).toEqual([64n, 64n])
    store = process(store, { attestedSlot: 90n, finalizedSlot: 72n, withNextCommittee: true })
    expect(slots(store)).toEqual([72n, 90n])
    store = process(store, { attestedSlot: 150n, finalizedSlot: 136n, withNextCommittee: true })
    expect(slots(store)).toEqual([136n, 150n])
    store = process(store, { attestedSlot: 220n, finalizedSlot: 200n })
    expect(store.nextSyncCommittee).toBeUndefined()
    expect(codeOf(() => process(store, { attestedSlot: 260n, finalizedSlot: 240n }))).toBe('ethereum/23')
    expect(
      process(store, { attestedSlot: 230n, finalizedSlot: 208n, withNextCommittee: true }).nextSyncCommittee,
    ).toBeDefined()
  })

  it('refuses a bootstrap of another block, or of another committee', () => {
    const bootstrap = chain.bootstrap(64n)
    const root = beaconBlockHeaderRoot(bootstrap.header.beacon)
    const judge = (changed: typeof bootstrap, trusted = root) =>
      codeOf(() => initializeLightClientStore(config, trusted, changed))
    expect(judge(bootstrap)).toBe('accepted')
    expect(judge(bootstrap, new Uint8Array(32))).toBe('ethereum/28')
    expect(judge({ ...bootstrap, currentSyncCommittee: chain.bootstrap(130n).currentSyncCommittee })).toBe(
      'ethereum/28',
    )
    expect(judge({ ...bootstrap, currentSyncCommitteeBranch: [] })).toBe('ethereum/28')
    expect(judge({ ...bootstrap, header: { ...bootstrap.header, executionBranch: [] } })).toBe('ethereum/21')
  })

  it('takes heads above half of the most that took part, final headers from two thirds on', () => {
    let store = process(start(), { attestedSlot: 70n })
    expect(slots(store)).toEqual([64n, 70n])
    store = process(store, { attestedSlot: 75n, participants: 16 })
    expect(slots(store)).toEqual([64n, 70n])
    store = process(store, { attestedSlot: 75n, participants: 17 })
    expect(slots(store)).toEqual([64n, 75n])
    store = process(store, { attestedSlot: 90n, finalizedSlot: 72n, participants: 21 })
    expect(slots(store)).toEqual([64n, 90n])
    store = process(store, { attestedSlot: 90n, finalizedSlot: 72n, participants: 22 })
    expect(slots(store)).toEqual([72n, 90n])
  })

  it('keeps the best update and applies it by force after a period without finality', () => {
    let store = process(start(), { attestedSlot: 100n, withNextCommittee: true, participants: 20 })
    store = process(store, { attestedSlot: 110n, withNextCommittee: true, participants: 12 })
    expect(store.bestValidUpdate?.attestedHeader.beacon.slot).toBe(100n)
    expect(forceLightClientUpdate(config, store, 128n)).toBe(store)
    const forced = forceLightClientUpdate(config, store, 129n)
    expect(slots(forced)).toEqual([100n, 110n])
    expect(forced.nextSyncCommittee).toBeDefined()
    expect(forced.bestValidUpdate).toBeUndefined()
    expect(forceLightClientUpdate(config, forced, FAR)).toBe(forced)
  })

  it('asks two thirds of all 512: 341 are too few to finalise, 342 enough', () => {
    const mainnet = new BeaconChain({ ...chainConfig(), syncCommitteeSize: 512 })
    const bootstrap = mainnet.bootstrap(64n)
    const root = beaconBlockHeaderRoot(bootstrap.header.beacon)
    const finalized = (participants: number) => {
      const store = initializeLightClientStore(mainnet.config, root, bootstrap)
      const update = mainnet.update({ attestedSlot: 90n, finalizedSlot: 72n, participants })
      return slots(processLightClientUpdate(mainnet.config, store, update, FAR, verifyNatively))[0]
    }
    expect(finalized(341)).toBe(64n)
    expect(finalized(342)).toBe(72n)
  })
})

describe('the better update', () => {
  it('is decided by the first merit in which two differ', () => {
    const base: UpdateWish = { attestedSlot: 90n }
    const full = { ...base, finalizedSlot: 72n, withNextCommittee: true }
    const ranked: UpdateWish[] = [
      full,
      { ...full, attestedSlot: 91n },
      { ...full, attestedSlot: 91n, signatureSlot: 93n },
      { ...full, participants: 31 },
      { ...full, finalizedSlot: 60n },
      { ...base, withNextCommittee: true },
      { ...base, finalizedSlot: 72n },
      { ...full, attestedSlot: 127n, finalizedSlot: 72n },
      { ...base, participants: 30 },
      { ...full, participants: 21 },
      { ...base, participants: 20 },
    ]
    // An update that is signed in the next period has no relevant committee: with finality it ranks as one.
    const updates = [...ranked.slice(0, 6), ranked[6]!, ...ranked.slice(8)].map((wish) => chain.update(wish))
    for (const [i, better] of updates.entries()) {
      for (const worse of updates.slice(i + 1)) {
        expect(isBetterUpdate(config, better, worse)).toBe(true)
        expect(isBetterUpdate(config, worse, better)).toBe(false)
      }
      expect(isBetterUpdate(config, better, better)).toBe(false)
    }
    const crossing = chain.update(ranked[7]!)
    expect(isBetterUpdate(config, chain.update({ ...base, withNextCommittee: true }), crossing)).toBe(true)
  })
})
