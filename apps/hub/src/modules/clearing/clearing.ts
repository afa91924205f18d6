// Port `clearing`: trades matched elsewhere, standby lines, and what this chain itself tells contracts
// elsewhere. Design: the settlement application.
import {
  CLEARING_KINDS,
  CLEARING_PORT,
  SUCCESS_ACKNOWLEDGEMENT,
  clearingPayload,
  decodeTrades,
  encodeGovernanceCall,
  encodeMarginCall,
  encodeTradeAnswers,
  isErrorAcknowledgement,
  readClearingPayload,
  readPulled,
} from '@causeway/messaging'
import type { Delivery, PacketApplication, ReceiveResult } from '@causeway/messaging'
import { assert } from '@causeway/primitives'
import type { OutgoingMessage } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { Context, ReadContext } from '../../block/context.ts'
import { messagingContext } from '../../block/messaging-context.ts'
import type { ChainMessagingContext } from '../../block/messaging-context.ts'
import { errors } from './errors.ts'
import { emitOutgoing, emitTrades } from './events.ts'
import type { ClearingMessages, ClearingPorts, EndedCall, PendingPacket } from './ports.ts'
import { answerStandbyCall, callStandbyLine, lockStandbyLine } from './standby.ts'
import { CLEARING_STORE, deleteOutgoing, readOutgoing, writeOutgoing } from './state.ts'

/** Clearing of one chain. */
export interface Clearing extends ClearingMessages {
  readonly application: PacketApplication<ChainMessagingContext>
  /** Whether a packet that is under way is this application's. */
  isUnderWay(context: ReadContext, packet: PendingPacket): boolean
}

/** Who signs what this chain sends by itself: no account is called like this. */
const SELF = 'causeway'
/** A call waits for a relayer as long as a packet may. */
const GOVERNANCE_TIMEOUT_SECONDS = 86_400n
/** Less than the delay after which a standby line is unlocked (24 h), as the design has it. */
export const MARGIN_CALL_TIMEOUT_SECONDS = 7_200n
const DATA_BYTES_MAX = 16_384

/** Makes the application and what this chain sends by it. */
export function createClearing(ports: ClearingPorts): Clearing {
  const send = (context: Context, outgoing: Outgoing): bigint => {
    const { client: sourceClient, kind, body, target, timeoutSeconds } = outgoing
    const sequence = ports.sendPacket(messagingContext(context), {
      sourceClient,
      timeoutTimestamp: context.timeSeconds + timeoutSeconds,
      payloads: [clearingPayload({ kind, body })],
      signer: SELF,
    })
    record(context, { client: sourceClient, sequence, kind, target, status: 'sent' })
    return sequence
  }
  return {
    application: {
      onSendPacket: requireOwn,
      onReceivePacket: ({ chain }, delivery) => receive(chain, ports, delivery),
      onAcknowledgementPacket({ chain }, delivery, acknowledgement) {
        const isRefused = isErrorAcknowledgement([acknowledgement])
        answer(chain, ports, delivery, { status: isRefused ? 'refused' : 'succeeded', acknowledgement })
      },
      onTimeoutPacket: ({ chain }, delivery) => answer(chain, ports, delivery, { status: 'timed out' }),
    },
    isUnderWay: (context, { client, sequence }) =>
      readOutgoing(context.store(CLEARING_STORE), client, sequence)?.status === 'sent',
    sendGovernanceCall(context, client, target, data) {
      assert(target.length === 32, 'a contract is named by 32 bytes')
      if (data.length > DATA_BYTES_MAX) throw errors.dataTooLong({ max: DATA_BYTES_MAX })
      const body = encodeGovernanceCall({ target, data })
      const timeoutSeconds = GOVERNANCE_TIMEOUT_SECONDS
      send(context, { client, kind: CLEARING_KINDS.governance, target, body, timeoutSeconds })
    },
    sendMarginCall(context, client, line, amount) {
      assert(line.length === 32, 'a standby line is named by 32 bytes')
      callStandbyLine(context, ports, { client, line, amount })
      const body = encodeMarginCall({ line, amount })
      const timeoutSeconds = MARGIN_CALL_TIMEOUT_SECONDS
      return send(context, { client, kind: CLEARING_KINDS.marginCall, target: line, body, timeoutSeconds })
    },
  }
}

interface Outgoing {
  readonly client: string
  readonly kind: number
  readonly target: Uint8Array
  readonly body: Uint8Array
  readonly timeoutSeconds: bigint
}

/** Whoever could send by this port could speak for governance. */
function requireOwn(_context: unknown, { payload }: Delivery, signer: string): void {
  if (signer !== SELF) throw errors.notOurs()
  assert(payload.destinationPort === CLEARING_PORT, 'this chain sends to the same port')
}

function receive(context: Context, ports: ClearingPorts, delivery: Delivery): ReceiveResult {
  const { kind, body } = readClearingPayload(delivery.payload)
  switch (kind) {
    case CLEARING_KINDS.trades: {
      const trades = decodeTrades(body)
      const { destinationClient: client, sequence } = delivery
      const codes = ports.clear(context, client, trades)
      const accepted = codes.filter((code) => code === '').length
      emitTrades(context, { client, sequence, count: trades.length, accepted })
      const answers = trades.map(({ tradeId }, i) => ({ tradeId, code: codes[i]! }))
      return { status: 'success', acknowledgement: encodeTradeAnswers(answers) }
    }
    case CLEARING_KINDS.standbyLocked:
      lockStandbyLine(context, ports, delivery, body)
      return { status: 'success', acknowledgement: SUCCESS_ACKNOWLEDGEMENT }
    default:
      throw errors.kindNotTaken({ kind })
  }
}

/** What became of a governance call stays in the state; a margin call has told its standby line. */
function answer(
  context: Context,
  ports: ClearingPorts,
  { sourceClient: client, sequence }: Delivery,
  outcome: { status: EndedCall['status']; acknowledgement?: Uint8Array },
): void {
  const store = context.store(CLEARING_STORE)
  const sent = readOutgoing(store, client, sequence)
  assert(sent?.status === 'sent', `${client}/${sequence} is under way`)
  const isCall = sent.kind === CLEARING_KINDS.marginCall
  const { status, acknowledgement } = outcome
  const pulled = isCall && status === 'succeeded' ? readPulled(acknowledgement!) : undefined
  if (isCall) answerStandbyCall(context, ports, { client, line: sent.target, pulled, status })
  record(context, { ...sent, status })
  if (isCall) deleteOutgoing(store, sent)
}

function record(context: Context, message: OutgoingMessage): void {
  writeOutgoing(context.store(CLEARING_STORE), message)
  emitOutgoing(context, message)
}
