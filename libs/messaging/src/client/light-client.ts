import type { Any } from '@causeway/protocol/google/protobuf/any'
import type { Height } from '@causeway/protocol/ibc/core/client/v1/client'

/**
 * One client's own key space: `clients/{clientId}/` of the store `ibc`, with the prefix taken off. Layout as
 * in ibc-go.
 */
export interface ClientStore {
  get(key: Uint8Array): Uint8Array | undefined
  set(key: Uint8Array, value: Uint8Array): void
  delete(key: Uint8Array): void
  iterate(start?: Uint8Array, end?: Uint8Array, reverse?: boolean): Iterable<[Uint8Array, Uint8Array]>
}

/** What a light client knows of the block in which it runs. */
export interface ClientContext {
  readonly timeNanoseconds: bigint
  readonly height: Height
}

/** What a light client says of itself. */
export type LightClientStatus = 'Active' | 'Frozen' | 'Expired'

/**
 * * How one kind of counterparty chain is verified. Messaging never looks inside: the host chain hands
 * implementations in. Everything that input can cause is thrown as a `ProtocolError`. Spec: ICS-02.
 */
export interface LightClient {
  /** First part of the client ids: `07-tendermint`. */
  readonly clientType: string
  readonly typeUrls: {
    readonly clientState: string
    readonly consensusState: string
    readonly messages: readonly string[]
  }
  initialise(store: ClientStore, clientState: Any, consensusState: Any, context: ClientContext): void
  verifyClientMessage(store: ClientStore, message: Any, context: ClientContext): void
  checkForMisbehaviour(store: ClientStore, message: Any): boolean
  updateState(store: ClientStore, message: Any, context: ClientContext): Height[]
  updateStateOnMisbehaviour(store: ClientStore, message: Any): void
  verifyMembership(
    store: ClientStore,
    height: Height,
    proof: Uint8Array,
    path: Uint8Array[],
    value: Uint8Array,
    context: ClientContext,
  ): void
  verifyNonMembership(
    store: ClientStore,
    height: Height,
    proof: Uint8Array,
    path: Uint8Array[],
    context: ClientContext,
  ): void
  status(store: ClientStore, timeNanoseconds: bigint): LightClientStatus
  latestHeight(store: ClientStore): Height
  /** Nanoseconds. Throws a `ProtocolError` when there is no consensus state at that height. */
  timestampAtHeight(store: ClientStore, height: Height): bigint
  /**
   * What of a client is not as a client state says, apart from how far it is and whether it is frozen;
   * nothing when all is. Absent, as the next two, for clients that nobody governs.
   */
  differenceFrom?(store: ClientStore, clientState: Any): string | undefined
  /**
   * Gives a client that is not Active what an Active one trusts. Throws when they differ in more than may
   * change.
   */
  recover?(subject: ClientStore, substitute: ClientStore, context: ClientContext): void
  /** Deletes what a client has learnt, at most so many states; true when none is left. Its state stays. */
  forgetStates?(store: ClientStore, max?: number): boolean
  /** Names forks to come. Absent where no client has to know them. */
  extendForks?(store: ClientStore, forks: readonly Fork[]): void
  /**
   * The newest head, if it is above what is final; it may still be reorganised away, so no packet is proven
   * under it. Absent, as the next one, where every header is final.
   */
  optimisticHead?(store: ClientStore): OptimisticHead | undefined
  /** As `verifyMembership`, under the optimistic head. */
  verifyOptimisticMembership?(
    store: ClientStore,
    proof: Uint8Array,
    path: Uint8Array[],
    value: Uint8Array,
    context: ClientContext,
  ): void
}

/** From when on a chain follows other rules. */
export interface Fork {
  readonly name: string
  readonly epoch: bigint
  /** 4 bytes. */
  readonly version: Uint8Array
}

/** A head that is not final. */
export interface OptimisticHead {
  /** Grows with each head that takes another's place. */
  readonly slot: bigint
  readonly timestampSeconds: bigint
}
