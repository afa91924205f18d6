import { closeHubState, decodeHubState, HUB_ACCOUNT_BYTES } from '@causeway/contracts-solana'

import { readClient } from './hub-client.ts'
import type { ClientReadPorts } from './hub-client.ts'
import type { SolanaSubmitter } from './submitter.ts'

/** Seconds for which a state may still be contradicted, and two days by which the marks may be coarse. */
const CLOSED_AFTER_SECONDS = (14n * 86_400n * 3n) / 2n + 2n * 86_400n
const LOOK_EVERY_MS = 3_600_000
/** States of one transaction. */
const STATES_PER_TRANSACTION = 8
/** Transactions of one look. */
const TRANSACTIONS_MAX = 8
/** Where a state's account names its client and who paid for it. */
const PLACES = { client: 16, payer: 136 } as const

/** Has the rent of our own old states back: each update leaves one, of 0.002 SOL. */
export class StateCloser {
  readonly #ports: ClientReadPorts & { readonly submitter: SolanaSubmitter; readonly nowMs: () => number }
  #lookedAtMs = Number.NEGATIVE_INFINITY

  constructor(ports: ClientReadPorts & { submitter: SolanaSubmitter; nowMs: () => number }) {
    this.#ports = ports
  }

  /**
   * Closes what nothing can contradict any more, looking once an hour, or at once again while there is more
   * than one look closes. How many. Throws `RelayError`.
   */
  async look(clientId: string): Promise<number> {
    const { pool, submitter, nowMs } = this.#ports
    if (nowMs() - this.#lookedAtMs < LOOK_EVERY_MS) return 0
    this.#lookedAtMs = nowMs()
    const { address, state, nowSeconds } = await readClient(this.#ports, clientId)
    const filters = [
      { offset: PLACES.client, bytes: address.client.toBase58() },
      { offset: PLACES.payer, bytes: submitter.payer.toBase58() },
    ]
    const found = await pool.call((api) =>
      api.programAccounts(address.program, filters, HUB_ACCOUNT_BYTES.state),
    )
    const old = found
      .flatMap(({ account }) => decodeHubState(account.data) ?? [])
      .filter((one) => one.timeSeconds + CLOSED_AFTER_SECONDS < nowSeconds && one.height < state.latestHeight)
      .sort((a, b) => (a.height < b.height ? -1 : 1))
    const closed = old.slice(0, STATES_PER_TRANSACTION * TRANSACTIONS_MAX)
    for (let from = 0; from < closed.length; from += STATES_PER_TRANSACTION) {
      const part = closed.slice(from, from + STATES_PER_TRANSACTION)
      await submitter.send({
        instructions: part.map(({ height }) => closeHubState(address, height, submitter.payer)),
        purpose: 'close old states',
      })
    }
    if (closed.length < old.length) this.#lookedAtMs = Number.NEGATIVE_INFINITY
    return closed.length
  }
}
