import { errors } from '../errors.ts'
import type { Json } from '../json/scalars.ts'
import type { NodeView } from '../node/node-view.ts'
import type { Parameters } from './parameters.ts'
import type { FullRpcOptions } from './rpc-options.ts'

/** What a method works on. */
export interface MethodContext {
  readonly node: NodeView
  readonly options: FullRpcOptions
  /** Address at which this server listens. */
  readonly listenAddress: string
}

/** A method of the RPC: the names of its parameters in order, and what it does. */
export interface Method {
  readonly parameters: readonly string[]
  /** Whether what comes after it in a batch may begin before it is answered: the mempool keeps the order. */
  readonly isQueued?: true
  readonly run: (parameters: Parameters, context: MethodContext) => Json | Promise<Json>
}

const PER_PAGE_DEFAULT = 30
const PER_PAGE_MAX = 100

/** The height that a caller asks for, or the latest. Throws `engine/85`–`/87`. */
export function heightParameter(parameters: Parameters, latest: bigint, base: bigint): bigint {
  const height = parameters.integer('height')
  if (height === undefined) return latest
  if (height <= 0n) throw errors.heightNotPositive({ height })
  if (height > latest) throw errors.heightTooHigh({ height, latest })
  if (height < base) throw errors.heightTooLow({ height, base })
  return height
}

/** The height of a stored block that a caller asks for, or the last. Throws `engine/85`–`/87`. */
export function blockHeight(parameters: Parameters, { node }: MethodContext): bigint {
  return heightParameter(parameters, node.state().lastHeight, node.store.base)
}

/** How many items a page has. */
export function perPage(parameters: Parameters, name = 'per_page'): number {
  const asked = parameters.integer(name)
  if (asked === undefined || asked < 1n) return PER_PAGE_DEFAULT
  return asked > BigInt(PER_PAGE_MAX) ? PER_PAGE_MAX : Number(asked)
}

/** The asked page of a list. Throws `engine/88`. */
export function pageOf<Item>(parameters: Parameters, items: readonly Item[]): readonly Item[] {
  const size = perPage(parameters)
  const pages = Math.max(1, Math.ceil(items.length / size))
  const page = Number(parameters.integer('page') ?? 1n)
  if (page < 1 || page > pages) throw errors.pageOutOfRange({ pages, page })
  return items.slice((page - 1) * size, page * size)
}

/** Whether results are asked for in descending order. Throws `engine/84`. */
export function isDescending(parameters: Parameters, byDefault: boolean): boolean {
  const order = parameters.text('order_by')
  if (order === '') return byDefault
  if (order === 'asc' || order === 'desc') return order === 'desc'
  throw errors.badParameter({ name: 'order_by', reason: 'expected either `asc` or `desc` or empty' })
}
