import { Not, IsNull, type EntityManager } from 'typeorm'
import { ClientEntity } from '../database/chain-entities.ts'
import { MarketEntity } from '../database/market-entities.ts'

/** Which chain each known client of a chain tracks. */
export async function loadTrackedChains(
  manager: EntityManager,
  chainId: string,
): Promise<Map<string, string>> {
  const clients = await manager.findBy(ClientEntity, { chainId, trackedChainId: Not(IsNull()) })
  return new Map(clients.map(({ clientId, trackedChainId }) => [clientId, trackedChainId ?? '']))
}

/** Markets whose terms are known. */
export async function loadKnownMarkets(manager: EntityManager): Promise<Set<bigint>> {
  const markets = await manager.find(MarketEntity, {
    select: { market: true },
    where: { kind: Not(IsNull()) },
  })
  return new Set(markets.map(({ market }) => market))
}
