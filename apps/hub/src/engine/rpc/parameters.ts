import { InvalidParams } from './json-rpc.ts'

/** Parameters of a call, read by the type that the method wants. Absent ones are `undefined`. */
export interface Parameters {
  integer(name: string): bigint | undefined
  flag(name: string): boolean
  text(name: string): string
  /** Base64 in JSON. */
  bytes(name: string): Uint8Array
  /** Hex in JSON. */
  hexBytes(name: string): Uint8Array
  json(name: string): unknown
}

/** Parameters of a JSON-RPC request: by name, or by position in `names`. Throws `InvalidParams`. */
export function jsonParameters(params: unknown, names: readonly string[]): Parameters {
  const value = byName(params, names)
  return {
    integer: (name) => jsonInteger(name, value(name)),
    flag: (name) => jsonFlag(name, value(name)),
    text: (name) => jsonText(name, value(name)) ?? '',
    bytes: (name) => fromBase64Text(name, jsonText(name, value(name)) ?? ''),
    hexBytes: (name) => fromHexText(name, jsonText(name, value(name)) ?? ''),
    json: value,
  }
}

/**
 * Parameters of a URI: numbers as they are or in quotes, texts in double quotes, bytes as `0x…` or as the
 * characters between double quotes. Throws `InvalidParams`.
 */
export function uriParameters(query: URLSearchParams): Parameters {
  const value = (name: string): string | undefined => query.get(name) || undefined
  const bytes = (name: string): Uint8Array => {
    const text = value(name)
    if (text === undefined) return new Uint8Array(0)
    if (/^0x/i.test(text)) return fromHexText(name, text.slice(2))
    return new Uint8Array(Buffer.from(quoted(name, text), 'utf8'))
  }
  return {
    integer: (name) => {
      const text = value(name)
      if (text === undefined) return undefined
      return jsonInteger(name, /^-?\d+$/.test(text) ? text : parse(name, text))
    },
    flag: (name) => jsonFlag(name, value(name) === undefined ? undefined : parse(name, value(name)!)),
    text: (name) => {
      const text = value(name)
      if (text === undefined) return ''
      if (/^0x/i.test(text)) return Buffer.from(fromHexText(name, text.slice(2))).toString('utf8')
      return quoted(name, text)
    },
    bytes,
    hexBytes: bytes,
    json: (name) => (value(name) === undefined ? undefined : parse(name, value(name)!)),
  }
}

function byName(params: unknown, names: readonly string[]): (name: string) => unknown {
  if (params === undefined || params === null) return () => undefined
  if (Array.isArray(params)) {
    const list = params as readonly unknown[]
    // Go passes an empty list for "no parameters"
    if (list.length !== names.length && list.length !== 0) {
      throw new InvalidParams(`expected ${names.length} parameters (${names.join(',')}), got ${list.length}`)
    }
    return (name) => list[names.indexOf(name)]
  }
  if (typeof params !== 'object') throw new InvalidParams('expected map or array')
  const given = params as Readonly<Record<string, unknown>>
  return (name) => (Object.hasOwn(given, name) ? given[name] : undefined)
}

function jsonInteger(name: string, value: unknown): bigint | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text))
    throw new InvalidParams(`${name} is no 64-bit integer`)
  const integer = BigInt(text)
  if (BigInt.asIntN(64, integer) !== integer) throw new InvalidParams(`${name} is no 64-bit integer`)
  return integer
}

function jsonFlag(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw new InvalidParams(`${name} is neither true nor false`)
  return value
}

function jsonText(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new InvalidParams(`${name} is no text`)
  return value
}

function fromBase64Text(name: string, text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  if (text.length % 4 !== 0 || bytes.length !== base64Length(text))
    throw new InvalidParams(`${name} is no base64`)
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Node skips characters that don't belong to base64: then the length is less than this. */
function base64Length(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return (text.length / 4) * 3 - padding
}

function fromHexText(name: string, text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw new InvalidParams(`${name} is no hex`)
  return new Uint8Array(Buffer.from(text, 'hex'))
}

function quoted(name: string, text: string): string {
  const value = parse(name, text)
  if (typeof value !== 'string') throw new InvalidParams(`${name} is no text in double quotes`)
  return value
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new InvalidParams(`${name} can't be read, texts stand in double quotes`)
  }
}
