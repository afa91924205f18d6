import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CheckTxType } from '@causeway/protocol/tendermint/abci/types'
import type { RequestCheckTx, ResponseCheckTx } from '@causeway/protocol/tendermint/abci/types'
import { fromUtf8, sha256, utf8 } from '@causeway/primitives'
import { createKeyValueApplication } from '../kvstore.fixture.ts'
import { Mempool } from './mempool.ts'
import type { MempoolOptions } from './mempool.ts'
import { TxCache } from './tx-cache.ts'

interface Fixture {
  readonly mempool: Mempool
  readonly checked: RequestCheckTx[]
  refuse: (tx: string, type: number) => boolean
  gasWanted: bigint
}

function createMempool(options: Partial<MempoolOptions> = {}): Fixture {
  const checked: RequestCheckTx[] = []
  const fixture: Fixture = {
    checked,
    refuse: () => false,
    gasWanted: 1n,
    mempool: new Mempool(
      {
        ...createKeyValueApplication(),
        checkTx: (request): ResponseCheckTx => {
          checked.push(request)
          const code = fixture.refuse(fromUtf8(request.tx), request.type) ? 1 : 0
          const empty = { data: new Uint8Array(0), log: '', info: '', gasUsed: 0n, events: [], codespace: '' }
          return { code, gasWanted: fixture.gasWanted, ...empty }
        },
      },
      options,
    ),
  }
  fixture.mempool.setLimits({ dataBytesMax: 1000n, gasMax: -1n })
  return fixture
}

const ok = { code: 0 } as never
const texts = (mempool: Mempool): string[] => mempool.reap(-1n, -1n).map(({ tx }) => fromUtf8(tx))
const code = (value: number): unknown => expect.objectContaining({ codespace: 'engine', code: value })

