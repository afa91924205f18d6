import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { goldenValues } from './golden.fixture.ts'

const committed = JSON.parse(
  readFileSync(new URL('./golden-accounts.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, string>>

it('whole accounts have the committed bits', () => {
  // A change here is a change of consensus: it needs an upgrade height.
  expect(goldenValues()).toEqual(committed)
  expect(Object.keys(committed).length).toBe(7)
})

it('valued again and again they keep them', () => {
  for (let i = 0; i < 20; i++) expect(goldenValues()).toEqual(committed)
})
