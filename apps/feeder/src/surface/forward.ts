import type { OptionTicker } from '../formats/deribit-options.ts'

/** The exchange's forward and that of put-call parity may differ by this much. */
export const PARITY_TOLERANCE = 0.005
/** So many strikes make a parity forward. */
const STRIKES_MIN = 3
/** Strikes further from the forward than this tell little of it. */
const NEAR = 0.15

/** A forward, or why there is none that can be believed. */
export type ForwardOrReason = { readonly forward: number } | { readonly reason: string }

/**
 * The forward of an expiry: the exchange's own (the median over its options), provided that put-call
 * parity (forward = strike + call − put, undiscounted) agrees within 0.5 % where three strikes or more
 * have a call and a put with both sides; parity's where the exchange names none.
 */
export function forwardOf(options: readonly OptionTicker[]): ForwardOrReason {
  const named = median(options.map(({ forward }) => forward).filter((forward) => forward > 0))
  const parity = parityForward(options, named)
  if (named === undefined) return parity === undefined ? { reason: 'no forward' } : { forward: parity }
  if (parity !== undefined && Math.abs(parity / named - 1) > PARITY_TOLERANCE)
    return { reason: 'the forward and put-call parity disagree' }
  return { forward: named }
}

/** The median forward of put-call parity; nothing from fewer than three strikes. */
function parityForward(options: readonly OptionTicker[], near: number | undefined): number | undefined {
  const calls = new Map(options.filter(({ isCall }) => isCall).map((call) => [call.strike, midOf(call)]))
  const forwards = options.flatMap((put) => {
    const [call, worth] = [calls.get(put.strike), midOf(put)]
    if (put.isCall || call === undefined || worth === undefined) return []
    if (near !== undefined && Math.abs(put.strike / near - 1) > NEAR) return []
    return [put.strike + call - worth]
  })
  return forwards.length < STRIKES_MIN ? undefined : median(forwards)
}

function midOf({ bid, ask }: OptionTicker): number | undefined {
  return bid === undefined || ask === undefined || !(bid > 0) || ask < bid ? undefined : (bid + ask) / 2
}

/** The middle one, or the mean of the middle two; nothing of nothing. */
export function median(values: readonly number[]): number | undefined {
  const ascending = [...values].sort((a, b) => a - b)
  const middle = ascending.length >> 1
  const upper = ascending[middle]
  if (upper === undefined || ascending.length % 2 === 1) return upper
  return (ascending[middle - 1]! + upper) / 2
}
