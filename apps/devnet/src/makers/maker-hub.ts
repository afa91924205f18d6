import { connect, cosmosWallet } from '@causeway/client'
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing'
import { formatUnits } from 'viem'
import { testMnemonic } from '../chains/accounts.ts'
import type { MakerRole } from '../chains/accounts.ts'
import { HUB } from '../chains/facts.ts'
import { UNDERLYINGS, assetNumber } from '../chains/markets.ts'
import { hubQueries } from './hub-queries.ts'
import type { HubQueries } from './hub-queries.ts'
import type { MakerHub } from './market-maker.ts'
import type { Seen, SeenUnderlying, UnderlyingQuotes } from './plan-quotes.ts'

const MARKETS_KEPT_MS = 60_000
/** For a block: less than the devnet's end waits for its parts. */
const WAIT = { waitSeconds: 8 } as const
/** A maker's quotes of an underlying are withdrawn when fills of so long come to so much, cash. */
const PROTECTION = { windowSeconds: 10, notional: 60_000n }
const E9 = 1_000_000_000n
const DIGITS = 9

type MarketsOf = (asset: bigint) => Promise<SeenUnderlying['markets']>

/**
 * The hub over its RPC, with the account of a maker, whose trade messages are free. Throws while there is no
 * such account.
 */
export async function openMakerHub(rpcUrl: string, role: MakerRole): Promise<MakerHub> {
  const { prefix, chainId } = HUB
  const signer = await DirectSecp256k1HdWallet.fromMnemonic(testMnemonic(role, rpcUrl), { prefix })
  const causeway = await connect({ rpc: rpcUrl, chainId })
  const trader = causeway.trader(await cosmosWallet(signer))
  await trader.account()
  const queries = hubQueries(rpcUrl)
  const marketsOf = keep((asset: bigint) => queries.markets(asset), MARKETS_KEPT_MS)
  return {
    height: () => queries.height(),
    look: () => look(queries, trader.address, marketsOf),
    quote: async (plan) => {
      const quotes = await inWords(plan, marketsOf)
      await trader.massQuote(plan.asset.toString(), quotes, WAIT)
    },
    protect: async (asset) => {
      const { priceE9 } = UNDERLYINGS.find(({ denom }) => assetNumber(denom) === asset)!
      const { windowSeconds, notional } = PROTECTION
      const size = formatUnits((notional * E9 * E9) / priceE9, DIGITS)
      await trader.setProtection(asset.toString(), { windowSeconds, size }, WAIT)
    },
    stayAlive: async (seconds) => void (await trader.cancelAllAfter(seconds, WAIT)),
    close: () => causeway.close(),
  }
}

/** Quotes as the client library takes them: symbols, and decimals as text. */
async function inWords({ asset, quotes }: UnderlyingQuotes, marketsOf: MarketsOf) {
  const markets = await marketsOf(asset)
  const side = (priceE9: bigint, sizeE9: bigint) => ({
    price: formatUnits(priceE9, DIGITS),
    size: formatUnits(sizeE9, DIGITS),
  })
  return quotes.map(({ market, bidE9, bidSizeE9, askE9, askSizeE9 }) => ({
    market: markets.find(({ id }) => id === market)!.symbol,
    ...(bidSizeE9 === 0n ? {} : { bid: side(bidE9, bidSizeE9) }),
    ...(askSizeE9 === 0n ? {} : { ask: side(askE9, askSizeE9) }),
  }))
}

async function look(queries: HubQueries, address: string, marketsOf: MarketsOf): Promise<Seen> {
  const [{ prices, height }, { positions }] = await Promise.all([
    queries.prices(),
    queries.positions(address),
  ])
  const underlyings = UNDERLYINGS.map(async ({ denom, volatilityBps }): Promise<SeenUnderlying> => {
    const asset = assetNumber(denom)
    const [markets, surface] = await Promise.all([
      marketsOf(asset),
      volatilityBps === undefined ? undefined : queries.surface(asset),
    ])
    const price = prices.find((each) => each.asset === asset)
    const isFresh = price?.status === 'fresh' && (surface === undefined || surface.status === 'fresh')
    return { asset, indexE9: price?.priceE9 ?? 0n, isFresh, smiles: surface?.smiles ?? [], markets }
  })
  return {
    height,
    timeSeconds: BigInt(Math.floor(Date.now() / 1_000)),
    underlyings: await Promise.all(underlyings),
    positions: new Map(positions.map(({ market, sizeE9 }) => [market, sizeE9])),
  }
}

/** Remembers answers for a while. */
function keep<Key, Value>(ask: (key: Key) => Promise<Value>, milliseconds: number) {
  const known = new Map<Key, { readonly value: Value; readonly at: number }>()
  return async (key: Key): Promise<Value> => {
    const found = known.get(key)
    if (found !== undefined && performance.now() - found.at < milliseconds) return found.value
    const value = await ask(key)
    known.set(key, { value, at: performance.now() })
    return value
  }
}
