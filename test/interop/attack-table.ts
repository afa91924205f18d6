import type { Any } from '@causeway/protocol'
import type { Verdict } from './attacker.ts'

/** One forged message, and what each chain must answer. */
export interface Attack<Material> {
  readonly name: string
  readonly forge: (material: Material) => Any | Promise<Any>
  readonly expected: Expected
}

/**
 * What the hub and simd must answer: an outcome (see `Verdict`) and, after it, what the log must say: simd
 * has one code for many reasons.
 */
export interface Expected {
  readonly hub: string
  readonly simd: string
}

/** Attacks that are refused for the same reason. */
export function refused<Material>(
  hub: string,
  simd: string,
  forgeries: Readonly<Record<string, Attack<Material>['forge']>>,
): Attack<Material>[] {
  return Object.entries(forgeries).map(([name, forge]) => ({ name, forge, expected: { hub, simd } }))
}

/** The verdict in the words of the table: the expected text when it fits, else what the chain said. */
export function judged({ outcome, log }: Verdict, expected: string): string {
  const [code, ...words] = expected.split(' ')
  return outcome === code && log.includes(words.join(' ')) ? expected : `${outcome} ${log}`.trim()
}
