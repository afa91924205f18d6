// The timeline over a cluster with the real programs: finality, forks, refunds, hostile lines, many at once.
import { Keypair, SystemProgram } from '@solana/web3.js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { depositInstruction } from '@causeway/contracts-solana'
import { ERROR_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT, packetReceiptKey } from '@causeway/messaging'
import { toBech32 } from '@causeway/primitives'
import { emptyTables } from '../database/empty-tables.ts'
import type { Database } from '../database/open-database.ts'
import { HUB_ACCOUNT, deposit, done, openWallet } from '../../../../contracts/solana/test/bridge.fixture.ts'
import { HUB_CLIENT, START_SECONDS } from '../../../../contracts/solana/test/hub.fixture.ts'
import {
  acknowledge,
  answerOnHub,
  receive,
  sendOnHub,
  timeOut,
  withdrawal,
} from '../../../../contracts/solana/test/relay.fixture.ts'
import { send, setNow } from '../../../../contracts/solana/test/svm.fixture.ts'
import { FollowedCluster, emptyDatabase, until } from './followed-cluster.fixture.ts'
import { HUB, RecordedCluster, type Recorded } from './recorded-cluster.fixture.ts'

/** An account of the hub. */
const OWNER = toBech32('cway', new Uint8Array(20).fill(7))

let database: Database
let cluster: RecordedCluster
let followed: FollowedCluster

/** Sequences that the core gave so far. */
let sent = 0n

beforeAll(async () => {
  database = await emptyDatabase()
  cluster = new RecordedCluster()
})

beforeEach(async () => {
  await emptyTables(database.writer)
  followed = new FollowedCluster(cluster, database)
})

afterEach(() => followed.stop())

afterAll(async () => {
  await cluster.close()
  await database.close()
})

