import type { ReadContext } from '../../block/context.ts'
import type { InsurancePorts } from './ports.ts'
import { INSURANCE_STORE, funds, readPause } from './state.ts'

/**
 * What must hold of insurance: no fund owes anything or holds a position, funds are numbered one by one, and
 * no pause began in the future.
 */
export function invariants(context: ReadContext, ports: InsurancePorts): readonly string[] {
  const store = context.store(INSURANCE_STORE)
  const broken: string[] = []
  const listed = funds(store)
  for (const subaccount of [0, ...listed.map((each) => each.subaccount)]) {
    const holder = { ...ports.fund, subaccount }
    const cashE6 = ports.cash.balanceE6(context, holder)
    if (cashE6 < 0n) broken.push(`insurance: fund ${subaccount} has ${cashE6} micro-cash`)
    if (ports.markets.positions(context, holder).length > 0)
      broken.push(`insurance: fund ${subaccount} holds a position`)
  }
  const numbers = listed.map(({ subaccount }) => subaccount).sort((a, b) => a - b)
  if (numbers.some((number, i) => number !== i + 1))
    broken.push('insurance: funds are not numbered one by one')
  const pause = readPause(store)
  if (pause !== undefined && pause.sinceSeconds > context.timeSeconds)
    broken.push('insurance: a pause begins in the future')
  return broken
}
