import { mulDivFloor } from '@causeway/primitives'
import { entryPriceE9, unrealisedE6 } from '../project/fold-position.ts'
import type { Greeks, Instrument } from '../prove/explained.ts'
import type { CashState, PositionState, SubaccountState } from '../prove/read-portfolio.ts'
import type { Position } from '../read/trading.ts'
import type { Builder } from './builder.ts'
import { cashText, cashTextOrNull, e9Text, e9TextOrNull } from './decimals.ts'
import type { addProofType } from './portfolio-type.ts'

/** A proven position, its subaccount, and what the tables know of it. */
export type PortfolioPosition = PositionState & {
  readonly state: SubaccountState
  readonly indexed: Position | undefined
}

const KINDS: Readonly<Record<string, string>> = { perpetual: 'perp', future: 'future', option: 'option' }
const NOTIONAL_UNIT = 10n ** 12n

/** Adds `Greeks`. */
export function addGreeksType(builder: Builder) {
  const describe = (description: string) => ({ description })
  return builder.objectRef<Greeks & { readonly name?: string }>('Greeks').implement({
    description: 'What is gained by a small move of one thing, all else still. In cash, as floating point.',
    fields: (t) => ({
      underlying: t.exposeString('name', {
        nullable: true,
        description: 'Its asset, of a part by underlying.',
      }),
      delta: t.exposeFloat('deltaCash', describe('The holding in spot that gains as much.')),
      gamma: t.exposeFloat('gammaCash', describe('By how much delta grows when the spot rises by 1 %.')),
      vega: t.exposeFloat('vegaCash', describe('When all volatilities rise by one point.')),
      theta: t.exposeFloat('thetaCash', describe('In one day when no price moves.')),
      rho: t.exposeFloat('rhoCash', describe('When the rate rises by one basis point.')),
    }),
  })
}

/** Adds `CashState`. */
export function addCashType(builder: Builder, proof: ReturnType<typeof addProofType>) {
  return builder.objectRef<CashState>('CashState').implement({
    description: "A subaccount's cash: its shares times an index of the pool.",
    fields: (t) => ({
      amount: t.field({
        type: 'Decimal',
        description: 'Signed, interest included, 6 places. Proven by `proof` and `poolProof`.',
        resolve: ({ amountE6 }) => cashText(amountE6),
      }),
      proof: t.field({ type: proof, description: 'Of the shares.', resolve: (row) => row.proof }),
      poolProof: t.field({ type: proof, description: 'Of the indices.', resolve: (row) => row.poolProof }),
    }),
  })
}

/** Adds `PortfolioPosition`. */
export function addPortfolioPositionType(builder: Builder, greeks: ReturnType<typeof addGreeksType>) {
  const position = declarePosition(builder)
  addProvenFields(builder, position, greeks)
  addIndexedFields(builder, position)
  return position
}

function declarePosition(builder: Builder) {
  return builder.objectRef<PortfolioPosition>('PortfolioPosition').implement({
    description:
      'A position whose size is proven. Entry, profit and fees are from the tables, null while they differ.',
  })
}

/** What the hub says of a position. */
function addProvenFields(
  builder: Builder,
  position: ReturnType<typeof declarePosition>,
  greeks: ReturnType<typeof addGreeksType>,
): void {
  builder.objectFields(position, (t) => ({
    market: t.exposeString('symbol', { description: 'Symbol.' }),
    marketId: t.field({ type: 'UInt64', resolve: ({ market }) => market }),
    size: t.field({
      type: 'Decimal',
      description: 'Signed, 9 places. Proven by `positionsProof`.',
      resolve: ({ sizeE9 }) => e9Text(sizeE9),
    }),
    mark: t.field({
      type: 'Decimal',
      nullable: true,
      description: "The hub's, 9 places.",
      resolve: ({ markE9 }) => (markE9 === 0n ? null : e9Text(markE9)),
    }),
    value: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'At the mark, 6 places.',
      resolve: ({ sizeE9, markE9 }) =>
        markE9 === 0n ? null : cashText(mulDivFloor(sizeE9, markE9, NOTIONAL_UNIT)),
    }),
    fundingDue: t.field({
      type: 'Decimal',
      description: 'Funding that is not settled yet, 6 places.',
      resolve: ({ fundingE6 }) => cashText(fundingE6),
    }),
    quote: t.field({
      type: 'Decimal',
      description: 'Minus what was paid and is not settled into cash, of options what was paid; 6 places.',
      resolve: ({ quoteE6 }) => cashText(quoteE6),
    }),
    greeks: t.field({
      type: greeks,
      nullable: true,
      resolve: async (row, _arguments, { portfolios }) => {
        const { positions } = await portfolios.explained(row.state)
        return positions.find(({ instrument }) => isOf(instrument, row)) ?? null
      },
    }),
  }))
}

/** What the tables add to it, by average cost. */
function addIndexedFields(builder: Builder, position: ReturnType<typeof declarePosition>): void {
  builder.objectFields(position, (t) => ({
    entryPrice: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'By average cost, 9 places.',
      resolve: (row) => e9TextOrNull(agreed(row) && entryPriceE9(agreed(row)!)),
    }),
    unrealised: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'At the mark against the entry price, 6 places.',
      resolve: (row) =>
        cashTextOrNull(row.markE9 === 0n ? null : agreed(row) && unrealisedE6(agreed(row)!, row.markE9)),
    }),
    realised: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Before fees and funding, 6 places.',
      resolve: (row) => cashTextOrNull(agreed(row)?.realisedE6),
    }),
    fees: t.field({
      type: 'Decimal',
      nullable: true,
      description: '6 places.',
      resolve: (row) => cashTextOrNull(agreed(row)?.feeE6),
    }),
    funding: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Received (paid, if negative) and settled, 6 places.',
      resolve: (row) => cashTextOrNull(agreed(row)?.fundingE6),
    }),
  }))
}

/** What the tables know, if they agree with what is proven. */
function agreed({ indexed, sizeE9 }: PortfolioPosition): Position | undefined {
  return indexed?.sizeE9 === sizeE9 ? indexed : undefined
}

function isOf(instrument: Instrument, { indexed }: PortfolioPosition): boolean {
  if (indexed === undefined || instrument.kind !== KINDS[indexed.kind ?? '']) return false
  if (instrument.underlying !== String(indexed.underlying)) return false
  if (instrument.kind === 'perp') return true
  if (instrument.expirySeconds !== Number(indexed.expirySeconds)) return false
  if (instrument.kind === 'future') return true
  return instrument.isCall === indexed.isCall && instrument.strike === Number(indexed.strikeE9) / 1e9
}
