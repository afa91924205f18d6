// Store `governance`:
//   0x01 → Params                        0x02 → BE64 id of the next proposal
//   0x03 ‖ BE64 id → Proposal            0x04 ‖ BE64 id ‖ voter 20 → option, one byte, until the vote ends
//   0x07 ‖ BE64 id ‖ operator 20 ‖ option → shares of the operator's pool that vote so (decimal text)
//   0x08 ‖ BE64 id → 0x01: its vote has ended, ballots and counts are still to be deleted
//   0x05 ‖ BE64 seconds ‖ BE64 id → 0x01: when a vote ends
//   0x06 ‖ BE64 seconds ‖ BE64 id → 0x01: when an accepted proposal is executed
//   0x09 → Council                       0x0a ‖ line or market → CouncilCall
import { assert, be64, concatBytes, fromBe64, fromUtf8, prefixEnd, toHex, utf8 } from '@causeway/primitives'
import { Council, CouncilCall, Params, Proposal } from '@causeway/protocol/causeway/governance/v1/governance'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'

/** Name of the store. */
export const GOVERNANCE_STORE = 'governance'

/** What a proposal is waiting for, or what became of it. */
export const STATUS = { voting: 1, rejected: 2, accepted: 3, executed: 4, failed: 5 } as const

/** What a vote says. */
export const OPTION = { yes: 1, no: 2, veto: 3, abstain: 4 } as const

/** Something that is due at a time. */
export type Queue = 'voting' | 'execution'

const PARAMS_KEY = Uint8Array.of(1)
const NEXT_ID_KEY = Uint8Array.of(2)
const PROPOSAL_PREFIX = Uint8Array.of(3)
const VOTE_PREFIX = Uint8Array.of(4)
const QUEUE_PREFIX = { voting: Uint8Array.of(5), execution: Uint8Array.of(6) } as const
const SHARES_PREFIX = Uint8Array.of(7)
const ENDED_PREFIX = Uint8Array.of(8)
const COUNCIL_KEY = Uint8Array.of(9)
const CALL_PREFIX = Uint8Array.of(10)
const PRESENT = Uint8Array.of(1)

/** The rules of votes; absent on a chain whose genesis bonds nothing. */
export function findParams(store: KeyValueReader): Params | undefined {
  const bytes = store.get(PARAMS_KEY)
  return bytes === undefined ? undefined : Params.decode(bytes)
}

/** Writes the rules of votes. */
export function writeParams(store: KeyValueStore, params: Params): void {
  store.set(PARAMS_KEY, Params.encode(params).finish())
}

/** Id of the next proposal. */
export function readNextId(store: KeyValueReader): bigint {
  const bytes = store.get(NEXT_ID_KEY)
  return bytes === undefined ? 1n : fromBe64(bytes)
}

/** Writes the id of the next proposal. */
export function writeNextId(store: KeyValueStore, id: bigint): void {
  store.set(NEXT_ID_KEY, be64(id))
}

/** The proposal with this id, if it exists. */
export function findProposal(store: KeyValueReader, id: bigint): Proposal | undefined {
  const bytes = store.get(concatBytes(PROPOSAL_PREFIX, be64(id)))
  return bytes === undefined ? undefined : Proposal.decode(bytes)
}

/** The proposal that a queue leads to. */
export function readProposal(store: KeyValueReader, id: bigint): Proposal {
  const proposal = findProposal(store, id)
  assert(proposal !== undefined, `proposal ${id} exists`)
  return proposal
}

/** Writes a proposal. */
export function writeProposal(store: KeyValueStore, proposal: Proposal): void {
  store.set(concatBytes(PROPOSAL_PREFIX, be64(proposal.id)), Proposal.encode(proposal).finish())
}

/** Proposals with an id above `after`, ascending. */
export function* proposals(store: KeyValueReader, after = 0n): Iterable<Proposal> {
  const start = concatBytes(PROPOSAL_PREFIX, be64(after + 1n))
  for (const [, value] of store.iterate(start, prefixEnd(PROPOSAL_PREFIX))) yield Proposal.decode(value)
}

/** Writes what somebody votes; the last word stands. */
export function writeVote(store: KeyValueStore, id: bigint, voter: Uint8Array, option: number): void {
  store.set(concatBytes(VOTE_PREFIX, be64(id), voter), Uint8Array.of(option))
}

/** What somebody votes on a proposal, if anything. */
export function findVote(store: KeyValueReader, id: bigint, voter: Uint8Array): number | undefined {
  return store.get(concatBytes(VOTE_PREFIX, be64(id), voter))?.[0]
}

/** Shares of an operator's pool that vote so. */
export function readShares(
  store: KeyValueReader,
  { id, operator, option }: { id: bigint; operator: Uint8Array; option: number },
): bigint {
  const bytes = store.get(concatBytes(SHARES_PREFIX, be64(id), operator, Uint8Array.of(option)))
  return bytes === undefined ? 0n : BigInt(fromUtf8(bytes))
}

