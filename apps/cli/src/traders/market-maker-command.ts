import { loadMarketMakerConfig, startMarketMaker } from '@causeway/traders'
import { Command } from 'commander'
import { placeOf, runProgram, withAsked, withProgramOptions } from './trader-program.ts'
import type { ProgramAsked } from './trader-program.ts'

/** `causeway market-maker`: quotes both sides of perpetuals and near options. */
export function marketMakerCommand(): Command {
  const command = new Command('market-maker').description(
    'quote both sides of perpetuals and near options, round fair values, against what is held',
  )
  withProgramOptions(command.command('start', { isDefault: true }))
    .description('quote until Ctrl-C; quotes are then withdrawn')
    .action(async (asked: ProgramAsked) => {
      const config = withAsked(loadMarketMakerConfig(asked.config), asked)
      const place = placeOf(config, asked)
      await runProgram(() => startMarketMaker({ config, ...place }), place.log)
    })
  command
    .command('config')
    .description('work with the configuration file')
    .command('check')
    .description('check the file; problems are named by their path')
    .option('-c, --config <file>', 'YAML: docs/traders.md', 'market-maker.yaml')
    .action(({ config: file }: { config: string }) => {
      const { underlyings } = loadMarketMakerConfig(file)
      const names = underlyings.length === 0 ? 'every underlying' : underlyings.join(', ')
      process.stdout.write(`${file}: quotes ${names}, no problems\n`)
    })
  return command
}
