import { ERROR_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT } from '@causeway/messaging'
import { concatBytes, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import type { CommitmentProof, ExistenceProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { FungibleTokenPacketData } from '@causeway/protocol/ibc/applications/transfer/v1/packet'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { MsgAcknowledgement, MsgTimeout } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { prove, recvMessage } from './attack-journey.ts'
import type { Journey } from './attack-journey.ts'
import type { Host } from './attack-stage.ts'
import { CLIENT, ZONE_CLIENT, nested, stolenPacket } from './hostile-packets.ts'

/** One forged message, and what each chain must answer: `codespace/code`, `mempool:` before it when CheckTx refuses. */
export interface Attack<Material> {
  readonly name: string
  readonly forge: (material: Material) => Any | Promise<Any>
  readonly hub: string
  readonly simd: string
}

/** What an attacker knows when the target has answered. */
export interface Answered extends Journey {
  /** A height of the target that the source's client knows and that proves the answers. */
  readonly answerHeight: bigint
  readonly answerProof: Uint8Array
}

/** What an attacker knows when the short timeouts have passed on the target. */
export interface TimedOut extends Journey {
  readonly lateHeight: bigint
  /** That `late` was never received, at `lateHeight`. */
  readonly absence: Uint8Array
}

type Claim = { packet?: Packet; proof?: Uint8Array; height?: bigint }

/** Forged `MsgRecvPacket`s. */
export const RECEIVE: readonly Attack<Journey>[] = [
  {
    name: 'a larger amount',
    forge: (j) => recv(j, { packet: retold(j.paid, { amount: '1000000' }) }),
    hub: 'ics23/21',
    simd: '?',
  },
  {
    name: 'another receiver',
    forge: (j) => recv(j, { packet: retold(j.paid, { receiver: j.target.attacker.address }) }),
    hub: 'ics23/21',
    simd: '?',
  },
  {
    name: 'another token',
    forge: (j) => recv(j, { packet: retold(j.paid, { denom: 'gold' }) }),
    hub: 'ics23/21',
    simd: '?',
  },
  {
    name: 'a later timeout',
    forge: (j) => recv(j, { packet: { ...j.paid, timeoutTimestamp: j.paid.timeoutTimestamp + 1n } }),
    hub: 'ics23/21',
    simd: '?',
  },
  {
    name: 'another version',
    forge: (j) =>
      recv(j, { packet: { ...j.paid, payloads: [{ ...j.paid.payloads[0]!, version: 'ics20-2' }] } }),
    hub: 'ics23/21',
    simd: '?',
  },
  {
    name: 'a later sequence',
    forge: (j) => recv(j, { packet: { ...j.paid, sequence: 99n } }),
    hub: 'ics23/20',
    simd: '?',
  },
  {
    name: 'sequence 0',
    forge: (j) => recv(j, { packet: { ...j.paid, sequence: 0n } }),
    hub: 'ibc/20',
    simd: '?',
  },
  {
    name: 'no payload',
    forge: (j) => recv(j, { packet: { ...j.paid, payloads: [] } }),
    hub: 'ibc/21',
    simd: '?',
  },
  {
    name: 'its payload twice',
    forge: (j) => recv(j, { packet: { ...j.paid, payloads: [...j.paid.payloads, ...j.paid.payloads] } }),
    hub: 'ics23/21',
    simd: '?',
  },
  {
    name: "from a stranger's client that names ours as its counterparty, truly proven",
    forge: (j) => proven(j, j.strange),
    hub: 'ibc/81',
    simd: '?',
  },
  {
    name: "in the name of our counterparty, but sent by a stranger's client",
    forge: (j) => proven(j, j.strange, { ...j.strange, sourceClient: CLIENT }),
    hub: 'ics23/20',
    simd: '?',
  },
  {
    name: "to a stranger's client of the same chain",
    forge: (j) => recv(j, { packet: { ...j.paid, destinationClient: j.strangerOnTarget } }),
    hub: 'ics23/21',
    simd: '?',
  },
  { name: 'to our client of another chain', forge: toZoneClient, hub: 'ics23/21', simd: '?' },
  {
    name: 'to a client that nobody has',
    forge: (j) => recv(j, { packet: { ...j.paid, destinationClient: '07-tendermint-999' } }),
    hub: 'ibc/80',
    simd: '?',
  },
  {
    name: 'to what is no client id',
    forge: (j) => recv(j, { packet: { ...j.paid, destinationClient: '../clients' } }),
    hub: 'ibc/1',
    simd: '?',
  },
  { name: 'sent on a chain that looks like the source', forge: fromLookalike, hub: 'ics23/22', simd: '?' },
  {
    name: 'the proof of another packet',
    forge: async (j) => recv(j, { proof: await prove(j.source, 'recv', j.refused, j.height) }),
    hub: 'ics23/20',
    simd: '?',
  },
  {
    name: 'a proof that something is absent',
    forge: async (j) =>
      recv(j, { proof: await prove(j.source, 'timeout', { ...j.paid, sequence: 99n }, j.height) }),
    hub: 'ics23/3',
    simd: '?',
  },
  {
    name: 'the proof of one height under the root of another',
    forge: (j) => recv(j, { height: j.later }),
    hub: 'ics23/22',
    simd: '?',
  },
  {
    name: 'a height above all known ones',
    forge: (j) => recv(j, { height: j.later + 100_000n }),
    hub: '07-tendermint/29',
    simd: '?',
  },
  {
    name: 'a height below all known ones',
    forge: (j) => recv(j, { height: 1n }),
    hub: '07-tendermint/21',
    simd: '?',
  },
  { name: 'height 0', forge: (j) => recv(j, { height: 0n }), hub: '07-tendermint/21', simd: '?' },
  { name: 'no proof', forge: (j) => recv(j, { proof: new Uint8Array() }), hub: 'ibc/6', simd: '?' },
  { name: 'a proof of noise', forge: (j) => recv(j, { proof: utf8('trust me') }), hub: 'ics23/1', simd: '?' },
  {
    name: 'a proof of 300 kB',
    forge: (j) => recv(j, { proof: concatBytes(j.proof, new Uint8Array(300_000)) }),
    hub: 'ics23/2',
    simd: '?',
  },
  {
    name: 'a proof nested ten thousand deep',
    forge: (j) => recv(j, { proof: nested(10_000) }),
    hub: 'ics23/1',
    simd: '?',
  },
  {
    name: 'the lower of the two proofs alone',
    forge: (j) => recv(j, { proof: reproven(j, ([lower]) => [lower!]) }),
    hub: 'ics23/40',
    simd: '?',
  },
  {
    name: 'the proofs in the wrong order',
    forge: (j) => recv(j, { proof: reproven(j, (proofs) => [...proofs].reverse()) }),
    hub: 'ics23/10',
    simd: '?',
  },
  {
    name: 'another value in the lower proof',
    forge: (j) => recv(j, { proof: lower(j, (p) => ({ ...p, value: flipped(p.value) })) }),
    hub: 'ics23/21',
    simd: '?',
  },
  {
    name: 'another key in the lower proof',
    forge: (j) => recv(j, { proof: lower(j, (p) => ({ ...p, key: flipped(p.key) })) }),
    hub: 'ics23/20',
    simd: '?',
  },
  {
    name: 'a leaf that does not hash its value',
    forge: (j) => recv(j, { proof: lower(j, (p) => ({ ...p, leaf: { ...p.leaf!, prehashValue: 0 } })) }),
    hub: 'ics23/10',
    simd: '?',
  },
  {
    name: 'an inner node left out',
    forge: (j) => recv(j, { proof: lower(j, (p) => ({ ...p, path: p.path.slice(1) })) }),
    hub: 'ics23/21',
    simd: '?',
  },
  {
    name: 'an inner node with a third child',
    forge: (j) => recv(j, { proof: lower(j, thirdChild) }),
    hub: 'ics23/11',
    simd: '?',
  },
  {
    name: 'another value in the upper proof',
    forge: (j) => recv(j, { proof: upper(j, (p) => ({ ...p, value: flipped(p.value) })) }),
    hub: 'ics23/21',
    simd: '?',
  },
  {
    name: 'another sibling in the upper proof',
    forge: (j) => recv(j, { proof: upper(j, otherSibling) }),
    hub: 'ics23/22',
    simd: '?',
  },
]

/** Forged `MsgAcknowledgement`s for a packet that was received. */
export const ACKNOWLEDGE: readonly Attack<Answered>[] = [
  {
    name: 'the universal error instead of success: a refund of what was paid',
    forge: (j) => ack(j, [ERROR_ACKNOWLEDGEMENT]),
    hub: 'ics23/21',
    simd: '?',
  },
  {
    name: 'success with a blank inside',
    forge: (j) => ack(j, [utf8('{"result": "AQ=="}')]),
    hub: 'ics23/21',
    simd: '?',
  },
  { name: 'no answer', forge: (j) => ack(j, []), hub: 'ibc/40', simd: '?' },
  { name: 'an empty answer', forge: (j) => ack(j, [new Uint8Array()]), hub: 'ibc/41', simd: '?' },
  {
    name: 'success twice',
    forge: (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT]),
    hub: 'ibc/43',
    simd: '?',
  },
  {
    name: "another packet's refusal, truly proven",
    forge: async (j) =>
      ack(j, [ERROR_ACKNOWLEDGEMENT], { proof: await prove(j.target, 'ack', j.refused, j.answerHeight) }),
    hub: 'ics23/20',
    simd: '?',
  },
  {
    name: 'another amount than was sent',
    forge: (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT], { packet: retold(j.paid, { amount: '1000000' }) }),
    hub: 'ibc/86',
    simd: '?',
  },
  {
    name: "at a stranger's client that names ours as its counterparty",
    forge: (j) =>
      ack(j, [ERROR_ACKNOWLEDGEMENT], { packet: { ...j.paid, destinationClient: j.strangerOnTarget } }),
    hub: 'ibc/81',
    simd: '?',
  },
  {
    name: 'a packet that was not received yet',
    forge: (j) => ack(j, [ERROR_ACKNOWLEDGEMENT], { packet: j.late }),
    hub: 'ics23/20',
    simd: '?',
  },
  {
    name: 'a packet that was never sent',
    forge: (j) => ack(j, [ERROR_ACKNOWLEDGEMENT], { packet: { ...j.paid, sequence: 99n } }),
    hub: 'noop',
    simd: '?',
  },
  {
    name: 'a height from before the answer',
    forge: (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT], { height: j.early }),
    hub: 'ics23/22',
    simd: '?',
  },
  {
    name: 'an unknown height',
    forge: (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT], { height: 1n }),
    hub: '07-tendermint/21',
    simd: '?',
  },
  {
    name: 'no proof',
    forge: (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT], { proof: new Uint8Array() }),
    hub: 'ibc/6',
    simd: '?',
  },
  {
    name: 'a proof of noise',
    forge: (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT], { proof: utf8('trust me') }),
    hub: 'ics23/1',
    simd: '?',
  },
]

