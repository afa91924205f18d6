// Gas is a deterministic count of the work that a transaction causes; the table is consensus and stands in
// docs/hub.md.
import { assert } from '@causeway/primitives'
import { errors } from '../tx/tx-errors.ts'

/** What each kind of work costs. Changing a figure is a protocol upgrade. */
export const GAS = {
  transaction: 5_000,
  tradeTransaction: 2_000,
  transactionByte: 5,
  signature: 1_000,
  textByte: 5,
  read: 100,
  readByte: 1,
  write: 500,
  writeByte: 5,
  delete: 200,
  iterationStep: 100,
  passedOrder: 60,
  countedOrder: 100,
  marketTerms: 100,
  proof: 5_000,
  proofByte: 5,
  clientMessage: 10_000,
  clientMessageByte: 10,
  possession: 1_500_000,
} as const

/** What a query or a simulation may take, for which nobody pays: about a tenth of a second. */
export const UNPAID_GAS_MAX = 5_000_000

/** Counts one transaction's gas. Counts stay far below 2^53, so a `number` is exact. */
export class GasMeter {
  readonly limit: number
  #used = 0
  #isPrepaid = false

  constructor(limit: number) {
    assert(Number.isSafeInteger(limit) && limit >= 0, 'a gas limit is a count')
    this.limit = limit
  }

  /** Gas counted so far; never above the limit. */
  get used(): number {
    return this.#used
  }

  /** Counts work before it is done. Throws `tx/11`, leaving the whole limit used. */
  consume(amount: number): void {
    if (this.#isPrepaid) return
    this.#used += amount
    if (this.#used <= this.limit) return
    this.#used = this.limit
    throw errors.outOfGas({ limit: this.limit })
  }

  /** Runs work that was paid for before: it is not counted. The caller bounds it. */
  prepaid<Result>(run: () => Result): Result {
    const was = this.#isPrepaid
    this.#isPrepaid = true
    try {
      return run()
    } finally {
      this.#isPrepaid = was
    }
  }
}

/** A meter for work that no transaction pays: genesis, the begin and end of a block, queries. */
export function unlimitedGas(): GasMeter {
  return new GasMeter(Number.MAX_SAFE_INTEGER)
}
