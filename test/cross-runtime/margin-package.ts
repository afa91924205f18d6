import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** What a runtime says of itself and of the golden bits. */
export interface ProbeResult {
  /** `process.version` or the browser's user agent. */
  readonly runtime: string
  /** What the kernel runs in. */
  readonly engine: 'wasm' | 'typescript'
  readonly rows: number
  readonly mismatches: readonly string[]
}

/** The margin library as it is published, in a folder of its own beside a program that probes it. */
export interface PackedMargin {
  readonly folder: string
  /** Runs the probe in a Node binary. */
  probe(node: string, ...flags: readonly string[]): ProbeResult
  remove(): void
}

/**
 * Packs the library anew, outside the checkout, so that nothing of the workspace can be imported by
 * mistake.
 */
export function packMargin(): PackedMargin {
  const folder = mkdtempSync(join(tmpdir(), 'margin-package-'))
  execFileSync(process.execPath, [join(root, 'scripts/pack.mjs'), '--out', folder], { stdio: 'pipe' })
  writeFileSync(join(folder, 'probe.mjs'), nodeProbe)
  writeFileSync(
    join(folder, 'page.html'),
    pageProbe(readFileSync(join(folder, 'margin/golden/bits.json'), 'utf8')),
  )
  return {
    folder,
    probe: (node, ...flags) => {
      const output = execFileSync(node, [...flags, join(folder, 'probe.mjs')], { encoding: 'utf8' })
      return JSON.parse(output) as ProbeResult
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const probe = `
  const rows = Object.values(table.rows).reduce((sum, list) => sum + list.length, 0)
  const result = { runtime, engine: optionKernel().engine, rows, mismatches: goldenMismatches(table) }`

const nodeProbe = `
  import { readFileSync } from 'node:fs'
  import { goldenMismatches, optionKernel } from './margin/index.js'
  const table = JSON.parse(readFileSync(new URL('margin/golden/bits.json', import.meta.url), 'utf8'))
  const runtime = process.version
  ${probe}
  console.log(JSON.stringify(result))`

function pageProbe(table: string): string {
  return `<!doctype html><pre id="result"></pre><script type="module">
  import { goldenMismatches, optionKernel } from './margin/index.js'
  const table = ${table}
  const runtime = navigator.userAgent
  ${probe}
  document.getElementById('result').textContent = JSON.stringify(result)
  </script>`
}
