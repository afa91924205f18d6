// What the hub's events tell of the liquidity vault.

import { readInteger, readText, readU64 } from './attributes.ts'
import type { BlockEvent, ChainBlock, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'
import { readHolder } from './read-holder.ts'

/** Row changes of an event of the vault; none for other events. `position` counts events within the block. */
export function projectVaultEvent(event: BlockEvent, { block }: EventPlace, position: number): Change[] {
  switch (event.type) {
    case 'causeway.vault.v1.requested':
      return projectRequested(event, block)
    case 'causeway.vault.v1.executed':
      return projectExecuted(event, block)
    case 'causeway.vault.v1.worth':
      return [projectWorth(event, block)]
    case 'causeway.vault.v1.status': {
      const { height, timeNanoseconds } = block
      const row = { status: readText(event, 'status'), before: readText(event, 'before'), timeNanoseconds }
      return [change('vaultStatus', { height, position }, row)]
    }
    default:
      return []
  }
}

/** Shares that are to be withdrawn are held no more. */
function projectRequested(event: BlockEvent, { height, timeNanoseconds }: ChainBlock): Change[] {
  const amount = readInteger(event, 'amount')
  const kind = readText(event, 'kind')
  const once = {
    ...readHolder(event),
    ...{ kind, amount, openedHeight: height },
    requestedSeconds: readU64(event, 'requested_seconds'),
  }
  const set = { rest: amount, status: 'waiting', height, timeNanoseconds }
  const request = change('vaultRequest', { request: readU64(event, 'request') }, once, set)
  if (kind === 'deposit') return [request]
  const sum = { shares: -amount }
  return [request, change('vaultHolding', readHolder(event), {}, { height }, { sum })]
}

function projectExecuted(event: BlockEvent, { height, timeNanoseconds }: ChainBlock): Change[] {
  const holder = readHolder(event)
  const [cashE6, shares] = [readInteger(event, 'cash_e6'), readInteger(event, 'shares')]
  const rest = readInteger(event, 'rest')
  const kind = readText(event, 'kind')
  const isDeposit = kind === 'deposit'
  const isReturned = isDeposit && shares === 0n
  // Of a request from before the first block read, what is told now is all that is known.
  const unknown = { ...holder, kind, requestedSeconds: 0n, openedHeight: height }
  const once = { ...unknown, amount: rest + (isDeposit ? cashE6 : shares) }
  const status = rest > 0n ? 'waiting' : isReturned ? 'returned' : 'executed'
  const set = { rest, status, shareE18: readInteger(event, 'share_e18'), height, timeNanoseconds }
  const key = { request: readU64(event, 'request') }
  const request = change('vaultRequest', key, once, set, { sum: { cashE6, shares } })
  if (isReturned) return [request]
  const sum = isDeposit ? { shares, depositedE6: cashE6 } : { withdrawnE6: cashE6 }
  return [request, change('vaultHolding', holder, {}, { height }, { sum })]
}

function projectWorth(event: BlockEvent, { height }: ChainBlock): Change {
  const row = {
    worthE6: readInteger(event, 'worth_e6'),
    shares: readInteger(event, 'shares'),
    closeE18: readInteger(event, 'close_e18'),
    highE18: readInteger(event, 'high_e18'),
    lowE18: readInteger(event, 'low_e18'),
  }
  return change('vaultWorth', { minute: readU64(event, 'minute') }, {}, { ...row, height })
}
