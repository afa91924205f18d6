import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { BeaconChain, syncCommittee, verifyNatively, type UpdateWish } from '../beacon-chain.fixture.ts'
import { CommitteeChain } from './committee-chain.ts'
import { beaconBlockHeaderRoot } from './hash-tree-root.ts'

/** 64 slots a period. */
const chain = new BeaconChain()
const { config } = chain
const FAR = 100_000n

function start(slot = 64n): CommitteeChain {
  const bootstrap = chain.bootstrap(slot)
  return new CommitteeChain(config, beaconBlockHeaderRoot(bootstrap.header.beacon), bootstrap, verifyNatively)
}

const learn = (known: CommitteeChain, period: bigint, wish: UpdateWish, now = FAR) =>
  codeOf(() => known.learn(period, chain.update({ withNextCommittee: true, ...wish }), now))

const verify = (known: CommitteeChain, wish: UpdateWish, now = FAR) =>
  codeOf(() => known.verifyFinal(chain.update(wish), now))

describe('committees from a trusted block on', () => {
  it('begin with that of its period, and say which update is wanted', () => {
    const known = start()
    expect([known.wantedPeriod(127n), known.wantedPeriod(128n), known.wantedPeriod(300n)]).toEqual([
      undefined,
      1n,
      1n,
    ])
    expect([known.knows(63n), known.knows(64n), known.knows(128n)]).toEqual([false, true, false])
  })

  it('are learnt one after the other; each verifies what its period signed, in any order', () => {
    const known = start()
    expect(learn(known, 1n, { attestedSlot: 90n, finalizedSlot: 72n })).toBe('accepted')
    expect(known.wantedPeriod(200n)).toBe(2n)
    expect(learn(known, 2n, { attestedSlot: 160n, finalizedSlot: 144n })).toBe('accepted')
    expect(known.wantedPeriod(255n)).toBeUndefined()
    expect(verify(known, { attestedSlot: 220n, finalizedSlot: 200n })).toBe('accepted')
    expect(verify(known, { attestedSlot: 100n, finalizedSlot: 80n })).toBe('accepted')
    const header = known.verifyFinal(chain.update({ attestedSlot: 220n, finalizedSlot: 200n }), FAR)
    expect(header.beacon.slot).toBe(200n)
  })

  it('are verified again, and not learnt again, when a period’s update comes twice', () => {
    const known = start()
    expect(learn(known, 1n, { attestedSlot: 90n, finalizedSlot: 72n })).toBe('accepted')
    expect(learn(known, 1n, { attestedSlot: 91n, finalizedSlot: 72n })).toBe('accepted')
    expect(learn(known, 1n, { attestedSlot: 91n, finalizedSlot: 72n, participants: 31 })).toBe('accepted')
    expect(learn(known, 1n, { attestedSlot: 92n, finalizedSlot: 72n, signingPeriod: 3n })).toBe('ethereum/27')
    expect(known.wantedPeriod(200n)).toBe(2n)
    const other = syncCommittee(config, 9n)
    expect(learn(known, 1n, { attestedSlot: 93n, finalizedSlot: 72n, nextCommittee: other })).toBe('accepted')
    expect(verify(known, { attestedSlot: 150n, finalizedSlot: 136n })).toBe('accepted')
  })

  it('may be named by an update that the next period’s committee signed, once that one is known', () => {
    const known = start()
    const late: UpdateWish = { attestedSlot: 127n, finalizedSlot: 112n, signatureSlot: 128n }
    expect(learn(known, 1n, late)).toBe('ethereum/11')
    expect(learn(known, 1n, { attestedSlot: 90n, finalizedSlot: 72n })).toBe('accepted')
    expect(learn(known, 1n, late)).toBe('accepted')
  })
})

describe('no committee is learnt', () => {
  it('from what nobody signed, too few did, or another committee', () => {
    const known = start()
    const wish: UpdateWish = { attestedSlot: 90n, finalizedSlot: 72n }
    expect(learn(known, 1n, { ...wish, participants: 21 })).toBe('ethereum/20')
    expect(learn(known, 1n, { ...wish, signingPeriod: 2n })).toBe('ethereum/27')
    expect(learn(known, 1n, { ...wish, signedVersion: Uint8Array.of(1, 1, 1, 1) })).toBe('ethereum/27')
    expect(learn(known, 1n, { ...wish, signedGenesisRoot: new Uint8Array(32) })).toBe('ethereum/27')
    expect(known.wantedPeriod(130n)).toBe(1n)
  })

  it('from an update that names none, is of another period, or is not final in its own', () => {
    const known = start()
    const none = { attestedSlot: 90n, finalizedSlot: 72n, withNextCommittee: false }
    expect(learn(known, 1n, none)).toBe('ethereum/26')
    expect(learn(known, 2n, { attestedSlot: 90n, finalizedSlot: 72n })).toBe('ethereum/26')
    expect(learn(known, 1n, { attestedSlot: 90n, finalizedSlot: 56n })).toBe('ethereum/26')
    expect(learn(known, 1n, { attestedSlot: 90n })).toBe('ethereum/29')
    expect(known.wantedPeriod(130n)).toBe(1n)
  })
})

describe('nothing is final', () => {
  it('that less than two thirds signed, or that comes from the future', () => {
    const known = start()
    const wish: UpdateWish = { attestedSlot: 90n, finalizedSlot: 72n }
    expect(verify(known, { ...wish, participants: 22 })).toBe('accepted')
    expect(verify(known, { ...wish, participants: 21 })).toBe('ethereum/20')
    expect(verify(known, wish, 91n)).toBe('accepted')
    expect(verify(known, wish, 90n)).toBe('ethereum/22')
  })

  it('of periods whose committees are not known', () => {
    const known = start()
    expect(verify(known, { attestedSlot: 150n, finalizedSlot: 136n })).toBe('ethereum/11')
    expect(verify(known, { attestedSlot: 30n, finalizedSlot: 8n })).toBe('ethereum/11')
    expect(verify(known, { attestedSlot: 90n })).toBe('ethereum/29')
  })

  it('of a start that is another block’s', () => {
    const bootstrap = chain.bootstrap(64n)
    const other = beaconBlockHeaderRoot(chain.bootstrap(72n).header.beacon)
    expect(codeOf(() => new CommitteeChain(config, other, bootstrap, verifyNatively))).toBe('ethereum/28')
  })
})
