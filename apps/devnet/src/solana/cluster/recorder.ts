import { encodeEpochStakes, readEpochStakes } from '@causeway/light-clients'
import type { Voter } from '@causeway/light-clients'
import { equalBytes } from '@causeway/primitives'
import { address } from '../execution/well-known.ts'
import type { ProcessedTransaction } from './block.ts'
import type { State } from './state.ts'
import type { Validator } from './validator.ts'

const RECORD = 2

/**
 * Puts the recorder's account right after a transaction that recorded: LiteSVM's `sol_get_epoch_stake` says
 * zero for everybody, so the real program has begun the next epoch's set but recorded nobody. Written is
 * what it would have with the real answer: the voters that were named, beside those recorded before.
 */
export function correctRecorder(
  state: State,
  recorder: { readonly program: string; readonly account: string },
  { transaction, outcome }: ProcessedTransaction,
  validators: readonly Validator[],
): void {
  const [program, place] = [address(recorder.program), address(recorder.account)]
  const { instructions, allKeys } = transaction
  const records = instructions.filter(
    ({ programIndex, data }) => equalBytes(allKeys[programIndex]!, program) && data[0] === RECORD,
  )
  const account = state.account(place)
  if (outcome.error !== undefined || records.length === 0 || !account) return
  const named = records.flatMap(({ accountIndexes }) => [...accountIndexes].map((index) => allKeys[index]!))
  const { epoch, voters } = readEpochStakes(account.data)
  const recorded = [...voters]
  for (const validator of validators) {
    const isIt = (key: Uint8Array) => equalBytes(key, validator.voteAccount)
    const isThere = recorded.some(({ voteAccount }) => isIt(voteAccount))
    if (named.some(isIt) && !isThere) recorded.push(voterOf(validator))
  }
  const total = validators.reduce((sum, { stake }) => sum + stake, 0n)
  const data = Uint8Array.from(account.data)
  data.set(encodeEpochStakes(epoch, total, recorded))
  state.write(place, { ...account, data })
}

/** A validator as the recorder has it. */
export function voterOf({ voteAccount, identity, voter, stake }: Validator): Voter {
  return {
    voteAccount,
    node: identity.publicKey,
    authorizedVoter: voter.publicKey,
    blsKey: undefined,
    stake,
  }
}
