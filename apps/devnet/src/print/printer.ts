import { formatElapsed } from './format.ts'

/** One thing that happened, and where. */
export interface Step {
  /** A chain id, or the part of the devnet. */
  readonly who: string
  readonly what: string
  /** Short facts, on one line: block, proof height. */
  readonly facts?: Readonly<Record<string, string>>
  /** Long ones, a line each: transaction ids, addresses. */
  readonly details?: Readonly<Record<string, string>>
}

/** Where the devnet says what it does. */
export interface Printer {
  title(text: string): void
  /** A heading over the steps that follow. */
  heading(text: string): void
  step(step: Step): void
  /** One plain line. */
  note(text: string): void
  /** Names and addresses, aligned. */
  table(rows: readonly (readonly [string, string])[]): void
  /** What a program reads: one line of JSON. */
  result(value: unknown): void
}

/** What a printer is made of. */
export interface PrinterOptions {
  /** Writes one line. */
  readonly write: (line: string) => void
  /** Milliseconds since the start. */
  readonly elapsedMs: () => number
  /** Dims details and marks headings, for a terminal that shows it. */
  readonly isColoured?: boolean
}

const TIME_WIDTH = 7
const WHO_WIDTH = 12
const INDENT = ' '.repeat(TIME_WIDTH + 2 + WHO_WIDTH + 2)

/** Prints for people: one aligned line a step, what belongs to it below. */
export function textPrinter({ write, elapsedMs, isColoured = false }: PrinterOptions): Printer {
  const style = (code: number, text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text)
  const dim = (text: string) => style(2, text)
  const bold = (text: string) => style(1, text)
  return {
    title: (text) => write(bold(text)),
    heading(text) {
      write('')
      write(bold(text))
    },
    step({ who, what, facts = {}, details = {} }) {
      const time = formatElapsed(elapsedMs()).padStart(TIME_WIDTH)
      write(`${dim(time)}  ${shortName(who).padEnd(WHO_WIDTH)}  ${what}`)
      const short = Object.entries(facts).map(([name, value]) => `${name} ${value}`)
      if (short.length > 0) write(INDENT + dim(short.join(' · ')))
      for (const [name, value] of Object.entries(details)) write(INDENT + dim(`${name} ${value}`))
    },
    note: (text) => write(text),
    table(rows) {
      const width = Math.max(...rows.map(([name]) => name.length))
      for (const [name, value] of rows) write(`  ${name.padEnd(width)}  ${value}`)
    },
    result: (value) => write(JSON.stringify(value)),
  }
}

/** The chain id of a cluster of Solana is as long as a hash. */
function shortName(who: string): string {
  return who.length > WHO_WIDTH ? `${who.slice(0, WHO_WIDTH - 1)}…` : who
}

/** Prints for programs: one JSON object a line. */
export function jsonPrinter({ write, elapsedMs }: PrinterOptions): Printer {
  const line = (kind: string, value: object) =>
    write(JSON.stringify({ kind, elapsedMs: Math.round(elapsedMs()), ...value }))
  return {
    title: (text) => line('title', { text }),
    heading: (text) => line('heading', { text }),
    step: (step) => line('step', step),
    note: (text) => line('note', { text }),
    table: (rows) => line('addresses', Object.fromEntries(rows)),
    result: (value) => write(JSON.stringify(value)),
  }
}
