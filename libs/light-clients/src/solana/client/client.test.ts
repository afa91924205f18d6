import { packAny } from '@causeway/protocol'
import { describe, expect, it } from 'vitest'
import type { Work } from '../../light-client.ts'
import { codeOf } from '../../refusal.fixture.ts'
import { GENESIS_SECONDS } from '../example-cluster.fixture.ts'
import { SOLANA_HEADER_TYPE_URL } from './type-urls.ts'
import {
  START_SLOT,
  commitmentOf,
  exampleClient,
  exampleCommitments,
  headerMessage,
  pathOf,
} from './example-client.fixture.ts'

const height = (slot: bigint) => ({ revisionNumber: 0n, revisionHeight: slot })
const NS = 1_000_000_000n

describe.each(['tower', 'alpenglow'] as const)('a client of a cluster with %s', (consensus) => {
  it('follows slots, whatever lies between them', () => {
    const { client, cluster, store, start, open, submit, message } = exampleClient({}, consensus)
    open()
    expect(client.latestHeight(store)).toEqual(height(START_SLOT))
    const first = cluster.bank(start, 43n)
    const second = cluster.bank(cluster.bank(first, 44n), 46n)
    expect(submit(message(first), 44n)).toEqual([43n])
    expect(submit(message(second), 47n)).toEqual([46n])
    expect(client.latestHeight(store)).toEqual(height(46n))
    expect(client.timestampAtHeight(store, height(46n))).toBe((GENESIS_SECONDS + 46n) * NS)
    expect(client.status(store, (GENESIS_SECONDS + 50n) * NS)).toBe('Active')
    // An older slot may still come, and the same one again changes nothing.
    expect(submit(message(cluster.bank(start, 41n)), 47n)).toEqual([41n])
    const before = store.keys()
    expect(submit(message(second), 48n)).toEqual([46n])
    expect(store.keys()).toEqual(before)
  })

  it('proves packets sent, acknowledged and not received under what a slot wrote', () => {
    const { client, cluster, store, start, open, submit, message, at } = exampleClient({}, consensus)
    open()
    const { changes, proveSent, proveReceived } = exampleCommitments([1n, 2n, 3n], [1n, 5n])
    submit(message(cluster.bank(start, 43n, changes())), 44n)
    const member = (entry: 1 | 2 | 3, sequence: bigint, proof: Uint8Array, of = sequence) =>
      codeOf(() =>
        client.verifyMembership(
          store,
          height(43n),
          proof,
          pathOf(entry, sequence),
          commitmentOf(of),
          at(44n),
        ),
      )
    const absent = (entry: 1 | 2 | 3, sequence: bigint, proof: Uint8Array) =>
      codeOf(() => client.verifyNonMembership(store, height(43n), proof, pathOf(entry, sequence), at(44n)))
    for (const sequence of [1n, 2n, 3n]) expect(member(1, sequence, proveSent(sequence))).toBe('accepted')
    for (const sequence of [1n, 5n]) expect(member(3, sequence, proveReceived(sequence))).toBe('accepted')
    expect(member(1, 2n, proveSent(2n), 3n)).toBe('solana/63')
    expect(member(1, 2n, proveReceived(2n))).toBe('solana/63')
    expect(absent(2, 2n, proveReceived(2n))).toBe('accepted')
    expect(absent(2, 5n, proveReceived(5n))).toBe('solana/63')
    expect(member(1, 2n, new Uint8Array(1_300))).toBe('solana/8')
  })

  it('a batch of packets is proven under one header', () => {
    const { client, cluster, store, start, open, submit, message, at } = exampleClient({}, consensus)
    open()
    const sent = Array.from({ length: 50 }, (_, i) => BigInt(i + 1))
    const { changes, proveSent } = exampleCommitments(sent, [])
    submit(message(cluster.bank(start, 43n, changes())), 44n)
    for (const sequence of sent) {
      const path = pathOf(1, sequence)
      const value = commitmentOf(sequence)
      client.verifyMembership(store, height(43n), proveSent(sequence), path, value, at(44n))
    }
  })

  it('proves nothing under a slot that did not write the root account, until it is touched', () => {
    const { client, cluster, store, start, open, submit, message, at } = exampleClient({}, consensus)
    open()
    const { changes, proveSent } = exampleCommitments([1n], [])
    const first = cluster.bank(start, 42n, changes())
    const second = cluster.bank(first, 43n)
    const third = cluster.bank(second, 44n, changes(1n))
    for (const bank of [second, third]) submit(message(bank), 45n)
    const at1 = (slot: bigint) =>
      codeOf(() =>
        client.verifyMembership(store, height(slot), proveSent(1n), pathOf(1, 1n), commitmentOf(1n), at(45n)),
      )
    expect(at1(43n)).toBe('solana/60')
    expect(at1(44n)).toBe('accepted')
    expect(at1(42n)).toBe('solana/2')
    expect(at1(45n)).toBe('solana/10')
    expect(at1(START_SLOT)).toBe('solana/60')
  })

  it('does not take a root account of another program', () => {
    const { cluster, start, open, submit, message } = exampleClient({}, consensus)
    open()
    const { changes } = exampleCommitments([1n], [])
    const forged = cluster.bank(start, 43n, changes(0n, START_ACCOUNT_OWNER))
    expect(codeOf(() => submit(message(forged), 44n))).toBe('solana/45')
  })

  it('refuses what is not settled', () => {
    const { cluster, start, open, submit, message } = exampleClient({}, consensus)
    open()
    const bank = cluster.bank(start, 43n)
    expect(codeOf(() => submit(message(bank, { voters: [1, 2] }), 44n))).toBe('solana/27')
    expect(codeOf(() => submit(message(bank, { voters: [0, 1, 2] }), 44n))).toBe('accepted')
  })

  it('refuses the future, and only that', () => {
    const { cluster, start, open, submit, message } = exampleClient({}, consensus)
    open()
    const bank = cluster.bank(start, 60n)
    expect(codeOf(() => submit(message(bank), 54n))).toBe('solana/14')
    expect(codeOf(() => submit(message(bank), 55n))).toBe('accepted')
  })

  it('is of one consensus', () => {
    const { cluster, start, open, submit, header } = exampleClient({}, consensus)
    const other = exampleClient({}, consensus === 'tower' ? 'alpenglow' : 'tower')
    open()
    const bank = cluster.bank(start, 43n)
    const mixed = { ...header(bank), consensus: other.settled(bank) }
    expect(codeOf(() => submit(headerMessage(mixed), 44n))).toBe('solana/16')
    const both = { ...header(bank).consensus!, ...definedOf(other.settled(bank)) }
    expect(codeOf(() => submit(headerMessage({ ...header(bank), consensus: both }), 44n))).toBe('solana/16')
  })

  it('charges for signatures and hashes before they are done', () => {
    const { client, cluster, store, start, open, message, at } = exampleClient({}, consensus)
    open()
    const { changes, proveSent } = exampleCommitments([1n], [])
    const any = message(cluster.bank(start, 43n, changes()))
    const charged: [Work, number][] = []
    const charge = (work: Work, count: number) => void charged.push([work, count])
    client.verifyClientMessage(store, any, at(44n, { charge }))
    // Clock before and after, 113 bytes in and 2,048 out; the root account, new, 1,193 in and 2,048 out.
    const set: [Work, number] = ['hash', Math.ceil((40 + 4 * 152) / 512)]
    const hashes: [Work, number] = ['hash', Math.ceil((2 * (40 + 73 + 2048) + 1120 + 73 + 2048) / 512)]
    const signatures: [Work, number][] =
      consensus === 'tower'
        ? [
            // Two descendants.
            ['hash', Math.ceil((2 * 2_200) / 512)],
            ['ed25519', 8],
          ]
        : [
            ['blsKey', 4],
            ['blsAggregate', 1],
          ]
    expect(charged).toEqual([set, ...signatures, hashes])
    client.updateState(store, any, at(44n))
    charged.length = 0
    const context = at(44n, { charge })
    client.verifyMembership(store, height(43n), proveSent(1n), pathOf(1, 1n), commitmentOf(1n), context)
    expect(charged).toEqual([['hash', 34]])
  })
})

