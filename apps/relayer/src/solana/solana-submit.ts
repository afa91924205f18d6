import { decodePending, encodeHeader, packetAddress, updateHubClient } from '@causeway/contracts-solana'
import type { AttestationHeader } from '@causeway/light-clients'
import type { Any } from '@causeway/protocol/google/protobuf/any'

import type { Flight, Outcome, ProvenWork } from '../chain.ts'
import { asRelayError, RelayError } from '../errors.ts'
import { packetId } from '../plan/work.ts'
import type { Work } from '../plan/work.ts'
import type { StateCloser } from './close-states.ts'
import { deliverGroup, UPLOAD_BYTES_MAX } from './deliver-group.ts'
import type { Delivered, DeliveryPorts } from './deliver-group.ts'
import { readHeader } from './header-message.ts'
import type { ClientPlaces, ClientReadPorts, KnownClients } from './hub-client.ts'
import { messageBytes, packProof } from './packet-messages.ts'
import type { PreparedWork } from './packet-messages.ts'
import { readPayout, readPayoutPlaces } from './payouts.ts'
import { readBuffered } from './read-buffered.ts'
import { ofTheLane } from './refusals.ts'
import { transactionBytes, TRANSACTION_BYTES_MAX } from './submitter.ts'
import type { Landed } from './submitter.ts'
import { takeBackStates } from './take-back.ts'

/** What sending a flight needs of its chain. */
export interface FlightPorts extends ClientReadPorts, Omit<DeliveryPorts, 'places'> {
  readonly states: StateCloser
  readonly clients: KnownClients
}

const NOTHING_SENT = { inclusion: undefined, done: [], failed: [], error: undefined } as const

/**
 * Sends a flight: the updates one after the other, then the messages, as many a transaction as fit. What has
 * arrived already is left out before anything is paid. Transactions are sent when the one before is
 * confirmed, since each builds on the tree of receipts that it left; then `onLanded` is told, and the next
 * flight may begin. What is confirmed counts as done when it is final. Never rejects.
 */
export async function submitFlight(
  ports: FlightPorts,
  flight: Flight,
  onLanded?: (outcomes: readonly Outcome[]) => void,
): Promise<readonly Outcome[]> {
  const works = flight.batches.flat()
  const sent: Delivered[] = []
  const failure = await ports.submitter
    .inTurn(async () => {
      ports.uploads.beginFlight()
      sent.push(...(await sendUpdates(ports, flight)))
      if (works.length > 0) sent.push(...(await sendMessages(ports, flight.clientId, works)))
    })
    .then(() => undefined)
    .catch(asRelayError)
  if (failure !== undefined) {
    const settled = new Set(
      sent.flatMap(({ outcome }) => [...outcome.done, ...outcome.failed.map((one) => one.work)]),
    )
    const left = works.map(({ work }) => work).filter((work) => !settled.has(work))
    sent.push({ landed: undefined, outcome: failed(left, failure) })
  }
  onLanded?.(sent.map(({ outcome }) => outcome))
  const chores = failure === undefined ? doChores(ports, flight) : Promise.resolve()
  const outcomes = await Promise.all(sent.map((one) => finalised(ports, one)))
  await chores
  return outcomes
}

/** What can wait until messages have arrived. */
async function doChores(ports: FlightPorts, { clientId, updates }: Flight): Promise<void> {
  const { uploads, states, lookups } = ports
  await Promise.all([
    updates.length === 0 ? 0 : takeBackStates(ports, clientId).catch(() => 0), // anybody may, later as well
    uploads.tidy(),
    lookups.grow().catch(() => 0),
    uploads.sweep().catch(() => 0),
    states.look(clientId).catch(() => 0), // whatever fails: the next look tries again
  ])
}

/** What is confirmed is done when it is final; what fell out of the chain before is to be done again. */
async function finalised({ submitter }: FlightPorts, { landed, outcome }: Delivered): Promise<Outcome> {
  if (landed === undefined) return outcome
  const error = await submitter
    .finalise(landed)
    .then(() => undefined)
    .catch(asRelayError)
  if (error === undefined) return outcome
  const fallen = outcome.done.map((work) => ({ work, error }))
  return { inclusion: outcome.inclusion, done: [], failed: [...outcome.failed, ...fallen], error }
}

async function sendUpdates(ports: FlightPorts, { clientId, updates }: Flight): Promise<Delivered[]> {
  if (updates.length === 0) return []
  const client = await ports.clients.places(ports, clientId)
  const sent: Delivered[] = []
  for (const update of updates) {
    const landed = await sendUpdate(ports, client, update).catch((error: unknown) => {
      throw ofTheLane(error)
    })
    const outcome = { ...NOTHING_SENT, inclusion: landed.inclusion }
    sent.push({ landed, outcome })
  }
  return sent
}

