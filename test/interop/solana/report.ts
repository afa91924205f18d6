import type { Compared } from './shadow.ts'

/** Prints what a run has shown, beside the tests' names: docs/interop/solana.md has such an output. */
export function report(what: string, compared?: Compared): void {
  const units = compared && `: ${compared.validator.computeUnits} compute units, LiteSVM ${compared.liteSvm}`
  console.log(`  ${what}${units ?? ''}`)
}
