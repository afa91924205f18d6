import type { AccountState, EpochStakes } from '@causeway/light-clients'

import { addressKey } from '../stream/record.ts'
import type { SlotRecord, StreamRecord } from '../stream/record.ts'
import { StreamError } from '../stream-error.ts'
import { AccountStates } from './account-states.ts'
import { asParent } from './bank.ts'
import type { Bank, ParentBank } from './bank.ts'
import { closeBank } from './close-bank.ts'
import type { BankRules } from './close-bank.ts'
import { genesisBank } from './genesis-bank.ts'
import { KeptBanks } from './kept-banks.ts'
import type { KeepRules } from './kept-banks.ts'
import { OpenSlot } from './open-slot.ts'
import { Startup } from './startup.ts'
import type { FirstBank } from './startup.ts'
import { ValidatorSets } from './validator-sets.ts'
import type { ValidatorSet } from './validator-sets.ts'
import { VoteBook, readVote } from './vote-book.ts'

/** What following banks needs. */
export interface BanksOptions extends BankRules, KeepRules {
  readonly genesisHash: Uint8Array
  /** Sets that the recorder's account does not hold any more, or never held: a checkpoint's. */
  readonly knownSets?: readonly EpochStakes[]
  /** Told of each bank as it is computed. */
  readonly onBank?: ((bank: Bank) => void) | undefined
}

/** Slots that may be open at once; more of them are a stream that never completes any. */
const OPEN_SLOTS_MAX = 512
/** A vote is for a slot that is at most so far behind; older ones settle nothing that is kept. */
const VOTED_SLOTS_KEPT = 512n

/**
 * Records in, banks out: each bank's hash is computed from the accounts, transactions and block that the
 * stream tells of it, and compared with what the next slots and the votes say. Forks are followed side by
 * side.
 */
export class Banks {
  readonly options: BanksOptions
  readonly kept: KeptBanks
  readonly votes = new VoteBook()
  readonly #sets: ValidatorSets
  readonly #open = new Map<bigint, OpenSlot>()
  #startup: Startup | undefined = new Startup()
  #states: AccountStates | undefined
  #root: ParentBank | undefined
  #rooted = 0n
  /** The highest slot that was folded, in this stream or an earlier one. */
  #rootedEver = 0n
  #newest: bigint | undefined
  readonly #voted = new Set<bigint>()

  constructor(options: BanksOptions) {
    this.options = options
    this.kept = new KeptBanks(options)
    this.#sets = new ValidatorSets(options.knownSets)
  }

  /** The last bank that was computed. */
  newest(): Bank | undefined {
    return this.#newest === undefined ? undefined : this.kept.get(this.#newest)
  }

  /** A bank that is kept, final or not. */
  bank(slot: bigint): Bank | undefined {
    return this.kept.get(slot)
  }

  /**
   * Who votes in an epoch, if the recorder's account has told. Where it was overwritten before this stream
   * began, the set of the epoch after it: most voters are the same, and the client is the judge.
   */
  stakes(epoch: bigint): ValidatorSet | undefined {
    return this.#sets.get(epoch) ?? this.#sets.get(epoch + 1n)
  }

