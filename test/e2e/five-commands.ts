import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { ROOT } from './npm-start.ts'

const execute = promisify(execFile)
const TIMEOUT_MS = 120_000

/**
 * The five commands of docs/trading.md, as a trader with USDC on the devnet’s Ethereum types them: deposit,
 * look, ask for the price, buy, see the position.
 */
export async function checkFiveCommands(clientFile: string): Promise<void> {
  const run = async (...args: string[]) => {
    const all = ['apps/cli/bin/causeway.mjs', ...args, '--config', clientFile]
    return (await execute(process.execPath, all, { cwd: ROOT, timeout: TIMEOUT_MS })).stdout
  }
  expect(await run('account', 'deposit', '500', 'USDC')).toMatch(/^credited 500 USDC to cway1/)
  const options = JSON.parse(await run('market', 'list', '--kind', 'option', '--json')) as Option[]
  const quoted = options.filter(({ symbol }) => symbol.startsWith('ETH-') && symbol.endsWith('-P'))
  const strikes = quoted.map(({ strike }) => Math.abs(Number(strike) - 3_000))
  const nearest = quoted.filter((_, i) => strikes[i] === Math.min(...strikes))
  let bought = ''
  for (const { symbol } of nearest) {
    if (!(await run('market', 'book', symbol)).includes('ask')) continue
    bought = symbol
    expect(await run('order', 'buy', '0.5', symbol)).toMatch(
      new RegExp(`^bought 0.5 of 0.5 ${symbol} at \\d`),
    )
    break
  }
  expect(bought).not.toBe('')
  const portfolio = await run('account', 'portfolio')
  expect(portfolio).toMatch(new RegExp(`${bought} +0.5 +\\d`))
  expect(portfolio).toContain('Greeks  delta -')
}

/** The example of docs/client.md against the devnet. */
export async function checkExample(clientFile: string): Promise<void> {
  const all = [join('test', 'e2e', 'first-option.ts'), clientFile]
  const { stdout } = await execute(process.execPath, all, { cwd: ROOT, timeout: TIMEOUT_MS })
  expect(stdout).toContain("status: 'credited'")
  expect(stdout).toMatch(/filled: '0\.\d+'/)
  expect(stdout).toMatch(/market: 'ETH-\d{8}-\d+-C'/)
}

interface Option {
  readonly symbol: string
  readonly strike: string
}
