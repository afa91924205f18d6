import { expect, it } from 'vitest'

import { Unproven } from './unproven.ts'

it('gives up a height after half a minute, and only that one', () => {
  let nowMs = 0
  const unproven = new Unproven(() => nowMs)
  unproven.note(70n, false)
  nowMs = 29_999
  unproven.note(70n, false)
  expect(unproven.oldest(5n)).toBe(5n)
  nowMs = 30_000
  expect([unproven.oldest(5n), unproven.oldest(90n)]).toEqual([71n, 90n])
  unproven.note(80n, false)
  expect(unproven.oldest(5n)).toBe(5n)
})

it('believes in a height again that proves something', () => {
  let nowMs = 0
  const unproven = new Unproven(() => nowMs)
  unproven.note(70n, false)
  nowMs = 60_000
  unproven.note(70n, true)
  expect(unproven.oldest(5n)).toBe(5n)
})
