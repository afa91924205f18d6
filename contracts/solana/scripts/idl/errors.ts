// Errors of the programs as their sources number, name and explain them.
import { readFileSync } from 'node:fs'
import { errorNode } from '@codama/nodes'
import type { ErrorNode } from '@codama/nodes'

/** Who refuses, and where its errors stand; without numbers they count from `from`. */
const SOURCES = {
  accounts: { file: 'crates/accounts/src/fault.rs' },
  packets: { file: 'crates/packets/src/fault.rs' },
  recorder: { file: 'programs/recorder/src/fault.rs' },
  core: { file: 'programs/core/src/fault.rs' },
  vault: { file: 'programs/vault/src/fault.rs' },
  proof: { file: 'crates/ics23/src/error.rs', from: 200 },
  'hub-client': { file: 'programs/hub-client/src/error.rs' },
} as const

/** Errors that a program gives; its name in docs is the one that is told: `core/StaleReceiptPath`. */
export function errorsOf(...whose: readonly (keyof typeof SOURCES)[]): ErrorNode[] {
  return whose.flatMap((who) => {
    const source = SOURCES[who]
    const text = readFileSync(new URL(`../../${source.file}`, import.meta.url), 'utf8')
    const body = /pub enum \w+ \{([^}]*)\}/.exec(text)?.[1] ?? ''
    const rows = [...body.matchAll(/((?:^ {4}\/\/\/.*\n)*)^ {4}(\w+)(?: = (\d+))?,$/gm)]
    const from = 'from' in source ? source.from : 0
    return rows.map(([, comment = '', name = '', number], index) =>
      errorNode({
        name,
        code: Number(number ?? from + index),
        message: comment.replaceAll(/\s*\/\/\/ ?/g, ' ').trim() || `${name}.`,
        docs: `${who}/${name}`,
      }),
    )
  })
}
