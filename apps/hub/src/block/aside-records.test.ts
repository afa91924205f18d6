import { createMemoryStorage } from '@causeway/state-tree'
import { utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { AsideRecords } from './aside-records.ts'

const key = utf8('a key')
const value = utf8('a value')

function opened(entries: [Uint8Array, Uint8Array][] = []) {
  const storage = createMemoryStorage()
  storage.write(entries.map(([k, v]) => ({ key: k, value: v })))
  const aside = new AsideRecords()
  aside.open((name) => storage.get(name))
  return { aside, storage }
}

describe('records beside the state', () => {
  it('are read as they were committed, not as they are being written', () => {
    const { aside, storage } = opened()
    aside.set(key, value)
    expect(aside.get(key)).toBeUndefined()
    storage.write(aside.take())
    expect(aside.get(key)).toEqual(value)
  })

  it('are also read as the block leaves them so far, by whoever adds to them', () => {
    const { aside } = opened([[key, value]])
    expect(aside.newest(key)).toEqual(value)
    aside.set(key, utf8('more'))
    expect(aside.newest(key)).toEqual(utf8('more'))
    aside.set(key, undefined)
    expect(aside.newest(key)).toBeUndefined()
    aside.begin()
    expect(aside.newest(key)).toEqual(value)
  })

  it('are taken once, each key with its last value', () => {
    const { aside } = opened()
    aside.set(key, utf8('first'))
    aside.set(key, value)
    expect(aside.take()).toEqual([{ key, value }])
    expect(aside.take()).toEqual([])
  })

  it('of an execution that was not committed are forgotten', () => {
    const { aside } = opened()
    aside.set(key, value)
    aside.begin()
    expect(aside.take()).toEqual([])
  })

  it('can be removed', () => {
    const { aside, storage } = opened([[key, value]])
    aside.set(key, undefined)
    expect(aside.get(key)).toEqual(value)
    storage.write(aside.take())
    expect(aside.get(key)).toBeUndefined()
  })

  it('belong to one chain', () => {
    const { aside } = opened()
    expect(() => aside.open(() => undefined)).toThrow('one chain')
    expect(() => new AsideRecords().get(key)).toThrow('where a chain is')
  })
})
