import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { GENESIS_SECONDS } from '../example-cluster.fixture.ts'
import {
  commitmentOf,
  exampleClient,
  exampleCommitments,
  misbehaviourMessage,
  pathOf,
  recorded,
} from './example-client.fixture.ts'

const NOW = 60n

/** 61 % saw one fork first, 33 % the other, and 6 % vote on both sides: less than a third is faulty. */
const [FIRST, BOTH, SECOND] = [0, 1, 2]
const CONFIRMED = { isFinal: false, voters: [FIRST, BOTH] }

/** A client of such a cluster, and two banks of slot 50. */
function forked() {
  const example = exampleClient({ stakes: [61n, 6n, 33n] })
  example.open()
  const { client, cluster, store, start, at, submit, message } = example
  const { changes, proveSent } = exampleCommitments([1n], [])
  return {
    ...example,
    left: cluster.bank(start, 50n, changes()),
    right: cluster.bank(start, 50n, recorded(cluster.stakesBytes(2n))),
    /** A bank by its slot and its Clock's second. */
    timed: (slot: bigint, seconds: bigint) => cluster.bank(start, slot, changes(), GENESIS_SECONDS + seconds),
    confirm: (bank: typeof start) => submit(message(bank, CONFIRMED), NOW),
    settle: (bank: typeof start) => submit(message(bank), NOW),
    head: () => client.optimisticHead(store)?.slot,
    status: () => client.status(store, at(NOW).timeNanoseconds),
    preview: () =>
      codeOf(() =>
        client.verifyOptimisticMembership(store, proveSent(1n), pathOf(1, 1n), commitmentOf(1n), at(NOW)),
      ),
  }
}

describe('a confirmed slot that its voters left', () => {
  it('gives way to the final bank of its slot', () => {
    const { client, store, left, right, confirm, settle, head, status, preview } = forked()
    expect(confirm(left)).toEqual([])
    expect(preview()).toBe('accepted')
    expect(settle(right)).toEqual([50n])
    expect([status(), head(), preview()]).toEqual(['Active', undefined, 'solana/13'])
    expect(client.latestHeight(store).revisionHeight).toBe(50n)
  })

  it('is refused once another bank of the slot is final, and is no evidence', () => {
    const { left, right, confirm, settle, head, status } = forked()
    expect(settle(right)).toEqual([50n])
    expect(codeOf(() => confirm(left))).toBe('solana/17')
    expect([status(), head()]).toEqual(['Active', undefined])
    // What is final may be shown as confirmed as well.
    expect(confirm(right)).toEqual([])
  })

  it('is refused when its time is ahead of a final slot above it', () => {
    const { timed, confirm, settle, status } = forked()
    expect(settle(timed(51n, 51n))).toEqual([51n])
    expect(codeOf(() => confirm(timed(50n, 52n)))).toBe('solana/17')
    expect(confirm(timed(50n, 51n))).toEqual([])
    expect(status()).toBe('Active')
  })

  it('is refused when its time is behind a final slot below it', () => {
    const { timed, confirm, settle, head, status } = forked()
    expect(settle(timed(50n, 50n))).toEqual([50n])
    expect(codeOf(() => confirm(timed(52n, 49n)))).toBe('solana/17')
    expect(head()).toBeUndefined()
    expect(confirm(timed(52n, 50n))).toEqual([])
    expect([status(), head()]).toEqual(['Active', 52n])
  })

  it('is the head no longer when a final slot below it is of a later time', () => {
    const { timed, confirm, settle, head, status, preview } = forked()
    confirm(timed(52n, 49n))
    expect(settle(timed(48n, 49n))).toEqual([48n])
    expect([head(), preview()]).toEqual([52n, 'accepted'])
    expect(settle(timed(50n, 50n))).toEqual([50n])
    expect([status(), head(), preview()]).toEqual(['Active', undefined, 'solana/13'])
    confirm(timed(51n, 50n))
    expect(head()).toBe(51n)
  })

  it('brings no packets, whatever is final later', () => {
    const { client, store, at, left, right, confirm, settle } = forked()
    const { proveSent } = exampleCommitments([1n], [])
    confirm(left)
    settle(right)
    const height = { revisionNumber: 0n, revisionHeight: 50n }
    const prove = () =>
      client.verifyMembership(store, height, proveSent(1n), pathOf(1, 1n), commitmentOf(1n), at(NOW))
    expect(codeOf(prove)).toBe('solana/60')
  })
})

describe('two thirds of votes for each of two banks of one slot', () => {
  it('freeze, the one stored as head and the other in a header', () => {
    const { left, right, confirm, status } = forked()
    confirm(left)
    expect(confirm(right)).toBe('frozen')
    expect(status()).toBe('Frozen')
  })

  it('freeze, whichever of them is final', () => {
    for (const isLeft of [true, false]) {
      const { left, right, confirm, settle } = forked()
      confirm(left)
      settle(isLeft ? left : right)
      expect(confirm(right)).toBe('frozen')
    }
  })

  it('freeze as evidence, and not where one side lacks them', () => {
    const { left, right, voted, submit } = forked()
    const evidence = (voters: readonly number[]) =>
      misbehaviourMessage(1n, voted(left, CONFIRMED.voters), voted(right, voters))
    expect(codeOf(() => submit(evidence([BOTH, SECOND]), NOW))).toBe('solana/27')
    expect(submit(evidence([FIRST, BOTH]), NOW)).toBe('frozen')
  })
})

describe('a final bank', () => {
  it('freezes against another of its slot, with whatever head', () => {
    const { left, right, confirm, settle, status } = forked()
    confirm(left)
    expect(settle(left)).toEqual([50n])
    expect(settle(right)).toBe('frozen')
    expect(status()).toBe('Frozen')
  })

  it('freezes against one above it of an earlier time', () => {
    const { timed, settle } = forked()
    expect(settle(timed(51n, 51n))).toEqual([51n])
    expect(settle(timed(50n, 52n))).toBe('frozen')
  })
})