/** Forged `MsgTimeout`s. */
export const TIMEOUT: readonly Attack<TimedOut>[] = [
  {
    name: 'a received packet, with a proof from before',
    forge: async (j) =>
      timeout(j, {
        packet: j.swift,
        height: j.early,
        proof: await prove(j.target, 'timeout', j.swift, j.early),
      }),
    hub: 'ibc/84',
    simd: '?',
  },
  {
    name: 'a received packet, with the proof of another',
    forge: (j) => timeout(j, { packet: j.swift }),
    hub: 'ics23/31',
    simd: '?',
  },
  {
    name: 'a received packet, with the proof of its answer',
    forge: async (j) =>
      timeout(j, { packet: j.swift, proof: await prove(j.target, 'ack', j.swift, j.lateHeight) }),
    hub: 'ics23/3',
    simd: '?',
  },
  {
    name: 'a packet whose time has not come',
    forge: async (j) =>
      timeout(j, {
        packet: j.late,
        height: j.early,
        proof: await prove(j.target, 'timeout', j.late, j.early),
      }),
    hub: 'ibc/84',
    simd: '?',
  },
  {
    name: 'an earlier timeout than was sent',
    forge: async (j) =>
      timeout(j, {
        packet: { ...j.late, timeoutTimestamp: 1n },
        height: j.early,
        proof: await prove(j.target, 'timeout', j.late, j.early),
      }),
    hub: 'ibc/86',
    simd: '?',
  },
  {
    name: 'another amount than was sent',
    forge: (j) => timeout(j, { packet: retold(j.late, { amount: '1000000' }) }),
    hub: 'ibc/86',
    simd: '?',
  },
  {
    name: "at a stranger's client that names ours as its counterparty",
    forge: (j) => timeout(j, { packet: { ...j.late, destinationClient: j.strangerOnTarget } }),
    hub: 'ibc/81',
    simd: '?',
  },
  {
    name: 'a packet that was never sent',
    forge: (j) => timeout(j, { packet: { ...j.late, sequence: 99n } }),
    hub: 'noop',
    simd: '?',
  },
  {
    name: 'an unknown height',
    forge: (j) => timeout(j, { height: j.lateHeight + 100_000n }),
    hub: '07-tendermint/21',
    simd: '?',
  },
  { name: 'no proof', forge: (j) => timeout(j, { proof: new Uint8Array() }), hub: 'ibc/6', simd: '?' },
  {
    name: 'a proof of noise',
    forge: (j) => timeout(j, { proof: utf8('trust me') }),
    hub: 'ics23/1',
    simd: '?',
  },
]

