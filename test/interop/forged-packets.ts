import { concatBytes } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import type { CommitmentProof, ExistenceProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { FungibleTokenPacketData } from '@causeway/protocol/ibc/applications/transfer/v1/packet'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { MsgAcknowledgement, MsgTimeout } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { prove, recvMessage } from './attack-journey.ts'
import type { Journey } from './attack-journey.ts'
import type { Host } from './attack-stage.ts'
import { CLIENT, ZONE_CLIENT, stolenPacket } from './hostile-packets.ts'

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

/** What of an honest message is replaced. */
export interface Claim {
  readonly packet?: Packet
  readonly proof?: Uint8Array
  readonly height?: bigint
}

/** `MsgRecvPacket` for `paid`, of the target's attacker; honest where nothing else is claimed. */
export function recv(j: Journey, claim: Claim = {}): Any {
  return recvMessage(j.target, claim.packet ?? j.paid, claim.proof ?? j.proof, claim.height ?? j.height)
}

/** The same for a packet that differs in these fields. */
export function recvAs(j: Journey, fields: Partial<Packet>): Any {
  return recv(j, { packet: { ...j.paid, ...fields } })
}

/** The same with the true proof of another packet; `claimed` is what it is said to be. */
export async function recvProven(j: Journey, packet: Packet, claimed = packet): Promise<Any> {
  return recv(j, { packet: claimed, proof: await prove(j.source, 'recv', packet, j.height) })
}

/**
 * On the hub that client's counterparty has the very name of the packet's source: the proof must tell them
 * apart.
 */
export async function recvByZoneClient(j: Journey): Promise<Any> {
  const { latestHeight } = await j.target.chain.clientView(ZONE_CLIENT)
  return recv(j, { packet: { ...j.paid, destinationClient: ZONE_CLIENT }, height: latestHeight })
}

/** With the true proof of a chain that has the source's ids, and in its state what would empty an escrow. */
export async function recvFromLookalike(j: Journey): Promise<Any> {
  const { chain } = j.attacked === 'hub' ? j.stage.lookalikes.zone : j.stage.lookalikes.hub
  const packet = stolenPacket(j.attacked, j.target.attacker.address)
  return recv(j, { packet, proof: await prove({ chain }, 'recv', packet, (await chain.head()).height) })
}

/** `MsgAcknowledgement` for `paid`, of the source's attacker; honest where nothing else is claimed. */
export function ack(j: Answered, answers: readonly Uint8Array[], claim: Claim = {}): Any {
  return acknowledgement(j.source, {
    packet: claim.packet ?? j.paid,
    answers,
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
  const answered = { appAcknowledgements: [...answers] }
  const message = {
    packet,
    acknowledgement: answered,
    proofAcked,
    proofHeight,
    signer: host.attacker.address,
  }
  return {
    typeUrl: '/ibc.core.channel.v2.MsgAcknowledgement',
    value: MsgAcknowledgement.encode(message).finish(),
  }
}

/** `MsgTimeout` for `late`, of the source's attacker; honest where nothing else is claimed. */
export function timeout(j: TimedOut, claim: Claim = {}): Any {
  const { packet = j.late, proof: proofUnreceived = j.absence, height = j.lateHeight } = claim
  const proofHeight = { revisionNumber: 1n, revisionHeight: height }
  const message = { packet, proofUnreceived, proofHeight, signer: j.source.attacker.address }
  return { typeUrl: '/ibc.core.channel.v2.MsgTimeout', value: MsgTimeout.encode(message).finish() }
}

/** The same from before anything was received or timed out, truly proven. */
export async function timeoutEarly(j: TimedOut, packet: Packet, claimed = packet): Promise<Any> {
  const proof = await prove(j.target, 'timeout', packet, j.early)
  return timeout(j, { packet: claimed, height: j.early, proof })
}

/** The bytes with one bit of the byte at `index` changed. */
export function flipped(bytes: Uint8Array, index = bytes.length - 1): Uint8Array {
  return bytes.map((byte, i) => (i === index ? byte ^ 1 : byte))
}

/** The packet telling of another transfer. */
export function retold(packet: Packet, changes: Partial<FungibleTokenPacketData>): Packet {
  const payload = packet.payloads[0]!
  const data = { ...FungibleTokenPacketData.decode(payload.value), ...changes }
  return { ...packet, payloads: [{ ...payload, value: FungibleTokenPacketData.encode(data).finish() }] }
}

/** The honest proof with its two layers, the packet store's tree and the tree of stores, rearranged. */
export function reproven(
  j: Journey,
  change: (proofs: readonly CommitmentProof[]) => readonly CommitmentProof[],
): Uint8Array {
  return MerkleProof.encode({ proofs: [...change(MerkleProof.decode(j.proof).proofs)] }).finish()
}

type ChangeExistence = (proof: ExistenceProof) => ExistenceProof

/** The honest proof, changed in the packet store's tree. */
export function lower(j: Journey, change: ChangeExistence): Uint8Array {
  return reproven(j, ([one, two]) => [{ ...one!, exist: change(one!.exist!) }, two!])
}

/** The honest proof, changed in the tree of stores. */
export function upper(j: Journey, change: ChangeExistence): Uint8Array {
  return reproven(j, ([one, two]) => [one!, { ...two!, exist: change(two!.exist!) }])
}

/** The lowest inner node with one child more (BNB 2022). */
export function withThirdChild(proof: ExistenceProof): ExistenceProof {
  const [first, ...others] = proof.path
  return {
    ...proof,
    path: [{ ...first!, suffix: new Uint8Array(first!.suffix.length + 33) }, ...others],
  }
}

/** The highest inner node with another sibling. */
export function withOtherSibling(proof: ExistenceProof): ExistenceProof {
  const top = proof.path.at(-1)!
  const changed =
    top.suffix.length > 0 ? { ...top, suffix: flipped(top.suffix) } : { ...top, prefix: flipped(top.prefix) }
  return { ...proof, path: [...proof.path.slice(0, -1), changed] }
}

/** The message with an unknown field that opens ten thousand groups and closes them again. */
export function withGroups(message: Any): Any {
  return { ...message, value: concatBytes(message.value, groups()) }
}

/** Ten thousand groups of field 15 in one another: a decoder that recurses into what it skips falls over. */
export function groups(): Uint8Array {
  return concatBytes(new Uint8Array(10_000).fill(0x7b), new Uint8Array(10_000).fill(0x7c))
}

/** The packet in the name of our counterparty. */
export function asCounterparty(packet: Packet): Packet {
  return { ...packet, sourceClient: CLIENT }
}