/** Writes how many shares of an operator's pool vote so. */
export function writeShares(
  store: KeyValueStore,
  { id, operator, option }: { id: bigint; operator: Uint8Array; option: number },
  shares: bigint,
): void {
  assert(shares >= 0n, 'nobody votes with less than nothing')
  const key = concatBytes(SHARES_PREFIX, be64(id), operator, Uint8Array.of(option))
  if (shares === 0n) store.delete(key)
  else store.set(key, utf8(shares.toString()))
}

/** All that is counted of a proposal, by `operator option` in hex. */
export function countedShares(store: KeyValueReader, id: bigint): Map<string, bigint> {
  const prefix = concatBytes(SHARES_PREFIX, be64(id))
  const entries = [...store.iterate(prefix, prefixEnd(prefix))]
  return new Map(
    entries.map(([key, value]) => [
      `${toHex(key.subarray(9, key.length - 1))} ${key.at(-1)}`,
      BigInt(fromUtf8(value)),
    ]),
  )
}

/** Notes that ballots of a proposal are to be deleted, or that they are. */
export function writeEnded(store: KeyValueStore, id: bigint, hasBallots: boolean): void {
  const key = concatBytes(ENDED_PREFIX, be64(id))
  if (hasBallots) store.set(key, PRESENT)
  else store.delete(key)
}

/** Proposals of which ballots are to be deleted, ascending. */
export function* endedVotes(store: KeyValueReader): Iterable<bigint> {
  for (const [key] of store.iterate(ENDED_PREFIX, prefixEnd(ENDED_PREFIX))) yield fromBe64(key, 1)
}

/** Deletes ballots and counts of a proposal, at most so many; gives how many there were. */
export function deleteBallots(store: KeyValueStore, id: bigint, max: number): number {
  const keys: Uint8Array[] = []
  for (const prefix of [VOTE_PREFIX, SHARES_PREFIX]) {
    const start = concatBytes(prefix, be64(id))
    for (const [key] of store.iterate(start, prefixEnd(start))) {
      if (keys.length === max) break
      keys.push(key)
    }
  }
  for (const key of keys) store.delete(key)
  return keys.length
}

/** Votes on a proposal after a voter, ascending by voter. */
export function* votes(
  store: KeyValueReader,
  id: bigint,
  after?: Uint8Array,
): Iterable<{ readonly voter: Uint8Array; readonly option: number }> {
  const prefix = concatBytes(VOTE_PREFIX, be64(id))
  const start = after === undefined ? prefix : concatBytes(prefix, after, Uint8Array.of(0))
  for (const [key, value] of store.iterate(start, prefixEnd(prefix)))
    yield { voter: key.slice(9), option: value[0]! }
}

/** Notes that something is due. */
export function enqueue(store: KeyValueStore, queue: Queue, seconds: bigint, id: bigint): void {
  store.set(concatBytes(QUEUE_PREFIX[queue], be64(seconds), be64(id)), PRESENT)
}

/** What is due, ascending by time and id, up to a time when it is given. */
export function* queued(
  store: KeyValueReader,
  queue: Queue,
  untilSeconds?: bigint,
): Iterable<{ readonly seconds: bigint; readonly id: bigint }> {
  const prefix = QUEUE_PREFIX[queue]
  const end = untilSeconds === undefined ? prefixEnd(prefix) : concatBytes(prefix, be64(untilSeconds + 1n))
  for (const [key] of store.iterate(prefix, end)) yield { seconds: fromBe64(key, 1), id: fromBe64(key, 9) }
}

/** Takes what is due off its queue. */
export function dequeue(store: KeyValueStore, queue: Queue, seconds: bigint, id: bigint): void {
  store.delete(concatBytes(QUEUE_PREFIX[queue], be64(seconds), be64(id)))
}

/** The emergency council; nothing where a vote has named nobody. */
export function findCouncil(store: KeyValueReader): Council | undefined {
  const bytes = store.get(COUNCIL_KEY)
  return bytes === undefined ? undefined : Council.decode(bytes)
}

/** Writes the council, or that there is none. */
export function writeCouncil(store: KeyValueStore, council: Council | undefined): void {
  if (council === undefined) store.delete(COUNCIL_KEY)
  else store.set(COUNCIL_KEY, Council.encode(council).finish())
}

/** What members have asked for of a line or a market; without members: when they were enough. */
export function findCall(store: KeyValueReader, subject: string): CouncilCall | undefined {
  const bytes = store.get(concatBytes(CALL_PREFIX, utf8(subject)))
  return bytes === undefined ? undefined : CouncilCall.decode(bytes)
}

/** Writes it. */
export function writeCall(store: KeyValueStore, subject: string, call: CouncilCall): void {
  store.set(concatBytes(CALL_PREFIX, utf8(subject)), CouncilCall.encode(call).finish())
}

/** All that members have asked for. */
export function* calls(store: KeyValueReader): Iterable<readonly [subject: string, call: CouncilCall]> {
  for (const [key, value] of store.iterate(CALL_PREFIX, prefixEnd(CALL_PREFIX)))
    yield [fromUtf8(key.subarray(1)), CouncilCall.decode(value)]
}

/** Forgets it. */
export function deleteCalls(store: KeyValueStore): void {
  for (const [subject] of [...calls(store)]) store.delete(concatBytes(CALL_PREFIX, utf8(subject)))
}
