import { commitmentLeaf, createSparseTree, EMPTY_LEAF, taggedRoot } from '@causeway/light-clients'
import type { SparseTree } from '@causeway/light-clients'
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
      if (equalBytes(taggedRoot('receipts', utf8(this.#clientId), this.#tree.root()), receipts)) {
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
    throw new RelayError('endpoint', 'now', `${text}: an index that forgot`)
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
