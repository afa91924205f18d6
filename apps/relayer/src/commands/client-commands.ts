import type { Command } from 'commander'

import type { Chain } from '../chain.ts'
import { parseDurationMs } from '../config/durations.ts'
import { loadConfig } from '../config/load-config.ts'
import { RelayError } from '../errors.ts'
import { openChains } from '../open-chains.ts'
import { createRoute } from '../worker/create-route.ts'
import { guarded, toJson } from './io.ts'
import type { CommandIo } from './io.ts'

interface CreateOptions {
  readonly config: string
  readonly clientA?: string
  readonly clientB?: string
  readonly trustingPeriod?: string
  readonly new?: boolean
  readonly dryRun?: boolean
}

/** `client create`, `client show` and `client update`. */
export function addClientCommands(parent: Command, io: CommandIo): void {
  const client = parent.command('client').description('light clients of a route')
  client
    .command('create <chain-a> <chain-b>')
    .description('create a client on each chain and register each as the other’s counterparty')
    .option('-c, --config <file>', 'configuration file', 'relayer.yaml')
    .option('--client-a <id>', 'keep this client on chain-a')
    .option('--client-b <id>', 'keep this client on chain-b')
    .option('--trusting-period <duration>', 'instead of the configured one')
    .option('--new', 'do not continue with clients that these wallets created before')
    .option('--dry-run', 'say what would be done; send nothing')
    .action(guarded(io, (a: string, b: string, options: CreateOptions) => create(a, b, options, io)))
  client
    .command('show <chain> <client>')
    .description('a client: what it follows, how far it is, whom it is paired with')
    .option('-c, --config <file>', 'configuration file', 'relayer.yaml')
    .action(
      guarded(io, async (chainId: string, clientId: string, options: { config: string }) => {
        const { chain } = await openNamed(options.config, [chainId], io)
        const host = chain(chainId)
        const [view, counterparty] = await Promise.all([
          host.clientView(clientId),
          host.counterparty(clientId),
        ])
        io.out(toJson({ ...view, counterparty: counterparty?.clientId ?? null }))
      }),
    )
  client
    .command('update <chain> <client>')
    .description('bring a client to the newest header of the chain that it follows')
    .option('-c, --config <file>', 'configuration file', 'relayer.yaml')
    .action(
      guarded(io, (chainId: string, clientId: string, options: { config: string }) =>
        update(chainId, clientId, options.config, io),
      ),
    )
}

async function update(chainId: string, clientId: string, path: string, io: CommandIo): Promise<void> {
  const { chain } = await openNamed(path, undefined, io)
  const host = chain(chainId)
  const view = await host.clientView(clientId)
  const followed = chain(view.chainId)
  const window = await followed.proofWindow(view.clientType, await followed.head())
  const newest = window.final ?? window.newest
  if (newest.height <= view.latestHeight)
    return io.out(`${clientId} is at ${view.latestHeight}: nothing is newer`)
  const updates = await followed.clientUpdates(view, newest.height)
  const [outcome] = await host.submit({ clientId, updates, batches: [] })
  if (outcome?.inclusion === undefined || outcome.error !== undefined)
    throw outcome?.error ?? new RelayError('transaction', 'later', 'nothing was sent')
  io.out(`${clientId}: from ${view.latestHeight} to ${newest.height} (${outcome.inclusion.hash})`)
}

async function create(a: string, b: string, options: CreateOptions, io: CommandIo): Promise<void> {
  const { chain } = await openNamed(options.config, [a, b], io)
  const periodMs = options.trustingPeriod === undefined ? undefined : parseDurationMs(options.trustingPeriod)
  if (options.trustingPeriod !== undefined && periodMs === undefined) {
    throw new RelayError('config', 'never', `--trusting-period ${options.trustingPeriod}: write 14d or 12h`)
  }
  const clients = await createRoute({
    a: chain(a),
    b: chain(b),
    ...(options.clientA === undefined ? {} : { clientOnA: options.clientA }),
    ...(options.clientB === undefined ? {} : { clientOnB: options.clientB }),
    ...(periodMs === undefined ? {} : { trustingPeriodSeconds: periodMs / 1000n }),
    adopt: options.new !== true,
    dryRun: options.dryRun ?? false,
    onStep: (step) => io.err(step),
  })
  io.out(toJson({ a: { chain: a, client: clients.clientOnA }, b: { chain: b, client: clients.clientOnB } }))
}

/** Opens these chains, or all that are configured. */
async function openNamed(
  path: string,
  ids: readonly string[] | undefined,
  io: CommandIo,
): Promise<{ chain: (id: string) => Chain }> {
  const config = loadConfig(path)
  const chains = await openChains(
    { chains: config.chains.filter((one) => ids?.includes(one.id) ?? true) },
    io.env,
    Date.now,
  )
  return {
    chain(id) {
      const found = chains.get(id)
      if (found === undefined) throw new RelayError('config', 'never', `chain ${id} is not configured`)
      return found
    },
  }
}
