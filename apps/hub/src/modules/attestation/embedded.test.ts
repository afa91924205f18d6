// The embedded engine: several validators in one process, each of which signs with its own BLS key.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { updateHubClient, verifyAttestation } from '@causeway/light-clients'
import {
  QueryAttestationRequest,
  QueryAttestorSetResponse,
} from '@causeway/protocol/causeway/attestation/v1/query'
import { createMemoryStorage } from '@causeway/state-tree'
import { afterEach, describe, expect, it } from 'vitest'
import { createHubApplication } from '../../app.ts'
import type { CosmosApplication } from '../../application.ts'
import { readAttestationSigners } from '../../commands/attestation-signers.ts'
import { initHome } from '../../commands/init.ts'
import { testClock } from '../../engine/chain.fixture.ts'
import { startEmbeddedNode } from '../../engine/start-embedded-node.ts'
import type { EmbeddedNode } from '../../engine/start-embedded-node.ts'
import { hubOptions } from '../../testing/hub.fixture.ts'
import { bls, clientOf, headerOf } from './attested-hub.fixture.ts'

const homes: string[] = []
const nodes: EmbeddedNode[] = []

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.stop()
  for (const home of homes.splice(0)) rmSync(home, { recursive: true })
})

function newHome(validators: number): string {
  const home = mkdtempSync(join(tmpdir(), 'causeway-attestation-'))
  homes.push(home)
  initHome({ home, chainId: 'causeway-1', validators, accounts: [], gasPriceE9: 0n })
  return home
}

async function start(home: string, hub: CosmosApplication): Promise<EmbeddedNode> {
  const node = await startEmbeddedNode({
    application: hub,
    home,
    blocks: 'onDemand',
    rpc: false,
    clock: testClock(),
    durability: 'process-kill',
  })
  nodes.push(node)
  return node
}

function ask(hub: CosmosApplication, height: bigint) {
  const data = QueryAttestationRequest.encode({ height }).finish()
  const path = '/causeway.attestation.v1.Query/Attestation'
  const { value, code } = hub.query({ path, data, height: 0n, prove: false })
  const set = hub.query({
    path: '/causeway.attestation.v1.Query/AttestorSet',
    data,
    height: 0n,
    prove: false,
  })
  return { code, value, setHash: QueryAttestorSetResponse.decode(set.value).setHash }
}

describe('the embedded engine', () => {
  it('has each of its validators sign with its own key', async () => {
    const home = newHome(4)
    const attestationSigners = readAttestationSigners(home)
    expect(attestationSigners).toHaveLength(4)
    const hub = createHubApplication(hubOptions(createMemoryStorage(), { bls, attestationSigners }))
    const node = await start(home, hub)
    for (let i = 0; i < 6; i++) node.produceBlock()
    const { value, setHash } = ask(hub, 2n)
    expect(verifyAttestation(bls, headerOf(value), setHash).power).toBe(40n)
    const client = clientOf(headerOf(value), setHash)
    const newest = headerOf(ask(hub, 5n).value)
    expect(updateHubClient(bls, client, newest, newest.message.timeSeconds).update).toBe('updated')
  })

  it('names those absent whose keys are not here', async () => {
    const home = newHome(4)
    const attestationSigners = readAttestationSigners(home).slice(0, 3)
    const hub = createHubApplication(hubOptions(createMemoryStorage(), { bls, attestationSigners }))
    const node = await start(home, hub)
    for (let i = 0; i < 4; i++) node.produceBlock()
    const { value, setHash } = ask(hub, 2n)
    expect(headerOf(value).absentees).toHaveLength(1)
    expect(verifyAttestation(bls, headerOf(value), setHash).power).toBe(30n)
  })

  it('attests nothing without keys, and goes on', async () => {
    const hub = createHubApplication(hubOptions(createMemoryStorage(), { bls }))
    const node = await start(newHome(1), hub)
    for (let i = 0; i < 4; i++) node.produceBlock()
    expect(ask(hub, 2n).code).toBe(22)
    expect(node.height()).toBe(4n)
  })

  it('goes on after a restart, with what was signed before', async () => {
    const home = newHome(2)
    const storage = createMemoryStorage()
    const options = { bls, attestationSigners: readAttestationSigners(home) }
    const first = createHubApplication(hubOptions(storage, options))
    const node = await start(home, first)
    for (let i = 0; i < 5; i++) node.produceBlock()
    const before = ask(first, 4n).value
    await node.stop()
    const second = createHubApplication(hubOptions(storage, options))
    const again = await start(home, second)
    for (let i = 0; i < 3; i++) again.produceBlock()
    expect(ask(second, 4n).value).toEqual(before)
    for (let height = 2n; height < 8n; height++) expect(ask(second, height).code).toBe(0)
  })
})

describe('a home', () => {
  it('keeps a BLS secret for each validator, for its owner’s eyes only', () => {
    const config = join(newHome(2), 'config')
    for (const name of ['attestor_key.json', 'attestor_key.2.json']) {
      expect(statSync(join(config, name)).mode & 0o777).toBe(0o600)
    }
    const { bls_secret: secret } = JSON.parse(readFileSync(join(config, 'attestor_key.json'), 'utf8')) as {
      bls_secret: string
    }
    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    const others = readdirSync(config).filter((name) => !name.startsWith('attestor_key'))
    for (const name of others) expect(readFileSync(join(config, name), 'utf8')).not.toContain(secret)
  })

  it('without a BLS key has no signers; with a broken one it is refused', () => {
    const empty = mkdtempSync(join(tmpdir(), 'causeway-attestation-'))
    homes.push(empty)
    expect(readAttestationSigners(empty)).toEqual([])
    const home = newHome(1)
    const path = join(home, 'config', 'attestor_key.json')
    expect(existsSync(path)).toBe(true)
    const json = JSON.parse(readFileSync(path, 'utf8')) as { bls_secret: string; bls_public_key: string }
    rmSync(path)
    writeFileSync(path, JSON.stringify({ ...json, bls_secret: '00'.repeat(32) }))
    expect(() => readAttestationSigners(home)).toThrow('it holds no BLS key')
  })
})
