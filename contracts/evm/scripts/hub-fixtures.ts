import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as prettier from 'prettier'
import { batchFixture, headerCases } from './header-fixtures.ts'
import { proofCases, vectorCases } from './proof-fixtures.ts'
import { scenarioFixture } from './scenario-fixtures.ts'
import { attestationVectors } from './vector-fixtures.ts'

/*
 * Writes test/fixtures/hub: what the Foundry tests of the hub's client run on, made by the code that the hub
 * itself runs. The same bytes each time.
 */

const folder = new URL('../test/fixtures/hub/', import.meta.url)
mkdirSync(folder, { recursive: true })
const options = await prettier.resolveConfig(fileURLToPath(new URL('x.json', folder)))
const write = async (name: string, content: unknown): Promise<void> => {
  const text = await prettier.format(JSON.stringify(content), { ...options, parser: 'json' })
  writeFileSync(new URL(name, folder), text)
}
await write('proofs.json', { cases: [...proofCases(), ...vectorCases()] })
await write('headers.json', { cases: headerCases() })
await write('batch.json', batchFixture())
await write('scenario.json', scenarioFixture())
await write('attestation.json', attestationVectors())
