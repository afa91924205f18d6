import { Command, InvalidArgumentError } from 'commander'
import { addInitCommand } from './init-command.ts'
import { addShockCommand } from './shock-command.ts'
import { startCommand } from './start-command.ts'
import type { StartOptions } from './start-command.ts'
import { addZoneCommand } from './zone-command.ts'

/** `causeway devnet …`, to be added to a command line. */
export function devnetCommand(): Command {
  const devnet = new Command('devnet').description(
    'everything on one machine, with embedded parts and test keys',
  )
  devnet
    .command('start')
    .description('start hub, zone, relayer and indexer; a trader deposits and withdraws; stay until Ctrl-C')
    .option('--once', 'end after the withdrawal; the last line is the position as JSON')
    .option('--json', 'print steps as JSON, one a line')
    .option('--keep', 'keep the run folder with its data and logs')
    .option('--block-time <ms>', 'milliseconds between blocks', parseBlockTime, 500)
    .option('--home <dir>', 'where the run folder is made (default: .devnet in the repository)')
    .action((options: StartOptions) => startCommand(options))
  addShockCommand(devnet)
  addInitCommand(devnet, parsePort)
  addZoneCommand(devnet, parsePort, parseBlockTime)
  return devnet
}

function parseBlockTime(text: string): number {
  const milliseconds = Number(text)
  if (Number.isInteger(milliseconds) && milliseconds >= 20 && milliseconds <= 60_000) return milliseconds
  throw new InvalidArgumentError('expected 20 to 60000 milliseconds')
}

function parsePort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('not a port')
}
