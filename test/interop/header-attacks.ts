import { CONSENSUS_STATE_TYPE_URL, HEADER_TYPE_URL } from '@causeway/light-clients'
import { utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import type { CommitSig } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { updateClient } from './attack-journey.ts'
import type { Host, Lookalike } from './attack-stage.ts'
import {
  absentSignature,
  openHeader,
  packHeader,
  packMisbehaviour,
  rehash,
  resign,
  withSignatures,
} from './forged-headers.ts'
import type { OpenHeader } from './forged-headers.ts'
import { nested } from './hostile-packets.ts'
import type { Attack } from './packet-attacks.ts'

/** A client whose chain's keys the attacker holds, and true headers that it has not seen. */
export interface Headers {
  readonly target: Host
  readonly client: string
  /** The chain that the client follows. */
  readonly followed: Host
  /** Some heights above the trusted one. */
  readonly honest: OpenHeader
  /** Right above it. */
  readonly adjacent: OpenHeader
  /** Of a chain of the same id with other validators. */
  readonly lookalike: OpenHeader
}

const NIL = 3
const HOUR = 3_600n

/** Forged `MsgUpdateClient`s. Three validators of equal power: two are exactly 2/3. */
export const UPDATE: readonly Attack<Headers>[] = [
  {
    name: 'signed by exactly 2/3',
    forge: (m) => update(m, signedBy(m.honest, [0, 1])),
    hub: '07-tendermint/44',
    simd: '?',
  },
  {
    name: 'right above the trusted one, signed by exactly 2/3',
    forge: (m) => update(m, signedBy(m.adjacent, [0, 1])),
    hub: '07-tendermint/44',
    simd: '?',
  },
  {
    name: 'signed by 1/3',
    forge: (m) => update(m, signedBy(m.honest, [2])),
    hub: '07-tendermint/45',
    simd: '?',
  },
  {
    name: 'signed by nobody',
    forge: (m) => update(m, signedBy(m.honest, [])),
    hub: '07-tendermint/45',
    simd: '?',
  },
  {
    name: 'without a slot for signatures',
    forge: (m) => update(m, { ...m.honest, commit: { ...m.honest.commit, signatures: [] } }),
    hub: '07-tendermint/46',
    simd: '?',
  },
  {
    name: 'signed by 2/3, the third voted for nil',
    forge: (m) =>
      update(
        m,
        slot(m.honest, 2, (one) => ({ ...one, blockIdFlag: NIL })),
      ),
    hub: '07-tendermint/44',
    simd: '?',
  },
  {
    name: 'a signature copied with its address into an empty slot',
    forge: (m) =>
      update(
        m,
        slot(m.honest, 2, (_, all) => all[0]!),
      ),
    hub: '07-tendermint/41',
    simd: '?',
  },
  {
    name: "a signature copied under another validator's address",
    forge: (m) =>
      update(
        m,
        slot(m.honest, 2, (one, all) => ({
          ...one,
          signature: all[0]!.signature,
          timestamp: all[0]!.timestamp,
        })),
      ),
    hub: '07-tendermint/43',
    simd: '?',
  },
  {
    name: 'right above the trusted one, a signature copied with its address',
    forge: (m) =>
      update(
        m,
        slot(m.adjacent, 2, (_, all) => all[0]!),
      ),
    hub: '07-tendermint/41',
    simd: '?',
  },
  {
    name: 'a signature too many',
    forge: (m) =>
      update(m, {
        ...m.honest,
        commit: {
          ...m.honest.commit,
          signatures: [...m.honest.commit.signatures, m.honest.commit.signatures[0]!],
        },
      }),
    hub: '07-tendermint/40',
    simd: '?',
  },
  {
    name: 'a signature altered',
    forge: (m) =>
      update(
        m,
        slot(m.honest, 0, (one) => ({
          ...one,
          signature: one.signature.map((byte, i) => (i === 5 ? byte ^ 1 : byte)),
        })),
      ),
    hub: '07-tendermint/43',
    simd: '?',
  },
  {
    name: 'signed for another round',
    forge: (m) => update(m, { ...m.honest, commit: { ...m.honest.commit, round: 7 } }),
    hub: '07-tendermint/43',
    simd: '?',
  },
  {
    name: 'another app hash',
    forge: (m) =>
      update(m, { ...m.honest, header: { ...m.honest.header, appHash: m.lookalike.header.appHash } }),
    hub: '07-tendermint/34',
    simd: '?',
  },
  {
    name: 'another app hash and its block id',
    forge: (m) => update(m, rehash(m.honest, { appHash: m.lookalike.header.appHash })),
    hub: '07-tendermint/43',
    simd: '?',
  },
  { name: "a lookalike's", forge: (m) => update(m, m.lookalike), hub: '07-tendermint/36', simd: '?' },
  {
    name: "a lookalike's, said to follow from our validators",
    forge: (m) => update(m, { ...m.lookalike, trustedValidators: m.honest.trustedValidators }),
    hub: '07-tendermint/45',
    simd: '?',
  },
  {
    name: 'of another chain',
    forge: (m) => update(m, resign(m.honest, { chainId: 'mallory-1' }, m.followed.keys)),
    hub: '07-tendermint/33',
    simd: '?',
  },
  {
    name: 'of another revision',
    forge: (m) => update(m, resign(m.honest, { chainId: m.followed.id.replace(/1$/, '2') }, m.followed.keys)),
    hub: '07-tendermint/5',
    simd: '?',
  },
  {
    name: 'an hour from the future',
    forge: (m) => update(m, resign(m.honest, { time: later(m.honest, HOUR) }, m.followed.keys)),
    hub: '07-tendermint/31',
    simd: '?',
  },
  {
    name: 'of a time before the trusted one',
    forge: (m) => update(m, resign(m.honest, { time: later(m.honest, -HOUR) }, m.followed.keys)),
    hub: '07-tendermint/30',
    simd: '?',
  },
  {
    name: 'of another block protocol',
    forge: (m) => update(m, resign(m.honest, { version: { block: 10n, app: 1n } }, m.followed.keys)),
    hub: '07-tendermint/6',
    simd: '?',
  },
  {
    name: 'trusted by itself',
    forge: (m) => update(m, trusting(m.honest, m.honest.header.height)),
    hub: '07-tendermint/5',
    simd: '?',
  },
  {
    name: 'trusted by a height that the client does not know',
    forge: (m) => update(m, trusting(m.honest, m.honest.trustedHeight.revisionHeight + 1n)),
    hub: '07-tendermint/21',
    simd: '?',
  },
  {
    name: 'other trusted validators',
    forge: (m) => update(m, { ...m.honest, trustedValidators: m.lookalike.validatorSet }),
    hub: '07-tendermint/36',
    simd: '?',
  },
  {
    name: 'other validators',
    forge: (m) => update(m, { ...m.honest, validatorSet: m.lookalike.validatorSet }),
    hub: '07-tendermint/32',
    simd: '?',
  },
  {
    name: 'more power to one validator',
    forge: (m) => update(m, { ...m.honest, validatorSet: promoted(m.honest.validatorSet) }),
    hub: '07-tendermint/32',
    simd: '?',
  },
  {
    name: 'no proposer',
    forge: (m) => update(m, { ...m.honest, validatorSet: { ...m.honest.validatorSet, proposer: undefined } }),
    hub: '07-tendermint/14',
    simd: '?',
  },
  {
    name: 'no trusted validators',
    forge: (m) =>
      update(m, {
        ...m.honest,
        trustedValidators: { validators: [], proposer: undefined, totalVotingPower: 0n },
      }),
    hub: '07-tendermint/14',
    simd: '?',
  },
  {
    name: 'for a client that nobody has',
    forge: (m) => updateClient(m.target, '07-tendermint-999', packHeader(m.honest)),
    hub: 'ibc/60',
    simd: '?',
  },
  {
    name: 'a client message of no known type',
    forge: (m) => raw(m, '/garbage.v1.Garbage', utf8('garbage')),
    hub: 'ibc/64',
    simd: '?',
  },
  {
    name: 'a known type that is no client message',
    forge: (m) => raw(m, '/cosmos.bank.v1beta1.MsgSend', new Uint8Array()),
    hub: 'ibc/64',
    simd: '?',
  },
  {
    name: 'a consensus state in place of a header',
    forge: (m) => raw(m, CONSENSUS_STATE_TYPE_URL, new Uint8Array()),
    hub: 'ibc/64',
    simd: '?',
  },
  {
    name: 'a header of noise',
    forge: (m) => raw(m, HEADER_TYPE_URL, utf8('garbage')),
    hub: '07-tendermint/27',
    simd: '?',
  },
  {
    name: 'an empty header',
    forge: (m) => raw(m, HEADER_TYPE_URL, new Uint8Array()),
    hub: '07-tendermint/6',
    simd: '?',
  },
  {
    name: 'a header nested ten thousand deep',
    forge: (m) => raw(m, HEADER_TYPE_URL, nested(10_000)),
    hub: '07-tendermint/27',
    simd: '?',
  },
  {
    name: 'client messages in client messages, fifty deep',
    forge: (m) => russianDoll(m, 50),
    hub: 'ibc/64',
    simd: '?',
  },
  {
    name: 'misbehaviour of which 2/3 signed one half',
    forge: (m) => update2(m, m.honest, signedBy(conflicting(m.honest, m), [0, 1])),
    hub: '07-tendermint/44',
    simd: '?',
  },
  {
    name: 'misbehaviour of two chains',
    forge: (m) => update2(m, m.honest, resign(m.honest, { chainId: 'mallory-1' }, m.followed.keys)),
    hub: '07-tendermint/28',
    simd: '?',
  },
]

/** What must freeze a client: each is signed by all validators. `seen` is a header that the client has accepted. */
export const FREEZE: readonly { name: string; forge: (m: Headers, seen: OpenHeader) => Any }[] = [
  { name: 'another header at a known height', forge: (m, seen) => packHeader(conflicting(seen, m)) },
  {
    name: 'two headers at one unknown height',
    forge: (m) => packMisbehaviour(m.honest, conflicting(m.honest, m)),
  },
  {
    name: 'a later height of an earlier time',
    forge: (m, seen) =>
      packHeader({
        ...resign(m.honest, { time: seen.header.time }, m.followed.keys),
        trustedHeight: seen.trustedHeight,
        trustedValidators: seen.trustedValidators,
      }),
  },
]

/** Gathers what an attack on a client needs: its chain has to be a few blocks ahead of it. */
export async function gatherHeaders(
  target: Host,
  client: string,
  followed: Host,
  strangers: Lookalike,
): Promise<Headers> {
  const { latestHeight: trusted } = await target.chain.clientView(client)
  const header = async (chain: Host['chain'], height: bigint) =>
    openHeader((await chain.clientUpdates(trusted, height))[0]!)
  while (strangers.node.height() < trusted + 3n) strangers.node.produceBlock()
  return {
    ...{ target, client, followed },
    honest: await header(followed.chain, trusted + 3n),
    adjacent: await header(followed.chain, trusted + 1n),
    lookalike: await header(strangers.chain, trusted + 2n),
  }
}

/** The same header with another state, signed by all validators. */
export function conflicting(header: OpenHeader, { followed, lookalike }: Headers): OpenHeader {
  return resign(header, { appHash: lookalike.header.appHash }, followed.keys)
}

/** `MsgUpdateClient` with a header, honest or not. */
export function update({ target, client }: Headers, header: OpenHeader): Any {
  return updateClient(target, client, packHeader(header))
}

function update2({ target, client }: Headers, first: OpenHeader, second: OpenHeader): Any {
  return updateClient(target, client, packMisbehaviour(first, second))
}

function raw({ target, client }: Headers, typeUrl: string, value: Uint8Array): Any {
  return updateClient(target, client, { typeUrl, value })
}

function russianDoll(m: Headers, depth: number): Any {
  let message = update(m, m.honest)
  for (let level = 0; level < depth; level += 1) message = updateClient(m.target, m.client, message)
  return message
}

function signedBy(header: OpenHeader, slots: readonly number[]): OpenHeader {
  return withSignatures(header, (signature, index) => (slots.includes(index) ? signature : absentSignature()))
}

function slot(
  header: OpenHeader,
  index: number,
  change: (signature: CommitSig, all: readonly CommitSig[]) => CommitSig,
): OpenHeader {
  return withSignatures(header, (signature, i, all) => (i === index ? change(signature, all) : signature))
}

function trusting(header: OpenHeader, revisionHeight: bigint): OpenHeader {
  return { ...header, trustedHeight: { ...header.trustedHeight, revisionHeight } }
}

function later({ header }: OpenHeader, seconds: bigint): Timestamp {
  return { ...header.time!, seconds: header.time!.seconds + seconds }
}

function promoted(set: ValidatorSet): ValidatorSet {
  const [first, ...others] = set.validators
  return { ...set, validators: [{ ...first!, votingPower: 1_000n }, ...others] }
}
