import type { Logger } from 'pino'

import type { PacketEvent } from '../chain.ts'
import { asRelayError, RelayError } from '../errors.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { packetId } from '../plan/work.ts'
import type { MessageKind, Work } from '../plan/work.ts'
import { mapLimited } from './concurrency.ts'
import type { Lane } from './lane.ts'
import type { ChainWatcher } from './watcher.ts'

/** One end of a route: the client on this chain that follows the other. */
export interface RouteEnd {
  readonly watcher: ChainWatcher
  readonly client: string
  /** Messages for this chain. */
  readonly lane: Lane
}

/** What a route is made of. */
export interface RouteOptions {
  readonly name: string
  readonly a: RouteEnd
  readonly b: RouteEnd
  readonly metrics: Metrics
  readonly log: Logger
  readonly nowMs: () => number
}

const SEARCHES_AT_ONCE = 8
const RECENT_BLOCKS = 10n
const LATENCIES_REMEMBERED_MAX = 20_000

/** Turns packet events and pending commitments of two chains into messages for two lanes. */
export class Route {
  readonly options: RouteOptions
  readonly #sentAtMs = new Map<string, number>()
  #rescan: Promise<number> | undefined
  #hasLookedAtStart = false
  #rescannedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: RouteOptions) {
    this.options = options
    for (const [end, peer] of this.#directions()) {
      end.watcher.listen({
        onHead: () => {
          this.#lookAtStart()
          end.lane.wake()
          peer.lane.wake()
        },
        onEvents: (events) => this.#takeEvents(end, peer, events),
        onGap: () => {
          this.rescan().catch((error: unknown) => this.#warn(error, 'look after a gap failed'))
        },
      })
    }
  }

  get lanes(): readonly Lane[] {
    return [this.options.a.lane, this.options.b.lane]
  }

  get rescannedAtMs(): number {
    return this.#rescannedAtMs
  }

  /**
   * Looks up everything that is pending on both chains, whatever happened before. Returns the number of
   * packets whose life is not over. One look at a time: callers in the meantime get the same. Throws
   * `RelayError` when something could not be looked up: what was found is carried all the same, and the next
   * look is due at once.
   */
  rescan(): Promise<number> {
    if (this.#rescan !== undefined) return this.#rescan
    const look = this.#lookUp().finally(() => {
      if (this.#rescan === look) this.#rescan = undefined
    })
    this.#rescan = look
    return look
  }

