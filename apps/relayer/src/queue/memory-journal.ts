import { workKey } from '../plan/work.ts'
import type { Ending, Journal } from './journal.ts'

/** Endings kept for `history`; beyond it the oldest are forgotten. */
const ENDINGS_MAX = 10_000

/** A journal that is forgotten with the process: for dry runs, and for commands beside a running relayer. */
export function createMemoryJournal(): Journal {
  const endings: { lane: string; key: string; ending: Ending }[] = []
  return {
    isDurable: false,
    open: async () => [],
    added() {},
    failed() {},
    ended(lane, work, ending) {
      endings.push({ lane, key: workKey(work), ending })
      if (endings.length > ENDINGS_MAX) endings.shift()
    },
    history: async (lane) => endings.filter((one) => one.lane === lane),
    async flush() {},
    async close() {},
  }
}
