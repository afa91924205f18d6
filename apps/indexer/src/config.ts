import { z } from 'zod'
import { fromBase58 } from '@causeway/primitives'
import { OperatorError } from './operator-error.ts'

const url = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' })
const chain = z.strictObject({
  chainId: z.string().min(1).max(50),
  rpcUrls: z.array(url).min(1).max(16),
  /** The first block to read, trusted; without it, the earliest that the endpoint has. */
  root: z
    .strictObject({
      height: z.bigint().positive(),
      hash: z
        .string()
        .regex(/^[0-9a-fA-F]{64}$/)
        .optional(),
    })
    .optional(),
})

const evmChain = z.strictObject({
  /** CAIP-2: `eip155:` and the EIP-155 chain id. */
  chainId: z.string().regex(/^eip155:[1-9][0-9]{0,31}$/, 'expected eip155:<chain id>'),
  rpcUrls: z.array(url).min(1).max(16),
  /** Consensus nodes with the Beacon API's light-client endpoints. */
  beaconUrls: z.array(url).min(1).max(16),
  /** Address of the IBC core. */
  core: z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'expected an address of 20 bytes, 0x…'),
  /** The block that deployed the core, or an earlier one. */
  fromBlock: z.bigint().nonnegative(),
  /** The finalised beacon block to start from, trusted; without it, the one that the first node names. */
  beaconRoot: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, 'expected a root of 32 bytes, 0x…')
    .optional(),
})

const solanaChain = z.strictObject({
  /** CAIP-2: `solana:` and the first 32 characters of the genesis hash in base58. */
  chainId: z
    .string()
    .regex(/^solana:[1-9A-HJ-NP-Za-km-z]{32}$/, 'expected solana:<first 32 characters of the genesis hash>'),
  rpcUrls: z.array(url).min(1).max(16),
  /** Address of the IBC core. */
  core: z
    .string()
    .refine((text) => fromBase58(text)?.length === 32, 'expected an address of 32 bytes in base58'),
  /** The slot that deployed the core, or an earlier one. */
  fromSlot: z.bigint().nonnegative(),
})

/** The configuration's shape, with its defaults. */
export const configSchema = z
  .strictObject({
    hub: chain,
    /** Connected chains. */
    chains: z.array(chain).max(64).default([]),
    /** Connected EVM chains. */
    evmChains: z.array(evmChain).max(64).default([]),
    /** Connected Solana clusters. */
    solanaChains: z.array(solanaChain).max(64).default([]),
    /** `postgres://…`, a directory for the embedded database, or `memory`. */
    database: z.string().default('memory'),
    host: z.string().default('127.0.0.1'),
    /** 0 takes a free port. */
    port: z.int().min(0).max(65_535).default(0),
    graphiql: z.boolean().default(false),
    introspection: z.boolean().default(true),
    corsOrigins: z.array(z.string()).default(['*']),
    bodyBytesMax: z.int().positive().default(65_536),
    batchBlocks: z.int().min(1).max(1_000).default(64),
    parallelFetches: z.int().min(1).max(64).default(8),
    pollMs: z.int().min(10).max(60_000).default(1_000),
    rpcTimeoutMs: z.int().min(100).max(120_000).default(10_000),
    rpcAnswerBytesMax: z
      .int()
      .positive()
      .default(64 * 1024 * 1024),
    /** From this lag on answers say so. */
    lagWarnSeconds: z.number().positive().default(15),
    /** From this lag of the hub on answers are errors. */
    lagRefuseSeconds: z.number().positive().default(120),
    logLevel: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  })
  .refine(
    ({ hub, chains, evmChains, solanaChains }) => {
      const ids = [hub, ...chains, ...evmChains, ...solanaChains].map(({ chainId }) => chainId)
      return new Set(ids).size === ids.length
    },
    {
      message: 'two chains have the same id',
    },
  )
  .refine(({ lagWarnSeconds, lagRefuseSeconds }) => lagWarnSeconds <= lagRefuseSeconds, {
    message: 'lagWarnSeconds exceeds lagRefuseSeconds',
  })

/** A checked configuration. */
export type IndexerConfig = z.output<typeof configSchema>

/** A configuration as one writes it: everything but the hub has a default. */
export type IndexerConfigInput = z.input<typeof configSchema>

/** Checks a configuration. Throws an `OperatorError` that names each wrong path. */
export function parseConfig(input: unknown): IndexerConfig {
  const parsed = configSchema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(top)'}: ${message}`)
  throw new OperatorError(`the indexer's configuration is wrong: ${problems.join('; ')}`)
}
