import type { Command } from 'commander'

import { loadConfig } from '../config/load-config.ts'
import { parseDurationMs } from '../config/durations.ts'
import { RelayError } from '../errors.ts'
import { keyFileProblem } from '../keys/load-key.ts'
import { openChains } from '../open-chains.ts'
import { createLog, startRelayer } from '../start.ts'
import { routeStatus } from '../worker/route-status.ts'
import type { DirectionStatus, StatusRoute } from '../worker/route-status.ts'
import { guarded, toJson, toTable } from './io.ts'
import type { CommandIo } from './io.ts'

const CONFIG_OPTION = ['-c, --config <file>', 'configuration file', 'relayer.yaml'] as const

const HEADER = [
  'ROUTE',
  'FROM',
  'TO',
  'HEAD',
  'CLIENT AT',
  'CLIENT',
  'TRUST LEFT',
  'PENDING',
  'UNRECEIVED',
  'OLDEST',
]

/** `start`, `clear`, `status` and `config check`. */
export function addRelayCommands(parent: Command, io: CommandIo): void {
  parent
    .command('start')
    .description('relay on every route until stopped')
    .option(...CONFIG_OPTION)
    .option('--dry-run', 'plan and say what would be sent; send nothing')
    .action(guarded(io, (options: { config: string; dryRun?: boolean }) => start(options, io)))
  parent
    .command('clear')
    .description('look up everything that is pending on the chains, relay it, and end')
    .option(...CONFIG_OPTION)
    .option('--timeout <duration>', 'give up after this long', '10m')
    .option('--dry-run', 'say what would be sent; send nothing')
    .action(
      guarded(io, (options: { config: string; timeout: string; dryRun?: boolean }) => clear(options, io)),
    )
  parent
    .command('status')
    .description('heads, client heights, trusting period left and pending packets of each route')
    .option(...CONFIG_OPTION)
    .option('--json', 'as JSON')
    .action(guarded(io, (options: { config: string; json?: boolean }) => status(options, io)))
  parent
    .command('config')
    .description('work with the configuration file')
    .command('check')
    .description('check the file; problems are named by line and path')
    .option(...CONFIG_OPTION)
    .action(guarded(io, async (options: { config: string }) => check(options.config, io)))
}

function check(path: string, io: CommandIo): void {
  const { chains, routes } = loadConfig(path)
  const problems = chains.flatMap(({ key }, index) => {
    const problem = keyFileProblem(key)
    return problem === undefined ? [] : [`${path} chains[${index}].key.file: ${problem}`]
  })
  if (problems.length > 0) throw new RelayError('config', 'never', problems.join('\n'))
  io.out(`${path}: ${chains.length} chains, ${routes.length} routes, no problems`)
}

async function start(options: { config: string; dryRun?: boolean }, io: CommandIo): Promise<void> {
  const config = loadConfig(options.config)
  const log = createLog(config.log.level)
  const relayer = await startRelayer(config, { log, env: io.env, dryRun: options.dryRun ?? false })
  const signal = await io.untilSignal()
  log.info({ signal }, 'stopping: the flights in the air end first')
  await relayer.stop()
}

async function clear(
  options: { config: string; timeout: string; dryRun?: boolean },
  io: CommandIo,
): Promise<void> {
  const timeoutMs = parseDurationMs(options.timeout)
  if (timeoutMs === undefined)
    throw new RelayError('config', 'never', `--timeout ${options.timeout}: write 30s or 10m`)
  const config = loadConfig(options.config)
  const dryRun = options.dryRun ?? false
  const relayer = await startRelayer(config, { env: io.env, serve: false, mayShareChains: true, dryRun })
  try {
    if (dryRun) {
      for (const route of relayer.routes) io.out(`${route.options.name}: ${await route.rescan()} pending`)
      return
    }
    const { left } = await relayer.clear(Number(timeoutMs))
    if (left.length === 0) return io.out('nothing is pending')
    io.err(`still pending: ${left.join(', ')}`)
    io.exit(1)
  } finally {
    await relayer.stop()
  }
}

async function status(options: { config: string; json?: boolean }, io: CommandIo): Promise<void> {
  const config = loadConfig(options.config)
  const chains = await openChains(config, io.env, Date.now)
  const need = (id: string) => {
    const chain = chains.get(id)
    if (chain === undefined) throw new RelayError('config', 'never', `chain ${id} is not configured`)
    return chain
  }
  const routes: StatusRoute[] = config.routes.map(({ name, a, b }) => ({
    name,
    a: { chain: need(a.chain), client: a.client },
    b: { chain: need(b.chain), client: b.client },
  }))
  const directions = (await Promise.all(routes.map(routeStatus))).flat()
  io.out(options.json === true ? toJson(directions) : statusTable(directions))
  if (directions.some((one) => one.error !== undefined)) io.exit(1)
}

/** A line for each direction, and below them why one could not be read. */
export function statusTable(directions: readonly DirectionStatus[]): string {
  const cells = (one: DirectionStatus) => [
    `${one.head}`,
    `${one.clientHeight}`,
    one.clientStatus,
    writeSeconds(one.trustingPeriodLeftSeconds),
    `${one.pending}`,
    `${one.unreceived}`,
    one.oldestPendingSeconds === undefined ? '-' : writeSeconds(one.oldestPendingSeconds),
  ]
  const table = toTable(
    HEADER,
    directions.map((one) => [
      one.route,
      one.from,
      one.to,
      ...(one.error === undefined ? cells(one) : ['unreadable']),
    ]),
  )
  const errors = directions.flatMap(({ route, from, to, error }) =>
    error === undefined ? [] : [`${route}, ${from} to ${to}: ${error}`],
  )
  return [table, ...errors].join('\n')
}

function writeSeconds(seconds: bigint): string {
  if (seconds >= 172_800n) return `${seconds / 86_400n}d`
  if (seconds >= 7_200n) return `${seconds / 3_600n}h`
  return seconds >= 120n ? `${seconds / 60n}m` : `${seconds}s`
}
