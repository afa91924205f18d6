import { concatBytes, be32, sha256, toHex } from '@causeway/primitives'
import { VersionedTree } from './versioned-tree.fixture.ts'
import type { Storage } from '../storage/storage.ts'

/** One line for test/go/iavl-differential, which explains the words. */
export type Operation = readonly [word: string, ...rest: string[]]

/** How often a script does what. */
export interface ScriptShape {
  readonly versions: number
  readonly operationsMax: number
  readonly keyCount: number
}

/** A random number generator whose sequence is fixed by its seed (mulberry32): below `limit`. */
export function randomBelow(seed: number): (limit: number) => number {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/**
 * A random history of one tree: sets, deletions, re-insertions, emptyings, reloads, pruning, proofs and
 * ranges.
 */
export function randomScript(seed: number, shape: ScriptShape): Operation[] {
  const below = randomBelow(seed)
  const keys = Array.from({ length: shape.keyCount }, () => toHex(randomKey(below)))
  const anyKey = (): string => (below(10) < 9 ? keys[below(keys.length)]! : toHex(randomKey(below)))
  const script: Operation[] = [['open', `seed-${seed}`]]
  let oldest = 1
  for (let version = 1; version <= shape.versions; version++) {
    const count = below(8) === 0 ? 0 : below(shape.operationsMax)
    const deletions = [1, 3, 5, 9][below(4)]!
    for (let i = 0; i < count; i++) {
      const isDeletion = below(10) < deletions
      if (isDeletion) script.push(['delete', anyKey()])
      else script.push(['set', anyKey(), toHex(randomValue(below))])
    }
    if (below(20) === 0) for (const key of keys) script.push(['delete', key])
    script.push(['save'])
    const pick = (): string => String(oldest + below(version - oldest + 1))
    for (let i = below(6); i > 0; i--) script.push(['prove', pick(), anyKey()])
    if (below(3) === 0) script.push(randomRange(below, pick(), anyKey))
    if (below(5) === 0) script.push(['reload'])
    if (below(6) === 0 && version - oldest > 3) {
      oldest += 1 + below(version - oldest - 2)
      script.push(['prune', String(oldest - 1)])
    }
  }
  return script
}

/** What Go prints for a script, as we answer it. */
export function replay(script: readonly Operation[], createStorage: () => Storage): string[] {
  const answers: string[] = []
  let tree = new VersionedTree(createStorage())
  for (const [word, ...rest] of script) {
    if (word === 'open') tree = new VersionedTree(createStorage())
    else if (word === 'set') tree.set(unhex(rest[0]!), unhex(rest[1]!))
    else if (word === 'delete') tree.delete(unhex(rest[0]!))
    else if (word === 'save') answers.push(`root ${tree.version + 1} ${toHex(tree.save())} ${tree.size}`)
    else if (word === 'prove') answers.push(`proof ${toHex(tree.prove(Number(rest[0]), unhex(rest[1]!)))}`)
    else if (word === 'range') answers.push(rangeAnswer(tree, rest))
    else if (word === 'reload') tree.reload()
    else if (word === 'prune') tree.prune(Number(rest[0]))
    else throw new Error(`unknown operation ${word}`)
  }
  return answers
}

function rangeAnswer(tree: VersionedTree, [version, start, end, order]: readonly string[]): string {
  const bound = (text: string): Uint8Array | undefined => (text === '-' ? undefined : unhex(text))
  const pairs = [...tree.at(Number(version)).iterate(bound(start!), bound(end!), order === 'descending')]
  const parts = pairs.flatMap(([key, value]) => [be32(key.length), key, be32(value.length), value])
  return `range ${pairs.length} ${toHex(sha256(concatBytes(...parts)))}`
}

function randomRange(below: (limit: number) => number, version: string, anyKey: () => string): Operation {
  const [start, end] = [anyKey(), anyKey()].sort()
  const order = below(2) === 0 ? 'ascending' : 'descending'
  return ['range', version, below(4) === 0 ? '-' : start!, below(4) === 0 ? '-' : end!, order]
}

function randomKey(below: (limit: number) => number): Uint8Array {
  const kind = below(5)
  if (kind === 0) return bytes(1 + below(3), () => below(4))
  if (kind === 1) return bytes(20, () => below(256))
  if (kind === 2) return bytes(32, () => below(256))
  if (kind === 3)
    return concatBytes(
      bytes(60, () => 7),
      bytes(1 + below(80), () => below(3)),
    )
  return bytes(1 + below(below(20) === 0 ? 3000 : 300), () => below(256))
}

function randomValue(below: (limit: number) => number): Uint8Array {
  const length = below(30) === 0 ? 1 + below(5000) : 1 + below(200)
  return bytes(length, () => below(256))
}

function bytes(length: number, next: () => number): Uint8Array {
  return Uint8Array.from({ length }, next)
}

function unhex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}
