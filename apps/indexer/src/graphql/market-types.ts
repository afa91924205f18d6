import type { Book, Level, Market } from '../read/markets.ts'
import type { Figures } from '../prove/market-figures.ts'
import type { Builder } from './builder.ts'
import { cashText, e9Text, e9TextOrNull, secondsOrNull } from './decimals.ts'

/** Adds the enums of markets and trading. */
export function addTradingEnums(builder: Builder) {
  const side = builder.enumType('Side', {
    description: 'Of an order or a fill.',
    values: { BUY: { value: 'buy' }, SELL: { value: 'sell' } } as const,
  })
  const orderStatus = builder.enumType('OrderStatus', {
    description: 'How an order stands.',
    values: {
      OPEN: { value: 'open', description: 'It rests, waits for its trigger, or is new in its block.' },
      FILLED: { value: 'filled' },
      CLOSED: { value: 'closed', description: 'Over, with `reason`, and `remaining` unfilled.' },
    } as const,
  })
  const kind = builder.enumType('MarketKind', {
    description: 'What is traded in a market.',
    values: {
      PERPETUAL: { value: 'perpetual' },
      FUTURE: { value: 'future' },
      OPTION: { value: 'option' },
      SPOT: { value: 'spot' },
    } as const,
  })
  const status = builder.enumType('MarketStatus', {
    description: 'How a market stands.',
    values: {
      OPEN: { value: 'open' },
      REDUCE_ONLY: { value: 'reduceOnly' },
      PAUSED: { value: 'paused' },
      SETTLING: { value: 'settling', description: 'Over: waiting to be paid out, or paid out.' },
    } as const,
  })
  return { side, orderStatus, kind, status }
}

/** The enums of markets and trading. */
export type TradingEnums = ReturnType<typeof addTradingEnums>

/** Adds `Market` and its figures. */
export function addMarketType(builder: Builder, enums: TradingEnums) {
  const market = declareMarket(builder)
  addMarketTerms(builder, market, enums)
  addMarketActivity(builder, market, addFiguresType(builder))
  return market
}

function addFiguresType(builder: Builder) {
  return builder.objectRef<Figures>('MarketFigures').implement({
    description: "What changes with every block: the hub's own query after block `height`.",
    fields: (t) => ({
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      mark: t.field({
        type: 'Decimal',
        nullable: true,
        description: '9 places. Of options the model price, of spot the index.',
        resolve: ({ markE9 }) => (markE9 === 0n ? null : e9Text(markE9)),
      }),
      index: t.field({
        type: 'Decimal',
        nullable: true,
        description: '9 places; of a future the forward.',
        resolve: ({ indexE9 }) => (indexE9 === 0n ? null : e9Text(indexE9)),
      }),
      openInterest: t.field({
        type: 'Decimal',
        description: '9 places: of one side.',
        resolve: ({ openInterestE9 }) => e9Text(openInterestE9),
      }),
      fundingRate: t.field({
        type: 'Decimal',
        nullable: true,
        description: '9 places: what longs pay this hour, as a part of the price.',
        resolve: ({ fundingRateE9 }) => e9TextOrNull(fundingRateE9),
      }),
    }),
  })
}

function declareMarket(builder: Builder) {
  return builder.objectRef<Market>('Market').implement({
    description: 'What can be traded, and what its auctions have done.',
  })
}

