import { marginErrors } from '../errors.ts'

/** A deposit that is proven but not final, and the line it came over. Micro-cash, whole and not negative. */
export interface PendingDeposit {
  /** Its value at the maintenance haircut. */
  readonly haircutValueE6: bigint
  /** What pending deposits of the line already count for, this one left out. */
  readonly lineCreditE6: bigint
  /** What they may count for at most. */
  readonly lineCapE6: bigint
  readonly insuranceE6: bigint
}

/** Shares in basis points. Defaults: docs/markets.md, and docs/hub.md. */
export interface PendingCreditTerms {
  readonly creditBps: bigint
  readonly insuranceBps: bigint
}

/** Half of the haircut value; a line at most a quarter of the insurance fund. */
export const HUB_PENDING_CREDIT: PendingCreditTerms = { creditBps: 5_000n, insuranceBps: 2_500n }

const BASIS_POINTS = 10_000n

/**
 * What a deposit counts for before it is final, in whole micro-cash, rounded down: a fraction of its haircut
 * value, within what the line has left of min(cap, share of the insurance fund). It counts toward maintenance
 * margin only (`Account.pendingCredit`), and goes when the deposit does. Throws `MarginError` 2.
 * Spec: docs/hub.md.
 *
 *     const line = { lineCreditE6: 0n, lineCapE6: 1_000_000n, insuranceE6: 10_000_000n }
 *     pendingCreditE6({ ...line, haircutValueE6: 900_000n }) // 450_000n
 */
export function pendingCreditE6(
  deposit: PendingDeposit,
  terms: PendingCreditTerms = HUB_PENDING_CREDIT,
): bigint {
  for (const [name, value] of Object.entries(deposit) as [string, bigint][])
    if (value < 0n) throw marginErrors.negative({ name, value: Number(value) })
  const credit = (deposit.haircutValueE6 * terms.creditBps) / BASIS_POINTS
  const insured = (deposit.insuranceE6 * terms.insuranceBps) / BASIS_POINTS
  const limit = insured < deposit.lineCapE6 ? insured : deposit.lineCapE6
  const room = limit > deposit.lineCreditE6 ? limit - deposit.lineCreditE6 : 0n
  return credit < room ? credit : room
}
