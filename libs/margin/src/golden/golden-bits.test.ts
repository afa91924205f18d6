import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { goldenFunctions, goldenMismatches, hexBits } from './golden-bits.ts'
import type { GoldenTable } from './golden-bits.ts'

const path = new URL('../../golden/bits.json', import.meta.url)
const table = JSON.parse(readFileSync(path, 'utf8')) as GoldenTable

describe('golden bits', () => {
  it('are what this engine computes', () => {
    const counts = Object.entries(table.rows).map(([name, rows]) => `${name} ${rows.length}`)
    process.stdout.write(`golden bits: ${counts.join(', ')}\n`)
    expect(goldenMismatches(table)).toEqual([])
  })

  it('cover every function, the kernel with the rows of the scalar price', () => {
    expect(Object.keys(table.rows).sort()).toEqual(Object.keys(goldenFunctions).sort())
    for (const rows of Object.values(table.rows)) expect(rows.length).toBeGreaterThanOrEqual(20)
    expect(table.rows['kernel']).toEqual(table.rows['black76'])
  })

  it('are no NaN', () => {
    for (const rows of Object.values(table.rows))
      for (const [, bits] of rows) expect(bits).not.toBe(hexBits(Number.NaN))
  })

  it('tell another result, and a function that is not known', () => {
    const rows = { exp: [[[0], '3ff0000000000001']], tan: [[[0], '0']] } as const
    const exp = 'exp(0) = 3ff0000000000000, not 3ff0000000000001'
    expect(goldenMismatches({ rows })).toEqual([exp, 'tan: unknown'])
  })
})

describe('hexBits', () => {
  it('writes the bits big-endian', () => {
    expect(hexBits(1)).toBe('3ff0000000000000')
    expect(hexBits(-0)).toBe('8000000000000000')
    expect(hexBits(5e-324)).toBe('0000000000000001')
    expect(hexBits(Infinity)).toBe('7ff0000000000000')
    expect(hexBits(Number.NaN)).toBe('7ff8000000000000')
  })
})
