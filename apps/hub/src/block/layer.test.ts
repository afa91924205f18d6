import { utf8 } from '@causeway/primitives'
import { MultiStore, createMemoryStorage } from '@causeway/state-tree'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Layer } from './layer.ts'

const text = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes)

function base() {
  const stores = MultiStore.open({ storage: createMemoryStorage(), storeNames: ['a', 'b'], keepVersions: 1n })
  const layer = new Layer((name) => stores.reader(name))
  layer.store('a').set(utf8('kept'), utf8('old'))
  layer.store('a').set(utf8('gone'), utf8('old'))
  stores.finalize(1n, layer.changes())
  stores.commit()
  return stores
}

function entries(layer: Layer, store: string): Record<string, string> {
  return Object.fromEntries(
    [...layer.store(store).iterate()].map(([key, value]) => [text(key)!, text(value)!]),
  )
}

describe('a layer', () => {
  it('sees what lies below, and hides it when it writes', () => {
    const stores = base()
    const layer = new Layer((name) => stores.reader(name))
    const above = layer.above()
    layer.store('a').set(utf8('kept'), utf8('new'))
    expect(text(above.store('a').get(utf8('kept')))).toBe('new')
    above.store('a').delete(utf8('gone'))
    expect(text(layer.store('a').get(utf8('gone')))).toBe('old')
    expect(entries(above, 'a')).toEqual({ kept: 'new' })
    expect(entries(layer, 'a')).toEqual({ kept: 'new', gone: 'old' })
  })

  it('moves everything down at once, deletions too, in every store', () => {
    const stores = base()
    const layer = new Layer((name) => stores.reader(name))
    const above = layer.above()
    above.store('a').delete(utf8('gone'))
    above.store('b').set(utf8('other'), utf8('1'))
    expect(entries(layer, 'b')).toEqual({})
    above.writeInto(layer)
    expect(entries(layer, 'a')).toEqual({ kept: 'old' })
    expect(entries(layer, 'b')).toEqual({ other: '1' })
  })

  it('tells its net changes by store, keys ascending, stores without a change left out', () => {
    const stores = base()
    const layer = new Layer((name) => stores.reader(name))
    layer.store('a').set(utf8('z'), utf8('1'))
    layer.store('a').set(utf8('b'), utf8('2'))
    layer.store('a').set(utf8('kept'), utf8('old'))
    layer.store('a').set(utf8('passing'), utf8('1'))
    layer.store('a').delete(utf8('passing'))
    layer.store('b').get(utf8('x'))
    const changes = layer.changes()
    expect([...changes.keys()]).toEqual(['a'])
    expect(changes.get('a')!.map(({ key }) => text(key))).toEqual(['b', 'z'])
  })

  it('is the same as one map, however the writes are layered', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd')
    const value = fc.option(fc.string({ minLength: 1, maxLength: 3 }))
    const step = fc.record({ key, value, depth: fc.nat(3), keep: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const stores = base()
        const layer = new Layer((name) => stores.reader(name))
        const model = new Map([
          ['kept', 'old'],
          ['gone', 'old'],
        ])
        for (const { key: k, value: v, depth, keep } of steps) {
          const layers = [layer]
          for (let i = 0; i < depth; i++) layers.push(layers.at(-1)!.above())
          const top = layers.at(-1)!.store('a')
          if (v === null) top.delete(utf8(k))
          else top.set(utf8(k), utf8(v))
          if (!keep && depth > 0) continue
          for (let i = depth; i > 0; i--) layers[i]!.writeInto(layers[i - 1]!)
          if (v === null) model.delete(k)
          else model.set(k, v)
        }
        expect(entries(layer, 'a')).toEqual(Object.fromEntries(model))
      }),
    )
  })
})
