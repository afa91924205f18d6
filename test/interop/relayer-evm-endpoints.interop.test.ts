import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CollateralVault } from '@causeway/contracts-evm'
import type { Relayer } from '@causeway/relayer'
import { waitFor } from './processes.ts'
import { openProxy } from './relayer-evm-proxy.ts'
import type { Proxy } from './relayer-evm-proxy.ts'
import { openStage } from './relayer-evm-stage.ts'
import type { Stage } from './relayer-evm-stage.ts'

const VAULT = CollateralVault.abi
const GWEI = 10n ** 9n

/** Two endpoints of each kind; a test spoils the first. */
describe('a route whose endpoints fail', () => {
  let stage: Stage
  let relayer: Relayer | undefined
  const rpc: Proxy[] = []
  const beacon: Proxy[] = []
  let credited = 0n

  beforeAll(async () => {
    stage = await openStage({
      async endpoints({ rpcUrl, beaconUrl }) {
        for (let i = 0; i < 2; i += 1) {
          rpc.push(await openProxy(rpcUrl))
          beacon.push(await openProxy(beaconUrl))
        }
        return { rpc: rpc.map(({ url }) => url), beacon: beacon.map(({ url }) => url) }
      },
    })
  }, 240_000)

  afterAll(async () => {
    await stage?.stop()
    await Promise.all([...rpc, ...beacon].map((proxy) => proxy.close()))
  })

  const honest = () => {
    for (const proxy of [...rpc, ...beacon]) proxy.change = (_, answer) => answer
  }

  const send = async (nonce?: number) =>
    await stage.depositor.writeContract({
      ...{ address: stage.contracts.vault, abi: VAULT, functionName: 'depositETH', value: GWEI, chain: null },
      ...{ account: stage.depositor.account!, ...(nonce === undefined ? {} : { nonce }) },
      args: [stage.clients.onEvm, stage.trader.address, BigInt(Math.floor(Date.now() / 1000) + 900), ''],
    })

  /** A deposit goes through although the first endpoints are as the test made them. */
  async function carriesDeposit(start = () => stage.start()): Promise<void> {
    relayer = await start()
    await send()
    credited += GWEI
    await waitFor('the credit', async () =>
      (await stage.trader.balance('weth')) === credited ? true : undefined,
    )
    await waitFor('the acknowledgement', async () =>
      (await stage.chains.evm.pendingSequences(stage.clients.onEvm)).length === 0 ? true : undefined,
    )
    await relayer.stop()
    honest()
  }

  it('hanging ones hold nothing up', async () => {
    rpc[0]!.change = () => 'hang'
    beacon[0]!.change = () => 'hang'
    await carriesDeposit()
  }, 120_000)

  it('one that forges finality is not believed: its update is not signed by the committee', async () => {
    beacon[0]!.change = ({ path }, answer) => {
      if (!path.endsWith('/finality_update')) return answer
      const { finalized_header: header } = answer.data
      header.execution.state_root = `0x${'11'.repeat(32)}`
      return answer
    }
    await carriesDeposit()
  }, 120_000)

  it('one that promises a slot far ahead does not stop the route', async () => {
    beacon[0]!.change = ({ path }, answer) => {
      if (path.endsWith('/finality_update')) answer.data.finalized_header.beacon.slot = '4000000000'
      return answer
    }
    await carriesDeposit()
  }, 120_000)

  it('one whose proofs prove nothing is passed over', async () => {
    rpc[0]!.change = ({ method }, answer) => {
      if (method === 'eth_getProof') answer.result?.storageProof?.[0]?.proof?.pop()
      return answer
    }
    await carriesDeposit()
  }, 120_000)

  it('one that is behind has not the final block: another is asked', async () => {
    rpc[0]!.change = ({ method }, answer) => {
      if (method === 'eth_getBlockByNumber' && answer.result) answer.result.hash = `0x${'22'.repeat(32)}`
      if (method === 'eth_getLogs') answer.result = []
      return answer
    }
    await carriesDeposit()
  }, 120_000)

  it('the endpoint that has the final block is the one whose events count', async () => {
    const { evm } = stage.chains
    await send()
    credited += GWEI
    const sentAt = (await evm.head()).height
    await waitFor('the deposit to be final', async () =>
      (await evm.pendingSequences(stage.clients.onEvm)).length === 1 ? true : undefined,
    )
    let hidden = 0
    rpc[0]!.change = ({ method }, answer) => {
      if (method === 'eth_getBlockByNumber' && answer.result) answer.result.hash = `0x${'22'.repeat(32)}`
      if (method === 'eth_getLogs') [answer.result, hidden] = [[], hidden + 1]
      return answer
    }
    // A look at all endpoints between the check and the search makes the first look well again
    let looks = 0
    rpc[1]!.change = async ({ method }, answer) => {
      if (method === 'eth_getBlockByNumber' && looks === 0) {
        looks += 1
        await evm.probe()
      }
      return answer
    }
    const { events } = await evm.packetEvents(sentAt + 1n, (await evm.head()).height)
    const sent = events.filter(({ type }) => type === 'send_packet')
    expect([sent.length, looks, hidden]).toEqual([1, 1, 0])
    honest()
  }, 120_000)

  it('one that hides events for good costs a delay: pending packets are looked for at others', async () => {
    rpc[0]!.change = ({ method }, answer) => (method === 'eth_getLogs' ? { ...answer, result: [] } : answer)
    const often = (stage.config.routes ?? []).map((route) => ({ ...route, rescan: '2s' }))
    await carriesDeposit(() => stage.start((config) => ({ ...config, routes: often })))
  }, 120_000)

  it('a deposit that is reorganised away before it is final gives its place to another', async () => {
    relayer = await stage.start()
    const { ethereum } = stage
    const before = await request<string>(ethereum.rpcUrl, 'evm_snapshot')
    const nonce = await stage.evm.getTransactionCount({ address: stage.depositor.account!.address })
    const gone = await send(nonce)
    await stage.evm.waitForTransactionReceipt({ hash: gone })
    await request(ethereum.rpcUrl, 'evm_revert', before)
    await request(ethereum.rpcUrl, 'anvil_dropAllTransactions')
    await waitFor('the block to be gone', async () =>
      (await request(ethereum.rpcUrl, 'eth_getTransactionReceipt', gone)) === null ? true : undefined,
    )
    await send(nonce)
    credited += GWEI
    await waitFor('the credit', async () =>
      (await stage.trader.balance('weth')) === credited ? true : undefined,
    )
    await waitFor('the acknowledgement', async () =>
      (await stage.chains.evm.pendingSequences(stage.clients.onEvm)).length === 0 ? true : undefined,
    )
    expect(await stage.trader.balance('weth')).toBe(credited)
    await relayer.stop()
  }, 120_000)
})

async function request<T = unknown>(url: string, method: string, ...params: unknown[]): Promise<T> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return ((await response.json()) as { result: T }).result
}
