import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { sha256, toHexUpper, utf8 } from '@causeway/primitives'
import { MsgSendPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { createRoute } from '@causeway/relayer'
import type { Chain, Relayer, RelayerConfigInput } from '@causeway/relayer'

import { killRelayer, runRelayerCommand, spawnRelayer, writeRelayerConfig } from './relayer-process.ts'
import { need, startSimdPair, until } from './simd-pair.ts'
import type { SimdPair } from './simd-pair.ts'
import { cosmosUser } from './simd-user.ts'
import type { CosmosUser } from './simd-user.ts'

let pair: SimdPair
let { a, b, chainA, chainB, clients, env } = {} as SimdPair
let userA: CosmosUser
let userB: CosmosUser

beforeAll(async () => {
  pair = await startSimdPair()
  ;({ a, b, chainA, chainB, clients, env } = pair)
  userA = await cosmosUser(a.rpcUrl, a.mnemonic('user'))
  userB = await cosmosUser(b.rpcUrl, b.mnemonic('user'))
})

afterAll(async () => {
  userA?.close()
  userB?.close()
  await pair?.stop()
})

const start = (keys?: string, settings?: RelayerConfigInput) => pair.start(keys, settings)

describe('clients', () => {
  it('are created once: a second run finds them, a dry run sends nothing', async () => {
    const steps: string[] = []
    expect(await createRoute({ a: chainA, b: chainB, onStep: (step) => steps.push(step) })).toEqual(clients)
    expect(steps).toEqual([])
    await createRoute({
      a: chainA,
      b: chainB,
      adopt: false,
      dryRun: true,
      onStep: (step) => steps.push(step),
    })
    expect(steps).toHaveLength(4)
    expect(await chainA.ownClients(b.chainId)).toEqual([clients.clientOnA])
  })

  it('an interrupted creation is continued with the client that it had made', async () => {
    const seed = await chainB.clientSeed({})
    const { clientId } = await chainA.createClient(seed)
    const continued = await createRoute({ a: chainA, b: chainB, clientOnA: clientId })
    expect(continued.clientOnA).toBe(clientId)
    expect((await chainB.counterparty(continued.clientOnB))?.clientId).toBe(clientId)
  })
})

describe('transfers', () => {
  it('go both ways with acknowledgements, within two blocks after the source is final', async () => {
    const relayer = await start()
    const added: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const sentAt = await userA.transfer(toB(200n), toB(100n))
      await settled(chainA, clients.clientOnA)
      added.push(await blocksAdded(relayer, sentAt))
    }
    expect(await userB.balance(voucherOnB())).toBe(1_500n)
    // The least of five is what the path costs; the others tell what the machine was doing beside it.
    console.log(`blocks from source finality to receipt: ${added.join(', ')}`)
    expect(Math.min(...added)).toBeLessThanOrEqual(2)

    const before = await userA.balance('stake')
    await userB.transfer({
      ...toB(600n),
      client: clients.clientOnB,
      denom: voucherOnB(),
      receiver: userA.address,
    })
    await settled(chainB, clients.clientOnB)
    expect(await userA.balance('stake')).toBe(before + 600n)
    expect(await userB.balance(voucherOnB())).toBe(900n)
    await relayer.stop()
  })

  it('time out with a refund, in both directions', async () => {
    const [beforeA, beforeB] = [await userA.balance('stake'), await userB.balance('stake')]
    const timeoutSeconds = (await chainTime(chainA)) + 5n
    await userA.transfer({ ...toB(77n), timeoutSeconds })
    await userB.transfer({ ...toA(88n), timeoutSeconds })
    expect(await userA.balance('stake')).toBe(beforeA - 77n)
    await until(
      async () => (await chainTime(chainA)) > timeoutSeconds && (await chainTime(chainB)) > timeoutSeconds,
    )
    const relayer = await start()
    await Promise.all([settled(chainA, clients.clientOnA), settled(chainB, clients.clientOnB)])
    expect(await userA.balance('stake')).toBe(beforeA)
    expect(await userB.balance('stake')).toBe(beforeB)
    await relayer.stop()
  })

  it('are refunded by an error acknowledgement when the receiver is not acceptable', async () => {
    const before = await userA.balance('stake')
    const relayer = await start()
    await userA.transfer({ ...toB(5n), receiver: 'not-an-address' })
    await settled(chainA, clients.clientOnA)
    expect(await userA.balance('stake')).toBe(before)
    await relayer.stop()
  })
})

