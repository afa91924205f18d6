import type { CalledInstruction, UploadAccounts } from '@causeway/contracts-solana'
import { concatBytes, equalBytes } from '@causeway/primitives'
import type { AddressLookupTableAccount, TransactionInstruction } from '@solana/web3.js'

import type { Outcome } from '../chain.ts'
import { asRelayError, RelayError } from '../errors.ts'
import { workKey } from '../plan/work.ts'
import type { Work } from '../plan/work.ts'
import { ACCOUNTS_MAX, countAccounts } from './count-accounts.ts'
import type { LookupTable } from './lookup-table.ts'
import { readEvents } from './packet-history.ts'
import { deliver, foreseenAnswer, messageBytes, receiptLeaf } from './packet-messages.ts'
import type { DeliveryPlaces, PreparedWork } from './packet-messages.ts'
import { readBuffered } from './read-buffered.ts'
import type { Receipts } from './receipts.ts'
import { ofTheLane } from './refusals.ts'
import { transactionBytes, TRANSACTION_BYTES_MAX } from './submitter.ts'
import type { Landed, SolanaSubmitter } from './submitter.ts'
import type { Uploads } from './uploads.ts'

/** What delivering needs of the chain. */
export interface DeliveryPorts {
  readonly submitter: SolanaSubmitter
  readonly uploads: Uploads
  readonly lookups: LookupTable
  readonly receipts: Receipts
  readonly places: DeliveryPlaces
}

/** How one transaction ended, before it is final. */
export interface Delivered {
  readonly landed: Landed | undefined
  readonly outcome: Outcome
}

/** Bytes of one buffer: its rent is about 0.17 SOL until it is closed. */
export const UPLOAD_BYTES_MAX = 24_000

/** A message with what it is foreseen to do. */
interface Foreseen {
  readonly prepared: PreparedWork
  readonly bytes: Uint8Array
  /** Only of what is received. */
  readonly answer: Uint8Array | undefined
}

/** Of a transaction: its messages, each with its instructions. */
interface Packed {
  readonly tables: readonly AddressLookupTableAccount[]
  readonly messages: readonly Foreseen[]
  readonly instructions: readonly (readonly TransactionInstruction[])[]
}

/**
 * Delivers what one buffer holds. The path of each receipt counts on the answers before it: where one is
 * otherwise, or a message is refused, those behind it are left for the next flight, whose paths are right.
 */
export async function deliverGroup(
  ports: DeliveryPorts,
  group: readonly PreparedWork[],
): Promise<{ delivered: Delivered[]; isAsForeseen: boolean }> {
  const messages = foresee(ports, group)
  const whole = concatBytes(...messages.map((one) => one.bytes))
  const { accounts, fees } = await ports.uploads.put(whole).catch((error: unknown) => {
    throw ofTheLane(error)
  })
  const delivered: Delivered[] = []
  let isAsForeseen = true
  // Where one throws, nothing is wrong with what stands in the buffer: the next flight goes on with it.
  const tables = await ports.lookups.usable().catch(() => [])
  for (const packed of pack(ports, messages, accounts, tables)) {
    const share = delivered.length === 0 ? fees : 0n
    const part: Sent = isAsForeseen ? await sendPacked(ports, packed, share) : leave(packed.messages)
    delivered.push(...part.delivered)
    isAsForeseen &&= part.isAsForeseen
  }
  ports.uploads.finish(accounts)
  return { delivered, isAsForeseen }
}

function foresee({ receipts }: DeliveryPorts, group: readonly PreparedWork[]): Foreseen[] {
  const spent = new Map<string, bigint>()
  return group.map((prepared) => {
    const { sequence } = prepared.proven.work.packet
    const bytes = messageBytes(prepared, receipts.place(sequence))
    if (prepared.proven.work.kind !== 'recv') return { prepared, bytes, answer: undefined }
    const mint = prepared.payout?.mint.toBase58() ?? ''
    const answer = foreseenAnswer(prepared, spent.get(mint) ?? 0n)
    spent.set(mint, (spent.get(mint) ?? 0n) + (prepared.payout?.amount ?? 0n))
    receipts.assume(sequence, receiptLeaf(answer))
    return { prepared, bytes, answer }
  })
}

/** As many messages a transaction as it has room for; one that has to travel apart has its own. */
function pack(
  { submitter, places, lookups }: DeliveryPorts,
  messages: readonly Foreseen[],
  accounts: UploadAccounts,
  tables: readonly AddressLookupTableAccount[],
): Packed[] {
  const packs: { messages: Foreseen[]; instructions: TransactionInstruction[][] }[] = []
  let offset = 0
  for (const message of messages) {
    const part = readBuffered(accounts, offset, message.bytes.length)
    offset += message.bytes.length
    const own = deliver(message.prepared, part, places)
    lookups.note(own)
    const open = packs.at(-1)
    const together = [...(open?.instructions ?? []), own].flat()
    const isRoomy =
      countAccounts(submitter.payer, together) <= ACCOUNTS_MAX &&
      transactionBytes(submitter.payer, together, tables) <= TRANSACTION_BYTES_MAX
    const isApart = isAlone(message) || (open !== undefined && isAlone(open.messages[0]!))
    if (open === undefined || isApart || !isRoomy) packs.push({ messages: [message], instructions: [own] })
    else {
      open.messages.push(message)
      open.instructions.push(own)
    }
  }
  return packs.map((one) => ({ ...one, tables }))
}

