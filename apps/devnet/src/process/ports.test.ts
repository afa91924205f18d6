import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort, isPortTaken, openOnPort } from './ports.ts'

const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
})

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      servers.push(server)
      resolve(server)
    })
  })
}

describe('openOnPort', () => {
  it('takes the preferred port when it is free', async () => {
    const preferred = await freePort()
    const { port, instead } = await openOnPort(preferred, listen)
    expect({ port, instead }).toEqual({ port: preferred, instead: undefined })
  })

  it('takes another one when it is not, and says which it would have been', async () => {
    const preferred = await freePort()
    await listen(preferred)
    const { port, instead } = await openOnPort(preferred, listen)
    expect(instead).toBe(preferred)
    expect(port).not.toBe(preferred)
  })

  it('goes on when somebody takes the port between the look and the use', async () => {
    const preferred = await freePort()
    const tried: number[] = []
    const { port, instead } = await openOnPort(preferred, async (candidate) => {
      tried.push(candidate)
      if (tried.length === 1) throw new Error(`metrics can't listen on 127.0.0.1:${candidate}: EADDRINUSE`)
      return await listen(candidate)
    })
    expect(tried).toEqual([preferred, port])
    expect(instead).toBe(preferred)
  })

  it('gives up after a few, and at once on any other failure', async () => {
    const preferred = await freePort()
    await listen(preferred)
    let asked = 0
    const always = openOnPort(preferred, listen, async () => {
      asked += 1
      return preferred
    })
    await expect(always).rejects.toThrow(`port ${preferred} is taken`)
    expect(asked).toBe(4)
    const broken = openOnPort(await freePort(), () => Promise.reject(new Error('disk full')))
    await expect(broken).rejects.toThrow('disk full')
  })
})

describe('isPortTaken', () => {
  it('looks at code, text and cause', () => {
    expect(isPortTaken(Object.assign(new Error('x'), { code: 'EADDRINUSE' }))).toBe(true)
    expect(isPortTaken(new Error('x', { cause: new Error('listen EADDRINUSE') }))).toBe(true)
    expect(isPortTaken(new Error('ENOSPC'))).toBe(false)
    expect(isPortTaken('EADDRINUSE')).toBe(false)
  })
})
