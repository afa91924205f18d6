// At which prices positions are taken over.
import { mulDivFloor } from '@causeway/primitives'
import type { ReadContext } from '../../block/context.ts'
import type { HeldPosition, MarketsPort } from './ports.ts'

const NOTIONAL_UNIT = 10n ** 12n

/**
 * A position, or a part, with what is paid for it: linear ones go at the mark that they settle at, options
 * for nothing; the rest is paid in cash.
 */
export function asTaken(
  context: ReadContext,
  markets: Pick<MarketsPort, 'market' | 'figures'>,
  { market, sizeE9 }: Pick<HeldPosition, 'market' | 'sizeE9'>,
): HeldPosition {
  if (markets.market(context, market)?.kind === 'option') return { market, sizeE9, quoteE6: 0n }
  const { markE9 } = markets.figures(context, market)
  return { market, sizeE9, quoteE6: -mulDivFloor(sizeE9, markE9, NOTIONAL_UNIT) }
}
