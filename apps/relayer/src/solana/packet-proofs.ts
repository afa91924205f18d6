import type { AccountState, TreeKind } from '@causeway/light-clients'

import { RelayError } from '../errors.ts'
import { packetId } from '../plan/work.ts'
import type { Work } from '../plan/work.ts'
import type { PacketHistory } from './packet-history.ts'
import { PacketTrees } from './proofs/packet-trees.ts'
import type { TreeEntry } from './proofs/packet-trees.ts'

/** Events of a client, complete as far as an index is. */
export type EventSource = Pick<PacketHistory, 'upTo' | 'reread'> & Partial<Pick<PacketHistory, 'keptSlot'>>

/**
 * Proves packets under slots that wrote the root account. Trees come from the core's events; the root account
 * is the judge.
 */
export class PacketProofs {
  readonly #history: EventSource
  readonly #trees: PacketTrees
  /** Up to where events led to the root account. */
  #settledSlot = 0n

  constructor(history: EventSource, clientId: string, program: Uint8Array) {
    this.#history = history
    this.#trees = new PacketTrees(clientId, program)
  }

  /**
   * Proof of what a message needs, under a slot that left the root account like this. Throws `RelayError`:
   * endpoint when the events don't lead to the root account, redundant when there is nothing to prove.
   */
  async prove(work: Work, slot: bigint, rootAccount: AccountState): Promise<Uint8Array> {
    const kind: TreeKind = work.kind === 'recv' ? 'commitments' : 'receipts'
    let entries = await this.#history.upTo(slot)
    const { keptSlot = 0n } = this.#history
    // What was kept is doubted last: most often it is the newest that lacks.
    const doubted = keptSlot > this.#settledSlot ? [keptSlot, this.#settledSlot] : [this.#settledSlot]
    while (!this.#leadsTo(kind, slot, rootAccount, entries)) {
      const from = doubted.shift()
      if (from === undefined) throw incomplete(kind, slot)
      await this.#history.reread(from)
      entries = await this.#history.upTo(slot)
    }
    this.#settledSlot = slot > this.#settledSlot ? slot : this.#settledSlot
    // From here on nothing waits: another slot's proof must not move the trees meanwhile.
    const { sequence } = work.packet
    if (this.#trees.has(kind, sequence) === (work.kind === 'timeout')) {
      const state = work.kind === 'timeout' ? 'was received' : 'has nothing to prove'
      throw new RelayError('redundant', 'later', `packet ${packetId(work.packet)} ${state} (${work.kind})`)
    }
    return this.#trees.prove(kind, sequence)
  }

  #leadsTo(kind: TreeKind, slot: bigint, account: AccountState, entries: readonly TreeEntry[]): boolean {
    this.#trees.moveTo(slot, entries)
    return this.#trees.agrees(kind, account)
  }
}

function incomplete(kind: TreeKind, slot: bigint): RelayError {
  const text = `the packet events up to slot ${slot} do not give the tree of ${kind} in the root account`
  return new RelayError('endpoint', 'later', `${text}: an index that forgot`)
}
