import { equalBytes } from '@causeway/primitives'
import type { Charge } from '../../light-client.ts'
import { meteredSignatures } from '../../tendermint/signatures.ts'
import type { SignatureCheck, VerifySignatures } from '../../tendermint/signatures.ts'
import { voterIndex } from '../epoch-stakes.ts'
import type { EpochStakes } from '../epoch-stakes.ts'
import { errors } from '../errors.ts'
import type { TowerSync } from '../transactions/tower-sync.ts'
import { decodeVoteTransaction } from '../transactions/vote-transaction.ts'

/** Whose votes are counted, and who checks their signatures. */
export interface VoteRules {
  readonly stakes: EpochStakes
  readonly verifySignatures: VerifySignatures
  readonly charge?: Charge | undefined
}

/**
 * Stake behind votes, in lamports: each is of a vote account of the epoch's set, once, its authorised voter
 * is among the signers, and every signature holds. `require` throws for a vote that says another thing.
 * Throws `solana/20`–`/25`. Signatures are ZIP-215: whatever Solana accepts, and besides only what a key's
 * owner or a key of small order could make.
 */
export function stakeOfVotes(
  wires: readonly Uint8Array[],
  require: (vote: TowerSync, index: number) => void,
  { stakes, verifySignatures, charge }: VoteRules,
): bigint {
  const counted = new Set<number>()
  const checks: SignatureCheck[] = []
  const voteOfCheck: number[] = []
  let stake = 0n
  for (const [index, wire] of wires.entries()) {
    const { voteAccount, signers, signatures, message, towerSync } = decodeVoteTransaction(wire)
    const position = voterIndex(stakes, voteAccount)
    const voter = stakes.voters[position]
    if (!voter) throw errors.unknownVoter({ index })
    if (counted.has(position)) throw errors.duplicateVoter({ index })
    counted.add(position)
    if (!signers.some((signer) => equalBytes(signer, voter.authorizedVoter)))
      throw errors.voterDidNotSign({ index })
    require(towerSync, index)
    for (const [i, signature] of signatures.entries()) {
      checks.push({ publicKey: signers[i]!, message, signature })
      voteOfCheck.push(index)
    }
    stake += voter.stake
  }
  const failed = meteredSignatures(verifySignatures, charge)(checks)
  if (failed !== undefined) throw errors.wrongSignature({ index: voteOfCheck[failed]! })
  return stake
}
