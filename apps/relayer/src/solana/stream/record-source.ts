import { fileURLToPath } from 'node:url'

import { followFile } from './file-source.ts'
import type { StreamRecord } from './record.ts'
import { noStream } from '../stream-error.ts'
import type { StreamError } from '../stream-error.ts'
import { followTcp } from './tcp-source.ts'

/** Who takes a stream in. What `onStart` or `onRecord` throws ends the round, and the source begins again. */
export interface RecordSink {
  /** A round begins: what comes now does not follow what came before. Throws `StreamError`. */
  onStart(): void
  /** Throws `StreamError` for a record that does not fit. */
  onRecord(record: StreamRecord): void
  /** A round has ended, and why; the next one begins after a while. */
  onProblem(error: StreamError): void
}

/** A source that is being followed. */
export interface RecordSource {
  /** Stops; nothing is called any more once it resolves. */
  close(): Promise<void>
}

/** Follows `tcp://HOST:PORT` or `file:///PATH`, for as long as it is open. Throws `RelayError` (config). */
export function openRecordSource(url: string, sink: RecordSink): RecordSource {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol === 'file:' && parsed.host === '') return followFile(fileURLToPath(parsed), sink)
  if (parsed?.protocol === 'tcp:' && parsed.hostname !== '' && parsed.port !== '')
    return followTcp(parsed.hostname, Number(parsed.port), sink)
  throw noStream(url)
}
