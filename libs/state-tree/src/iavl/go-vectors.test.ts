import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sha256, toHex, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { randomScript, replay } from './operation-script.fixture.ts'
import { VersionedTree } from './versioned-tree.fixture.ts'

/**
 * Made by cosmos/iavl v1.2.6 through test/go/iavl-differential, whose test checks that they are still what Go
 * says.
 */
interface GoVectors {
  readonly sequence: readonly { version: number; root: string; size: number }[]
  readonly scripts: readonly {
    seed: number
    shape: Parameters<typeof randomScript>[1]
    answers: readonly string[]
  }[]
}

const vectors = JSON.parse(readFileSync(new URL('./go-vectors.json', import.meta.url), 'utf8')) as GoVectors

describe('roots and proofs of cosmos/iavl', () => {
  it('ten versions of a thousand keys, then four of updates and removals', () => {
    const key = (i: number): Uint8Array => sha256(utf8(`key${i}`))
    const tree = new VersionedTree(createMemoryStorage())
    for (const { version, root, size } of vectors.sequence) {
      if (version <= 10) {
        for (let i = (version - 1) * 1000; i < version * 1000; i++)
          tree.set(key(i), sha256(utf8(`value${i}`)))
      } else {
        for (let j = 0; j < 500; j++) {
          const i = (version * 1009 + j * 7) % 10_000
          if (j % 2 === 0) tree.set(key(i), sha256(utf8(`value${version}:${i}`)))
          else tree.delete(key(i))
        }
      }
      expect(toHex(tree.save())).toBe(root)
      expect(tree.size).toBe(size)
    }
    expect(vectors.sequence).toHaveLength(14)
  })

  it.each(vectors.scripts)('random history $seed', ({ seed, shape, answers }) => {
    const ours = replay(randomScript(seed, shape), createMemoryStorage)
    expect(ours.map(shorten)).toEqual(answers)
    expect(answers.filter((answer) => answer.startsWith('proof')).length).toBeGreaterThan(10)
  })
})

/** Proofs are kept as their hashes. */
function shorten(answer: string): string {
  const [word, hex] = answer.split(' ')
  return word === 'proof' ? `proof ${toHex(sha256(utf8(hex!)))}` : answer
}
