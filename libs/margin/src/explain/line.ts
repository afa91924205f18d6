import type { ContributionKind } from './explanation.ts'

/** One part of both requirements, in cash, before it is rounded. */
export interface Line {
  readonly kind: ContributionKind
  readonly position: number
  readonly scenario: number
  readonly weight: number
  readonly maintenance: number
  readonly initial: number
}

/** A charge: it belongs to no scenario. */
export function charge(kind: ContributionKind, position: number, maintenance: number, initial: number): Line {
  return { kind, position, scenario: -1, weight: 1, maintenance, initial }
}
