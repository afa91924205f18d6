#!/usr/bin/env node
// `npx causeway`: the source runs on the Node 24 of node_modules, whatever Node started this file.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runChild } from '../../../scripts/run-child.mjs'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(main)
} else {
  const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))
  if (!existsSync(node)) {
    process.stderr.write(
      'Causeway runs on Node 24, which its installation brings: run npm ci in the checkout first.\n',
    )
    process.exit(1)
  }
  process.exit(await runChild(node, [main, ...process.argv.slice(2)]))
}
