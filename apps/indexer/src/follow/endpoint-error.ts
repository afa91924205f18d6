/** How soon the same request may be tried again at another or the same endpoint. */
export type Retry = 'now' | 'later' | 'never'

const kinds = {
  unreachable: 'later',
  timeout: 'later',
  'too-large': 'later',
  malformed: 'later',
  'rpc-error': 'now',
  'wrong-chain': 'later',
  'wrong-header': 'later',
  'wrong-parent': 'later',
  'wrong-validators': 'later',
  'wrong-commit': 'later',
  'wrong-transactions': 'later',
  'wrong-results': 'later',
  'wrong-proof': 'later',
  'wrong-root': 'later',
  'wrong-finality': 'later',
  behind: 'later',
  'cursor-moved': 'never',
} as const satisfies Record<string, Retry>

/**
 * What went wrong with an endpoint. The `wrong-…` kinds are lies: what it served contradicts what is proven.
 */
export type EndpointErrorKind = keyof typeof kinds

/** A failed or refused answer of a chain's RPC endpoint. */
export class EndpointError extends Error {
  readonly kind: EndpointErrorKind
  readonly retry: Retry

  constructor(kind: EndpointErrorKind, detail: string, cause?: unknown) {
    super(`${kind}: ${detail}`, cause === undefined ? {} : { cause })
    this.kind = kind
    this.retry = kinds[kind]
  }

  /** Whether the endpoint served something false, rather than nothing. */
  get isLie(): boolean {
    return this.kind.startsWith('wrong-')
  }
}
