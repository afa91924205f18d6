// Counting: stake votes. Who has bonded votes for itself; what has not voted is voted by its validator.
// Counts are kept while the vote lasts, in shares of the validators' pools, which a slash leaves as they
// are: a ballot or a change of a delegation pays for its own part, and the end of a vote only weighs one
// count a validator.
import { assert, mulDivFloor } from '@causeway/primitives'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { Context } from '../../block/context.ts'
import type { DelegatedShares, OperatorPool } from './ports.ts'
import { GOVERNANCE_STORE, OPTION, findVote, queued, readShares, writeShares, writeVote } from './state.ts'

/** Stake by what it voted, and all that could have. */
export interface Counted {
  readonly yes: bigint
  readonly no: bigint
  readonly veto: bigint
  readonly abstain: bigint
  readonly bonded: bigint
}

/** How much is needed; basis points. */
export interface Needed {
  readonly quorumBps: bigint
  readonly thresholdBps: bigint
  readonly vetoBps: bigint
}

const BASIS_POINTS = 10_000n

/** Notes what somebody votes with what it has delegated; the last word counts. */
export function cast(
  store: KeyValueStore,
  { id, voter, option }: { readonly id: bigint; readonly voter: Uint8Array; readonly option: number },
  delegated: Iterable<DelegatedShares>,
): void {
  const before = findVote(store, id, voter)
  if (before === option) return
  for (const { operator, shares } of delegated) {
    if (before !== undefined) addShares(store, { id, operator, option: before }, -shares)
    addShares(store, { id, operator, option }, shares)
  }
  writeVote(store, id, voter, option)
}

/** What somebody has delegated has changed by so many shares: so have the votes that it has cast. */
export function delegationChanged(
  context: Context,
  { delegator, operator, shares }: DelegatedShares & { readonly delegator: Uint8Array },
): void {
  const store = context.store(GOVERNANCE_STORE)
  for (const { id } of [...queued(store, 'voting')]) {
    const option = findVote(store, id, delegator)
    if (option !== undefined) addShares(store, { id, operator, option }, shares)
  }
}

/** Weighs what was voted: stake with validators that are not active counts for nothing, on either side. */
export function count(store: KeyValueReader, id: bigint, active: Iterable<OperatorPool>): Counted {
  const sums = new Map<number, bigint>()
  const add = (option: number, stake: bigint) => sums.set(option, (sums.get(option) ?? 0n) + stake)
  let bonded = 0n
  for (const { operator, tokens, shares } of active) {
    bonded += tokens
    let unspoken = tokens
    for (const option of Object.values(OPTION)) {
      const voting = readShares(store, { id, operator, option })
      assert(voting <= shares, 'delegations are no more than what a validator has')
      const stake = voting === 0n ? 0n : mulDivFloor(voting, tokens, shares)
      unspoken -= stake
      add(option, stake)
    }
    const own = findVote(store, id, operator)
    if (own !== undefined) add(own, unspoken)
  }
  const of = (option: number) => sums.get(option) ?? 0n
  return {
    yes: of(OPTION.yes),
    no: of(OPTION.no),
    veto: of(OPTION.veto),
    abstain: of(OPTION.abstain),
    bonded,
  }
}

function addShares(
  store: KeyValueStore,
  of: { id: bigint; operator: Uint8Array; option: number },
  shares: bigint,
): void {
  writeShares(store, of, readShares(store, of) + shares)
}

/** What follows from a count. */
export function verdict(
  { yes, no, veto, abstain, bonded }: Counted,
  { quorumBps, thresholdBps, vetoBps }: Needed,
): { readonly isAccepted: boolean; readonly isForfeited: boolean } {
  const voted = yes + no + veto + abstain
  assert(voted <= bonded, 'no more votes than is bonded')
  const hasQuorum = voted > 0n && voted * BASIS_POINTS >= bonded * quorumBps
  const isVetoed = veto * BASIS_POINTS > voted * vetoBps
  const isAccepted = hasQuorum && !isVetoed && yes * BASIS_POINTS > (yes + no + veto) * thresholdBps
  return { isAccepted, isForfeited: !hasQuorum || isVetoed }
}
