import { CONSENSUS_STATE_TYPE_URL, HEADER_TYPE_URL } from '@causeway/light-clients'
import { utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import type { CommitSig } from '@causeway/protocol/tendermint/types/types'
import { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { updateClient } from './attack-journey.ts'
import type { Host, Lookalike } from './attack-stage.ts'
import {
  absentSignature,
  openHeader,
  packHeader,
  packMisbehaviour,
  rehash,
  resign,
  withSlots,
} from './forged-headers.ts'
import type { OpenHeader } from './forged-headers.ts'
import { flipped, groups } from './forged-packets.ts'
import { nested } from './hostile-packets.ts'
import { refused } from './attack-table.ts'
import type { Attack } from './attack-table.ts'

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
const NOISE = utf8('garbage')
const NOTHING = new Uint8Array()
const HOUR = 3_600n

/** Forged `MsgUpdateClient`s. Three validators of equal power: two are exactly 2/3. */
export const UPDATE: readonly Attack<Headers>[] = [
  ...refused<Headers>(
    '07-tendermint/44',
    'undefined/1 insufficient voting power: got 20, needed more than 20',
    {
      'signed by exactly 2/3': (m) => update(m, signedBy(m.honest, [0, 1])),
      'right above the trusted one, signed by exactly 2/3': (m) => update(m, signedBy(m.adjacent, [0, 1])),
      'signed by 2/3, the third voted for nil': (m) =>
        update(
          m,
          inSlot(m.honest, 2, (one) => ({ ...one, blockIdFlag: NIL })),
        ),
    },
  ),
  ...refused<Headers>('07-tendermint/45', 'undefined/1 needed more than 10', {
    'signed by 1/3': (m) => update(m, signedBy(m.honest, [2])),
    'signed by nobody': (m) => update(m, signedBy(m.honest, [])),
    "a lookalike's, said to follow from our validators": (m) =>
      update(m, { ...m.lookalike, trustedValidators: m.honest.trustedValidators }),
  }),
  ...refused<Headers>(
    '07-tendermint/44',
    'undefined/1 insufficient voting power: got 0, needed more than 20',
    {
      'right above the trusted one, signed by nobody': (m) => update(m, signedBy(m.adjacent, [])),
    },
  ),
  ...refused<Headers>('07-tendermint/46', 'mempool:undefined/1 no signatures in commit', {
    'without a slot for signatures': (m) =>
      update(
        m,
        withSlots(m.honest, () => []),
      ),
  }),
  ...refused<Headers>('07-tendermint/40', 'undefined/1 wrong set size: 3 vs 4', {
    'a signature too many': (m) =>
      update(
        m,
        withSlots(m.honest, (all) => [...all, all[0]!]),
      ),
  }),
  // CSA-2026-001
  ...refused<Headers>('07-tendermint/41', 'undefined/1 validator address mismatch at index 2', {
    'a signature copied with its address into another slot': (m) =>
      update(
        m,
        inSlot(m.honest, 2, (_, all) => all[0]!),
      ),
    'right above the trusted one, a signature copied with its address': (m) =>
      update(
        m,
        inSlot(m.adjacent, 2, (_, all) => all[0]!),
      ),
  }),
  ...refused<Headers>('07-tendermint/43', 'undefined/1 wrong signature (#2)', {
    "a signature copied under another validator's address": (m) =>
      update(
        m,
        inSlot(m.honest, 2, (one, all) => ({ ...all[0]!, validatorAddress: one.validatorAddress })),
      ),
  }),
  ...refused<Headers>('07-tendermint/43', 'undefined/1 wrong signature (#0)', {
    'a signature altered': (m) =>
      update(
        m,
        inSlot(m.honest, 0, (one) => ({ ...one, signature: flipped(one.signature, 5) })),
      ),
    'signed for another round': (m) =>
      update(m, { ...m.honest, commit: { ...m.honest.commit, round: m.honest.commit.round + 1 } }),
    'another app hash and its block id': (m) => update(m, rehash(m.honest, otherState(m))),
  }),
  ...refused<Headers>('07-tendermint/34', 'mempool:undefined/1 commit signs block', {
    'another app hash': (m) => update(m, { ...m.honest, header: { ...m.honest.header, ...otherState(m) } }),
  }),
  ...refused<Headers>('07-tendermint/36', '07-tendermint/14', {
    "a lookalike's": (m) => update(m, m.lookalike),
    'other trusted validators': (m) =>
      update(m, { ...m.honest, trustedValidators: m.lookalike.validatorSet }),
  }),
  ...refused<Headers>('07-tendermint/33', 'undefined/1 header belongs to another chain', {
    'of another chain': (m) => update(m, resigned(m, { chainId: 'mallory-1' })),
  }),
  ...refused<Headers>('07-tendermint/5', '07-tendermint/5', {
    'of another revision': (m) => update(m, resigned(m, { chainId: m.followed.id.replace(/1$/, '2') })),
  }),
  ...refused<Headers>('07-tendermint/5', 'mempool:07-tendermint/5', {
    'trusted by itself': (m) => update(m, trusting(m.honest, m.honest.header.height)),
  }),
  ...refused<Headers>('07-tendermint/31', 'undefined/1 time from the future', {
    'an hour from the future': (m) => update(m, resigned(m, { time: later(m.honest, HOUR) })),
  }),
  ...refused<Headers>('07-tendermint/30', 'undefined/1 to be after old header time', {
    'of a time before the trusted one': (m) => update(m, resigned(m, { time: later(m.honest, -HOUR) })),
  }),
  ...refused<Headers>('07-tendermint/6', 'mempool:undefined/1 block protocol is incorrect', {
    'of another block protocol': (m) => update(m, resigned(m, { version: { block: 10n, app: 1n } })),
  }),
  ...refused<Headers>('07-tendermint/21', 'client/7', {
    'trusted by a height that the client does not know': (m) =>
      update(m, trusting(m.honest, m.honest.trustedHeight.revisionHeight + 1n)),
  }),
  ...refused<Headers>('07-tendermint/32', 'mempool:client/12 validator set does not match hash', {
    'other validators': (m) => update(m, { ...m.honest, validatorSet: m.lookalike.validatorSet }),
    'more power to one validator': (m) =>
      update(m, { ...m.honest, validatorSet: promoted(m.honest.validatorSet) }),
  }),
  ...refused<Headers>('07-tendermint/14', 'mempool:undefined/1 validatorSet proposer error', {
    'no proposer': (m) =>
      update(m, { ...m.honest, validatorSet: { ...m.honest.validatorSet, proposer: undefined } }),
  }),
  ...refused<Headers>('07-tendermint/14', 'undefined/1 trusted validator set', {
    'no trusted validators': (m) =>
      update(m, { ...m.honest, trustedValidators: ValidatorSet.fromPartial({}) }),
  }),
  ...refused<Headers>('ibc/60', 'client/29 status Unknown', {
    'for a client that nobody has': (m) => updateClient(m.target, '07-tendermint-999', packHeader(m.honest)),
  }),
  ...refused<Headers>('ibc/64', 'mempool:sdk/2', {
    'a client message of no known type': (m) => raw(m, '/garbage.v1.Garbage', NOISE),
    'a known type that is no client message': (m) => raw(m, '/cosmos.bank.v1beta1.MsgSend', NOTHING),
    'a consensus state in place of a header': (m) => raw(m, CONSENSUS_STATE_TYPE_URL, NOTHING),
    'client messages in client messages, fifty deep': (m) => russianDoll(m, 50),
  }),
  ...refused<Headers>('07-tendermint/27', 'mempool:sdk/2', {
    'a header of noise': (m) => raw(m, HEADER_TYPE_URL, NOISE),
    'a header nested ten thousand deep': (m) => raw(m, HEADER_TYPE_URL, nested(10_000)),
    'a header with ten thousand groups': (m) => raw(m, HEADER_TYPE_URL, groups()),
  }),
  ...refused<Headers>('07-tendermint/6', 'mempool:client/12', {
    'an empty header': (m) => raw(m, HEADER_TYPE_URL, NOTHING),
  }),
  ...refused<Headers>('07-tendermint/44', 'mempool:client/13 did not commit to header', {
    'misbehaviour of which 2/3 signed one half': (m) =>
      evidence(m, m.honest, signedBy(conflicting(m.honest, m), [0, 1])),
  }),
  ...refused<Headers>('07-tendermint/28', 'mempool:client/13 identical chainIDs', {
    'misbehaviour of two chains': (m) => evidence(m, m.honest, resigned(m, { chainId: 'mallory-1' })),
  }),
]

/**
 * What must freeze a client: each is signed by all validators. `seen` is a header that the client has
 * accepted.
 */
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
  const view = await target.chain.clientView(client)
  const trusted = view.latestHeight
  const header = async (chain: Host['chain'], height: bigint) =>
    openHeader((await chain.clientUpdates(view, height))[0]!)
  while (strangers.node.height() < trusted + 3n) strangers.node.produceBlock()
  return {
    ...{ target, client, followed },
    honest: await header(followed.chain, trusted + 3n),
    adjacent: await header(followed.chain, trusted + 1n),
    lookalike: await header(strangers.chain, trusted + 2n),
  }
}

/** The same header with another state, signed by all validators. */
export function conflicting(header: OpenHeader, material: Headers): OpenHeader {
  return resign(header, otherState(material), material.followed.keys)
}

/** `MsgUpdateClient` with a header, honest or not. */
export function update({ target, client }: Headers, header: OpenHeader): Any {
  return updateClient(target, client, packHeader(header))
}

function evidence({ target, client }: Headers, first: OpenHeader, second: OpenHeader): Any {
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
  return withSlots(header, (all) =>
    all.map((one, index) => (slots.includes(index) ? one : absentSignature())),
  )
}

function inSlot(
  header: OpenHeader,
  index: number,
  change: (signature: CommitSig, all: readonly CommitSig[]) => CommitSig,
): OpenHeader {
  return withSlots(header, (all) => all.map((one, i) => (i === index ? change(one, all) : one)))
}

/** The honest header changed, and signed by its own validators. */
function resigned({ honest, followed }: Headers, changes: Partial<OpenHeader['header']>): OpenHeader {
  return resign(honest, changes, followed.keys)
}

function otherState({ lookalike }: Headers) {
  return { appHash: lookalike.header.appHash }
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
