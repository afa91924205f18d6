import { sha256, toHex, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import type { Work } from '../../light-client.ts'
import { codeOf } from '../../refusal.fixture.ts'
import { createNativeSignatureVerifier } from '../../tendermint/native-signatures.ts'
import { ExampleCluster } from '../example-cluster.fixture.ts'
import type { EpochStakes } from '../epoch-stakes.ts'
import { loadRecording, recordedStakes, whyNoRecordings } from '../recordings.fixture.ts'
import { encodeVote, exampleAddress, exampleKey } from '../wire.fixture.ts'
import { towerClaim, verifyTowerProof } from './tower-consensus.ts'
import { stakeOfVotes } from './verify-votes.ts'

const verifySignatures = createNativeSignatureVerifier()
const cluster = new ExampleCluster({ stakes: [34n, 33n, 33n, 20n] })
const stakes = cluster.stakes()
const BANK = { slot: 50n, bankHash: sha256(utf8('bank 50')) }
const LATER = { slot: 83n, bankHash: sha256(utf8('bank 83')) }

const verdict = (votes: readonly Uint8Array[], rootVotes: readonly Uint8Array[] = [], by = stakes) =>
  codeOf(() => verifyTowerProof({ votes, rootVotes }, { stakes: by, verifySignatures }))

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
    expect(verdict(other.votes(BANK, [...voters]), [], other.stakes())).toBe(expected)
  })

  it('are of all that there is, recorded or not', () => {
    const partial = cluster.stakes(0n, cluster.validators.slice(0, 2))
    expect(partial.totalStake).toBe(120n)
    expect(verdict(cluster.votes(BANK, [0, 1]), [], partial)).toBe('solana/27')
    expect(verdict(cluster.votes(BANK, [0, 1, 2]), [], partial)).toBe('solana/22')
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
  const votes = cluster.votes(BANK)
  it('is that two thirds have rooted the slot or a later one', () => {
    const rooted = (root: bigint, voters?: number[]) => verdict(votes, cluster.votes(LATER, voters, root))
    expect(rooted(50n)).toBe('accepted')
    expect(rooted(51n)).toBe('accepted')
    expect(rooted(49n)).toBe('solana/26')
    expect(rooted(50n, [0, 1])).toBe('solana/27')
    expect(verdict(votes, cluster.votes(LATER))).toBe('solana/26')
  })

  it('takes votes for whatever later slot, each as a vote', () => {
    const mixed = [0, 1, 2].map((index) =>
      cluster.vote(index, { slot: 90n + BigInt(index), bankHash: sha256(utf8(`${index}`)), root: 52n }),
    )
    expect(verdict(votes, mixed)).toBe('accepted')
    expect(verdict(votes, [...mixed, mixed[0]!])).toBe('solana/25')
    const flipped = mixed[1]!.with(5, mixed[1]![5]! ^ 1)
    expect(verdict(votes, [mixed[0]!, flipped, mixed[2]!])).toBe('solana/24')
  })

  it('is not without a bank that is settled', () => {
    expect(verdict(cluster.votes(BANK, [0, 1]), cluster.votes(LATER, undefined, 60n))).toBe('solana/27')
  })

  it('is claimed by votes that name roots', () => {
    expect(towerClaim({ votes, rootVotes: [] })).toEqual({ ...BANK, isFinal: false })
    expect(towerClaim({ votes, rootVotes: votes }).isFinal).toBe(true)
  })
})

describe('work', () => {
  it('is charged before it is done', () => {
    const charged: [Work, number][] = []
    const rules = {
      stakes,
      verifySignatures,
      charge: (work: Work, count: number) => {
        charged.push([work, count])
        throw new Error('too dear')
      },
    }
    expect(() => verifyTowerProof({ votes: cluster.votes(BANK), rootVotes: [] }, rules)).toThrow('too dear')
    expect(charged).toEqual([['ed25519', 8]])
  })
})

describe.skipIf(whyNoRecordings !== undefined)(`recorded votes ${whyNoRecordings ?? ''}`, () => {
  it.each(['tower-slots-13-45', 'tower-epoch-61-68'] as const)('%s', (name) => {
    const recording = loadRecording(name)
    let rooted = 0
    for (const slot of recording.slots) {
      const rules = { stakes: recordedStakes(recording, slot.epoch), verifySignatures }
      const vote = recording.votes.find(({ votedSlot }) => votedSlot === slot.slot)!
      const later = recording.votes.find(({ root }) => root !== undefined && root >= slot.slot)
      const proof = { votes: [vote.wire], rootVotes: later ? [later.wire] : [] }
      const settled = verifyTowerProof(proof, rules)
      expect(toHex(settled.bankHash)).toBe(toHex(slot.bankHash))
      if (settled.isFinal) rooted++
    }
    expect(rooted).toBe(recording.slots.length)
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
