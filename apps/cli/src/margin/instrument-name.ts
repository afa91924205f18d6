import type { Instrument, MarketSnapshot } from '@causeway/margin'
import { errors } from './errors.ts'

const DAY_SECONDS = 86_400
/** Expiries are at 08:00 UTC. */
const EXPIRY_SECONDS = 8 * 3_600
/** Clocks before this are no Unix time: public cases count seconds from now. */
const UNIX_SINCE = 1_000_000_000

/** `ETH-PERP`, `ETH-20260327`, `ETH-20260327-3000-C`; the seconds of an expiry that is no 08:00 UTC. */
export function instrumentName(instrument: Instrument): string {
  if (instrument.kind === 'collateral') return instrument.asset
  if (instrument.kind === 'perp') return `${instrument.underlying}-PERP`
  const future = `${instrument.underlying}-${expiryName(instrument.expirySeconds)}`
  if (instrument.kind === 'future') return future
  const strike = String(instrument.strike).replace('.', '_')
  return `${future}-${strike}-${instrument.isCall ? 'C' : 'P'}`
}

/** The instrument of a name, among what a market lists. Throws `cli-margin/5`. */
export function parseInstrument(
  name: string,
  snapshot: MarketSnapshot,
): Exclude<Instrument, { kind: 'collateral' }> {
  for (const { name: underlying, perp, expiries } of snapshot.underlyings) {
    if (!name.startsWith(`${underlying}-`)) continue
    const rest = name.slice(underlying.length + 1)
    if (rest === 'PERP' && perp) return { kind: 'perp', underlying }
    for (const { expirySeconds } of expiries) {
      const written = [expiryName(expirySeconds), String(expirySeconds)].find(
        (each) => rest === each || rest.startsWith(`${each}-`),
      )
      if (written === undefined) continue
      if (rest === written) return { kind: 'future', underlying, expirySeconds }
      const option = /^(\d+(?:[._]\d+)?)-([CP])$/.exec(rest.slice(written.length + 1))
      if (option === null) continue
      const strike = Number(option[1]!.replace('_', '.'))
      return { kind: 'option', underlying, expirySeconds, strike, isCall: option[2] === 'C' }
    }
  }
  throw errors.unknownInstrument({ name, known: knownNames(snapshot) })
}

function expiryName(expirySeconds: number): string {
  if (expirySeconds < UNIX_SINCE || expirySeconds % DAY_SECONDS !== EXPIRY_SECONDS)
    return String(expirySeconds)
  return new Date(expirySeconds * 1000).toISOString().slice(0, 10).replaceAll('-', '')
}

function knownNames({ underlyings }: MarketSnapshot): string {
  const names = underlyings.flatMap(({ name, perp, expiries }) => [
    ...(perp ? [`${name}-PERP`] : []),
    ...expiries.map(({ expirySeconds }) => `${name}-${expiryName(expirySeconds)}[-STRIKE-C|P]`),
  ])
  return names.length === 0 ? 'none' : `${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`
}
