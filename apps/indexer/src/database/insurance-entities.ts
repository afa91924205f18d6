// What insurance took in and paid, how bankrupt accounts ended, and what everybody bore.

import { EntitySchema } from 'typeorm'
import { amount, count, key, optional, snakeCased, text, timeNanoseconds, u64 } from './columns.ts'

/** A fund of a group of markets (0: the common one) took in, or paid. */
export type InsuranceFlowRow = {
  height: bigint
  position: number
  /** Who paid, or was paid. */
  account: string
  subaccount: number
  group: bigint
  reason: string
  /** Into the fund; below 0 out of it. */
  amountE6: bigint
  timeNanoseconds: bigint
}

/** What a group of markets was charged for a bankrupt account, and who paid. */
export type DeficitChargeRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  group: bigint
  amountE6: bigint
  ownE6: bigint
  commonE6: bigint
  leftE6: bigint
}

/** A position that was closed against a bankrupt account. */
export type DeleveragingRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  market: bigint
  ofAccount: string
  ofSubaccount: number
  sizeE9: bigint
  /** Against the mark. */
  lossE6: bigint
  /** In the queue when it was ranked. */
  place: number
  timeNanoseconds: bigint
}

/** A bankrupt account that was resolved, and who bore what it lacked. */
export type BankruptcyRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  deficitE6: bigint
  insuredE6: bigint
  deleveragedE6: bigint
  socialisedE6: bigint
  timeNanoseconds: bigint
}

/** Redemption and transfers out wait (`began`), or do no more (`ended`, `expired`). */
export type InsurancePauseRow = {
  height: bigint
  position: number
  status: string
  deficitsE6: bigint
  availableE6: bigint
  untilSeconds: bigint
  timeNanoseconds: bigint
}

/** What all positive cash bore: an account's debt, or what a line had lost. */
export type SocialisedLossRow = {
  height: bigint
  position: number
  amountE6: bigint
  /** Whose debt; null of a line's loss. */
  account: string | null
  subaccount: number | null
  /** Of a line's loss: the line, its asset, base units in all and of insurance, cash that insurance paid. */
  line: bigint | null
  asset: bigint | null
  lost: bigint | null
  insured: bigint | null
  insuredE6: bigint | null
  timeNanoseconds: bigint
}

const place = { height: key(u64), position: key(count) }
const happened = { ...place, account: text, subaccount: count }

/** Entity of `InsuranceFlowRow`. */
export const InsuranceFlowEntity = new EntitySchema<InsuranceFlowRow>({
  name: 'InsuranceFlow',
  tableName: 'insurance_flow',
  columns: snakeCased<InsuranceFlowRow>({
    ...happened,
    group: u64,
    reason: text,
    amountE6: amount,
    timeNanoseconds,
  }),
})

/** Entity of `DeficitChargeRow`. */
export const DeficitChargeEntity = new EntitySchema<DeficitChargeRow>({
  name: 'DeficitCharge',
  tableName: 'deficit_charge',
  columns: snakeCased<DeficitChargeRow>({
    ...happened,
    group: u64,
    amountE6: amount,
    ownE6: amount,
    commonE6: amount,
    leftE6: amount,
  }),
})

/** Entity of `DeleveragingRow`. */
export const DeleveragingEntity = new EntitySchema<DeleveragingRow>({
  name: 'Deleveraging',
  tableName: 'deleveraging',
  columns: snakeCased<DeleveragingRow>({
    ...happened,
    market: u64,
    ofAccount: text,
    ofSubaccount: count,
    sizeE9: amount,
    lossE6: amount,
    place: count,
    timeNanoseconds,
  }),
})

/** Entity of `BankruptcyRow`. */
export const BankruptcyEntity = new EntitySchema<BankruptcyRow>({
  name: 'Bankruptcy',
  tableName: 'bankruptcy',
  columns: snakeCased<BankruptcyRow>({
    ...happened,
    deficitE6: amount,
    insuredE6: amount,
    deleveragedE6: amount,
    socialisedE6: amount,
    timeNanoseconds,
  }),
})

/** Entity of `InsurancePauseRow`. */
export const InsurancePauseEntity = new EntitySchema<InsurancePauseRow>({
  name: 'InsurancePause',
  tableName: 'insurance_pause',
  columns: snakeCased<InsurancePauseRow>({
    ...place,
    status: text,
    deficitsE6: amount,
    availableE6: amount,
    untilSeconds: u64,
    timeNanoseconds,
  }),
})

/** Entity of `SocialisedLossRow`. */
export const SocialisedLossEntity = new EntitySchema<SocialisedLossRow>({
  name: 'SocialisedLoss',
  tableName: 'socialised_loss',
  columns: snakeCased<SocialisedLossRow>({
    ...place,
    amountE6: amount,
    account: optional(text),
    subaccount: optional(count),
    line: optional(u64),
    asset: optional(u64),
    lost: optional(amount),
    insured: optional(amount),
    insuredE6: optional(amount),
    timeNanoseconds,
  }),
})
