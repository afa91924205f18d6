import type { PublicKey } from '@solana/web3.js'
import { createAssociatedTokenAccountIdempotentInstruction } from '@solana/spl-token'
import {
  VAULT_PORT,
  associatedAddress,
  depositInstruction,
  encodeHeader,
  hubStateAddress,
  readTransactionEvents,
  receiveInstruction,
  receiveMessage,
  updateHubClient,
  uploadAccounts,
  uploadInstructions,
  uploadedMessage,
  UPLOAD_HEADER_BYTES,
  withdrawalAccounts,
} from '@causeway/contracts-solana'
import type { BufferedMessage, LinePlaces } from '@causeway/contracts-solana'
import { EMPTY_LEAF } from '@causeway/light-clients'
import type { AttestationHeader, SparseTree } from '@causeway/light-clients'
import { encodeTransfer } from '@causeway/messaging'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { TransactionInstruction } from '@solana/web3.js'
import { CLIENT, HUB_CLIENT, clusterTime } from './bridge.ts'
import type { Bridge, Deployed } from './bridge.ts'
import type { Receipt } from './sender.ts'

/** Who is credited on the hub. */
export const HUB_ACCOUNT = 'cway1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwx'
const TIMEOUT_SECONDS = 3_600n
/** A longer message does not fit beside its accounts. */
const INLINE_BYTES_MAX = 500

/** The instruction by which the owner deposits, for an account on the hub. */
export async function depositing(
  { owner, sender }: Deployed,
  line: LinePlaces,
  { amount, sequence, receiver }: { amount: bigint; sequence: bigint; receiver: string },
): Promise<TransactionInstruction> {
  const timeoutSeconds = (await clusterTime(sender.connection)) + TIMEOUT_SECONDS
  const order = { amount, timeoutSeconds, receiver, memo: '' }
  const from = { depositor: owner.publicKey, payer: sender.payer.publicKey, sequences: [sequence] }
  return depositInstruction(line, order, from)
}

/** What the core told of one packet in a transaction. */
export function eventOf({ programs }: Bridge, { transaction, logs }: Receipt) {
  const [event] = readTransactionEvents(transaction, programs.core.toBase58())
  if (!event) throw new Error(`no packet was told of:\n${logs.join('\n')}`)
  return event
}

/** A withdrawal's packet as the hub sends it. */
export function withdrawal(
  { mint }: LinePlaces,
  order: { sequence: bigint; recipient: PublicKey; amount: bigint; timeoutTimestamp: bigint },
): Packet {
  const payload = encodeTransfer(
    {
      denom: `transfer/${HUB_CLIENT}/${mint.toBase58()}`,
      sender: HUB_ACCOUNT,
      receiver: order.recipient.toBase58(),
      amount: order.amount,
      memo: '',
    },
    'application/x-solidity-abi',
  )
  const { sequence, timeoutTimestamp } = order
  return {
    sequence,
    sourceClient: HUB_CLIENT,
    destinationClient: CLIENT,
    timeoutTimestamp,
    payloads: [payload],
  }
}

/** The instruction that shows the hub's client a header; what is too long is uploaded first. */
export async function updating(
  bridge: Bridge,
  header: AttestationHeader,
  name: string,
): Promise<TransactionInstruction> {
  const payer = bridge.sender.payer.publicKey
  const buffered =
    header.absentees.length > 0 ? await uploaded(bridge, encodeHeader(header), name) : undefined
  return updateHubClient(bridge.hubClient, payer, header, buffered)
}

/** The instruction that receives a withdrawal proven at a height; its recipient's account is opened first. */
export async function receiving(
  bridge: Bridge,
  line: LinePlaces,
  packet: Packet,
  { height, recipient, receipts }: { height: bigint; recipient: PublicKey; receipts: SparseTree },
): Promise<TransactionInstruction> {
  const { programs, hub, hubClient, sender } = bridge
  const payer = sender.payer.publicKey
  const { sequence } = packet
  const path = receipts.prove(sequence - 1n)
  const message = receiveMessage(packet, EMPTY_LEAF, path, hub.prove(packet))
  const account = associatedAddress(recipient, line.mint, line.tokenProgram)
  await sender.send([
    createAssociatedTokenAccountIdempotentInstruction(
      payer,
      account,
      recipient,
      line.mint,
      line.tokenProgram,
    ),
  ])
  const places = {
    core: programs.core,
    clientId: CLIENT,
    lightState: hubClient.client,
    consensus: hubStateAddress(hubClient, height),
    port: VAULT_PORT,
    application: programs.vault,
    accounts: withdrawalAccounts(line, { recipient, sequence, payer }),
  }
  const placed =
    message.length > INLINE_BYTES_MAX ? await uploaded(bridge, message, `packet ${sequence}`) : message
  return receiveInstruction(places, placed)
}

async function uploaded(
  { sender, programs }: Bridge,
  message: Uint8Array,
  name: string,
): Promise<BufferedMessage> {
  const accounts = await uploadAccounts(programs.upload, sender.payer.publicKey, name)
  const bytes = UPLOAD_HEADER_BYTES + message.length
  const rent = await sender.connection.getMinimumBalanceForRentExemption(bytes)
  const { open, writes } = uploadInstructions(accounts, name, message, rent)
  await sender.send(open)
  await sender.sendEach(writes)
  return uploadedMessage(accounts, message.length)
}
