import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fromHex, toBech32 } from '@causeway/primitives'
import { expect, test } from 'vitest'

interface Vectors {
  readonly cases: readonly { readonly account: `0x${string}`; readonly address: string }[]
}

test('the addresses that the Solidity library is held to are those of a bech32 library', () => {
  const path = fileURLToPath(new URL('../fixtures/hub-addresses/vectors.json', import.meta.url))
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as Vectors
  expect(cases.length).toBeGreaterThanOrEqual(64)
  for (const { account, address } of cases) expect(toBech32('cway', fromHex(account.slice(2)))).toBe(address)
})
