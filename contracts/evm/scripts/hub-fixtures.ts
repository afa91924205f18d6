import { mkdirSync, writeFileSync } from 'node:fs'
import { batchFixture, headerCases } from './header-fixtures.ts'
import { proofCases } from './proof-fixtures.ts'
import { scenarioFixture } from './scenario-fixtures.ts'
import { attestationVectors } from './vector-fixtures.ts'

/*
 * Writes test/fixtures/hub: what the Foundry tests of the hub's client run on, made by the code that the hub
 * itself runs. The same bytes each time.
 */

const folder = new URL('../test/fixtures/hub/', import.meta.url)
mkdirSync(folder, { recursive: true })
const write = (name: string, content: unknown): void => {
  writeFileSync(new URL(name, folder), JSON.stringify(content, undefined, 1) + '\n')
}
write('proofs.json', { cases: proofCases() })
write('headers.json', { cases: headerCases() })
write('batch.json', batchFixture())
write('scenario.json', scenarioFixture())
write('attestation.json', attestationVectors())
