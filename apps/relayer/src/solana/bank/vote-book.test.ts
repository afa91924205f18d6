import { sha256, toHex, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'

import { littleBanks, littleCluster, streamOf } from './cluster.fixture.ts'
import type { MadeBank } from './cluster.fixture.ts'
import { readVote } from './vote-book.ts'

const OTHER_HASH = sha256(utf8('another bank'))

/** A cluster in each of whose slots votes of its two largest voters fail: a stranger signed, or they did. */
async function clusterWithFailed(hashOf: (bank: MadeBank) => Uint8Array, isOwn = false) {
  const cluster = await littleCluster()
  const stranger = cluster.validators[3]!.signers
  const made: MadeBank[] = []
  for (let slot = 1n; slot <= 20n; slot += 1n) {
    const parent = made.at(-1) ?? cluster.genesis
    const lie = { slot: parent.slot, bankHash: hashOf(parent) }
    const failed = [0, 1].map((index) => cluster.vote(index, lie, isOwn ? undefined : stranger))
    made.push(cluster.bank(parent, slot, { failed }))
  }
  return { cluster, made, stranger }
}

describe('votes that failed', () => {
  it.each([
    ["a stranger's for another bank", () => OTHER_HASH, false],
    ["a stranger's for the bank that it is", (bank: MadeBank) => bank.bankHash, false],
    ['their own for another bank', () => OTHER_HASH, true],
  ])('are in the bank hash and count for nothing: %s', async (_, hashOf, isOwn) => {
    const { cluster, made } = await clusterWithFailed(hashOf, isOwn)
    const { banks, headers, follow } = await littleBanks()
    follow(streamOf(cluster, made))
    expect(banks.newest()?.slot).toBe(20n)
    expect(headers.newestFinal()?.slot).toBe(15n)
  })
})

describe('votes that others signed', () => {
  it('count for no bank, against none, and take the place of no vote', async () => {
    const { cluster, made, stranger } = await clusterWithFailed((bank) => bank.bankHash)
    const { banks, headers, follow } = await littleBanks()
    follow(streamOf(cluster, made.slice(0, 12)))
    const [bank, set] = [banks.bank(9n)!, banks.stakes(0n)!]
    const chosen = () => banks.votes.votesFor(bank, set)?.map(({ wire }) => toHex(wire))
    const before = [0, 1].map((index) => toHex(cluster.vote(index, made[8]!)))
    expect(chosen()).toEqual(before)
    for (const index of [0, 1, 2, 3])
      for (const bankHash of [bank.bankHash, OTHER_HASH]) {
        // The fourth is the stranger's own.
        const vote = readVote(cluster.vote(index, { slot: 9n, bankHash }, stranger))!
        banks.votes.add(vote)
      }
    expect(chosen()).toEqual(before)
    expect(banks.votes.stakeAgainst(9n, bank.bankHash, set)).toBe(10n)
    expect(banks.votes.stakeAgainst(9n, OTHER_HASH, set)).toBe(100n)
    expect(headers.newestFinal()?.slot).toBe(7n)
  })
})
