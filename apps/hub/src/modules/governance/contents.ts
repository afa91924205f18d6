// What a proposal does: judged alone when it is decoded, tried when it is made, done when its time has come.
import { parseDecimal } from '@causeway/primitives'
import type {
  CallContract,
  ChangeParameter,
  Content,
} from '@causeway/protocol/causeway/governance/v1/governance'
import type { Context } from '../../block/context.ts'
import { setCouncil, validateCouncil } from './council.ts'
import { extendForks, recover } from './dead-clients.ts'
import { errors } from './errors.ts'
import { list, validateListing } from './listing.ts'
import type { GovernancePorts } from './ports.ts'

const CONTENTS_MAX = 16
const TARGET_BYTES = 32
const DATA_BYTES_MAX = 16_384

/** Judges contents alone. Throws `governance/4`, `/31`, `/32`, `/37`, `primitives/5`. */
export function validateContents(contents: readonly Content[]): void {
  const isWellFormed = contents.length >= 1 && contents.length <= CONTENTS_MAX && contents.every(hasOneAction)
  if (!isWellFormed) throw errors.badContents({ max: CONTENTS_MAX })
  for (const { changeParameter, listLine, callContract, writeOffLine, setCouncil: council } of contents) {
    if (changeParameter !== undefined) parseDecimal(changeParameter.value, 'value')
    if (listLine !== undefined) validateListing(listLine)
    if (callContract !== undefined) validateCall(callContract)
    if (writeOffLine !== undefined) parseDecimal(writeOffLine.amount, 'amount')
    if (council !== undefined) validateCouncil(council)
  }
}

/** Does all of it, or throws a `ProtocolError`; a rehearsal leaves out what only takes time. */
export function execute(
  ports: GovernancePorts,
  context: Context,
  contents: readonly Content[],
  isRehearsal = false,
): void {
  for (const content of contents) {
    const { changeParameter, listLine, callContract, recoverClient } = content
    if (changeParameter !== undefined) change(ports, context, changeParameter)
    if (listLine !== undefined) list(ports, context, listLine)
    if (callContract !== undefined) {
      const { clientId, target, data } = callContract
      ports.sendGovernanceCall(context, clientId, target, data)
    }
    if (recoverClient !== undefined) recover(ports, context, { ...recoverClient, isRehearsal })
    if (content.extendForks !== undefined) extendForks(ports, context, content.extendForks)
    if (content.listUnderlying !== undefined) marketsOf(ports).list(context, content.listUnderlying)
    if (content.setMarketStatus !== undefined) marketsOf(ports).setStatus(context, content.setMarketStatus)
    executeOnLines(ports, context, content)
    if (content.setCouncil !== undefined) setCouncil(context, content.setCouncil)
  }
}

function executeOnLines(
  ports: GovernancePorts,
  context: Context,
  { writeOffLine, pauseLine }: Content,
): void {
  if (writeOffLine !== undefined) {
    const { line, amount } = writeOffLine
    ports.writeOff(context, { line, amount: parseDecimal(amount, 'amount') })
  }
  if (pauseLine !== undefined) ports.pauseLine(context, { ...pauseLine, isLonger: false })
}

/** Finds out whether it could be done now, and leaves everything as it is. Throws a `ProtocolError`. */
export function rehearse(ports: GovernancePorts, context: Context, contents: readonly Content[]): void {
  const curtain = new Curtain()
  try {
    context.nested(() => {
      execute(ports, context, contents, true)
      throw curtain
    })
  } catch (error) {
    if (error !== curtain) throw error
  }
}

/** Ends a rehearsal: its overlay is dropped with whatever is thrown. */
class Curtain extends Error {}

function hasOneAction(content: Content): boolean {
  return Object.values(content).filter((action) => action !== undefined).length === 1
}

function validateCall({ target, data }: CallContract): void {
  if (target.length !== TARGET_BYTES) throw errors.badTarget({ bytes: target.length })
  if (data.length > DATA_BYTES_MAX) throw errors.badData({ max: DATA_BYTES_MAX })
}

function marketsOf({ markets }: GovernancePorts): NonNullable<GovernancePorts['markets']> {
  if (markets === undefined) throw errors.unknownModule({ module: 'markets' })
  return markets
}

function change(ports: GovernancePorts, context: Context, { module, name, value }: ChangeParameter): void {
  const parameters = ports.parametersOf(module)
  if (parameters === undefined) throw errors.unknownModule({ module: module.slice(0, 64) })
  parameters.change(context, name, parseDecimal(value, 'value'))
}
