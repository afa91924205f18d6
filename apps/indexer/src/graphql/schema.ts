import type { GraphQLSchema } from 'graphql/index.js'
import { createBuilder } from './builder.ts'
import { addAccountType, addClientType, addLineType, addPriceType, addTransactionType } from './hub-types.ts'
import { addHolderHistoryQueries, addMarketHistoryQueries } from './history-queries.ts'
import { addHolderHistoryTypes, addMarketHistoryTypes } from './history-types.ts'
import { addMarketQueries } from './market-queries.ts'
import { addBookType, addMarketType, addTradingEnums } from './market-types.ts'
import { addMarketSubscriptions } from './market-subscriptions.ts'
import { addMetaType } from './meta-type.ts'
import { addPortfolioType } from './portfolio-type.ts'
import { addQueries } from './queries.ts'
import { addSubscriptions } from './subscriptions.ts'
import { addFillType, addOrderType, addPositionType } from './trading-types.ts'
import { addTransferType } from './transfer-type.ts'

/** The whole schema; `schema.graphql` beside the package is its contract. */
export function buildSchema(): GraphQLSchema {
  const builder = createBuilder()
  const transfer = addTransferType(builder)
  const line = addLineType(builder)
  const enums = addTradingEnums(builder)
  const fill = addFillType(builder, enums)
  const order = addOrderType(builder, enums, fill)
  const portfolio = addPortfolioType(builder, { transfer, line, order })
  addQueries(builder, {
    transfer,
    line,
    portfolio,
    price: addPriceType(builder),
    account: addAccountType(builder),
    client: addClientType(builder),
    transaction: addTransactionType(builder),
    meta: addMetaType(builder),
  })
  const book = addBookType(builder)
  addMarketQueries(builder, {
    enums,
    fill,
    market: addMarketType(builder, enums),
    book,
    order,
    position: addPositionType(builder),
  })
  addMarketHistoryQueries(builder, addMarketHistoryTypes(builder))
  addHolderHistoryQueries(builder, addHolderHistoryTypes(builder))
  addSubscriptions(builder, { transfer, portfolio })
  addMarketSubscriptions(builder, { fill, book })
  return builder.toSchema()
}
