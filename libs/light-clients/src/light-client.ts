import type { Any, Height } from '@causeway/protocol'

/**
 * One client's own key space, laid out as ibc-go lays it out: keys of one client, without the client's
 * prefix.
 */
export interface ClientStore {
  get(key: Uint8Array): Uint8Array | undefined
  set(key: Uint8Array, value: Uint8Array): void
  delete(key: Uint8Array): void
  /** Entries from `start` (inclusive) to `end` (exclusive) in the keys' order, or backwards. */
  iterate(start?: Uint8Array, end?: Uint8Array, reverse?: boolean): Iterable<[Uint8Array, Uint8Array]>
}

/**
 * Work that costs more than the bytes that cause it: a signature by its kind (`ed25519Slow` comes on top of
 * `ed25519` where the native verifier refuses and the reference decides; `blsAggregate` is one signature of a
 * whole committee), the decoding of a BLS key, or one hash of a proof.
 */
export type Work = 'ed25519' | 'ed25519Slow' | 'secp256k1' | 'hash' | 'blsAggregate' | 'blsKey'

/** Is told of work before it is done; what it throws stops the work. */
export type Charge = (work: Work, count: number) => void

/** Time and height of the block that is being executed, and who pays for what is verified in it. */
export interface ClientContext {
  timeNanoseconds: bigint
  height: Height
  /** Absent: nobody counts. */
  charge?: Charge
}

/** Whether a client may be used. */
export type ClientStatus = 'Active' | 'Frozen' | 'Expired'

/** A light client in the terms of ICS-02. Everything is synchronous; refusals are `ProtocolError`s. */
export interface LightClient {
  readonly clientType: string
  readonly typeUrls: { clientState: string; consensusState: string; messages: readonly string[] }
  /** Stores a new client's first states. */
  initialise(store: ClientStore, clientState: Any, consensusState: Any, context: ClientContext): void
  /** Throws unless the message is valid against what the client trusts. Writes nothing. */
  verifyClientMessage(store: ClientStore, message: Any, context: ClientContext): void
  /** Whether a verified message proves that the chain misbehaved. */
  checkForMisbehaviour(store: ClientStore, message: Any): boolean
  /** Stores what a verified message without misbehaviour brings; the heights that it brought. */
  updateState(store: ClientStore, message: Any, context: ClientContext): Height[]
  /** Freezes the client. */
  updateStateOnMisbehaviour(store: ClientStore, message: Any): void
  /** Throws unless `path` has `value` at `height`. */
  verifyMembership(
    store: ClientStore,
    height: Height,
    proof: Uint8Array,
    path: readonly Uint8Array[],
    value: Uint8Array,
    context: ClientContext,
  ): void
  /** Throws unless nothing is stored at `path` at `height`. */
  verifyNonMembership(
    store: ClientStore,
    height: Height,
    proof: Uint8Array,
    path: readonly Uint8Array[],
    context: ClientContext,
  ): void
  /** Status at a time, in nanoseconds since 1970. */
  status(store: ClientStore, timeNanoseconds: bigint): ClientStatus
  /** The highest height that the client knows. */
  latestHeight(store: ClientStore): Height
  /** Time of the consensus state at `height`, in nanoseconds since 1970. */
  timestampAtHeight(store: ClientStore, height: Height): bigint
  /**
   * What of a client is not as a client state says, apart from how far it is and whether it is frozen;
   * nothing when all is.
   */
  differenceFrom(store: ClientStore, clientState: Any): string | undefined
  /**
   * Gives a client that is not Active what an Active one trusts. Throws when they differ in more than may
   * change. Spec: ibc-go v10 `CheckSubstituteAndUpdateState`.
   */
  recover(subject: ClientStore, substitute: ClientStore, context: ClientContext): void
  /**
   * Deletes what a client has learnt, at most so many states; the client state stays. True when none is left.
   */
  forgetStates(store: ClientStore, max?: number): boolean
}
