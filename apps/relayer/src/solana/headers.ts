import type { AccountState, VerifySignatures } from '@causeway/light-clients'
import type { Any } from '@causeway/protocol/google/protobuf/any'

import type { ClientSeed } from '../chain.ts'
import { RelayError } from '../errors.ts'
import type { ClientView } from '../plan/view.ts'
import type { Bank } from './bank/bank.ts'
import type { Banks } from './bank/banks.ts'
import { addressKey } from './stream/record.ts'
import { makeSolanaSeed } from './client-seed.ts'
import type { SolanaClientTerms } from './client-seed.ts'
import { ConsensusProofs } from './proofs/consensus-proofs.ts'
import { headerOf } from './proofs/header.ts'

/** What clients of a cluster are shown of its banks. Every method throws `StreamError` for votes that lie. */
export class Headers {
  readonly banks: Banks
  readonly #proofs: ConsensusProofs

  constructor(banks: Banks, verifySignatures: VerifySignatures) {
    this.banks = banks
    this.#proofs = new ConsensusProofs(banks, verifySignatures)
  }

  /** The newest final bank that a header can show. */
  newestFinal(): Bank | undefined {
    return this.#proofs.newestFinal()
  }

  /** Whether a header can show this bank. */
  isFinal(bank: Bank): boolean {
    return this.#proofs.final(bank) !== undefined
  }

  /** Final slots that wrote an account, which has to be one of those that are watched; newest first. */
  provableSlots(account: Uint8Array): bigint[] {
    const banks = this.banks.kept.writersOf(account).map((slot) => this.banks.bank(slot))
    return banks.flatMap((bank) => (bank !== undefined && this.isFinal(bank) ? [bank.slot] : []))
  }

  /** The newest such bank that wrote an account, which has to be one of those that are watched. */
  newestProvable(account: Uint8Array): Bank | undefined {
    return this.#firstFinal(this.banks.kept.writersOf(account))
  }

  /** The highest epoch whose validators a header can bring, and the bank that recorded them. */
  newestEpoch(): { readonly epoch: bigint; readonly bank: Bank } | undefined {
    for (const epoch of this.banks.kept.recordedEpochs()) {
      const bank = this.#recorderOf(epoch)
      if (bank !== undefined) return { epoch, bank }
    }
    return undefined
  }

  /** Header of a final slot. Throws `RelayError` for one that is not in memory or not provable. */
  header(slot: bigint): Any {
    return this.#headerOf(this.#need(slot))
  }

  /** Header of a confirmed slot, which may still be abandoned: for previews. Throws `RelayError`. */
  confirmedHeader(slot: bigint): Any {
    const bank = this.#need(slot)
    const proof = this.#proofs.confirmed(bank)
    if (proof === undefined) throw notProvable(slot, 'two thirds have not voted for it')
    return headerOf(bank, proof)
  }

  /**
   * Headers that bring a client to a slot: one for each epoch whose validators the client lacks, each of a
   * slot that recorded them, then the slot itself. Throws `RelayError`.
   */
  updatesTo({ latestEpoch }: Pick<ClientView, 'latestEpoch'>, slot: bigint): Any[] {
    const target = this.#need(slot)
    const banks: Bank[] = []
    for (let epoch = (latestEpoch ?? target.epoch) + 1n; epoch <= target.epoch; epoch += 1n) {
      const bank = this.#recorderOf(epoch)
      if (bank === undefined)
        throw new RelayError(
          'client',
          'later',
          `no slot that recorded the validators of epoch ${epoch} is in memory`,
        )
      banks.push(bank)
    }
    return [...banks, target].map((bank) => this.#headerOf(bank))
  }

  /** What a client starts from: the newest final bank. Throws `RelayError` before there is one. */
  seed(chainId: string, terms: SolanaClientTerms): ClientSeed {
    const bank = this.newestFinal()
    const set = bank && this.banks.stakes(bank.epoch)
    if (bank === undefined || set === undefined)
      throw new RelayError('endpoint', 'later', 'no slot is final yet')
    if (set.epoch !== bank.epoch) {
      const text = `the validators of epoch ${bank.epoch} are not known: wait for epoch ${set.epoch}`
      throw new RelayError('endpoint', 'later', text)
    }
    return makeSolanaSeed(chainId, terms, bank, set.bytes)
  }

  /** An account as a slot left it, if the slot wrote it. */
  accountAt(slot: bigint, account: Uint8Array): AccountState | undefined {
    const key = addressKey(account)
    return this.banks.bank(slot)?.writes.find(({ pubkey }) => addressKey(pubkey) === key)?.after
  }

  #recorderOf(epoch: bigint): Bank | undefined {
    const slots = this.banks.kept.recordersOf(epoch)
    const newestFinal = this.newestFinal()?.slot ?? -1n
    // Whoever writes the account in every slot makes many that are not final yet, and dear to look at.
    const older = this.#firstFinal(slots.filter((slot) => slot <= newestFinal))
    return older ?? this.#firstFinal(slots.filter((slot) => slot > newestFinal))
  }

  #firstFinal(slots: readonly bigint[]): Bank | undefined {
    for (const slot of slots) {
      const bank = this.banks.bank(slot)
      if (bank !== undefined && this.#proofs.final(bank) !== undefined) return bank
    }
    return undefined
  }

  #headerOf(bank: Bank): Any {
    const proof = this.#proofs.final(bank)
    if (proof === undefined) throw notProvable(bank.slot, 'two thirds have not rooted it')
    return headerOf(bank, proof)
  }

  #need(slot: bigint): Bank {
    const bank = this.banks.bank(slot)
    if (bank === undefined) throw notProvable(slot, 'it is not in memory')
    return bank
  }
}

function notProvable(slot: bigint, reason: string): RelayError {
  return new RelayError('endpoint', 'later', `slot ${slot} can't be proven: ${reason}`)
}
