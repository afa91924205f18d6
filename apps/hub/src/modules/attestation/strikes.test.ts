// Who signs badly again and again is not listened to for longer and longer.
import { describe, expect, it } from 'vitest'
import type { BlsG1Scheme } from '@causeway/light-clients'
import { ATTESTATION_DOMAIN } from '@causeway/light-clients'
import { createMemoryStorage } from '@causeway/state-tree'
import { createHubApplication } from '../../app.ts'
import { createAddressCodec } from '../../identifiers.ts'
import { Driver } from '../../testing/driver.fixture.ts'
import { hubOptions } from '../../testing/hub.fixture.ts'
import { eventsOf, memoryContext } from '../../testing/memory-context.fixture.ts'
import { operatorOf } from '../../testing/staked-hub.fixture.ts'
import { attestedHub, bls, signersOf } from './attested-hub.fixture.ts'
import { ATTESTATION_STORE } from './state.ts'
import { isPaused, strike } from './strikes.ts'

const FOUR = [10n, 10n, 10n, 10n]

/** A hub with one who signs badly, that counts its checks of attestations. */
function spoiltHub(isBad: (height: bigint) => boolean = () => true) {
  let checks = 0
  const verify: BlsG1Scheme['verify'] = (keys, bytes, domain, signature) => {
    if (domain === ATTESTATION_DOMAIN) checks++
    return bls.verify(keys, bytes, domain, signature)
  }
  const made = attestedHub(FOUR, {
    overrides: { bls: { ...bls, verify } },
    tamper: ({ name }, signature) =>
      name === 'v2' && isBad(made.driver.height) ? signature.with(0, signature[0]! ^ 1) : signature,
  })
  /** Blocks in which more than one check was needed, among the next so many. */
  const dear = (count: number): bigint[] => {
    const heights: bigint[] = []
    for (let i = 0; i < count; i++) {
      const before = checks
      made.driver.block()
      if (checks - before > 1) heights.push(made.driver.height)
    }
    return heights
  }
  return { ...made, dear }
}

describe('who signs badly', () => {
  it('costs the others a search at longer and longer intervals only', () => {
    const { dear, header, set, driver } = spoiltHub()
    const heights = dear(70)
    const gaps = heights.slice(1).map((height, i) => Number(height - heights[i]!))
    expect(gaps.slice(0, 4)).toEqual([3, 5, 9, 17])
    expect(heights.length).toBeLessThanOrEqual(6)
    expect(set(0n).attestors).toHaveLength(4)
    expect(header(driver.height - 1n).absentees).toHaveLength(1)
  })

  it('is told, and listened to again afterwards', () => {
    let isBad = true
    const { driver, header } = spoiltHub(() => isBad)
    const told: string[] = []
    const block = () => {
      for (const { type, attributes } of driver.block().events)
        if (type === 'causeway.attestation.v1.paused') told.push(attributes.map(({ value }) => value).join())
    }
    for (let i = 0; i < 4; i++) block()
    expect(told).toEqual([`${operatorOf('v2').address},${5},BeginBlock`])
    isBad = false
    for (let i = 0; i < 6; i++) block()
    expect(told).toHaveLength(1)
    expect(header(driver.height - 1n).absentees).toEqual([])
  })

  it('is the same on every replica, which have the same state after each block', () => {
    const { driver, dear, genesis, validators } = spoiltHub((height) => height % 3n === 0n)
    dear(30)
    const options = { bls, attestationSigners: signersOf(validators), keepVersions: 3n }
    const replica = createHubApplication(hubOptions(createMemoryStorage(), options))
    new Driver(replica, driver.validators).initChain(genesis)
    for (const [i, request] of driver.requests.entries()) {
      expect(replica.finalizeBlock(request)).toEqual(driver.responses[i])
      replica.commit()
    }
  })
})

describe('pauses', () => {
  const { encode } = createAddressCodec('cway')
  const { id: operator } = operatorOf('v2')

  /** The last heights of pauses, striking at each of these heights. */
  function until(...heights: bigint[]): bigint[] {
    const first = memoryContext([ATTESTATION_STORE])
    const layer = { store: () => first.store(ATTESTATION_STORE) }
    return heights.map((height) => {
      const context = memoryContext([ATTESTATION_STORE], { height, layer: layer as never })
      strike(context, { operator }, encode)
      const [event] = eventsOf(context, 'causeway.attestation.v1.paused')
      return BigInt(event!['until_height']!)
    })
  }

  it('double, up to a bound, and begin anew after a long time', () => {
    expect(until(10n, 20n, 30n, 60n)).toEqual([12n, 24n, 38n, 76n])
    const many = until(...Array.from({ length: 20 }, (_, i) => BigInt(i)))
    expect(many.at(-1)).toBe(19n + 16_384n)
    expect(until(10n, 20n, 24n + 10_000n)).toEqual([12n, 24n, 10_024n + 8n])
    expect(until(10n, 20n, 25n + 10_000n)).toEqual([12n, 24n, 10_025n + 2n])
  })

  it('end with their last height', () => {
    const context = memoryContext([ATTESTATION_STORE], { height: 10n })
    expect(isPaused(context, { operator })).toBe(false)
    strike(context, { operator }, encode)
    const at = (height: bigint) =>
      isPaused({ ...context, height, store: (name: string) => context.store(name) } as never, { operator })
    expect([10n, 12n, 13n].map(at)).toEqual([true, true, false])
    expect(isPaused(context, { operator: operatorOf('v1').id })).toBe(false)
  })
})
