import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { onInterrupt } from './signals.ts'

function listen() {
  const source = new EventEmitter()
  const heard: [number, boolean][] = []
  let now = 0
  onInterrupt(
    (code, isForced) => heard.push([code, isForced]),
    source,
    () => now,
  )
  return { source, heard, at: (ms: number) => (now = ms) }
}

describe('onInterrupt', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s ends with %i', (signal, code) => {
    const { source, heard } = listen()
    source.emit(signal)
    expect(heard).toEqual([[code, false]])
  })

  it('takes one key press that arrives several times as one, and a second one as force', () => {
    const { source, heard, at } = listen()
    source.emit('SIGINT')
    at(40)
    source.emit('SIGINT')
    source.emit('SIGTERM')
    at(1_500)
    source.emit('SIGINT')
    expect(heard).toEqual([
      [130, false],
      [130, true],
    ])
  })
})
