// The feeder's JSON, version 1, as the node trusts it: docs/feeder.md, "What it serves".
import { U64_MAX } from '@causeway/primitives'
import type { SurfaceVote } from '@causeway/protocol/causeway/oracle/v1/oracle'
import { z } from 'zod'
import type { SourcePrice } from '../modules/oracle/price-source.ts'

const I64_MAX = (1n << 63n) - 1n
const MILLISECONDS = 1_000
/** More than a vote can hold is cut later; far more is no feeder's answer. */
const ITEMS_MAX = 1_000
const SMILES_MAX = 64
const SYMBOL_LENGTH_MAX = 64

/** What the feeder calls the asset. */
export interface Named {
  readonly symbol: string
}

const unsigned = z
  .string()
  .regex(/^(0|[1-9]\d{0,19})$/)
  .transform(BigInt)
  .refine((value) => value <= U64_MAX)
const signed = z
  .string()
  .regex(/^(0|-?[1-9]\d{0,18})$/)
  .transform(BigInt)
  .refine((value) => value <= I64_MAX && value >= -I64_MAX)
const symbol = z.string().max(SYMBOL_LENGTH_MAX)
const seconds = z
  .number()
  .int()
  .nonnegative()
  .transform((milliseconds) => BigInt(Math.floor(milliseconds / MILLISECONDS)))

const prices = z.object({
  version: z.literal(1),
  prices: z
    .array(z.object({ asset: unsigned, symbol, priceE9: unsigned, publishTimeMs: seconds }))
    .max(ITEMS_MAX),
})
const smile = z.strictObject({
  expirySeconds: unsigned,
  aE12: signed,
  bE12: signed,
  rhoE12: signed,
  mE12: signed,
  sigmaE12: signed,
  forwardRefE9: unsigned,
  tauRefSeconds: unsigned,
  forwardRatioE9: unsigned,
  rateE9: signed,
})
const surfaces = z.object({
  version: z.literal(1),
  surfaces: z
    .array(
      z.object({ asset: unsigned, symbol, publishTimeMs: seconds, smiles: z.array(smile).max(SMILES_MAX) }),
    )
    .max(ITEMS_MAX),
})

/** The prices of `GET /v1/prices`, or nothing if that is no such answer. */
export function parsePrices(text: string): readonly (SourcePrice & Named)[] | undefined {
  const parsed = prices.safeParse(jsonOf(text))
  return parsed.data?.prices.map(({ publishTimeMs: publishTimeSeconds, ...rest }) => ({
    ...rest,
    publishTimeSeconds,
  }))
}

/** The surfaces of `GET /v1/surfaces`, or nothing if that is no such answer. */
export function parseSurfaces(text: string): readonly (SurfaceVote & Named)[] | undefined {
  const parsed = surfaces.safeParse(jsonOf(text))
  return parsed.data?.surfaces.map(({ publishTimeMs: publishTimeSeconds, ...rest }) => ({
    ...rest,
    publishTimeSeconds,
  }))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
