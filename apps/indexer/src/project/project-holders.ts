// What the hub's events tell of who may act for an account, and of how accounts stand with risk.

import { readInteger, readText, readU64 } from './attributes.ts'
import type { BlockEvent, ChainBlock, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'
import { readHolder } from './read-holder.ts'

/**
 * Row changes of an event of accounts, risk, debts, or a surface; none for other events. `position` counts
 * events within the block.
 */
export function projectHolderEvent(event: BlockEvent, { block }: EventPlace, position: number): Change[] {
  const { height, timeNanoseconds } = block
  switch (event.type) {
    case 'causeway.accounts.v1.linked': {
      const key = { wallet: readText(event, 'wallet') }
      return [change('wallet', key, {}, { account: readText(event, 'account'), height, timeNanoseconds })]
    }
    case 'causeway.accounts.v1.session': {
      const key = { account: readText(event, 'account'), sessionKey: readText(event, 'session_key') }
      const set = { status: readText(event, 'change'), height, timeNanoseconds }
      return [change('sessionKey', key, { createdHeight: height }, set)]
    }
    case 'causeway.risk.v1.margin_level':
      return levelChanges(event, block, position)
    case 'causeway.cash.v1.overdrawn':
      return [change('accountFlag', readHolder(event), {}, { overdraft: readText(event, 'status') })]
    case 'causeway.risk.v1.isolated':
      return [change('accountFlag', readHolder(event), {}, { isIsolated: true })]
    case 'causeway.oracle.v1.surface': {
      const set = { expiries: readU64(event, 'expiries'), height }
      return [change('surface', { asset: readU64(event, 'asset') }, {}, set)]
    }
    default:
      return []
  }
}

function levelChanges(event: BlockEvent, block: ChainBlock, position: number): Change[] {
  const { height, timeNanoseconds } = block
  const holder = readHolder(event)
  const level = readText(event, 'level')
  const maintenanceMarginE6 = readInteger(event, 'maintenance_margin_e6')
  const maintenanceRequirementE6 = readInteger(event, 'maintenance_requirement_e6')
  const figures = { maintenanceMarginE6, maintenanceRequirementE6 }
  const row = { ...holder, level, before: readText(event, 'before'), ...figures, timeNanoseconds }
  return [
    change('accountFlag', holder, {}, { level, ...figures, changedHeight: height }),
    change('marginLevel', { height, position }, row),
  ]
}
