import { invalidCursor, pageTooLarge } from './query-errors.ts'

/** A page that was asked for: the rows after a cursor. */
export type PageRequest = {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

/** Rows of one page, each with its own cursor. */
export type Page<Row> = {
  readonly edges: { readonly cursor: string; readonly node: Row }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

/** Rows of a page when nothing is said, and at most. */
export const PAGE_SIZE = { usual: 20, most: 100 } as const

const CURSOR_LENGTH_MAX = 1024

/** How many rows to read: one more than asked for tells whether there is a next page. Throws `PAGE_SIZE`. */
export function rowLimit({ first }: PageRequest): number {
  const size = first ?? PAGE_SIZE.usual
  if (size < 1 || size > PAGE_SIZE.most) throw pageTooLarge(PAGE_SIZE.most)
  return size + 1
}

/** Makes a page of the rows that were read with `rowLimit`. */
export function toPage<Row>(
  request: PageRequest,
  rows: readonly Row[],
  cursorOf: (row: Row) => readonly string[],
): Page<Row> {
  const size = rowLimit(request) - 1
  const edges = rows.slice(0, size).map((node) => ({ cursor: encodeCursor(cursorOf(node)), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: request.after !== null && request.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

/** The ordering values in a cursor; undefined without one. Throws `INVALID_CURSOR`. */
export function readCursor({ after }: PageRequest, length: number): string[] | undefined {
  if (after === null || after === undefined) return undefined
  if (after.length > CURSOR_LENGTH_MAX) throw invalidCursor()
  try {
    const values: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'))
    if (Array.isArray(values) && values.length === length && values.every(isPlain)) return values
  } catch {
    // Not one of our cursors.
  }
  throw invalidCursor()
}

/** A cursor value that is an integer of the database's `numeric`. Throws `INVALID_CURSOR`. */
export function requireInteger(value: string | undefined): string {
  if (value === undefined || !/^-?\d{1,30}$/.test(value)) throw invalidCursor()
  return value
}

function encodeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

function isPlain(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\u0000')
}
