// What the hub's events tell of cash: of subaccounts, of the pool, and what waits to leave.

import { readInteger, readText, readU64 } from './attributes.ts'
import type { BlockEvent, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'
import { readHolder } from './read-holder.ts'

const RECEIVER_LENGTH_MAX = 4_096

/** Row changes of an event of cash; none for other events. `position` counts events within the block. */
export function projectCashEvent(event: BlockEvent, place: EventPlace, position: number): Change[] {
  switch (event.type) {
    case 'causeway.cash.v1.cash':
      return projectCash(event, place, position)
    case 'causeway.cash.v1.interest':
      return projectInterest(event, place, position)
    case 'causeway.cash.v1.pool':
      return [
        change(
          'cashPool',
          { asset: readU64(event, 'asset') },
          {},
          { parE6: readInteger(event, 'par_e6'), height: place.block.height },
        ),
      ]
    case 'causeway.cash.v1.converted':
      return projectConverted(event, place, position)
    case 'causeway.cash.v1.withdrawal':
      return projectWithdrawal(event, place)
    default:
      return []
  }
}

function projectCash(event: BlockEvent, place: EventPlace, position: number): Change[] {
  const { height, timeNanoseconds } = place.block
  const holder = readHolder(event)
  const balanceE6 = readInteger(event, 'balance_e6')
  const row = { reason: readText(event, 'reason'), deltaE6: readInteger(event, 'delta_e6'), balanceE6 }
  const transaction = place.transaction?.hash ?? null
  return [
    change('cash', holder, {}, { balanceE6, height, position }),
    change('cashChange', { height, position }, { ...holder, ...row, transaction, timeNanoseconds }),
  ]
}

function projectInterest(event: BlockEvent, { block }: EventPlace, position: number): Change[] {
  const row = {
    debtIndex: readInteger(event, 'debt_index'),
    creditIndex: readInteger(event, 'credit_index'),
    borrowRate: readInteger(event, 'borrow_rate'),
  }
  return [change('cashIndex', { height: block.height, position }, row)]
}

function projectConverted(event: BlockEvent, place: EventPlace, position: number): Change[] {
  const { height, timeNanoseconds } = place.block
  const row = {
    asset: readU64(event, 'asset'),
    parE6: readInteger(event, 'par_e6'),
    cashE6: readInteger(event, 'cash_e6'),
  }
  const transaction = place.transaction?.hash ?? null
  return [
    change(
      'conversion',
      { height, position },
      { ...readHolder(event), ...row, transaction, timeNanoseconds },
    ),
  ]
}

function projectWithdrawal(event: BlockEvent, { block }: EventPlace): Change[] {
  const { height, timeNanoseconds } = block
  const once = {
    ...readHolder(event),
    asset: readU64(event, 'asset'),
    queuedHeight: height,
    queuedNanoseconds: timeNanoseconds,
  }
  const set = {
    status: readText(event, 'status'),
    line: readU64(event, 'line'),
    amount: readInteger(event, 'amount'),
    receiver: readText(event, 'receiver', RECEIVER_LENGTH_MAX),
  }
  return [change('withdrawal', { id: readU64(event, 'id') }, once, { ...set, height, timeNanoseconds })]
}
