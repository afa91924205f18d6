// The node's side of the feeder: polls it over HTTP and keeps its newest answer, so that a vote never waits.
import { setTimeout as pause } from 'node:timers/promises'
import { networkFault } from '@causeway/primitives'
import type { SurfaceVote } from '@causeway/protocol/causeway/oracle/v1/oracle'
import { FRESH_SECONDS } from '../modules/oracle/accept-price.ts'
import type { PriceSource, SourcePrice, SurfaceSource } from '../modules/oracle/price-source.ts'
import { parsePrices, parseSurfaces } from './parse-feed.ts'
import type { Named } from './parse-feed.ts'

/** Where a node's prices come from. */
export interface PriceFeedOptions {
  /** Of the feeder, as http://127.0.0.1:8790. */
  readonly url: string
  /** Time between two questions; default 500 ms. */
  readonly everyMs?: number
  /** Told when the feeder is lost, and when it is back. */
  readonly log?: (line: string) => void
  /**
   * What the chain's feeds call its assets, `BTC`: what a feeder says under another name is not voted. One
   * that isn't named here is not compared.
   */
  readonly symbols?: ReadonlyMap<bigint, string>
  /** This machine's clock, Unix seconds. */
  readonly nowSeconds?: () => bigint
}

/** A feeder that is followed. */
export interface PriceFeed {
  /** What the feeder said last, as far as it is not older than a vote may be. */
  readonly prices: PriceSource
  readonly surfaces: SurfaceSource
  /** Ends the questions; what was said last stays until it is too old. */
  stop(): Promise<void>
}

const NOTHING_WRONG = { prices: [], surfaces: [] }
const EVERY_MS = 500
const TIMEOUT_MS = 2_000
const BYTES_MAX = 4 * 1024 * 1024

/** Follows a feeder until `stop`. Never throws for what the feeder does: without it there are no prices. */
export function followPriceFeed(options: PriceFeedOptions): PriceFeed {
  const { url, everyMs = EVERY_MS, log = () => undefined, nowSeconds = clockSeconds } = options
  const base = url.replace(/\/$/, '')
  const end = new AbortController()
  let prices: readonly SourcePrice[] = []
  let surfaces: readonly SurfaceVote[] = []
  let lost: string | undefined
  let wrong: { readonly prices: readonly string[]; readonly surfaces: readonly string[] } = NOTHING_WRONG
  const misnamed = () => [...new Set([...wrong.prices, ...wrong.surfaces])].join(', ')
  const { symbols } = options
  const acceptPrices = (said: readonly (SourcePrice & Named)[]) => {
    prices = said.filter((item) => misnaming(item, symbols) === undefined)
    wrong = { ...wrong, prices: said.flatMap((item) => misnaming(item, symbols) ?? []) }
  }
  const acceptSurfaces = (said: readonly (SurfaceVote & Named)[]) => {
    surfaces = said.filter((item) => misnaming(item, symbols) === undefined)
    wrong = { ...wrong, surfaces: said.flatMap((item) => misnaming(item, symbols) ?? []) }
  }
  const ask = async (): Promise<void> => {
    const before = misnamed()
    const reason = await Promise.all([
      read(`${base}/v1/prices`, parsePrices, end.signal).then(acceptPrices),
      read(`${base}/v1/surfaces`, parseSurfaces, end.signal).then(acceptSurfaces),
    ]).then(() => undefined, wording)
    const now = misnamed()
    if (now !== before)
      log(`price feed ${base}: ${now === '' ? 'its names are right again' : `${now}; not voted`}`)
    if (end.signal.aborted || (reason === undefined) === (lost === undefined)) return
    log(
      reason === undefined ? `price feed ${base}: back` : `price feed ${base}: ${reason}; no prices from it`,
    )
    lost = reason
  }
  const polling = (async () => {
    while (!end.signal.aborted) {
      await ask()
      await pause(everyMs, undefined, { signal: end.signal }).catch(() => undefined)
    }
  })()
  const isFresh = ({ publishTimeSeconds }: { readonly publishTimeSeconds: bigint }) =>
    nowSeconds() - publishTimeSeconds <= FRESH_SECONDS
  return {
    prices: () => prices.filter(isFresh),
    surfaces: () => surfaces.filter(isFresh),
    async stop() {
      end.abort()
      await polling
    },
  }
}

/** What is wrong with the name of an asset. */
function misnaming(
  { asset, symbol }: Named & { readonly asset: bigint },
  symbols: PriceFeedOptions['symbols'],
): string | undefined {
  const expected = symbols?.get(asset)
  if (expected === undefined || expected === symbol) return undefined
  return `it says ${symbol} of asset ${asset}, expected ${expected}`
}

/** One bounded answer. Throws whatever keeps it from being one. */
async function read<Answer>(
  url: string,
  parse: (text: string) => Answer | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  })
  if (response.status !== 200) throw new Error(`HTTP status ${response.status}`)
  let text = ''
  let bytes = 0
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > BYTES_MAX) throw new Error(`an answer longer than ${BYTES_MAX} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  const answer = parse(text)
  if (answer === undefined) throw new Error('not the answer of a feeder')
  return answer
}

function wording(error: unknown): string {
  return error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : networkFault(error)
}

function clockSeconds(): bigint {
  return BigInt(Math.floor(Date.now() / 1_000))
}
