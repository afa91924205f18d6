import { loadLiquidatorConfig, startLiquidator } from '@causeway/traders'
import { Command } from 'commander'
import { placeOf, runProgram, withAsked, withProgramOptions } from './trader-program.ts'
import type { ProgramAsked } from './trader-program.ts'

/** `causeway liquidator`: bids for accounts under liquidation, and closes what it takes over. */
export function liquidatorCommand(): Command {
  const command = new Command('liquidator').description(
    'bid for accounts under liquidation within its own margin, and close what it takes over',
  )
  withProgramOptions(command.command('start', { isDefault: true }))
    .description('watch and bid until Ctrl-C')
    .action(async (asked: ProgramAsked) => {
      const config = withAsked(loadLiquidatorConfig(asked.config), asked)
      const place = placeOf(config, asked)
      await runProgram(() => startLiquidator({ config, ...place }), place.log)
    })
  command
    .command('config')
    .description('work with the configuration file')
    .command('check')
    .description('check the file; problems are named by their path')
    .option('-c, --config <file>', 'YAML: docs/traders.md', 'liquidator.yaml')
    .action(({ config: file }: { config: string }) => {
      const { subaccount, limits } = loadLiquidatorConfig(file)
      const held = limits.notionalHeld / 1_000_000n
      process.stdout.write(
        `${file}: subaccount ${subaccount}, holds at most ${held} of notional, no problems\n`,
      )
    })
  return command
}
