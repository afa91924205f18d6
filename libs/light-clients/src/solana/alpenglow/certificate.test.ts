import { bls12_381 } from '@noble/curves/bls12-381.js'
import { concatBytes, sha256, toHex, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { blstScheme } from '../../ethereum/bls/blst-scheme.ts'
import { nobleScheme } from '../../ethereum/bls/noble-scheme.ts'
import type { Work } from '../../light-client.ts'
import { codeOf } from '../../refusal.fixture.ts'
import { ExampleCluster } from '../example-cluster.fixture.ts'
import { encodeEpochStakes, readEpochStakes } from '../epoch-stakes.ts'
import type { Voter } from '../epoch-stakes.ts'
import { exampleAddress } from '../wire.fixture.ts'
import { verifyFinalization } from './certificate.ts'
import type { Finalization } from './certificate.ts'
import {
  SHRED_VERSION,
  bitmap,
  exampleCertificate,
  finalizePayload,
  notarizePayload,
} from './example-block.fixture.ts'
import { rankMap } from './rank-map.ts'
import { signersIn } from './signer-bitmap.ts'

const SLOT = 77n
const BLOCK_ID = sha256(utf8('block 77'))
const cluster = new ExampleCluster({ stakes: [5n, 40n, 20n, 20n + 15n] })
const ranks = rankMap(cluster.stakes())
const rules = { ranks, shredVersion: SHRED_VERSION, bls: blstScheme }

const notarize = (...by: number[]) => exampleCertificate(cluster, notarizePayload(SLOT, BLOCK_ID), by)
const finalize = (...by: number[]) => exampleCertificate(cluster, finalizePayload(SLOT), by)
const FAST: Finalization = { slot: SLOT, blockId: BLOCK_ID, notarize: notarize(0, 1, 2), finalize: undefined }
const verdict = (changed: Partial<Finalization>, by: typeof rules = rules) =>
  codeOf(() => verifyFinalization({ ...FAST, ...changed }, by))

describe('ranks', () => {
  const voter = (name: string, stake: bigint, key: number | undefined, node = name): Voter => ({
    voteAccount: exampleAddress(name),
    node: exampleAddress(node),
    authorizedVoter: exampleAddress(name),
    blsKey: key === undefined ? undefined : new Uint8Array(48).fill(key),
    stake,
  })
  const order = (...voters: Voter[]) => {
    const total = voters.reduce((sum, { stake }) => sum + stake, 0n)
    const map = rankMap(readEpochStakes(encodeEpochStakes(1n, total, voters)))
    const names = map.ranked.map(({ voteAccount }) =>
      voters.findIndex((each) => toHex(each.voteAccount) === toHex(voteAccount)),
    )
    return [names, map.totalStake]
  }

  it('go by stake, then by key', () => {
    expect(order(voter('a', 5n, 3), voter('b', 9n, 9), voter('c', 5n, 2))).toEqual([[1, 2, 0], 19n])
  })

  it('are for those that have a key, and share neither key nor node', () => {
    expect(order(voter('a', 5n, 3), voter('b', 9n, undefined), voter('c', 4n, 2))).toEqual([[0, 2], 9n])
    expect(order(voter('a', 5n, 3), voter('b', 9n, 3), voter('c', 4n, 2))).toEqual([[2], 4n])
    expect(order(voter('a', 5n, 3), voter('b', 9n, 4, 'a'), voter('c', 4n, 2))).toEqual([[2], 4n])
    expect(order(voter('a', 5n, 3), voter('b', 9n, undefined, 'a'))).toEqual([[0], 5n])
  })

  it('need the whole set', () => {
    const bytes = encodeEpochStakes(1n, 10n, [voter('a', 9n, 3)])
    expect(codeOf(() => rankMap(readEpochStakes(bytes)))).toBe('solana/31')
  })
})

describe('a bitmap', () => {
  const signers = (...bytes: number[]) => signersIn(Uint8Array.from(bytes), 12)

  it('names ranks, the lowest bit first', () => {
    expect(signers(0, 1, 0, 1)).toEqual([0])
    expect(signers(0, 12, 0, 0b1000_0010, 0b1001)).toEqual([1, 7, 8, 11])
    expect(signersIn(bitmap([1, 7, 8, 11]), 12)).toEqual([1, 7, 8, 11])
  })

  it.each([
    ['nobody', [0, 1, 0, 0]],
    ['no bits', [0, 0, 0]],
    ['nothing', []],
    ['more bits than voters', [0, 13, 0, 1, 0]],
    ['a bit past its end', [0, 1, 0, 2]],
    ['a byte missing', [0, 12, 0, 1]],
    ['a byte too many', [0, 1, 0, 1, 0]],
    ['base 3', [1, 1, 0, 1]],
  ])('of %s is refused', (_, bytes) => {
    expect(codeOf(() => signers(...bytes))).toBe('solana/30')
  })
})

describe('finalisation', () => {
  it('fast: four fifths notarised the block', () => {
    expect(ranks.ranked.map(({ stake }) => stake)).toEqual([40n, 35n, 20n, 5n])
    expect(verdict({})).toBe('accepted')
    // 80 of 100 is enough, 75 is not.
    expect(verdict({ notarize: notarize(0, 1, 3) })).toBe('accepted')
    expect(verdict({ notarize: notarize(0, 1) })).toBe('solana/27')
  })

  it('slow: three fifths notarised, and three fifths voted to finalise', () => {
    const enough = { notarize: notarize(0, 2), finalize: finalize(0, 1) }
    expect(verdict(enough)).toBe('accepted')
    expect(verdict({ ...enough, notarize: notarize(0, 3) })).toBe('solana/27')
    expect(verdict({ ...enough, finalize: finalize(1, 2) })).toBe('solana/27')
    expect(verdict({ ...enough, finalize: notarize(0, 1) })).toBe('solana/32')
    expect(verdict({ notarize: finalize(0, 1, 2) })).toBe('solana/32')
  })

  it('is of that slot, block and shred version', () => {
    expect(verdict({ slot: SLOT + 1n })).toBe('solana/32')
    expect(verdict({ blockId: sha256(BLOCK_ID) })).toBe('solana/32')
    expect(verdict({}, { ...rules, shredVersion: SHRED_VERSION + 1 })).toBe('solana/32')
  })

  it('is signed by those whom the bitmap names', () => {
    const { signature } = FAST.notarize
    expect(verdict({ notarize: { signature, bitmap: bitmap([0, 1, 2, 3]) } })).toBe('solana/32')
    expect(verdict({ notarize: { signature, bitmap: bitmap([0, 1, 3]) } })).toBe('solana/32')
    expect(verdict({ notarize: { signature, bitmap: bitmap([0, 1, 2], 5) } })).toBe('solana/30')
    for (let at = 0; at < signature.length; at += 7) {
      const changed = signature.with(at, signature[at]! ^ 4)
      expect(verdict({ notarize: { ...FAST.notarize, signature: changed } })).toBe('solana/32')
    }
  })

  it('takes a key that is none for no signature', () => {
    const infinity = Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0xc0 : 0))
    const bad = [infinity, new Uint8Array(48).fill(0xff)]
    for (const blsKey of bad) {
      const ranked = ranks.ranked.with(2, { ...ranks.ranked[2]!, blsKey })
      expect(verdict({}, { ...rules, ranks: { ...ranks, ranked } })).toBe('solana/32')
    }
  })

  it('is the same by blst and by noble', () => {
    const noble = { ...rules, bls: nobleScheme }
    expect(codeOf(() => verifyFinalization(FAST, noble))).toBe('accepted')
    const { signature } = FAST.notarize
    const changed = { ...FAST, notarize: { ...FAST.notarize, signature: signature.with(90, 0) } }
    expect(codeOf(() => verifyFinalization(changed, noble))).toBe('solana/32')
  })

  it('is charged before it is done', () => {
    const charged: [Work, number][] = []
    const charge = (work: Work, count: number) => void charged.push([work, count])
    verifyFinalization({ ...FAST, finalize: finalize(0, 1) }, { ...rules, charge })
    expect(charged).toEqual([
      ['blsKey', 3],
      ['blsAggregate', 1],
      ['blsKey', 2],
      ['blsAggregate', 1],
    ])
  })

  it('has keys in G1 and signatures in G2', () => {
    const { signature } = FAST.notarize
    expect(concatBytes(...ranks.ranked.map(({ blsKey }) => blsKey)).length).toBe(4 * 48)
    expect(bls12_381.G2.Point.fromBytes(signature).isTorsionFree()).toBe(true)
  })
})
