// What a relayer does: brings packets of the hub here, and answers of the hub to ours.
import type { AccountMeta, PublicKey, TransactionInstruction } from '@solana/web3.js'
import { EMPTY_LEAF, commitmentLeaf } from '@causeway/light-clients'
import {
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  encodeTransfer,
  packetAcknowledgementKey,
  packetCommitment,
  packetCommitmentKey,
} from '@causeway/messaging'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import {
  acknowledgeInstruction,
  acknowledgeMessage,
  receiveInstruction,
  receiveMessage,
  timeoutInstruction,
  timeoutMessage,
} from '../src/core/instructions.ts'
import type { PacketPlaces } from '../src/core/instructions.ts'
import { readCoreEvents } from '../src/core/events.ts'
import type { BufferedMessage } from '../src/instruction.ts'
import { VAULT_PORT, refundAccounts, withdrawalAccounts } from '../src/vault/instructions.ts'
import type { LinePlaces } from '../src/vault/instructions.ts'
import { CLIENT, HUB_ACCOUNT, uploaded } from './bridge.fixture.ts'
import type { Bridge } from './bridge.fixture.ts'
import { HUB_CLIENT, START_SECONDS } from './hub.fixture.ts'
import { send } from './svm.fixture.ts'
import type { Sent } from './svm.fixture.ts'

/** What a withdrawal says; what is left out is right. */
export interface Withdrawal {
  readonly sequence: bigint
  readonly recipient: PublicKey | string
  readonly amount: bigint
  readonly denom?: string
  readonly timeoutSeconds?: bigint
}

/** A withdrawal's packet as the hub sends it. */
export function withdrawal({ line }: Bridge, order: Withdrawal): Packet {
  const payload = encodeTransfer(
    {
      denom: order.denom ?? `transfer/${HUB_CLIENT}/${line.mint.toBase58()}`,
      sender: HUB_ACCOUNT,
      receiver: order.recipient.toString(),
      amount: order.amount,
      memo: '',
    },
    'application/x-solidity-abi',
  )
  return {
    sequence: order.sequence,
    sourceClient: HUB_CLIENT,
    destinationClient: CLIENT,
    timeoutTimestamp: order.timeoutSeconds ?? START_SECONDS + 3_600n,
    payloads: [payload],
  }
}

/** The hub sends a packet; the state that the chain sees it by. */
export function sendOnHub({ hub }: Bridge, ...packets: readonly Packet[]): PublicKey {
  return hub.commit(
    packets.map((packet) => [
      packetCommitmentKey(packet.sourceClient, packet.sequence),
      packetCommitment(packet),
    ]),
  )
}

/** The hub answers a packet of ours; the state that the chain sees it by. */
export function answerOnHub({ hub }: Bridge, packet: Packet, answer: Uint8Array): PublicKey {
  const key = packetAcknowledgementKey(packet.destinationClient, packet.sequence)
  return hub.commit([[key, acknowledgementCommitment([answer])]])
}

/** Where a packet is judged. */
export function placesOf(
  { core, vault, line }: Bridge,
  consensus: PublicKey,
  accounts: readonly AccountMeta[],
): PacketPlaces {
  const { lightState } = line
  return { core, clientId: CLIENT, lightState, consensus, port: VAULT_PORT, application: vault, accounts }
}

/** What may be otherwise than an honest relayer does it. */
export interface Otherwise {
  readonly places?: Partial<PacketPlaces>
  readonly proof?: Uint8Array
  readonly leaf?: Uint8Array
  readonly line?: Partial<LinePlaces>
  readonly recipient?: PublicKey
  readonly message?: (message: Uint8Array) => Uint8Array
  /** Instructions that stand before it in its transaction. */
  readonly before?: readonly TransactionInstruction[]
}

let uploads = 0

/** Relays a withdrawal; the tree of receipts is kept. */
export async function receive(
  bridge: Bridge,
  packet: Packet,
  consensus: PublicKey,
  recipient: PublicKey,
  otherwise: Otherwise = {},
): Promise<Sent> {
  const index = packet.sequence - 1n
  const proof = otherwise.proof ?? bridge.hub.prove(packetCommitmentKey(packet.sourceClient, packet.sequence))
  const leaf = otherwise.leaf ?? EMPTY_LEAF
  const whole = receiveMessage(packet, leaf, bridge.receipts.prove(index), proof)
  const message = await placed(bridge, (otherwise.message ?? ((bytes) => bytes))(whole))
  const order = { recipient, sequence: packet.sequence, payer: bridge.payer.publicKey }
  const accounts = withdrawalAccounts({ ...bridge.line, ...otherwise.line }, order)
  const places = { ...placesOf(bridge, consensus, accounts), ...otherwise.places }
  const sent = send(bridge, [...(otherwise.before ?? []), receiveInstruction(places, message)])
  const [event] = readCoreEvents(sent.called, bridge.core.toBase58())
  if (sent.error === undefined && event?.acknowledgement) {
    bridge.receipts.set(index, commitmentLeaf(acknowledgementCommitment([event.acknowledgement])))
  }
  return sent
}

/** How the withdrawal was answered: undefined if nothing was written. */
export function answerOf({ core }: Bridge, { called, error }: Sent): 'success' | 'refused' | undefined {
  const [event] = error === undefined ? readCoreEvents(called, core.toBase58()) : []
  const text = event?.acknowledgement && Buffer.from(event.acknowledgement).toString('hex')
  if (text === Buffer.from(SUCCESS_ACKNOWLEDGEMENT).toString('hex')) return 'success'
  return text === Buffer.from(ERROR_ACKNOWLEDGEMENT).toString('hex') ? 'refused' : undefined
}

/** Relays the hub's answer to a deposit. */
export async function acknowledge(
  bridge: Bridge,
  packet: Packet,
  answer: Uint8Array,
  consensus: PublicKey,
  otherwise: Otherwise = {},
): Promise<Sent> {
  const key = packetAcknowledgementKey(packet.destinationClient, packet.sequence)
  const proof = otherwise.proof ?? bridge.hub.prove(key)
  const message = await placed(bridge, acknowledgeMessage(packet, answer, proof))
  const places = endPlaces(bridge, consensus, otherwise)
  const { sequence } = packet
  const end = acknowledgeInstruction(places, { sequence, rentPayer: bridge.payer.publicKey }, message)
  return send(bridge, [end])
}

/** Relays that the hub has no receipt of a deposit. */
export async function timeOut(
  bridge: Bridge,
  packet: Packet,
  consensus: PublicKey,
  proof: Uint8Array,
  otherwise: Otherwise = {},
): Promise<Sent> {
  const message = await placed(bridge, timeoutMessage(packet, proof))
  const places = endPlaces(bridge, consensus, otherwise)
  const { sequence } = packet
  return send(bridge, [timeoutInstruction(places, { sequence, rentPayer: bridge.payer.publicKey }, message)])
}

function endPlaces(bridge: Bridge, consensus: PublicKey, otherwise: Otherwise): PacketPlaces {
  const depositor = otherwise.recipient ?? bridge.owner.publicKey
  const accounts = refundAccounts({ ...bridge.line, ...otherwise.line }, depositor)
  return { ...placesOf(bridge, consensus, accounts), ...otherwise.places }
}

/** Messages that are too long for a transaction beside its accounts are uploaded. */
async function placed(bridge: Bridge, message: Uint8Array): Promise<Uint8Array | BufferedMessage> {
  if (message.length < 500) return message
  return uploaded(bridge, message, `message ${uploads++}`)
}
