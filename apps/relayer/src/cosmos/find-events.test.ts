import { afterEach, describe, expect, it } from 'vitest'

import { toBase64, toHex } from '@causeway/primitives'
import { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { testWork } from '../plan/lane.fixture.ts'
import { openCometPool } from './comet-pool.ts'
import { findPacketEvent } from './find-events.ts'
import { JsonRpcEndpoint } from './json-rpc.fixture.ts'

const { packet } = testWork({ sequence: 7n })
const sent = {
  type: 'send_packet',
  attributes: [{ key: 'encoded_packet_hex', value: toHex(Packet.encode(packet).finish()), index: true }],
}
const transaction = {
  hash: 'AB'.repeat(32),
  height: '12',
  index: 0,
  tx: toBase64(Uint8Array.of(1)),
  tx_result: {
    code: 0,
    data: '',
    log: '',
    info: '',
    gas_wanted: '1',
    gas_used: '1',
    events: [sent],
    codespace: '',
  },
}
const NOTHING = { txs: [], total_count: '0' }

const endpoints: JsonRpcEndpoint[] = []
afterEach(async () => {
  for (const endpoint of endpoints.splice(0)) await endpoint.close()
})

async function find(answers: Record<string, () => unknown>) {
  const endpoint = new JsonRpcEndpoint((method) => (answers[method] ?? (() => ({})))())
  endpoints.push(endpoint)
  const url = await endpoint.listen()
  const pool = openCometPool({
    urls: [url],
    requestTimeoutMs: 2_000,
    staleAfterMs: 60_000,
    nowMs: () => 0,
  })
  return { endpoint, found: findPacketEvent(pool, 'send_packet', '07-tendermint-0', 7n) }
}

const disabled = (): never => {
  throw new Error('block indexing is disabled')
}

describe('the event of a packet', () => {
  it('is asked for by its sequence first: a client has as many entries as packets', async () => {
    const { endpoint, found } = await find({ tx_search: () => ({ txs: [transaction], total_count: '1' }) })
    expect(await found).toMatchObject({ type: 'send_packet', height: 12n, packet: { sequence: 7n } })
    expect(endpoint.requests.map(({ method, params }) => [method, params['query']])).toEqual([
      ['tx_search', "send_packet.packet_sequence='7' AND send_packet.packet_source_client='07-tendermint-0'"],
    ])
  })

  it('is not there when both indexes were read and lack it', async () => {
    const { endpoint, found } = await find({
      tx_search: () => NOTHING,
      block_search: () => ({ blocks: [], total_count: '0' }),
    })
    expect(await found).toBeUndefined()
    expect(endpoint.requests.map(({ method }) => method)).toEqual(['tx_search', 'block_search'])
  })

  it('may be there when an index can not be read: that is an error, not “not found”', async () => {
    const { found } = await find({ tx_search: () => NOTHING, block_search: disabled })
    await expect(found).rejects.toThrow('block indexing is disabled')
    const other = await find({
      tx_search: () => {
        throw new Error('the query reads over 100000 index entries')
      },
    })
    await expect(other.found).rejects.toMatchObject({ failure: 'endpoint', message: /over 100000/ })
  })
})
