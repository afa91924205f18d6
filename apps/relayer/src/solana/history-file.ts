import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

import { fileFault, fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import type { Logger } from 'pino'
import { z } from 'zod'

import type { PacketEntry } from './packet-history.ts'

const TYPES = [
  ...(['send_packet', 'write_acknowledgement', 'acknowledge_packet', 'timeout_packet'] as const),
  'reopen_packet',
] as const
const whole = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt)
const row = z
  .tuple([z.enum(TYPES), whole, z.string().regex(/^[0-9a-f]{64}$/), whole, z.string().min(1)])
  .transform(([type, sequence, commitment, slot, signature]): PacketEntry => ({
    ...{ type, sequence, commitment: fromHex(commitment), slot, signature },
  }))
const rows = z.array(row)

/**
 * Final packet events in a file that only grows: a line for each time that something was added, behind the
 * hash of all before it. What follows a torn or altered line is not read; whether the rest is right, and
 * whole, is for the root account to say. A file that can't be read or written costs a longer start and
 * nothing else.
 */
export class HistoryFile {
  readonly #path: string
  readonly #identity: string
  readonly #log: Logger | undefined
  #sum: string

  /** `identity`: the chain, the program and the client; another one's file is not read. */
  constructor(path: string, identity: string, log?: Logger) {
    this.#path = path
    this.#identity = identity
    this.#log = log
    this.#sum = identity
  }

  /** What is kept, in order. */
  load(): PacketEntry[] {
    this.#sum = this.#identity
    const entries: PacketEntry[] = []
    const lines = this.#read().split('\n')
    const torn = lines.findIndex((line) => {
      const part = this.#open(line)
      if (part !== undefined) entries.push(...part)
      return part === undefined
    })
    // A whole file ends in a line of nothing
    if (torn === lines.length - 1 && lines[torn] === '') return entries
    this.#log?.warn({ file: this.#path, kept: entries.length }, 'a history file is torn: it is written anew')
    this.drop()
    if (entries.length > 0) this.append(entries)
    return entries
  }

  /** Adds what follows what is kept. */
  append(entries: readonly PacketEntry[]): void {
    const text = JSON.stringify(
      entries.map(({ type, sequence, commitment, slot, signature }) => [
        ...[type, `${sequence}`, toHex(commitment), `${slot}`, signature],
      ]),
    )
    const sum = nextSum(this.#sum, text)
    try {
      mkdirSync(dirname(this.#path), { recursive: true })
      appendFileSync(this.#path, `${sum} ${text}\n`)
      this.#sum = sum
    } catch (error) {
      this.#log?.warn({ file: this.#path, error: fileFault(error) }, 'history not kept')
    }
  }

  /** Forgets everything. */
  drop(): void {
    this.#sum = this.#identity
    try {
      rmSync(this.#path, { force: true })
    } catch (error) {
      this.#log?.warn({ file: this.#path, error: fileFault(error) }, 'history not dropped')
    }
  }

  #read(): string {
    try {
      return readFileSync(this.#path, 'utf8')
    } catch {
      return ''
    }
  }

  #open(line: string): PacketEntry[] | undefined {
    const [sum = '', text = ''] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]
    if (text === '' || sum !== nextSum(this.#sum, text)) return undefined
    try {
      const part = rows.parse(JSON.parse(text))
      this.#sum = sum
      return part
    } catch {
      return undefined
    }
  }
}

function nextSum(before: string, text: string): string {
  return toHex(sha256(utf8(`${before}\n${text}`))).slice(0, 32)
}
