import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shortenPaths } from './merkle-paths.ts'

const isEqual = (a: string, b: string) => a === b
const shorten = (...paths: string[]) =>
  shortenPaths(
    paths.map((path) => [...path]),
    isEqual,
  ).map((path) => path.join(''))

it('leaves the first whole, and others up to where they meet the one before', () => {
  expect(shorten()).toEqual([])
  expect(shorten('abc')).toEqual(['abc'])
  expect(shorten('abc', 'xbc', 'xyc', 'xyz', 'xyz')).toEqual(['abc', 'x', 'xy', 'xyz', ''])
})

it('takes paths of several lengths, and none', () => {
  expect(shorten('abc', 'c', 'bc', '', 'bc')).toEqual(['abc', '', 'b', '', 'bc'])
})

it('loses nothing: each is what is left of it and the end of the one before', () => {
  const path = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 })
  fc.assert(
    fc.property(fc.array(path, { maxLength: 8 }), (paths) => {
      for (const [i, short] of shortenPaths(paths, isEqual).entries()) {
        const shared = paths[i]!.length - short.length
        const end = shared === 0 ? [] : paths[i - 1]!.slice(-shared)
        expect([...short, ...end]).toEqual(paths[i])
      }
    }),
  )
})
