import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { BeaconChain, chainConfig, syncCommittee } from '../beacon-chain.fixture.ts'
import { blstScheme } from '../bls/blst-scheme.ts'
import { nobleScheme } from '../bls/noble-scheme.ts'
import type { BlsScheme } from '../bls/verify-sync-aggregate.ts'
import { syncCommitteeSigningRoot } from '../consensus/hash-tree-root.ts'
import { deleteCommittee, hasCommittee, lowestPeriod, writeCommittee } from './client-storage.ts'
import { createCommittees } from './committees.ts'
import { memoryStore } from './example-client.fixture.ts'

const chain = new BeaconChain()
const { config } = chain

describe('a stored committee', () => {
  it('is read back as it was, whatever the sign of its keys, by both implementations', () => {
    for (const bls of [blstScheme, nobleScheme] as BlsScheme<unknown>[]) {
      const committees = createCommittees(bls)
      const store = memoryStore()
      for (let period = 1n; period < 4n; period++) {
        const committee = syncCommittee(config, period)
        writeCommittee(store, period, committees.stored(committee))
        expect(createCommittees(bls).load(store, period)).toEqual(committee)
      }
      expect(committees.load(store, 9n)).toBeUndefined()
    }
  })

  it('has the same bytes by both implementations', () => {
    const committee = syncCommittee(config, 1n)
    const [native, reference] = [createCommittees(blstScheme), createCommittees(nobleScheme)]
    expect(reference.stored(committee)).toEqual(native.stored(committee))
  })

  it('verifies what the committee signed', () => {
    const committees = createCommittees(blstScheme)
    const store = memoryStore()
    writeCommittee(store, 1n, committees.stored(syncCommittee(config, 1n)))
    const { syncAggregate, attestedHeader } = chain.update({ attestedSlot: 90n, participants: 30 })
    const { version } = config.forks[0]!
    const root = syncCommitteeSigningRoot(attestedHeader.beacon, version, config.genesisValidatorsRoot)
    const loaded = committees.load(store, 1n)!
    expect(committees.load(store, 1n)).toBe(loaded)
    expect(committees.verifySyncAggregate(loaded, syncAggregate, root)).toBe(true)
    expect(committees.verifySyncAggregate(loaded, syncAggregate, new Uint8Array(32))).toBe(false)
  })

  it('has keys: a committee with one that is none is refused', () => {
    const committee = syncCommittee(config, 1n)
    const infinity = committee.pubkeys.slice()
    infinity.fill(0, 0, 48)[0] = 0xc0
    for (const pubkeys of [infinity, committee.pubkeys.with(0, 0), committee.pubkeys.with(50, 1)]) {
      const judge = () => createCommittees(blstScheme).stored({ ...committee, pubkeys })
      expect(codeOf(judge)).toBe('ethereum/16')
    }
  })

  it('that a genesis made up can not be used, and breaks nothing', () => {
    const committees = createCommittees(blstScheme)
    const store = memoryStore()
    writeCommittee(store, 1n, new Uint8Array(48 + 32 * 96).fill(7))
    const { syncAggregate } = chain.update({ attestedSlot: 90n })
    const loaded = committees.load(store, 1n)!
    expect(committees.verifySyncAggregate(loaded, syncAggregate, new Uint8Array(32))).toBe(false)
  })
})

describe('which committees there are', () => {
  it('is known without reading them', () => {
    const store = memoryStore()
    expect([hasCommittee(store, 1n), lowestPeriod(store)]).toEqual([false, undefined])
    for (const period of [300n, 7n, 8n]) writeCommittee(store, period, new Uint8Array(48))
    expect([hasCommittee(store, 7n), hasCommittee(store, 9n), lowestPeriod(store)]).toEqual([true, false, 7n])
    deleteCommittee(store, 7n)
    expect([hasCommittee(store, 7n), lowestPeriod(store)]).toEqual([false, 8n])
  })

  it('holds for the chain of 512, too', () => {
    const committee = syncCommittee({ ...chainConfig(), syncCommitteeSize: 512 }, 1n)
    const committees = createCommittees(blstScheme)
    const store = memoryStore()
    writeCommittee(store, 1n, committees.stored(committee))
    expect(committees.load(store, 1n)?.pubkeys).toEqual(committee.pubkeys)
  })
})
