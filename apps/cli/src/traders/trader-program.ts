// What the commands of programs that trade have in common: configuration, hub, wallet, log, and their end.
import type { ConnectOptions, Wallet } from '@causeway/client'
import { createLog } from '@causeway/traders'
import type { LiquidatorConfig, MarketMakerConfig } from '@causeway/traders'
import type { Command } from 'commander'
import { readConfig, readWallet } from '../trade/connection.ts'
import type { Asked } from '../trade/connection.ts'
import { errors } from '../trade/errors.ts'

/** What a program's command may be told; each goes before what its file says. */
export interface ProgramAsked {
  readonly config?: string
  readonly rpc?: string
  readonly key?: string
  readonly subaccount?: string
  readonly dryRun?: true
}

/** A program that runs. */
export interface RunningProgram {
  readonly url: string | undefined
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** Where it acts, and as whom. */
export interface ProgramPlace {
  readonly hub: ConnectOptions
  readonly wallet: Wallet
  readonly log: ReturnType<typeof createLog>
}

type Config = LiquidatorConfig | MarketMakerConfig

/** Adds the options of `start`. */
export function withProgramOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'YAML: docs/traders.md; without one, defaults')
    .option('--rpc <url>', 'RPC of a hub node; default: what the configuration or .devnet/client.json names')
    .option('--key <file>', 'private key of an EVM wallet; default: that of the configuration')
    .option('--subaccount <number>', '0 to 65535; default: what the configuration says')
    .option('--dry-run', 'decide and say so; send nothing')
}

/** What was asked on the command line goes before the file. */
export function withAsked<C extends Config>(config: C, { subaccount, dryRun }: ProgramAsked): C {
  const chosen = subaccount === undefined ? config.subaccount : Number(subaccount)
  if (!Number.isInteger(chosen) || chosen < 0 || chosen > 65_535)
    throw errors.badCount({ name: '--subaccount', text: subaccount ?? '' })
  return { ...config, subaccount: chosen, dryRun: config.dryRun || dryRun === true }
}

/** The hub and wallet of a configuration. Throws `cli-trade/1` – `5`. */
export function placeOf(config: Config, asked: ProgramAsked): ProgramPlace {
  const client: Asked = {
    config: config.client,
    ...optional('key', asked.key ?? config.key),
    ...optional('rpc', asked.rpc ?? config.rpc),
  }
  const file = readConfig(client)
  const rpc = client.rpc ?? file?.rpc
  if (rpc === undefined) throw errors.noHub({ path: config.client })
  const hub = { rpc, ...optional('chainId', config.chainId ?? file?.chainId) }
  return { hub, wallet: readWallet(client), log: createLog(config.logLevel) }
}

/** Runs until a signal, or until it ends by itself. */
export async function runProgram(
  start: () => Promise<RunningProgram>,
  log: ProgramPlace['log'],
): Promise<void> {
  const { promise: signalled, resolve } = Promise.withResolvers<string>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
  const program = await start()
  if (program.url !== undefined) log.info({ metrics: `${program.url}/metrics` }, 'serving')
  const signal = await Promise.race([signalled, program.ended])
  log.info({ signal }, 'stopping')
  await program.stop()
}

function optional<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: string })
}
