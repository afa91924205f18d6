// What the hub's events tell of standby lines, of margin calls that pull them, and of who waits for one.

import { readInteger, readText, readU64 } from './attributes.ts'
import type { BlockEvent, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'
import { readHolder } from './read-holder.ts'

/** Row changes of an event of margin calls; none for others. `position` counts events within the block. */
export function projectCallEvent(event: BlockEvent, place: EventPlace, position: number): Change[] {
  switch (event.type) {
    case 'causeway.clearing.v1.standby':
      return [projectStandby(event, place)]
    case 'causeway.calls.v1.call':
      return [projectCall(event, place, position)]
    case 'causeway.calls.v1.reward':
      return [projectReward(event, place, position)]
    case 'causeway.calls.v1.wait': {
      const { height, timeNanoseconds } = place.block
      const row = { ...readHolder(event), status: readText(event, 'status'), timeNanoseconds }
      return [change('marginWait', { height, position }, row)]
    }
    default:
      return []
  }
}

function projectStandby(event: BlockEvent, { block }: EventPlace): Change {
  const { height, timeNanoseconds } = block
  const set = {
    ...readHolder(event),
    token: readText(event, 'token'),
    amount: readInteger(event, 'amount'),
    expirySeconds: readU64(event, 'expiry_seconds'),
    status: readText(event, 'status'),
    ...{ height, timeNanoseconds },
  }
  return change('standbyLine', readLine(event), { openedHeight: height }, set)
}

function projectCall(event: BlockEvent, { block }: EventPlace, position: number): Change {
  const { height, timeNanoseconds } = block
  const key = { ...readLine(event), sequence: readU64(event, 'sequence') }
  const status = readText(event, 'status')
  const once = {
    ...readHolder(event),
    asset: readU64(event, 'asset'),
    amount: readInteger(event, 'amount'),
    ...{ sentHeight: height, sentPosition: position, sentNanoseconds: timeNanoseconds },
  }
  const pulled = readText(event, 'pulled') === '' ? null : readInteger(event, 'pulled')
  return change('marginCall', key, once, { pulled, status, height, timeNanoseconds })
}

function projectReward(event: BlockEvent, { block }: EventPlace, position: number): Change {
  const { height, timeNanoseconds } = block
  const row = {
    ...readHolder(event),
    ...readLine(event),
    relayer: readText(event, 'relayer'),
    asset: readU64(event, 'asset'),
    amount: readInteger(event, 'amount'),
    timeNanoseconds,
  }
  return change('callReward', { height, position }, row)
}

function readLine(event: BlockEvent): { client: string; line: string } {
  return { client: readText(event, 'client'), line: readText(event, 'line') }
}
