import { networkFault } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** One request to a source. */
export interface HttpRequest {
  readonly url: string
  /** Makes it a POST of JSON. */
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly bytesMax: number
  /** Ends it early. */
  readonly signal?: AbortSignal
}

/**
 * The answer's text; redirects are not followed. Throws `feeder/13` when nothing comes in time,
 * `feeder/14` when too much comes and `feeder/17` for another status than 200; their text names the host
 * only, since an address may carry a key.
 */
export async function requestText(request: HttpRequest): Promise<string> {
  const { url, body, headers, timeoutMs, bytesMax, signal } = request
  const { host } = new URL(url)
  const deadline = AbortSignal.timeout(timeoutMs)
  let response: Response
  let chunks: Uint8Array[] | undefined
  try {
    response = await fetch(url, {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      redirect: 'error',
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    })
    chunks = await readBounded(response, bytesMax)
  } catch (error) {
    throw errors.unreachable({ host, reason: deadline.aborted ? 'no answer in time' : networkFault(error) })
  }
  if (chunks === undefined) throw errors.oversize({ host, max: bytesMax })
  if (response.status !== 200) throw errors.badStatus({ host, status: response.status })
  return Buffer.concat(chunks).toString('utf8')
}

async function readBounded(response: Response, bytesMax: number): Promise<Uint8Array[] | undefined> {
  const chunks: Uint8Array[] = []
  const reader = response.body?.getReader()
  if (reader === undefined) return chunks
  for (let size = 0; ;) {
    const { done, value } = await reader.read()
    if (done) return chunks
    size += value.length
    if (size > bytesMax) {
      await reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
}
