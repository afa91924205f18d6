// A thread that writes the event index: told of a height, it indexes up to there and says how far it is.
import { parentPort, workerData } from 'node:worker_threads'
import { StorageFault, openLmdbStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import type { IndexAnswer, IndexOrder, IndexPaths } from './index-thread.ts'
import { IndexWriter, storedBlocks } from './index-writer.ts'

const port = parentPort!
let opened: { readonly store: Storage; readonly storage: Storage; readonly writer: IndexWriter } | undefined
let until = 0n
let isRunning = false
let isEnded = false

port.on('message', (order: IndexOrder) => {
  if (order === 'end') isEnded = true
  else until = order
  if (!isRunning) run().catch(report)
})

/** Between two writes it hears whether it shall end. */
async function run(): Promise<void> {
  isRunning = true
  for (let isMore = true; isMore && !isEnded;) {
    const { store, writer } = (opened ??= open())
    store.refresh()
    writer.indexSome(until)
    answer(writer.height)
    await new Promise((resolve) => setImmediate(resolve))
    isMore = writer.height < until
  }
  isRunning = false
  if (isEnded) end()
}

function open(): typeof opened & object {
  const { blocks, index, durability } = workerData as IndexPaths
  const [store, storage] = [blocks, index].map((path) =>
    openLmdbStorage(path, { durability, isShared: true }),
  )
  return { store: store!, storage: storage!, writer: new IndexWriter(storage!, storedBlocks(store!)) }
}

function report(error: unknown): void {
  if (error instanceof StorageFault) answer({ path: error.path, reason: error.reason })
  else answer({ reason: error instanceof Error ? error.message : String(error) })
  end()
}

function answer(message: IndexAnswer): void {
  port.postMessage(message)
}

function end(): void {
  opened?.storage.close()
  opened?.store.close()
  port.close()
}
