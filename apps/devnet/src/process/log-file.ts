import pino from 'pino'
import type { Logger } from 'pino'

/** A log that goes to a file and nowhere else. Written at once: its last line counts when something fails. */
export function openLog(path: string, level = 'info'): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: path, sync: true, mkdir: true }),
  )
}
