import type { AccountState } from '@causeway/light-clients'

import type { AccountRecord, BlockRecord, TransactionRecord } from '../stream/record.ts'
import { StreamError } from '../stream-error.ts'

const ACCOUNT_BYTES_MAX = 512 * 1024 * 1024

/** What has come in of a slot that is not complete yet. */
export class OpenSlot {
  readonly slot: bigint
  readonly #writes = new Map<string, { state: AccountState | undefined; writeVersion: bigint }>()
  #parent: bigint | undefined
  #block: BlockRecord | undefined
  #transactions = 0
  #signatures = 0n
  #bytes = 0

  constructor(slot: bigint, parent: bigint | undefined) {
    this.slot = slot
    this.#parent = parent
  }

  get parent(): bigint | undefined {
    return this.#parent
  }

  get block(): BlockRecord | undefined {
    return this.#block
  }

  get signatureCount(): bigint {
    return this.#signatures
  }

  /** Whether the block is frozen and all its transactions are here. */
  get isComplete(): boolean {
    return this.#block !== undefined && this.#transactions === this.#block.executed
  }

  /** The last state of each account that was written, in no order. */
  *writes(): Generator<[string, AccountState | undefined]> {
    for (const [key, { state }] of this.#writes) yield [key, state]
  }

  account({ key, state, writeVersion }: AccountRecord): void {
    if (this.#block !== undefined)
      throw new StreamError('an account is written after it was frozen', this.slot)
    const known = this.#writes.get(key)
    if (known !== undefined && known.writeVersion > writeVersion) return
    this.#bytes += (state?.data.length ?? 0) - (known?.state?.data.length ?? 0)
    if (this.#bytes > ACCOUNT_BYTES_MAX)
      throw new StreamError(`it writes more than ${ACCOUNT_BYTES_MAX} bytes`, this.slot)
    this.#writes.set(key, { state, writeVersion })
  }

  transaction({ wire }: TransactionRecord): void {
    const [signatures] = wire
    // A length below 128 is one byte, and a transaction has room for nineteen signatures.
    if (signatures === undefined || signatures === 0 || signatures > 0x7f)
      throw new StreamError('a transaction without signatures', this.slot)
    this.#signatures += BigInt(signatures)
    this.#transactions += 1
    this.#requireNoMore()
  }

  /** The slot's parent, as a status or the block names it. */
  standsOn(parent: bigint): void {
    if (parent >= this.slot) throw new StreamError(`its parent is ${parent}`, this.slot)
    if (this.#parent !== undefined && this.#parent !== parent)
      throw new StreamError(`its parent is both ${this.#parent} and ${parent}`, this.slot)
    this.#parent = parent
  }

  freeze(block: BlockRecord): void {
    if (this.#block !== undefined) throw new StreamError('its block came twice', this.slot)
    this.standsOn(block.parentSlot)
    this.#block = block
    this.#requireNoMore()
  }

  #requireNoMore(): void {
    if (this.#block !== undefined && this.#transactions > this.#block.executed)
      throw new StreamError(`more than its ${this.#block.executed} transactions`, this.slot)
  }
}
