import pino from 'pino'
import type { Logger } from 'pino'

import type { Chain } from './chain.ts'
import { checkConfig } from './config/load-config.ts'
import type { RelayerConfig, RelayerConfigInput } from './config/schema.ts'
import { openChains } from './open-chains.ts'
import { runRelayer } from './worker/relayer.ts'
import type { Relayer } from './worker/relayer.ts'

/** What a program that embeds the relayer may hand in; everything has a default. */
export interface StartOptions {
  readonly log?: Logger
  readonly env?: NodeJS.ProcessEnv
  /** Chains that are open already, by id; the others are opened from the configuration. */
  readonly chains?: ReadonlyMap<string, Chain>
  readonly serve?: boolean
  readonly dryRun?: boolean
  readonly mayShareChains?: boolean
  readonly nowMs?: () => number
  /** Relays this packet only, by its name `sourceClient/sequence`. Its queue is in memory. */
  readonly onlyPacket?: string
}

/**
 * Starts a relayer in this process.
 *
 *     const relayer = await startRelayer({ chains: [hub, zone], routes: [route] }, { log })
 *     …
 *     await relayer.stop()
 */
export async function startRelayer(
  config: RelayerConfig | RelayerConfigInput,
  options: StartOptions = {},
): Promise<Relayer> {
  const checked = isChecked(config) ? config : checkConfig(config)
  const { env = process.env, nowMs = Date.now, log = createLog(checked.log.level) } = options
  const missing = checked.chains.filter((chain) => options.chains?.has(chain.id) !== true)
  const opened = await openChains({ chains: missing }, env, nowMs, {
    log,
    ...(isAlone(options, env) ? { folder: checked.database.folder } : {}),
  })
  const chains = new Map([...(options.chains ?? []), ...opened])
  return await runRelayer(checked, {
    log,
    chains,
    nowMs,
    databaseUrl: env['DATABASE_URL'],
    serve: options.serve ?? true,
    dryRun: options.dryRun ?? false,
    mayShareChains: options.mayShareChains ?? false,
    ...(options.onlyPacket === undefined ? {} : { onlyPacket: options.onlyPacket, inMemory: true }),
  })
}

/** Whether the folder is this process's own, which holds it as long as it runs. */
function isAlone({ dryRun, mayShareChains, onlyPacket }: StartOptions, env: NodeJS.ProcessEnv): boolean {
  const isShared = dryRun === true || mayShareChains === true || onlyPacket !== undefined
  return !isShared && env['DATABASE_URL'] === undefined
}

/**
 * JSON lines on standard error. Numbers of any size are written as they are; fields that could hold a
 * secret are cut.
 */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: ['key', '*.key', 'mnemonic', '*.mnemonic', 'secret', '*.secret', 'password'],
        censor: '(cut)',
      },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}

function isChecked(config: RelayerConfig | RelayerConfigInput): config is RelayerConfig {
  const [chain] = config.chains
  return chain !== undefined && typeof (chain as RelayerConfig['chains'][number]).poll === 'bigint'
}
