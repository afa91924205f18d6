import { U64_MAX } from '@causeway/primitives'
import { findText } from './attributes.ts'
import type { BlockEvent } from './block.ts'
import { errors } from './errors.ts'

/** What stands at one price of a book now; a size of 0: nothing. */
export type BookLevel = {
  readonly side: 'bid' | 'ask'
  readonly priceE9: bigint
  readonly sizeE9: bigint
}

/** A block holds no more events than fit its bounds; one book's changes are far below this. */
const LENGTH_MAX = 4 * 1024 * 1024
const LEVEL = /^([ab])(0|[1-9]\d{0,19}):(0|[1-9]\d{0,27})$/

/**
 * The levels of a book that changed, as `b3000000000000:1000000000,a…`. Throws `indexer/1`, `indexer/2`.
 */
export function readBookLevels(event: BlockEvent, key: string): BookLevel[] {
  const text = findText(event, key)
  if (text === undefined) throw errors.missingAttribute({ event: event.type, key })
  if (text === '') return []
  const malformed = () => errors.malformedAttribute({ event: event.type, key, expected: 'levels of a book' })
  if (text.length > LENGTH_MAX) throw malformed()
  return text.split(',').map((level) => {
    const match = LEVEL.exec(level)
    if (match === null) throw malformed()
    const [, side, price, size] = match
    const [priceE9, sizeE9] = [BigInt(price!), BigInt(size!)]
    if (priceE9 > U64_MAX) throw malformed()
    return { side: side === 'b' ? 'bid' : 'ask', priceE9, sizeE9 }
  })
}
