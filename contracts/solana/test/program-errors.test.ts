import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'
import { PROGRAM_ERRORS, programError } from '../src/program-errors.ts'

/** Names with the numbers that a source gives them; without numbers they count from `from`. */
function readEnum(file: string, from?: number): [number, string][] {
  const source = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
  const body = /pub enum \w+ \{([^}]*)\}/.exec(source)?.[1] ?? ''
  const rows = [...body.matchAll(/^ {4}(\w+)(?: = (\d+))?,$/gm)]
  return rows.map(([, name, number], index) => [Number(number ?? (from ?? 0) + index), name ?? ''])
}

const SOURCES: readonly { who: string; file: string; from?: number }[] = [
  { who: 'accounts', file: 'crates/accounts/src/fault.rs' },
  { who: 'packets', file: 'crates/packets/src/fault.rs' },
  { who: 'recorder', file: 'programs/recorder/src/fault.rs' },
  { who: 'core', file: 'programs/core/src/fault.rs' },
  { who: 'vault', file: 'programs/vault/src/fault.rs' },
  { who: 'proof', file: 'crates/ics23/src/error.rs', from: 200 },
  { who: 'hub-client', file: 'programs/hub-client/src/error.rs' },
]

describe('the table of errors', () => {
  it.each(SOURCES)('has the numbers and names of $who', ({ who, file, from }) => {
    const rows = readEnum(file, from)
    expect(rows.length).toBeGreaterThan(2)
    for (const [number, name] of rows) expect(PROGRAM_ERRORS.get(number)).toBe(`${who}/${name}`)
  })

  it('has nothing else', () => {
    const all = SOURCES.reduce((sum, { file, from }) => sum + readEnum(file, from).length, 0)
    expect(PROGRAM_ERRORS.size).toBe(all)
  })

  it('says what a number means', () => {
    expect(programError(113)).toEqual({
      code: 113,
      name: 'core/StaleReceiptPath',
      message: "The path of the receipt does not lead to the root: the tree has changed, or it is another's.",
    })
    expect(programError(320)?.message).toBe('Frozen.')
    expect(programError(0)).toBe(undefined)
  })
})
