// The grammar of a module: what each folder of src/modules gives to the composition.
import { decodeStrict, encodeMessage } from '@causeway/protocol'
import type { Codec } from '@causeway/protocol'
import type { Context, ParentBlock, ReadContext } from './context.ts'
import type { Lane } from './lanes.ts'
import type { Parameters } from './parameters.ts'

/** One domain of the state machine. A module imports no other: it is made with the ports that it needs. */
export interface Module {
  /** Also its codespace. */
  readonly name: string
  /** The store whose keys are this module's alone; absent for a module without state. */
  readonly storeName?: string
  readonly messages: readonly MessageType[]
  readonly queries: readonly QueryMethod[]
  /** What governance may change. */
  readonly parameters?: Parameters
  /** Writes the module's part of `app_state`. Throws `genesis/*`. */
  initGenesis?(context: Context, state: unknown): void
  /** The module's part of `app_state` that would make this state. */
  exportGenesis?(context: ReadContext): unknown
  /** `parent` is absent in the first block. */
  beginBlock?(context: Context, parent: ParentBlock | undefined): void
  endBlock?(context: Context): void
  /** States what does not hold, one sentence each; empty when all is well. */
  invariants?(context: ReadContext): readonly string[]
}

/** Who signed the transaction that a message stands in, after authentication. */
export interface Signer {
  /** The account that acts. */
  readonly account: Uint8Array
  /** A session key signed, not a wallet. */
  readonly isSession: boolean
  /** Milliseconds, of a transaction of trade messages: the client's id of the order in it. */
  readonly nonce: bigint | undefined
}

/**
 * What signing a message takes. `wallet`: a wallet of the account and its next sequence, for a fee. `trade`:
 * also a session key; authenticated by a nonce in any order, and free as long as the account's token bucket
 * lasts. Nothing that moves value out of an account, or gives others power over it, is `trade`.
 */
export type Permission = 'wallet' | 'trade'

/** A message decoded and judged as far as possible without state. */
export interface Action {
  readonly typeUrl: string
  /** As it was decoded. */
  readonly message: unknown
  /** The first that a message of this type and content may have: the state may put it last. */
  readonly lane: Lane
  readonly permission: Permission
  /** What a trade message takes from the token bucket. */
  readonly tokens: number
  /** The 20-byte account that must have signed. */
  readonly signer: Uint8Array
  /** Runs the message; gives the encoded response. Throws `ProtocolError`. */
  execute(context: Context, signer: Signer): Uint8Array
}

/** A message that the chain understands. */
export interface MessageType {
  readonly typeUrl: string
  readonly responseTypeUrl: string
  /** Throws `ProtocolError`. */
  prepare(bytes: Uint8Array): Action
}

/** A gRPC-style query. */
export interface QueryMethod {
  readonly path: string
  /** Throws `ProtocolError`. */
  answer(context: ReadContext, request: Uint8Array): Uint8Array
}

/** How one message is read and run. */
export interface MessageDefinition<Message, Response> {
  /** Without the leading slash. */
  readonly typeName: string
  readonly codec: Codec<Message>
  readonly responseCodec: Codec<Response>
  readonly lane: Lane
  /** Default `wallet`. */
  readonly permission?: Permission
  signer(message: NoInfer<Message>): Uint8Array
  /** Of a trade message: what it takes from the token bucket; default 1. */
  tokens?(message: NoInfer<Message>): number
  /** Judges the message alone. */
  validate?(message: Message): void
  handle(context: Context, message: Message, signer: Signer): Response
}

/** How one query is read and answered. */
export interface QueryDefinition<Request, Response> {
  readonly path: string
  readonly requestTypeName: string
  readonly requestCodec: Codec<Request>
  readonly responseCodec: Codec<Response>
  answer(context: ReadContext, request: Request): Response
}

/** Makes a message type of its parts. */
export function defineMessage<Message, Response>(d: MessageDefinition<Message, Response>): MessageType {
  const typeUrl = `/${d.typeName}`
  return {
    typeUrl,
    responseTypeUrl: `${typeUrl}Response`,
    prepare(bytes) {
      const message = decodeStrict(d.codec, d.typeName, bytes)
      d.validate?.(message)
      return {
        typeUrl,
        message,
        lane: d.lane,
        permission: d.permission ?? 'wallet',
        tokens: d.tokens?.(message) ?? 1,
        signer: d.signer(message),
        execute: (context, signer) => encodeMessage(d.responseCodec, d.handle(context, message, signer)),
      }
    },
  }
}

/** Makes a query of its parts. */
export function defineQuery<Request, Response>(d: QueryDefinition<Request, Response>): QueryMethod {
  return {
    path: d.path,
    answer(context, request) {
      const message = decodeStrict(d.requestCodec, d.requestTypeName, request)
      return d.responseCodec.encode(d.answer(context, message)).finish()
    },
  }
}
