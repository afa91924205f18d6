import { fromBase58 } from '@causeway/primitives'
import { z } from 'zod'

import { DEFAULT_SOLANA_HD_PATH } from '../keys/solana-wallet.ts'
import { parseSolanaChainId } from '../plan/chain-ids.ts'
import { CHAIN_ID, count, duration, HTTP_URL, keySource } from './fields.ts'

const address = z.string().refine((text) => fromBase58(text)?.length === 32, 'an address: 32 bytes in base58')

/** Where the record stream comes from: a server, or a file that grows. */
const STREAM = z
  .string()
  .regex(
    /^(tcp:\/\/[\w.:[\]-]+:\d{1,5}|file:\/\/\/.+)$/,
    'tcp://host:port, or file:///path of what the plugin writes',
  )

/** Compute units, under the name that other chains use. */
const gas = z
  .strictObject({
    adjustment: z.number().min(1).max(10).default(1.2),
    /** The runtime allows a transaction 1,400,000. */
    max: count(1_400_000),
    update: count(330_000),
    recv: count(70_000),
    ack: count(55_000),
    timeout: count(50_000),
  })
  .prefault({})

const microlamports = z.number().int().min(0).max(1_000_000_000).transform(BigInt)

/** A cluster of Solana: JSON-RPC, a stream of records, and the programs of the route. */
export const solanaChain = z.strictObject({
  id: z
    .string()
    .refine(
      (text) => parseSolanaChainId(text) !== undefined,
      'a cluster is named solana:<first 32 characters of its genesis hash>',
    ),
  type: z.literal('solana'),
  hub: CHAIN_ID,
  rpc: z.array(HTTP_URL).min(1).max(16),
  stream: STREAM,
  programs: z.strictObject({
    core: address,
    vault: address,
    hubClient: address,
    upload: address,
    recorder: address,
  }),
  key: keySource(DEFAULT_SOLANA_HD_PATH),
  gas,
  fees: z
    .strictObject({
      priorityFee: microlamports.optional(),
      priorityFeeMax: microlamports.prefault(1_000_000),
      resendAfter: duration('2s'),
    })
    .prefault({}),
  batch: z.strictObject({ messages: count(50), bytes: count(100_000) }).prefault({}),
  recordStakes: z.boolean().default(true),
  poll: duration('1s'),
  requestTimeout: duration('10s'),
  staleAfter: duration('60s'),
  confirmTimeout: duration('2m'),
  client: z.strictObject({
    /** Our client of the core; its number is free to choose. */
    id: z.string().regex(/^client-(0|[1-9]\d{0,8})$/, 'our client of the core: client-0'),
    trustingPeriod: duration('5d'),
    maxClockDrift: duration('30s'),
  }),
})
