import { verifyTowerProof } from '@causeway/light-clients'
import type { TowerProof, VerifySignatures } from '@causeway/light-clients'
import { isProtocolError } from '@causeway/primitives'

import type { Bank } from '../bank/bank.ts'
import type { Banks } from '../bank/banks.ts'
import { StreamError } from '../stream-error.ts'

/**
 * What settles banks: the fewest votes that are two thirds of an epoch's stake. Each proof is verified, once,
 * before anything is said of its bank: a stream can make up votes, but not sign them.
 */
export class ConsensusProofs {
  readonly #banks: Banks
  readonly #verifySignatures: VerifySignatures
  readonly #final = new WeakMap<Bank, TowerProof>()
  #newest: Bank | undefined

  constructor(banks: Banks, verifySignatures: VerifySignatures) {
    this.#banks = banks
    this.#verifySignatures = verifySignatures
  }

  /** The newest bank that two thirds voted for, and have rooted since. Throws `StreamError`. */
  newestFinal(): Bank | undefined {
    const after = this.#newest?.slot ?? -1n
    for (const bank of this.#banks.kept.newestFirst()) {
      if (bank.slot <= after) break
      if (this.final(bank) === undefined) continue
      this.#newest = bank
      break
    }
    return this.#newest
  }

  /**
   * Votes for a bank, and votes that root it; `undefined` until there are enough, and for ever where too few
   * voted for this bank before they voted for a later one. Throws `StreamError`.
   */
  final(bank: Bank): TowerProof | undefined {
    const known = this.#final.get(bank)
    if (known !== undefined) return known
    const set = this.#banks.stakes(bank.epoch)
    const rootVotes = set && this.#banks.votes.rootVotesFor(bank, set)
    const proof =
      rootVotes &&
      this.#prove(
        bank,
        rootVotes.map(({ wire }) => wire),
      )
    if (proof !== undefined) this.#final.set(bank, proof)
    return proof
  }

  /** Votes for a bank alone: it is confirmed, and may still be abandoned. Throws `StreamError`. */
  confirmed(bank: Bank): TowerProof | undefined {
    return this.#prove(bank, [])
  }

  /** A bank that can't be opened has no proof either, however it was voted for. */
  #prove(bank: Bank, rootVotes: Uint8Array[]): TowerProof | undefined {
    const stakes = this.#banks.stakes(bank.epoch)
    const votes = stakes && this.#banks.votes.votesFor(bank, stakes)
    if (stakes === undefined || votes === undefined || bank.parent === undefined) return undefined
    const proof = { votes: votes.map(({ wire }) => wire), rootVotes }
    try {
      verifyTowerProof(proof, { stakes, verifySignatures: this.#verifySignatures })
    } catch (error) {
      if (isProtocolError(error))
        throw new StreamError(`votes that do not hold: ${error.message}`, bank.slot, error)
      throw error
    }
    return proof
  }
}
