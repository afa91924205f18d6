import { packetCommitment, packetCommitmentKey } from '@causeway/messaging'
import { utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { RelayError } from '@causeway/relayer'
import type { Chain, ProvenWork } from '@causeway/relayer'
import { CLIENT, HUB_CLIENT } from './solana-stage.ts'
import type { SolanaStage } from './solana-stage.ts'
import { HUB } from './staged-hub.ts'

type Head = Awaited<ReturnType<Chain['head']>>
type PacketEvent = Awaited<ReturnType<Chain['packetEvents']>>['events'][number]

const SECOND = 1_000_000_000n
const PREFIX = [utf8('ibc'), new Uint8Array()]
const NEVER = 1_000_000n * SECOND

/**
 * A hub that goes on whatever the relayer does, as its lane to Solana sees it: each block is attested, and
 * the newest header is a newer one whenever somebody looks. Nothing comes back: its own client has expired.
 */
export class MovingHub {
  readonly chain: Chain
  readonly #stage: SolanaStage
  readonly #packets = new Map<bigint, { readonly packet: Packet; readonly height: bigint }>()
  readonly #updates = new Map<bigint, Any>()
  readonly #proofs = new Map<string, Uint8Array>()
  readonly #watchers = new Set<() => void>()
  #next: Packet[] = []
  #head: Head = { height: 0n, timeNanoseconds: 0n }
  /** Seconds that its clock is ahead of the cluster's. */
  aheadSeconds = 0n

  constructor(stage: SolanaStage, solanaId: string) {
    this.#stage = stage
    this.block()
    this.chain = this.#makeChain(solanaId)
  }

  /** A packet of the next block. */
  send(packet: Packet): void {
    this.#next.push(packet)
  }

  /** One block more, with what was sent. */
  block(): void {
    const { hub, clock } = this.#stage
    const time = clock.nowSeconds + this.aheadSeconds
    const seconds =
      time * SECOND > this.#head.timeNanoseconds ? time : this.#head.timeNanoseconds / SECOND + 1n
    const filler = packetCommitmentKey('other-1', hub.height)
    const sent = this.#next.splice(0)
    const update = hub.commit(
      [
        [filler, new Uint8Array(32)],
        ...sent.map((one) => [keyOf(one.sequence), packetCommitment(one)] as const),
      ],
      seconds,
    )
    for (const packet of sent) this.#packets.set(packet.sequence, { packet, height: hub.height })
    this.#updates.set(hub.height, update)
    for (const sequence of this.#packets.keys())
      this.#proofs.set(`${hub.height}/${sequence}`, hub.prove(keyOf(sequence)))
    this.#head = { height: hub.height, timeNanoseconds: seconds * SECOND }
    for (const wake of this.#watchers) wake()
  }

  #makeChain(solanaId: string): Chain {
    const refuse = () => Promise.reject(new RelayError('endpoint', 'later', 'not part of this test'))
    return {
      ...{ chainId: HUB, merklePrefix: PREFIX, hostedClients: undefined, signerAddress: 'nobody' },
      ...{ bindsCounterpartyAtCreation: false, clientSeed: refuse, createClient: refuse },
      ...{ registerCounterparty: refuse, submit: refuse, findMisbehaviour: async () => [] },
      ...{ acceptedStates: async () => [], ownClients: async () => [], probe: async () => [] },
      counterparty: async () => ({ clientId: CLIENT, merklePrefix: [new Uint8Array()] }),
      balance: async () => ({ denom: 'x', amount: 1n }),
      blockTime: async () => SECOND,
      head: async () => this.#head,
      watch: (wake) => {
        this.#watchers.add(wake)
        return { close: () => void this.#watchers.delete(wake) }
      },
      proofWindow: async () => ({ newest: this.#head, oldestHeight: 0n, lag: 0n }),
      packetEvents: async (from, to) => ({ events: this.#events(from, to), through: to }),
      pendingSequences: async () => [...this.#packets.keys()],
      unreceivedSequences: async (_, sequences) => sequences,
      findPacketEvent: async (type, _, sequence) =>
        this.#events(0n, NEVER).find((one) => one.type === type && one.packet.sequence === sequence),
      clientView: async (clientId) => ({
        ...{ clientId, clientType: 'solana', chainId: solanaId, status: 'Expired', revisionNumber: 0n },
        ...{ latestHeight: 1n, latestTimeNanoseconds: SECOND, trustingPeriodNanoseconds: NEVER },
      }),
      prove: async (work, height) => this.#prove(work, height),
      clientUpdates: async (_, height) => [this.#need(this.#updates.get(height), `header ${height}`)],
    }
  }

  #prove({ packet }: ProvenWork['work'], height: bigint): Uint8Array {
    return this.#need(this.#proofs.get(`${height}/${packet.sequence}`), `proof under ${height}`)
  }

  #need<T>(found: T | undefined, what: string): T {
    if (found !== undefined) return found
    throw new RelayError('endpoint', 'later', `the hub has no ${what}`)
  }

  #events(from: bigint, to: bigint): PacketEvent[] {
    const told = [...this.#packets.values()].filter(({ height }) => height >= from && height <= to)
    const type = 'send_packet' as const
    return told.map(({ packet, height }) => ({ type, height, packet, acknowledgement: undefined }))
  }
}

function keyOf(sequence: bigint): Uint8Array {
  return packetCommitmentKey(HUB_CLIENT, sequence)
}
