import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const VERSION = '1.44'
const script = join(import.meta.dirname, '../python/quantlib_options.py')

/** An option in the terms of both libraries. */
export interface OptionInput {
  readonly forward: number
  readonly spot: number
  readonly strike: number
  readonly volatility: number
  readonly years: number
  readonly rate: number
  readonly dividendYield: number
  readonly sign: 1 | -1
}

/** The columns of the answers, in their order. */
export const QUANTITIES = [
  ...['value', 'forwardDelta', 'forwardGamma', 'vega', 'theta', 'rho'],
  ...['delta', 'gamma', 'spotTheta', 'spotRho', 'dividendRho', 'elasticity'],
] as const

/**
 * Path of a Python that has QuantLib: a virtual environment in the cache, outside the checkout, made first
 * where it is missing. Throws without Python or PyPI.
 */
export function requireQuantlib(): string {
  const folder = join(
    process.env['CAUSEWAY_CACHE'] ?? join(homedir(), '.cache', 'causeway'),
    `quantlib-${VERSION}`,
  )
  const python = join(folder, 'bin', 'python')
  const test = `import QuantLib; assert QuantLib.__version__ == "${VERSION}"`
  const works = (): boolean => {
    try {
      if (existsSync(python)) execFileSync(python, ['-c', test], { stdio: 'pipe' })
      return existsSync(python)
    } catch {
      return false
    }
  }
  if (works()) return python
  mkdirSync(folder, { recursive: true })
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' })
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', `QuantLib==${VERSION}`], { stdio: 'pipe' })
  execFileSync(python, ['-c', test], { stdio: 'pipe' })
  return python
}

/** QuantLib's answers, one row of QUANTITIES an option; NaN for what it refuses. */
export function askQuantlib(python: string, options: readonly OptionInput[]): Record<string, number>[] {
  const rows = options.flatMap((option) => [
    ...[option.forward, option.spot, option.strike, option.volatility, option.years, option.rate],
    ...[option.dividendYield, option.sign],
  ])
  const input = new Uint8Array(new Float64Array(rows).buffer)
  const output = execFileSync(python, [script], { input, maxBuffer: 1 << 28 })
  const answers = new Float64Array(Uint8Array.from(output).buffer)
  return options.map((_, i) =>
    Object.fromEntries(QUANTITIES.map((name, j) => [name, answers[i * QUANTITIES.length + j]!])),
  )
}
