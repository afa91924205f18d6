// Every block's events in order, without gaps: what a broken connection missed is read afterwards.
import { isProtocolError } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { eventsAt } from '../rpc/events.ts'
import type { HubEvent } from '../rpc/events.ts'
import { heightAt, listAt, membersOf, objectAt } from '../rpc/members.ts'
import type { Members } from '../rpc/members.ts'
import { newestHeight } from '../rpc/transactions.ts'
import type { Hub } from '../transactions/hub.ts'
import type { Socket } from './socket.ts'

/** A block as it is told. */
export interface StreamedBlock {
  readonly height: bigint
  /** Events of its transactions, where asked for, and then those of the block. */
  readonly events: readonly HubEvent[]
}

/** Who follows blocks. */
export interface BlockListener {
  /** Whether events of transactions are wanted: they cost a call a block that has some. */
  readonly withTransactions: boolean
  onBlock(block: StreamedBlock): void | Promise<void>
  /** What went wrong; blocks go on coming. */
  onError(error: Error): void
}

const QUERY = "tm.event = 'NewBlockEvents'"
const WHAT = 'NewBlockEvents'
/** More blocks than that are not read afterwards. */
const MISSED_MAX = 1_000n

/** Follows blocks from now on, until the function that it gives is called. */
export function followBlocks(hub: Hub, socket: Socket, listener: BlockListener): () => void {
  let last: bigint | undefined
  let isEnded = false
  let work: Promise<unknown> = Promise.resolve()
  const enqueue = (task: () => Promise<void>) => {
    work = work.then(async () => {
      if (isEnded) return
      try {
        await task()
      } catch (error) {
        if (!isEnded) listener.onError(asError(error))
      }
    })
  }
  const tell = async (block: StreamedBlock) => {
    last = block.height
    hub.sawHeight(block.height)
    if (!isEnded) await listener.onBlock(block)
  }
  /** Reads the blocks after the last one that was told, up to a height. */
  const catchUp = async (until: bigint) => {
    if (last === undefined) return
    if (until - last > MISSED_MAX) {
      const from = last + 1n
      last = until
      throw errors.missedBlocks({ from: `${from}`, to: `${until}` })
    }
    while (last < until && !isEnded) await tell(await readBlock(hub, last + 1n, listener.withTransactions))
  }
  const end = socket.listen(QUERY, {
    // After a break: what was missed, even if no block comes for a while.
    onReady: () =>
      enqueue(async () => (last === undefined ? undefined : await catchUp(await newestHeight(hub.rpc)))),
    onEvent: (result) =>
      enqueue(async () => {
        const { block, transactions } = blockOf(result)
        if (last !== undefined && block.height <= last) return
        await catchUp(block.height - 1n)
        const isWhole = !listener.withTransactions || transactions === 0n
        await tell(isWhole ? block : await readBlock(hub, block.height, true))
      }),
    onError: (error) => listener.onError(error),
  })
  return () => {
    isEnded = true
    end()
  }
}

function blockOf(result: Members): { readonly block: StreamedBlock; readonly transactions: bigint } {
  const value = objectAt(objectAt(result, 'data', WHAT), 'value', WHAT)
  const height = heightAt(value, 'height', WHAT)
  return {
    block: { height, events: eventsAt(value, 'events', WHAT) },
    transactions: heightAt(value, 'num_txs', WHAT),
  }
}

async function readBlock(hub: Hub, height: bigint, withTransactions: boolean): Promise<StreamedBlock> {
  const answer = await hub.rpc.call('block_results', { height: height.toString() })
  const own = eventsAt(answer, 'finalize_block_events', 'block_results')
  if (!withTransactions) return { height, events: own }
  const of = listAt(answer, 'txs_results', 'block_results').flatMap((item) =>
    eventsAt(membersOf(item, 'block_results'), 'events', 'block_results'),
  )
  return { height, events: [...of, ...own] }
}

function asError(error: unknown): Error {
  if (isProtocolError(error) || error instanceof Error) return error
  return new Error(String(error))
}