  /** What is pending in memory; 0 right after a rescan means that nothing is. */
  get pending(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.works.length, 0)
  }

  /**
   * The first look comes when both chains are followed, not before: what happens between a look and the first
   * block that is followed would be seen by neither.
   */
  #lookAtStart(): void {
    const isFollowed = this.lanes.every((lane) => lane.options.target.head !== undefined)
    if (this.#hasLookedAtStart || !isFollowed) return
    this.#hasLookedAtStart = true
    this.#rescan = undefined // one that began earlier does not count
    this.rescan().catch((error: unknown) => this.#warn(error, 'first look failed'))
  }

  async #lookUp(): Promise<number> {
    const looks = await Promise.allSettled(this.#directions().map((ends) => this.#lookUpDirection(...ends)))
    for (const lane of this.lanes) lane.wake()
    const failed = looks.find((look) => look.status === 'rejected')
    this.#rescannedAtMs = failed === undefined ? this.options.nowMs() : Number.NEGATIVE_INFINITY
    if (failed !== undefined) throw asRelayError(failed.reason)
    return looks.reduce((sum, look) => sum + (look.status === 'fulfilled' ? look.value : 0), 0)
  }

  /**
   * Commitments that stand on the source are packets in flight; the destination tells which it has
   * received.
   */
  async #lookUpDirection(source: RouteEnd, destination: RouteEnd): Promise<number> {
    const looked = {
      source: source.watcher.head?.height ?? 0n,
      destination: destination.watcher.head?.height ?? 0n,
    }
    const sequences = await source.watcher.chain.pendingSequences(source.client)
    const unreceived = new Set(
      await destination.watcher.chain.unreceivedSequences(destination.client, sequences),
    )
    this.#dropFinished(source, destination, new Set(sequences), unreceived, looked)
    const failures: RelayError[] = []
    await mapLimited(sequences, SEARCHES_AT_ONCE, async (sequence) => {
      await this.#find(source, destination, sequence, unreceived.has(sequence)).catch((error: unknown) => {
        failures.push(asRelayError(error))
      })
    })
    const [first] = failures
    if (first === undefined) return sequences.length
    const text = `${failures.length} packets of ${source.client} can't be looked up: ${first.message}`
    throw new RelayError(first.failure, first.retry, text, { cause: first })
  }

  /** Looks up what a packet waits for, unless that is known. */
  async #find(
    source: RouteEnd,
    destination: RouteEnd,
    sequence: bigint,
    isUnreceived: boolean,
  ): Promise<void> {
    const packet = { sourceClient: source.client, sequence }
    if (!isUnreceived) {
      if (!source.lane.has('ack', packet)) await this.#findAcknowledgement(source, destination, sequence)
    } else if (!destination.lane.has('recv', packet) && !source.lane.has('timeout', packet)) {
      await this.#findSent(source, destination, sequence)
    }
  }

  /**
   * Drops what the chains say is over: relayed by others while this process looked elsewhere. Of what
   * happened about when the look began (an endpoint may be some blocks behind) it says nothing.
   */
  #dropFinished(
    source: RouteEnd,
    destination: RouteEnd,
    standing: ReadonlySet<bigint>,
    unreceived: ReadonlySet<bigint>,
    looked: { readonly source: bigint; readonly destination: bigint },
  ): void {
    for (const { kind, packet, eventHeight } of [...source.lane.works, ...destination.lane.works]) {
      if (packet.sourceClient !== source.client || packet.destinationClient !== destination.client) continue
      const isRecent = eventHeight + RECENT_BLOCKS > (kind === 'recv' ? looked.source : looked.destination)
      if (isRecent && kind !== 'timeout') continue
      if (kind === 'recv' && !unreceived.has(packet.sequence)) destination.lane.seen(kind, packet)
      if (kind === 'timeout' && !unreceived.has(packet.sequence)) source.lane.seen(kind, packet)
      if (kind === 'ack' && !standing.has(packet.sequence)) source.lane.seen(kind, packet)
    }
  }

  async #findSent(source: RouteEnd, destination: RouteEnd, sequence: bigint): Promise<void> {
    const { chain } = source.watcher
    const event = await chain.findPacketEvent('send_packet', source.client, sequence)
    if (event !== undefined) this.#takeEvent(source, destination, event)
    else this.#warnMissing(chain.chainId, source.client, sequence, 'send_packet')
  }

  async #findAcknowledgement(source: RouteEnd, destination: RouteEnd, sequence: bigint): Promise<void> {
    const { chain } = destination.watcher
    const event = await chain.findPacketEvent('write_acknowledgement', destination.client, sequence)
    if (event !== undefined) this.#takeEvent(destination, source, event)
    else this.#warnMissing(chain.chainId, source.client, sequence, 'write_acknowledgement')
  }

  /** An asynchronous acknowledgement may not be written yet; an index may be late: the next look tells. */
  #warnMissing(chain: string, client: string, sequence: bigint, event: string): void {
    this.options.log.warn({ chain, packet: `${client}/${sequence}`, event }, 'event not found in the index')
  }

  #warn(error: unknown, what: string): void {
    const { failure, message } = asRelayError(error)
    this.options.log.warn({ route: this.options.name, failure, error: message }, what)
  }

  #takeEvents(end: RouteEnd, peer: RouteEnd, events: readonly PacketEvent[]): void {
    for (const event of events) this.#takeEvent(end, peer, event)
    end.lane.wake()
    peer.lane.wake()
  }

  /**
   * One event of `end`'s chain. Packets of other clients, and of strangers' clients that name ours, are not
   * ours.
   */
  #takeEvent(end: RouteEnd, peer: RouteEnd, event: PacketEvent): void {
    const { packet } = event
    const isSource = packet.sourceClient === end.client && packet.destinationClient === peer.client
    const isDestination = packet.destinationClient === end.client && packet.sourceClient === peer.client
    if (isSource && event.type === 'send_packet') {
      this.#noteSent(packetId(packet))
      peer.lane.add(this.#work('recv', event))
    } else if (isDestination && event.type === 'write_acknowledgement') {
      end.lane.seen('recv', packet)
      peer.lane.add(this.#work('ack', event))
    } else if (isDestination && event.type === 'recv_packet') {
      end.lane.seen('recv', packet)
    } else if (isSource && event.type === 'acknowledge_packet') {
      this.#noteAcknowledged(packetId(packet))
      end.lane.seen('ack', packet)
    } else if (isSource && event.type === 'timeout_packet') {
      this.#sentAtMs.delete(packetId(packet))
      end.lane.seen('timeout', packet)
      peer.lane.seen('recv', packet)
    }
  }

  #work(kind: MessageKind, event: PacketEvent): Work {
    return {
      kind,
      packet: event.packet,
      acknowledgement: event.acknowledgement,
      eventHeight: event.height,
      attempts: 0,
      notBeforeMs: 0n,
      seenAtMs: BigInt(this.options.nowMs()),
      apart: false,
    }
  }

  #noteSent(id: string): void {
    if (this.#sentAtMs.size < LATENCIES_REMEMBERED_MAX && !this.#sentAtMs.has(id)) {
      this.#sentAtMs.set(id, this.options.nowMs())
    }
  }

  #noteAcknowledged(id: string): void {
    const sentAtMs = this.#sentAtMs.get(id)
    if (sentAtMs === undefined) return
    this.#sentAtMs.delete(id)
    this.options.metrics.acknowledged(this.options.name, (this.options.nowMs() - sentAtMs) / 1000)
  }

  #directions(): readonly (readonly [RouteEnd, RouteEnd])[] {
    const { a, b } = this.options
    return [
      [a, b],
      [b, a],
    ]
  }
}
