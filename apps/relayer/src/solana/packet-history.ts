import { ERROR_ACKNOWLEDGEMENT, acknowledgementCommitment, packetCommitment } from '@causeway/messaging'
import { clientAddress, readCoreEvents, readReopenedPackets } from '@causeway/contracts-solana'
import type { CalledInstruction, CoreEvent } from '@causeway/contracts-solana'
import { Acknowledgement } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { PublicKey } from '@solana/web3.js'

import type { PacketEvent } from '../chain.ts'
import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { asRelayError, RelayError } from '../errors.ts'
import { mapLimited } from '../worker/concurrency.ts'
import type { HistoryFile } from './history-file.ts'
import type { SignatureInfo, SolanaApi } from './solana-api.ts'

/** A packet of a retired client whose payment was taken back: its receipt is that of a refused one. */
const REOPENED = 'reopen_packet'

/** What is remembered of a packet event for good: its content is read again where it is wanted. */
export interface PacketEntry {
  readonly type: CoreEvent['kind'] | typeof REOPENED
  readonly sequence: bigint
  /** 32 bytes: of the packet where it was sent, of the answer where it was received, or counts as refused. */
  readonly commitment: Uint8Array
  readonly slot: bigint
  readonly signature: string
}

const TRANSACTIONS_AT_ONCE = 8
const OLDER = 'answered nonsense: older than what was asked for'
/** How often what became final is written down. */
const KEPT_EVERY_MS = 30_000
const NO_COMMITMENT = new Uint8Array(32)
const REFUSED = acknowledgementCommitment([ERROR_ACKNOWLEDGEMENT])

/** Whether an event writes the tree of receipts. */
export function isReceipt({ type }: Pick<PacketEntry, 'type'>): boolean {
  return type === 'write_acknowledgement' || type === REOPENED
}

/**
 * All packet events of one client of the core, in the chain's order and complete, at `confirmed`. They are
 * found by the transactions that name the client's account, and read from the calls of the core to itself in
 * those that succeeded: nobody else can make or hide one. An index that forgot a part is noticed by whoever
 * compares trees with the root account.
 */
export class PacketHistory {
  readonly #pool: EndpointPool<SolanaApi>
  readonly #core: PublicKey
  readonly #clientId: string
  readonly #file: HistoryFile | undefined
  #entries: PacketEntry[] = []
  /** How many of them are in the file; `undefined`: it was not read yet. */
  #kept: number | undefined
  #keepAtMs = 0
  /** Whether a node went on from what the file ended with. */
  #isProvenKnown = false
  /** Transactions that are read: newest last. */
  #newest: SignatureInfo | undefined
  #reading: Promise<unknown> = Promise.resolve()
  /** A reading that has not begun: it serves all who ask meanwhile. */
  #next: Promise<void> | undefined

  /** `file`: where what is final is kept, so that a start reads only what is newer. */
  constructor(pool: EndpointPool<SolanaApi>, core: PublicKey, clientId: string, file?: HistoryFile) {
    this.#pool = pool
    this.#core = core
    this.#clientId = clientId
    this.#file = file
  }

