import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'
import { root } from './sources.ts'

const eslint = new ESLint({
  cwd: root,
  overrideConfig: { rules: { '@nx/enforce-module-boundaries': 'off' } },
})

/** The names of the rules that a line breaks in a file of the margin library. */
async function broken(code: string, filePath = 'libs/margin/src/pricing/example.ts'): Promise<string[]> {
  const [result] = await eslint.lintText(`export const example = (x: number) => { ${code} }\n`, { filePath })
  return result!.messages
    .map(({ ruleId }) => ruleId ?? 'syntax')
    .filter((rule) => rule.startsWith('no-restricted') || rule === 'syntax')
}

describe('the margin library', () => {
  it.each([
    'return Math.exp(x)',
    'return Math.log(x)',
    'return Math.pow(x, 2)',
    'return Math.round(x)',
    'return Math.PI * x',
    "return Math['exp'](x)",
    'const sqrt = "exp"; return Math[sqrt](x)',
    'const { exp } = Math; return exp(x)',
    'const M = Math; return M.exp(x)',
    'return [x].map(Math.cbrt)',
    'return x ** 2',
    'let y = x; y **= 2; return y',
  ])('may not: %s', async (code) => {
    expect(await broken(code)).toEqual(['no-restricted-syntax'])
  })

  it.each(['return globalThis.Math.exp(x)', 'return Date.now() + x', 'return performance.now() + x'])(
    'may not: %s',
    async (code) => {
      expect(await broken(code)).toContain('no-restricted-globals')
    },
  )

  it('may not draw numbers', async () => {
    expect(await broken('return Math.random() + x')).toEqual([
      'no-restricted-properties',
      'no-restricted-syntax',
    ])
  })

  it.each([
    'return Math.sqrt(x) + Math.abs(x) + Math.floor(x) + Math.fround(x)',
    'return Math.min(x, 1) + Math.max(x, 2)',
    'return [x].map(Math.sqrt)',
    'return 10n ** BigInt(x)',
  ])('may: %s', async (code) => {
    expect(await broken(code)).toEqual([])
  })

  it('is free in its tests, and other packages are free', async () => {
    expect(await broken('return Math.exp(x)', 'libs/margin/src/pricing/example.test.ts')).toEqual([])
    expect(await broken('return Math.exp(x)', 'apps/cli/src/example.ts')).toEqual([])
  })
})
