import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import type { Block } from '../cluster/block.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { bytesOf } from '../execution/accounts.ts'
import {
  accountRecord,
  blockRecord,
  endOfStartupRecord,
  helloRecord,
  statusRecord,
  transactionRecord,
} from './records.ts'

/** The record stream of a cluster over TCP. */
export interface StreamServer {
  readonly streamUrl: string
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const READERS_MAX = 32
/** What a reader may leave unread, beside all accounts as it begins: then it is cut off. */
const BUFFERED_BYTES_MAX = 64 * 1_024 * 1_024

/** Tells everybody who connects all accounts as they stand, then each slot. */
export async function serveStream(cluster: Cluster, port = 0): Promise<StreamServer> {
  const readers = new Map<Socket, number>()
  let writeVersion = 0n
  const tell = (records: readonly Uint8Array[]) => {
    if (readers.size === 0) return
    const bytes = Buffer.concat(records)
    for (const [reader, atStart] of readers)
      if (reader.writableLength > BUFFERED_BYTES_MAX + atStart) reader.destroy()
      else reader.write(bytes)
  }
  const frozen = (block: Block) => {
    tell([
      statusRecord(block.slot, block.parentSlot, 'created_bank'),
      ...block.writes.map(({ pubkey, after }) =>
        accountRecord({
          slot: block.slot,
          isStartup: false,
          writeVersion: ++writeVersion,
          pubkey,
          account: after,
        }),
      ),
      ...block.transactions.map(transactionRecord),
      blockRecord(block),
      statusRecord(block.slot, block.parentSlot, 'processed'),
    ])
  }
  let told = cluster.rooted
  const confirmed = (slot: bigint) => tell([statusRecord(slot, undefined, 'confirmed')])
  const rooted = (slot: bigint) => {
    const reached = cluster.history.blocks.filter((block) => block.slot > told && block.slot <= slot)
    told = slot
    tell(reached.map((block) => statusRecord(block.slot, block.parentSlot, 'rooted')))
  }
  cluster.on('frozen', frozen).on('confirmed', confirmed).on('rooted', rooted)

  const server = createServer((reader) => {
    if (readers.size >= READERS_MAX) return void reader.destroy()
    reader.setNoDelay(true)
    reader.on('error', () => reader.destroy())
    reader.on('close', () => readers.delete(reader))
    reader.resume() // what readers say is of no interest
    for (const record of startup(cluster)) reader.write(record)
    readers.set(reader, reader.writableLength)
  })
  server.listen(port, HOST)
  await once(server, 'listening')
  const address = server.address()
  const listening = typeof address === 'object' && address !== null ? address.port : port
  return {
    streamUrl: `tcp://${HOST}:${listening}`,
    async close() {
      cluster.off('frozen', frozen).off('confirmed', confirmed).off('rooted', rooted)
      for (const reader of readers.keys()) reader.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** All accounts as the newest frozen bank left them. */
function* startup({ history, state, head }: Cluster): Generator<Uint8Array> {
  yield helloRecord()
  const { slot } = head
  const changed = history.writtenAfter(slot)
  const record = (key: string) => {
    const pubkey = bytesOf(key)
    const account = history.accountAt(pubkey, slot)
    return account && accountRecord({ slot, isStartup: true, writeVersion: 0n, pubkey, account })
  }
  for (const key of new Set([...state.accounts.keys(), ...changed])) {
    const bytes = record(key)
    if (bytes) yield bytes
  }
  yield endOfStartupRecord()
}
