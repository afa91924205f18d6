import type { ChildProcess } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CollateralVault, HubClient } from '@causeway/contracts-evm'
import { voucherOf } from '@causeway/messaging'
import { MsgDelegate } from '@causeway/protocol/causeway/staking/v1/tx'
import { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import { parseAbi } from 'viem'
import { waitFor } from './processes.ts'
import { operatorOf } from './relayer-evm-hub.ts'
import { openProxy } from './relayer-evm-proxy.ts'
import type { Proxy } from './relayer-evm-proxy.ts'
import { openStage, payerAddress } from './relayer-evm-stage.ts'
import type { Stage } from './relayer-evm-stage.ts'
import { killRelayer, runRelayerCommand, spawnRelayer, writeRelayerConfig } from './relayer-process.ts'

const TOKEN = parseAbi(['function balanceOf(address) view returns (uint256)'])
const GWEI = 10n ** 9n
const WAIT_MS = 120_000
const EPOCH_BLOCKS = 8n
const POWER = 1_000_000n

let stage: Stage
let proxy: Proxy
let voucher: string
let child: ChildProcess | undefined

beforeAll(async () => {
  stage = await openStage({
    ...{ powers: [10n, 9n, 8n, 7n], epochBlocks: EPOCH_BLOCKS },
    async endpoints({ rpcUrl, beaconUrl }) {
      proxy = await openProxy(rpcUrl)
      return { rpc: [proxy.url], beacon: [beaconUrl] }
    },
  })
  voucher = voucherOf(`transfer/${stage.clients.onHub}/${stage.contracts.wrappedEther}`)
}, 240_000)

afterAll(async () => {
  await stage?.stop()
  await proxy?.close()
})

describe('a hub of four attestors', () => {
  it('changes its set twice while nothing is carried: the contract follows through both', async () => {
    const relayer = await stage.start()
    await deposit(100n * GWEI)
    await waitFor('the credit', async () => (await credited()) === 100n * GWEI || undefined, WAIT_MS)
    await settled()
    await relayer.stop()
    const before = await rotations()
    for (const index of [3, 2]) {
      await delegate(operatorOf(index), 5n * POWER)
      const height = stage.hub.height()
      // The set changes at the epoch's end, and signs two blocks later.
      await waitFor('the next epoch', () => stage.hub.height() > height + EPOCH_BLOCKS + 2n || undefined)
    }
    const again = await stage.start()
    await withdraw(GWEI)
    await waitFor('the release', async () => (await released()) === GWEI || undefined, WAIT_MS)
    await settled()
    await again.stop()
    expect((await rotations()) - before).toBe(2)
  }, 240_000)
})

describe('a relayer on the EVM leg', () => {
  it('killed with −9 in mid-flight goes on: each packet arrives once, and no nonce is missing', async () => {
    const file = writeRelayerConfig(stage.config)
    const [releasedBefore, creditedBefore] = [await released(), await credited()]
    const nonceBefore = await nonce('latest')
    child = spawnRelayer('start', file, stage.env)
    const restart = async () => {
      await killRelayer(child!, 'SIGKILL')
      child = spawnRelayer('start', file, stage.env)
    }
    await withdraw(GWEI, GWEI, GWEI)
    // Its transaction has just gone to the node's pool.
    await waitFor('a flight', async () => (await nonce('pending')) > nonceBefore || undefined, WAIT_MS)
    await restart()
    await deposit(2n * GWEI)
    await withdraw(GWEI, GWEI)
    // Right after a delivery: acknowledgements are on their way.
    const some = async () => (await released()) > releasedBefore || undefined
    await waitFor('a delivery', some, WAIT_MS)
    await restart()
    await deposit(3n * GWEI)
    await withdraw(GWEI)
    await restart()
    await settled()
    await killRelayer(child, 'SIGTERM')
    expect((await released()) - releasedBefore).toBe(6n * GWEI)
    expect((await credited()) - creditedBefore).toBe(5n * GWEI - 6n * GWEI)
    expect(await nonce('pending')).toBe(await nonce('latest'))
    console.log(
      `transactions for 6 withdrawals and 2 acknowledgements: ${(await nonce('latest')) - nonceBefore}`,
    )
    const { out, code } = await command('clear')
    expect({ out, code }).toEqual({ out: ['nothing is pending'], code: 0 })
  }, 300_000)

  it('whose transaction a base fee leaps over replaces it under its nonce', async () => {
    const relayer = await stage.start()
    const before = await released()
    const first = await nonce('latest')
    let leaps = 0
    proxy.change = ({ method }, answer) => {
      // The last that it asks before it sends: the next block asks for 100 gwei, those after an eighth less.
      if (method === 'eth_maxPriorityFeePerGas' && leaps++ === 0)
        void request('anvil_setNextBlockBaseFeePerGas', '0x174876e800')
      return answer
    }
    await withdraw(GWEI)
    await waitFor('the release', async () => (await released()) === before + GWEI || undefined, WAIT_MS)
    await settled()
    await relayer.stop()
    expect(await nonce('pending')).toBe(await nonce('latest'))
    const prices = await feesOf(first)
    console.log(`offered for nonce ${first}: ${prices.maxFeePerGas} wei`)
    expect(prices.maxFeePerGas).toBeGreaterThan(20n * GWEI)
  }, 240_000)
})

afterEach(async () => {
  if (child) await killRelayer(child, 'SIGKILL')
  child = undefined
})

describe('commands on an EVM route', () => {
  it('doctor finds endpoints, clocks and wallets well, and says what is not', async () => {
    const { out, err, code } = await command('doctor')
    expect({ err, code }).toEqual({ err: [], code: 0 })
    expect(out.join('\n')).toMatch(/eip155:31337: http:\S+ at \d+\n.*eip155:31337: http:\S+ at \d+\n/s)
    expect(out.join('\n')).toMatch(/eip155:31337: 0x[0-9a-fA-F]{40} holds \d+wei/)
    expect(out.at(-1)).toBe('no problems')
    const [hub, evm] = stage.config.chains
    const broken = { ...stage.config, chains: [hub!, { ...evm!, beacon: ['http://127.0.0.1:9'] }] }
    const bad = await runRelayerCommand(stage.env, 'doctor', '-c', writeRelayerConfig(broken as never))
    expect(bad.code).toBe(1)
    expect(bad.err.join('\n')).toContain('eip155:31337: endpoint http://127.0.0.1:9')
  }, 120_000)

  it('tx relay carries one packet, whatever it waits for; status and client show tell', async () => {
    const before = await credited()
    await deposit(7n * GWEI)
    await deposit(8n * GWEI)
    const [first, second] = await waitFor('both to be final', async () => {
      const pending = await stage.chains.evm.pendingSequences(stage.clients.onEvm)
      return pending.length === 2 ? pending : undefined
    })
    const status = await command('status', '--json')
    expect(JSON.parse(status.out.join('\n'))).toMatchObject([
      { from: 'causeway-1', to: 'eip155:31337', pending: 0, clientStatus: 'Active' },
      { from: 'eip155:31337', to: 'causeway-1', pending: 2, unreceived: 2, clientStatus: 'Active' },
    ])
    const received = await command('tx', 'relay', `client-0/${second}`)
    expect(received.out.join()).toMatch(new RegExp(`^recv/client-0/${second} to hub-evm/causeway-1: `))
    expect((await credited()) - before).toBe(8n * GWEI)
    const acknowledged = await command('tx', 'relay', `client-0/${second}`)
    expect(acknowledged.out.join()).toMatch(
      new RegExp(`^ack/client-0/${second} to hub-evm/eip155:31337: .*wei`),
    )
    expect(await stage.chains.evm.pendingSequences(stage.clients.onEvm)).toEqual([first])
    const nobody = await command('tx', 'relay', 'client-9/1')
    expect([nobody.code, nobody.err.join()]).toEqual([1, 'no route has the client client-9'])
    const shown = await command('client', 'show', 'eip155:31337', 'client-0')
    expect(shown.out.join('\n')).toContain('causeway-1')
    const { out, code } = await command('clear')
    expect({ out, code }).toEqual({ out: ['nothing is pending'], code: 0 })
    expect((await credited()) - before).toBe(15n * GWEI)
  }, 240_000)
})

const soon = () => BigInt(Math.floor(Date.now() / 1000) + 900)
const credited = async () => await stage.trader.balance('weth')
const depositor = () => stage.depositor.account!

async function released(): Promise<bigint> {
  const call = { address: stage.contracts.wrappedEther, abi: TOKEN, functionName: 'balanceOf' } as const
  return await stage.evm.readContract({ ...call, args: [depositor().address] })
}

async function deposit(value: bigint): Promise<void> {
  const hash = await stage.depositor.writeContract({
    ...{ address: stage.contracts.vault, abi: CollateralVault.abi, functionName: 'depositETH', chain: null },
    ...{ account: depositor(), args: [stage.clients.onEvm, stage.trader.address, soon(), ''], value },
  })
  await stage.evm.waitForTransactionReceipt({ hash })
}

async function withdraw(...amounts: bigint[]): Promise<void> {
  const messages = amounts.map((amount) => ({
    typeUrl: '/ibc.applications.transfer.v1.MsgTransfer',
    value: MsgTransfer.fromPartial({
      ...{ sourcePort: 'transfer', sourceChannel: stage.clients.onHub, sender: stage.trader.address },
      ...{ token: { denom: voucher, amount: amount.toString() }, timeoutTimestamp: soon() },
      receiver: depositor().address.toLowerCase(),
    }),
  }))
  await stage.trader.send(...messages)
}

async function delegate(operator: string, amount: bigint): Promise<void> {
  const message = { delegator: stage.trader.address, operator, amount: amount.toString() }
  const value = MsgDelegate.fromPartial(message)
  await stage.trader.send({ typeUrl: '/causeway.staking.v1.MsgDelegate', value })
}

/** Nothing waits on either chain for a packet or an acknowledgement. */
async function settled(): Promise<void> {
  const { hub, evm } = stage.chains
  // A deposit is told as pending when it is final.
  const { timestamp } = await stage.evm.getBlock()
  await waitFor('finality', async () => (await evm.head()).timeNanoseconds >= timestamp * GWEI || undefined)
  const isSettled = async () => {
    const pending = await Promise.all([
      hub.pendingSequences(stage.clients.onHub),
      evm.pendingSequences(stage.clients.onEvm),
    ])
    return pending.flat().length === 0 || undefined
  }
  await waitFor('everything to be acknowledged', isSettled, WAIT_MS)
}

/** How often the set that signs changed on the contract. */
async function rotations(): Promise<number> {
  const logs = await stage.evm.getContractEvents({
    ...{ address: stage.contracts.hubClient, abi: HubClient.abi, eventName: 'SetRotated', fromBlock: 0n },
  })
  return logs.length
}

async function nonce(blockTag: 'latest' | 'pending'): Promise<number> {
  return await stage.evm.getTransactionCount({ address: payerAddress(), blockTag })
}

/** The transaction of the relayer's wallet with this nonce that is in a block. */
async function feesOf(wanted: number): Promise<{ maxFeePerGas: bigint }> {
  for (let number = await stage.evm.getBlockNumber(); number > 0n; number -= 1n) {
    const { transactions } = await stage.evm.getBlock({ blockNumber: number, includeTransactions: true })
    const found = transactions.find(
      (one) => one.nonce === wanted && one.from.toLowerCase() === payerAddress().toLowerCase(),
    )
    if (found) return { maxFeePerGas: found.maxFeePerGas ?? 0n }
  }
  throw new Error(`no block has a transaction with nonce ${wanted}`)
}

async function command(...args: string[]) {
  return await runRelayerCommand(stage.env, ...args, '-c', writeRelayerConfig(stage.config))
}

async function request(method: string, ...params: unknown[]): Promise<void> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  await fetch(stage.ethereum.rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
}
