import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packetFixtures } from './packet-fixtures.ts'

test('the packets that the Foundry tests run on are those of a hub store as it is now', () => {
  const committed: unknown = JSON.parse(
    readFileSync(new URL('../fixtures/packets/packets.json', import.meta.url), 'utf8'),
  )
  expect(packetFixtures()).toEqual(committed)
}, 240_000)
