import { decodeStrict, type Any, type Codec } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  Header,
  Misbehaviour,
} from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { equalBytes, isProtocolError } from '@causeway/primitives'
import { CLIENT_STATE_TYPE_URL, CONSENSUS_STATE_TYPE_URL } from './client-storage.ts'
import { isValidDuration } from './durations.ts'
import { errors } from './errors.ts'
import { validateHeaderMessage, type CheckedHeader } from './header-message.ts'

/** Type URL of a header. */
export const HEADER_TYPE_URL = '/ibc.lightclients.tendermint.v1.Header'
/** Type URL of misbehaviour: two headers. */
export const MISBEHAVIOUR_TYPE_URL = '/ibc.lightclients.tendermint.v1.Misbehaviour'

/** Bytes of a header with three validator sets of thousands; of misbehaviour twice that. */
const HEADER_BYTES_MAX = 4 * 1_048_576
const STATE_BYTES_MAX = 65_536

/** A client message, decoded and sound by itself. Never written to. */
export type ClientMessage =
  | { readonly kind: 'header'; readonly message: Header; readonly checked: CheckedHeader }
  | { readonly kind: 'misbehaviour'; readonly misbehaviour: Misbehaviour }

/**
 * A decoder that remembers the last message. One update asks for the same message three times (verify, check,
 * store), and decoding and hashing its validator sets is most of what is not signatures. It goes by the
 * bytes, so it can't change an answer.
 */
export function createMessageDecoder(): (message: Any) => ClientMessage {
  let last: { typeUrl: string; value: Uint8Array; decoded: ClientMessage } | undefined
  return (message) => {
    if (last?.typeUrl === message.typeUrl && equalBytes(last.value, message.value)) return last.decoded
    // Decoded fields are views of the bytes: of our own copy, which nobody writes to.
    const value = message.value.slice()
    const decoded = decodeClientMessage({ typeUrl: message.typeUrl, value })
    last = { typeUrl: message.typeUrl, value, decoded }
    return decoded
  }
}

/**
 * Decodes a client message from outside. Throws `07-tendermint/26`, `/27` and what an unsound header throws.
 */
export function decodeClientMessage(message: Any): ClientMessage {
  switch (message.typeUrl) {
    case HEADER_TYPE_URL: {
      const header = decode(Header, message, HEADER_BYTES_MAX)
      return { kind: 'header', message: header, checked: validateHeaderMessage(header) }
    }
    case MISBEHAVIOUR_TYPE_URL:
      return { kind: 'misbehaviour', misbehaviour: decode(Misbehaviour, message, 2 * HEADER_BYTES_MAX) }
    default:
      throw errors.unknownType({ typeUrl: message.typeUrl.slice(0, 100) })
  }
}

/** Decodes a new client's state. Throws `07-tendermint/26`, `/27`. */
export function decodeClientState(state: Any): ClientState {
  if (state.typeUrl !== CLIENT_STATE_TYPE_URL)
    throw errors.unknownType({ typeUrl: state.typeUrl.slice(0, 100) })
  const decoded = decode(ClientState, state, STATE_BYTES_MAX)
  for (const name of ['trustingPeriod', 'unbondingPeriod', 'maxClockDrift'] as const) {
    if (isValidDuration(decoded[name])) continue
    throw errors.malformed({
      what: state.typeUrl.slice(1),
      reason: `its ${name} is no duration that Go can hold`,
    })
  }
  return decoded
}

/** Decodes a new client's consensus state. Throws `07-tendermint/26`, `/27`. */
export function decodeConsensusState(state: Any): ConsensusState {
  if (state.typeUrl !== CONSENSUS_STATE_TYPE_URL)
    throw errors.unknownType({ typeUrl: state.typeUrl.slice(0, 100) })
  return decode(ConsensusState, state, STATE_BYTES_MAX)
}

function decode<T>(codec: Codec<T>, any: Any, maxBytes: number): T {
  const typeName = any.typeUrl.slice(1)
  try {
    return decodeStrict(codec, typeName, any.value, { maxBytes, maxFields: 1_000_000 })
  } catch (error) {
    if (isProtocolError(error)) throw errors.malformed({ what: typeName, reason: error.message })
    throw error
  }
}
