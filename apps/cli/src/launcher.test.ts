import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'

/*
 * Where Node is older than 24, `npx causeway` is two processes: the launcher and the program on the Node 24
 * of node_modules. Whatever ends the one has to end the other.
 */

const runChild = new URL('../../../scripts/run-child.mjs', import.meta.url).href
const main = fileURLToPath(new URL('main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'causeway-launcher-'))
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true }))

/**
 * Launches a program as bin/causeway.mjs does under an older Node; in a group of its own, as a terminal's
 * job.
 */
function launch(...program: string[]) {
  const script = `
    import { runChild } from ${JSON.stringify(runChild)}
    process.exit(await runChild(process.execPath, ${JSON.stringify(program)}))`
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  children.push(launcher)
  const output = { text: '' }
  launcher.stdout.on('data', (chunk: Buffer) => (output.text += chunk.toString()))
  const says = (pattern: RegExp) =>
    vi.waitFor(() => pattern.exec(output.text) ?? expect.fail(), { timeout: 60_000 })
  return { launcher, says, exit: once(launcher, 'exit') as Promise<[number | null, string | null]> }
}

/** A program that says its number and ends in its own time; `onSignal` is what it does at a signal. */
const patient = (onSignal: string) => [
  '-e',
  `for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { ${onSignal} })
   console.log('up ' + process.pid); setInterval(() => {}, 1_000)`,
]

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('the launcher', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'passes on a %s that it alone gets, and the exit code',
    async (signal) => {
      const { launcher, says, exit } = launch(...patient('console.log(signal); process.exit(7)'))
      await says(/up/)
      launcher.kill(signal)
      expect(await exit).toEqual([7, null])
      await says(new RegExp(signal))
    },
  )

  it('exits as a shell would when its program is ended by a signal', async () => {
    const { says, exit } = launch('-e', "console.log('up ' + process.pid); setInterval(() => {}, 1_000)")
    process.kill(Number((await says(/up (\d+)/))[1]), 'SIGTERM')
    expect(await exit).toEqual([143, null])
  })

  it('killed with −9 takes its program with it', async () => {
    const { launcher, says, exit } = launch(...patient('process.exit(0)'))
    const pid = Number((await says(/up (\d+)/))[1])
    launcher.kill('SIGKILL')
    await exit
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 })
  })

  it('and a hub stop in order at a terminal’s Ctrl-C, which reaches both, and the hub twice', async () => {
    const home = join(folder, 'home')
    const made = launch(main, 'hub', 'init', '--home', home)
    expect(await made.exit).toEqual([0, null])
    const { launcher, says, exit } = launch(main, 'hub', 'start', '--home', home, '--rpc-port', '0')
    await says(/RPC http/)
    process.kill(-launcher.pid!, 'SIGINT')
    expect(await exit).toEqual([0, null])
  })
})
