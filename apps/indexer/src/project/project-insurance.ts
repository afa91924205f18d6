// What the hub's events tell of insurance, of how bankrupt accounts ended, and of losses that everybody bore.

import { parseHubAccount } from './owners.ts'
import { readInteger, readSubaccount, readText, readU64 } from './attributes.ts'
import type { BlockEvent, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'
import { errors } from './errors.ts'
import { readHolder } from './read-holder.ts'

type Place = { readonly height: bigint; readonly position: number }

/** Row changes of an event of losses; none for other events. `position` counts events within the block. */
export function projectInsuranceEvent(event: BlockEvent, { block }: EventPlace, position: number): Change[] {
  const { height, timeNanoseconds } = block
  const project = projections[event.type]
  return project === undefined ? [] : [project(event, { height, position }, timeNanoseconds)]
}

const projections: Record<string, (event: BlockEvent, place: Place, timeNanoseconds: bigint) => Change> = {
  'causeway.insurance.v1.fund': projectFlow,
  'causeway.insurance.v1.charged': projectCharge,
  'causeway.insurance.v1.deleveraged': projectDeleveraged,
  'causeway.insurance.v1.resolved': projectResolved,
  'causeway.insurance.v1.pause': projectPause,
  'causeway.cash.v1.socialised': projectSocialised,
  'causeway.cash.v1.written_off': projectWrittenOff,
}

function projectFlow(event: BlockEvent, place: Place, timeNanoseconds: bigint): Change {
  const row = {
    ...readHolder(event),
    group: readU64(event, 'group'),
    reason: readText(event, 'reason'),
    amountE6: readInteger(event, 'amount_e6'),
  }
  return change('insuranceFlow', place, { ...row, timeNanoseconds })
}

function projectCharge(event: BlockEvent, place: Place): Change {
  return change('deficitCharge', place, {
    ...readHolder(event),
    group: readU64(event, 'group'),
    amountE6: readInteger(event, 'amount_e6'),
    ownE6: readInteger(event, 'own_e6'),
    commonE6: readInteger(event, 'common_e6'),
    leftE6: readInteger(event, 'left_e6'),
  })
}

function projectDeleveraged(event: BlockEvent, place: Place, timeNanoseconds: bigint): Change {
  const of = parseHubAccount(readText(event, 'of'))
  if (of === undefined)
    throw errors.malformedAttribute({ event: event.type, key: 'of', expected: 'a subaccount' })
  const row = {
    ...readHolder(event),
    market: readU64(event, 'market'),
    ofAccount: of.account,
    ofSubaccount: of.subaccount,
    sizeE9: readInteger(event, 'size_e9'),
    lossE6: readInteger(event, 'loss_e6'),
    place: readSubaccount(event, 'place'),
  }
  return change('deleveraging', place, { ...row, timeNanoseconds })
}

function projectResolved(event: BlockEvent, place: Place, timeNanoseconds: bigint): Change {
  const row = {
    ...readHolder(event),
    deficitE6: readInteger(event, 'deficit_e6'),
    insuredE6: readInteger(event, 'insured_e6'),
    deleveragedE6: readInteger(event, 'deleveraged_e6'),
    socialisedE6: readInteger(event, 'socialised_e6'),
  }
  return change('bankruptcy', place, { ...row, timeNanoseconds })
}

function projectPause(event: BlockEvent, place: Place, timeNanoseconds: bigint): Change {
  const row = {
    status: readText(event, 'status'),
    deficitsE6: readInteger(event, 'deficits_e6'),
    availableE6: readInteger(event, 'available_e6'),
    untilSeconds: readU64(event, 'until_seconds'),
  }
  return change('insurancePause', place, { ...row, timeNanoseconds })
}

function projectSocialised(event: BlockEvent, place: Place, timeNanoseconds: bigint): Change {
  const row = { ...readHolder(event), amountE6: readInteger(event, 'amount_e6') }
  return change('socialisedLoss', place, { ...row, timeNanoseconds })
}

/** What a line lost: its escrow is less by that, insurance paid what it had, and the rest everybody bore. */
function projectWrittenOff(event: BlockEvent, place: Place, timeNanoseconds: bigint): Change {
  const row = {
    line: readU64(event, 'line'),
    asset: readU64(event, 'asset'),
    lost: readInteger(event, 'amount'),
    insured: readInteger(event, 'insurance'),
    insuredE6: readInteger(event, 'insurance_e6'),
    amountE6: readInteger(event, 'shared_e6'),
  }
  return change('socialisedLoss', place, { ...row, timeNanoseconds })
}
