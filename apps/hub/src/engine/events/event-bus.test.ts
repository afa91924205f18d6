import { describe, expect, it, vi } from 'vitest'
import { EventBus } from './event-bus.ts'
import type { PublishedEvent } from './event-bus.ts'

const limits = { clientsMax: 2, perClientMax: 3 }
const code = (value: number): unknown => expect.objectContaining({ codespace: 'engine', code: value })

function event(type: string, extra: Record<string, string[]> = {}): PublishedEvent & { made: number } {
  return {
    type,
    made: 0,
    attributes: () => new Map(Object.entries({ 'tm.event': [type], ...extra })),
    data() {
      this.made++
      return `"${type}"`
    },
  }
}

describe('the event bus', () => {
  it('delivers what matches, to everybody, making the data once', () => {
    const bus = new EventBus(limits)
    const got: string[] = []
    bus.subscribe('a', { query: "tm.event='Tx'", deliver: (data) => got.push(`a1 ${data}`) })
    bus.subscribe('a', {
      query: "tm.event='Tx' AND tx.height > 5",
      deliver: (data) => got.push(`a2 ${data}`),
    })
    bus.subscribe('b', { query: 'tx.height EXISTS', deliver: (data) => got.push(`b ${data}`) })
    const low = event('Tx', { 'tx.height': ['5'] })
    bus.publish(low)
    expect(got.splice(0)).toEqual(['a1 "Tx"', 'b "Tx"'])
    expect(low.made).toBe(1)
    bus.publish(event('Tx', { 'tx.height': ['6'] }))
    expect(got.splice(0)).toEqual(['a1 "Tx"', 'a2 "Tx"', 'b "Tx"'])
    bus.publish(event('NewBlock'))
    expect(got).toEqual([])
  })

  it('makes nothing for nobody', () => {
    const bus = new EventBus(limits)
    expect(bus.isIdle).toBe(true)
    bus.subscribe('a', { query: "tm.event='Tx'", deliver: () => undefined })
    expect(bus.isIdle).toBe(false)
    const block = event('NewBlock')
    const attributes = vi.spyOn(block, 'attributes')
    bus.publish(block)
    expect(attributes).not.toHaveBeenCalled()
  })

  it('ends subscriptions, one or all', () => {
    const bus = new EventBus(limits)
    const deliver = vi.fn()
    bus.subscribe('a', { query: "tm.event='Tx'", deliver })
    bus.subscribe('a', { query: 'x EXISTS', deliver })
    bus.unsubscribe('a', "tm.event = 'Tx'")
    bus.publish(event('Tx'))
    expect(deliver).not.toHaveBeenCalled()
    expect(() => bus.unsubscribe('a', "tm.event='Tx'")).toThrow(code(92))
    expect(() => bus.unsubscribe('nobody', 'x EXISTS')).toThrow(code(92))
    expect(bus.unsubscribeAll('a')).toBe(true)
    expect(bus.unsubscribeAll('a')).toBe(false)
    expect(bus.isIdle).toBe(true)
  })

  it('bounds clients and their subscriptions, and takes a query once', () => {
    const bus = new EventBus(limits)
    const deliver = (): void => undefined
    for (const query of ['a EXISTS', 'b EXISTS', 'c EXISTS']) bus.subscribe('a', { query, deliver })
    expect(() => bus.subscribe('a', { query: 'd EXISTS', deliver })).toThrow(code(90))
    bus.unsubscribe('a', 'c EXISTS')
    expect(() => bus.subscribe('a', { query: '  a   EXISTS ', deliver })).toThrow(code(91))
    bus.subscribe('b', { query: 'a EXISTS', deliver })
    expect(() => bus.subscribe('c', { query: 'a EXISTS', deliver })).toThrow(code(89))
    expect(() => bus.subscribe('b', { query: 'no query', deliver })).toThrow(code(80))
    bus.unsubscribeAll('a')
    bus.subscribe('c', { query: 'a EXISTS', deliver })
  })
})
