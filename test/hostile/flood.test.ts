// Junk for more than ten blocks waits, of many accounts, signed and valid: what is critical comes with the
// next block all the same.
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import {
  DEFAULT_BLOCK_LIMITS,
  HUB_CHAIN_ID,
  OrderFlow,
  createHubApplication,
  generateValidatorKey,
  startEmbeddedNode,
  verifyNatively,
} from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { assert, sha256, utf8 } from '@causeway/primitives'
import {
  QueryLiquidationsRequest,
  QueryLiquidationsResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import { createMemoryStorage } from '@causeway/state-tree'
import { bid, receive, topUp } from '../bench/flood-critical.ts'
import { FLOOD_GAS, FloodTrader, JUNK_ORDERS } from '../bench/flood-trader.ts'
import { criticalSender } from './critical-sender.ts'

const [JUNK, HONEST, FAILING] = [240, 12, 8]
const ACCOUNTS = JUNK + HONEST + FAILING
const BLOCK_JUNK = Math.floor(DEFAULT_BLOCK_LIMITS.gas / Number(FLOOD_GAS) / JUNK_ORDERS)
const BLOCKS = 6

const running: EmbeddedNode[] = []
afterEach(async () => {
  for (const node of running.splice(0)) await node.stop()
})

/** A hub of one validator with everybody on it, some of them under liquidation. */
async function start() {
  const nowSeconds = BigInt(Math.floor(Date.now() / 1000))
  const flow = new OrderFlow({
    ...{ accounts: ACCOUNTS, positions: 10, resting: 2 * ACCOUNTS, failing: FAILING, nowSeconds },
    chainId: HUB_CHAIN_ID,
  })
  // Accounts of the genesis are numbered first, then those that only have balances: the pool of cash, these.
  const wallets = ['packets', 'bids', 'payments'].map((name, i) =>
    criticalSender(`flood ${name}`, BigInt(ACCOUNTS + 2 + i)),
  )
  const state = flow.appState() as unknown as { ledger: { balances: object[] }; accounts: object }
  const tokens = wallets.map(({ address: holder }) => ({ holder, denom: 'ucway', amount: '1000000000' }))
  const { ledger } = state
  const key = generateValidatorKey(sha256(utf8('flood')))
  const hub = createHubApplication({
    chainId: HUB_CHAIN_ID,
    storage: createMemoryStorage(),
    verifySignatures: verifyNatively,
    priceSource: flow.priceSource,
    surfaceSource: flow.surfaceSource,
  })
  const node = await startEmbeddedNode({
    application: hub,
    validators: [key],
    blocks: 'onDemand',
    rpc: false,
    genesis: {
      genesis_time: new Date(Number(nowSeconds) * 1000).toISOString(),
      chain_id: HUB_CHAIN_ID,
      consensus_params: { abci: { vote_extensions_enable_height: '1' } },
      validators: [{ pub_key: key.pub_key, power: '10' }],
      app_state: JSON.parse(
        JSON.stringify({ ...state, ledger: { ...ledger, balances: [...ledger.balances, ...tokens] } }),
      ),
    },
  })
  running.push(node)
  const nonce = nowSeconds * 1000n
  const traders = Array.from({ length: ACCOUNTS }, (_, i) => new FloodTrader(flow, i, nonce))
  const underLiquidation = () => {
    const path = '/causeway.liquidation.v1.Query/Liquidations'
    const data = QueryLiquidationsRequest.encode({ after: '', limit: 0 }).finish()
    const { value } = hub.query({ path, data, height: 0n, prove: false })
    return QueryLiquidationsResponse.decode(value).liquidations.map(({ account }) => account)
  }
  for (let i = 0; i < 40 && underLiquidation().length === 0; i++) node.produceBlock()
  const [packets, bids, payments] = wallets
  return {
    ...{ node, hub, underLiquidation, packets: packets!, bids: bids!, payments: payments! },
    junk: traders.slice(0, JUNK),
    honest: traders.slice(JUNK, JUNK + HONEST),
  }
}

describe.each(['orders', 'orders that reduce and never fill'])('under a flood of %s', (kind) => {
  it('packets, bids, cancels, reducing orders and top-ups come with the next block', async () => {
    const { node, hub, junk, honest, packets, bids, payments, underLiquidation } = await start()
    const send = async (what: string, tx: Uint8Array) => {
      const { response } = await node.submit(tx)
      expect([what, response.code, response.log]).toEqual([what, 0, ''])
      return createHash('sha256').update(tx).digest('hex')
    }
    let next = 0
    const flood = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const trader = junk[next++ % JUNK]!
        await send('junk', kind === 'orders' ? trader.junk() : trader.junkReducing())
      }
    }
    await flood(12 * BLOCK_JUNK)
    for (let block = 0; block < BLOCKS; block++) {
      const [account] = underLiquidation()
      assert(account !== undefined, 'somebody is under liquidation')
      const one = honest[block]!
      const sent = [
        await send('packet', packets.sign(receive(packets))),
        await send('bid', bids.sign(bid(bids, account))),
        await send('cancel', one.cancelNext()!),
        await send('reduce', honest[block + 1]!.reduce()),
        await send('top-up', payments.sign(topUp(payments, one))),
      ]
      expect(hub.chain.admissions.size).toBeGreaterThan(10 * BLOCK_JUNK)
      const { height } = node.produceBlock()
      expect(sent.map((hash) => node.findTransaction(hash)?.height)).toEqual(sent.map(() => height))
      await flood(BLOCK_JUNK)
    }
  })
})
