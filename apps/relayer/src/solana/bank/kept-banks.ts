import type { AccountState } from '@causeway/light-clients'
import { equalBytes } from '@causeway/primitives'

import { addressKey } from '../stream/record.ts'
import type { Bank } from './bank.ts'
import { readRecorded } from './validator-sets.ts'

/** Which banks stay in memory. */
export interface KeepRules {
  /** Newest slots that stay whatever they wrote. */
  readonly slotsKept: number
  /** Accounts whose writes are proven: of each the newest banks that wrote it stay. */
  readonly watched: readonly Uint8Array[]
  /** The account that holds the next epoch's validators: of each epoch a few final banks stay. */
  readonly recorderAccount: Uint8Array
}

const WATCHED_KEPT = 64
/** Of one epoch, older than the newest slots; newer ones with as much stake push the older out. */
const RECORDERS_KEPT = 4
const EPOCHS_KEPT = 16

/** Banks by slot; beyond the newest, those that wrote an account that is proven. */
export class KeptBanks {
  readonly #rules: KeepRules
  readonly #banks = new Map<bigint, Bank>()
  readonly #watched: ReadonlySet<string>
  readonly #writers = new Map<string, bigint[]>()
  /** By the epoch that was recorded: banks that did, and how much of its stake. */
  readonly #recorders = new Map<bigint, { readonly slot: bigint; readonly stake: bigint }[]>()
  /** What `onAlone` said. */
  readonly #alone = new Map<bigint, boolean>()
  /** Asked once of each bank that stays, before the banks above it go: whether it is proven final. */
  onAlone: ((bank: Bank) => boolean) | undefined

  constructor(rules: KeepRules) {
    this.#rules = rules
    this.#watched = new Set(rules.watched.map(addressKey))
  }

  get size(): number {
    return this.#banks.size
  }

  get(slot: bigint): Bank | undefined {
    return this.#banks.get(slot)
  }

  /** Newest slot first. */
  newestFirst(): Bank[] {
    return [...this.#banks.values()].sort((a, b) => descending(a.slot, b.slot))
  }

  /** Slots that wrote a watched account, newest first. */
  writersOf(account: Uint8Array): readonly bigint[] {
    return this.#writers.get(addressKey(account)) ?? []
  }

  /** Slots that recorded an epoch's set in the epoch before it, most stake first, then newest. */
  recordersOf(epoch: bigint): readonly bigint[] {
    return (this.#recorders.get(epoch) ?? []).map(({ slot }) => slot)
  }

  /** Epochs whose sets were recorded in banks that are kept, highest first. */
  recordedEpochs(): bigint[] {
    return [...this.#recorders.keys()].sort(descending)
  }

  add(bank: Bank): void {
    this.#banks.set(bank.slot, bank)
    for (const { pubkey, after } of bank.writes) {
      const key = addressKey(pubkey)
      if (this.#watched.has(key)) {
        const slots = [bank.slot, ...without(this.#writers.get(key) ?? [], bank.slot)]
        this.#writers.set(key, slots.sort(descending).slice(0, WATCHED_KEPT))
      }
      if (after !== undefined && equalBytes(pubkey, this.#rules.recorderAccount)) this.#note(bank, after)
    }
    this.#prune()
  }

  /** Forgets a bank that was abandoned. */
  drop(slot: bigint): void {
    this.#banks.delete(slot)
    this.#alone.delete(slot)
    for (const [key, slots] of this.#writers) this.#writers.set(key, without(slots, slot))
    for (const [epoch, recorders] of this.#recorders) {
      const left = recorders.filter((one) => one.slot !== slot)
      this.#keepRecorders(epoch, left)
    }
  }

  /** Tells of all that stay and have banks above them. */
  leaveAlone(): void {
    const stays = this.#staying()
    this.#leaveAlone([...this.#banks.values()].filter(({ slot }) => stays.has(slot)))
  }

  #note({ slot, epoch }: Bank, account: AccountState): void {
    const stakes = readRecorded(account)
    if (stakes === undefined || stakes.epoch !== epoch + 1n) return
    const others = (this.#recorders.get(stakes.epoch) ?? []).filter((one) => one.slot !== slot)
    const recorders = [...others, { slot, stake: stakes.recordedStake }].sort((a, b) =>
      a.stake === b.stake ? descending(a.slot, b.slot) : descending(a.stake, b.stake),
    )
    this.#recorders.set(stakes.epoch, recorders)
    for (const old of this.recordedEpochs().slice(EPOCHS_KEPT)) this.#recorders.delete(old)
  }

  #prune(): void {
    const excess = this.#banks.size - this.#rules.slotsKept
    if (excess <= 0) return
    const ascending = this.newestFirst().reverse().slice(0, excess)
    const mayStay = this.#staying()
    this.#leaveAlone(ascending.filter(({ slot }) => mayStay.has(slot)))
    this.#forgetRecorders(new Set(ascending.map(({ slot }) => slot)))
    const stays = this.#staying()
    for (const { slot } of ascending) {
      if (stays.has(slot)) continue
      this.#banks.delete(slot)
      this.#alone.delete(slot)
    }
  }

  #leaveAlone(banks: readonly Bank[]): void {
    for (const bank of banks) {
      if (this.#alone.has(bank.slot)) continue
      this.#alone.set(bank.slot, this.onAlone?.(bank) ?? true)
    }
  }

  /**
   * Of slots that are older than the newest, few recorders stay, and only such as are final: anybody can
   * write the account in every slot, and must not push out what is final with what is not yet.
   */
  #forgetRecorders(older: ReadonlySet<bigint>): void {
    for (const [epoch, recorders] of this.#recorders) {
      let room = RECORDERS_KEPT
      const left = recorders.filter(({ slot }) => {
        if (!older.has(slot)) return true
        return this.#alone.get(slot) === true && room-- > 0
      })
      this.#keepRecorders(epoch, left)
    }
  }

  #keepRecorders(epoch: bigint, left: { readonly slot: bigint; readonly stake: bigint }[]): void {
    if (left.length > 0) this.#recorders.set(epoch, left)
    else this.#recorders.delete(epoch)
  }

  #staying(): Set<bigint> {
    const stays = new Set([...this.#recorders.values()].flat().map(({ slot }) => slot))
    for (const slots of this.#writers.values()) for (const slot of slots) stays.add(slot)
    return stays
  }
}

function descending(a: bigint, b: bigint): number {
  return a === b ? 0 : a > b ? -1 : 1
}

function without(slots: readonly bigint[], slot: bigint): bigint[] {
  return slots.filter((one) => one !== slot)
}
