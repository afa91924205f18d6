import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packMargin } from '../cross-runtime/margin-package.ts'
import type { PackedMargin, ProbeResult } from '../cross-runtime/margin-package.ts'
import { findChromium, NODE_VERSIONS, requireNode } from '../cross-runtime/runtimes.ts'

const run = promisify(execFile)
let packed: PackedMargin

beforeAll(() => {
  packed = packMargin()
})
afterAll(() => packed.remove())

describe('golden bits of the margin library', () => {
  it.each(NODE_VERSIONS)('Node %s', (version) => {
    let node: string
    try {
      node = requireNode(version)
    } catch (error) {
      process.stdout.write(
        `skipped: Node ${version} could not be fetched (${String(error).split('\n')[0]})\n`,
      )
      return
    }
    for (const flags of [[], ['--jitless']]) {
      const result = packed.probe(node, ...flags)
      process.stdout.write(`golden bits in ${result.runtime}, ${result.engine}: ${result.rows} rows\n`)
      expect(result).toMatchObject({ runtime: `v${version}`, mismatches: [] })
    }
  })

  it('Chromium', async () => {
    const chromium = findChromium()
    if (chromium === undefined) {
      process.stdout.write('skipped: no Chromium on the path or in CHROMIUM\n')
      return
    }
    const result = await probeInBrowser(chromium, packed.folder)
    process.stdout.write(`golden bits in ${result.runtime}, ${result.engine}: ${result.rows} rows\n`)
    expect(result).toMatchObject({ engine: 'wasm', mismatches: [] })
  })
})

/** Serves the folder on loopback and reads what the page has written into itself. */
async function probeInBrowser(chromium: string, folder: string): Promise<ProbeResult> {
  const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' }
  const server = createServer((request, response) => {
    try {
      const path = join(folder, normalize(new URL(request.url ?? '/', 'http://localhost').pathname))
      const content = readFileSync(path)
      response
        .writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
        .end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/page.html`
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=20000', '--dump-dom']
    const { stdout } = await run(chromium, [...flags, url], { maxBuffer: 1 << 24, timeout: 120_000 })
    const text = /<pre id="result">(.*?)<\/pre>/s.exec(stdout)?.[1]
    if (text === undefined || text === '') throw new Error(`the page shows nothing: ${stdout.slice(0, 500)}`)
    return JSON.parse(
      text.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&'),
    ) as ProbeResult
  } finally {
    server.close()
  }
}
