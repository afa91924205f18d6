import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { recorderAddress, rootsAddress } from '@causeway/contracts-solana'
import { EMPTY_FRONTIER, encodeRootAccount, createSparseTree, taggedRoot } from '@causeway/light-clients'
import { concatBytes, utf8 } from '@causeway/primitives'
import { PublicKey } from '@solana/web3.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { testView, testWork } from '../plan/lane.fixture.ts'
import {
  GENESIS_HASH,
  GENESIS_SECONDS,
  littleCluster,
  madeAccount,
  startupAt,
} from './bank/cluster.fixture.ts'
import type { MadeBank, LittleCluster } from './bank/cluster.fixture.ts'
import type { SolanaProofSide } from './proof-side.ts'
import { encodeRecord } from './stream/records.fixture.ts'
import { openProofSide } from './open-proof-side.ts'

const CORE = new PublicKey(new Uint8Array(32).fill(3))
const RECORDER = new PublicKey(new Uint8Array(32).fill(4))
const CLIENT = 'client-0'
const ROOT = rootsAddress(CORE, CLIENT).toBytes()
/** Slots that write the root account. */
const WRITTEN = [14n, 18n]

let cluster: LittleCluster
let banks: MadeBank[]
let side: SolanaProofSide
const closers: (() => void)[] = []

beforeEach(async () => {
  cluster = await littleCluster()
  const recorder = recorderAddress(RECORDER).toBytes()
  banks = cluster.banksTo(cluster.genesis, 40n, (slot) => ({
    changes: [
      ...(slot === 2n ? [[recorder, cluster.recorded(0n)] as const] : []),
      ...(slot === 20n ? [[recorder, cluster.recorded(1n)] as const] : []),
      ...(WRITTEN.includes(slot) ? [[ROOT, rootAccount(slot)] as const] : []),
    ],
  }))
  const stream = await serve(banks[9]!, banks.slice(10, 30))
  side = await openProofSide({
    ...{ stream, chainId: 'solana:x', genesisHash: GENESIS_HASH, core: CORE, clientId: CLIENT },
    ...{ recorder: RECORDER, clientTerms: { trustingPeriodSeconds: 1_000n, maxClockDriftSeconds: 5n } },
    history: { upTo: async () => [], reread: async () => undefined },
  })
  await vi.waitUntil(async () => (await side.newestFinal()).height === 25n, { timeout: 30_000 })
})

afterEach(async () => {
  await side.close()
  for (const close of closers.splice(0)) close()
})

/** A root account without packets, touched so many times. */
function rootAccount(touches: bigint) {
  const empty = createSparseTree().root()
  const root = (kind: 'commitments' | 'receipts') => taggedRoot(kind, utf8(CLIENT), empty)
  const roots = { commitmentsRoot: root('commitments'), receiptsRoot: root('receipts') }
  return madeAccount(encodeRootAccount({ touches, sent: 0n, ...roots }, EMPTY_FRONTIER.nodes), CORE.toBytes())
}

async function serve(start: MadeBank, then: readonly MadeBank[]): Promise<string> {
  const records = [...startupAt(start), ...then.flatMap((bank) => bank.records)]
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.write(concatBytes(...records.map(encodeRecord)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return `tcp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

describe('what clients are shown of a cluster', () => {
  it('has the time of the slot', async () => {
    const { timeNanoseconds } = await side.newestFinal()
    expect(timeNanoseconds).toBe((GENESIS_SECONDS + 25n) * 1_000_000_000n)
  })

  it('are packets under slots that wrote the root account, and epochs that were recorded', async () => {
    const head = await side.newestFinal()
    const window = await side.proofWindow('solana', head)
    expect(window).toMatchObject({ newest: { height: 18n }, final: head, heights: [18n, 14n], lag: 0n })
    expect([window.epoch, side.newestEpoch()]).toEqual([{ newest: 1n, height: 20n }, 1n])
  })

  it('is the absence of a packet, and nothing under a slot that did not write the root account', async () => {
    expect((await side.prove(testWork({ kind: 'timeout' }), 18n)).length).toBeGreaterThan(0)
    await expect(side.prove(testWork({ kind: 'timeout' }), 19n)).rejects.toThrow(
      'did not write the root account',
    )
    await expect(side.prove(testWork({ kind: 'recv' }), 18n)).rejects.toMatchObject({ failure: 'redundant' })
  })

  it('is evidence where the client accepted another bank than was followed', async () => {
    const client = { ...testView().client, clientType: 'solana' as const, latestHeight: 18n }
    const { bankHash } = banks[17]!
    expect(await side.findMisbehaviour({ ...client, bankHash }, [])).toEqual([])
    const other = new Uint8Array(32).fill(9)
    expect(await side.findMisbehaviour({ ...client, bankHash: other }, [])).toEqual(
      await side.clientUpdates(client, 18n),
    )
    // Not in memory: nothing can be said.
    expect(await side.findMisbehaviour({ ...client, latestHeight: 3n, bankHash: other }, [])).toEqual([])
  })

  it('is where a client starts', async () => {
    const seed = await side.clientSeed({})
    expect(seed.chainId).toBe('solana:x')
    expect((await side.clientSeed({ trustingPeriodSeconds: 7n })).clientState).not.toEqual(seed.clientState)
  })
})
