import { describe, expect, it } from 'vitest'
import { bookChecksum } from '../read/book.ts'
import { errorCode } from '../testing/error-code.fixture.ts'
import { afterDelta, bookOf, deltaOf, levelsOf } from './followed-book.ts'

const level = (priceE9: bigint, sizeE9: bigint) => ({ priceE9, sizeE9 })
const snapshot = { bids: [level(30n, 1n), level(20n, 2n)], asks: [level(40n, 3n)], sequence: 7n, height: 1n }
const event = (attributes: Record<string, string>) => ({ type: 'causeway.markets.v1.book', attributes })
const delta = (changes: string, checksum: string, sequence = '8') =>
  deltaOf(event({ market: '5', sequence, changes, checksum }))!

describe('a followed book', () => {
  it('goes on by the next delta with the right checksum', () => {
    const bids = [level(30n, 4n), level(25n, 1n)]
    const asks = [level(35n, 9n), level(40n, 3n)]
    const next = afterDelta(bookOf(snapshot), delta('b30:4,b20:0,b25:1,a35:9', bookChecksum(bids, asks)))!
    expect(levelsOf(next)).toEqual({ bids, asks })
    expect(next.sequence).toBe(8n)
  })

  it('does not go on by another sequence, or with another checksum', () => {
    const book = bookOf(snapshot)
    const checksum = bookChecksum(snapshot.bids, snapshot.asks)
    expect(afterDelta(book, delta('', checksum))).toBeDefined()
    expect(afterDelta(book, delta('', checksum, '9'))).toBeUndefined()
    expect(afterDelta(book, delta('', checksum, '7'))).toBeUndefined()
    expect(afterDelta(book, delta('b30:2', checksum))).toBeUndefined()
  })

  it('takes only what can be read', () => {
    expect(deltaOf({ type: 'causeway.markets.v1.fill', attributes: {} })).toBeUndefined()
    for (const changes of ['x1:2', 'b1', 'b-1:2', 'b1:2,', 'b1:2.5'])
      expect(errorCode(() => delta(changes, ''))).toBe('client/63')
    expect(errorCode(() => delta('', '', 'x'))).toBe('client/2')
  })
})
