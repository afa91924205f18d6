// Prices from a feeder of one's own: what the hub says is believed only where they agree.
import { errors } from '../errors.ts'

/** Where reference prices come from, and how far the hub's may be from them. */
export interface ReferenceTerms {
  readonly url: string
  readonly deviationBps: bigint
  readonly maxAge: number
}

/** A price by asset id, × 10⁹. */
export type ReferencePrices = ReadonlyMap<string, bigint>

const ANSWER_LENGTH_MAX = 4 * 1024 * 1024
const TIMEOUT_MS = 3_000
const BPS = 10_000n

/** Asks a feeder (docs/feeder.md, `/v1/prices`); old prices are left out. Throws `traders/3`. */
export async function readReference(
  { url, maxAge }: ReferenceTerms,
  now: () => number,
): Promise<ReferencePrices> {
  try {
    const response = await fetch(`${url}/v1/prices`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    const text = await response.text()
    if (text.length > ANSWER_LENGTH_MAX) throw new Error('its answer is too long')
    return pricesOf(JSON.parse(text), now() - maxAge)
  } catch (error) {
    throw errors.reference({ url, reason: error instanceof Error ? error.message : String(error) })
  }
}

/** Whether a price lies within what is allowed of the reference; one that has no reference does not. */
export function isNear(priceE9: bigint, referenceE9: bigint | undefined, deviationBps: bigint): boolean {
  if (referenceE9 === undefined || priceE9 <= 0n) return false
  const apart = priceE9 > referenceE9 ? priceE9 - referenceE9 : referenceE9 - priceE9
  return apart * BPS <= referenceE9 * deviationBps
}

function pricesOf(json: unknown, sinceMs: number): ReferencePrices {
  const { prices } = (json ?? {}) as { prices?: unknown }
  if (!Array.isArray(prices)) throw new Error('it tells no prices')
  const found = new Map<string, bigint>()
  for (const item of prices as Record<string, unknown>[]) {
    const { asset, priceE9, publishTimeMs } = item ?? {}
    const isPrice = [asset, priceE9].every((text) => /^[1-9]\d{0,24}$/.test(String(text)))
    if (isPrice && Number(publishTimeMs) >= sinceMs) found.set(String(asset), BigInt(String(priceE9)))
  }
  return found
}
