import { encodeEvmProofs } from '@causeway/light-clients'
import { isProtocolError } from '@causeway/primitives'
import { hexToBytes } from 'viem'
import type { Hex } from 'viem'

import type { Flight, Outcome, ProvenWork } from '../chain.ts'
import { RelayError } from '../errors.ts'
import { toOutcome } from '../outcome.ts'
import type { TransactionEnd } from '../outcome.ts'
import { packetId } from '../plan/work.ts'
import { multicall, packetCalls, updateCall } from './calls.ts'
import { arrivalPath } from './contract-paths.ts'
import type { ContractReads } from './contract-reads.ts'
import { encodeHeader, readAttestation } from './hub-client.ts'
import type { Draft } from './simulate.ts'
import type { EvmSubmitter } from './submitter.ts'

/**
 * Updates of one transaction: with a third of 100 validators absent one takes half a million gas. A client
 * that many rotations lie before is brought on step by step.
 */
const UPDATES_MAX = 8

/** What sending a flight needs of its chain. */
export interface FlightPorts {
  readonly contract: Hex
  readonly reads: ContractReads
  readonly submitter: EvmSubmitter
  /** The next set's hash in the client's consensus state at a height. */
  readonly nextSetHash: (clientId: string, height: bigint) => Promise<Uint8Array>
}

/**
 * Sends a flight: one transaction a batch, the update and its messages in one `multicall`. What has arrived
 * in the newest block already is left out before anything is paid. Where updates before the last ones fail,
 * nothing behind them is sent.
 */
export async function submitFlight(ports: FlightPorts, flight: Flight): Promise<readonly Outcome[]> {
  const works = flight.batches.flat()
  const arrived = await findArrived(ports.reads, works)
  const batches = flight.batches
    .map((batch) => batch.filter((one) => !arrived.has(one)))
    .filter((batch) => batch.length > 0)
  const redundant = works
    .filter((one) => arrived.has(one))
    .map(({ work }) => ({ work, error: isThere(work) }))
  const outcomes = redundant.length === 0 ? [] : [{ ...NOTHING_SENT, failed: redundant }]
  if (batches.length === 0 && works.length > 0) return outcomes
  const headers = flight.updates.map(readAttestation)
  const updates = headers.map((header) => updateCall(flight.clientId, hexToBytes(encodeHeader(header))))
  const [first] = works
  // Transactions without the header open its state by themselves.
  const isOpened = headers.length > 0 && batches.length <= 1
  const opening =
    first === undefined || isOpened
      ? undefined
      : (headers.at(-1)?.attestation?.nextSetHash ??
        (await ports.nextSetHash(flight.clientId, first.proofHeight.revisionHeight)))
  const early = Math.max(0, Math.ceil(updates.length / UPDATES_MAX) - 1) * UPDATES_MAX
  const failure = await sendUpdates(ports, updates.slice(0, early))
  const all = batches.length > 0 ? batches : [[]]
  if (failure !== undefined) {
    const failed = all.map((batch) =>
      toOutcome(
        failure,
        batch.map(({ work }) => work),
      ),
    )
    return [...outcomes, ...failed]
  }
  const drafts = all.map((batch) => makeDraft(batch, updates.slice(early), opening))
  const ends = await ports.submitter.send(ports.contract, drafts, join)
  const sent = ends.map((end, index) =>
    toOutcome(
      end,
      (batches[index] ?? []).map(({ work }) => work),
    ),
  )
  return [...outcomes, ...sent]
}

/** Sends updates alone, so many a transaction, each in a block before the next; the end that failed. */
async function sendUpdates(
  { contract, submitter }: FlightPorts,
  updates: readonly Hex[],
): Promise<TransactionEnd | undefined> {
  for (let from = 0; from < updates.length; from += UPDATES_MAX) {
    const calls = updates.slice(from, from + UPDATES_MAX)
    const [end] = await submitter.send(contract, [{ messages: 0, encode: () => calls }], join)
    if (end?.error !== undefined) return end
  }
  return undefined
}

/** One call as it is, several in one `multicall`. */
export function join(calls: readonly Hex[]): Hex {
  const [only, ...more] = calls
  return only !== undefined && more.length === 0 ? only : multicall(calls)
}

const NOTHING_SENT = { inclusion: undefined, done: [], error: undefined } as const

function makeDraft(
  batch: readonly ProvenWork[],
  updates: readonly Hex[],
  nextSetHash: Uint8Array | undefined,
): Draft {
  return {
    messages: batch.length,
    encode(kept, withUpdate) {
      const works = inGroups(kept.flatMap((index) => batch[index] ?? []))
      const isOpened = withUpdate && updates.length > 0
      const proofs = packProofs(works, isOpened ? undefined : nextSetHash)
      const calls = packetCalls(works, proofs)
      return withUpdate ? [...updates, ...calls] : calls
    },
  }
}

/** What is received first, by its port: neighbours that are alike go in one call. Packets have no order. */
function inGroups(works: readonly ProvenWork[]): ProvenWork[] {
  const rank = ({ work: { kind, packet } }: ProvenWork) =>
    kind === 'recv' ? `0${packet.payloads[0]?.destinationPort ?? ''}` : '1'
  return works.toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
}

/** Proofs of one transaction share their upper nodes, so how each is packed depends on those before it. */
function packProofs(works: readonly ProvenWork[], nextSetHash: Uint8Array | undefined): Uint8Array[] {
  try {
    return encodeEvmProofs(
      works.map(({ proof }) => proof),
      nextSetHash,
    )
  } catch (error) {
    // An endpoint's strange proof: it is found by bisection, as what the contract refuses is.
    if (isProtocolError(error)) throw new RelayError('message', 'now', `a proof of no form: ${error.message}`)
    throw error
  }
}

async function findArrived(
  reads: ContractReads,
  works: readonly ProvenWork[],
): Promise<ReadonlySet<ProvenWork>> {
  const looks = works.map(({ work }) => arrivalPath(work))
  const present = await reads.arePresent(
    looks.map(({ path }) => path),
    'latest',
  )
  return new Set(works.filter((_, index) => present[index] === (looks[index]?.hasArrivedWhen === 'present')))
}

function isThere(work: ProvenWork['work']): RelayError {
  return new RelayError(
    'redundant',
    'now',
    `${work.kind} of packet ${packetId(work.packet)} has arrived already`,
  )
}
