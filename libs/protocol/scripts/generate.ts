// `npm run generate`: turns proto/ into src/generated/ with the buf and ts-proto that npm installed; needs
// no network.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageFieldsSource } from './message-fields.ts'
import { messageNamesSource } from './message-names.ts'
import { erasable } from './post-process.ts'

const library = fileURLToPath(new URL('..', import.meta.url))
const bin = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url))

/** Where the generated code lies. */
export const generatedFolder = join(library, 'src', 'generated')

/**
 * Every generated file by its path below `generatedFolder`, ascending. Throws with buf's words when a .proto
 * is wrong.
 */
export function generate(): Map<string, string> {
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-generate-'))
  try {
    const image = join(scratch, 'image.json')
    buf(['build', '--exclude-source-info', '--output', image], scratch)
    buf(['generate', '--template', 'buf.gen.yaml', '--output', join(scratch, 'out')], scratch)
    const files = new Map<string, string>()
    const parsed = JSON.parse(readFileSync(image, 'utf8'))
    files.set('message-fields.ts', messageFieldsSource(parsed))
    files.set('message-names.ts', messageNamesSource(parsed))
    for (const [name, source] of readFolder(join(scratch, 'out'))) files.set(name, erasable(source))
    return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Contents of all files below a folder by their relative path, ascending. */
export function readFolder(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map()
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const names = files.map((path) => path.slice(folder.length + 1)).sort()
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

function buf(args: string[], scratch: string): void {
  const path = bin + delimiter + (process.env['PATH'] ?? '')
  const environment = { ...process.env, PATH: path, BUF_CACHE_DIR: join(scratch, 'cache') }
  const result = spawnSync(join(bin, 'buf'), args, { cwd: library, env: environment, encoding: 'utf8' })
  if (result.error) throw result.error
  if (result.status !== 0) throw new Error(`buf ${args[0]} failed:\n${result.stderr || result.stdout}`)
}

/** Writes only what changed, so that a running program or test is not pulled from under. */
function write(wanted: Map<string, string>): number {
  const present = readFolder(generatedFolder)
  let changes = 0
  for (const [name, source] of wanted) {
    if (present.get(name) === source) continue
    mkdirSync(dirname(join(generatedFolder, name)), { recursive: true })
    writeFileSync(join(generatedFolder, name), source)
    changes += 1
  }
  for (const name of present.keys()) {
    if (wanted.has(name)) continue
    rmSync(join(generatedFolder, name))
    changes += 1
  }
  return changes
}

if (import.meta.main) {
  const files = generate()
  console.log(`libs/protocol/src/generated: ${files.size} files, ${write(files)} changed`)
}
