import { finite, finiteNonNegative, finiteResult } from '../errors.ts'

/** A position in a dated future or a perpetual. `size` is signed; prices are per unit of the underlying. */
export interface LinearPosition {
  readonly size: number
  readonly mark: number
  readonly entry: number
}

/**
 * Unrealised profit of a dated future: size·(mark − entry). Throws `MarginError` for prices that are none.
 */
export function futureValue({ size, mark, entry }: LinearPosition): number {
  finite('size', size)
  finiteNonNegative('mark', mark)
  finiteNonNegative('entry', entry)
  return finiteResult('value', size * (mark - entry))
}

/** A perpetual also owes or is owed funding since the index was last settled for it. */
export interface PerpetualPosition extends LinearPosition {
  /** Cumulative funding per unit of size: it grows when longs pay. */
  readonly fundingIndex: number
  readonly settledFundingIndex: number
}

/** Unrealised profit of a perpetual less the funding due: size·((mark − entry) − (index − settled index)). */
export function perpetualValue(position: PerpetualPosition): number {
  const due =
    finite('fundingIndex', position.fundingIndex) -
    finite('settledFundingIndex', position.settledFundingIndex)
  return finiteResult('value', futureValue(position) - finite('size', position.size) * due)
}
