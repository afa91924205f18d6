import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import type { RelayError } from './errors.ts'
import type { ClientView, Head } from './plan/view.ts'
import type { Work } from './plan/work.ts'

/** The packet events that IBC v2 chains emit, by the standard's names. */
export type PacketEventType =
  'send_packet' | 'recv_packet' | 'write_acknowledgement' | 'acknowledge_packet' | 'timeout_packet'

/**
 * One packet event as a chain reported it. It is a hint, never trusted: the target chain checks the proof.
 */
export interface PacketEvent {
  readonly type: PacketEventType
  readonly height: bigint
  readonly packet: Packet
  /** protobuf `Acknowledgement`; only with `write_acknowledgement`. */
  readonly acknowledgement: Uint8Array | undefined
}

/** A message with the proof that the target's client will verify under `proofHeight`. */
export interface ProvenWork {
  readonly work: Work
  readonly proof: Uint8Array
  readonly proofHeight: { readonly revisionNumber: bigint; readonly revisionHeight: bigint }
}

/**
 * What one lane sends at once: the client update (empty when none is needed), which travels in the first
 * transaction, and the messages behind it, one list a transaction.
 */
export interface Flight {
  readonly clientId: string
  readonly updates: readonly Any[]
  readonly batches: readonly (readonly ProvenWork[])[]
}

/** What a transaction cost and where it is. */
export interface Inclusion {
  readonly hash: string
  readonly height: bigint
  readonly gasUsed: bigint
  /** Fee paid, as the chain writes it, for example `1234ucway`. */
  readonly fee: string
}

/** How one transaction ended: every work of it is in `done` or in `failed`. */
export interface Outcome {
  readonly inclusion: Inclusion | undefined
  readonly done: readonly Work[]
  readonly failed: readonly { readonly work: Work; readonly error: RelayError }[]
  /** Set when the transaction as a whole failed, so that an update without messages can fail too. */
  readonly error: RelayError | undefined
}

/** What creating a client needs from the chain that it will follow. */
export interface ClientSeed {
  readonly clientState: Any
  readonly consensusState: Any
}

/** A registered counterparty of a client. */
export interface Counterparty {
  readonly clientId: string
  readonly merklePrefix: readonly Uint8Array[]
}

/** Everything the worker asks of a chain. Adapters throw `RelayError` and nothing else. */
export interface Chain {
  readonly chainId: string
  /** Path under which this chain's packet store is proven: what peers register as our merkle prefix. */
  readonly merklePrefix: readonly Uint8Array[]
  /** The wallet that pays for messages on this chain. */
  readonly signerAddress: string
  /** Newest header whose commit can be fetched. */
  head(): Promise<Head>
  /**
   * Calls back at each new block as fast as the chain can tell; never silent for longer than the poll
   * interval.
   */
  watch(onWake: () => void): { close(): void }
  packetEvents(height: bigint): Promise<readonly PacketEvent[]>
  /** Sequences of packets sent by this client and neither acknowledged nor timed out. */
  pendingSequences(clientId: string): Promise<readonly bigint[]>
  /** Those of `sequences`, sent by the peer, that this client has not received. */
  unreceivedSequences(clientId: string, sequences: readonly bigint[]): Promise<readonly bigint[]>
  findPacketEvent(
    type: 'send_packet' | 'write_acknowledgement',
    clientId: string,
    sequence: bigint,
  ): Promise<PacketEvent | undefined>
  clientView(clientId: string): Promise<ClientView>
  counterparty(clientId: string): Promise<Counterparty | undefined>
  /** Proof, for a header at `height`, of what `work` needs from this (the proving) chain. */
  prove(work: Work, height: bigint): Promise<Uint8Array>
  /**
   * Client messages that bring a client of this chain from one height to another; several when sets changed
   * much.
   */
  clientUpdates(trustedHeight: bigint, height: bigint): Promise<readonly Any[]>
  /**
   * Evidence, for that client, of two conflicting headers of this chain, if the configured endpoints
   * disagree at `height`.
   */
  findMisbehaviour(clientId: string, trustedHeight: bigint, height: bigint): Promise<Any | undefined>
  clientSeed(options: { readonly trustingPeriodSeconds?: bigint }): Promise<ClientSeed>
  createClient(seed: ClientSeed): Promise<{ readonly clientId: string; readonly inclusion: Inclusion }>
  registerCounterparty(clientId: string, counterparty: Counterparty): Promise<Inclusion>
  /**
   * Sends a flight through the chain's one pipeline; one outcome a transaction, when all have ended. A
   * flight without batches is the update alone.
   */
  submit(flight: Flight): Promise<readonly Outcome[]>
  /** Nanoseconds of a block's time. */
  blockTime(height: bigint): Promise<bigint>
  /**
   * Clients on this chain that follow `chainId` and that our own wallet created; empty where a chain can't
   * tell.
   */
  ownClients(chainId: string): Promise<readonly string[]>
  /** Asks every endpoint for its head, so that a silent one is noticed before it is needed. */
  probe(): Promise<readonly EndpointReport[]>
  balance(): Promise<{ readonly denom: string; readonly amount: bigint }>
}

/** One endpoint's health. `isFresh` means: it answers, and its head is neither behind the others nor old. */
export interface EndpointReport {
  readonly url: string
  readonly isFresh: boolean
  readonly height: bigint
  readonly failures: number
}