describe('a deposit', () => {
  it('is shown when it is confirmed, and is final when its slot is', async () => {
    await followed.start()
    const sequence = depositFor(OWNER, 5_000_000n)
    const { signature } = cluster.last
    const slot = cluster.produce(2)
    await followed.caughtUp()
    expect(await followed.transfer(sequence)).toBeUndefined()
    cluster.confirm()
    await until(async () => (await followed.transfer(sequence)) !== undefined)
    expect(await followed.transfer(sequence)).toMatchObject({
      ...{ sent_final: false, sent_transaction: signature, sent_height: String(slot) },
      ...{ provable_height: String(slot), destination_chain_id: HUB, destination_client: HUB_CLIENT },
      ...{ amount: '5000000', denom: cluster.bridge.line.mint.toBase58(), account: OWNER },
      sender: cluster.bridge.owner.publicKey.toBase58(),
    })
    expect(await followed.count('block')).toBe(0)
    cluster.finalize()
    await until(async () => (await followed.transfer(sequence))?.sent_final === true)
    expect(await followed.transfer(sequence)).toMatchObject({
      sent_transaction: signature,
      sent_time_nanoseconds: String((START_SECONDS + BigInt(slot)) * 1_000_000_000n),
    })
    expect(await followed.count('transaction')).toBe(1)
    const clients = await database.reader.query('SELECT * FROM client')
    expect(clients).toMatchObject([
      { client_id: 'client-0', tracked_chain_id: HUB, counterparty_client_id: HUB_CLIENT },
    ])
  })

  it('goes with its fork, and comes back with the slot that took it in', async () => {
    await followed.start()
    const { sequence } = deposit(cluster.bridge, 1_000n, ++sent)
    const lost = cluster.produce()
    cluster.confirm()
    await until(async () => (await followed.transfer(sequence)) !== undefined)
    const transactions = cluster.lose(lost)
    await until(async () => (await followed.transfer(sequence)) === undefined)
    const slot = cluster.produce(3, transactions)
    cluster.confirm()
    await until(async () => (await followed.transfer(sequence))?.sent_height === String(slot))
    cluster.finalize()
    await until(async () => (await followed.transfer(sequence))?.sent_final === true)
    expect(await followed.transfer(sequence)).toMatchObject({ sent_height: String(slot), amount: '1000' })
    expect(await followed.count('transfer')).toBe(1)
  })

  it('keeps nothing of a fork that was lost while nobody looked', async () => {
    await followed.start()
    const { sequence } = deposit(cluster.bridge, 1_000n, ++sent)
    const lost = cluster.produce()
    cluster.confirm()
    await until(async () => (await followed.transfer(sequence)) !== undefined)
    await followed.stop()
    cluster.lose(lost)
    cluster.produce()
    cluster.finalize()
    await followed.start()
    await followed.caughtUp()
    expect(await followed.count('packet')).toBe(0)
    expect(await followed.count('transfer')).toBe(0)
  })

  it('ends with its acknowledgement, or with a refund when it was refused', async () => {
    const packets = [1, 2].map(() => deposit(cluster.bridge, 1_000n, ++sent))
    const [first, second] = packets.map(({ sequence }) => sequence) as [bigint, bigint]
    cluster.produce()
    cluster.finalize()
    await followed.start()
    await until(async () => (await followed.transfer(second))?.sent_final === true)
    const answers = [SUCCESS_ACKNOWLEDGEMENT, ERROR_ACKNOWLEDGEMENT]
    const signatures: string[] = []
    for (const [index, packet] of packets.entries()) {
      const consensus = answerOnHub(cluster.bridge, packet, answers[index]!)
      expect((await acknowledge(cluster.bridge, packet, answers[index]!, consensus)).error).toBeUndefined()
      signatures.push(cluster.last.signature)
    }
    const slot = cluster.produce()
    cluster.confirm()
    await until(async () => (await followed.transfer(second))?.acknowledged_height === String(slot))
    const ended = await followed.transfer(first)
    expect(ended).toMatchObject({ acknowledged_final: false, acknowledged_transaction: signatures[0]! })
    // What the fork takes back is the end, not the deposit.
    const transactions = cluster.lose(slot)
    await until(async () => (await followed.transfer(second))?.acknowledged_height === null)
    expect(await followed.transfer(second)).toMatchObject({ sent_final: true, acknowledged_final: true })
    const again = cluster.produce(1, transactions)
    cluster.finalize()
    await until(async () => (await followed.transfer(second))?.acknowledged_height === String(again))
    expect(await followed.transfer(second)).toMatchObject({ acknowledged_transaction: signatures[1]! })
    expect(await followed.transfer(first)).toMatchObject({ acknowledged_final: true })
  })

  it('is refunded after its timeout', async () => {
    const packet = deposit(cluster.bridge, 1_000n, ++sent, START_SECONDS + 60n)
    const { sequence } = packet
    cluster.produce()
    await followed.start()
    const late = START_SECONDS + 61n
    setNow(cluster.bridge, late)
    const consensus = cluster.bridge.hub.commit([], late)
    const key = packetReceiptKey(packet.destinationClient, packet.sequence)
    const proof = cluster.bridge.hub.prove(key)
    expect((await timeOut(cluster.bridge, packet, consensus, proof)).error).toBeUndefined()
    const { signature } = cluster.last
    const slot = cluster.produce()
    cluster.confirm()
    await until(async () => (await followed.transfer(sequence))?.timed_out_transaction === signature)
    expect(await followed.transfer(sequence)).toMatchObject({ timed_out_final: false, sent_final: false })
    cluster.finalize()
    await until(async () => (await followed.transfer(sequence))?.timed_out_final === true)
    expect(await followed.transfer(sequence)).toMatchObject({
      timed_out_height: String(slot),
      sent_final: true,
    })
  })
})

