import { setTimeout } from 'node:timers/promises'
import { commitmentLeaf, createSparseTree, EMPTY_LEAF, taggedRoot } from '@causeway/light-clients'
import type { SparseTree } from '@causeway/light-clients'
import { rootsAddress } from '@causeway/contracts-solana'
import { equalBytes, utf8 } from '@causeway/primitives'
import type { PublicKey } from '@solana/web3.js'

import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { RelayError } from '../errors.ts'
import { isReceipt } from './packet-history.ts'
import type { PacketHistory } from './packet-history.ts'
import type { ReceiptPlace } from './proof-side.ts'
import type { SolanaApi } from './solana-api.ts'

/** Where the root account holds the number of packets sent and the tagged root of the receipts. */
const SENT_AT = 24
const RECEIPTS_AT = 64
const ROOTS_BYTES = 1_120
const NEWEST = 2n ** 63n
/** After how long what is not settled is read again. */
const REREAD_AFTER_MS = [0, 250, 1_000] as const
/** Which failures in a row make everything be read again: a fork that was left may lie deep. */
const REREAD_ALL_AT_EACH = 4

/** A client's root account as far as a sender looks at it. */
export interface RootAccount {
  readonly sent: bigint
  /** Tagged. */
  readonly receipts: Uint8Array
}

/** Reads a root account. Throws `RelayError` (config) when there is none. */
export async function readRoots(
  pool: EndpointPool<SolanaApi>,
  core: PublicKey,
  clientId: string,
  commitment: 'confirmed' | 'finalized',
): Promise<RootAccount> {
  const [account] = await pool.call((api) => api.accounts([rootsAddress(core, clientId)], commitment))
  if (account === undefined || account.data.length !== ROOTS_BYTES || !account.owner.equals(core)) {
    const text = `client ${clientId} does not exist in the program ${core.toBase58()}`
    throw new RelayError('config', 'never', text)
  }
  const view = new DataView(account.data.buffer, account.data.byteOffset)
  return {
    sent: view.getBigUint64(SENT_AT, true),
    receipts: account.data.slice(RECEIPTS_AT, RECEIPTS_AT + 32),
  }
}

/** The tree of receipts as it stands now: what receiving the next packet has to start from. */
export class Receipts {
  readonly #pool: EndpointPool<SolanaApi>
  readonly #history: PacketHistory
  readonly #core: PublicKey
  readonly #clientId: string
  /** Leaves by sequence, and the slot up to which they led to the root account. */
  #leaves = new Map<bigint, Uint8Array>()
  #tree: SparseTree = createSparseTree()
  #settledSlot = 0n
  /** Comparisons in a row that failed. */
  #mismatches = 0
  #refreshing: Promise<unknown> = Promise.resolve()

  constructor(pool: EndpointPool<SolanaApi>, history: PacketHistory, core: PublicKey, clientId: string) {
    this.#pool = pool
    this.#history = history
    this.#core = core
    this.#clientId = clientId
  }

  /**
   * Takes in what was received since, and compares with the root account. An index is a moment behind it as
   * often as not, and is given that moment; what led to the root account once is read again only where that
   * does not help. One at a time. Throws `RelayError`: endpoint when the history is not complete or the
   * account moved meanwhile.
   */
  async refresh(): Promise<void> {
    const turn = this.#refreshing.catch(() => {}).then(() => this.#refresh())
    this.#refreshing = turn
    await turn
  }

  async #refresh(): Promise<void> {
    const base = () => {
      const { keptSlot } = this.#history
      return keptSlot > this.#settledSlot ? keptSlot : this.#settledSlot
    }
    for (const pauseMs of REREAD_AFTER_MS) {
      if (await this.#agrees()) return
      await setTimeout(pauseMs)
      await this.#history.reread(base())
    }
    if (await this.#agrees()) return
    this.#mismatches += 1
    const isDoubted = this.#settledSlot === 0n || this.#mismatches % REREAD_ALL_AT_EACH === 0
    if (base() > 0n && isDoubted) {
      await this.#history.reread(0n)
      if (await this.#agrees()) return
    }
    const text = `the receipts that transactions of ${this.#clientId} tell are not those of the root account`
    throw new RelayError('endpoint', 'now', `${text}: an index that forgot`)
  }

  /** Whether events lead to the root account; if not, nothing is kept of them. */
  async #agrees(): Promise<boolean> {
    const [entries, { receipts }] = await Promise.all([
      this.#history.upTo(NEWEST),
      readRoots(this.#pool, this.#core, this.#clientId, 'confirmed'),
    ])
    for (const entry of entries)
      if (isReceipt(entry)) this.assume(entry.sequence, commitmentLeaf(entry.commitment))
    if (equalBytes(taggedRoot('receipts', utf8(this.#clientId), this.#tree.root()), receipts)) {
      this.#settledSlot = entries.at(-1)?.slot ?? this.#settledSlot
      this.#mismatches = 0
      return true
    }
    // A leaf that was assumed, and did not come true, must not stay.
    this.#leaves = new Map()
    this.#tree = createSparseTree()
    return false
  }

  /** Whether a packet was received when the tree was refreshed last. */
  has(sequence: bigint): boolean {
    return this.#leaves.has(sequence)
  }

  /** What stands at a packet's place, with what was assumed. */
  place(sequence: bigint): ReceiptPlace {
    const leaf = this.#leaves.get(sequence) ?? EMPTY_LEAF
    return { leaf, path: this.#tree.prove(sequence - 1n) }
  }

  /** Counts on a leaf that the next transactions will write; the next refresh judges. */
  assume(sequence: bigint, leaf: Uint8Array): void {
    const known = this.#leaves.get(sequence)
    if (known !== undefined && equalBytes(known, leaf)) return
    this.#leaves.set(sequence, leaf)
    this.#tree.set(sequence - 1n, leaf)
  }
}