  /** Events of slots up to and with `slot`, those of newer transactions read first. Throws `RelayError`. */
  async upTo(slot: bigint): Promise<readonly PacketEntry[]> {
    this.#next ??= this.#inTurn(async () => {
      this.#next = undefined
      await this.#read()
    })
    await this.#next
    const all = this.#entries
    return (all.at(-1)?.slot ?? 0n) <= slot ? [...all] : all.filter((one) => one.slot <= slot)
  }

  /** Events of whole packets in slots `from` to `to`, read from their transactions. */
  async events(from: bigint, to: bigint): Promise<PacketEvent[]> {
    const entries = (await this.upTo(to)).filter((one) => one.slot >= from)
    const signatures = [...new Set(entries.map((one) => one.signature))]
    const read = await mapLimited(signatures, TRANSACTIONS_AT_ONCE, (signature) =>
      this.#readTransaction(signature),
    )
    return read.flatMap(({ slot, events }) => events.map((event) => toPacketEvent(event, slot)))
  }

  /** One packet's event; `undefined`: it has not happened. */
  async find(type: CoreEvent['kind'], sequence: bigint): Promise<PacketEvent | undefined> {
    const found = await this.#find(type, sequence)
    if (found !== 'elsewhere' || this.#file === undefined) return found === 'elsewhere' ? undefined : found
    await this.reread(0n) // what was kept names a transaction of something else
    const again = await this.#find(type, sequence)
    return again === 'elsewhere' ? undefined : again
  }

  async #find(type: CoreEvent['kind'], sequence: bigint): Promise<PacketEvent | 'elsewhere' | undefined> {
    const entries = await this.upTo(2n ** 63n)
    const entry = entries.findLast((one) => one.type === type && one.sequence === sequence)
    if (entry === undefined) return undefined
    const { slot, events } = await this.#readTransaction(entry.signature)
    const event = events.find((one) => one.kind === type && one.packet.sequence === sequence)
    return event === undefined ? 'elsewhere' : toPacketEvent(event, slot)
  }

  /** Slot up to which events are in the file: those below it were final. */
  get keptSlot(): bigint {
    return this.#entries[(this.#kept ?? 0) - 1]?.slot ?? 0n
  }

  /** Reads again what lies above a slot: what was read there does not lead to the root account. */
  async reread(slot: bigint): Promise<void> {
    await this.#inTurn(async () => {
      this.#restore()
      this.#take(this.#entries.filter((one) => one.slot <= slot))
      await this.#read()
    })
  }

  async #inTurn(run: () => Promise<void>): Promise<void> {
    const turn = this.#reading.catch(() => {}).then(run)
    this.#reading = turn
    await turn
  }

  /** What the file has, once. */
  #restore(): void {
    if (this.#kept !== undefined || this.#file === undefined) return
    this.#kept = 0
    const entries = this.#file.load()
    this.#kept = entries.length
    this.#take(entries)
  }

  /** Goes on from these: what is in the file and not among them was wrong. */
  #take(entries: PacketEntry[]): void {
    this.#entries = entries
    const last = entries.at(-1)
    this.#newest = last && { signature: last.signature, slot: last.slot, isFailed: false }
    if (this.#kept === undefined || this.#kept <= entries.length) return
    this.#kept = 0
    this.#file?.drop()
  }

  /** Writes down what is final now, and every now and then. */
  async #keep(): Promise<void> {
    if (this.#file === undefined || performance.now() < this.#keepAtMs) return
    this.#keepAtMs = performance.now() + KEPT_EVERY_MS
    const final = await this.#pool.call((api) => api.slot('finalized')).catch(() => 0n)
    const fresh = this.#entries.slice(this.#kept).filter((one) => one.slot <= final)
    if (fresh.length === 0) return
    this.#file.append(fresh)
    this.#kept = (this.#kept ?? 0) + fresh.length
  }

  /** What was read stays read when what comes behind it can't be. */
  async #read(): Promise<void> {
    this.#restore()
    const fresh = await this.#findNew().catch(async (error: unknown) => {
      const isUnknown = this.#entries.length > 0 && asRelayError(error).message.endsWith(OLDER)
      if (this.#isProvenKnown || !isUnknown) throw error
      this.#take([]) // what the file ends with is no transaction of this chain, as far as nodes know
      return await this.#findNew()
    })
    this.#isProvenKnown = true
    for (let from = 0; from < fresh.length; from += TRANSACTIONS_AT_ONCE) {
      const part = fresh.slice(from, from + TRANSACTIONS_AT_ONCE)
      const done = part.filter((one) => !one.isFailed)
      const read = await mapLimited(done, TRANSACTIONS_AT_ONCE, async ({ signature }) => ({
        signature,
        ...(await this.#readTransaction(signature)),
      }))
      for (const { signature, slot, events, reopened } of read) {
        const refused = { type: REOPENED, commitment: REFUSED, slot, signature } as const
        this.#entries.push(...reopened.map((sequence) => ({ ...refused, sequence })))
        this.#entries.push(...events.map((event) => toEntry(event, slot, signature)))
      }
      this.#newest = part.at(-1) ?? this.#newest
    }
    await this.#keep()
  }

  /** Oldest first. Pages go backwards from the newest, so nothing is passed over that comes meanwhile. */
  async #findNew(): Promise<SignatureInfo[]> {
    const client = clientAddress(this.#core, this.#clientId)
    const until = this.#newest?.signature
    return await this.#pool.call(async (api) => {
      const found: SignatureInfo[] = []
      for (;;) {
        const page = await api.signatures(client, { before: found.at(-1)?.signature, until })
        if (page.length === 0) break // nodes give fewer than asked for as they like
        found.push(...page)
      }
      const known = this.#newest?.slot ?? 0n
      // A node that does not know `until` gives all it has: it is behind, or has forgotten.
      if (found.some((one) => one.slot < known))
        throw new RelayError('endpoint', 'now', `${api.url} ${OLDER}`)
      return found.reverse()
    })
  }

  async #readTransaction(
    signature: string,
  ): Promise<{ slot: bigint; events: CoreEvent[]; reopened: bigint[] }> {
    return await this.#pool.call(async (api) => {
      const found = await api.transaction(signature)
      if (found !== undefined) {
        const { slot, called } = found
        return { slot, events: this.#eventsOf(called), reopened: this.#reopenedIn(called) }
      }
      throw new RelayError('endpoint', 'now', `transaction ${signature} is not in the index yet`)
    })
  }

  /** Others' clients can be named in the same transaction. */
  #eventsOf(called: readonly CalledInstruction[]): CoreEvent[] {
    return readEvents(called, this.#core).filter(({ kind, packet }) => {
      const own = kind === 'write_acknowledgement' ? packet.destinationClient : packet.sourceClient
      return own === this.#clientId
    })
  }

  #reopenedIn(called: readonly CalledInstruction[]): bigint[] {
    const reopened = believed(() => readReopenedPackets(called, this.#core.toBase58()))
    return reopened.flatMap(({ clientId, sequence }) => (clientId === this.#clientId ? [sequence] : []))
  }
}

/** Events of the core. Throws `RelayError` (endpoint) for what no core calls itself with. */
export function readEvents(called: readonly CalledInstruction[], core: PublicKey): CoreEvent[] {
  return believed(() => readCoreEvents(called, core.toBase58()))
}

function believed<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new RelayError('endpoint', 'now', `an endpoint made up an event: ${reason}`, { cause })
  }
}

function toEntry({ kind, packet, acknowledgement }: CoreEvent, slot: bigint, signature: string): PacketEntry {
  const commitment =
    kind === 'send_packet'
      ? packetCommitment(packet)
      : acknowledgement === undefined
        ? NO_COMMITMENT
        : acknowledgementCommitment([acknowledgement])
  return { type: kind, sequence: packet.sequence, commitment, slot, signature }
}

function toPacketEvent({ kind, packet, acknowledgement }: CoreEvent, slot: bigint): PacketEvent {
  return {
    type: kind,
    height: slot,
    packet,
    acknowledgement:
      kind === 'write_acknowledgement'
        ? Acknowledgement.encode({ appAcknowledgements: [acknowledgement ?? new Uint8Array()] }).finish()
        : undefined,
  }
}
