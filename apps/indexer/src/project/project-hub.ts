import type { BlockEvent, EventPlace } from './block.ts'
import { readInteger, readSubaccount, readText, readU64 } from './attributes.ts'
import { change, type Change } from './change.ts'
import { projectCallEvent } from './project-calls.ts'
import { projectCashEvent } from './project-cash.ts'
import { projectHolderEvent } from './project-holders.ts'
import { projectInsuranceEvent } from './project-insurance.ts'
import { projectLiquidationEvent } from './project-liquidations.ts'
import { projectMarketEvent } from './project-markets.ts'
import { projectVaultEvent } from './project-vault.ts'

/** A full path may have any number of hops; it is in no index. */
const DENOM_LENGTH_MAX = 40_000

/**
 * Row changes of one of the hub's own events; none for other events. `position` counts them within the block.
 */
export function projectHubEvent(event: BlockEvent, place: EventPlace, position: number): Change[] {
  switch (event.type) {
    case 'causeway.ledger.v1.balance':
      return projectBalance(event, place, position)
    case 'causeway.ledger.v1.line':
      return projectLine(event, place)
    case 'causeway.oracle.v1.price':
      return projectPrice(event, place)
    case 'causeway.accounts.v1.created':
      return [firstSeen(readText(event, 'account'), place)]
    default:
      return [
        ...projectMarketEvent(event, place, position),
        ...projectCashEvent(event, place, position),
        ...projectHolderEvent(event, place, position),
        ...projectLiquidationEvent(event, place, position),
        ...projectCallEvent(event, place, position),
        ...projectInsuranceEvent(event, place, position),
        ...projectVaultEvent(event, place, position),
      ]
  }
}

function projectBalance(event: BlockEvent, place: EventPlace, position: number): Change[] {
  const { height, timeNanoseconds } = place.block
  const account = readText(event, 'account')
  const subaccount = readSubaccount(event, 'subaccount')
  const asset = readU64(event, 'asset')
  const denom = readText(event, 'denom', DENOM_LENGTH_MAX)
  const delta = readInteger(event, 'delta')
  const amount = readInteger(event, 'balance')
  const transaction = place.transaction?.hash ?? null
  const row = { account, subaccount, asset, delta, amount, transaction, timeNanoseconds }
  return [
    firstSeen(account, place),
    change('asset', { asset }, { denom, firstHeight: height }),
    change('balance', { account, subaccount, asset }, { denom }, { amount, height }),
    change('balanceChange', { height, position }, row),
  ]
}

function projectLine(event: BlockEvent, place: EventPlace): Change[] {
  const { height } = place.block
  const [line, asset] = [readU64(event, 'line'), readU64(event, 'asset')]
  const denom = readText(event, 'denom', DENOM_LENGTH_MAX)
  const set = { asset, escrowed: readInteger(event, 'escrowed'), height }
  return [change('line', { line }, { clientId: readText(event, 'client'), denom }, set)]
}

function projectPrice(event: BlockEvent, place: EventPlace): Change[] {
  const { height } = place.block
  const asset = readU64(event, 'asset')
  const row = { priceE9: readU64(event, 'price_e9'), timeSeconds: readU64(event, 'time_seconds') }
  return [
    change('price', { asset }, {}, { ...row, height }),
    change('priceHistory', { asset, height }, {}, row),
  ]
}

function firstSeen(account: string, { block }: EventPlace): Change {
  return change(
    'account',
    { account },
    { firstHeight: block.height, firstTimeNanoseconds: block.timeNanoseconds },
  )
}
