import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../database/open-database.ts'
import type { PacketRow } from '../database/packet-entities.ts'
import { writeChanges } from '../database/write-changes.ts'
import { change } from '../project/change.ts'
import { flowsByLine } from './line-flows.ts'
import { pageOfTransfers } from './transfers.ts'

const HUB = 'causeway-1'
const SOLANA = 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp'
const MINT = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v'
const [account, subaccount] = ['cway1owner', 0]

const sent = (isFinal = true): Partial<PacketRow> => ({ ...stage('sent'), sentFinal: isFinal })
const received = (isFinal = true): Partial<PacketRow> => ({
  ...{ ...stage('received'), accepted: true, receivedFinal: isFinal },
})
const acknowledged = (isFinal = true): Partial<PacketRow> => ({
  ...{ ...stage('acknowledged'), acknowledgedFinal: isFinal },
})
const timedOut = (isFinal = true): Partial<PacketRow> => ({ ...stage('timedOut'), timedOutFinal: isFinal })

/** Deposits and withdrawals: an amount, and how far each is. */
const deposits: [bigint, Partial<PacketRow>][] = [
  [1n, sent(false)],
  [2n, sent()],
  [4n, { ...sent(), ...received() }],
  [8n, { ...sent(), ...received(), ...acknowledged(false) }],
  [16n, { ...sent(), ...received(), ...acknowledged() }],
  [32n, { ...sent(), ...timedOut(false) }],
  [64n, { ...sent(), ...timedOut() }],
  [128n, { ...sent(), ...received(), accepted: false }],
]
const withdrawals: [bigint, Partial<PacketRow>][] = [
  [256n, sent()],
  [512n, { ...sent(), ...received(false) }],
  [1024n, { ...sent(), ...received() }],
]
let database: Database

beforeAll(async () => {
  database = await openDatabase({ kind: 'memory' })
  const line = {
    clientId: 'solana-0',
    denom: `transfer/solana-0/${MINT}`,
    asset: 5n,
    escrowed: 9n,
    height: 1n,
  }
  const client = { clientType: 'solana', trackedChainId: SOLANA }
  const rows = [
    change('line', { line: 3n }, {}, line),
    change('client', { chainId: HUB, clientId: 'solana-0' }, {}, client),
    ...deposits.flatMap(([amount, stages], index) => transfer(index, amount, stages, true)),
    ...withdrawals.flatMap(([amount, stages], index) => transfer(index, amount, stages, false)),
  ]
  await database.writer.transaction((manager) => writeChanges(manager, rows))
})

afterAll(() => database.close())

function stage(name: 'sent' | 'received' | 'acknowledged' | 'timedOut'): Partial<PacketRow> {
  return { [`${name}Height`]: 7n, [`${name}Transaction`]: 'x', [`${name}TimeNanoseconds`]: 1n }
}

function transfer(index: number, amount: bigint, stages: Partial<PacketRow>, isDeposit: boolean) {
  const [sourceChainId, destinationChainId] = isDeposit ? [SOLANA, HUB] : [HUB, SOLANA]
  const [sourceClient, destinationClient] = isDeposit ? ['client-0', 'solana-0'] : ['solana-0', 'client-0']
  const key = { sourceChainId, sourceClient, destinationClient, sequence: BigInt(index + 1) }
  const packet = { destinationChainId, sourceRevision: 0n, timeoutSeconds: 9_000n, payloadCount: 1 }
  const data = { orderTime: BigInt(index), sender: 's', receiver: 'r', memo: '', encoding: 'e', amount }
  const denom = isDeposit ? MINT : `transfer/solana-0/${MINT}`
  return [
    change('packet', key, { ...packet, ...stages }),
    change('transfer', { ...key, payloadIndex: 0 }, { ...data, denom, account, subaccount }),
  ]
}

describe('what an account moved over a line', () => {
  it('is told by how far it is', async () => {
    expect(await flowsByLine(database.reader, HUB, [account])).toEqual([
      {
        ...{ account, subaccount, line: 3n, asset: 5n },
        ...{ deposited: 4n + 8n + 16n, unfinal: 1n, arriving: 2n + 32n },
        ...{ withdrawn: 256n + 512n + 1024n, leaving: 256n + 512n },
      },
    ])
    expect(await flowsByLine(database.reader, HUB, ['cway1other'])).toEqual([])
    expect(await flowsByLine(database.reader, HUB, [])).toEqual([])
  })

  it('is in flight until its end is final', async () => {
    const filter = { chainId: SOLANA, unfinished: true }
    const { edges } = await pageOfTransfers(database.reader, filter, { first: 50 })
    const flying = new Map(edges.map(({ node }) => [node.amount, node]))
    expect([...flying.keys()].sort((a, b) => Number(a - b))).toEqual([
      ...[1n, 2n, 4n, 8n, 32n, 128n, 256n, 512n, 1024n],
    ])
    expect(flying.get(1n)).toMatchObject({ status: 'INCLUDED', sent: { isFinal: false } })
    expect(flying.get(8n)).toMatchObject({ status: 'CREDITED', acknowledged: { isFinal: false } })
    expect(flying.get(32n)).toMatchObject({ status: 'SENT', timedOut: { isFinal: false } })
    expect(flying.get(512n)).toMatchObject({ status: 'CREDITED', received: { isFinal: false } })
    const all = await pageOfTransfers(database.reader, { chainId: SOLANA }, { first: 50 })
    const ended = all.edges.flatMap(({ node }) => (flying.has(node.amount) ? [] : [node.status]))
    expect(ended.sort()).toEqual(['ACKNOWLEDGED', 'REFUNDED'])
  })
})
