import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import type { RelayError } from './errors.ts'
import type { ClientType, ClientView, Head, ProofWindow } from './plan/view.ts'
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

/** Packet events in order, of all heights up to and with `through`. */
export interface EventPage {
  readonly events: readonly PacketEvent[]
  readonly through: bigint
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
  /** Fee paid, for example 1234 of `ucway` or of `wei`. */
  readonly fee: { readonly amount: bigint; readonly denom: string }
}

/** How one transaction ended: every work of it is in `done` or in `failed`. */
export interface Outcome {
  readonly inclusion: Inclusion | undefined
  readonly done: readonly Work[]
  readonly failed: readonly { readonly work: Work; readonly error: RelayError }[]
  /** Set when the transaction as a whole failed, so that an update without messages can fail too. */
  readonly error: RelayError | undefined
}

/** A state that a client accepted of the chain it follows, as far as the client keeps it. */
export interface AcceptedState {
  readonly height: bigint
  readonly timeSeconds: bigint
  /** The first 24 bytes of keccak256(app hash ‖ next set hash). */
  readonly commitment: Uint8Array
}

/** What creating a client needs from the chain that it will follow. */
export interface ClientSeed {
  readonly chainId: string
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
  /**
   * The one kind of client that lives on this chain; `undefined` where the followed chain's own kind does.
   */
  readonly hostedClients: ClientType | undefined
  /** Whether a client's counterparty is named when the client is created, and never again. */
  readonly bindsCounterpartyAtCreation: boolean
  /** The wallet that pays for messages on this chain. */
  readonly signerAddress: string
  /** Newest header that is final and whose commit can be fetched. */
  head(): Promise<Head>
  /** What a client of that kind can be shown of this chain, when `head` is its newest header. */
  proofWindow(clientType: ClientType, head: Head): Promise<ProofWindow>
  /**
   * Calls back at each new block as fast as the chain can tell; never silent for longer than the poll
   * interval.
   */
  watch(onWake: () => void): { close(): void }
  /**
   * Packet events from `from` on and not beyond `to` (a height that `head` has told): of as many heights as
   * the chain reads at once.
   */
  packetEvents(from: bigint, to: bigint): Promise<EventPage>
  /**
   * Sequences of packets that were sent by this client for good, and are neither acknowledged nor timed out
   * even in the newest block.
   */
  pendingSequences(clientId: string): Promise<readonly bigint[]>
  /** Those of `sequences`, sent by the peer, that this client has not received even in the newest block. */
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
   * Only where headers prove no more than what their block wrote: makes a client's commitments be written, so
   * that a later header proves them. At most one attempt is in the air; resolves when it has landed.
   */
  makeProvable?(clientId: string): Promise<void>
  /** Client messages that bring a client of this chain to `height`; several when sets changed much. */
  clientUpdates(client: ClientView, height: bigint): Promise<readonly Any[]>
  /**
   * Client messages that freeze that client, if the configured endpoints disagree about this chain, or one
   * with what the client has accepted; else none.
   */
  findMisbehaviour(client: ClientView, accepted: readonly AcceptedState[]): Promise<readonly Any[]>
  /**
   * States that a client on this chain has accepted in ascending order, newest first, down to the first at or
   * below `above`, or as many as are read at once; empty where clients keep nothing to compare.
   */
  acceptedStates(client: ClientView, above: bigint): Promise<readonly AcceptedState[]>
  /** What a client of this chain starts from. `clientType` is the host's, where it has one. */
  clientSeed(options: {
    readonly trustingPeriodSeconds?: bigint
    readonly clientType?: ClientType | undefined
  }): Promise<ClientSeed>
  /** `counterparty` is needed where it is bound at creation, and read nowhere else. */
  createClient(
    seed: ClientSeed,
    counterparty?: Counterparty,
  ): Promise<{ readonly clientId: string; readonly inclusion: Inclusion }>
  registerCounterparty(clientId: string, counterparty: Counterparty): Promise<Inclusion>
  /**
   * Sends a flight through the chain's one pipeline; one outcome a transaction, when all have ended. A
   * flight without batches is the update alone. Where that is long after the next flight can build on this
   * one, `onLanded` is told before what came of it: what failed has failed, what is done may still fail.
   */
  submit(flight: Flight, onLanded?: (outcomes: readonly Outcome[]) => void): Promise<readonly Outcome[]>
  /**
   * Only where a header proves nothing but what its block wrote: makes a new block prove what this client of
   * the chain sent and received.
   */
  makeProvable?(clientId: string): Promise<void>
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
