import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { HistoryFile } from './history-file.ts'
import type { PacketEntry } from './packet-history.ts'

const entry = (sequence: bigint): PacketEntry => ({
  ...{ type: 'send_packet', sequence, slot: sequence * 10n, signature: `signature${sequence}` },
  commitment: new Uint8Array(32).fill(Number(sequence)),
})

let folder: string
let path: string
const open = (identity = 'chain core client-0') => new HistoryFile(path, identity)
const load = (identity?: string) => open(identity).load()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'))
  path = join(folder, 'relayer-data', 'history')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Three lines: one entry, two, one. */
function filled(): void {
  const file = open()
  expect(file.load()).toEqual([])
  file.append([entry(1n)])
  file.append([entry(2n), entry(3n)])
  open().load()
  file.append([entry(4n)])
}

describe('a history file', () => {
  it('has what was added, from one start to the next', () => {
    filled()
    expect(load()).toEqual([1n, 2n, 3n, 4n].map(entry))
    const file = open()
    file.load()
    file.append([entry(5n)])
    expect(load()).toHaveLength(5)
  })

  it('that is torn anywhere has what stands before, and grows on', () => {
    filled()
    const whole = readFileSync(path)
    // A line is whole without its end
    const ends = [...whole].flatMap((byte, index) => (byte === 10 ? index : []))
    const counts = [1, 3, 4]
    for (let length = 0; length <= whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length))
      const lines = ends.filter((end) => end <= length).length
      const count = lines === 0 ? 0 : counts[lines - 1]!
      const file = open()
      expect(file.load(), `${length} bytes`).toHaveLength(count)
      file.append([entry(9n)])
      expect(load()).toHaveLength(count + 1)
    }
  })

  it('is not read behind a byte that is otherwise', () => {
    filled()
    const whole = readFileSync(path)
    const first = whole.indexOf(10)
    for (let at = 0; at < whole.length; at += 1) {
      const altered = Buffer.from(whole)
      altered[at] = altered[at]! ^ 1
      writeFileSync(path, altered)
      const found = load()
      expect(found).toEqual([1n, 2n, 3n, 4n].map(entry).slice(0, found.length))
      expect(found.length, `byte ${at}`).toBeLessThan(4)
      if (at <= first) expect(found).toEqual([])
    }
  })

  it('of another chain, program or client is not read', () => {
    filled()
    expect(load('chain core client-1')).toEqual([])
  })

  it('holds nothing up where nothing can be written', () => {
    mkdirSync(path, { recursive: true })
    const file = open()
    expect(file.load()).toEqual([])
    file.append([entry(1n)])
    file.drop()
    expect(load()).toEqual([])
  })

  it('forgets', () => {
    filled()
    const file = open()
    file.load()
    file.drop()
    expect(existsSync(path)).toBe(false)
    appendFileSync(path, '')
    file.append([entry(7n)])
    expect(load()).toEqual([entry(7n)])
  })
})
