import { watch } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

import { RecordReader } from './record-reader.ts'
import type { RecordSink, RecordSource } from './record-source.ts'
import { pause, runRounds } from './rounds.ts'
import { StreamError } from '../stream-error.ts'

const PIECE_BYTES = 1024 * 1024
/** How often a file that has not grown is looked at, where its system does not tell. */
const LOOK_EVERY_MS = 500

/** Follows a file from its start, as it grows; one that shrinks or is replaced is read anew. */
export function followFile(path: string, sink: RecordSink): RecordSource {
  return runRounds(sink, async (stop) => {
    const file = await open(path, 'r')
    try {
      return await readAll(path, file, sink, stop)
    } finally {
      await file.close()
    }
  })
}

async function readAll(path: string, file: FileHandle, sink: RecordSink, stop: AbortSignal): Promise<never> {
  const reader = new RecordReader()
  const growth = watchGrowth(path, stop)
  let offset = 0
  try {
    for (;;) {
      if (stop.aborted) throw new StreamError('closed')
      const piece = Buffer.allocUnsafe(PIECE_BYTES)
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, offset)
      offset += bytesRead
      for (const record of reader.push(piece.subarray(0, bytesRead))) sink.onRecord(record)
      if (bytesRead > 0) continue
      await requireSameFile(path, file, offset)
      await growth.next()
    }
  } finally {
    growth.close()
  }
}

/** Throws when the file has become shorter than what was read, or another stands in its place. */
async function requireSameFile(path: string, file: FileHandle, offset: number): Promise<void> {
  const [own, there] = await Promise.all([file.stat(), stat(path)])
  if (own.size < offset) throw new StreamError(`${path} has shrunk from ${offset} to ${own.size} bytes`)
  if (own.ino !== there.ino || own.dev !== there.dev) throw new StreamError(`${path} was replaced`)
}

/** Tells of changes of a file; of those that the system does not tell, after a while. */
function watchGrowth(path: string, stop: AbortSignal): { next(): Promise<void>; close(): void } {
  let changed = new AbortController()
  const tell = () => changed.abort()
  const watcher = watch(path, tell)
  watcher.on('error', tell)
  watcher.unref()
  stop.addEventListener('abort', tell)
  return {
    async next() {
      await pause(LOOK_EVERY_MS, changed.signal)
      if (!stop.aborted) changed = new AbortController()
    },
    close() {
      stop.removeEventListener('abort', tell)
      watcher.close()
    },
  }
}