  /** An account as it stands in the newest bank. */
  accountAt(address: Uint8Array): AccountState | undefined {
    if (this.#states === undefined) return undefined
    const at = this.#newest !== undefined && this.#states.has(this.#newest) ? this.#newest : this.#states.root
    return this.#states.at(at, addressKey(address)).state
  }

  /** A stream begins anew: what is not rooted may have been abandoned meanwhile, and is forgotten. */
  restart(): void {
    this.kept.leaveAlone()
    for (const { slot } of this.kept.newestFirst()) if (slot > this.#rootedEver) this.kept.drop(slot)
    this.#open.clear()
    this.#voted.clear()
    this.#startup = new Startup()
    this.#states = undefined
    this.#root = undefined
    this.#rooted = 0n
    this.#newest = this.kept.newestFirst()[0]?.slot
  }

  /** Takes a record in. Throws `StreamError`: nothing that comes after can be trusted then. */
  apply(record: StreamRecord): void {
    switch (record.kind) {
      case 'account':
        if (record.isStartup) this.#requireStartup().add(record)
        else this.#openSlot(record.slot)?.account(record)
        return
      case 'startupEnd':
        return this.#begin()
      case 'slot':
        return this.#status(record)
      case 'block':
        // Genesis has no block, whatever a stream may say of it.
        if (record.slot > 0n) this.#openSlot(record.slot)?.freeze(record)
        return this.#closeFrom(record.slot)
      case 'transaction':
        // Anybody can name another's vote account in a transaction that fails.
        if (record.isVote && !record.isError) this.#vote(record.wire, record.slot)
        this.#openSlot(record.slot)?.transaction(record)
        return this.#closeFrom(record.slot)
      case 'format':
      case 'entry':
        return
    }
  }

  #requireStartup(): Startup {
    if (this.#startup === undefined) throw new StreamError('an account of the start comes after its end')
    return this.#startup
  }

  /**
   * The start is over. Nothing came: the stream begins at genesis, whose accounts are writes of slot 0; what
   * an earlier stream left comes again, and would push out the older slots of this one.
   */
  #begin(): void {
    const startup = this.#requireStartup()
    this.#startup = undefined
    if (!startup.isEmpty) return this.#beginAt(startup.finish(this.options.latticeXof))
    for (const { slot } of this.kept.newestFirst()) this.kept.drop(slot)
    this.#newest = undefined
  }

  #beginAt({ bank, accounts }: FirstBank): void {
    this.#root = bank
    this.#states = new AccountStates(bank.slot, accounts)
    this.#sets.record(accounts.get(addressKey(this.options.recorderAccount)))
    for (const slot of this.#open.keys()) if (slot <= bank.slot) this.#open.delete(slot)
  }

  /** The slot as far as it came; `undefined` where it is below the root and of no interest. */
  #openSlot(slot: bigint): OpenSlot | undefined {
    if (this.#root !== undefined && slot <= this.#root.slot) return undefined
    if (this.#states?.has(slot)) throw new StreamError('records come after it was complete', slot)
    const open = this.#open.get(slot) ?? new OpenSlot(slot, undefined)
    this.#open.set(slot, open)
    if (this.#open.size > OPEN_SLOTS_MAX)
      throw new StreamError(`${this.#open.size} slots are incomplete`, slot)
    return open
  }

  #status({ slot, parent, status }: SlotRecord): void {
    if (this.#root !== undefined && slot <= this.#root.slot) return
    if (status === 'created_bank') {
      // Whatever was known of the slot is of another block.
      this.#drop(slot)
      this.#open.set(slot, new OpenSlot(slot, undefined))
    }
    if (status === 'dead') return this.#drop(slot)
    if (parent !== undefined) this.#open.get(slot)?.standsOn(parent)
    if (status === 'rooted') {
      if (slot > this.#rooted) this.#rooted = slot
      this.#fold()
    }
  }

  #drop(slot: bigint): void {
    this.#open.delete(slot)
    for (const dropped of this.#states?.drop(slot) ?? []) this.kept.drop(dropped)
    this.#newest = this.kept.newestFirst()[0]?.slot
  }

  #vote(wire: Uint8Array, landedSlot: bigint): void {
    const vote = readVote(wire)
    if (vote === undefined || !this.#sets.isVoter(vote.voter)) return
    if (vote.slot > landedSlot || vote.slot + VOTED_SLOTS_KEPT < landedSlot) return
    this.votes.add(vote)
    this.#voted.add(vote.slot)
  }

  /** Computes the bank of a slot if all of it is here, and those of slots that waited for it. */
  #closeFrom(slot: bigint): void {
    const waiting = [slot]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const open = this.#open.get(next)
      const parent = open?.isComplete === true ? this.#parentOf(open) : undefined
      if (open === undefined || parent === undefined || this.#states === undefined) continue
      this.#close(open, parent, this.#states)
      for (const child of this.#open.values()) if (child.parent === next) waiting.push(child.slot)
    }
  }

  #parentOf({ parent }: OpenSlot): ParentBank | undefined {
    if (parent === undefined || this.#startup?.isEmpty === false) return undefined
    const genesis = this.#open.get(0n)
    if (this.#root === undefined && parent === 0n && genesis !== undefined)
      this.#beginAt(genesisBank(genesis, this.options.genesisHash, this.options))
    if (this.#root?.slot === parent) return this.#root
    const bank = this.#states?.has(parent) === true ? this.kept.get(parent) : undefined
    return bank && asParent(bank)
  }

  #close(open: OpenSlot, parent: ParentBank, states: AccountStates): void {
    const { bank, changes } = closeBank(open, parent, states, this.options)
    this.#open.delete(bank.slot)
    states.add(bank.slot, parent.slot, changes)
    if (states.depth > this.options.slotsKept)
      throw new StreamError(`no slot was rooted in the last ${states.depth}`, bank.slot)
    this.kept.add(bank)
    if (this.#newest === undefined || bank.slot > this.#newest) this.#newest = bank.slot
    const recorded = changes.get(addressKey(this.options.recorderAccount))
    if (recorded !== undefined) this.#sets.record(recorded.after)
    this.#voted.add(bank.slot)
    this.#compareVotes()
    this.#fold()
    this.options.onBank?.(bank)
  }

  /** A third of the stake for another bank is a bank that was computed from something else. */
  #compareVotes(): void {
    for (const slot of this.#voted) {
      const bank = this.#states?.has(slot) === true ? this.kept.get(slot) : undefined
      const set = bank && this.#sets.get(bank.epoch)
      if (bank === undefined || set === undefined) continue
      if (3n * this.votes.stakeAgainst(slot, bank.bankHash, set) >= set.totalStake)
        throw new StreamError('votes name another bank hash than was computed', slot)
    }
    this.#voted.clear()
    const newest = this.#newest ?? 0n
    this.votes.prune(newest - VOTED_SLOTS_KEPT, (slot) => this.kept.get(slot) !== undefined)
  }

  /** Folds what is rooted together: one state of all accounts, and layers above it. */
  #fold(): void {
    const [states, rooted] = [this.#states, this.#rooted]
    if (states === undefined || rooted <= states.root || !states.has(rooted)) return
    const bank = this.kept.get(rooted)
    if (bank === undefined) return
    for (const dropped of states.fold(rooted)) this.kept.drop(dropped)
    for (const slot of this.#open.keys()) if (slot <= rooted) this.#open.delete(slot)
    this.#root = asParent(bank)
    this.#rootedEver = rooted
  }
}