function addMarketTerms(
  builder: Builder,
  market: ReturnType<typeof declareMarket>,
  { kind, status }: TradingEnums,
): void {
  builder.objectFields(market, (t) => ({
    id: t.field({ type: 'UInt64', resolve: ({ market }) => market }),
    symbol: t.exposeString('symbol', { nullable: true }),
    kind: t.field({ type: kind, nullable: true, resolve: (row) => row.kind as 'perpetual' | null }),
    status: t.field({ type: status, nullable: true, resolve: (row) => row.status as 'open' | null }),
    underlying: t.field({
      type: 'UInt64',
      nullable: true,
      description: 'Its asset.',
      resolve: ({ underlying }) => underlying,
    }),
    expiry: t.field({
      type: 'Time',
      nullable: true,
      resolve: ({ expirySeconds }) => secondsOrNull(expirySeconds),
    }),
    strike: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Of an option, 9 places.',
      resolve: (row) => (row.kind === 'option' ? e9TextOrNull(row.strikeE9) : null),
    }),
    isCall: t.boolean({
      nullable: true,
      resolve: (row) => (row.kind === 'option' ? row.isCall : null),
    }),
    tick: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Prices are multiples of it; 9 places.',
      resolve: ({ tickE9 }) => e9TextOrNull(tickE9),
    }),
    lot: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Sizes are multiples of it; 9 places.',
      resolve: ({ lotE9 }) => e9TextOrNull(lotE9),
    }),
    tier: t.exposeInt('tier', { nullable: true }),
  }))
}

function addMarketActivity(
  builder: Builder,
  market: ReturnType<typeof declareMarket>,
  figures: ReturnType<typeof addFiguresType>,
): void {
  builder.objectFields(market, (t) => ({
    lastPrice: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Of the newest auction that cleared, 9 places.',
      resolve: ({ lastPriceE9 }) => e9TextOrNull(lastPriceE9),
    }),
    lastTradeTime: t.field({
      type: 'Time',
      nullable: true,
      resolve: ({ lastTradeNanoseconds }) => lastTradeNanoseconds,
    }),
    volume: t.field({
      type: 'Decimal',
      description: 'What auctions traded in the last day, by whole hours; 9 places.',
      resolve: ({ volumeE9 }) => e9Text(volumeE9),
    }),
    notional: t.field({
      type: 'Decimal',
      description: 'The same in cash, 6 places.',
      resolve: ({ notionalE6 }) => cashText(notionalE6),
    }),
    openInterest: t.field({
      type: 'Decimal',
      description: 'Σ of the long positions in the tables, 9 places.',
      resolve: ({ openInterestE9 }) => e9Text(openInterestE9),
    }),
    fundingRate: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Of the last funding event: what longs pay an hour, as a part of the price; 9 places.',
      resolve: ({ fundingRateE9 }) => e9TextOrNull(fundingRateE9),
    }),
    settlementPrice: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Once its expiry has one, 9 places.',
      resolve: ({ settlementPriceE9 }) => e9TextOrNull(settlementPriceE9),
    }),
    figures: t.field({
      type: figures,
      nullable: true,
      description: 'Null once the market is paid out.',
      resolve: async ({ market }, _arguments, { portfolios }) =>
        (await portfolios.figures()).get(market) ?? null,
    }),
  }))
}

/** Adds `Book`. */
export function addBookType(builder: Builder) {
  const level = builder.objectRef<Level>('BookLevel').implement({
    description: 'What stands at a price of a book.',
    fields: (t) => ({
      price: t.field({
        type: 'Decimal',
        description: '9 places.',
        resolve: ({ priceE9 }) => e9Text(priceE9),
      }),
      size: t.field({ type: 'Decimal', description: '9 places.', resolve: ({ sizeE9 }) => e9Text(sizeE9) }),
    }),
  })
  return builder.objectRef<Book>('Book').implement({
    description: 'The orders that rest in a market, by price.',
    fields: (t) => ({
      marketId: t.field({ type: 'UInt64', resolve: ({ market }) => market }),
      bids: t.field({ type: [level], description: 'Best first.', resolve: ({ bids }) => [...bids] }),
      asks: t.field({ type: [level], description: 'Best first.', resolve: ({ asks }) => [...asks] }),
      sequence: t.field({
        type: 'UInt64',
        nullable: true,
        description: 'Of the last change; each is one more than the one before.',
        resolve: ({ sequence }) => sequence,
      }),
      checksum: t.exposeString('checksum', {
        nullable: true,
        description: "The hub's, of the ten best levels of both sides.",
      }),
      height: t.field({
        type: 'UInt64',
        nullable: true,
        description: 'Of the block of the last change.',
        resolve: ({ height }) => height,
      }),
    }),
  })
}
