import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ssz } from '@lodestar/types'
import { EMPTY_TRIE_ROOT, buildTrie, encodeRlp, minimalBytes } from '@causeway/light-clients'
import { toHex } from '@causeway/primitives'
import { parseEther, toHex as quantity } from 'viem'
import { openEthereum, rpc } from '../ethereum.fixture.ts'
import type { ApiJson, TestEthereum } from '../ethereum.fixture.ts'
import { serveBeaconApi } from './serve.ts'

const [ALICE, BOB] = ['0x00000000000000000000000000000000000a11ce', `0x${'b0'.repeat(20)}`] as const
const SLOTS = 40
/** The first and the last Electra, the first Fulu block. */
const CHOSEN = [1, 15, 16, 17]

let ethereum: TestEthereum

beforeAll(async () => {
  ethereum = await openEthereum({ slotsPerEpoch: 4, epochsPerSyncCommitteePeriod: 4, fuluEpoch: 4 })
  const { rpcUrl } = ethereum.anvil
  await ethereum.execution.setBalance(ALICE, parseEther('5'))
  await rpc(rpcUrl, 'anvil_impersonateAccount', ALICE)
  for (const [slot, count] of [
    [3, 1],
    [16, 3],
  ] as const) {
    await ethereum.produceUntil(slot - 1)
    for (let i = 0; i < count; i += 1) {
      await rpc(rpcUrl, 'eth_sendTransaction', {
        from: ALICE,
        to: BOB,
        value: '0x1',
        gas: quantity(21_000 + i),
      })
    }
  }
  await ethereum.produceUntil(SLOTS)
})

afterAll(() => ethereum.close())

const get = (path: string) => ethereum.get(`/eth/v1/beacon/${path}`)
const typesOf = (version: 'electra' | 'fulu') => ssz[version] as typeof ssz.electra

interface Decoder {
  fromJson(json: unknown): unknown
  serialize(value: never): Uint8Array
  deserialize(bytes: Uint8Array): unknown
  toJson(value: never): unknown
}

/** What Lodestar's type reads and writes is what was served, member for member. */
function expectDecodes(type: unknown, json: ApiJson): void {
  const codec = type as Decoder
  const bytes = codec.serialize(codec.fromJson(json) as never)
  expect(codec.toJson(codec.deserialize(bytes) as never)).toEqual(json)
}

describe('the Beacon API', () => {
  it("serves what Lodestar's types read", () => {
    for (const slot of CHOSEN) {
      const { json } = ethereum.get(`/eth/v2/beacon/blocks/${slot}`)
      expect(json.version).toBe(slot < 16 ? 'electra' : 'fulu')
      expectDecodes(typesOf(json.version).SignedBeaconBlock, json.data)
      const header = get(`headers/${slot}`).json.data
      expectDecodes(ssz.phase0.SignedBeaconBlockHeader, header.header)
      const bootstrap = get(`light_client/bootstrap/${header.root}`).json
      expectDecodes(typesOf(bootstrap.version).LightClientBootstrap, bootstrap.data)
    }
    const finality = get('light_client/finality_update').json
    expectDecodes(typesOf(finality.version).LightClientFinalityUpdate, finality.data)
    const optimistic = get('light_client/optimistic_update').json
    expectDecodes(typesOf(optimistic.version).LightClientOptimisticUpdate, optimistic.data)
    for (const { version, data } of get('light_client/updates?start_period=0&count=10').json) {
      expectDecodes(typesOf(version).LightClientUpdate, data)
    }
  })

  it('serves blocks whose roots are what headers, children and updates say', () => {
    for (const slot of CHOSEN) {
      const { version, data } = ethereum.get(`/eth/v2/beacon/blocks/${slot}`).json
      const type = typesOf(version).BeaconBlock
      const root = `0x${toHex(type.hashTreeRoot(type.fromJson(data.message)))}`
      expect(get(`headers/${slot}`).json.data.root).toBe(root)
      expect(get(`blocks/${slot}/root`).json.data).toEqual({ root })
      expect(get(`headers/${root}`).json).toEqual(get(`headers/${slot}`).json)
      expect(get(`headers/${slot + 1}`).json.data.header.message.parent_root).toBe(root)
    }
    const update = get('light_client/finality_update').json.data
    expect(update.attested_header.beacon).toEqual(get(`headers/${SLOTS - 1}`).json.data.header.message)
    expect(update.finalized_header.beacon).toEqual(get(`headers/${SLOTS - 5}`).json.data.header.message)
    expect(update.signature_slot).toBe(String(SLOTS))
  })

  it("carries anvil's blocks: state root, time, and every raw transaction", async () => {
    for (const [slot, count] of [
      [3, 1],
      [16, 3],
      [17, 0],
    ] as const) {
      const { execution_payload: payload } = ethereum.get(`/eth/v2/beacon/blocks/${slot}`).json.data.message
        .body
      const block = await rpc<Record<string, string>>(
        ethereum.anvil.rpcUrl,
        'eth_getBlockByNumber',
        quantity(slot),
        false,
      )
      expect(payload.transactions).toHaveLength(count)
      expect(payload).toMatchObject({
        block_hash: block['hash'],
        parent_hash: block['parentHash'],
        state_root: block['stateRoot'],
        timestamp: String(ethereum.network.genesisTimeSeconds + slot),
      })
      expect(transactionsRoot(payload.transactions)).toBe(block['transactionsRoot'])
    }
  })

  it('serves each period once, from the first asked for, never more than 128', () => {
    const periods = (query: string) =>
      get(`light_client/updates?${query}`).json.map(({ data }: ApiJson) =>
        Math.floor(Number(data.attested_header.beacon.slot) / 16),
      )
    expect(periods('start_period=0&count=1')).toEqual([0])
    expect(periods('start_period=1&count=5')).toEqual([1, 2])
    expect(periods('start_period=0&count=999999999999')).toEqual([0, 1, 2])
    expect(periods('start_period=7&count=1')).toEqual([])
    const committees = get('light_client/updates?start_period=0&count=3').json.map(
      ({ data }: ApiJson) => data.next_sync_committee.aggregate_pubkey,
    )
    expect(new Set(committees).size).toBe(3)
  })

  it('names what is head, final and genesis', () => {
    const slotOf = (id: string) => Number(get(`headers/${id}`).json.data.header.message.slot)
    expect([slotOf('head'), slotOf('finalized'), slotOf('genesis')]).toEqual([SLOTS, SLOTS - 4, 0])
    expect(get('headers/head').json.finalized).toBe(false)
    expect(get('headers/finalized').json.finalized).toBe(true)
    expect(ethereum.get('/eth/v1/config/spec').json.data).toMatchObject({
      PRESET_BASE: 'mainnet',
      SECONDS_PER_SLOT: '1',
      SLOTS_PER_EPOCH: '4',
      EPOCHS_PER_SYNC_COMMITTEE_PERIOD: '4',
      ELECTRA_FORK_EPOCH: '0',
      FULU_FORK_EPOCH: '4',
      GLOAS_FORK_EPOCH: '18446744073709551615',
      DEPOSIT_CHAIN_ID: '31337',
    })
  })
})

