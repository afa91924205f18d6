import type { Transaction } from '../tx/transaction.ts'
import type { Chain } from './chain.ts'
import { tryMessages } from './execute-transaction.ts'
import { GasMeter, UNPAID_GAS_MAX } from './gas.ts'

/**
 * Tells which waiting transactions would hold good in the next block, by trying them on what is being
 * checked: each once a height, all of a height together within the gas of one query, because whoever asks
 * pays nothing.
 */
export class Trials {
  #height = -1n
  #gasLeft = 0
  readonly #verdicts = new Map<Transaction, boolean>()

  /** Whether the messages of an admitted transaction hold good; false as well when there is no gas to try. */
  holdsGood(
    chain: Pick<Chain, 'composition' | 'latest' | 'check' | 'nextBlock'>,
    transaction: Transaction,
  ): boolean {
    const { height, timeNanoseconds } = chain.latest
    if (height !== this.#height) {
      this.#height = height
      this.#gasLeft = UNPAID_GAS_MAX
      this.#verdicts.clear()
    }
    const known = this.#verdicts.get(transaction)
    if (known !== undefined) return known
    const gas = new GasMeter(Math.min(transaction.gasLimit, this.#gasLeft))
    const block = chain.nextBlock(height + 1n, timeNanoseconds)
    try {
      const verdict = tryMessages(block, chain.check, chain, { transaction, gas })
      this.#verdicts.set(transaction, verdict)
      return verdict
    } finally {
      this.#gasLeft -= gas.used
    }
  }
}
