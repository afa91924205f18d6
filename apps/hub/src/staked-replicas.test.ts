// A life with stake and votes: replicas agree on it, and an export is imported as it was.
import { toHex } from '@causeway/primitives'
import { hashResults } from '@causeway/light-clients'
import type { JsonValue } from '@causeway/primitives'
import { MisbehaviorType } from '@causeway/protocol/tendermint/abci/types'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { createHubApplication } from './app.ts'
import { brokenInvariants, exportState, exportValidators } from './block/inspect.ts'
import { Driver } from './testing/driver.fixture.ts'
import { hubOptions } from './testing/hub.fixture.ts'
import { refusal } from './testing/refusal.fixture.ts'
import { stakeMessage } from './testing/staked-hub.fixture.ts'
import {
  a,
  b,
  ballot,
  c,
  creation,
  d,
  genesis,
  listing,
  proposal,
  setUp,
  validators,
} from './testing/staked-driver.fixture.ts'
function digest(response: ResponseFinalizeBlock): string {
  const { appHash, txResults, validatorUpdates, events } = response
  const updates = validatorUpdates.map(({ pubKey, power }) => `${toHex(pubKey!.ed25519!)} ${power}`)
  return JSON.stringify([toHex(appHash), toHex(hashResults(txResults)), updates, events])
}

describe('replicas and exports', () => {
  /** A life with everything in it. */
  function live() {
    const made = setUp()
    const { driver, deliver, alice } = made
    deliver(d, creation())
    deliver(
      alice,
      stakeMessage('staking.v1.MsgDelegate', {
        delegator: alice.address,
        operator: b.address,
        amount: '7654321',
      }),
    )
    deliver(a, proposal([listing()]))
    deliver(c, ballot(c, 1))
    driver.block(20n)
    driver.block(10n)
    deliver(
      alice,
      stakeMessage('staking.v1.MsgUndelegate', {
        delegator: alice.address,
        operator: b.address,
        amount: '1234567',
      }),
    )
    deliver(a, proposal([listing({ base: 'uother' })]))
    deliver(b, ballot(b, 2, 2n))
    const time = { seconds: driver.timeSeconds, nanos: 0 }
    const validator = { address: validators[1]!.address, power: 20n }
    const type = MisbehaviorType.LIGHT_CLIENT_ATTACK
    const misbehavior = [{ type, validator, height: driver.height, time, totalVotingPower: 60n }]
    driver.execute({ ...driver.proposal([]), misbehavior })
    for (let i = 0; i < 6; i++) driver.block()
    deliver(
      c,
      stakeMessage('staking.v1.MsgUndelegate', {
        delegator: c.address,
        operator: c.address,
        amount: '2000000',
      }),
    )
    // The next block neither ends an epoch nor releases what is leaving.
    do driver.block()
    while (driver.height % 4n !== 0n)
    return made
  }

  it('agree at every height', () => {
    const { driver, state, hub } = live()
    const follow = () => {
      const replica = createHubApplication(hubOptions(createMemoryStorage()))
      new Driver(replica, validators).initChain(state)
      return driver.requests.map((request) => {
        replica.finalizeBlock(request)
        const response = replica.finalizeBlock(request)
        replica.commit()
        return digest(response)
      })
    }
    const first = follow()
    expect(first).toEqual(follow())
    expect(toHex(hub.info().lastBlockAppHash)).toBe(JSON.parse(first.at(-1)!)[0])
    expect(driver.requests.length).toBeGreaterThan(18)
  })

  it('are equal after an import', () => {
    const { driver, hub } = live()
    const exported = exportState(hub.chain) as Record<string, JsonValue>
    const again = createHubApplication(hubOptions(createMemoryStorage()))
    const next = driver.height + 1n
    const powers = new Map(exportValidators(hub.chain).map(({ address, power }) => [toHex(address), power]))
    const set = validators.map((member) => ({ ...member, power: powers.get(toHex(member.address)) ?? 0n }))
    const successor = new Driver(again, set, { initialHeight: next })
    successor.timeNanoseconds = driver.timeNanoseconds
    successor.initChain(exported)
    const first = successor.block()
    expect(first.validatorUpdates).toEqual([])
    expect(brokenInvariants(again.chain)).toEqual([])
    const back = exportState(again.chain) as Record<string, JsonValue>
    for (const member of ['staking', 'governance', 'ledger', 'accounts'])
      expect(back[member]).toEqual(exported[member])
  })

  it('refuse a genesis whose stake is not what its validators or its ledger say', () => {
    const { alice } = setUp()
    type Staking = { validators: Record<string, JsonValue>[] }
    const good = genesis(alice) as { staking: Staking & Record<string, JsonValue>; governance: JsonValue }
    const init = (state: JsonValue) => {
      const hub = createHubApplication(hubOptions(createMemoryStorage()))
      const driver = new Driver(hub, validators)
      return refusal(() => hub.initChain(driver.initRequest(state)))
    }
    const changed = (changes: Record<string, JsonValue>, at = 0) => ({
      ...good,
      staking: {
        ...good.staking,
        validators: good.staking.validators.map((entry, i) => (i === at ? { ...entry, ...changes } : entry)),
      },
    })
    expect(init(good)).toBe('nothing')
    expect(init(changed({ tokens: '11000000' }))).toBe('genesis/2')
    expect(init(changed({ shares: '1' }))).toBe('genesis/2')
    expect(init(changed({ jailed: true }))).toBe('genesis/2')
    expect(init(changed({ delegations: [] }))).toBe('genesis/2')
    expect(init(changed({ operator: b.address }))).toBe('genesis/2')
    expect(init(changed({ operator: 'zone1xyz' }))).toBe('genesis/2')
    expect(init(changed({ blsPossession: '00'.repeat(96) }))).toBe('genesis/2')
    const [first, second] = good.staking.validators
    expect(init(changed({ blsKey: second!['blsKey']!, blsPossession: second!['blsPossession']! }))).toBe(
      'genesis/2',
    )
    expect(init(changed({ consensusKey: second!['consensusKey']! }))).toBe('genesis/2')
    expect(init(changed({ rewardIndex: '5', commission: '7' }))).toBe('genesis/2')
    expect(init(changed({ surprise: 1 }))).toBe('genesis/2')
    expect(init({ ...good, staking: { ...good.staking, validators: [first!] } })).toBe('genesis/2')
    const leaving = { operator: a.address, releaseHeight: '9', tokens: '5', entries: [] }
    expect(init({ ...good, staking: { ...good.staking, unbonding: [leaving] } })).toBe('genesis/2')
    const backed = { ...leaving, entries: [{ delegator: a.address, shares: '5' }] }
    expect(init({ ...good, staking: { ...good.staking, unbonding: [backed] } })).toBe('genesis/2')
    expect(init({ ...good, governance: { params: {} } })).toBe('genesis/2')
    const { governance, ...rest } = good
    expect(
      init({ ...rest, governance: { ...(governance as object), nextId: '0', votes: [] } as JsonValue }),
    ).toBe('nothing')
  })
})
