import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runVectors } from '../run-vectors.ts'
import {
  FORKS,
  writeDataCollectionTest,
  writeMerkleProofTests,
  writeRankingTest,
  writeSyncTest,
  type GeneratedFork,
} from './spec-tests.fixture.ts'

/* The published cases are not at hand: these are generated in the published layout. */

let generated: string
let directory: string
beforeAll(() => {
  generated = mkdtempSync(join(tmpdir(), 'spec-tests-'))
  writeSyncTest(generated, 'deneb')
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spec-tests-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})
afterAll(() => {
  rmSync(generated, { recursive: true, force: true })
})

/** A copy of one sync test, to be changed. */
function copyOfSyncTest(): string {
  cpSync(generated, directory, { recursive: true })
  return join(directory, 'tests/mainnet/deneb/light_client/sync/pyspec_tests/light_client_sync')
}

function run(path = directory) {
  const lines: string[] = []
  const { passed, failed } = runVectors(path, (line) => lines.push(line))
  return { passed, failed, lines: lines.slice(0, -1) }
}

function edit(folder: string, name: string, from: string | RegExp, to: string) {
  const text = readFileSync(join(folder, name), 'utf8')
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  writeFileSync(join(folder, name), changed)
}

describe('sync', () => {
  it.each(Object.keys(FORKS) as GeneratedFork[])('of %s passes', (fork) => {
    writeSyncTest(directory, fork)
    expect(run()).toEqual({ passed: 3, failed: 0, lines: [] })
  })

  it.each<[string, string, RegExp, string]>([
    ['a trusted root', 'meta.yaml', /("trusted_block_root": "0x)../, '$100'],
    ['a genesis root', 'meta.yaml', /("genesis_validators_root": "0x)../, '$100'],
    ['a fork digest', 'meta.yaml', /("bootstrap_fork_digest": "0x)../, '$100'],
    ['a store version', 'meta.yaml', /("store_fork_version": "0x)../, '$1ff'],
    ['a finalised slot', 'steps.yaml', /("slot": )64/, '$165'],
    ['a root', 'steps.yaml', /("beacon_root": "0x)../, '$100'],
    ['an execution root', 'steps.yaml', /("execution_root": "0x)../, '$100'],
    ['a current slot', 'steps.yaml', /("current_slot": )131/, '$1129'],
    ["an update's digest", 'steps.yaml', /("update_fork_digest": "0x)../, '$100'],
    ['a fork version', 'config.yaml', /(DENEB_FORK_VERSION": 0x)../, '$199'],
    ['a check', 'steps.yaml', /optimistic_header/, 'other_header'],
    ['a step', 'steps.yaml', /force_update/, 'other_update'],
  ])('with %s changed fails', (_, file, from, to) => {
    const folder = copyOfSyncTest()
    edit(folder, file, from, to)
    const { failed, lines } = run()
    expect(failed, lines.join('\n')).toBeGreaterThan(0)
  })

  it('with a store of a fork that is scheduled for no time passes', () => {
    const folder = copyOfSyncTest()
    for (const file of ['meta.yaml', 'steps.yaml'])
      edit(folder, file, /("store_fork_version": "0x)04/, '$107')
    expect(run()).toEqual({ passed: 3, failed: 0, lines: [] })
    edit(folder, 'steps.yaml', /("store_fork_version": "0x)07/, '$104')
    expect(run().failed).toBeGreaterThan(0)
  })

  it('of the layout from before Capella passes', () => {
    writeSyncTest(directory, 'altair')
    const folder = join(directory, 'tests/mainnet/altair/light_client/sync/pyspec_tests/light_client_sync')
    edit(folder, 'meta.yaml', /,\s*"bootstrap_fork_digest": "\w+"/, '')
    edit(folder, 'meta.yaml', /,\s*"store_fork_version": "\w+"/, '')
    edit(folder, 'steps.yaml', /"update_fork_digest": "\w+",/, '')
    edit(folder, 'steps.yaml', /beacon_root/g, 'root')
    expect(run()).toEqual({ passed: 3, failed: 0, lines: [] })
    edit(folder, 'steps.yaml', /("root": "0x)../, '$100')
    expect(run().failed).toBeGreaterThan(0)
  })

  it('with an update changed fails', () => {
    const folder = copyOfSyncTest()
    const bytes = readFileSync(join(folder, 'update_a.ssz_snappy'))
    writeFileSync(join(folder, 'update_a.ssz_snappy'), bytes.subarray(0, -1))
    expect(run().failed).toBeGreaterThan(0)
  })
})

describe('single_merkle_proof', () => {
  it('passes', () => {
    writeMerkleProofTests(directory, 'electra')
    expect(run()).toEqual({ passed: 2, failed: 0, lines: [] })
  })

  it('of a file that is called a state passes', () => {
    const folder = join(writeMerkleProofTests(directory, 'altair'), 'BeaconState')
    const moved = join(folder, '../pyspec_tests')
    renameSync(folder, moved)
    for (const name of ['finality_root_merkle_proof', 'current_sync_committee_merkle_proof'])
      renameSync(join(moved, name, 'object.ssz_snappy'), join(moved, name, 'state.ssz_snappy'))
    expect(run()).toEqual({ passed: 2, failed: 0, lines: [] })
  })

  it('with a leaf, an index or a branch changed fails', () => {
    const folder = join(writeMerkleProofTests(directory, 'capella'), 'BeaconState/finality_root_merkle_proof')
    edit(folder, 'proof.yaml', /("leaf": "0x)../, '$100')
    expect(run(folder)).toMatchObject({ passed: 0, failed: 1 })
    edit(folder, 'proof.yaml', /("leaf_index": )105/, '$154')
    expect(run(folder)).toMatchObject({ passed: 0, failed: 1 })
  })
})

describe('update_ranking', () => {
  it('passes, and fails when two updates change places', () => {
    const folder = writeRankingTest(directory, 'electra')
    expect(run()).toEqual({ passed: 4, failed: 0, lines: [] })
    const [a, b] = ['updates_1.ssz_snappy', 'updates_2.ssz_snappy'].map((name) => join(folder, name)) as [
      string,
      string,
    ]
    const [first, second] = [readFileSync(a), readFileSync(b)]
    writeFileSync(a, second)
    writeFileSync(b, first)
    expect(run().failed).toBeGreaterThan(0)
  })
})

describe('data_collection', () => {
  it('passes when all that is served verifies, and fails when it is about other blocks', () => {
    const folder = writeDataCollectionTest(directory, 'electra')
    expect(run()).toEqual({ passed: 3, failed: 0, lines: [] })
    edit(folder, 'steps.yaml', /("block_root": "0x)../, '$100')
    expect(run().failed).toBe(1)
    edit(folder, 'steps.yaml', /block_129/, 'block_64')
    expect(run().failed).toBe(1)
  })
})