describe('the mempool', () => {
  it('keeps the order of arrival', () => {
    const { mempool } = createMempool()
    for (const text of ['c', 'a', 'b']) mempool.add(utf8(text))
    expect(texts(mempool)).toEqual(['c', 'a', 'b'])
    expect(mempool).toMatchObject({ size: 3, bytes: 3 })
    expect(mempool.reap(-1n, -1n)[0]!.hash).toEqual(sha256(utf8('c')))
    expect(mempool.first(2).map(fromUtf8)).toEqual(['c', 'a'])
  })

  it('takes a transaction once', () => {
    const { mempool, checked } = createMempool()
    expect(mempool.add(utf8('a')).response.code).toBe(0)
    expect(() => mempool.add(utf8('a'))).toThrow(code(60))
    expect(checked).toHaveLength(1)
  })

  it('takes a transaction once even when the cache forgot it', () => {
    const { mempool } = createMempool({ cacheSize: 1 })
    mempool.add(utf8('a'))
    mempool.add(utf8('b'))
    expect(() => mempool.add(utf8('a'))).toThrow(code(60))
    expect(mempool).toMatchObject({ size: 2, bytes: 2 })
  })

  it('keeps out what the application refuses, and asks again', () => {
    const fixture = createMempool()
    fixture.refuse = () => true
    expect(fixture.mempool.add(utf8('a')).response.code).toBe(1)
    expect(fixture.mempool.size).toBe(0)
    fixture.refuse = () => false
    expect(fixture.mempool.add(utf8('a')).response.code).toBe(0)
    expect(fixture.mempool.size).toBe(1)
  })

  it('may remember what was refused', () => {
    const fixture = createMempool({ keepInvalidInCache: true })
    fixture.refuse = () => true
    fixture.mempool.add(utf8('a'))
    expect(() => fixture.mempool.add(utf8('a'))).toThrow(code(60))
  })

  it('has room for so many, so many bytes, and nothing larger than a block', () => {
    const { mempool } = createMempool({ sizeMax: 3, bytesMax: 20, txBytesMax: 15 })
    expect(() => mempool.add(new Uint8Array(16))).toThrow(code(61))
    mempool.add(utf8('a'))
    expect(() => mempool.add(new Uint8Array(20))).toThrow(code(62))
    mempool.add(utf8('b'))
    mempool.add(utf8('c'))
    expect(() => mempool.add(utf8('d'))).toThrow(code(62))
    const small = createMempool()
    small.mempool.setLimits({ dataBytesMax: 10n, gasMax: -1n })
    expect(() => small.mempool.add(new Uint8Array(9))).toThrow(code(65))
    small.mempool.add(new Uint8Array(8))
  })

  it('keeps out what wants more gas than a block has', () => {
    const fixture = createMempool()
    fixture.mempool.setLimits({ dataBytesMax: 1000n, gasMax: 10n })
    fixture.gasWanted = 11n
    fixture.mempool.add(utf8('a'))
    fixture.gasWanted = -1n
    fixture.mempool.add(utf8('b'))
    fixture.gasWanted = 10n
    fixture.mempool.add(utf8('c'))
    expect(texts(fixture.mempool)).toEqual(['c'])
  })

  it('hands out what fits into bytes and gas, framing included', () => {
    const { mempool } = createMempool()
    for (const text of ['aaaa', 'bbbb', 'cccc']) mempool.add(utf8(text))
    expect(mempool.reap(17n, -1n)).toHaveLength(2)
    expect(mempool.reap(18n, -1n)).toHaveLength(3)
    expect(mempool.reap(-1n, 1n)).toHaveLength(1)
    expect(mempool.reap(0n, -1n)).toEqual([])
    expect(mempool.size).toBe(3)
  })

  it('drops what a block took, lets failures come again, and checks the rest once more', () => {
    const fixture = createMempool()
    const { mempool, checked } = fixture
    for (const text of ['a', 'b', 'c', 'd']) mempool.add(utf8(text))
    fixture.refuse = (text, type) => type === CheckTxType.RECHECK && text === 'd'
    mempool.update([sha256(utf8('a')), sha256(utf8('b'))], [ok, { code: 5 } as never])
    expect(texts(mempool)).toEqual(['c'])
    expect(checked.slice(4).map(({ type }) => type)).toEqual([CheckTxType.RECHECK, CheckTxType.RECHECK])
    expect(() => mempool.add(utf8('a'))).toThrow(code(60))
    mempool.add(utf8('b'))
    mempool.add(utf8('d'))
    expect(mempool).toMatchObject({ size: 3, bytes: 3 })
  })

  it('remembers what was committed without passing through it', () => {
    const { mempool } = createMempool()
    mempool.update([sha256(utf8('x'))], [ok])
    expect(() => mempool.add(utf8('x'))).toThrow(code(60))
  })

  it('does not check again when told so', () => {
    const { mempool, checked } = createMempool({ recheck: false })
    mempool.add(utf8('a'))
    mempool.update([], [])
    expect(checked).toHaveLength(1)
  })

  it('is emptied', () => {
    const { mempool } = createMempool()
    mempool.add(utf8('a'))
    mempool.flush()
    expect(mempool).toMatchObject({ size: 0, bytes: 0 })
    mempool.add(utf8('a'))
  })
})

describe('the cache', () => {
  it('does as a list would that is gone through', () => {
    const operation = fc.record({ key: fc.integer({ min: 0, max: 30 }), isPush: fc.boolean() })
    const runs = fc.record({
      max: fc.integer({ min: 1, max: 12 }),
      operations: fc.array(operation, { maxLength: 400 }),
    })
    fc.assert(
      fc.property(runs, ({ max, operations }) => {
        const cache = new TxCache(max)
        let list: string[] = []
        for (const { key, isPush } of operations) {
          const name = String(key)
          const isNew = !list.includes(name)
          list = list.filter((other) => other !== name)
          if (!isPush) cache.remove(name)
          else {
            expect(cache.push(name)).toBe(isNew)
            list = [...list, name].slice(-max)
          }
        }
      }),
    )
  })

  it('forgets the least recent', () => {
    const cache = new TxCache(2)
    expect([cache.push('a'), cache.push('b'), cache.push('a'), cache.push('c')]).toEqual([
      true,
      true,
      false,
      true,
    ])
    expect(cache.push('a')).toBe(false)
    expect(cache.push('b')).toBe(true)
    cache.remove('b')
    expect(cache.push('b')).toBe(true)
  })
})
