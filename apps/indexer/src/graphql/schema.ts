import type { GraphQLSchema } from 'graphql/index.js'
import { createBuilder } from './builder.ts'
import { addAccountType, addClientType, addLineType, addPriceType, addTransactionType } from './hub-types.ts'
import { addMetaType } from './meta-type.ts'
import { addPortfolioType } from './portfolio-type.ts'
import { addQueries } from './queries.ts'
import { addSubscriptions } from './subscriptions.ts'
import { addTransferType } from './transfer-type.ts'

/** The whole schema; `schema.graphql` beside the package is its contract. */
export function buildSchema(): GraphQLSchema {
  const builder = createBuilder()
  const transfer = addTransferType(builder)
  const line = addLineType(builder)
  const portfolio = addPortfolioType(builder, { transfer, line })
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
  addSubscriptions(builder, { transfer, portfolio })
  return builder.toSchema()
}
