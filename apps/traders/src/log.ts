import { pino } from 'pino'
import type { Logger } from 'pino'

/** A program's log: JSON lines on standard output. What it is told holds no keys: wallets stay outside. */
export function createLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime })
}
