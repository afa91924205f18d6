import { SecretKey } from '@chainsafe/blst'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BeaconChain, syncCommittee } from '../beacon-chain.fixture.ts'
import { syncCommitteeSigningRoot } from '../consensus/hash-tree-root.ts'
import { blstScheme } from './blst-scheme.ts'
import { nobleScheme } from './noble-scheme.ts'
import {
  createCommitteeVerifier,
  createSyncAggregateVerifier,
  type BlsScheme,
} from './verify-sync-aggregate.ts'

const chain = new BeaconChain()
const { config } = chain
const committee = syncCommittee(config, 1n)
const message = new Uint8Array(32).fill(5)
const keyOf = (n: number) => SecretKey.fromBytes(new Uint8Array(32).fill(0).with(31, n))

describe('native and reference give the same verdicts', () => {
  it('on keys: right ones, changed ones, ones of another length', () => {
    const valid = keyOf(3).toPublicKey().toBytes()
    const decodes = (bytes: Uint8Array) => [
      blstScheme.decodeKey(bytes) !== undefined,
      nobleScheme.decodeKey(bytes) !== undefined,
    ]
    expect(decodes(valid)).toEqual([true, true])
    expect(decodes(keyOf(3).toPublicKey().toBytes(false))).toEqual([false, false])
    expect(decodes(Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0xc0 : 0)))).toEqual([false, false])
    fc.assert(
      fc.property(fc.nat(47), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const [native, reference] = decodes(valid.with(at, valid[at]! ^ flip))
        expect(native).toBe(reference)
      }),
      { numRuns: 40 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const [native, reference] = decodes(bytes)
        expect(native).toBe(reference)
      }),
    )
  })

  it('on signatures: right ones, changed ones, of others, of nobody', () => {
    const verdicts = (signers: number[], signature: Uint8Array) =>
      [blstScheme, nobleScheme].map((scheme) => verifyWith(scheme as BlsScheme<unknown>, signers, signature))
    const signature = keyOf(3).sign(message).toBytes()
    expect(verdicts([3], signature)).toEqual([true, true])
    expect(verdicts([4], signature)).toEqual([false, false])
    expect(verdicts([3, 3], signature)).toEqual([false, false])
    expect(verdicts([1, 2], signature)).toEqual([true, true])
    expect(verdicts([], signature)).toEqual([false, false])
    const infinity = Uint8Array.from({ length: 96 }, (_, i) => (i === 0 ? 0xc0 : 0))
    expect(verdicts([], infinity)).toEqual([false, false])
    expect(verdicts([3], infinity)).toEqual([false, false])
    expect(verdicts([3], keyOf(3).sign(message).toBytes(false))).toEqual([false, false])
    fc.assert(
      fc.property(fc.nat(95), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        expect(verdicts([3], signature.with(at, signature[at]! ^ flip))).toEqual([false, false])
      }),
      { numRuns: 20 },
    )
  })

  it('on committees that sign in part', () => {
    const verifiers = [
      createSyncAggregateVerifier(blstScheme),
      createSyncAggregateVerifier(nobleScheme as BlsScheme<unknown>),
    ]
    for (const participants of [1, 22, 32]) {
      const { syncAggregate, attestedHeader } = chain.update({ attestedSlot: 90n, participants })
      const root = syncCommitteeSigningRoot(
        attestedHeader.beacon,
        config.forks[0]!.version,
        config.genesisValidatorsRoot,
      )
      for (const verify of verifiers) {
        expect(verify(committee, syncAggregate, root)).toBe(true)
        expect(verify(committee, syncAggregate, message)).toBe(false)
        expect(verify(syncCommittee(config, 2n), syncAggregate, root)).toBe(false)
      }
    }
  })
})

describe('expanded keys', () => {
  it('are the same for both, and lead back to keys of the same verdict', () => {
    for (const n of [1, 2, 3, 200]) {
      const bytes = keyOf(n).toPublicKey().toBytes()
      const expanded = blstScheme.expandKey(blstScheme.decodeKey(bytes)!)
      expect(nobleScheme.expandKey(nobleScheme.decodeKey(bytes)!)).toEqual(expanded)
      const signature = keyOf(n).sign(message).toBytes()
      for (const scheme of [blstScheme, nobleScheme] as BlsScheme<unknown>[]) {
        expect(scheme.fastAggregateVerify([scheme.loadKey(expanded)!], message, signature)).toBe(true)
      }
    }
  })

  it('that are no points are no keys', () => {
    const expanded = blstScheme.expandKey(blstScheme.decodeKey(keyOf(1).toPublicKey().toBytes())!)
    for (const scheme of [blstScheme, nobleScheme] as BlsScheme<unknown>[]) {
      for (const bytes of [expanded.subarray(1), expanded.with(95, expanded[95]! ^ 1), new Uint8Array(48)]) {
        expect(scheme.loadKey(bytes)).toBeUndefined()
      }
    }
  })
})

describe('the verifier', () => {
  const aggregate = {
    syncCommitteeBits: new Uint8Array(4).fill(255),
    syncCommitteeSignature: new Uint8Array(96),
  }
  const counting = () => {
    const counts = { decoded: 0, loaded: 0 }
    const bls: BlsScheme<number> = {
      decodeKey: () => counts.decoded++,
      expandKey: (key) => new Uint8Array(96).fill(key),
      loadKey: () => counts.loaded++,
      fastAggregateVerify: () => true,
    }
    return { counts, verifier: createCommitteeVerifier(bls) }
  }

  it('decodes the keys of a committee once, and those that it was told never', () => {
    const { counts, verifier } = counting()
    for (let i = 0; i < 5; i++) verifier.verify(committee, aggregate, message)
    expect(counts).toEqual({ decoded: 32, loaded: 0 })
    const expanded = verifier.expandKeys(committee)!
    expect([expanded.length, counts.decoded]).toEqual([32 * 96, 32])
    const other = { ...committee }
    verifier.loadKeys(other, expanded)
    for (let i = 0; i < 5; i++) verifier.verify(other, aggregate, message)
    expect(counts).toEqual({ decoded: 32, loaded: 32 })
  })

  it('expands no committee with a key that is none', () => {
    const verifier = createCommitteeVerifier(blstScheme)
    expect(verifier.expandKeys(committee)?.length).toBe(32 * 96)
    const pubkeys = committee.pubkeys.with(48 * 7, 0)
    expect(verifier.expandKeys({ ...committee, pubkeys })).toBeUndefined()
  })
})

function verifyWith<Key>(scheme: BlsScheme<Key>, signers: number[], signature: Uint8Array): boolean {
  const keys = signers.map((n) => scheme.decodeKey(keyOf(n).toPublicKey().toBytes())!)
  return scheme.fastAggregateVerify(keys, message, signature)
}