/** `MsgAcknowledgement` of the source's attacker; honest where nothing else is claimed. */
export function ack(j: Answered, appAcknowledgements: Uint8Array[], claim: Claim = {}): Any {
  return acknowledgement(j.source, {
    packet: claim.packet ?? j.paid,
    answers: appAcknowledgements,
    proof: claim.proof ?? j.answerProof,
    height: claim.height ?? j.answerHeight,
  })
}

/** `MsgAcknowledgement` of a host's attacker. */
export function acknowledgement(
  host: Host,
  parts: { packet: Packet; answers: readonly Uint8Array[]; proof: Uint8Array; height: bigint },
): Any {
  const { packet, answers, proof: proofAcked, height } = parts
  const proofHeight = { revisionNumber: 1n, revisionHeight: height }
  const acknowledged = { appAcknowledgements: [...answers] }
  const message = {
    packet,
    acknowledgement: acknowledged,
    proofAcked,
    proofHeight,
    signer: host.attacker.address,
  }
  return {
    typeUrl: '/ibc.core.channel.v2.MsgAcknowledgement',
    value: MsgAcknowledgement.encode(message).finish(),
  }
}

/** `MsgTimeout` of the source's attacker; honest where nothing else is claimed. */
export function timeout(j: TimedOut, claim: Claim = {}): Any {
  const proofHeight = { revisionNumber: 1n, revisionHeight: claim.height ?? j.lateHeight }
  const packet = claim.packet ?? j.late
  const message = {
    packet,
    proofUnreceived: claim.proof ?? j.absence,
    proofHeight,
    signer: j.source.attacker.address,
  }
  return { typeUrl: '/ibc.core.channel.v2.MsgTimeout', value: MsgTimeout.encode(message).finish() }
}

