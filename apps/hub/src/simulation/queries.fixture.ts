// Whether two nodes of the same state answer alike: what they keep in memory is what the state says.
import { equalBytes } from '@causeway/primitives'
import { QueryBookRequest, QueryMarketRequest } from '@causeway/protocol/causeway/markets/v1/query'
import { QueryPortfolioRequest } from '@causeway/protocol/causeway/risk/v1/query'
import type { CosmosApplication } from '../application.ts'
import type { Scene } from './scene.fixture.ts'

const ASKED = 4

/** What they answer otherwise. */
export function queryDifferences(scene: Scene, one: CosmosApplication, other: CosmosApplication): string[] {
  const questions: [string, Uint8Array][] = []
  for (let i = 0; i < ASKED; i++) {
    const market = scene.market()
    questions.push(
      ['markets.v1.Query/Book', QueryBookRequest.encode({ market: market.id, depth: 20 }).finish()],
      ['markets.v1.Query/Market', QueryMarketRequest.encode({ id: market.id, symbol: '' }).finish()],
      [
        'risk.v1.Query/Portfolio',
        QueryPortfolioRequest.encode({ account: scene.actor().address, explain: true }).finish(),
      ],
    )
  }
  return questions.flatMap(([path, data]) => {
    const request = { path: `/causeway.${path}`, data, height: 0n, prove: false }
    const [mine, theirs] = [one.query(request), other.query(request)]
    const isAlike = mine.code === theirs.code && equalBytes(mine.value, theirs.value)
    return isAlike ? [] : [`${path} of ${Buffer.from(data).toString('hex')}`]
  })
}
