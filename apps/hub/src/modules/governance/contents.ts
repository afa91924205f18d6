// What a proposal does: judged alone when it is decoded, tried when it is made, done when its time has come.
import { equalBytes, parseDecimal } from '@causeway/primitives'
import type {
  CallContract,
  ChangeParameter,
  Content,
  ListLine,
} from '@causeway/protocol/causeway/governance/v1/governance'
import type { Context } from '../../block/context.ts'
import { errors } from './errors.ts'
import type { GovernancePorts } from './ports.ts'

const CONTENTS_MAX = 16
const TARGET_BYTES = 32
const DATA_BYTES_MAX = 16_384

/** Judges contents alone. Throws `governance/4`, `/31`, `/32`, `primitives/5`. */
export function validateContents(contents: readonly Content[]): void {
  const isWellFormed = contents.length >= 1 && contents.length <= CONTENTS_MAX && contents.every(hasOneAction)
  if (!isWellFormed) throw errors.badContents({ max: CONTENTS_MAX })
  for (const { changeParameter, callContract } of contents) {
    if (changeParameter !== undefined) parseDecimal(changeParameter.value, 'value')
    if (callContract !== undefined) validateCall(callContract)
  }
}

/** Does all of it, or throws a `ProtocolError`. */
export function execute(ports: GovernancePorts, context: Context, contents: readonly Content[]): void {
  for (const { changeParameter, listLine, callContract } of contents) {
    if (changeParameter !== undefined) change(ports, context, changeParameter)
    if (listLine !== undefined) list(ports, context, listLine)
    if (callContract !== undefined) {
      const { clientId, target, data } = callContract
      ports.sendGovernanceCall(context, clientId, target, data)
    }
  }
}

/** Finds out whether it could be done now, and leaves everything as it is. Throws a `ProtocolError`. */
export function rehearse(ports: GovernancePorts, context: Context, contents: readonly Content[]): void {
  const curtain = new Curtain()
  try {
    context.nested(() => {
      execute(ports, context, contents)
      throw curtain
    })
  } catch (error) {
    if (error !== curtain) throw error
  }
}

/** Ends a rehearsal: its overlay is dropped with whatever is thrown. */
class Curtain extends Error {}

function hasOneAction({ changeParameter, listLine, callContract }: Content): boolean {
  return [changeParameter, listLine, callContract].filter((action) => action !== undefined).length === 1
}

function validateCall({ target, data }: CallContract): void {
  if (target.length !== TARGET_BYTES) throw errors.badTarget({ bytes: target.length })
  if (data.length > DATA_BYTES_MAX) throw errors.badData({ max: DATA_BYTES_MAX })
}

function change(ports: GovernancePorts, context: Context, { module, name, value }: ChangeParameter): void {
  const parameters = ports.parametersOf(module)
  if (parameters === undefined) throw errors.unknownModule({ module: module.slice(0, 64) })
  parameters.change(context, name, parseDecimal(value, 'value'))
}

/** Whoever made a client chose its first header and its other end: it has to be what voters were told. */
function list(ports: GovernancePorts, context: Context, line: ListLine): void {
  const { clientId } = line
  const client = ports.openClient(context, clientId)
  const differs = (what: string) => errors.otherClient({ clientId: clientId.slice(0, 64), what })
  if (client === undefined) throw differs('its status')
  if (client.chainId !== line.chainId) throw differs('the chain that it follows')
  if (client.contract !== line.contract) throw differs('the contract that it follows')
  if (client.counterpartyClientId !== line.counterpartyClientId) throw differs('its counterparty')
  const [named, registered] = [line.counterpartyMerklePrefix, client.counterpartyMerklePrefix]
  const isSamePrefix =
    named.length === registered.length && named.every((part, i) => equalBytes(part, registered[i]!))
  if (!isSamePrefix) throw differs('its counterparty’s prefix')
  ports.listLine(context, line)
}
