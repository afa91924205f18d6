import type { Json } from '../json/scalars.ts'
import { errorText, failureText, readRequest, rpcErrors, successText } from './json-rpc.ts'
import type { RpcRequest } from './json-rpc.ts'
import { abciMethods } from './methods-abci.ts'
import { blockMethods } from './methods-blocks.ts'
import { nodeMethods } from './methods-node.ts'
import { txMethods } from './methods-txs.ts'
import type { Method, MethodContext } from './method.ts'
import { jsonParameters } from './parameters.ts'

/** Every method that HTTP and WebSocket share, by name. */
export const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({ ...nodeMethods, ...blockMethods, ...txMethods, ...abciMethods }),
)

/** An answer to a body: text to send, `undefined` when nobody wants one. */
export interface BodyAnswer {
  readonly status: number
  readonly text: string | undefined
}

/** Answers a JSON-RPC body, one request or a batch, in order. */
export async function answerBody(body: string, context: MethodContext): Promise<BodyAnswer> {
  let json: unknown
  try {
    json = JSON.parse(body) as unknown
  } catch {
    return { status: 500, text: errorText(undefined, rpcErrors.parse, 'error unmarshaling request') }
  }
  if (!Array.isArray(json)) return answerSingle(json, context)
  const { batchSizeMax } = context.options
  if (batchSizeMax > 0 && json.length > batchSizeMax) {
    const data = `batch request exceeds maximum (${batchSizeMax}) allowed number of requests`
    return { status: 200, text: errorText(undefined, rpcErrors.request, data) }
  }
  const texts = await answerInOrder(json, context)
  if (texts.length === 0) return { status: 200, text: undefined }
  return { status: 200, text: texts.length === 1 ? texts[0]! : `[${texts.join(',')}]` }
}

/** One after the other, but transactions side by side. */
async function answerInOrder(requests: readonly unknown[], context: MethodContext): Promise<string[]> {
  const answers: Promise<BodyAnswer>[] = []
  for (const request of requests) {
    const isQueued = methods.get((request as Partial<RpcRequest> | null)?.method ?? '')?.isQueued === true
    if (!isQueued) await Promise.all(answers)
    const answer = answerSingle(request, context)
    answers.push(answer)
    if (!isQueued) await answer
  }
  return (await Promise.all(answers)).flatMap(({ text }) => text ?? [])
}

/** Answers one request. */
export async function answerSingle(json: unknown, context: MethodContext): Promise<BodyAnswer> {
  const request = readRequest(json)
  if (request === 'notification') return { status: 200, text: undefined }
  if ('fault' in request) {
    return {
      status: 500,
      text: errorText(undefined, rpcErrors.parse, `error unmarshaling request: ${request.fault}`),
    }
  }
  const method = methods.get(request.method)
  if (!method) return { status: 200, text: errorText(request.id, rpcErrors.method) }
  try {
    const parameters = jsonParameters(request.params, method.parameters)
    const result: Json | Promise<Json> = method.run(parameters, context)
    const text = JSON.stringify(result instanceof Promise ? await result : result)
    return { status: 200, text: successText(request.id, text) }
  } catch (error) {
    return { status: 200, text: failureText(request.id, error) }
  }
}
