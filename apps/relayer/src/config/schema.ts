import { z } from 'zod'

import { parseGasPrice } from '../cosmos/gas.ts'
import { DEFAULT_HD_PATH } from '../keys/wallet.ts'
import { parseDurationMs } from './durations.ts'

const CHAIN_ID = z.string().regex(/^[\w.-]{1,50}$/, 'a chain id: letters, digits, ".", "_", "-", at most 50')
const CLIENT_ID = z.string().regex(/^\w+([\w-]+\w)?-[0-9]{1,20}$/, 'a client id, for example 07-tendermint-0')
const ENV_NAME = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'the name of an environment variable, in capitals')

/** Human-readable part of a chain's addresses, as configurations and commands take it. */
export const ADDRESS_PREFIX = /^[a-z]{1,83}$/

const duration = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const ms = parseDurationMs(text)
      if (ms !== undefined) return ms
      context.addIssue({
        code: 'custom',
        message: `"${text}" is no duration: write 500ms, 30s, 5m, 12h or 14d`,
      })
      return z.NEVER
    })

const count = (fallback: number) =>
  z.number().int().positive().max(1_000_000_000).default(fallback).transform(BigInt)

const rpcUrl = z.url({ protocol: /^https?$/, error: 'an http:// or https:// address' })

const key = z
  .strictObject({
    env: ENV_NAME.optional(),
    file: z.string().min(1).optional(),
    passwordEnv: ENV_NAME.optional(),
    hdPath: z
      .string()
      .regex(/^m(\/\d+'?)+$/, "a derivation path, for example m/44'/118'/0'/0/0")
      .default(DEFAULT_HD_PATH),
  })
  .refine((value) => (value.env === undefined) !== (value.file === undefined), 'name either env or file')

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

const chain = z.strictObject({
  id: CHAIN_ID,
  type: z.literal('cosmos').default('cosmos'),
  rpc: z.array(rpcUrl).min(1).max(16),
  addressPrefix: z.string().regex(ADDRESS_PREFIX, 'a bech32 prefix: small letters'),
  key,
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

const end = z.strictObject({ chain: CHAIN_ID, client: CLIENT_ID })

const filter = z
  .strictObject({
    ports: z.array(z.string().min(2).max(128)).default([]),
    denoms: z.array(z.string().min(1).max(1024)).default([]),
    senders: z.array(z.string().min(1).max(2048)).default([]),
    minimumAmounts: z
      .record(
        z.string(),
        z
          .string()
          .regex(/^(0|[1-9]\d{0,77})$/, 'a whole number in quotes')
          .transform(BigInt),
      )
      .default({}),
  })
  .prefault({})

const route = z.strictObject({
  name: z.string().regex(/^[\w-]{1,40}$/, 'a short name: letters, digits, "_", "-"'),
  a: end,
  b: end,
  filter,
  refreshAtPercent: z.number().int().min(1).max(80).default(33).transform(BigInt),
  rescan: duration('60s'),
  pendingMax: count(10_000),
})

/** The whole file. Unknown keys are errors: a misspelt setting must not be ignored. */
export const configSchema = z
  .strictObject({
    database: z.strictObject({ folder: z.string().min(1).default('relayer-data') }).prefault({}),
    metrics: z
      .strictObject({
        host: z.string().default('127.0.0.1'),
        port: z.number().int().min(0).max(65_535).default(9464),
      })
      .prefault({}),
    log: z
      .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') })
      .prefault({}),
    chains: z.array(chain).min(1).max(64),
    routes: z.array(route).max(256).default([]),
  })
  .superRefine((config, context) => {
    const ids = config.chains.map((one) => one.id)
    ids.forEach((id, index) => {
      if (ids.indexOf(id) === index) return
      context.addIssue({
        code: 'custom',
        path: ['chains', index, 'id'],
        message: `chain ${id} is configured twice`,
      })
    })
    config.routes.forEach((one, index) => {
      if (config.routes.findIndex((other) => other.name === one.name) !== index) {
        context.addIssue({
          code: 'custom',
          path: ['routes', index, 'name'],
          message: `route ${one.name} exists twice`,
        })
      }
      for (const side of ['a', 'b'] as const) {
        if (ids.includes(one[side].chain)) continue
        const path = ['routes', index, side, 'chain']
        context.addIssue({
          code: 'custom',
          path,
          message: `chain ${one[side].chain} is not in the list of chains`,
        })
      }
    })
  })

/** A checked configuration: durations in milliseconds, counts as bigint. */
export type RelayerConfig = z.output<typeof configSchema>
/** One chain's settings. */
export type ChainConfig = RelayerConfig['chains'][number]
/** One route's settings. */
export type RouteConfig = RelayerConfig['routes'][number]
/** The same as an operator or a program writes it, defaults left out. */
export type RelayerConfigInput = z.input<typeof configSchema>