describe('faults', () => {
  it('kill −9 three times in the middle of 50 transfers: each is delivered exactly once', async () => {
    const before = await userB.balance(voucherOnB())
    const file = writeRelayerConfig(pair.config())
    let process = runProcess('start', file)
    for (let batch = 0; batch < 10; batch += 1) {
      await userA.transfer(...Array.from({ length: 5 }, () => toB(1n)))
      if (![3, 6, 8].includes(batch)) continue
      // The first two die right after a delivery, with acknowledgements on the way; the third before
      // anything is relayed.
      const delivered = before + BigInt(5 * batch)
      if (batch < 8) await until(async () => (await userB.balance(voucherOnB())) > delivered)
      await killRelayer(process, 'SIGKILL')
      process = runProcess('start', file)
    }
    await settled(chainA, clients.clientOnA)
    expect(await userB.balance(voucherOnB())).toBe(before + 50n)
    await killRelayer(process, 'SIGTERM')
    const { out, code } = await runCommand('clear', '-c', file)
    expect({ out, code }).toEqual({ out: ['nothing is pending'], code: 0 })
  })

  it('two relayers racing on one route lose nothing and double nothing', async () => {
    const before = await userB.balance(voucherOnB())
    const racers = await Promise.all([start(), start('SECOND')])
    for (let batch = 0; batch < 4; batch += 1)
      await userA.transfer(...Array.from({ length: 5 }, () => toB(2n)))
    await settled(chainA, clients.clientOnA)
    expect(await userB.balance(voucherOnB())).toBe(before + 40n)
    await Promise.all(racers.map((relayer) => relayer.stop()))
  })

  it('a poison packet holds up nobody, is set apart, and times out in the end', async () => {
    const before = await userB.balance(voucherOnB())
    const timeoutSeconds = (await chainTime(chainA)) + 20n
    await userA.send(poison(timeoutSeconds))
    await userA.transfer(toB(3n), toB(4n))
    const relayer = await start()
    await until(async () => (await userB.balance(voucherOnB())) === before + 7n)
    await until(async () => (await chainA.pendingSequences(clients.clientOnA)).length === 1)
    expect((await chainA.head()).timeNanoseconds / 1_000_000_000n).toBeLessThan(timeoutSeconds)
    await settled(chainA, clients.clientOnA)
    await relayer.stop()
  })

  it('a dead endpoint is passed over, reported, and keeps the relayer from being ready', async () => {
    const settings = pair.config()
    const [first, second] = settings.chains
    const relayer = await start('KEY', {
      ...settings,
      chains: [{ ...need(first), rpc: ['http://127.0.0.1:9', a.rpcUrl] }, need(second)],
    })
    const before = await userB.balance(voucherOnB())
    await userA.transfer(toB(9n))
    await settled(chainA, clients.clientOnA)
    expect(await userB.balance(voucherOnB())).toBe(before + 9n)
    await until(() =>
      Promise.resolve(relayer.unreadiness().some((reason) => reason.includes('127.0.0.1:9 is stale'))),
    )
    const ready = await fetch(`${relayer.url}/ready`)
    expect(ready.status).toBe(503)
    expect((await fetch(`${relayer.url}/health`)).status).toBe(200)
    await relayer.stop()
  })
})

describe('commands', () => {
  it('status shows both directions, as a table and as JSON', async () => {
    const file = writeRelayerConfig(pair.config())
    const { out } = await runCommand('status', '--json', '-c', file)
    const directions = JSON.parse(out.join('\n')) as { from: string; pending: number; clientStatus: string }[]
    expect(directions).toMatchObject([
      { from: a.chainId, to: b.chainId, pending: 0, clientStatus: 'Active' },
      { from: b.chainId, to: a.chainId, pending: 0, clientStatus: 'Active' },
    ])
    const table = await runCommand('status', '-c', file)
    expect(table.out.join('\n')).toMatch(/ROUTE +FROM +TO .*\n.*ab +sim-a-1 +sim-b-1/)
  })

  it('clear relays what is pending, and ends with 0; nothing of it holds a secret', async () => {
    await userA.transfer(toB(11n))
    const { out, err, code } = await runCommand('clear', '-c', writeRelayerConfig(pair.config()))
    expect({ out, code }).toEqual({ out: ['nothing is pending'], code: 0 })
    expect(await chainA.pendingSequences(clients.clientOnA)).toEqual([])
    for (const secret of Object.values(env)) expect([...out, ...err].join()).not.toContain(secret)
  })
})

const runCommand = (...args: string[]) => runRelayerCommand(env, ...args)
const runProcess = (command: string, file: string) => spawnRelayer(command, file, env)

function toB(amount: bigint) {
  const timeoutSeconds = BigInt(Math.floor(Date.now() / 1000)) + 3_600n
  return { client: clients.clientOnA, amount, receiver: userB.address, timeoutSeconds }
}

function toA(amount: bigint) {
  return { ...toB(amount), client: clients.clientOnB, receiver: userA.address }
}

/** A packet to a port that nobody listens on: simd fails the whole transaction and blames no message. */
function poison(timeoutTimestamp: bigint) {
  const payload = {
    sourcePort: 'mockv2A',
    destinationPort: 'nobodyhere',
    version: 'mock-version',
    encoding: 'application/x-protobuf',
    value: utf8('mock packet data'),
  }
  const value = MsgSendPacket.fromPartial({
    sourceClient: clients.clientOnA,
    timeoutTimestamp,
    payloads: [payload],
    signer: userA.address,
  })
  return { typeUrl: '/ibc.core.channel.v2.MsgSendPacket', value }
}

function voucherOnB(): string {
  return `ibc/${toHexUpper(sha256(utf8(`transfer/${clients.clientOnB}/stake`)))}`
}

/** Blocks of B from when A's proving header existed to the one that received the newest packet. */
async function blocksAdded(relayer: Relayer, sentAt: number): Promise<number> {
  const done = await relayer.journal.history(`ab/${b.chainId}`)
  const heights = done.filter((one) => one.key.startsWith('recv/')).map((one) => Number(one.ending.height))
  const finalAt = await chainA.blockTime(BigInt(sentAt) + 1n)
  let blocks = 0
  for (let height = BigInt(Math.max(...heights)); height > 0n; height -= 1n, blocks += 1) {
    if ((await chainB.blockTime(height)) <= finalAt) break
  }
  return blocks
}

async function settled(chain: Chain, client: string): Promise<void> {
  await until(async () => (await chain.pendingSequences(client)).length === 0)
}

async function chainTime(chain: Chain): Promise<bigint> {
  return (await chain.head()).timeNanoseconds / 1_000_000_000n
}