/** `MsgRecvPacket` of the target's attacker; honest where nothing else is claimed. */
export function recv(j: Journey, claim: Claim = {}): Any {
  return recvMessage(j.target, claim.packet ?? j.paid, claim.proof ?? j.proof, claim.height ?? j.height)
}

/** The bytes with one bit of the byte at `index` changed. */
export function flipped(bytes: Uint8Array, index = bytes.length - 1): Uint8Array {
  return bytes.map((byte, i) => (i === index ? byte ^ 1 : byte))
}

async function proven(j: Journey, packet: Packet, claimed = packet): Promise<Any> {
  return recv(j, { packet: claimed, proof: await prove(j.source, 'recv', packet, j.height) })
}

/** On the hub that client's counterparty has the very name of the packet's source: the proof must tell them apart. */
async function toZoneClient(j: Journey): Promise<Any> {
  const { latestHeight } = await j.target.chain.clientView(ZONE_CLIENT)
  return recv(j, { packet: { ...j.paid, destinationClient: ZONE_CLIENT }, height: latestHeight })
}

async function fromLookalike(j: Journey): Promise<Any> {
  const { chain } = j.attacked === 'hub' ? j.stage.lookalikes.zone : j.stage.lookalikes.hub
  const packet = stolenPacket(j.attacked, j.target.attacker.address)
  return recv(j, { packet, proof: await prove({ chain }, 'recv', packet, (await chain.head()).height) })
}

function retold(packet: Packet, changes: Partial<FungibleTokenPacketData>): Packet {
  const payload = packet.payloads[0]!
  const value = FungibleTokenPacketData.encode({
    ...FungibleTokenPacketData.decode(payload.value),
    ...changes,
  }).finish()
  return { ...packet, payloads: [{ ...payload, value }] }
}

function reproven(j: Journey, change: (proofs: readonly CommitmentProof[]) => CommitmentProof[]): Uint8Array {
  return MerkleProof.encode({ proofs: change(MerkleProof.decode(j.proof).proofs) }).finish()
}

type ChangeExistence = (proof: ExistenceProof) => ExistenceProof

function lower(j: Journey, change: ChangeExistence): Uint8Array {
  return reproven(j, ([one, two]) => [{ ...one!, exist: change(one!.exist!) }, two!])
}

function upper(j: Journey, change: ChangeExistence): Uint8Array {
  return reproven(j, ([one, two]) => [one!, { ...two!, exist: change(two!.exist!) }])
}

function thirdChild(proof: ExistenceProof): ExistenceProof {
  const [first, ...others] = proof.path
  return { ...proof, path: [{ ...first!, suffix: new Uint8Array(first!.suffix.length + 33) }, ...others] }
}

function otherSibling(proof: ExistenceProof): ExistenceProof {
  const last = proof.path.at(-1)!
  const changed =
    last.suffix.length > 0
      ? { ...last, suffix: flipped(last.suffix) }
      : { ...last, prefix: flipped(last.prefix) }
  return { ...proof, path: [...proof.path.slice(0, -1), changed] }
}
