/** What a source says of one of its pairs. */
export interface Reading {
  /** As the source names it. */
  readonly pair: string
  readonly priceE9: bigint
  /** When the source published it, Unix milliseconds; the time of receipt where its format has no time. */
  readonly publishTimeMs: number
}

/** One request: a GET, or a POST of JSON. */
export interface RestRequest {
  /** Path and query below the source's address. */
  readonly path: string
  readonly body?: string
}

/** What a message of a stream was. */
export type StreamMessage =
  | { readonly kind: 'readings'; readonly readings: readonly Reading[] }
  /** Something that carries no price: an acknowledgement, a heartbeat. */
  | { readonly kind: 'other' }
  /** The source wants this answer, or ends the connection. */
  | { readonly kind: 'reply'; readonly text: string }

/** How a kind of source is asked and read. Its parse functions are pure and throw `feeder/…`. */
export interface Format {
  readonly rest: {
    /** The source's own public address, if it has one. */
    readonly url?: string
    request(pair: string): RestRequest
    parse(text: string, pair: string, receivedMs: number): Reading
  }
  readonly stream?: {
    readonly url: string
    /** What is sent once the connection stands. */
    subscribe(pairs: readonly string[]): readonly string[]
    parse(text: string, receivedMs: number): StreamMessage
    /** What keeps the connection, where WebSocket's own ping is not enough. */
    readonly keepAlive?: string
  }
  /** A reading older than this is stale unless the configuration says otherwise. */
  readonly staleAfterMs: number
}

/** The message carried these. */
export function readings(...all: readonly Reading[]): StreamMessage {
  return { kind: 'readings', readings: all }
}

/** The message carried no price. */
export const OTHER: StreamMessage = { kind: 'other' }
