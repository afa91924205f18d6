import { asChild, verifyTowerProof } from '@causeway/light-clients'
import type { ChildBank, TowerProof, VerifySignatures } from '@causeway/light-clients'
import { equalBytes, isProtocolError } from '@causeway/primitives'

import type { Bank } from '../bank/bank.ts'
import type { Banks } from '../bank/banks.ts'
import type { Vote } from '../bank/vote-book.ts'
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
    // What roots a bank is proven through those above it: the last moment to do so.
    banks.kept.onAlone = (bank) => this.#isFinal(bank)
  }

  /** The newest bank that two thirds have rooted. Throws `StreamError`. */
  newestFinal(): Bank | undefined {
    for (const voted of this.#banks.kept.newestFirst()) {
      if (this.#newest !== undefined && voted.slot <= this.#newest.slot) break
      const set = this.#banks.stakes(voted.epoch)
      const root = set && this.#banks.votes.rootFor(voted, set)
      const bank = root === undefined ? undefined : this.#ancestorUpTo(voted, root)
      if (bank === undefined) continue
      const isNewer = bank.slot > (this.#newest?.slot ?? -1n)
      if (isNewer && this.final(bank) !== undefined) this.#newest = bank
      break
    }
    return this.#newest
  }

  /**
   * Votes for the first bank above this one with which two thirds name it, or what stands on it, as root, and
   * the banks between; `undefined` until there are any. Throws `StreamError`.
   */
  final(bank: Bank): TowerProof | undefined {
    const known = this.#final.get(bank)
    if (known !== undefined) return known
    const set = this.#banks.stakes(bank.epoch)
    if (set === undefined) return undefined
    for (const voted of this.#above(bank)) {
      const votes = this.#banks.votes.votesFor({ ...voted, epoch: bank.epoch }, set, bank.slot)
      const proof = votes && this.#prove(bank, votes, this.#wayUp(bank, voted))
      if (proof === undefined) continue
      this.#final.set(bank, proof)
      return proof
    }
    return undefined
  }

  /** Votes for a bank alone: it is confirmed, and may still be abandoned. Throws `StreamError`. */
  confirmed(bank: Bank): TowerProof | undefined {
    const set = this.#banks.stakes(bank.epoch)
    const votes = set && this.#banks.votes.votesFor(bank, set)
    return votes && this.#prove(bank, votes, [])
  }

  /** As `final`; a bank whose votes lie is not, and who asks for its header is told so. */
  #isFinal(bank: Bank): boolean {
    try {
      return this.final(bank) !== undefined
    } catch (error) {
      if (error instanceof StreamError) return false
      throw error
    }
  }

  /** A bank that can't be opened has no proof either, however it was voted for. */
  #prove(bank: Bank, votes: readonly Vote[], descendants: readonly ChildBank[]): TowerProof | undefined {
    const { slot, bankHash, epoch, parent } = bank
    const stakes = this.#banks.stakes(epoch)
    if (stakes === undefined || parent === undefined) return undefined
    const proof = { slot, bankHash, votes: votes.map(({ wire }) => wire), descendants }
    const { hardForks } = this.#banks.options
    try {
      verifyTowerProof(proof, { stakes, hardForks, verifySignatures: this.#verifySignatures })
    } catch (error) {
      if (isProtocolError(error))
        throw new StreamError(`votes that do not hold: ${error.message}`, slot, error)
      throw error
    }
    return proof
  }

  /** The newest bank that a bank stands on, itself included, up to a slot. */
  #ancestorUpTo(bank: Bank, slot: bigint): Bank | undefined {
    let at: Bank | undefined = bank
    while (at !== undefined && at.slot > slot) at = this.#parentOf(at)
    return at
  }

  /** Banks that stand on one, oldest first. */
  #above(bank: Bank): Bank[] {
    const on = new Set([bank])
    return this.#banks.kept
      .newestFirst()
      .reverse()
      .filter((each) => {
        const parent = this.#parentOf(each)
        return parent !== undefined && on.has(parent) && on.add(each)
      })
  }

  /** Banks above one, up to another that stands on it. */
  #wayUp(from: Bank, to: Bank): ChildBank[] {
    const way: ChildBank[] = []
    for (let at: Bank | undefined = to; at !== undefined && at !== from; at = this.#parentOf(at))
      way.push(asChild({ slot: at.slot, ...at.fields }))
    return way.reverse()
  }

  #parentOf({ parentSlot, fields }: Bank): Bank | undefined {
    const parent = this.#banks.bank(parentSlot)
    return parent && equalBytes(parent.bankHash, fields.parentBankHash) ? parent : undefined
  }
}