describe('what the Beacon API refuses', () => {
  it.each([
    [404, '/eth/v1/beacon/headers/1000'],
    [404, `/eth/v1/beacon/headers/0x${'00'.repeat(32)}`],
    [404, `/eth/v1/beacon/light_client/bootstrap/0x${'00'.repeat(32)}`],
    [404, '/eth/v1/beacon/nothing'],
    [404, '/'],
    [400, '/eth/v1/beacon/headers/latest'],
    [400, '/eth/v2/beacon/blocks/0x12'],
    [400, '/eth/v1/beacon/light_client/bootstrap/head'],
    [400, '/eth/v1/beacon/light_client/updates'],
    [400, '/eth/v1/beacon/light_client/updates?start_period=0&count=0'],
    [400, '/eth/v1/beacon/light_client/updates?start_period=-1&count=1'],
    [400, '/eth/v1/beacon/light_client/updates?start_period=1e3&count=1'],
  ])('is an answer %i to %s', (code, path) => {
    const { status, json } = ethereum.get(path)
    expect(status).toBe(code)
    expect(json).toEqual({ code, message: expect.any(String) as string })
  })

  it('is a bootstrap of what is not final, and all updates before there are any', async () => {
    const head = get('headers/head').json.data.root
    expect(get(`light_client/bootstrap/${head}`).status).toBe(404)
    const fresh = await openEthereum()
    try {
      await fresh.produceUntil(1)
      for (const path of ['finality_update', 'optimistic_update', `bootstrap/${'0x' + '11'.repeat(32)}`]) {
        expect(fresh.get(`/eth/v1/beacon/light_client/${path}`).status).toBe(404)
      }
      expect(fresh.get('/eth/v1/beacon/headers/finalized').json.data.header.message.slot).toBe('0')
    } finally {
      await fresh.close()
    }
  })
})

describe('the server', () => {
  it('listens on the loopback interface, says whose types data have, and answers GET alone', async () => {
    const server = await serveBeaconApi(ethereum.chain, 0)
    try {
      expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      const update = await fetch(`${server.url}/eth/v1/beacon/light_client/finality_update`)
      expect(update.headers.get('eth-consensus-version')).toBe('fulu')
      expect(await update.json()).toEqual(get('light_client/finality_update').json)
      const post = await fetch(`${server.url}/eth/v1/beacon/genesis`, { method: 'POST', body: '{}' })
      expect([post.status, await post.json()]).toMatchObject([405, { code: 405 }])
      const long = await fetch(`${server.url}/eth/v1/beacon/headers/${'1'.repeat(2_000)}`)
      expect([long.status, await long.json()]).toMatchObject([414, { code: 414 }])
      const odd = await fetch(`${server.url}//%zz`)
      expect(odd.status).toBe(400)
    } finally {
      await server.close()
    }
    await expect(fetch(`${server.url}/eth/v1/beacon/genesis`)).rejects.toThrow()
  })
})

/** Root of the Merkle-Patricia trie over raw transactions by their RLP index. */
function transactionsRoot(transactions: string[]): string {
  if (transactions.length === 0) return `0x${toHex(EMPTY_TRIE_ROOT)}`
  const entries = transactions.map(
    (raw, i) => [encodeRlp(minimalBytes(BigInt(i))), Buffer.from(raw.slice(2), 'hex')] as const,
  )
  return `0x${toHex(buildTrie(entries).root)}`
}
