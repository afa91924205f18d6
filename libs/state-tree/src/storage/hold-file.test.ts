import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { holdFile } from './hold-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'causeway-hold-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A process that takes the file at a moment, says whether it has it, and stays. */
function taker(path: string, atMs = 0) {
  const program = `
    import { holdFile } from ${JSON.stringify(new URL('./hold-file.ts', import.meta.url).href)}
    while (Date.now() < ${atMs}) {}
    console.log(holdFile(${JSON.stringify(path)}) === undefined ? 'refused' : 'held')
    setInterval(() => {}, 1_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const answer = once(child.stdout, 'data').then(([data]) => String(data).trim())
  const kill = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return { answer, kill }
}

describe('a file', () => {
  it('is one holder’s, here too, until it lets go', () => {
    const path = join(folder, 'new/folder/lock')
    const release = holdFile(path)
    expect(release).toBeDefined()
    expect(holdFile(path)).toBeUndefined()
    expect(holdFile(path)).toBeUndefined()
    release!()
    release!()
    const again = holdFile(path)
    expect(again).toBeDefined()
    again!()
    expect(readFileSync(path)).toHaveLength(0)
  })

  it('stays held when nobody keeps what lets go of it', () => {
    const path = join(folder, 'forgotten')
    const program = `
      import { holdFile } from ${JSON.stringify(new URL('./hold-file.ts', import.meta.url).href)}
      holdFile(${JSON.stringify(path)})
      globalThis.gc()
      process.exit(holdFile(${JSON.stringify(path)}) === undefined ? 0 : 1)`
    const args = ['--expose-gc', '--input-type=module', '-e', program]
    expect(spawnSync(process.execPath, args, { stdio: 'inherit' }).status).toBe(0)
  })

  it('is free at once when its holder is killed with −9', async () => {
    const path = join(folder, 'killed')
    const holder = taker(path)
    expect(await holder.answer).toBe('held')
    expect(holdFile(path)).toBeUndefined()
    await holder.kill()
    const release = holdFile(path)
    expect(release).toBeDefined()
    release!()
  })

  it('has one holder when many reach for what a killed one left, at the same moment', async () => {
    const path = join(folder, 'race')
    const first = taker(path)
    await first.answer
    await first.kill()
    const at = Date.now() + 1_500
    const takers = Array.from({ length: 6 }, () => taker(path, at))
    const answers = await Promise.all(takers.map(({ answer }) => answer))
    expect(answers.sort()).toEqual(['held', 'refused', 'refused', 'refused', 'refused', 'refused'])
    await Promise.all(takers.map(({ kill }) => kill()))
  })

  it('that can not be there is the file system’s error', () => {
    expect(() => holdFile(join(process.execPath, 'lock'))).toThrow(
      expect.objectContaining({ code: 'EEXIST' }),
    )
    expect(() => holdFile(folder)).toThrow('unable to open database file')
  })
})
