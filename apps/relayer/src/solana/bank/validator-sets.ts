import { readEpochStakes } from '@causeway/light-clients'
import type { AccountState, EpochStakes, Voter } from '@causeway/light-clients'
import { isProtocolError } from '@causeway/primitives'

import { addressKey } from '../stream/record.ts'

/** Who votes in an epoch. */
export interface ValidatorSet extends EpochStakes {
  /** Most stake first, by the keys of the vote account and of who signs for it. */
  readonly byStake: readonly (Voter & { readonly key: string; readonly signerKey: string })[]
}

/** Sets beyond these are forgotten, oldest first. */
const EPOCHS_KEPT = 16

/** The validator sets of epochs, as the recorder's account has held them. */
export class ValidatorSets {
  readonly #sets = new Map<bigint, ValidatorSet>()
  readonly #voters = new Set<string>()

  constructor(known: readonly EpochStakes[] = []) {
    for (const set of known) this.#learn(set)
  }

  get(epoch: bigint): ValidatorSet | undefined {
    return this.#sets.get(epoch)
  }

  /** Whether a vote account is worth listening to: it is in a set, or no set is known yet. */
  isVoter(key: string): boolean {
    return this.#sets.size === 0 || this.#voters.has(key)
  }

  /**
   * Takes in what the recorder's account holds, if that is a set in which two thirds of the stake are, and
   * more than in the one that is known of the epoch.
   */
  record(account: AccountState | undefined): void {
    const stakes = account && readRecorded(account)
    if (stakes !== undefined) this.#learn(stakes)
  }

  #learn(stakes: EpochStakes): void {
    const known = this.#sets.get(stakes.epoch)
    if (known !== undefined && known.recordedStake >= stakes.recordedStake) return
    const keyed = stakes.voters.map((voter) => {
      const { voteAccount, authorizedVoter } = voter
      return { ...voter, key: addressKey(voteAccount), signerKey: addressKey(authorizedVoter) }
    })
    const byStake = keyed.sort((a, b) =>
      a.stake === b.stake ? (a.key < b.key ? -1 : 1) : a.stake > b.stake ? -1 : 1,
    )
    this.#sets.set(stakes.epoch, { ...stakes, byStake })
    for (const { key } of byStake) this.#voters.add(key)
    const oldest = [...this.#sets.keys()].sort((a, b) => (a < b ? -1 : 1))
    for (const epoch of oldest.slice(0, Math.max(0, oldest.length - EPOCHS_KEPT))) this.#sets.delete(epoch)
  }
}

/** The set that the recorder's account holds, if it is of use: two thirds of the stake are in it. */
export function readRecorded(account: AccountState): EpochStakes | undefined {
  try {
    const stakes = readEpochStakes(account.data)
    return stakes.totalStake > 0n && isTwoThirds(stakes.recordedStake, stakes) ? stakes : undefined
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

/** Whether a stake is two thirds of all there is; exactly two thirds are enough. */
export function isTwoThirds(stake: bigint, { totalStake }: Pick<EpochStakes, 'totalStake'>): boolean {
  return 3n * stake >= 2n * totalStake
}

/** Whether a stake is three quarters: what is asked for of a set that stands in for another epoch's. */
export function isThreeQuarters(stake: bigint, { totalStake }: Pick<EpochStakes, 'totalStake'>): boolean {
  return 4n * stake >= 3n * totalStake
}
