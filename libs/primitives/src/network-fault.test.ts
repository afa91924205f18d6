import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { networkFault } from './index.ts'

const caught = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'nothing',
    (error: unknown) => networkFault(error),
  )

describe('networkFault', () => {
  it('says what a socket meant, also behind what it caused', async () => {
    const first = createServer().listen(0, '127.0.0.1')
    await once(first, 'listening')
    const { port } = first.address() as AddressInfo
    const second = createServer().listen(port, '127.0.0.1')
    expect(await caught(once(second, 'listening'))).toBe('another program listens there')
    first.close()
    await once(first, 'close')
    expect(await caught(fetch(`http://127.0.0.1:${port}`))).toBe('nothing listens there')
    const elsewhere = createServer().listen(0, '192.0.2.1')
    expect(await caught(once(elsewhere, 'listening'))).toBe('this machine has no such address')
  })

  it('passes on what it has no words for', () => {
    expect(networkFault(new Error('the cable is on fire'))).toBe('the cable is on fire')
    expect(networkFault('odd')).toBe('odd')
  })
})
