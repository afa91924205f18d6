import { connect } from 'node:net'
import type { Socket } from 'node:net'

import { RecordReader } from './record-reader.ts'
import type { RecordSink, RecordSource } from './record-source.ts'
import { runRounds } from './rounds.ts'
import { StreamError } from '../stream-error.ts'

const KEEP_ALIVE_MS = 10_000

/** Follows a server of records; one that goes away is asked again, and then tells everything anew. */
export function followTcp(host: string, port: number, sink: RecordSink): RecordSource {
  return runRounds(sink, async (stop) => {
    const socket = connect({
      host,
      port,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      noDelay: true,
    })
    // A relayer is kept alive by its work, not by what it listens to.
    socket.unref()
    const giveUp = () => socket.destroy()
    stop.addEventListener('abort', giveUp)
    try {
      return await readAll(socket, sink)
    } finally {
      stop.removeEventListener('abort', giveUp)
      socket.destroy()
    }
  })
}

async function readAll(socket: Socket, sink: RecordSink): Promise<never> {
  const reader = new RecordReader()
  for await (const piece of socket as AsyncIterable<Buffer>)
    for (const record of reader.push(piece)) sink.onRecord(record)
  const rest = reader.pendingBytes === 0 ? '' : ` within a record, after ${reader.pendingBytes} bytes of it`
  throw new StreamError(`the stream has ended${rest}`)
}
