// Errors of the programs as their sources number, name and explain them.
import { readFileSync } from 'node:fs'
import { errorNode } from '@codama/nodes'
import type { ErrorNode } from '@codama/nodes'

/** Who refuses, and where its errors stand. */
const SOURCES = {
  accounts: 'crates/accounts/src/fault.rs',
  packets: 'crates/packets/src/fault.rs',
  recorder: 'programs/recorder/src/fault.rs',
  core: 'programs/core/src/fault.rs',
  vault: 'programs/vault/src/fault.rs',
  proof: 'crates/ics23/src/error.rs',
  'hub-client': 'programs/hub-client/src/error.rs',
} as const

/** Errors that a program gives; its name in docs is the one that is told: `core/StaleReceiptPath`. */
export function errorsOf(...whose: readonly (keyof typeof SOURCES)[]): ErrorNode[] {
  return whose.flatMap((who) => {
    const text = readFileSync(new URL(`../../${SOURCES[who]}`, import.meta.url), 'utf8')
    const body = /pub enum \w+ \{([^}]*)\}/.exec(text)?.[1] ?? ''
    const rows = [...body.matchAll(/((?:^ {4}\/\/\/.*\n)*)^ {4}(\w+) = (\d+),$/gm)]
    return rows.map(([, comment = '', name = '', number]) =>
      errorNode({
        name,
        code: Number(number),
        message: comment.replaceAll(/\s*\/\/\/ ?/g, ' ').trim() || `${name}.`,
        docs: `${who}/${name}`,
      }),
    )
  })
}
