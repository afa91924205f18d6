import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXP_COEFFICIENTS } from './exp.ts'
import { LN_COEFFICIENTS } from './ln.ts'
import { TAIL_DENOMINATOR, TAIL_NUMERATOR } from './normal.ts'

const script = join(import.meta.dirname, '../../../../test/python/minimax.py')

describe('the approximations of libs/margin', () => {
  it('have the coefficients that the script makes', () => {
    try {
      execFileSync('python3', ['-c', 'import mpmath'], { stdio: 'pipe' })
    } catch {
      process.stdout.write('skipped: no Python with mpmath here\n')
      return
    }
    expect(JSON.parse(execFileSync('python3', [script], { encoding: 'utf8' }))).toEqual({
      exp: [...EXP_COEFFICIENTS],
      ln: [...LN_COEFFICIENTS],
      tailNumerator: [...TAIL_NUMERATOR],
      tailDenominator: [...TAIL_DENOMINATOR],
    })
  })
})
