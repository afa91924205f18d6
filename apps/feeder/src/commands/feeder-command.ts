import { isProtocolError } from '@causeway/primitives'
import { Command } from 'commander'
import { pino } from 'pino'
import { loadConfig } from '../config/load-config.ts'
import { createFeed } from '../feed.ts'
import { startFeeder } from '../start-feeder.ts'
import { checkTable } from './check-table.ts'

/** `causeway feeder …`. */
export function feederCommand(): Command {
  return new Command('feeder')
    .description('read public tickers for a validator: prices and volatility surfaces')
    .addCommand(startCommand())
    .addCommand(checkCommand())
}

function startCommand(): Command {
  return withConfig(new Command('start'))
    .description('follow all sources and serve what they say until Ctrl-C')
    .action((given: { config: string }) => reporting(() => run(given.config)))
}

function checkCommand(): Command {
  return withConfig(new Command('check'))
    .description(
      'ask every source once; print what each says and why any is left out; exits 1 if a price is missing',
    )
    .action((given: { config: string }) =>
      reporting(async () => {
        const feed = createFeed({ config: loadConfig(given.config), environment: process.env, now: Date.now })
        await feed.once(new AbortController().signal)
        const { text, isComplete } = checkTable(feed)
        console.log(text)
        if (!isComplete) process.exitCode = 1
      }),
    )
}

async function run(path: string): Promise<void> {
  const config = loadConfig(path)
  const log = pino()
  let end: (error?: unknown) => void = () => undefined
  const ended = new Promise<unknown>((resolve) => (end = resolve))
  const feeder = await startFeeder({ config, environment: process.env, onFatal: end })
  const assets = config.assets.map(({ symbol }) => symbol)
  log.info({ url: feeder.url, assets, sources: Object.keys(config.sources) }, 'serving')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end())
  const fatal = await ended
  await feeder.stop()
  if (fatal !== undefined) throw fatal
  log.info('stopped')
}

function withConfig(command: Command): Command {
  return command.option('--config <file>', 'configuration, see docs/feeder.md', 'feeder.yaml')
}

/** What the operator got wrong is one line; a bug keeps its stack. */
async function reporting(action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    if (!isProtocolError(error)) throw error
    console.error(`${error.codespace}/${error.code}: ${error.message}`)
    process.exitCode = 1
  }
}
