// docs/feeder.md is a contract: every code and format stands there.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FORMAT_NAMES } from './formats/formats.ts'

const text = readFileSync(new URL('../../../docs/feeder.md', import.meta.url), 'utf8')
const source = readFileSync(new URL('errors.ts', import.meta.url), 'utf8')

describe('docs/feeder.md', () => {
  it('has every error', () => {
    const codes = [...source.matchAll(/^ {2}\w+: \[\s*(\d+),/gm)].map((match) => `feeder/${match[1]}`)
    expect(codes.length).toBeGreaterThanOrEqual(18)
    for (const code of codes) expect(text).toContain(`\`${code}\``)
  })

  it('has every format', () => {
    for (const name of FORMAT_NAMES) expect(text).toContain(`| \`${name}\` |`)
  })
})
