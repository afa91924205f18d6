import { ed25519 } from '@noble/curves/ed25519.js'
import { packAny, type Any, type Height } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  Header as HeaderMessage,
} from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type { Commit, CommitSig, Header } from '@causeway/protocol/tendermint/types/types'
import { compareBytes, sha256, toHex, utf8 } from '@causeway/primitives'
import { cosmosSpecs } from '../ics23/specs.ts'
import type { ClientStore } from '../light-client.ts'
import { HEADER_TYPE_URL } from './client-message.ts'
import { CLIENT_STATE_TYPE_URL, CONSENSUS_STATE_TYPE_URL } from './client-storage.ts'
import { hashHeader } from './hashes.ts'
import { voteSignBytes } from './sign-bytes.ts'
import { ZERO_TIME, fromNanoseconds } from './timestamps.ts'
import { createValidatorSet } from './validator-set-updates.ts'
import { hashValidatorSet } from './validator-set-hash.ts'
import { newValidator } from './validator-set.ts'

/* A chain for tests: deterministic keys, real signatures, any block that a test asks for. */

/** The chain's id and genesis time. */
export const CHAIN_ID = 'zone-1'
/** Time of height 0; block h is h seconds later. */
export const GENESIS_NANOSECONDS = 1_700_000_000_000_000_000n
/** One second. */
export const SECOND = 1_000_000_000n

const secrets = new Map<string, Uint8Array>()

/** A set of named validators: `{ alice: 10n }`. Keys follow from the names. */
export function exampleSet(powers: Readonly<Record<string, bigint>>): ValidatorSet {
  return createValidatorSet(
    Object.entries(powers).map(([name, power]) => {
      const secret = sha256(utf8(name))
      const validator = newValidator({ ed25519: ed25519.getPublicKey(secret) }, power)
      secrets.set(toHex(validator.address), secret)
      return validator
    }),
  )
}

/** A set of `count` validators of equal power. */
export function equalSet(count: number, power = 1n, from = 0): ValidatorSet {
  return exampleSet(
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`validator ${from + i}`, power])),
  )
}

/** A header of the chain, with what a test wants otherwise. */
export function exampleHeader(
  height: bigint,
  set: ValidatorSet,
  next: ValidatorSet = set,
  change: Partial<Header> = {},
): Header {
  const hash = (what: string) => sha256(utf8(`${what} ${height}`))
  return {
    version: { block: 11n, app: 0n },
    chainId: CHAIN_ID,
    height,
    time: fromNanoseconds(GENESIS_NANOSECONDS + height * SECOND),
    lastBlockId: { hash: hash('last block'), partSetHeader: { total: 1, hash: hash('last parts') } },
    lastCommitHash: hash('last commit'),
    dataHash: hash('data'),
    validatorsHash: hashValidatorSet(set),
    nextValidatorsHash: hashValidatorSet(next),
    consensusHash: hash('consensus'),
    appHash: hash('app'),
    lastResultsHash: hash('results'),
    evidenceHash: hash('evidence'),
    proposerAddress: set.validators[0]!.address,
    ...change,
  }
}

/** A commit for a header by those of the set whom `signs` names; the others are absent. */
export function exampleCommit(
  header: Header,
  set: ValidatorSet,
  signs: (index: number) => boolean = () => true,
  chainId = header.chainId,
): Commit {
  const blockId = { hash: hashHeader(header), partSetHeader: { total: 1, hash: sha256(utf8('parts')) } }
  const commit: Commit = { height: header.height, round: 0, blockId, signatures: [] }
  commit.signatures = set.validators.map((validator, i): CommitSig => {
    if (!signs(i)) return absentSignature()
    const timestamp = fromNanoseconds(GENESIS_NANOSECONDS + header.height * SECOND + BigInt(i))
    const message = voteSignBytes(chainId, { type: 2, height: commit.height, round: 0, blockId, timestamp })
    const signature = ed25519.sign(message, secrets.get(toHex(validator.address))!)
    return { blockIdFlag: 2, validatorAddress: validator.address, timestamp, signature }
  })
  return commit
}

/** The signature of one who did not sign. */
export function absentSignature(): CommitSig {
  return {
    blockIdFlag: 1,
    validatorAddress: new Uint8Array(0),
    timestamp: ZERO_TIME,
    signature: new Uint8Array(0),
  }
}

/** An IBC height of the chain. */
export function heightAt(revisionHeight: bigint): Height {
  return { revisionNumber: 1n, revisionHeight }
}

/** A header message for a client that trusts `trustedHeight`. */
export function exampleMessage(
  header: Header,
  set: ValidatorSet,
  trustedHeight: bigint,
  trusted: ValidatorSet,
  commit: Commit = exampleCommit(header, set),
): HeaderMessage {
  return {
    signedHeader: { header, commit },
    validatorSet: set,
    trustedHeight: heightAt(trustedHeight),
    trustedValidators: trusted,
  }
}

/** A header message as a client takes it. */
export function packHeader(message: HeaderMessage): Any {
  return packAny(HEADER_TYPE_URL, HeaderMessage.encode(message).finish())
}

/** A client state of the chain, with what a test wants otherwise. */
export function exampleClientState(latestHeight: bigint, change: Partial<ClientState> = {}): ClientState {
  return {
    chainId: CHAIN_ID,
    trustLevel: { numerator: 1n, denominator: 3n },
    trustingPeriod: { seconds: 1000n, nanos: 0 },
    unbondingPeriod: { seconds: 2000n, nanos: 0 },
    maxClockDrift: { seconds: 10n, nanos: 0 },
    frozenHeight: { revisionNumber: 0n, revisionHeight: 0n },
    latestHeight: heightAt(latestHeight),
    proofSpecs: [...cosmosSpecs],
    upgradePath: ['upgrade', 'upgradedIBCState'],
    allowUpdateAfterExpiry: false,
    allowUpdateAfterMisbehaviour: false,
    ...change,
  }
}

/** A client state in its envelope. */
export function packClientState(state: ClientState): Any {
  return packAny(CLIENT_STATE_TYPE_URL, ClientState.encode(state).finish())
}

/** The consensus state of a header, in its envelope. */
export function packConsensusState(header: Header, change: Partial<ConsensusState> = {}): Any {
  const state = {
    timestamp: header.time,
    root: { hash: header.appHash },
    nextValidatorsHash: header.nextValidatorsHash,
    ...change,
  }
  return packAny(CONSENSUS_STATE_TYPE_URL, ConsensusState.encode(state).finish())
}

/** A client store in memory. `entries` shows what is in it, in the keys' order. */
export function exampleStore(): ClientStore & { entries(): [Uint8Array, Uint8Array][] } {
  const held = new Map<string, [Uint8Array, Uint8Array]>()
  const entries = () => [...held.values()].sort(([a], [b]) => compareBytes(a, b))
  return {
    entries,
    get: (key) => held.get(toHex(key))?.[1],
    set: (key, value) => void held.set(toHex(key), [key, value]),
    delete: (key) => void held.delete(toHex(key)),
    iterate(start, end, reverse = false) {
      const inRange = entries().filter(
        ([key]) => (!start || compareBytes(key, start) >= 0) && (!end || compareBytes(key, end) < 0),
      )
      return reverse ? inRange.reverse() : inRange
    },
  }
}
