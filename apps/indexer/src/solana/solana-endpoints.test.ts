// Nodes that fail, lie or have forgotten, and a follower that is killed wherever it can be.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { emptyTables } from '../database/empty-tables.ts'
import type { Database } from '../database/open-database.ts'
import { deposit } from '../../../../contracts/solana/test/bridge.fixture.ts'
import { FollowedCluster, emptyDatabase, until } from './followed-cluster.fixture.ts'
import { RecordedCluster, type Fault } from './recorded-cluster.fixture.ts'

let database: Database
let cluster: RecordedCluster
let followed: FollowedCluster
let sent = 0n

beforeAll(async () => {
  database = await emptyDatabase()
  cluster = new RecordedCluster()
})

beforeEach(async () => {
  await emptyTables(database.writer)
  followed = new FollowedCluster(cluster, database)
})

afterEach(async () => {
  await followed.stop()
  cluster.fault = () => undefined
  cluster.firstBlock = 0
})

afterAll(async () => {
  await cluster.close()
  await database.close()
})

/** Deposits in slots of their own; all final. */
function finalDeposits(count: number): bigint[] {
  const sequences = Array.from({ length: count }, () => {
    deposit(cluster.bridge, 1_000n, ++sent)
    cluster.produce(1)
    return sent
  })
  cluster.finalize()
  return sequences
}

describe('a node', () => {
  it('of another cluster is refused, and nothing of it is written', async () => {
    finalDeposits(1)
    await followed.start({ chainId: `solana:${'1'.repeat(32)}` })
    await until(() => followed.status.state === 'REFUSED')
    expect(followed.status.lastError?.kind).toBe('wrong-chain')
    expect(await followed.count('chain')).toBe(0)
    expect(cluster.asked.get('getSignaturesForAddress') ?? 0).toBe(0)
  })

  it('that has forgotten the beginning is left for one that has not', async () => {
    const [sequence] = finalDeposits(1)
    const late = await cluster.listen((method) =>
      method === 'getFirstAvailableBlock' ? cluster.final : undefined,
    )
    await followed.start({ rpcUrls: [late, await cluster.node()] })
    await until(async () => (await followed.transfer(sequence!)) !== undefined)
  })

  const lies: Record<string, [string, Fault]> = {
    'an answer that is none': ['malformed', (method) => (method === 'getSlot' ? 'many' : undefined)],
    'a transaction in another slot': [
      'wrong-transactions',
      (method, _parameters, honest) =>
        method === 'getTransaction' ? { ...(honest() as object), slot: 3 } : undefined,
    ],
    'a failed transaction as one that succeeded': [
      'wrong-transactions',
      (method, _parameters, honest) => {
        if (method !== 'getTransaction') return undefined
        const answer = honest() as { meta: object }
        return { ...answer, meta: { ...answer.meta, err: 'AccountInUse' } }
      },
    ],
    'another transaction': [
      'wrong-transactions',
      (method, _parameters, honest) =>
        method === 'getTransaction'
          ? { ...(honest() as object), transaction: { signatures: ['1'], message: MESSAGE } }
          : undefined,
    ],
    'a list in another order': [
      'malformed',
      (method, _parameters, honest) =>
        method === 'getSignaturesForAddress' ? (honest() as unknown[]).toReversed() : undefined,
    ],
    'an older page that is newer': [
      'malformed',
      (method, parameters, honest) => {
        if (method !== 'getSignaturesForAddress') return undefined
        const [, options] = parameters as [string, { before?: string }]
        const page = (honest() as { slot: number }[]).slice(0, 1)
        return options.before === undefined ? page : page.map((one) => ({ ...one, slot: cluster.final + 1 }))
      },
    ],
    'no transaction': ['behind', (method) => (method === 'getTransaction' ? null : undefined)],
    'no block': ['rpc-error', (method) => (method === 'getBlock' ? fail() : undefined)],
  }
  it.each(Object.entries(lies))('that answers %s is left for an honest one', async (_name, [kind, fault]) => {
    const sequences = finalDeposits(2)
    const lying = await cluster.listen(fault)
    await followed.start({ rpcUrls: [lying] })
    await until(() => followed.status.lastError?.kind === kind)
    expect(await followed.transfer(sequences[0]!)).toBeUndefined()
    await followed.stop()
    await followed.start({ rpcUrls: [lying, await cluster.node()] })
    await until(async () => (await followed.transfer(sequences[1]!)) !== undefined)
    expect(await followed.transfer(sequences[0]!)).toMatchObject({ sent_final: true })
  })

  it('that confirms what is final otherwise changes nothing', async () => {
    const [sequence] = finalDeposits(1)
    const { signature } = cluster.last
    await followed.start()
    await until(async () => (await followed.transfer(sequence!)) !== undefined)
    // The same packet again, in a transaction of its own, above what is final.
    const again = { ...cluster.last, signature: 'B'.repeat(87) }
    deposit(cluster.bridge, 1_000n, ++sent)
    const other = cluster.last
    cluster.produce(0, [again, other])
    cluster.confirm()
    await until(async () => (await followed.transfer(sent)) !== undefined)
    expect(await followed.transfer(sequence!)).toMatchObject({
      sent_transaction: signature,
      sent_final: true,
    })
    cluster.lose(cluster.newest)
  })

  it('that gives few at once is asked until it has no more', async () => {
    const sequences = finalDeposits(7)
    cluster.fault = (method, _parameters, honest) =>
      method === 'getSignaturesForAddress' ? (honest() as unknown[]).slice(0, 2) : undefined
    await followed.start()
    await until(async () => (await followed.transfer(sequences[6]!)) !== undefined)
    expect(await followed.count('packet')).toBe(7)
  })
})