const START_ACCOUNT_OWNER = new Uint8Array(32).fill(7)

function definedOf<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>
}

describe('a slot that is only confirmed', () => {
  it('is the optimistic head, under which no packet is proven', () => {
    const { client, cluster, store, start, open, submit, message, at } = exampleClient()
    open()
    const { changes, proveSent } = exampleCommitments([1n], [])
    const bank = cluster.bank(start, 43n, changes())
    expect(client.optimisticHead(store)).toBeUndefined()
    expect(submit(message(bank, { isFinal: false }), 44n)).toEqual([])
    expect(client.latestHeight(store)).toEqual(height(START_SLOT))
    expect(client.optimisticHead(store)).toEqual({ slot: 43n, timestampSeconds: GENESIS_SECONDS + 43n })
    const [proof, path, value] = [proveSent(1n), pathOf(1, 1n), commitmentOf(1n)]
    expect(codeOf(() => client.verifyMembership(store, height(43n), proof, path, value, at(44n)))).toBe(
      'solana/10',
    )
    expect(codeOf(() => client.verifyOptimisticMembership(store, proof, path, value, at(44n)))).toBe(
      'accepted',
    )
    const wrong = commitmentOf(2n)
    expect(codeOf(() => client.verifyOptimisticMembership(store, proof, path, wrong, at(44n)))).toBe(
      'solana/63',
    )
    // Once it is rooted there is no head any more.
    expect(submit(message(bank), 45n)).toEqual([43n])
    expect(client.optimisticHead(store)).toBeUndefined()
    expect(codeOf(() => client.verifyOptimisticMembership(store, proof, path, value, at(45n)))).toBe(
      'solana/13',
    )
    expect(codeOf(() => client.verifyMembership(store, height(43n), proof, path, value, at(45n)))).toBe(
      'accepted',
    )
  })

  it('gives way to a newer one only', () => {
    const { client, cluster, store, start, open, submit, message } = exampleClient()
    open()
    const first = cluster.bank(start, 43n)
    const second = cluster.bank(first, 45n)
    submit(message(second, { isFinal: false }), 46n)
    submit(message(first, { isFinal: false }), 46n)
    expect(client.optimisticHead(store)?.slot).toBe(45n)
    submit(message(first), 46n)
    expect(client.optimisticHead(store)?.slot).toBe(45n)
  })
})

describe('messages of other types', () => {
  it('are refused', () => {
    const { client, store, open, at } = exampleClient()
    open()
    const verify = (typeUrl: string, bytes = new Uint8Array()) =>
      codeOf(() => client.verifyClientMessage(store, packAny(typeUrl, bytes), at(44n)))
    expect(verify('/ibc.lightclients.tendermint.v1.Header')).toBe('solana/7')
    expect(verify(SOLANA_HEADER_TYPE_URL)).toBe('solana/8')
    expect(verify(SOLANA_HEADER_TYPE_URL, Uint8Array.of(0xff))).toBe('solana/8')
  })
})
