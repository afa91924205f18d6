import { describe, expect, it } from 'vitest'

import { Nonces } from './nonces.ts'

describe('nonces', () => {
  it('go up while nothing is in a block, and fill what was given back first', () => {
    const nonces = new Nonces()
    expect(nonces.isKnown).toBe(false)
    nonces.noteConfirmed(5n)
    expect([nonces.take(), nonces.take(), nonces.take()]).toEqual([5n, 6n, 7n])
    nonces.release(6n)
    expect([nonces.take(), nonces.take()]).toEqual([6n, 8n])
  })

  it('follow what blocks hold, and no endpoint that is behind', () => {
    const nonces = new Nonces()
    nonces.noteConfirmed(5n)
    nonces.take()
    nonces.noteConfirmed(6n)
    nonces.noteConfirmed(3n)
    expect(nonces.take()).toBe(6n)
  })

  it('may be lower after a reorganisation: forgotten, then read again', () => {
    const nonces = new Nonces()
    nonces.noteConfirmed(9n)
    nonces.forget()
    expect([nonces.isKnown, nonces.confirmed]).toEqual([false, 0n])
    nonces.noteConfirmed(8n)
    expect(nonces.take()).toBe(8n)
  })
})
