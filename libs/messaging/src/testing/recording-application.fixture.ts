import { defineErrors, fromUtf8, utf8 } from '@causeway/primitives'
import type { Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { ERROR_ACKNOWLEDGEMENT } from '../commitments/acknowledgement-commitment.ts'
import type { Delivery, PacketApplication, ReceiveResult } from '../packet/packet-ports.ts'
import type { TestContext } from './test-chain.fixture.ts'

type Callback = 'send' | 'receive' | 'acknowledge' | 'timeout'

export const echoErrors = defineErrors('echo', { refused: [1, () => 'refused'] })

export function testPayload(over: Partial<Payload> = {}): Payload {
  return {
    sourcePort: 'echo',
    destinationPort: 'echo',
    version: 'echo-1',
    encoding: 'text/plain',
    value: utf8('hello'),
    ...over,
  }
}

/**
 * * An application that logs its callbacks, writes the payload to the store `bank` when it receives one, and
 * answers with its bytes. Tests make it refuse, throw or re-enter.
 */
export function recordingApplication() {
  const log: string[] = []
  const hooks = new Map<Callback, (context: TestContext, delivery: Delivery) => void>()
  const run = (callback: Callback, context: TestContext, delivery: Delivery, detail: string) => {
    log.push(`${callback} ${delivery.sequence}/${delivery.payloadIndex} ${detail}`)
    hooks.get(callback)?.(context, delivery)
  }
  let answer: (delivery: Delivery) => ReceiveResult = ({ payload }) => ({
    status: 'success',
    acknowledgement: payload.value,
  })
  const application: PacketApplication<TestContext> = {
    onSendPacket: (context, delivery, signer) => run('send', context, delivery, `by ${signer}`),
    onReceivePacket(context, delivery, relayer) {
      context
        .store('bank')
        .set(utf8(`echo/${delivery.sequence}/${delivery.payloadIndex}`), delivery.payload.value)
      context.emit({ type: 'echo', attributes: [{ key: 'value', value: fromUtf8(delivery.payload.value) }] })
      run('receive', context, delivery, `by ${relayer}`)
      return answer(delivery)
    },
    onAcknowledgementPacket(context, delivery, acknowledgement, relayer) {
      const text = acknowledgement === ERROR_ACKNOWLEDGEMENT ? 'ERROR' : fromUtf8(acknowledgement)
      run('acknowledge', context, delivery, `'${text}' by ${relayer}`)
    },
    onTimeoutPacket: (context, delivery, relayer) => run('timeout', context, delivery, `by ${relayer}`),
    describeRefusal: (_delivery, error) => [
      { type: 'echo', attributes: [{ key: 'error', value: `${error.codespace}/${error.code}` }] },
    ],
  }
  return {
    application,
    log,
    /** Does something inside a callback, every time. */
    during: (callback: Callback, hook: (context: TestContext, delivery: Delivery) => void) =>
      void hooks.set(callback, hook),
    /** Does something inside a callback, the next time only. */
    onceDuring: (callback: Callback, hook: (context: TestContext, delivery: Delivery) => void) =>
      void hooks.set(callback, (context, delivery) => {
        hooks.delete(callback)
        hook(context, delivery)
      }),
    refuseNext: (callback: Callback) =>
      void hooks.set(callback, () => {
        hooks.delete(callback)
        throw echoErrors.refused()
      }),
    answerWith: (next: (delivery: Delivery) => ReceiveResult) => void (answer = next),
  }
}
