import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import type { Height } from '@causeway/protocol/ibc/core/client/v1/client'
import type { KeyValueStore } from './store.ts'

/** What a handler tells the world. The driver decides how it is indexed. */
export interface Event {
  readonly type: string
  readonly attributes: readonly EventAttribute[]
}

/** One attribute of an event. */
export interface EventAttribute {
  readonly key: string
  readonly value: string
}

/**
 * * What a handler knows of the block and the transaction in which it runs. `Self` is the host chain's own
 * context, which its applications and ports receive unchanged.
 */
export interface MessagingContext<Self> {
  /** Time of the block that is executed; there is no other clock. */
  readonly timeNanoseconds: bigint
  /** This chain's revision and the height of the block that is executed. */
  readonly height: Height
  /** The provable store `ibc`, as this transaction sees it. */
  readonly ibc: KeyValueStore
  emit(event: Event): void
  /**
   * * Runs on a nested overlay of *every* store of the transaction. When `run` returns, its writes and events
   * become part of this context; when it throws, they are dropped and the error passes on. A host that swaps
   * its overlay in place may hand in itself.
   */
  nested<Result>(run: (context: Self) => Result): Result
}

/** Block time in whole seconds, rounded down: the unit of packet timeouts. */
export function blockSeconds(context: { readonly timeNanoseconds: bigint }): bigint {
  return context.timeNanoseconds / NANOSECONDS_PER_SECOND
}
