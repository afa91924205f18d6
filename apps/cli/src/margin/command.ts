import { Command } from 'commander'
import { errors, refusing } from './errors.ts'
import { caseName, readCases, type FileCase } from './read-cases.ts'
import { evaluateCase, evaluationJson, evaluationLines } from './show-evaluation.ts'
import { greeksCase, greeksJson, greeksLines } from './show-greeks.ts'
import { planCase, planJson, planLines } from './show-plan.ts'
import { whatIfCase, whatIfJson, whatIfLines } from './show-what-if.ts'

interface Asked {
  readonly json?: true
  readonly case?: string
}

/** `causeway margin`: what an account is required to hold, why, and what would change it. */
export function marginCommand(): Command {
  const command = new Command('margin').description(
    'what an account is required to hold, why, and what would change it',
  )
  withCases(command.command('evaluate').description('the requirement of every case'))
    .option('--explain', 'by position, contingency and scenario: parts that sum exactly')
    .addHelpText('after', '\nExample: causeway margin evaluate --explain account.json')
    .action((files: string[], asked: Asked & { explain?: true }) => {
      show(
        files,
        asked,
        (each) => evaluateCase(each, asked.explain === true),
        evaluationJson,
        evaluationLines,
      )
    })
  withCases(command.command('what-if').description('the requirement before and after trades'))
    .requiredOption('--trade <text>', 'a trade, at the mark or @ a price; repeat it for several', collect)
    .addHelpText(
      'after',
      '\nTrades: "buy 2 ETH-PERP @ 3010 fee 1.5", "sell 1 ETH-20260327-3000-C", "deposit 5 WETH", ' +
        '"withdraw 100 cash"\nExample: causeway margin what-if account.json --trade "sell 1 BTC-PERP"',
    )
    .action((files: string[], asked: Asked & { trade: string[] }) => {
      show(files, asked, (each) => whatIfCase(each, asked.trade), whatIfJson, whatIfLines)
    })
  withCases(command.command('greeks').description('delta, gamma, vega, theta and rho in cash'))
    .addHelpText('after', '\nExample: causeway margin greeks account.json')
    .action((files: string[], asked: Asked) => {
      show(files, asked, greeksCase, greeksJson, greeksLines)
    })
  withCases(
    command.command('plan').description('liquidation prices, trades that restore health, largest sizes'),
  )
    .option('--lot <size>', 'the lot of every market', '0.001')
    .addHelpText('after', '\nExample: causeway margin plan account.json --lot 0.1')
    .action((files: string[], asked: Asked & { lot: string }) => {
      const lotE9 = lotOf(asked.lot)
      show(files, asked, (each) => planCase(each, lotE9), planJson, planLines)
    })
  return command
}

function withCases(command: Command): Command {
  return command
    .argument('<file...>', 'cases as JSON: causeway-margin/1, or the public formats (docs/margin.md)')
    .option('--json', 'one JSON list with an item for every case')
    .option('--case <name>', 'only the case of this name')
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

/** Works out every case of every file, then prints: nothing is printed before a case that is refused. */
function show<T>(
  files: readonly string[],
  asked: Asked,
  work: (each: FileCase) => T,
  json: (result: T) => unknown,
  lines: (result: T) => readonly string[],
): void {
  const cases = files.flatMap((file) => readCases(file, asked.case))
  const results = cases.map((each) => refusing(caseName(each), () => work(each)))
  const text = asked.json
    ? JSON.stringify(results.map(json), undefined, 2)
    : results.map((result) => lines(result).join('\n')).join('\n\n')
  process.stdout.write(`${text}\n`)
}

function lotOf(text: string): bigint {
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text) ?? []
  const lotE9 = whole === undefined ? 0n : BigInt(whole + fraction.padEnd(9, '0'))
  if (lotE9 === 0n) throw errors.badLot({ lot: text })
  return lotE9
}
