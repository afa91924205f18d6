import type { Chain, Flight, Inclusion, Outcome, PacketEvent, PacketEventType } from '../chain.ts'
import { RelayError } from '../errors.ts'
import type { ClientView } from '../plan/view.ts'
import { packetId } from '../plan/work.ts'
import type { Work } from '../plan/work.ts'

const SECOND = 1_000_000_000n

/**
 * A chain in memory whose blocks come when a test says so: for orders of events that a real chain can't be
 * made to produce. It accepts any proof; what it keeps is commitments, receipts and events.
 */
export class MemoryChain {
  readonly chain: Chain
  readonly flights: Flight[] = []
  readonly pending = new Set<bigint>()
  readonly received = new Set<bigint>()
  /** Refuses every transaction that holds this sequence, naming no message. */
  poison: bigint | undefined
  /** While set, `head` does not answer. */
  isSilent = false
  height = 10n
  readonly #events = new Map<bigint, PacketEvent[]>()
  readonly #watchers = new Set<() => void>()
  #next: [PacketEventType, Work['packet']][] = []

  /** Its only client follows `peer` and has `peer.client` as its counterparty. */
  constructor(chainId: string, peer: { readonly chainId: string; readonly client: string }) {
    const counterparty = { clientId: peer.client, merklePrefix: [] }
    const view = (clientId: string): ClientView => ({
      ...{
        clientId,
        clientType: '07-tendermint',
        chainId: peer.chainId,
        status: 'Active',
        revisionNumber: 1n,
      },
      ...{ latestHeight: 1n, latestTimeNanoseconds: SECOND, trustingPeriodNanoseconds: 1_000_000n * SECOND },
    })
    const inclusion = (): Inclusion => ({
      ...{ hash: 'AB', height: this.height, gasUsed: 1n, fee: { amount: 1n, denom: 'x' } },
    })
    const refuse = () => Promise.reject(new RelayError('endpoint', 'later', 'not part of this test'))
    this.chain = {
      chainId,
      ...{ merklePrefix: [], signerAddress: 'x', createClient: refuse, registerCounterparty: refuse },
      ...{ hostedClients: undefined, bindsCounterpartyAtCreation: false },
      proofWindow: async (_, newest) => ({ newest, oldestHeight: 0n, lag: 1n }),
      ...{ clientSeed: refuse, counterparty: async () => counterparty, ownClients: async () => [] },
      ...{ findMisbehaviour: async () => [], acceptedStates: async () => [] },
      ...{ probe: async () => [], blockTime: async () => SECOND },
      head: async () => {
        if (this.isSilent) return await refuse()
        return { height: this.height, timeNanoseconds: this.height * SECOND }
      },
      watch: (wake) => {
        this.#watchers.add(wake)
        return { close: () => this.#watchers.delete(wake) }
      },
      packetEvents: async (from) => ({ events: this.#events.get(from) ?? [], through: from }),
      pendingSequences: async () => [...this.pending],
      unreceivedSequences: async (_, sequences) => sequences.filter((one) => !this.received.has(one)),
      findPacketEvent: async (type, _, sequence) =>
        [...this.#events.values()]
          .flat()
          .find((one) => one.type === type && one.packet.sequence === sequence),
      clientView: async (clientId) => view(clientId),
      prove: async () => new Uint8Array(),
      clientUpdates: async () => [{ typeUrl: '/header', value: new Uint8Array() }],
      balance: async () => ({ denom: 'x', amount: 1n }),
      submit: async (flight) => {
        this.flights.push(flight)
        return flight.batches.map((batch) =>
          this.#deliver(
            batch.map((one) => one.work),
            inclusion(),
          ),
        )
      },
    }
  }

  /** Puts a packet into the next block. */
  send(packet: Work['packet']): void {
    this.pending.add(packet.sequence)
    this.#next.push(['send_packet', packet])
  }

  /** Makes a block and tells the watchers. */
  block(): void {
    this.height += 1n
    const height = this.height
    const acknowledgement = new Uint8Array([1])
    this.#events.set(
      height,
      this.#next.map(([type, packet]) => ({ type, height, packet, acknowledgement })),
    )
    this.#next = []
    for (const wake of this.#watchers) wake()
  }

  #deliver(works: Work[], inclusion: Inclusion): Outcome {
    const guilty = works.find((work) => work.packet.sequence === this.poison)
    if (guilty !== undefined) {
      const error = new RelayError('transaction', 'later', `no route for ${packetId(guilty.packet)}`)
      return { inclusion: undefined, done: [], failed: works.map((work) => ({ work, error })), error }
    }
    for (const { kind, packet } of works) {
      if (kind === 'recv') {
        this.received.add(packet.sequence)
        this.#next.push(['write_acknowledgement', packet])
      } else {
        this.pending.delete(packet.sequence)
        this.#next.push([kind === 'ack' ? 'acknowledge_packet' : 'timeout_packet', packet])
      }
    }
    return { inclusion, done: works, failed: [], error: undefined }
  }
}
