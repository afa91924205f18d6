import {
  QueryPricesRequest,
  QueryPricesResponse,
  QuerySurfaceRequest,
  QuerySurfaceResponse,
} from '@causeway/protocol/causeway/oracle/v1/query'
import type { HeldPrice } from '@causeway/protocol/causeway/oracle/v1/oracle'
import { z } from 'zod'
import { defineQuery } from '../../block/module.ts'
import type { Module } from '../../block/module.ts'
import { invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import { AGREEING_HEIGHTS, priceState } from './accept-price.ts'
import type { Oracle } from './oracle.ts'
import { ORACLE_STORE, feeds, readFeed, readSurface, surfaces, writeFeed } from './state.ts'

const accepted = z.strictObject({ priceE9: u64Text, timeSeconds: u64Text, height: u64Text })
const heldPrice = z.strictObject({
  lowestE9: u64Text,
  highestE9: u64Text,
  heights: z.int().min(0).max(AGREEING_HEIGHTS),
  lastHeight: u64Text,
})
const schema = z.strictObject({
  feeds: z
    .array(
      z.strictObject({
        asset: u64Text.refine((asset) => asset > 0n, 'expected an asset id'),
        symbol: z.string().regex(/^[A-Z0-9]{1,16}$/, 'expected 1 to 16 of A-Z and 0-9'),
        price: accepted.optional(),
        held: heldPrice.optional(),
      }),
    )
    .max(1_000),
})

/**
 * The module `oracle`. Surfaces are not exported: they are of the last block, and the first block with votes
 * brings new ones.
 */
export function oracleModule(oracle: Pick<Oracle, 'surface'>): Module {
  return {
    name: 'oracle',
    storeName: ORACLE_STORE,
    messages: [],
    queries: [pricesQuery, surfaceQuery(oracle)],
    initGenesis(context, state) {
      const store = context.store(ORACLE_STORE)
      for (const [i, { asset, symbol, price, held }] of parseGenesis(
        'oracle',
        schema,
        state,
      ).feeds.entries()) {
        if (readFeed(store, asset) !== undefined)
          throw invalidGenesis(`oracle.feeds.${i}.asset`, 'is named twice')
        if (price?.priceE9 === 0n) throw invalidGenesis(`oracle.feeds.${i}.price.priceE9`, 'is zero')
        if (held !== undefined && (price === undefined || held.lowestE9 > held.highestE9))
          throw invalidGenesis(`oracle.feeds.${i}.held`, 'waits beside a price, the lowest first')
        writeFeed(store, { asset, symbol, price, held })
      }
    },
    exportGenesis: (context) => ({
      feeds: feeds(context.store(ORACLE_STORE)).map(({ asset, symbol, price, held }) => ({
        asset: asset.toString(),
        symbol,
        ...(price === undefined ? {} : { price: texts(price) }),
        ...(held === undefined ? {} : { held: heldTexts(held) }),
      })),
    }),
    invariants(context) {
      const broken: string[] = []
      for (const { asset, price, held } of feeds(context.store(ORACLE_STORE))) {
        if (price === undefined) continue
        if (price.priceE9 === 0n) broken.push(`oracle: the price of asset ${asset} is zero`)
        if (price.timeSeconds > context.timeSeconds)
          broken.push(`oracle: the price of asset ${asset} is of the future`)
        if (held !== undefined && held.lowestE9 > held.highestE9)
          broken.push(`oracle: held prices of asset ${asset}`)
      }
      for (const { asset, smiles } of surfaces(context.store(ORACLE_STORE))) {
        if (smiles.some(({ expirySeconds }, i) => i > 0 && expirySeconds <= smiles[i - 1]!.expirySeconds))
          broken.push(`oracle: the expiries of asset ${asset} are out of order`)
      }
      return broken
    },
  }
}

const pricesQuery = defineQuery({
  path: '/causeway.oracle.v1.Query/Prices',
  requestTypeName: 'causeway.oracle.v1.QueryPricesRequest',
  requestCodec: QueryPricesRequest,
  responseCodec: QueryPricesResponse,
  answer: (context) => ({
    prices: feeds(context.store(ORACLE_STORE)).map((feed) => ({
      asset: feed.asset,
      symbol: feed.symbol,
      priceE9: feed.price?.priceE9 ?? 0n,
      timeSeconds: feed.price?.timeSeconds ?? 0n,
      status: priceState(feed, context.timeSeconds),
    })),
    height: context.height,
  }),
})

function surfaceQuery(oracle: Pick<Oracle, 'surface'>) {
  return defineQuery({
    path: '/causeway.oracle.v1.Query/Surface',
    requestTypeName: 'causeway.oracle.v1.QuerySurfaceRequest',
    requestCodec: QuerySurfaceRequest,
    responseCodec: QuerySurfaceResponse,
    answer(context, { asset }) {
      const stored = readSurface(context.store(ORACLE_STORE), asset)
      return {
        asset,
        timeSeconds: stored?.timeSeconds ?? 0n,
        status: oracle.surface(context, asset).state,
        smiles: stored?.smiles ?? [],
        height: context.height,
      }
    },
  })
}

function texts(price: { priceE9: bigint; timeSeconds: bigint; height: bigint }) {
  return {
    priceE9: price.priceE9.toString(),
    timeSeconds: price.timeSeconds.toString(),
    height: price.height.toString(),
  }
}

function heldTexts({ lowestE9, highestE9, heights, lastHeight }: HeldPrice): object {
  return {
    lowestE9: lowestE9.toString(),
    highestE9: highestE9.toString(),
    heights,
    lastHeight: lastHeight.toString(),
  }
}
