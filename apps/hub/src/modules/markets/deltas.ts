import { emitBook } from './events.ts'
import type { BlockRun } from './run.ts'

/** Tells how the books have changed, each with its next sequence number. */
export function tellBooks(run: BlockRun): void {
  for (const [id, book] of run.books.takeTouched()) {
    const changes = book.takeChanges()
    const market = run.market(id)
    if (changes.length === 0 || market === undefined) continue
    const sequence = run.accounts.figures(id).bookSequence + 1n
    run.accounts.setFigures(id, { bookSequence: sequence })
    const texts = changes.map(({ isBid, ticks, lots }) => {
      const priceE9 = BigInt(ticks) * market.tickE9
      return `${isBid ? 'b' : 'a'}${priceE9}:${BigInt(lots) * market.lotE9}`
    })
    emitBook(run.context, { market: id, sequence, changes: texts.join(','), checksum: book.checksum() })
  }
}