describe('a withdrawal', () => {
  it('arrives, is taken back with its fork, and arrives for good', async () => {
    const recipient = Keypair.generate().publicKey
    openWallet(cluster.bridge, recipient)
    deposit(cluster.bridge, 1_000_000n, ++sent)
    cluster.produce()
    cluster.finalize()
    await followed.start()
    const packet = withdrawal(cluster.bridge, { sequence: 1n, recipient, amount: 400n })
    const consensus = sendOnHub(cluster.bridge, packet)
    expect((await receive(cluster.bridge, packet, consensus, recipient)).error).toBeUndefined()
    const { signature } = cluster.last
    const slot = cluster.produce()
    cluster.confirm()
    await until(async () => (await followed.transfer(1n, HUB)) !== undefined)
    expect(await followed.transfer(1n, HUB)).toMatchObject({
      ...{ received_final: false, accepted: true, received_transaction: signature, amount: '400' },
      ...{ destination_chain_id: cluster.chainId, receiver: recipient.toBase58(), sender: HUB_ACCOUNT },
    })
    const transactions = cluster.lose(slot)
    // The hub has not been read: without the receipt nothing is known of it.
    await until(async () => (await followed.transfer(1n, HUB)) === undefined)
    cluster.produce(1, transactions)
    cluster.finalize()
    await until(async () => (await followed.transfer(1n, HUB))?.received_final === true)
    expect(await followed.transfer(1n, HUB)).toMatchObject({
      accepted: true,
      received_transaction: signature,
    })
  })
})

describe('what is no deposit', () => {
  it('counts for nothing: failures, transactions that name the core, imitated events', async () => {
    const { bridge } = cluster
    const { sequence } = deposit(bridge, 1_000n, ++sent)
    const real = cluster.last
    cluster.produce()
    // Another sequence than the next: the core refuses it.
    expect(() => deposit(bridge, 1_000n, sequence)).toThrow()
    expect(cluster.last.error).not.toBeNull()
    const naming = SystemProgram.transfer({
      ...{ fromPubkey: bridge.payer.publicKey, toPubkey: bridge.owner.publicKey, lamports: 10_000_000n },
    })
    naming.keys.push({ pubkey: bridge.core, isSigner: false, isWritable: false })
    expect(send(bridge, [naming]).error).toBeUndefined()
    cluster.produce(0, [cluster.last, imitation(real)])
    cluster.finalize()
    await followed.start()
    await followed.caughtUp()
    expect(await followed.count('packet')).toBe(1)
    expect(await followed.transfer(sequence)).toMatchObject({ sent_transaction: real.signature })
  })

  /** Another program, called by the core and beside it, is told what the core told. */
  function imitation(real: Recorded) {
    const core = real.accountKeys.indexOf(cluster.bridge.core.toBase58())
    const other = Keypair.generate().publicKey.toBase58()
    const inner = real.inner.map(({ index, instructions }) => ({
      index,
      instructions: instructions.map((each) => ({
        ...{
          ...each,
          programIdIndex: each.programIdIndex === core ? real.accountKeys.length : each.programIdIndex,
        },
      })),
    }))
    return { ...real, signature: 'A'.repeat(87), accountKeys: [...real.accountKeys, other], inner }
  }
})

describe('fifty deposits in one slot', () => {
  it('are all there, in their order, with a bounded number of requests', async () => {
    for (let count = 1n; count <= 50n; count++) deposit(cluster.bridge, count, ++sent)
    const slot = cluster.produce()
    await followed.start()
    cluster.confirm()
    await until(async () => (await followed.count('transfer')) === 50)
    cluster.asked.clear()
    cluster.finalize()
    await until(() => followed.status.indexedHeight === BigInt(slot))
    const rows = (await database.reader.query(
      `SELECT t.position, p.sequence, p.sent_final FROM packet p
        JOIN transaction t ON t.hash = p.sent_transaction ORDER BY p.sequence`,
    )) as { position: number; sent_final: boolean }[]
    expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: 50 }, (_, index) => index))
    expect(rows.every(({ sent_final: isFinal }) => isFinal)).toBe(true)
    expect(cluster.asked.get('getTransaction')).toBe(50)
  })
})

/** A deposit into an account of the hub; its sequence. */
function depositFor(receiver: string, amount: bigint): bigint {
  const { bridge } = cluster
  const order = { amount, timeoutSeconds: START_SECONDS + 3_600n, receiver, memo: '' }
  const from = { depositor: bridge.owner.publicKey, payer: bridge.payer.publicKey, sequences: [++sent] }
  done(send(bridge, [depositInstruction(bridge.line, order, from)], [bridge.owner]))
  return sent
}
