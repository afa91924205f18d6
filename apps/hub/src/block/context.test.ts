import { AssertionError, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { memoryContext, eventsOf } from '../testing/memory-context.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import { GAS, GasMeter } from './gas.ts'

const key = utf8('key')
const value = utf8('value')

describe('a context', () => {
  it('keeps what a nested run wrote and told, when it returns', () => {
    const context = memoryContext(['a', 'b'])
    const store = context.store('a')
    const result = context.nested(() => {
      store.set(key, value)
      context.store('b').set(key, value)
      context.emit('inner', { x: '1' })
      return 7
    })
    expect(result).toBe(7)
    expect(store.get(key)).toEqual(value)
    expect(context.store('b').get(key)).toEqual(value)
    expect(eventsOf(context, 'inner')).toEqual([{ x: '1' }])
  })

  it('drops all of it, in every store, when it throws', () => {
    const context = memoryContext(['a', 'b'])
    const store = context.store('a')
    store.set(key, value)
    context.emit('outer', {})
    const run = () =>
      context.nested(() => {
        store.delete(key)
        context.store('b').set(key, value)
        context.nested(() => context.store('b').set(utf8('deeper'), value))
        context.emit('inner', {})
        throw new Error('no')
      })
    expect(run).toThrow('no')
    expect(store.get(key)).toEqual(value)
    expect([...context.store('b').iterate()]).toEqual([])
    expect(context.events.map(({ type }) => type)).toEqual(['outer'])
  })

  it('goes on after a nested run was dropped', () => {
    const context = memoryContext(['a'])
    expect(() =>
      context.nested(() => {
        throw new Error('no')
      }),
    ).toThrow()
    context.store('a').set(key, value)
    expect(context.store('a').has(key)).toBe(true)
  })

  it('counts gas for what a dropped run did', () => {
    const context = memoryContext(['a'], { gasLimit: 10_000 })
    expect(() =>
      context.nested(() => {
        context.store('a').set(key, value)
        throw new Error('no')
      }),
    ).toThrow()
    expect(context.gas.used).toBe(GAS.write + GAS.writeByte * 8)
  })

  it('charges reads, writes, deletions and steps of an iteration by their bytes', () => {
    const context = memoryContext(['a'], { gasLimit: 100_000 })
    const store = context.store('a')
    const cost = (run: () => unknown) => {
      const before = context.gas.used
      run()
      return context.gas.used - before
    }
    expect(cost(() => store.get(key))).toBe(GAS.read + 3 * GAS.readByte)
    expect(cost(() => store.set(key, value))).toBe(GAS.write + 8 * GAS.writeByte)
    expect(cost(() => store.get(key))).toBe(GAS.read + 8 * GAS.readByte)
    expect(cost(() => store.has(key))).toBe(GAS.read + 3 * GAS.readByte)
    expect(cost(() => [...store.iterate()])).toBe(2 * GAS.iterationStep + 8 * GAS.readByte)
    expect(cost(() => store.delete(key))).toBe(GAS.delete)
  })

  it('stops at the limit, before the work', () => {
    const context = memoryContext(['a'], { gasLimit: GAS.write })
    expect(refusal(() => context.store('a').set(key, value))).toBe('tx/11')
    expect(context.gas.used).toBe(GAS.write)
    expect(context.store.bind(context, 'a')).not.toThrow()
  })

  it('refuses empty values as a bug', () => {
    const context = memoryContext(['a'])
    expect(() => context.store('a').set(key, new Uint8Array(0))).toThrow(AssertionError)
  })
})

describe('a gas meter', () => {
  it('never tells more than its limit', () => {
    const gas = new GasMeter(100)
    gas.consume(100)
    expect(refusal(() => gas.consume(1))).toBe('tx/11')
    expect(refusal(() => gas.consume(1_000))).toBe('tx/11')
    expect(gas.used).toBe(100)
  })

  it('needs a count as its limit', () => {
    for (const limit of [-1, 0.5, Number.NaN, Infinity])
      expect(() => new GasMeter(limit)).toThrow(AssertionError)
  })
})
