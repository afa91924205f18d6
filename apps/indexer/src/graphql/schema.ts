import type { GraphQLSchema } from 'graphql/index.js'
import { createBuilder } from './builder.ts'
import { addAccountType, addClientType, addLineType, addPriceType, addTransactionType } from './hub-types.ts'
import { addHealthQueries } from './health-queries.ts'
import { addHealthTypes, addMarginLevelType } from './health-types.ts'
import { addHolderHistoryQueries, addMarketHistoryQueries } from './history-queries.ts'
import { addHolderHistoryTypes, addMarketHistoryTypes } from './history-types.ts'
import { addLiquidationQueries } from './liquidation-queries.ts'
import { addLiquidationTypes } from './liquidation-types.ts'
import { addLossQueries } from './loss-queries.ts'
import { addLossTypes } from './loss-types.ts'
import { addMarketQueries } from './market-queries.ts'
import { addBookType, addMarketType, addTradingEnums } from './market-types.ts'
import { addMarketSubscriptions } from './market-subscriptions.ts'
import { addMetaType } from './meta-type.ts'
import { addPortfolioType } from './portfolio-type.ts'
import { addQueries } from './queries.ts'
import { addStressSubscriptions } from './stress-subscriptions.ts'
import { addSubscriptions } from './subscriptions.ts'
import { addFillType, addOrderType, addPositionType } from './trading-types.ts'
import { addTransferType } from './transfer-type.ts'
import { addVaultQueries } from './vault-queries.ts'
import { addVaultTypes } from './vault-types.ts'

/** The whole schema; `schema.graphql` beside the package is its contract. */
export function buildSchema(): GraphQLSchema {
  const builder = createBuilder()
  const transfer = addTransferType(builder)
  const line = addLineType(builder)
  const enums = addTradingEnums(builder)
  const fill = addFillType(builder, enums)
  const order = addOrderType(builder, enums, fill)
  const level = addMarginLevelType(builder)
  const portfolio = addPortfolioType(builder, { transfer, line, order, level })
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
  const health = addHealthTypes(builder, level)
  const liquidation = addLiquidationTypes(builder)
  addHealthQueries(builder, health)
  addLiquidationQueries(builder, liquidation)
  addLossQueries(builder, addLossTypes(builder))
  addVaultQueries(builder, addVaultTypes(builder))
  addSubscriptions(builder, { transfer, portfolio })
  addMarketSubscriptions(builder, { fill, book })
  addStressSubscriptions(builder, { health, liquidation })
  return builder.toSchema()
}