const MESSAGE = { accountKeys: [], header: { numRequiredSignatures: 1 } }

function fail(): never {
  throw new Error('Block not available for slot')
}

describe('a follower that starts again', () => {
  it('goes on where it stood, with as little to ask', async () => {
    const [first] = finalDeposits(1)
    await followed.start()
    await until(async () => (await followed.transfer(first!)) !== undefined)
    await followed.stop()
    const [second] = finalDeposits(1)
    cluster.asked.clear()
    await followed.start()
    await until(async () => (await followed.transfer(second!)) !== undefined)
    expect(cluster.asked.get('getTransaction')).toBe(1)
    expect(await followed.count('transfer')).toBe(2)
  })

  it('refuses a node on another fork than its tables', async () => {
    finalDeposits(1)
    await followed.start()
    await followed.caughtUp()
    await followed.stop()
    const forked = await cluster.listen((method, _parameters, honest) =>
      method === 'getBlock' ? { ...(honest() as object), blockhash: '1'.repeat(32) } : undefined,
    )
    finalDeposits(1)
    await followed.start({ rpcUrls: [forked] })
    await until(() => followed.status.state === 'REFUSED')
    expect(followed.status.lastError?.kind).toBe('wrong-parent')
    expect(await followed.count('transfer')).toBe(1)
  })

  it('has the same tables wherever it was killed', async () => {
    finalDeposits(5)
    deposit(cluster.bridge, 1_000n, ++sent)
    cluster.produce()
    cluster.confirm()
    const whole = await untilKilled(Number.POSITIVE_INFINITY)
    expect(whole.writes).toBeGreaterThan(2)
    for (let kill = 1; kill < 2 * whole.writes; kill++) {
      await emptyTables(database.writer)
      await untilKilled(kill)
      expect(await tablesAfterAll(), `killed at ${kill}`).toEqual(whole.tables)
    }
    cluster.lose(cluster.newest)
  })

  async function tablesAfterAll(): Promise<unknown> {
    await followed.start()
    await until(async () => (await followed.count('packet')) === 6)
    await followed.caughtUp()
    await followed.stop()
    return followed.checksums()
  }

  /** Follows until the database goes away, before (odd) or after (even) one of its transactions. */
  async function untilKilled(kill: number): Promise<{ writes: number; tables: unknown }> {
    let writes = 0
    let isDead = false
    const transaction = async (run: (manager: never) => Promise<void>): Promise<void> => {
      writes++
      if (isDead || 2 * writes - 1 === kill) isDead = true
      else await database.writer.transaction(run as never)
      if (2 * writes === kill) isDead = true
      if (isDead) throw new Error('killed')
    }
    const writer = new Proxy(database.writer, {
      get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name)),
    })
    const before = followed
    await followed.start({}, { ...database, writer })
    await until(
      async () => isDead || (kill === Number.POSITIVE_INFINITY && (await before.count('packet')) === 6),
    )
    if (!isDead) await followed.caughtUp()
    await followed.stop()
    return { writes, tables: await followed.checksums() }
  }
})
