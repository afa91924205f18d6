// The insurance fund: an ordinary account of the ledger that nobody has a key of. Slashed stake and forfeited
// deposits go there; genesis seeds it through the ledger's balances. What it pays for comes later.
import { QueryBalancesRequest, QueryBalancesResponse } from '@causeway/protocol/causeway/insurance/v1/query'
import { defineQuery } from '../../block/module.ts'
import type { Module } from '../../block/module.ts'
import type { ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

const BALANCES_MAX = 1_000

/** What of the ledger the fund shows. */
export interface InsurancePorts {
  readonly addresses: AddressCodec
  readonly fund: Holder
  /** Ascending by asset. */
  balances(
    context: ReadContext,
    holder: Holder,
  ): Iterable<{ readonly asset: bigint; readonly denom: string; readonly amount: bigint }>
}

/** The module `insurance`, which has no state of its own. */
export function insuranceModule({ addresses, fund, balances }: InsurancePorts): Module {
  const balancesQuery = defineQuery({
    path: '/causeway.insurance.v1.Query/Balances',
    requestTypeName: 'causeway.insurance.v1.QueryBalancesRequest',
    requestCodec: QueryBalancesRequest,
    responseCodec: QueryBalancesResponse,
    answer(context) {
      const held = []
      for (const { asset, denom, amount } of balances(context, fund)) {
        if (held.length === BALANCES_MAX) break
        held.push({ asset, denom, amount: amount.toString() })
      }
      return { account: addresses.encode(fund.account), balances: held, height: context.height }
    },
  })
  return { name: 'insurance', messages: [], queries: [balancesQuery] }
}
