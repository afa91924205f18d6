// What a simulation has done and met: how often each kind of action went well, with which codes it was
// refused, and what blocks told.
import type { Event, ExecTxResult } from '@causeway/protocol/tendermint/abci/types'

/** What a coverage has counted. */
export interface CoverageSnapshot {
  readonly kinds: readonly (readonly [kind: string, codes: readonly (readonly [string, number])[]])[]
  readonly events: readonly (readonly [event: string, count: number])[]
}

/** `0` went well; else `codespace/code`, or why it never came into a block. */
export class Coverage {
  readonly #kinds = new Map<string, Map<string, number>>()
  readonly #events = new Map<string, number>()

  /** One action of a kind had this end. */
  note(kind: string, code: string): void {
    let codes = this.#kinds.get(kind)
    if (codes === undefined) this.#kinds.set(kind, (codes = new Map<string, number>()))
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }

  /** Counts events by type, and by what tells their kinds apart. */
  events(events: readonly Event[]): void {
    for (const { type, attributes } of events) {
      const detail = attributes.find(({ key }) => DETAILS.get(type) === key)?.value
      const name = detail === undefined ? type : `${type} ${detail}`
      this.#events.set(name, (this.#events.get(name) ?? 0) + 1)
    }
  }

  /** How often an event was told, by `type` or `type detail`. */
  told(event: string): number {
    return this.#events.get(event) ?? 0
  }

  /** How often actions of a kind went well. */
  succeeded(kind: string): number {
    return this.#kinds.get(kind)?.get('0') ?? 0
  }

  /** How often they didn't. */
  refused(kind: string): number {
    const counts = [...(this.#kinds.get(kind) ?? [])]
    return counts.reduce((sum, [code, count]) => sum + (code === '0' ? 0 : count), 0)
  }

  /** Every code that was met. */
  get codes(): ReadonlySet<string> {
    return new Set([...this.#kinds.values()].flatMap((codes) => [...codes.keys()]))
  }

  /** Every kind of action that was tried. */
  get kinds(): readonly string[] {
    return [...this.#kinds.keys()].sort()
  }

  /** All counts, in plain values. */
  snapshot(): CoverageSnapshot {
    const kinds = [...this.#kinds].map(([kind, codes]) => [kind, [...codes]] as const)
    return { kinds, events: [...this.#events] }
  }

  /** Goes on counting from there. */
  restore({ kinds, events }: CoverageSnapshot): void {
    for (const [kind, codes] of kinds) this.#kinds.set(kind, new Map(codes))
    for (const [event, count] of events) this.#events.set(event, count)
  }

  /** A table, a line a kind. */
  report(): string {
    const lines = this.kinds.map((kind) => {
      const codes = [...this.#kinds.get(kind)!].sort(([, a], [, b]) => b - a)
      return `${kind}: ${codes.map(([code, count]) => `${code} × ${count}`).join(', ')}`
    })
    const events = [...this.#events].sort(([a], [b]) => (a < b ? -1 : 1))
    return [...lines, ...events.map(([event, count]) => `event ${event}: ${count}`)].join('\n')
  }
}

const DETAILS: ReadonlyMap<string, string> = new Map([
  ['causeway.markets.v1.closed', 'reason'],
  ['causeway.markets.v1.fill', 'role'],
  ['causeway.markets.v1.settlement_price', 'rule'],
  ['causeway.cash.v1.withdrawal', 'status'],
  ['causeway.governance.v1.proposal', 'status'],
  ['causeway.clearing.v1.trades', 'accepted'],
  ['causeway.transfer.v1.refund', 'reason'],
  ['causeway.accounts.v1.session', 'change'],
  ['causeway.markets.v1.market', 'status'],
  ['causeway.risk.v1.margin_level', 'level'],
])

/** `codespace/code`, `0` when it went well. */
export function codeOfResult({ code, codespace }: Pick<ExecTxResult, 'code' | 'codespace'>): string {
  return code === 0 ? '0' : `${codespace}/${code}`
}
