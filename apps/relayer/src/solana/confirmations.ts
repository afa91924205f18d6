import type { PatientPool } from './patient-pool.ts'
import type { SignatureStatus, SolanaApi } from './solana-api.ts'

/** What one look tells of a transaction. */
export interface Look {
  /** Confirmed block height, asked for before the status: what expired by then is in no block for good. */
  readonly height: bigint
  /** `undefined`: it is in no block. */
  readonly status: SignatureStatus | undefined
}

interface Batch {
  readonly signatures: Set<string>
  readonly answer: Promise<ReadonlyMap<string, Look> | undefined>
}

/** A block takes 400 ms. */
const LOOK_EVERY_MS = 400
/** Signatures of one request: nodes take 256. */
const SIGNATURES_MAX = 256

/** Looks where transactions are: one request for all that wait, at each block. */
export class Confirmations {
  readonly #pool: PatientPool
  readonly #nextBlock: (waitMsMax: number) => Promise<void>
  #open: Batch | undefined

  constructor(pool: PatientPool, nextBlock: (waitMsMax: number) => Promise<void>) {
    this.#pool = pool
    this.#nextBlock = nextBlock
  }

  /** The next look; `undefined`: no endpoint answered. */
  async look(signature: string): Promise<Look | undefined> {
    if (this.#open === undefined || this.#open.signatures.size >= SIGNATURES_MAX) {
      const signatures = new Set<string>()
      this.#open = { signatures, answer: this.#ask(signatures) }
    }
    const { signatures, answer } = this.#open
    signatures.add(signature)
    return (await answer)?.get(signature)
  }

  async #ask(signatures: ReadonlySet<string>): Promise<ReadonlyMap<string, Look> | undefined> {
    await this.#nextBlock(LOOK_EVERY_MS)
    if (this.#open?.signatures === signatures) this.#open = undefined
    const asked = [...signatures]
    const ask = async (api: SolanaApi) => {
      const height = await api.blockHeight('confirmed')
      const statuses = await api.statuses(asked)
      return new Map(asked.map((signature, index) => [signature, { height, status: statuses[index] }]))
    }
    return await this.#pool.callOnce(ask).catch(() => undefined)
  }
}
