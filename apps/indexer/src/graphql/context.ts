import type { DataSource } from 'typeorm'
import type { Logger } from 'pino'
import type { CommitFeed } from '../follow/commit-feed.ts'
import type { PortfolioService } from '../prove/portfolio-service.ts'
import type { IndexerMeta } from '../serve/indexer-meta.ts'

/** What every resolver is handed. */
export type GraphqlContext = {
  readonly database: DataSource
  readonly portfolios: PortfolioService
  readonly feed: CommitFeed
  readonly meta: () => IndexerMeta
  readonly hubChainId: string
  readonly log: Logger
}
