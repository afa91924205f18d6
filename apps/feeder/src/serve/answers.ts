// The feeder's JSON, version 1: docs/feeder.md, "What it serves". Integers of 64 bits are decimal strings.
import { canonicalJson } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import type { AssetPrice, AssetSurface, Feed } from '../feed.ts'
import type { Smile } from '../surface/smile.ts'

const VERSION = 1
const NO_SURFACE = 'no fresh surface'

/** `GET /v1/prices`: what there is, and why not the rest. */
export function pricesJson(feed: Feed, nowMs: number): string {
  const all = feed.prices()
  return canonicalJson({
    version: VERSION,
    timeMs: nowMs,
    prices: all.flatMap(({ asset, aggregate }) =>
      aggregate.kind === 'none'
        ? []
        : [
            {
              asset: asset.asset,
              symbol: asset.symbol,
              priceE9: aggregate.priceE9,
              publishTimeMs: aggregate.publishTimeMs,
              sources: aggregate.used,
              spreadE9: aggregate.spreadE9,
            },
          ],
    ),
    missing: all.flatMap(({ asset, aggregate }) =>
      aggregate.kind === 'none'
        ? [{ asset: asset.asset, symbol: asset.symbol, reason: aggregate.reason }]
        : [],
    ),
    leftOut: all.flatMap(leftOut),
  })
}

/** `GET /v1/surfaces`: each as a vote carries it. */
export function surfacesJson(feed: Feed, nowMs: number): string {
  const all = feed.surfaces()
  return canonicalJson({
    version: VERSION,
    timeMs: nowMs,
    surfaces: all.flatMap(({ asset, surface }) =>
      surface === undefined
        ? []
        : [
            {
              asset: asset.asset,
              symbol: asset.symbol,
              publishTimeMs: surface.publishTimeMs,
              smiles: surface.smiles.map(smileJson),
              leftOut: surface.leftOut.map(({ expirySeconds, reason }) => ({ expirySeconds, reason })),
            },
          ],
    ),
    missing: all.flatMap(({ asset, surface }) =>
      surface === undefined ? [{ asset: asset.asset, symbol: asset.symbol, reason: NO_SURFACE }] : [],
    ),
  })
}

/** `GET /healthz`: whether there is everything that the configuration asks for, and what is missing. */
export function health(feed: Feed): { readonly isHealthy: boolean; readonly json: string } {
  const missing = [...feed.prices().flatMap(missingPrice), ...feed.surfaces().flatMap(missingSurface)]
  return { isHealthy: missing.length === 0, json: canonicalJson({ healthy: missing.length === 0, missing }) }
}

function missingPrice({ asset, aggregate }: AssetPrice): string[] {
  return aggregate.kind === 'none' ? [`${asset.symbol}: ${aggregate.reason}`] : []
}

function missingSurface({ asset, surface }: AssetSurface): string[] {
  return surface === undefined ? [`${asset.symbol}: ${NO_SURFACE}`] : []
}

function leftOut({ asset, aggregate, silent }: AssetPrice): JsonValue[] {
  const of = { asset: asset.asset, symbol: asset.symbol }
  return [
    ...aggregate.verdicts.flatMap(({ source, leftOut: reason }) =>
      reason === undefined ? [] : [{ ...of, source, reason }],
    ),
    ...silent.map((source) => ({ ...of, source, reason: 'silent' })),
  ]
}

function smileJson(smile: Smile): JsonValue {
  return { ...smile }
}
