import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packMargin } from './margin-package.ts'
import type { PackedMargin } from './margin-package.ts'

const root = join(import.meta.dirname, '../..')
let packed: PackedMargin

beforeAll(() => {
  packed = packMargin()
})
afterAll(() => packed.remove())

/** Other versions of Node on the path than the one that runs this. */
function otherNodes(): { path: string; version: string }[] {
  const found = new Map<string, string>()
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'node')
    if (!existsSync(path)) continue
    const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
    if (version !== process.version && Number(version.slice(1).split('.')[0]) >= 20) found.set(version, path)
  }
  return [...found].map(([version, path]) => ({ version, path }))
}

describe('the packed margin library', () => {
  it('computes the golden bits in this Node', () => {
    const result = packed.probe(process.execPath)
    process.stdout.write(`golden bits in ${result.runtime}, ${result.engine}: ${result.rows} rows\n`)
    expect(result).toMatchObject({ runtime: process.version, engine: 'wasm', mismatches: [] })
    expect(result.rows).toBeGreaterThan(800)
  })

  it('computes them without WebAssembly and without a compiler', () => {
    expect(packed.probe(process.execPath, '--jitless')).toMatchObject({
      engine: 'typescript',
      mismatches: [],
    })
  })

  it('computes them in the other versions of Node on this machine', () => {
    const others = otherNodes()
    if (others.length === 0)
      process.stdout.write('no other Node ≥ 20 on the path: only the interop suite has some\n')
    for (const { path, version } of others) {
      const result = packed.probe(path)
      process.stdout.write(`golden bits in ${result.runtime}, ${result.engine}: ${result.rows} rows\n`)
      expect(result).toMatchObject({ runtime: version, mismatches: [] })
    }
  })

  it('runs the example of its README, whose numbers are those it prints', () => {
    const readme = readFileSync(join(packed.folder, 'margin/README.md'), 'utf8')
    const example = /```js\n(.*?)```/s.exec(readme)![1]!
    const program = example.replace("'@causeway/margin'", "'./margin/index.js'")
    const last = 'console.log(JSON.stringify([value, kernel.engine, ...columns.value.subarray(0, 2)]))'
    writeFileSync(join(packed.folder, 'example.mjs'), `${program}\n${last}\n`)
    const output = execFileSync(process.execPath, [join(packed.folder, 'example.mjs')], { encoding: 'utf8' })
    const [value, engine, put, call] = JSON.parse(output) as [number, string, number, number]
    expect(readme).toContain(`// ${String(value).slice(0, 15)}`)
    expect(engine).toBe('wasm')
    expect(put > 0 && call > 0).toBe(true)
  })

  it('tells a bit that differs', () => {
    const path = join(packed.folder, 'margin/golden/bits.json')
    const kept = readFileSync(path, 'utf8')
    writeFileSync(path, kept.replace('[[0],"3ff0000000000000"]', '[[0],"3ff0000000000001"]'))
    const { mismatches } = packed.probe(process.execPath)
    writeFileSync(path, kept)
    expect(mismatches).toEqual(['exp(0) = 3ff0000000000000, not 3ff0000000000001'])
  })

  it('has declarations that a strict program compiles against, and no test', () => {
    const program = `import { black76, optionKernel } from './margin/index.js'
      export const value: number = black76(1, 1, 0.5, 1, true)
      export const engine: 'wasm' | 'typescript' = optionKernel().engine\n`
    writeFileSync(join(packed.folder, 'program.mts'), program)
    const options = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [] }
    const project = join(packed.folder, 'tsconfig.json')
    writeFileSync(project, JSON.stringify({ compilerOptions: options, files: ['program.mts'] }))
    const tsc = join(root, 'node_modules/typescript7/bin/tsc')
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' })
    expect(stdout).toBe('')
    const files = readdirSync(join(packed.folder, 'margin'), { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => /\.(test|fixture)\.|\.ts$/.test(file) && !file.endsWith('.d.ts'))).toEqual(
      [],
    )
    expect(files).toContain('LICENSE')
    const manifest = JSON.parse(readFileSync(join(packed.folder, 'margin/package.json'), 'utf8')) as object
    expect(manifest).toMatchObject({ name: '@causeway/margin', dependencies: {} })
    expect(manifest).not.toHaveProperty('private')
  })
})
