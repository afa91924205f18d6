import { z } from 'zod'

import { cosmosChain } from './cosmos-schema.ts'
import { evmChain } from './evm-schema.ts'
import { CHAIN_ID, count, duration } from './fields.ts'
import { solanaChain } from './solana-schema.ts'

const CLIENT_ID = z.string().regex(/^\w+([\w-]+\w)?-[0-9]{1,20}$/, 'a client id, for example 07-tendermint-0')

const chain = z.discriminatedUnion('type', [cosmosChain, evmChain, solanaChain])

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
/** A chain over CometBFT's RPC. */
export type CosmosChainConfig = Extract<ChainConfig, { readonly type: 'cosmos' }>
/** An EVM chain's settings. */
export type EvmChainConfig = Extract<ChainConfig, { readonly type: 'evm' }>
/** A Solana cluster's settings. */
export type SolanaChainConfig = Extract<ChainConfig, { readonly type: 'solana' }>
