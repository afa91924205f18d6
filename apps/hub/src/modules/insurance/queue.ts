// Who is deleveraged first: the holders of one side of a market, by rank. Worked out when it is asked for,
// once a context: ranks are those of the first time within a block's step, sizes are read when they count.
import { assert, isProtocolError } from '@causeway/primitives'
import type { ReadContext } from '../../block/context.ts'
import { compareHolders } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import type { InsuredPosition, InsurancePorts, Instrument } from './ports.ts'
import { byRank, rankE6 } from './pure/rank.ts'

/** A holder of one side of a market. */
export interface Ranked {
  readonly holder: Holder
  /** Signed. */
  readonly sizeE9: bigint
  /** Nothing for whoever is worth nothing. */
  readonly rankE6: bigint | undefined
  readonly standing: Standing
}

/** What a holder in a queue has by now; nothing where it has changed since it was looked at. */
export interface Standing {
  readonly holder: Holder
  positions: readonly InsuredPosition[] | undefined
  /** 0 where it is beyond all bounds. */
  valueE6: bigint | undefined
}

/** Queues of all markets. */
export interface Queues {
  /** All who hold that side, first who is closed first; equal ranks ascending by holder. */
  of(context: ReadContext, market: bigint, isLong: boolean): readonly Ranked[]
  /** Positions have come to be since: what is known of the context is worked out anew. */
  forget(context: ReadContext): void
  /** A holder's cash, tokens or positions have changed within the step. */
  touched(context: ReadContext, holder: Holder): void
  /** Everybody's cash has. */
  touchedAll(context: ReadContext): void
  /** All whom queues of the context know. */
  standings(context: ReadContext): Iterable<Standing>
}

type Positions = ReadonlyMap<
  bigint,
  readonly { readonly holder: Holder; readonly position: InsuredPosition }[]
>

interface Known {
  readonly positions: Positions
  readonly queues: Map<string, readonly Ranked[]>
  readonly figures: Map<string, ReturnType<InsurancePorts['risk']['figures']> | undefined>
  /** By the same keys. */
  readonly standings: Map<string, Standing>
}

const UNKNOWN = { positions: undefined, valueE6: undefined } as const
const NOTIONAL_UNIT = 10n ** 12n

/** Makes them over their ports. */
export function createQueues(ports: InsurancePorts): Queues {
  const memory = new WeakMap<ReadContext, Known>()
  return {
    of(context, market, isLong) {
      let known = memory.get(context)
      if (known === undefined) {
        known = {
          ...{ positions: positionsByMarket(context, ports), queues: new Map() },
          ...{ figures: new Map(), standings: new Map() },
        }
        memory.set(context, known)
      }
      const key = `${market}${isLong ? 'l' : 's'}`
      let queue = known.queues.get(key)
      if (queue === undefined) {
        queue = rankAll(context, ports, known, market, isLong)
        known.queues.set(key, queue)
      }
      return queue
    },
    forget: (context) => void memory.delete(context),
    touched(context, holder) {
      const standing = memory.get(context)?.standings.get(ports.addresses.encodeHolder(holder))
      if (standing !== undefined) Object.assign(standing, UNKNOWN)
    },
    touchedAll(context) {
      for (const standing of memory.get(context)?.standings.values() ?? []) standing.valueE6 = undefined
    },
    standings: (context) => memory.get(context)?.standings.values() ?? [],
  }
}

/** Worth and margin of a subaccount; nothing where they are beyond all bounds. */
export function figuresOf(context: ReadContext, ports: InsurancePorts, holder: Holder) {
  try {
    return ports.risk.figures(context, holder)
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

/** What a position is counted as: of an option its underlying, so that a cheap one is no small one. */
export function notionalE6(instrument: Instrument, sizeE9: bigint): bigint {
  const { isOption, indexE9, markE9 = 0n } = instrument
  return (absolute(sizeE9) * (isOption ? indexE9 : markE9)) / NOTIONAL_UNIT
}

/** What a position is worth at the mark, rounded down; of a perpetual or future without its quote. */
export function markedE6({ markE9 = 0n }: Pick<Instrument, 'markE9'>, sizeE9: bigint): bigint {
  const worth = absolute(sizeE9) * markE9
  return sizeE9 < 0n ? -((worth + NOTIONAL_UNIT - 1n) / NOTIONAL_UNIT) : worth / NOTIONAL_UNIT
}

function rankAll(
  context: ReadContext,
  ports: InsurancePorts,
  known: Known,
  market: bigint,
  isLong: boolean,
): readonly Ranked[] {
  const instrument = ports.markets.instrument(context, market)
  assert(instrument !== undefined, 'who holds something holds it in a market')
  const side = (known.positions.get(market) ?? []).filter(({ position }) => position.sizeE9 > 0n === isLong)
  return side
    .map(({ holder, position }) => {
      const key = ports.addresses.encodeHolder(holder)
      let standing = known.standings.get(key)
      if (standing === undefined) known.standings.set(key, (standing = { holder, ...UNKNOWN }))
      if (!known.figures.has(key)) {
        const figures = figuresOf(context, ports, holder)
        known.figures.set(key, figures)
        standing.valueE6 = figures?.valueE6 ?? 0n
      }
      const rank = rankOf(instrument, position, known.figures.get(key))
      return { holder, sizeE9: position.sizeE9, rankE6: rank, standing }
    })
    .sort((a, b) => byRank(a.rankE6, b.rankE6) || compareHolders(a.holder, b.holder))
}

function rankOf(
  instrument: Instrument,
  position: InsuredPosition,
  figures: ReturnType<InsurancePorts['risk']['figures']> | undefined,
): bigint | undefined {
  if (figures === undefined) return undefined
  const { valueE6, initialE6 } = figures
  return rankE6({
    profitE6: profitE6(instrument, position),
    requirementE6: valueE6 - initialE6,
    notionalE6: notionalE6(instrument, position.sizeE9),
    equityE6: valueE6,
  })
}

/**
 * DIFFERS FROM SPEC: what perpetuals and futures make becomes cash every hour and with every trade, so what a
 * position itself has not realised says when it traded last, and trading one lot would take it to the end of
 * the queue. Theirs is what the index has gained for them within an hour, whenever they traded; an option's
 * is what it is worth beyond what was paid for it.
 */
function profitE6(instrument: Instrument, { sizeE9, quoteE6 }: InsuredPosition): bigint {
  if (instrument.isOption) return markedE6(instrument, sizeE9) + quoteE6
  return (sizeE9 * instrument.gainE9) / NOTIONAL_UNIT
}

function positionsByMarket(context: ReadContext, ports: InsurancePorts): Positions {
  const positions = new Map<bigint, { holder: Holder; position: InsuredPosition }[]>()
  for (const holder of ports.markets.holders(context))
    for (const position of ports.markets.positions(context, holder)) {
      const row = { holder, position }
      const rows = positions.get(position.market)
      if (rows === undefined) positions.set(position.market, [row])
      else rows.push(row)
    }
  return positions
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}
