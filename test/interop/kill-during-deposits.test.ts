// Fifty deposits while hub, relayer and indexer are killed with −9 at random instants and started again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testMnemonic } from '@causeway/devnet'
import { hasReceipt, pendingOn, provable } from './chain-queries.ts'
import { Chaos, generator } from './chaos.ts'
import { prepareParts, runCli } from './devnet-parts.ts'
import type { DevnetParts } from './devnet-parts.ts'
import { waitFor } from './processes.ts'
import { cosmosUser } from './simd-user.ts'
import type { CosmosUser } from './simd-user.ts'

const DEPOSITS = 50
const KILLS = 15
const WAIT_MS = 240_000
const CLIENT = '07-tendermint-0'
const FEE_ZONE = [{ denom: 'uzone', amount: '1000' }]

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const random = generator(seed)

let folder: string
let parts: DevnetParts
let onZone: CosmosUser
let isPassed = false

beforeAll(async () => {
  console.log(`seed ${seed}`)
  folder = mkdtempSync(join(tmpdir(), 'kill-during-deposits-'))
  parts = await prepareParts(folder)
  const { hub, zone, relayer, indexer, hubRpcUrl, zoneRpcUrl } = parts
  hub.start()
  zone.start()
  await Promise.all([provable(hubRpcUrl), provable(zoneRpcUrl)])
  await runCli('relayer', 'client', 'create', 'causeway-1', 'zone-1', '-c', parts.relayerConfig)
  relayer.start()
  indexer.start()
  const mnemonic = testMnemonic('trader', zoneRpcUrl)
  onZone = await cosmosUser(zoneRpcUrl, mnemonic, { prefix: 'zone', fee: FEE_ZONE })
})

afterAll(async () => {
  onZone?.close()
  if (parts !== undefined) {
    await Promise.all([parts.relayer.stop(), parts.indexer.stop(), parts.hub.stop(), parts.zone.stop()])
  }
  if (isPassed && process.env['KEEP'] === undefined) rmSync(folder, { recursive: true, force: true })
  else console.log(`logs are in ${folder}; the same instants again: SEED=${seed}`)
})

