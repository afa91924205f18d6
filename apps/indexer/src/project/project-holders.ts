// What the hub's events tell of who may act for an account, and of how accounts stand with risk.

import { readInteger, readSubaccount, readText, readU64 } from './attributes.ts'
import type { BlockEvent, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'

/** Row changes of an event of accounts, risk, or a surface; none for other events. */
export function projectHolderEvent(event: BlockEvent, { block }: EventPlace): Change[] {
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
    case 'causeway.risk.v1.below_maintenance':
      return [healthChange(event, height, true)]
    case 'causeway.risk.v1.recovered':
      return [healthChange(event, height, false)]
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

function healthChange(event: BlockEvent, changedHeight: bigint, isBelowMaintenance: boolean): Change {
  const maintenanceMarginE6 = readInteger(event, 'maintenance_margin_e6')
  const set = { isBelowMaintenance, maintenanceMarginE6, changedHeight }
  return change('accountFlag', readHolder(event), {}, set)
}

function readHolder(event: BlockEvent): { account: string; subaccount: number } {
  return { account: readText(event, 'account'), subaccount: readSubaccount(event, 'subaccount') }
}
