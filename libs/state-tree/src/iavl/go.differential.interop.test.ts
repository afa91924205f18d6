import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sha256, toHex, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { openLmdbStorage } from '../storage/lmdb-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { randomScript, replay } from './operation-script.fixture.ts'
import type { Operation, ScriptShape } from './operation-script.fixture.ts'

const sources = fileURLToPath(new URL('../../../../test/go/iavl-differential/', import.meta.url))
const vectorsFile = fileURLToPath(new URL('./go-vectors.json', import.meta.url))
const shapes: readonly ScriptShape[] = [
  { versions: 60, operationsMax: 40, keyCount: 60 },
  { versions: 25, operationsMax: 8, keyCount: 12 },
  { versions: 30, operationsMax: 400, keyCount: 700 },
]
const HISTORIES = 30
const goldenScripts = [
  { seed: 1, shape: { versions: 30, operationsMax: 20, keyCount: 30 } },
  { seed: 2, shape: { versions: 15, operationsMax: 200, keyCount: 300 } },
  { seed: 3, shape: { versions: 40, operationsMax: 8, keyCount: 10 } },
]

const program = buildProgram()

describe.skipIf(program === undefined)('ours against cosmos/iavl', () => {
  it('gives equal roots, proofs and ranges over random histories in memory', () => {
    const first = Number(process.env['CAUSEWAY_SEED'] ?? Date.now() % 1_000_000)
    let operations = 0
    let answers = 0
    for (let seed = first; seed < first + HISTORIES; seed++) {
      const script = randomScript(seed, shapes[seed % shapes.length]!)
      const ours = replay(script, createMemoryStorage)
      expectEqual(ours, askGo(script), `CAUSEWAY_SEED=${seed}`)
      operations += script.length
      answers += ours.length
    }
    console.log(
      `${HISTORIES} histories from seed ${first}: ${operations} operations, ${answers} equal answers`,
    )
  })

  it('does so reloading from LMDB between versions', () => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-iavl-'))
    const opened: Storage[] = []
    const create = (): Storage => {
      const path = join(folder, String(opened.length))
      opened.push(openLmdbStorage(path, { durability: 'process-kill' }))
      return opened.at(-1)!
    }
    try {
      for (const [i, shape] of shapes.entries()) {
        const reloading = randomScript(1000 + i, shape).flatMap((operation): Operation[] =>
          operation[0] === 'save' ? [operation, ['reload']] : [operation],
        )
        expectEqual(replay(reloading, create), askGo(reloading), `seed ${1000 + i}`)
      }
    } finally {
      for (const storage of opened) storage.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('keeps vectors that are what Go says', () => {
    const scripts = goldenScripts.map(({ seed, shape }) => {
      return { seed, shape, answers: askGo(randomScript(seed, shape)).map(shorten) }
    })
    const sequence = askGo(fixedSequence()).map((answer) => {
      const [, version, root, size] = answer.split(' ')
      return { version: Number(version), root: root!, size: Number(size) }
    })
    const origin = 'github.com/cosmos/iavl v1.2.6 through test/go/iavl-differential'
    const text = `${JSON.stringify({ origin, sequence, scripts }, undefined, 1)}\n`
    if (process.env['CAUSEWAY_WRITE_VECTORS'] === '1') writeFileSync(vectorsFile, text)
    expect(JSON.parse(readFileSync(vectorsFile, 'utf8'))).toEqual(JSON.parse(text))
  })
})

function expectEqual(ours: readonly string[], theirs: readonly string[], what: string): void {
  const at = theirs.findIndex((answer, i) => answer !== ours[i])
  expect(at < 0 ? undefined : { what, at, ours: ours[at], theirs: theirs[at] }).toBeUndefined()
  expect(ours).toHaveLength(theirs.length)
}

/** What the vectors' `sequence` holds: see go-vectors.test.ts. */
function fixedSequence(): Operation[] {
  const hash = (text: string): string => toHex(sha256(utf8(text)))
  const script: Operation[] = [['open', 'sequence']]
  for (let version = 1; version <= 14; version++) {
    for (let j = 0; j < (version <= 10 ? 1000 : 500); j++) {
      const i = version <= 10 ? (version - 1) * 1000 + j : (version * 1009 + j * 7) % 10_000
      if (version <= 10) script.push(['set', hash(`key${i}`), hash(`value${i}`)])
      else if (j % 2 === 0) script.push(['set', hash(`key${i}`), hash(`value${version}:${i}`)])
      else script.push(['delete', hash(`key${i}`)])
    }
    script.push(['save'])
  }
  return script
}

function shorten(answer: string): string {
  const [word, hex] = answer.split(' ')
  return word === 'proof' ? `proof ${toHex(sha256(utf8(hex!)))}` : answer
}

function askGo(script: readonly Operation[]): string[] {
  const input = `${script.map((operation) => operation.join(' ')).join('\n')}\n`
  const { status, stdout, stderr } = spawnSync(program!, { input, maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(`the Go program failed: ${String(stderr)}`)
  return String(stdout).trimEnd().split('\n')
}

/**
 * Builds the Go program once for each content of its sources; undefined, with the reason printed, without Go.
 */
function buildProgram(): string | undefined {
  if (spawnSync('go', ['version']).status !== 0) {
    console.log('skipped: comparing with cosmos/iavl needs Go (https://go.dev/dl)')
    return undefined
  }
  const hash = createHash('sha256')
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)))
  const cache = process.env['CAUSEWAY_CACHE'] ?? join(homedir(), '.cache', 'causeway')
  const folder = join(cache, `iavl-differential-${hash.digest('hex').slice(0, 16)}`)
  const binary = join(folder, 'iavl-differential')
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  const unfinished = `${binary}.${process.pid}`
  const built = spawnSync('go', ['build', '-mod=readonly', '-buildvcs=false', '-o', unfinished, '.'], {
    cwd: sources,
  })
  if (built.status !== 0) throw new Error(`go build failed: ${String(built.stderr)}`)
  renameSync(unfinished, binary)
  return binary
}
