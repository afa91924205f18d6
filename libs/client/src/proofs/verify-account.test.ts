// Proofs of an account against a hub that runs, and against a node that lies.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toHexUpper } from '@causeway/primitives'
import { hashHeader } from '@causeway/light-clients/tendermint/hashes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { httpRpc } from '../rpc/json-rpc.ts'
import { startTestHub, testEvmWallet } from '../testing/hub.fixture.ts'
import type { TestHub } from '../testing/hub.fixture.ts'
import { readSignedHeader } from './signed-header.ts'
import type { Trust } from './trusted-header.ts'

const [maker, taker] = [testEvmWallet('maker'), testEvmWallet('taker')]
let hub: TestHub
let trust: Trust

beforeAll(async () => {
  hub = await startTestHub({ addresses: [maker.address, taker.address] })
  const { header } = await readSignedHeader(httpRpc(hub.node.rpcUrl), 3n)
  trust = { height: '3', hash: toHexUpper(hashHeader(header)) }
  const [makes, takes] = [maker, taker].map((wallet) => hub.causeway.trader(wallet))
  await Promise.all([makes!, takes!].map((trader) => trader.convert({ denom: 'usdz', amount: '15000.5' })))
  await makes!.order({ market: 'ETH-PERP', side: 'sell', size: '2', limit: '3001' })
  await takes!.order({ market: 'ETH-PERP', side: 'buy', size: '1.2' })
  // A state is proven by the header after it.
  hub.node.produceBlock()
})
afterAll(() => hub.stop())

const failure = async (action: Promise<unknown>) =>
  await action.then(
    () => 'nothing',
    (error: { codespace: string; code: number; message: string }) =>
      `${error.codespace}/${error.code} ${error.message}`,
  )

describe('an account', () => {
  it('is proven: cash, positions and balances are those that the hub tells', async () => {
    const proven = await hub.causeway.verifyAccount(taker.address, { trust })
    const told = await hub.causeway.portfolio(taker.address)
    expect(proven.cash).toBe(told.cash)
    expect(proven.positions).toMatchObject([{ marketId: told.positions[0]!.marketId, size: '1.2' }])
    expect(proven.balances.map(({ denom, amount }) => [denom, amount])).toEqual(
      told.collateral.map(({ denom, amount }) => [denom, amount]),
    )
    // Trust goes on from there, and to what is not there.
    const nothing = await hub.causeway.verifyAccount(taker.address, { trust: proven.trust, subaccount: 9 })
    expect(nothing).toMatchObject({ cash: '0', positions: [], balances: [] })
    const short = await hub.causeway.verifyAccount(maker.address, { trust: nothing.trust })
    expect(short.positions).toMatchObject([{ size: '-1.2' }])
  })

  it('is not proven by a header that nobody trusts, or that is too old', async () => {
    const verify = (changes: Partial<Trust>) =>
      failure(hub.causeway.verifyAccount(taker.address, { trust: { ...trust, ...changes } }))
    expect(await verify({ hash: '00'.repeat(32) })).toContain('another hash than the trusted one')
    expect(await verify({ height: '4' })).toContain('another hash than the trusted one')
    expect(await verify({ hash: 'x' })).toContain('client/20')
    expect(await verify({ height: '99999999' })).toContain('client/62')
    expect(await verify({ periodSeconds: 0 })).toContain('client/61')
  })
})

describe('a node that lies', () => {
  /** Hands everything on to the hub, but changes answers. */
  async function lying(
    change: (method: string, text: string) => string,
  ): Promise<{ url: string; server: Server }> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        const { method } = JSON.parse(body) as { method: string }
        const headers = { 'content-type': 'application/json' }
        void fetch(hub.node.rpcUrl, { method: 'POST', body, headers }).then(async (answer) =>
          response.end(change(method, await answer.text())),
        )
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
  }

  it.each([
    [
      'of a value',
      (method: string, text: string) =>
        method === 'abci_query' && text.includes('ics23:iavl')
          ? text.replace(/"value":"(.)/, (_, first: string) => `"value":"${first === 'A' ? 'B' : 'A'}`)
          : text,
      'client/61',
    ],
    [
      'of an app hash',
      (method: string, text: string) =>
        method === 'commit' ? text.replace(/"app_hash":"../g, '"app_hash":"00') : text,
      'client/61',
    ],
    [
      'of a signature',
      (method: string, text: string) =>
        method === 'commit' && !text.includes('"height":"3"')
          ? text.replace(/"signature":"..../g, '"signature":"AAAA')
          : text,
      'client/61',
    ],
    [
      'of validators',
      (method: string, text: string) =>
        method === 'validators' ? text.replace(/"voting_power":"10"/g, '"voting_power":"11"') : text,
      'client/61',
    ],
    [
      'and leaves proofs out',
      (method: string, text: string) =>
        method === 'abci_query' ? text.replace(/"proofOps":\{.*?\]\}/, '"proofOps":null') : text,
      'client/61',
    ],
    ['in no JSON', (_method: string, text: string) => text.slice(0, -5), 'client/2'],
  ])('%s is found out', async (_what, change, expected) => {
    const { url, server } = await lying((method, text) => (isOn.value ? change(method, text) : text))
    const isOn = { value: false }
    try {
      const causeway = await hub.connect({ rpc: url })
      isOn.value = true
      expect(await failure(causeway.verifyAccount(taker.address, { trust }))).toContain(expected)
    } finally {
      server.close()
    }
  })
})
