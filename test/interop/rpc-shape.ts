type Json = Record<string, unknown>

/** Where the second value is not of the first one's shape. */
export function differences(path: string, real: unknown, own: unknown): string[] {
  const [wanted, got] = [kindOf(real), kindOf(own)]
  if (wanted !== got) {
    const isEmptyText = (real === '' && got.startsWith('text')) || (own === '' && wanted.startsWith('text'))
    return isEmptyText
      ? []
      : [`${path}: ${wanted} (${JSON.stringify(real)}) but ours ${got} (${JSON.stringify(own)})`]
  }
  if (Array.isArray(real)) {
    const theirItems = real as unknown[]
    const ourItems = own as unknown[]
    if (theirItems.length === 0 || ourItems.length === 0) return []
    return theirItems.flatMap((item, i) =>
      differences(`${path}[${i}]`, item, ourItems[Math.min(i, ourItems.length - 1)]),
    )
  }
  if (wanted !== 'object') return []
  const [theirKeys, ourKeys] = [Object.keys(real as Json), Object.keys(own as Json)]
  const missing = theirKeys.filter((key) => !ourKeys.includes(key)).map((key) => `${path}.${key}: missing`)
  const extra = ourKeys
    .filter((key) => !theirKeys.includes(key))
    .map((key) => `${path}.${key}: not CometBFT's`)
  const nested = theirKeys
    .filter((key) => ourKeys.includes(key))
    .flatMap((key) => differences(`${path}.${key}`, (real as Json)[key], (own as Json)[key]))
  return [...missing, ...extra, ...nested]
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value !== 'string') return typeof value
  if (/^([0-9A-F]{2}){8,}$/.test(value)) return 'text: hex'
  if (/^-?\d+$/.test(value)) return 'text: integer'
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return 'text: time'
  return 'text'
}

/** Of responses, what has to be equal. */
export function summary(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(summary)
  const { id, error, result } = (json ?? {}) as {
    id?: unknown
    error?: { code: number; message: string }
    result?: unknown
  }
  return { id, code: error?.code, message: error?.message, hasResult: result !== undefined }
}

/** Posts a body, gives status and parsed answer. */
export async function post(url: string, body: string): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, { method: 'POST', body })
  const text = await response.text()
  return { status: response.status, json: text === '' ? undefined : (JSON.parse(text) as unknown) }
}

/** Gets a path, gives status and parsed answer. */
export async function get(url: string, path: string): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${url}/${path}`)
  return { status: response.status, json: (await response.json()) as unknown }
}

/** Calls a method. */
export async function call(
  url: string,
  method: string,
  params: Json = {},
): Promise<{ result?: unknown; error?: unknown }> {
  return (await post(url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).json as never
}

/** Latest height of a status. */
export function heightIn(status: unknown): number {
  return Number((status as { sync_info: { latest_block_height: string } }).sync_info.latest_block_height)
}
