import {
  EMPTY_FRONTIER,
  appendLeaf,
  commitmentLeaf,
  createSparseTree,
  encodeRootAccount,
  frontierRoot,
  taggedRoot,
  verifyCommitment,
  verifyNoCommitment,
} from '@causeway/light-clients'
import type { AccountState, TreePath, TreeRoots } from '@causeway/light-clients'
import { be64, concatBytes, sha256, utf8 } from '@causeway/primitives'
import { CommitmentProof } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { testWork } from '../plan/lane.fixture.ts'
import { CORE, madeAccount } from './bank/cluster.fixture.ts'
import { PacketProofs } from './packet-proofs.ts'
import type { EventSource } from './packet-proofs.ts'
import type { TreeEntry } from './proofs/packet-trees.ts'

const CLIENT = 'client-0'
const commitmentOf = (name: string) => sha256(utf8(name))
const sent = (sequence: bigint, slot: bigint): TreeEntry => {
  return { type: 'send_packet', sequence, commitment: commitmentOf(`sent ${sequence}`), slot }
}
const received = (sequence: bigint, slot: bigint): TreeEntry => {
  return { type: 'write_acknowledgement', sequence, commitment: commitmentOf(`answer ${sequence}`), slot }
}

/** The root account as the program leaves it after a slot. */
function rootsAfter(
  entries: readonly TreeEntry[],
  slot: bigint,
): { account: AccountState; roots: TreeRoots } {
  let frontier = EMPTY_FRONTIER
  const receipts = createSparseTree()
  const own = entries.filter((one) => one.slot <= slot)
  for (const { type, sequence, commitment } of own) {
    if (type === 'send_packet') frontier = appendLeaf(frontier, commitmentLeaf(commitment))
    if (type === 'write_acknowledgement') receipts.set(sequence - 1n, commitmentLeaf(commitment))
  }
  const roots = {
    commitmentsRoot: taggedRoot('commitments', utf8(CLIENT), frontierRoot(frontier)),
    receiptsRoot: taggedRoot('receipts', utf8(CLIENT), receipts.root()),
  }
  const data = encodeRootAccount({ touches: 0n, sent: frontier.count, ...roots }, frontier.nodes)
  return { account: madeAccount(data, CORE), roots }
}

/** Events that an index tells; `reread` brings what it had forgotten. */
function history(entries: readonly TreeEntry[], forgotten: readonly TreeEntry[] = []) {
  const rereads: bigint[] = []
  let known = entries.filter((one) => !forgotten.includes(one))
  const source: EventSource = {
    upTo: async (slot) => known.filter((one) => one.slot <= slot).map((one) => ({ ...one, signature: '' })),
    async reread(slot) {
      rereads.push(slot)
      known = [...entries]
    },
  }
  return { source, rereads }
}

const path = (entry: 1 | 2 | 3, sequence: bigint) => [
  concatBytes(utf8(CLIENT), Uint8Array.of(entry), be64(sequence)),
]
const decoded = (proof: Uint8Array): TreePath => {
  const { present, siblings } = CommitmentProof.decode(proof)
  return { present: present ?? 0, siblings }
}
const work = (kind: 'recv' | 'ack' | 'timeout', sequence: bigint) => testWork({ kind, sequence })

describe('proofs of packets', () => {
  const entries = [
    ...[sent(1n, 5n), received(3n, 6n), sent(2n, 6n), sent(3n, 9n)],
    ...[received(1n, 12n), sent(4n, 12n)],
  ]

  it('hold under the root account of each slot, forwards and backwards', async () => {
    const proofs = new PacketProofs(history(entries).source, CLIENT, CORE)
    for (const slot of [12n, 6n, 9n, 5n, 12n]) {
      const { account, roots } = rootsAfter(entries, slot)
      for (const { type, sequence, commitment } of entries.filter((one) => one.slot <= slot)) {
        const isSent = type === 'send_packet'
        const proof = await proofs.prove(work(isSent ? 'recv' : 'ack', sequence), slot, account)
        verifyCommitment(roots, path(isSent ? 1 : 3, sequence), commitment, decoded(proof))
      }
      const absent = await proofs.prove(work('timeout', 7n), slot, account)
      verifyNoCommitment(roots, path(2, 7n), decoded(absent))
    }
  })

  it('hold for any packets, asked for at once', async () => {
    const arbitrary = fc.array(fc.tuple(fc.boolean(), fc.bigInt(1n, 60n)), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(arbitrary, async (events) => {
        const made: TreeEntry[] = []
        const taken = new Set<bigint>()
        for (const [index, [isSend, place]] of events.entries()) {
          const slot = BigInt(index + 1)
          if (isSend)
            made.push(sent(BigInt(made.filter(({ type }) => type === 'send_packet').length + 1), slot))
          else if (!taken.has(place)) made.push(received(place, slot))
          if (!isSend) taken.add(place)
        }
        const proofs = new PacketProofs(history(made).source, CLIENT, CORE)
        const slot = BigInt(events.length)
        const { account, roots } = rootsAfter(made, slot)
        await Promise.all(
          made.map(async ({ type, sequence, commitment }) => {
            const isSent = type === 'send_packet'
            const proof = await proofs.prove(work(isSent ? 'recv' : 'ack', sequence), slot, account)
            verifyCommitment(roots, path(isSent ? 1 : 3, sequence), commitment, decoded(proof))
          }),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('are none of what is not there, or is there where absence is asked for', async () => {
    const proofs = new PacketProofs(history(entries).source, CLIENT, CORE)
    const { account } = rootsAfter(entries, 6n)
    await expect(proofs.prove(work('recv', 3n), 6n, account)).rejects.toMatchObject({ failure: 'redundant' })
    await expect(proofs.prove(work('ack', 1n), 6n, account)).rejects.toMatchObject({ failure: 'redundant' })
    await expect(proofs.prove(work('timeout', 3n), 6n, account)).rejects.toThrow('was received (timeout)')
  })

  it('read the events again when they do not lead to the root account, once', async () => {
    const { source, rereads } = history(entries, [entries[2]!])
    const proofs = new PacketProofs(source, CLIENT, CORE)
    await proofs.prove(work('recv', 1n), 5n, rootsAfter(entries, 5n).account)
    await proofs.prove(work('recv', 2n), 9n, rootsAfter(entries, 9n).account)
    expect(rereads).toEqual([5n])
    const wrong = rootsAfter(entries.slice(1), 9n).account
    await expect(proofs.prove(work('recv', 2n), 9n, wrong)).rejects.toThrow(
      'do not give the tree of commitments',
    )
    const foreign = { ...rootsAfter(entries, 9n).account, owner: new Uint8Array(32) }
    await expect(proofs.prove(work('recv', 2n), 9n, foreign)).rejects.toMatchObject({ failure: 'endpoint' })
  })
})