/** A header without absentees stands in the transaction; one that is too long for that is uploaded. */
async function sendUpdate(ports: FlightPorts, client: ClientPlaces, update: Any): Promise<Landed> {
  const { submitter, uploads } = ports
  const header: AttestationHeader = readHeader(update, ports.hub)
  const purpose = `update to ${header.message.height}`
  const plain = updateHubClient(client.address, submitter.payer, header)
  if (transactionBytes(submitter.payer, [plain]) <= TRANSACTION_BYTES_MAX)
    return await submitter.send({ instructions: [plain], purpose })
  const bytes = encodeHeader(header)
  const { accounts, fees } = await uploads.put(bytes)
  const message = readBuffered(accounts, 0, bytes.length)
  const uploaded = updateHubClient(client.address, submitter.payer, header, message)
  const landed = await submitter.send({ instructions: [uploaded], purpose })
  uploads.finish(accounts)
  return withFees(landed, fees)
}

/** Groups of what one buffer holds; a group that does not go through as foreseen leaves the rest for now. */
async function sendMessages(
  ports: FlightPorts,
  clientId: string,
  works: readonly ProvenWork[],
): Promise<Delivered[]> {
  const client = await ports.clients.places(ports, clientId)
  const { prepared, outcomes } = await prepare(ports, clientId, client, works)
  const sent: Delivered[] = outcomes.map((outcome) => ({ landed: undefined, outcome }))
  const places = { programs: ports.programs, clientId, client, payer: ports.submitter.payer }
  let left = inOrder(prepared)
  while (left.length > 0) {
    const group = takeGroup(left, ports)
    left = left.slice(group.length)
    const { delivered, isAsForeseen } = await deliverGroup({ ...ports, places }, group)
    sent.push(...delivered)
    if (isAsForeseen) continue
    if (left.length > 0) sent.push({ landed: undefined, outcome: failed(worksOf(left), notAsForeseen()) })
    break
  }
  return sent
}

/** Looks up where messages go; what has arrived, and what can't be written, ends here. */
async function prepare(
  ports: FlightPorts,
  clientId: string,
  client: ClientPlaces,
  works: readonly ProvenWork[],
): Promise<{ prepared: PreparedWork[]; outcomes: Outcome[] }> {
  const { pool, programs, receipts } = ports
  const ends = works.filter(({ work }) => work.kind !== 'recv')
  const open = ends.map(({ work }) => packetAddress(programs.core, clientId, work.packet.sequence))
  const paid = works.map(({ work }) => readPayout(work))
  const [accounts, payouts] = await Promise.all([
    pool.call((api) => api.accounts(open, 'confirmed')),
    readPayoutPlaces(pool, programs, clientId, client, paid),
    receipts.refresh(),
  ])
  const pending = new Map(ends.map((one, index) => [one, accounts[index]]))
  const prepared: PreparedWork[] = []
  const outcomes: Outcome[] = []
  works.forEach((proven, index) => {
    const { work } = proven
    const account = pending.get(proven)
    const isThere =
      work.kind === 'recv'
        ? receipts.has(work.packet.sequence)
        : account?.owner.equals(programs.core) !== true
    if (isThere) return outcomes.push(failed([work], arrived(work)))
    try {
      const rentPayer = account && decodePending(account.data)?.payer
      const one = { proven, proof: packProof(proven.proof), payout: payouts[index], rentPayer }
      messageBytes(one, receipts.place(work.packet.sequence))
      return prepared.push(one)
    } catch (error) {
      const { failure, retry, message } = asRelayError(error)
      return outcomes.push(failed([work], new RelayError(failure, retry, message)))
    }
  })
  return { prepared, outcomes }
}

/** As many as one buffer takes. */
function takeGroup(left: readonly PreparedWork[], { receipts }: FlightPorts): readonly PreparedWork[] {
  let bytes = 0
  const end = left.findIndex((one) => {
    bytes += messageBytes(one, receipts.place(one.proven.work.packet.sequence)).length + 32
    return bytes > UPLOAD_BYTES_MAX
  })
  return end === -1 ? left : left.slice(0, Math.max(1, end))
}

/** What is received first, by sequence; then what ends; last what travels apart: it delays no other. */
function inOrder(prepared: readonly PreparedWork[]): PreparedWork[] {
  const rank = ({ proven: { work } }: PreparedWork) => (work.apart ? 2 : work.kind === 'recv' ? 0 : 1)
  const sequence = ({ proven: { work } }: PreparedWork) => work.packet.sequence
  return prepared.toSorted((a, b) => rank(a) - rank(b) || (sequence(a) < sequence(b) ? -1 : 1))
}

function withFees({ inclusion, logs }: Landed, fees: bigint): Landed {
  const fee = { ...inclusion.fee, amount: inclusion.fee.amount + fees }
  return { inclusion: { ...inclusion, fee }, logs }
}

function worksOf(prepared: readonly PreparedWork[]): Work[] {
  return prepared.map(({ proven }) => proven.work)
}

function failed(works: readonly Work[], error: RelayError): Outcome {
  const isLane = error.failure !== 'redundant' && error.failure !== 'message'
  return {
    ...NOTHING_SENT,
    failed: works.map((work) => ({ work, error })),
    error: isLane ? error : undefined,
  }
}

function notAsForeseen(): RelayError {
  return new RelayError('transaction', 'now', 'a message before it did not go through as foreseen')
}

function arrived(work: Work): RelayError {
  return new RelayError(
    'redundant',
    'now',
    `${work.kind} of packet ${packetId(work.packet)} has arrived already`,
  )
}
