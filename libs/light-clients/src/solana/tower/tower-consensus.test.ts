import { sha256, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import type { Work } from '../../light-client.ts'
import { codeOf } from '../../refusal.fixture.ts'
import { createNativeSignatureVerifier } from '../../tendermint/native-signatures.ts'
import { ExampleCluster } from '../example-cluster.fixture.ts'
import type { ExampleBank } from '../example-cluster.fixture.ts'
import type { EpochStakes } from '../epoch-stakes.ts'
import { loadRecording, recordedStakes, recordedTower, whyNoRecordings } from '../recordings.fixture.ts'
import { encodeVote, exampleAddress, exampleKey } from '../wire.fixture.ts'
import { asChild, towerClaim, verifyTowerProof } from './tower-consensus.ts'
import type { ChildBank, TowerProof } from './tower-consensus.ts'
import { stakeOfVotes } from './verify-votes.ts'

const verifySignatures = createNativeSignatureVerifier()
const cluster = new ExampleCluster({ stakes: [34n, 33n, 33n, 20n] })
const stakes = cluster.stakes()
const BANK = { slot: 50n, bankHash: sha256(utf8('bank 50')) }
const [hardForks, none] = [[], []]

const judge = (proof: TowerProof, by = stakes) =>
  codeOf(() => verifyTowerProof(proof, { stakes: by, hardForks, verifySignatures }))
const verdict = (votes: readonly Uint8Array[], by = stakes) =>
  judge({ ...BANK, votes, descendants: none }, by)

describe('two thirds of the stake', () => {
  it('settle a bank; less does not', () => {
    expect(verdict(cluster.votes(BANK))).toBe('accepted')
    expect(verdict(cluster.votes(BANK, [0, 1, 3]))).toBe('accepted')
    expect(verdict(cluster.votes(BANK, [1, 2]))).toBe('solana/27')
    expect(verdict(cluster.votes(BANK, [0, 1]))).toBe('solana/27')
    expect(verdict([])).toBe('solana/27')
  })

  it.each([
    [[2n, 1n], [0], 'accepted'],
    [[200n, 100n], [0], 'accepted'],
    [[199n, 100n], [0], 'solana/27'],
    [[200n, 101n], [0], 'solana/27'],
    [[(1n << 63n) - 1n, 1n << 62n], [0], 'solana/27'],
    [[1n << 63n, 1n << 62n], [0], 'accepted'],
  ] as const)('are counted exactly: %s of whom %s vote', (each, voters, expected) => {
    const other = new ExampleCluster({ stakes: each })
    expect(verdict(other.votes(BANK, [...voters]), other.stakes())).toBe(expected)
  })

  it('are of all that there is, recorded or not', () => {
    const partial = cluster.stakes(0n, cluster.validators.slice(0, 2))
    expect(partial.totalStake).toBe(120n)
    expect(verdict(cluster.votes(BANK, [0, 1]), partial)).toBe('solana/27')
    expect(verdict(cluster.votes(BANK, [0, 1, 2]), partial)).toBe('solana/22')
  })
})

describe('each vote', () => {
  it('counts once an account', () => {
    const votes = cluster.votes(BANK, [0, 1, 0])
    expect(verdict(votes)).toBe('solana/25')
    const other = cluster.vote(0, { ...BANK, earlier: [40n] })
    expect(verdict([...cluster.votes(BANK), other])).toBe('solana/25')
  })

  it('is for the one slot and bank hash', () => {
    const [first, ...rest] = cluster.votes(BANK)
    const elsewhere = cluster.vote(0, { slot: 51n, bankHash: BANK.bankHash })
    const another = cluster.vote(0, { slot: 50n, bankHash: sha256(utf8('another')) })
    expect(verdict([...rest, elsewhere])).toBe('solana/26')
    expect(verdict([...rest, another])).toBe('solana/26')
    expect(verdict([...rest, first!])).toBe('accepted')
  })

  it('is of an account that the epoch knows', () => {
    const { identity, voter } = cluster.validators[0]!
    const unknown = encodeVote([identity, voter], exampleAddress('unknown'), BANK)
    expect(verdict([...cluster.votes(BANK), unknown])).toBe('solana/22')
  })

  it('is signed by its authorised voter, whoever pays', () => {
    const { identity, voter, voteAccount } = cluster.validators[0]!
    const rest = cluster.votes(BANK, [1, 2])
    const by = (...signers: ReturnType<typeof exampleKey>[]) => [
      encodeVote(signers, voteAccount, BANK),
      ...rest,
    ]
    expect(verdict(by(voter))).toBe('accepted')
    expect(verdict(by(exampleKey('sponsor'), voter))).toBe('accepted')
    expect(verdict(by(voter, identity))).toBe('accepted')
    expect(verdict(by(identity))).toBe('solana/23')
    expect(verdict(by(identity, exampleKey('thief')))).toBe('solana/23')
    expect(verdict(by(identity, cluster.validators[1]!.voter))).toBe('solana/23')
  })

  it('has no bit that may be changed', () => {
    const [first, ...rest] = cluster.votes(BANK)
    for (let at = 0; at < first!.length; at++) {
      const changed = first!.with(at, first![at]! ^ (1 << (at % 8)))
      expect(verdict([...rest, changed]), `byte ${at}`).toMatch(/^solana\/2[0-6]$/)
    }
  })
})

describe('finality', () => {
  const bank = cluster.bank(cluster.genesis, 50n)
  const chain = cluster.banksAbove(bank, [51n, 53n, 54n])
  const descendants = chain.map(asChild)
  const newest = chain.at(-1)!
  const { slot, bankHash } = bank
  const proof = { slot, bankHash, votes: cluster.votes(newest, undefined, 50n), descendants }
  const by = (votes: readonly Uint8Array[]) => judge({ ...proof, votes })

  it('is that two thirds voted for what stands on the slot, with it or a later one as root', () => {
    const rooted = (root?: bigint, voters?: number[]) => by(cluster.votes(newest, voters, root))
    expect(rooted(50n)).toBe('accepted')
    expect(rooted(53n)).toBe('accepted')
    expect(rooted(49n)).toBe('solana/26')
    expect(rooted(undefined)).toBe('solana/26')
    expect(rooted(50n, [0, 1])).toBe('solana/27')
    expect(by([])).toBe('solana/27')
    const [first, ...rest] = proof.votes
    expect(by([...rest, cluster.vote(0, { ...newest, root: 49n })])).toBe('solana/26')
    expect(by([...rest, first!, first!])).toBe('solana/25')
    expect(by([...rest, first!.with(5, first![5]! ^ 1)])).toBe('solana/24')
  })

  it('is of one chain, from the slot to what is voted for', () => {
    expect(judge({ ...proof, votes: cluster.votes(chain[1]!, undefined, 50n) })).toBe('solana/26')
    expect(judge({ ...proof, votes: cluster.votes(bank, undefined, 49n) })).toBe('solana/26')
    expect(judge({ ...proof, bankHash: sha256(utf8('another')) })).toBe('solana/26')
    expect(judge({ ...proof, bankHash: bankHash.subarray(1) })).toBe('solana/41')
    const along = (...children: ChildBank[]) => judge({ ...proof, descendants: children })
    const [a, b, c] = descendants as [ChildBank, ChildBank, ChildBank]
    expect(along(a, b, c)).toBe('accepted')
    for (const wrong of [[a, c], [b, c], [a, a, b, c], [a, b], [b, a, c], [c]]) {
      expect(along(...wrong)).toMatch(/^solana\/(26|41)$/)
    }
    expect(along(a, b, { ...c, slot: 55n })).toBe('solana/26')
    expect(along(a, { ...b, signatureCount: b.signatureCount + 1n }, c)).toBe('solana/26')
    for (const at of [0, 1_000, 2_047]) {
      const accountsLtHash = b.accountsLtHash.with(at, b.accountsLtHash[at]! ^ 1)
      expect(along(a, { ...b, accountsLtHash }, c)).toBe('solana/26')
    }
    expect(along(a, { ...b, accountsLtHash: new Uint8Array(2_047) }, c)).toBe('solana/41')
    expect(along(a, { ...b, lastBlockhash: new Uint8Array(31) }, c)).toBe('solana/41')
  })

  // 61 see slot 50 first, 33 never see it, 6 vote on both sides: with 39 on the other fork the 61 may switch,
  // once their vote's lockout is over.
  it('is not that of a slot that its voters lawfully left', () => {
    const split = new ExampleCluster({ stakes: [61n, 6n, 33n], slotsPerEpoch: 1_000n })
    const trunk = split.bank(split.genesis, 48n)
    const [left, other] = [split.bank(trunk, 50n), split.bank(trunk, 51n)]
    const rooted = split.banksAbove(other, [52n, 120n])
    const votes = split.votes(rooted.at(-1)!, undefined, 88n)
    const judged = (bank: ExampleBank, from: readonly ExampleBank[]) =>
      judge(
        { slot: bank.slot, bankHash: bank.bankHash, votes, descendants: from.map(asChild) },
        split.stakes(),
      )
    expect(judged(other, rooted)).toBe('accepted')
    expect(judged(trunk, [other, ...rooted])).toBe('accepted')
    expect(judged(left, rooted)).toBe('solana/26')
    expect(judged(left, [other, ...rooted])).toBe('solana/26')
    const confirmed = {
      slot: 50n,
      bankHash: left.bankHash,
      votes: split.votes(left, [0, 1]),
      descendants: none,
    }
    expect(judge(confirmed, split.stakes())).toBe('accepted')
    expect(towerClaim(confirmed).isFinal).toBe(false)
  })

  it('counts restarts that lie on the way', () => {
    const forks = [{ slot: 52n, count: 1n }]
    const forked = new ExampleCluster({ stakes: [34n, 33n, 33n, 20n], hardForks: forks })
    const from = forked.bank(forked.genesis, 50n)
    const later = forked.banksAbove(from, [51n, 53n])
    const votes = forked.votes(later.at(-1)!, undefined, 50n)
    const restarted = { slot: 50n, bankHash: from.bankHash, votes, descendants: later.map(asChild) }
    expect(judge(restarted)).toBe('solana/26')
    expect(verifyTowerProof(restarted, { stakes, hardForks: forks, verifySignatures }).isFinal).toBe(true)
  })
})

describe('work', () => {
  it('is charged before it is done', () => {
    const charged: [Work, number][] = []
    const rules = {
      stakes,
      hardForks,
      verifySignatures,
      charge: (work: Work, count: number) => {
        charged.push([work, count])
        throw new Error('too dear')
      },
    }
    expect(() => verifyTowerProof({ ...BANK, votes: cluster.votes(BANK), descendants: none }, rules)).toThrow(
      'too dear',
    )
    expect(charged).toEqual([['ed25519', 8]])
  })
})

describe.skipIf(whyNoRecordings !== undefined)(`recorded votes ${whyNoRecordings ?? ''}`, () => {
  it.each(['tower-slots-13-45', 'tower-epoch-61-68'] as const)('%s', (name) => {
    const recording = loadRecording(name)
    const settled = recording.slots.map((slot, i) => {
      const stakes = recordedStakes(recording, slot.epoch)
      const { hardForks } = recording
      return verifyTowerProof(recordedTower(recording, i), { stakes, hardForks, verifySignatures })
    })
    expect(settled.map(({ slot }) => slot)).toEqual(recording.slots.map(({ slot }) => slot))
    // They are rooted by votes for slots 44 and 45; the others by votes for slots that were not recorded.
    const final = settled.filter(({ isFinal }) => isFinal).map(({ slot }) => slot)
    expect(final).toEqual(name === 'tower-slots-13-45' ? [13n, 14n] : [])
  })

  it('a set in which another key votes refuses them', () => {
    const recording = loadRecording('tower-slots-13-45')
    const known = recordedStakes(recording, 0n)
    const voters = known.voters.map((voter) => ({ ...voter, authorizedVoter: exampleAddress('other') }))
    const changed: EpochStakes = { ...known, voters }
    const wire = recording.votes[0]!.wire
    expect(codeOf(() => stakeOfVotes([wire], () => undefined, { stakes: changed, verifySignatures }))).toBe(
      'solana/23',
    )
  })
})
