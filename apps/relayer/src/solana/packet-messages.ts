import { commitmentLeaf, encodeEvmProof } from '@causeway/light-clients'
import {
  acknowledgementCommitment,
  ERROR_ACKNOWLEDGEMENT,
  isErrorAcknowledgement,
  SUCCESS_ACKNOWLEDGEMENT,
} from '@causeway/messaging'
import {
  acknowledgeInstruction,
  acknowledgeMessage,
  hubStateAddress,
  openWalletInstruction,
  receiveInstruction,
  receiveMessage,
  refundAccounts,
  timeoutInstruction,
  timeoutMessage,
  VAULT_PORT,
  withdrawalAccounts,
} from '@causeway/contracts-solana'
import type { BufferedMessage, PacketPlaces } from '@causeway/contracts-solana'
import { isProtocolError } from '@causeway/primitives'
import { Acknowledgement } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { SystemProgram } from '@solana/web3.js'
import type { PublicKey, TransactionInstruction } from '@solana/web3.js'

import type { ProvenWork } from '../chain.ts'
import { RelayError } from '../errors.ts'
import type { ClientPlaces, ProgramAddresses } from './hub-client.ts'
import type { PayoutPlaces } from './payouts.ts'
import type { ReceiptPlace } from './proof-side.ts'

/** A message with all that is known of where it goes. */
export interface PreparedWork {
  readonly proven: ProvenWork
  /** As the core reads it. */
  readonly proof: Uint8Array
  readonly payout: PayoutPlaces | undefined
  /** Who paid for the account of a packet that ends. */
  readonly rentPayer: PublicKey | undefined
}

/** Where messages of a flight go. */
export interface DeliveryPlaces {
  readonly programs: ProgramAddresses
  readonly clientId: string
  readonly client: ClientPlaces
  readonly payer: PublicKey
}

/** The packed proof. Throws `RelayError` (message) for an endpoint's strange one. */
export function packProof(proof: Uint8Array): Uint8Array {
  try {
    return encodeEvmProof(proof)
  } catch (error) {
    if (isProtocolError(error)) throw new RelayError('message', 'now', `a proof of no form: ${error.message}`)
    throw error
  }
}

/** The one answer in an acknowledgement. Throws `RelayError` (message) when there are others. */
export function readAnswer({ work }: ProvenWork): Uint8Array {
  const { appAcknowledgements } = Acknowledgement.decode(work.acknowledgement ?? new Uint8Array())
  const [answer, ...more] = appAcknowledgements
  if (answer !== undefined && more.length === 0) return answer
  const text = `an acknowledgement of ${appAcknowledgements.length} applications: the core takes one`
  throw new RelayError('message', 'never', text)
}

/** The message's bytes. `place`: what stands in the tree of receipts before it; only for what is received. */
export function messageBytes({ proven, proof }: PreparedWork, place: ReceiptPlace): Uint8Array {
  const { packet, kind } = proven.work
  if (kind === 'recv') return receiveMessage(packet, place.leaf, place.path, proof)
  if (kind === 'ack') return acknowledgeMessage(packet, readAnswer(proven), proof)
  return timeoutMessage(packet, proof)
}

/**
 * The instructions that deliver a message which stands in an account: the last one is the message itself,
 * before it the recipient's token account is made where there is none.
 */
export function deliver(
  prepared: PreparedWork,
  message: BufferedMessage,
  delivery: DeliveryPlaces,
): TransactionInstruction[] {
  const { payout, proven } = prepared
  const { payer } = delivery
  const places = placesOf(prepared, delivery)
  const before =
    payout?.isAccountMissing === true && places.accounts.length > 0
      ? [openWalletInstruction(payer, payout.wallet, payout.places)]
      : []
  const { sequence } = proven.work.packet
  if (proven.work.kind === 'recv') return [...before, receiveInstruction(places, message)]
  const end = { sequence, rentPayer: prepared.rentPayer ?? payer }
  return [
    ...before,
    proven.work.kind === 'ack'
      ? acknowledgeInstruction(places, end, message)
      : timeoutInstruction(places, end, message),
  ]
}

/** What the vault will answer, as far as one can tell before it runs: `spent` left the line before. */
export function foreseenAnswer({ payout }: PreparedWork, spent: bigint): Uint8Array {
  const isPaid = payout?.line !== undefined && payout.amount + spent <= payout.line.escrowed
  return isPaid ? SUCCESS_ACKNOWLEDGEMENT : ERROR_ACKNOWLEDGEMENT
}

/** The leaf that an answer leaves in the tree of receipts. */
export function receiptLeaf(answer: Uint8Array): Uint8Array {
  return commitmentLeaf(acknowledgementCommitment([answer]))
}

function placesOf({ proven, payout }: PreparedWork, delivery: DeliveryPlaces): PacketPlaces {
  const { programs, clientId, client, payer } = delivery
  const { work, proofHeight } = proven
  const [payload] = work.packet.payloads
  if (payload === undefined || work.packet.payloads.length > 1)
    throw new RelayError('message', 'never', 'the core takes packets of one payload')
  const port = work.kind === 'recv' ? payload.destinationPort : payload.sourcePort
  const { sequence } = work.packet
  const isRefund =
    work.kind === 'timeout' || (work.kind === 'ack' && isErrorAcknowledgement([readAnswer(proven)]))
  const accounts =
    port !== VAULT_PORT || payout === undefined
      ? []
      : work.kind === 'recv'
        ? withdrawalAccounts(payout.places, { recipient: payout.wallet, sequence, payer })
        : isRefund
          ? refundAccounts(payout.places, payout.wallet)
          : []
  return {
    ...{ core: programs.core, clientId, lightState: client.core.lightState, port, accounts },
    consensus: hubStateAddress(client.address, proofHeight.revisionHeight),
    // On a port of nobody the core answers by itself
    application: port === VAULT_PORT ? programs.vault : SystemProgram.programId,
  }
}
