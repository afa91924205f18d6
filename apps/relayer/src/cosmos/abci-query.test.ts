import { afterEach, describe, expect, it } from 'vitest'

import { toBase64 } from '@causeway/primitives'
import { queryAccount } from './account.ts'
import { openCometPool } from './comet-pool.ts'
import { JsonRpcEndpoint } from './json-rpc.fixture.ts'
import { queryClientView, queryOwnClients } from './client-view.ts'
import { queryCounterparty } from './queries.ts'

const endpoints: JsonRpcEndpoint[] = []
afterEach(async () => {
  for (const endpoint of endpoints.splice(0)) await endpoint.close()
})

/** A pool of two endpoints; the first refuses every query so, the second would answer with nothing. */
async function poolOf(refusal: { code: number; codespace: string; log: string }) {
  const answer = (fields: object) => () => ({ response: { height: '5', ...fields } })
  const refusing = new JsonRpcEndpoint(answer(refusal))
  const other = new JsonRpcEndpoint(answer({ value: toBase64(new Uint8Array()) }))
  endpoints.push(refusing, other)
  const urls = [await refusing.listen(), await other.listen()]
  return {
    other,
    pool: openCometPool({ urls, requestTimeoutMs: 2_000, staleAfterMs: 60_000, nowMs: () => 0 }),
  }
}

const absent = {
  code: 22,
  codespace: 'ibc',
  log: 'rpc error: code = NotFound desc = no client 07-tendermint-9',
}
const pruned = { code: 1, codespace: 'sdk', log: 'height 3 is not available' }

describe('a query that is refused', () => {
  it('because nothing is there is answered: no other endpoint is asked, the setting is wrong', async () => {
    const { pool, other } = await poolOf(absent)
    await expect(queryClientView(pool, '07-tendermint-9')).rejects.toMatchObject({
      failure: 'config',
      retry: 'never',
      message: /no client 07-tendermint-9/,
    })
    expect(other.requests).toEqual([])
  })

  it('for another reason may be answered by the next endpoint', async () => {
    const { pool, other } = await poolOf(pruned)
    expect(await queryCounterparty(pool, '07-tendermint-9')).toBeUndefined()
    expect(other.requests).toHaveLength(1)
  })

  it('is nothing where absence is an answer', async () => {
    const { pool } = await poolOf(absent)
    expect(await queryCounterparty(pool, '07-tendermint-9')).toBeUndefined()
    await expect(queryAccount(pool, 'cway1x')).rejects.toMatchObject({ failure: 'fees', message: /fund it/ })
  })

  it('is not “no clients” when nobody answered: a client would be created twice', async () => {
    const pool = openCometPool({
      urls: ['http://127.0.0.1:9'],
      requestTimeoutMs: 2_000,
      staleAfterMs: 60_000,
      nowMs: () => 0,
    })
    await expect(queryOwnClients(pool, 'zone-1', 'cway1x')).rejects.toThrow('did not answer')
    const { pool: old } = await poolOf({ code: 6, codespace: 'sdk', log: 'unknown query path' })
    expect(await queryOwnClients(old, 'zone-1', 'cway1x')).toEqual([])
  })
})
