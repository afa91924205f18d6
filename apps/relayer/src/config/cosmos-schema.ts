import { z } from 'zod'

import { parseGasPrice } from '../cosmos/gas.ts'
import { DEFAULT_HD_PATH } from '../keys/wallet.ts'
import { ADDRESS_PREFIX, CHAIN_ID, count, duration, HTTP_URL, keySource } from './fields.ts'

const gas = z
  .strictObject({
    mode: z.enum(['simulate', 'configured']).default('simulate'),
    adjustment: z.number().min(1).max(10).default(1.3),
    max: count(25_000_000),
    update: count(300_000),
    recv: count(250_000),
    ack: count(200_000),
    timeout: count(200_000),
  })
  .prefault({})

/** A chain over CometBFT's RPC. */
export const cosmosChain = z.strictObject({
  id: CHAIN_ID,
  type: z.literal('cosmos').default('cosmos'),
  rpc: z.array(HTTP_URL).min(1).max(16),
  addressPrefix: z.string().regex(ADDRESS_PREFIX, 'a bech32 prefix: small letters'),
  key: keySource(DEFAULT_HD_PATH),
  gasPrice: z.string().transform((text, context) => {
    const price = parseGasPrice(text)
    if (price !== undefined) return price
    context.addIssue({ code: 'custom', message: `"${text}" is no gas price: write 0.025ucway` })
    return z.NEVER
  }),
  gas,
  batch: z.strictObject({ messages: count(50), bytes: count(200_000) }).prefault({}),
  memo: z.string().max(256).default(''),
  poll: duration('1s'),
  requestTimeout: duration('10s'),
  staleAfter: duration('60s'),
  confirmTimeout: duration('60s'),
  client: z
    .strictObject({
      trustingPeriod: duration('14d'),
      unbondingPeriod: duration('21d'),
      maxClockDrift: duration('30s'),
    })
    .prefault({})
    .refine(
      (terms) => terms.trustingPeriod < terms.unbondingPeriod,
      'the trusting period must be shorter than unbonding',
    ),
})
