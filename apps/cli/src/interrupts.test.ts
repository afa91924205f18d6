import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'

const interrupts = new URL('interrupts.ts', import.meta.url).href

/**
 * A program that watches interrupts, and then does this; signals are sent as soon as it says what is
 * awaited.
 */
async function run(program: string, ...signals: [awaited: string, signal: NodeJS.Signals][]) {
  const script = `
    import { watchInterrupts } from ${JSON.stringify(interrupts)}
    watchInterrupts()
    ${program}
    console.log('up')
    const forever = setInterval(() => {}, 1_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n')) {
      while (signals[0]?.[0] === line) child.kill(signals.shift()![1])
    }
  })
  return (await once(child, 'exit')) as [number | null, string | null]
}

describe('a signal', () => {
  it('ends at once a command that does not wait for it, with the code that shells know', async () => {
    expect(await run('', ['up', 'SIGINT'])).toEqual([130, null])
    expect(await run('', ['up', 'SIGTERM'])).toEqual([143, null])
  })

  it('that comes twice at one key press is one: the command stops in its own time', async () => {
    const later = 'setTimeout(() => process.exit(5), 400)'
    const stop = `process.once('SIGINT', () => { console.log('stopping'); ${later} })`
    expect(await run(stop, ['up', 'SIGINT'], ['stopping', 'SIGINT'], ['stopping', 'SIGTERM'])).toEqual([
      5,
      null,
    ])
  })

  it('that comes again later ends a command that does not stop', async () => {
    const stuck = `process.once('SIGINT', () => setTimeout(() => console.log('stuck'), 1_200))`
    expect(await run(stuck, ['up', 'SIGINT'], ['stuck', 'SIGINT'])).toEqual([130, null])
  })
})