describe('kill −9 of hub, relayer and indexer at random during 50 deposits', () => {
  const amounts = Array.from({ length: DEPOSITS }, (_, i) => BigInt(1_000 + 7 * i))
  const sum = amounts.reduce((total, amount) => total + amount, 0n)
  const receiver = 'cway1k84406a4vl244mhwm2n475pa92sdc6nfxz27ht'

  it('credits every deposit exactly once', async () => {
    const before = await onZone.balance('uusd')
    const victims = [parts.hub, parts.relayer, parts.indexer]
    let [sent, killed] = [0, 0]
    // However slow the machine is, some are carried while everything is being killed
    const isCarried = async () => {
      const sentBefore = sent
      return (await pendingOn(parts.zoneRpcUrl, CLIENT)).length < sentBefore ? true : undefined
    }
    const beforeKill = async () => {
      if (++killed === Math.floor(KILLS / 2)) await waitFor('a packet to be carried', isCarried, WAIT_MS)
    }
    const chaos = new Chaos(victims, { kills: KILLS, random, waitMs: WAIT_MS, beforeKill })
    const killing = chaos.run()
    for (const [i, amount] of amounts.entries()) {
      // Spread over all kills, however slow the machine is
      await chaos.reached(Math.floor((i * KILLS) / DEPOSITS))
      const timeoutSeconds = BigInt(Math.floor(Date.now() / 1000)) + 3_600n
      await onZone.transfer({ client: CLIENT, denom: 'uusd', amount, receiver, timeoutSeconds })
      sent += 1
    }
    expect(before - (await onZone.balance('uusd'))).toBe(sum)
    await killing
    const pendingAtLastKill = (await pendingOn(parts.zoneRpcUrl, CLIENT)).length
    expect(pendingAtLastKill).toBeLessThan(DEPOSITS)
    const sentAt = performance.now()
    await waitFor(
      'every packet to be acknowledged',
      async () => ((await pendingOn(parts.zoneRpcUrl, CLIENT)).length === 0 ? true : undefined),
      WAIT_MS,
    )
    const seconds = ((performance.now() - sentAt) / 1000).toFixed(1)
    console.log(
      `${chaos.summary()}; ${pendingAtLastKill} pending after the last kill, none ${seconds} s later`,
    )
    for (const { kills, endings } of [parts.hub, parts.relayer, parts.indexer]) {
      expect(kills).toBeGreaterThanOrEqual(3)
      expect(endings).toBe(0) // nobody fell over because another was gone
    }

    // The last to be killed may be the hub, with nothing left to carry
    await provable(parts.hubRpcUrl)
    const receipts = await Promise.all(
      amounts.map((_, i) => hasReceipt(parts.hubRpcUrl, CLIENT, BigInt(i + 1))),
    )
    expect(receipts.filter(Boolean)).toHaveLength(DEPOSITS)
    expect(await hasReceipt(parts.hubRpcUrl, CLIENT, BigInt(DEPOSITS + 1))).toBe(false)
    expect(await balanceOnHub(receiver)).toBe(sum)
  })

  it('and the indexer agrees with the hub', async () => {
    const transfers = await waitFor(
      'the indexer to have all of them',
      async () => {
        const found = await transfersOf(receiver)
        return found.every(({ status }) => status === 'ACKNOWLEDGED') && found.length >= DEPOSITS
          ? found
          : undefined
      },
      WAIT_MS,
    )
    expect(transfers).toHaveLength(DEPOSITS)
    const sequences = transfers.map(({ sequence }) => Number(sequence)).sort((a, b) => a - b)
    expect(sequences).toEqual(amounts.map((_, i) => i + 1))
    for (const { sequence, amount } of transfers) expect(BigInt(amount)).toBe(amounts[Number(sequence) - 1])
    // Proven from the hub's state; the indexer refuses to answer when its own tables say something else.
    const asset = await waitFor('the position', async () => {
      const found = await assetOf(receiver)
      return found?.amount === sum.toString() ? found : undefined
    })
    expect(asset.lines).toEqual([{ escrowed: sum.toString() }])
  })

  it('and the invariants of the hub hold', async () => {
    expect(await parts.hub.stop()).toBe(0)
    expect(await runCli('hub', 'invariants', '--home', parts.hubHome)).toContain('all invariants hold')
    isPassed = true
  })
})

async function balanceOnHub(address: string): Promise<bigint> {
  const user = await cosmosUser(parts.hubRpcUrl, testMnemonic('trader', parts.hubRpcUrl), { prefix: 'cway' })
  try {
    expect(user.address).toBe(address)
    return await user.balance('usdz')
  } finally {
    user.close()
  }
}

interface TransferRow {
  readonly status: string
  readonly sequence: string
  readonly amount: string
}

async function transfersOf(owner: string): Promise<readonly TransferRow[]> {
  const text = `{ transfers(owner: "${owner}", first: 100) { edges { node { status sequence amount } } } }`
  const { transfers } = await graphql<{ transfers: { edges: { node: TransferRow }[] } }>(text)
  return transfers.edges.map(({ node }) => node)
}

async function assetOf(owner: string) {
  interface Asset {
    readonly denom: string
    readonly amount: string
    readonly lines: unknown
  }
  const { portfolio } = await graphql<{
    portfolio: { accounts: { subaccounts: { collateral: Asset[] }[] }[] } | null
  }>(
    `{ portfolio(owner: "${owner}") {
      accounts { subaccounts { collateral { denom amount lines { escrowed } } } }
    } }`,
  )
  const subaccounts = portfolio?.accounts.flatMap((account) => account.subaccounts) ?? []
  return subaccounts.flatMap(({ collateral }) => collateral).find(({ denom }) => denom === 'usdz')
}

async function graphql<Answer>(text: string): Promise<Answer> {
  const response = await fetch(parts.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text }),
  })
  const { data, errors } = (await response.json()) as { data?: Answer; errors?: { message: string }[] }
  if (data === undefined || errors !== undefined) throw new Error(errors?.[0]?.message ?? 'no answer')
  return data
}
