// Once an hour what perpetuals and futures have made becomes cash, holder by holder, so many a block.
// Store: 0x15 → hour u64 ‖ the holder after whom it goes on; the hour alone when all are done.
import { be64, concatBytes, fromBe64 } from '@causeway/primitives'
import { readParams } from './params.ts'
import { MARKETS_STORE, PREFIX, holderBytes, positionsOfAll } from './state.ts'
import type { BlockRun } from './run.ts'

const HOUR_SECONDS = 3_600n
const HOUR_BYTES = 8

/** Settles the next holders of this hour. */
export function settleHourly(run: BlockRun): void {
  const { context, accounts } = run
  const store = context.store(MARKETS_STORE)
  const hour = context.timeSeconds / HOUR_SECONDS
  const cursor = store.get(PREFIX.settledHour)
  const isUnderWay = cursor !== undefined && cursor.length > HOUR_BYTES
  if (cursor !== undefined && !isUnderWay && fromBe64(cursor) >= hour) return
  let left = Number(readParams(store).settledMax)
  const after = isUnderWay ? cursor.subarray(HOUR_BYTES) : undefined
  let last: Uint8Array | undefined
  for (const { holder, positions } of positionsOfAll(store, after === undefined ? {} : { after })) {
    if (left <= 0) break
    const account = accounts.account(holder)
    for (const { market: id } of positions) {
      const market = run.market(id)
      if (market !== undefined) accounts.settle(account, market)
    }
    left -= positions.length
    last = holderBytes(holder)
  }
  const goesOnAfter = left > 0 ? undefined : last
  const done = be64(hour)
  store.set(PREFIX.settledHour, goesOnAfter === undefined ? done : concatBytes(done, goesOnAfter))
}