function isAlone({ prepared }: Foreseen): boolean {
  return prepared.proven.work.apart
}

type Sent = { delivered: Delivered[]; isAsForeseen: boolean }

/**
 * Sends a transaction, or of it what goes through: up to the first message that would be refused. That one
 * is told; those behind it did nothing wrong.
 */
async function sendPacked(ports: DeliveryPorts, packed: Packed, fees: bigint): Promise<Sent> {
  const { submitter } = ports
  const { messages, tables } = packed
  const instructions = packed.instructions.flat()
  const { error, logs, called, units } = await submitter
    .simulate({ instructions, tables })
    .catch((cause: unknown) => {
      throw ports.lookups.isToBlame(cause) ? withoutTable() : cause
    })
  if (error !== null) {
    if (ports.lookups.isToBlame(error)) throw withoutTable()
    const reason = submitter.classify(error, logs, { instructions, firstMessage: 0 })
    const isOne = messages.length === 1
    const isNobodys = reason.failure === 'transaction' && reason.messageIndex === undefined
    if (!isOne && (reason.failure === 'gas' || isNobodys)) return await sendHalves(ports, packed, fees)
    const guilty = isNobodys ? 0 : messageOf(packed, reason.messageIndex)
    if (guilty === undefined) throw reason
    if (guilty > 0) {
      const first = await sendPacked(ports, slice(packed, 0, guilty), fees)
      const behind = messages.slice(guilty)
      // Its path is right only behind the answers that were foreseen
      const rest = first.isAsForeseen ? refuse(behind, reason) : leave(behind)
      return { delivered: [...first.delivered, ...rest.delivered], isAsForeseen: false }
    }
    return refuse(messages, reason)
  }
  const isAsForeseen = isForeseen(ports, messages, called)
  try {
    const purpose = messages.map(({ prepared }) => workKey(prepared.proven.work)).join(' ')
    const landed = await submitter.send({ instructions, tables, units, firstMessage: 0, purpose })
    const { fee } = landed.inclusion
    const inclusion = { ...landed.inclusion, fee: { ...fee, amount: fee.amount + fees } }
    const done = messages.map(({ prepared }) => prepared.proven.work)
    const outcome = { inclusion, done, failed: [], error: undefined }
    return { delivered: [{ landed, outcome }], isAsForeseen }
  } catch (cause) {
    const reason = asRelayError(cause)
    const guilty = messageOf(packed, reason.messageIndex)
    if (guilty === undefined) throw reason
    return refuse(messages, reason, guilty)
  }
}

async function sendHalves(ports: DeliveryPorts, packed: Packed, fees: bigint): Promise<Sent> {
  const middle = Math.ceil(packed.messages.length / 2)
  const first = await sendPacked(ports, slice(packed, 0, middle), fees)
  const rest = first.isAsForeseen
    ? await sendPacked(ports, slice(packed, middle), 0n)
    : leave(packed.messages.slice(middle))
  return { delivered: [...first.delivered, ...rest.delivered], isAsForeseen: rest.isAsForeseen }
}

/** Whether every answer is the one that the paths behind it count on. */
function isForeseen(
  { places }: DeliveryPorts,
  messages: readonly Foreseen[],
  called: readonly CalledInstruction[],
): boolean {
  const answers = readEvents(called, places.programs.core).flatMap((event) =>
    event.kind === 'write_acknowledgement' ? [event.acknowledgement ?? new Uint8Array()] : [],
  )
  const foreseen = messages.flatMap(({ answer }) => answer ?? [])
  return foreseen.every((answer, index) => answers[index] !== undefined && equalBytes(answer, answers[index]))
}

/** Which message an instruction belongs to; `undefined`: none of them. */
function messageOf({ instructions }: Packed, index: number | undefined): number | undefined {
  let end = 0
  const found = instructions.findIndex((own) => index !== undefined && index < (end += own.length))
  return found === -1 ? undefined : found
}

function slice({ messages, instructions, tables }: Packed, from: number, to?: number): Packed {
  return { tables, messages: messages.slice(from, to), instructions: instructions.slice(from, to) }
}

/**
 * One message is refused with its reason, and named: it counts as an attempt whatever the reason, so that
 * it leads no flight for ever. The others of its transaction are left.
 */
function refuse(messages: readonly Foreseen[], reason: RelayError, guilty = 0): Sent {
  const { failure, retry, message } = reason
  const failed = messages.map(({ prepared: { proven } }, index) => ({
    work: proven.work,
    error: index === guilty ? new RelayError(failure, retry, message, { messageIndex: index }) : left(),
  }))
  const outcome = { inclusion: undefined, done: [], failed, error: undefined }
  return { delivered: [{ landed: undefined, outcome }], isAsForeseen: false }
}

function leave(messages: readonly Foreseen[]): Sent {
  const works: readonly Work[] = messages.map(({ prepared }) => prepared.proven.work)
  const failed = works.map((work) => ({ work, error: left() }))
  const outcome = { inclusion: undefined, done: [], failed, error: undefined }
  return { delivered: failed.length === 0 ? [] : [{ landed: undefined, outcome }], isAsForeseen: false }
}

function left(): RelayError {
  return new RelayError('transaction', 'now', 'left for the next flight: its receipt’s path changed')
}

function withoutTable(): RelayError {
  return new RelayError('endpoint', 'now', 'the lookup table is not there: the next flight does without')
}
