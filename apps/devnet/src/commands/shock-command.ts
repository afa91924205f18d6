import { join, resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readClientConfig } from '@causeway/client'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { CROWD, testAddress } from '../chains/accounts.ts'
import type { DevnetRole } from '../chains/accounts.ts'
import { HUB } from '../chains/facts.ts'
import { MOVE_BPS } from '../prices/control-door.ts'
import { readControlFile } from '../shock/control-file.ts'
import { eventLine, shockLines } from '../shock/lines.ts'
import { DevnetRefusal } from '../shock/refusal.ts'
import { runShock } from '../shock/run-shock.ts'
import type { ShockOutcome } from '../shock/run-shock.ts'

interface ShockAsked {
  readonly home?: string
  readonly wait: number
  readonly json?: true
}

const DEFAULT_BASE = join(fileURLToPath(new URL('../../../..', import.meta.url)), '.devnet')
const NAMED: readonly DevnetRole[] = ['trader', 'relayer', ...CROWD]
const SHOWN = 14

/** `devnet shock`. */
export function addShockCommand(devnet: Command): void {
  devnet
    .command('shock')
    .description('move a SIMULATED price of the devnet that runs, wait, and show whom it hit')
    .argument('<symbol>', 'ETH, BTC or SOL')
    .argument('<percent>', 'like -40% or +25%: of what it is now', parsePercent)
    .option('--wait <seconds>', 'until everything has come to its end, at most', parseSeconds, 240)
    .option('--json', 'JSON instead of tables')
    .option('--home <dir>', 'of the devnet (default: .devnet in the repository)')
    .addHelpText(
      'after',
      '\nExamples: causeway devnet shock ETH -40%\n          causeway devnet shock BTC +25% --json',
    )
    .allowUnknownOption() // -40% looks like one
    .action((symbol: string, percent: Percent, asked: ShockAsked) => shock(symbol, percent, asked))
}

/** A move as it was written, and in basis points. */
interface Percent {
  readonly text: string
  readonly bps: number
}

async function shock(symbol: string, percent: Percent, { home, wait, json }: ShockAsked): Promise<void> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stopping.abort(new DevnetRefusal('stopped; the price stays where it is')))
  try {
    const base = resolve(home ?? DEFAULT_BASE)
    const control = readControlFile(base)
    const { rpc, chainId = HUB.chainId } = readClientConfig(
      JSON.parse(readFileSync(join(base, 'client.json'), 'utf8')),
    )
    const nameOf = namesOf()
    const outcome = await runShock({
      ...{ control, rpc, chainId, symbol: symbol.toUpperCase(), percent: percent.text, bps: percent.bps },
      ...{ waitSeconds: wait, signal: stopping.signal },
      onEvent(event) {
        const line = json === true ? undefined : eventLine(event, nameOf)
        if (line !== undefined) process.stdout.write(`block ${event.height}  ${line}\n`)
      },
    })
    process.stdout.write(`${json === true ? toJson(outcome) : shownLines(outcome, nameOf).join('\n')}\n`)
  } catch (error) {
    if (!(error instanceof DevnetRefusal)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

function shownLines({ facts, report, symbols }: ShockOutcome, nameOf: (holder: string) => string): string[] {
  const deleveraged = report.deleveraged.map((one) => ({
    ...one,
    market: symbols.get(one.market) ?? one.market,
  }))
  return ['', ...shockLines({ ...report, deleveraged }, facts, nameOf)]
}

function toJson({ facts, report }: ShockOutcome): string {
  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  return JSON.stringify({ ...facts, ...report }, text, 2)
}

function namesOf(): (holder: string) => string {
  const names = new Map(NAMED.map((role) => [testAddress(role, HUB.prefix), role]))
  return (holder) => {
    const [address = '', subaccount] = holder.split('/')
    const name = names.get(address) ?? `${address.slice(0, SHOWN)}…`
    return subaccount === '0' ? name : `${name}/${subaccount ?? ''}`
  }
}

function parsePercent(text: string): Percent {
  const [, digits] = /^([+-]?\d{1,3}(?:\.\d{1,2})?)\s?%?$/.exec(text) ?? []
  const bps = Math.round(Number(digits) * 100)
  if (digits !== undefined && bps !== 0 && bps >= MOVE_BPS.min && bps <= MOVE_BPS.max) {
    return { text: `${bps > 0 ? '+' : ''}${bps / 100} %`, bps }
  }
  throw new InvalidArgumentError('expected a percentage from -95% to +400%, like -40%')
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400) return seconds
  throw new InvalidArgumentError('expected 1 to 86400 seconds')
}
