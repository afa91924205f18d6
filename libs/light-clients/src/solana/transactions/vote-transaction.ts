import { equalBytes } from '@causeway/primitives'
import { VOTE_PROGRAM } from '../addresses.ts'
import { errors } from '../errors.ts'
import { decodeTowerSync } from './tower-sync.ts'
import type { TowerSync } from './tower-sync.ts'
import { decodeTransaction } from './transaction.ts'

/** A vote in its transaction. */
export interface VoteTransaction {
  /** 32 bytes. */
  readonly voteAccount: Uint8Array
  /** Who had to sign, in the order of the signatures. */
  readonly signers: readonly Uint8Array[]
  readonly signatures: readonly Uint8Array[]
  /** What they signed. */
  readonly message: Uint8Array
  readonly towerSync: TowerSync
}

/** Decodes a transaction that is one vote and nothing else. Throws `solana/20`, `/21`. */
export function decodeVoteTransaction(wire: Uint8Array): VoteTransaction {
  const { signatures, message, keys, instructions } = decodeTransaction(wire)
  const [vote, ...more] = instructions
  if (!vote || more.length > 0) throw errors.badVote({ reason: `${instructions.length} instructions` })
  if (!equalBytes(keys[vote.programIndex]!, VOTE_PROGRAM)) throw errors.badVote({ reason: 'another program' })
  const voteAccount = keys[vote.accountIndexes[0] ?? keys.length]
  if (!voteAccount) throw errors.badVote({ reason: 'no vote account' })
  const towerSync = decodeTowerSync(vote.data)
  return { voteAccount, signers: keys.slice(0, signatures.length), signatures, message, towerSync }
}
