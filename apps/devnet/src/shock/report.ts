// What a shock did, added up from the hub's events: pure. Amounts are micro-cash.
import type { HubEvent } from '@causeway/client'

/** An event and where it stood. */
export type ToldEvent = HubEvent & { readonly height: string }

/** One account that something happened to. */
export interface HitAccount {
  /** `cway1…/0`. */
  readonly holder: string
  /** Margin levels it came to, one after another. */
  readonly levels: readonly string[]
  /** Stages of its liquidation, with why; `none` is its end. */
  readonly stages: readonly string[]
  /** When its liquidation began, in blocks; absent when it was only warned. */
  readonly beganHeight?: string
  readonly endedHeight?: string
  /** What it was worth when the liquidation began, and as told last. */
  readonly valueE6?: bigint
  readonly lastValueE6?: bigint
  readonly closingOrders: number
  readonly marginCalls: number
}

/** A share that somebody took over. */
export interface SoldAuction {
  readonly holder: string
  readonly bidder: string
  readonly shareE9: bigint
  readonly priceE6: bigint
  readonly paidE6: bigint
  readonly worthE6: bigint
  readonly feeE6: bigint
  readonly height: string
}

/** A position that was closed to pay for a bankrupt account. */
export interface Deleveraged {
  readonly holder: string
  readonly of: string
  readonly market: string
  readonly sizeE9: bigint
  readonly lossE6: bigint
}

/** A bankrupt account, and who bore what it lacked. */
export interface Resolved {
  readonly holder: string
  readonly deficitE6: bigint
  readonly insuredE6: bigint
  readonly deleveragedE6: bigint
  readonly socialisedE6: bigint
}

/** All of it. */
export interface ShockReport {
  readonly accounts: readonly HitAccount[]
  readonly sold: readonly SoldAuction[]
  readonly bids: number
  readonly lapsed: Readonly<Record<string, number>>
  /** What insurance funds paid, and took in. */
  readonly insurancePaidE6: bigint
  readonly insuranceReceivedE6: bigint
  readonly deleveraged: readonly Deleveraged[]
  readonly resolved: readonly Resolved[]
  readonly isPaused: boolean
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] }

/** Adds events up, in the order in which they were told. */
export function reportOf(events: readonly ToldEvent[]): ShockReport {
  const accounts = new Map<string, Mutable<HitAccount>>()
  const report = {
    ...{ sold: [] as SoldAuction[], deleveraged: [] as Deleveraged[], resolved: [] as Resolved[] },
    ...{ bids: 0, lapsed: {} as Record<string, number>, isPaused: false },
    ...{ insurancePaidE6: 0n, insuranceReceivedE6: 0n },
  }
  const accountOf = (holder: string) => {
    const found = accounts.get(holder) ?? { holder, levels: [], stages: [], closingOrders: 0, marginCalls: 0 }
    accounts.set(holder, found)
    return found
  }
  for (const { type, attributes, height } of events) {
    const holder = holderOf(attributes)
    const number = (name: string) => integer(attributes[name])
    switch (type.replace(/^causeway\./, '')) {
      case 'risk.v1.margin_level':
        accountOf(holder).levels.push(attributes['level'] ?? '')
        break
      case 'calls.v1.call':
        if (attributes['status'] === 'sent') accountOf(holder).marginCalls += 1
        break
      case 'liquidation.v1.stage':
        addStage(accountOf(holder), attributes, height)
        break
      case 'liquidation.v1.closing':
        accountOf(holder).closingOrders += Number(number('orders'))
        break
      case 'liquidation.v1.bid':
        report.bids += 1
        break
      case 'liquidation.v1.lapsed': {
        const reason = attributes['reason'] ?? ''
        report.lapsed[reason] = (report.lapsed[reason] ?? 0) + 1
        break
      }
      case 'liquidation.v1.sold':
        report.sold.push(soldOf(holder, attributes, height))
        break
      case 'insurance.v1.fund':
        if (number('amount_e6') < 0n) report.insurancePaidE6 -= number('amount_e6')
        else report.insuranceReceivedE6 += number('amount_e6')
        break
      case 'insurance.v1.deleveraged':
        report.deleveraged.push(deleveragedOf(holder, attributes))
        break
      case 'insurance.v1.resolved':
        report.resolved.push(resolvedOf(holder, attributes))
        break
      case 'insurance.v1.pause':
        report.isPaused = attributes['status'] === 'began'
        break
      default:
    }
  }
  return { accounts: [...accounts.values()], ...report }
}

/** Whether an account's liquidation, if there was one, is over. */
export function isOver({ stages }: HitAccount): boolean {
  return stages.at(-1)?.startsWith('none') ?? true
}

function addStage(account: Mutable<HitAccount>, attributes: HubEvent['attributes'], height: string): void {
  const { stage = '', before, reason = '' } = attributes
  account.stages.push(`${stage} (${reason})`)
  account.lastValueE6 = integer(attributes['value_e6'])
  if (before === 'none') {
    account.beganHeight ??= height
    account.valueE6 ??= account.lastValueE6
  }
  if (stage === 'none') account.endedHeight = height
  else delete account.endedHeight
}

function soldOf(holder: string, attributes: HubEvent['attributes'], height: string): SoldAuction {
  const number = (name: string) => integer(attributes[name])
  return {
    holder,
    bidder: `${attributes['bidder'] ?? ''}/${attributes['bidder_subaccount'] ?? ''}`,
    ...{ shareE9: number('share_e9'), priceE6: number('price_e6'), paidE6: number('paid_e6') },
    ...{ worthE6: number('worth_e6'), feeE6: number('fee_e6'), height },
  }
}

function deleveragedOf(holder: string, attributes: HubEvent['attributes']): Deleveraged {
  const { of = '', market = '', size_e9, loss_e6 } = attributes
  return { holder, of, market, sizeE9: integer(size_e9), lossE6: integer(loss_e6) }
}

function resolvedOf(holder: string, attributes: HubEvent['attributes']): Resolved {
  const number = (name: string) => integer(attributes[name])
  return {
    ...{ holder, deficitE6: number('deficit_e6'), insuredE6: number('insured_e6') },
    ...{ deleveragedE6: number('deleveraged_e6'), socialisedE6: number('socialised_e6') },
  }
}

function holderOf({ account = '', subaccount = '0' }: HubEvent['attributes']): string {
  return `${account}/${subaccount}`
}

/** 0 for what is no whole number: a report goes on. */
function integer(text: string | undefined): bigint {
  return text !== undefined && /^-?\d{1,60}$/.test(text) ? BigInt(text) : 0n
}
