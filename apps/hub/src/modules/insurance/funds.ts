// Funds: the common one, which genesis seeds and which takes in all that belongs to no market, and one for
// each group of markets, which takes in the fees of liquidations there. A group's own pays first.
import { assert } from '@causeway/primitives'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { emitFund } from './events.ts'
import type { InsurancePorts } from './ports.ts'
import { NO_GROUP, chargeGroups, payCharges } from './pure/charges.ts'
import type { Charge, GroupLoss, PaidCharge } from './pure/charges.ts'
import { INSURANCE_STORE, ensureFund, findFund, funds } from './state.ts'

/** What a fund can pay, micro-cash. */
export function fundE6(context: ReadContext, ports: InsurancePorts, subaccount: number): bigint {
  const balanceE6 = ports.cash.balanceE6(context, { ...ports.fund, subaccount })
  return balanceE6 > 0n ? balanceE6 : 0n
}

/** What all funds can pay together. */
export function availableE6(context: ReadContext, ports: InsurancePorts): bigint {
  let sumE6 = fundE6(context, ports, 0)
  for (const { subaccount } of funds(context.store(INSURANCE_STORE)))
    sumE6 += fundE6(context, ports, subaccount)
  return sumE6
}

/** Takes cash in from a holder for its groups. */
export function receive(
  context: Context,
  ports: InsurancePorts,
  from: Holder,
  received: { readonly amountE6: bigint; readonly reason: string; readonly losses: readonly GroupLoss[] },
): void {
  const { amountE6, reason, losses } = received
  assert(amountE6 >= 0n, 'insurance takes in what there is')
  for (const { group, amountE6: partE6 } of chargeGroups(amountE6, losses)) {
    const subaccount = group === NO_GROUP ? 0 : ensureFund(context.store(INSURANCE_STORE), group)
    ports.cash.move(context, from, { ...ports.fund, subaccount }, partE6, reason)
    emitFund(context, ports.addresses, { holder: from, group, reason, amountE6: partE6 })
  }
}

/**
 * Pays a holder what its groups' funds, and then the common one, have of what is charged; with `mostE6`, the
 * common one alone, and no more than that.
 */
export function payOut(
  context: Context,
  ports: InsurancePorts,
  to: Holder,
  {
    charges,
    reason,
    mostE6,
  }: {
    readonly charges: readonly Charge[]
    readonly reason: string
    readonly mostE6?: bigint | undefined
  },
): PaidCharge[] {
  const store = context.store(INSURANCE_STORE)
  const numberOf = (group: bigint) => findFund(store, group) ?? 0
  const ownE6 = (group: bigint) => {
    const subaccount = numberOf(group)
    return subaccount === 0 || mostE6 !== undefined ? 0n : fundE6(context, ports, subaccount)
  }
  const availableE6 = fundE6(context, ports, 0)
  const commonMostE6 = mostE6 !== undefined && mostE6 < availableE6 ? mostE6 : availableE6
  const paid = payCharges(charges, ownE6, commonMostE6)
  for (const { group, ownE6: ownPaidE6, commonE6 } of paid) {
    payFrom(context, ports, to, { group, subaccount: numberOf(group), amountE6: ownPaidE6, reason })
    payFrom(context, ports, to, { group: NO_GROUP, subaccount: 0, amountE6: commonE6, reason })
  }
  return paid
}

function payFrom(
  context: Context,
  ports: InsurancePorts,
  to: Holder,
  {
    group,
    subaccount,
    amountE6,
    reason,
  }: { group: bigint; subaccount: number; amountE6: bigint; reason: string },
): void {
  if (amountE6 === 0n) return
  ports.cash.move(context, { ...ports.fund, subaccount }, to, amountE6, reason)
  emitFund(context, ports.addresses, { holder: to, group, reason, amountE6: -amountE6 })
}
