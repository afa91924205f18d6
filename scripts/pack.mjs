// Makes the published packages out of the source: JavaScript and declarations that need no type stripping, in
// <package>/dist, or below the folder that --out names. `npm publish <package>/dist` is left to a person.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
/** Packages, and the data that they carry beside their code. */
const packages = { margin: ['golden'] }

const at = process.argv.indexOf('--out')
for (const [name, data] of Object.entries(packages)) {
  const source = join(root, 'libs', name)
  const out = at < 0 ? join(source, 'dist') : resolve(process.argv[at + 1] ?? '.', name)
  rmSync(out, { recursive: true, force: true })
  compile(source, out)
  mkdirSync(out, { recursive: true })
  for (const folder of data) cpSync(join(source, folder), join(out, folder), { recursive: true })
  if (existsSync(join(source, 'README.md'))) cpSync(join(source, 'README.md'), join(out, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'))
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(published(source, data), undefined, 2)}\n`)
  process.stdout.write(`${name}: ${out}\n`)
}

function compile(source, out) {
  const tsc = join(root, 'node_modules/typescript7/bin/tsc')
  const { status } = spawnSync(
    process.execPath,
    [tsc, '-p', join(source, 'tsconfig.pack.json'), '--outDir', out],
    {
      stdio: 'inherit',
    },
  )
  if (status !== 0) process.exit(status ?? 1)
}

/** The manifest as users get it: of the workspace's own only what concerns them. */
function published(source, data) {
  const { name, version, description, license, type, dependencies } = JSON.parse(
    readFileSync(join(source, 'package.json'), 'utf8'),
  )
  const files = Object.fromEntries(data.map((folder) => [`./${folder}/*`, `./${folder}/*`]))
  return {
    ...{ name, version, description, license, type, engines: { node: '>=20' }, sideEffects: false },
    exports: { '.': { types: './index.d.ts', default: './index.js' }, ...files },
    dependencies,
  }
}
