import { commitmentLeaf, createSparseTree, EMPTY_LEAF, pathRoot, taggedRoot } from '@causeway/light-clients'
import type { SparseTree } from '@causeway/light-clients'
import {
  acknowledgementCommitment,
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
} from '@causeway/messaging'
import { rootsAddress } from '@causeway/contracts-solana'
import { equalBytes, utf8 } from '@causeway/primitives'
import type { PublicKey } from '@solana/web3.js'

import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { RelayError } from '../errors.ts'
import type { PacketHistory } from './packet-history.ts'
import type { ReceiptPlace } from './proof-side.ts'
import type { SolanaApi } from './solana-api.ts'

/** Where the root account holds the number of packets sent and the tagged root of the receipts. */
const SENT_AT = 24
const RECEIPTS_AT = 64
const ROOTS_BYTES = 1_120
const NEWEST = 2n ** 63n
/** Sequences beyond the newest known one that may have been received unseen. */
const HIDDEN_AHEAD_MAX = 256n
const VAULT_LEAVES = [SUCCESS_ACKNOWLEDGEMENT, ERROR_ACKNOWLEDGEMENT].map((answer) =>
  commitmentLeaf(acknowledgementCommitment([answer])),
)

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
  /** Leaves that no log tells of. */
  readonly #hidden = new Map<bigint, Uint8Array>()

  constructor(pool: EndpointPool<SolanaApi>, history: PacketHistory, core: PublicKey, clientId: string) {
    this.#pool = pool
    this.#history = history
    this.#core = core
    this.#clientId = clientId
  }

  /**
   * Takes in what was received since, and compares with the root account: once more after reading again.
   * Throws `RelayError`: endpoint when the history is not complete or the account moved meanwhile.
   */
  async refresh(): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const entries = await this.#history.upTo(NEWEST)
      const { receipts } = await readRoots(this.#pool, this.#core, this.#clientId, 'confirmed')
      for (const { type, sequence, commitment } of entries)
        if (type === 'write_acknowledgement') this.assume(sequence, commitmentLeaf(commitment))
      for (const [sequence, leaf] of this.#hidden) this.assume(sequence, leaf)
      if (this.#isRoot(this.#tree.root(), receipts) || (attempt > 0 && this.#findHidden(receipts))) {
        this.#settledSlot = entries.at(-1)?.slot ?? this.#settledSlot
        return
      }
      // A leaf that was assumed, and did not come true, must not stay.
      this.#leaves = new Map()
      this.#tree = createSparseTree()
      if (attempt === 1) await this.#history.reread(0n)
      else if (attempt === 0) await this.#history.reread(this.#settledSlot)
    }
    const text = `the receipts that transactions of ${this.#clientId} tell are not those of the root account`
    throw new RelayError('endpoint', 'now', `${text}: an index that forgot, or a log that was cut`)
  }

  /**
   * Nodes cut a transaction's log, so whoever makes enough noise beside a packet hides its answer. Which one
   * is missing the root tells: one of the vault's two answers, of one packet that was not seen.
   */
  #findHidden(root: Uint8Array): boolean {
    const newest = [...this.#leaves.keys()].reduce((a, b) => (a > b ? a : b), 0n)
    for (let sequence = 1n; sequence <= newest + HIDDEN_AHEAD_MAX; sequence += 1n) {
      if (this.#leaves.has(sequence)) continue
      const path = this.#tree.prove(sequence - 1n)
      const found = VAULT_LEAVES.find((leaf) => this.#isRoot(pathRoot(sequence - 1n, leaf, path), root))
      if (found === undefined) continue
      this.#hidden.set(sequence, found)
      this.assume(sequence, found)
      return true
    }
    return false
  }

  #isRoot(root: Uint8Array, tagged: Uint8Array): boolean {
    return equalBytes(taggedRoot('receipts', utf8(this.#clientId), root), tagged)
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
