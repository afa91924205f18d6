import type { ClientState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { NANOSECONDS_PER_SECOND, equalBytes } from '@causeway/primitives'
import type { BlsScheme } from '../../ethereum/bls/verify-sync-aggregate.ts'
import type { Charge, ClientContext, ClientStore } from '../../light-client.ts'
import type { VerifySignatures } from '../../tendermint/signatures.ts'
import { verifyAlpenglowProof } from '../alpenglow/alpenglow-consensus.ts'
import { clocksIn } from '../bank/clock.ts'
import { verifyStateProof } from '../bank/state-proof.ts'
import { readEpochStakes } from '../epoch-stakes.ts'
import type { EpochStakes } from '../epoch-stakes.ts'
import { errors } from '../errors.ts'
import { PREIMAGE_OVERHEAD_BYTES } from '../lattice/account-state.ts'
import { LATTICE_HASH_BYTES } from '../lattice/lattice-hash.ts'
import type { LatticeXof } from '../lattice/lattice-hash.ts'
import type { AccountWrite } from '../lattice/lattice-delta.ts'
import { verifyTowerProof } from '../tower/tower-consensus.ts'
import type { DecodedHeader, Evidence } from './client-message.ts'
import { nanosecondsOf } from './client-state.ts'
import { readValidatorSet, trustedFromSeconds } from './client-storage.ts'
import { consensusStateOf, recordedStakes } from './consensus-state.ts'
import { isAbandoned, provesMisbehaviour } from './misbehaviour.ts'

/** Implementations of what costs time. */
export interface SolanaCrypto<Key> {
  /** Ed25519 of votes, as the Tendermint client has it. */
  readonly verifySignatures: VerifySignatures
  /** Certificates of Alpenglow: keys in G1, signatures in G2. */
  readonly bls: BlsScheme<Key>
  /** BLAKE3 of accounts. */
  readonly latticeXof: LatticeXof
}

/** Bytes of BLAKE3, in or out, or of a set that is read, that cost as much as one hash of a proof. */
const BYTES_PER_HASH = 512

/**
 * Verifies a header: the validators of the epoch that its Clock names settled the bank hash, which opens to
 * its accounts. Throws `solana/8`, `/11`, `/12`, `/14`, `/17`, `/20`–`/45`.
 */
export function verifyHeader<Key>(
  store: ClientStore,
  client: ClientState,
  { evidence, state }: DecodedHeader,
  context: ClientContext,
  crypto: SolanaCrypto<Key>,
): void {
  // What the Clock says is proven with the rest at the end; until then it only chooses who is asked.
  const { before, after: clock } = clocksIn(state.writes)
  const now = context.timeNanoseconds
  if (clock.timestampSeconds * NANOSECONDS_PER_SECOND > now + nanosecondsOf(client.maxClockDrift))
    throw errors.inTheFuture({ timestamp: clock.timestampSeconds, now: now / NANOSECONDS_PER_SECOND })
  verifyEvidence(evidence, trustedStakes(store, client, clock.epoch, context), client, context.charge, crypto)
  if (evidence.kind === 'alpenglow' && evidence.proof.block.parentSlot !== before.slot)
    throw errors.badBlock({ reason: `its parent is slot ${before.slot}` })
  context.charge?.('hash', Math.ceil(latticeBytes(state.writes) / BYTES_PER_HASH))
  verifyStateProof(state, evidence.claim, client.hardForks, crypto.latticeXof)
  // What could not be stored is not accepted either.
  const { slot, bankHash, isFinal } = evidence.claim
  const stored = consensusStateOf(client, bankHash, clock, state.writes)
  recordedStakes(client, clock, state.writes)
  if (isAbandoned(store, { slot, isFinal, state: stored })) throw errors.abandonedSlot({ slot })
}

/** Throws unless two proofs, each valid, settle different banks for one slot. Throws `solana/9` besides. */
export function verifyMisbehaviour<Key>(
  store: ClientStore,
  client: ClientState,
  { epoch, first, second }: { epoch: bigint; first: Evidence; second: Evidence },
  context: ClientContext,
  crypto: SolanaCrypto<Key>,
): void {
  if (!provesMisbehaviour(first, second))
    throw errors.invalidMisbehaviour({ reason: 'the two do not contradict each other' })
  // Without accounts only a vote binds a bank to the number of its slot.
  if ([first, second].some(({ kind, claim }) => kind === 'tower' && claim.isFinal))
    throw errors.invalidMisbehaviour({ reason: 'votes for the slot itself are expected' })
  const stakes = trustedStakes(store, client, epoch, context)
  for (const evidence of [first, second]) verifyEvidence(evidence, stakes, client, context.charge, crypto)
}

/**
 * The set of an epoch. Stake may be withdrawn and keys sold once an epoch is over, so a set is trusted for a
 * bounded time only. Throws `solana/11`, `/12`.
 */
function trustedStakes(
  store: ClientStore,
  client: ClientState,
  epoch: bigint,
  { timeNanoseconds: now, charge }: ClientContext,
): EpochStakes {
  const from = trustedFromSeconds(store, epoch)
  const set = readValidatorSet(store, epoch)
  if (from === undefined || !set) throw errors.epochUnknown({ epoch })
  const until = from * NANOSECONDS_PER_SECOND + nanosecondsOf(client.trustingPeriod)
  if (until <= now) throw errors.epochExpired({ epoch, until: until / NANOSECONDS_PER_SECOND })
  charge?.('hash', Math.ceil(set.length / BYTES_PER_HASH))
  return readEpochStakes(set)
}

function verifyEvidence<Key>(
  evidence: Evidence,
  stakes: EpochStakes,
  { hardForks }: ClientState,
  charge: Charge | undefined,
  { verifySignatures, bls }: SolanaCrypto<Key>,
): void {
  const { claim } = evidence
  const settled =
    evidence.kind === 'tower'
      ? verifyTowerProof(evidence.proof, { stakes, hardForks, verifySignatures, charge })
      : verifyAlpenglowProof(evidence.proof, stakes, { shredVersion: evidence.shredVersion, bls, charge })
  if (settled.slot !== claim.slot || !equalBytes(settled.bankHash, claim.bankHash))
    throw errors.wrongBankHash()
}

/** Bytes that BLAKE3 takes in and gives out for a list of accounts. */
function latticeBytes(writes: readonly AccountWrite[]): number {
  const bytesOf = (state: { data: Uint8Array } | undefined) =>
    state ? state.data.length + PREIMAGE_OVERHEAD_BYTES + LATTICE_HASH_BYTES : 0
  return writes.reduce((sum, { before, after }) => sum + bytesOf(before) + bytesOf(after), 0)
}
