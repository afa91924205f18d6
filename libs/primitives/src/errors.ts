/** The evidence that an error carries: plain data, so that its text can be derived and compared. */
export type ErrorDetail = Readonly<Record<string, string | number | bigint | boolean | undefined>>

/**
 * What a user, a relayer or a peer chain can cause: data, not prose. `codespace` and `code` are a contract
 * (append-only); the message is derived from `detail` and is not.
 */
export class ProtocolError extends Error {
  readonly codespace: string
  readonly code: number
  readonly detail: ErrorDetail

  constructor(codespace: string, code: number, text: string, detail: ErrorDetail = {}) {
    super(text)
    this.name = 'ProtocolError'
    this.codespace = codespace
    this.code = code
    this.detail = detail
  }
}

/** What only a bug can cause. It is never a `ProtocolError`: whoever meets it stops. */
export class AssertionError extends Error {
  constructor(text: string) {
    super(text)
    this.name = 'AssertionError'
  }
}

/** One row of an error table: the number, and the text derived from the detail. */
export type ErrorRow<Detail extends ErrorDetail = never> = readonly [
  code: number,
  text: (detail: Detail) => string,
]

type ErrorFactories<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends readonly [number, (detail: infer Detail) => string]
    ? unknown extends Detail
      ? () => ProtocolError
      : (detail: Detail) => ProtocolError
    : never
}

/**
 * Makes the factories of one codespace. Numbers are positive, unique and never reused.
 *
 *     const errors = defineErrors('ledger', {
 *       insufficient: [1, (d: { need: bigint; have: bigint }) => `need ${d.need}, have ${d.have}`],
 *     })
 *     throw errors.insufficient({ need: 2n, have: 1n })
 */
export function defineErrors<
  const Table extends Record<string, readonly [number, (detail: never) => string]>,
>(codespace: string, table: Table): ErrorFactories<Table> {
  const seen = new Set<number>()
  const factories: Record<string, (detail?: ErrorDetail) => ProtocolError> = {}
  for (const [name, [code, text]] of Object.entries(table)) {
    assert(Number.isSafeInteger(code) && code > 0, `${codespace}/${name}: code must be a positive integer`)
    assert(!seen.has(code), `${codespace}/${name}: code ${code} is used twice`)
    seen.add(code)
    const derive = text as (detail: ErrorDetail) => string
    factories[name] = (detail = {}) => new ProtocolError(codespace, code, derive(detail), detail)
  }
  return factories as ErrorFactories<Table>
}

/** Whether `error` is data that a caller may answer with; anything else is a bug. */
export function isProtocolError(error: unknown): error is ProtocolError {
  return error instanceof ProtocolError
}

/** States what only a bug can break. Throws `AssertionError`. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}
