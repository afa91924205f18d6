import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** The versions of Node whose bits are compared: the last of each line that is maintained. */
export const NODE_VERSIONS = ['20.20.2', '22.23.3'] as const

/** Path of a Node binary in the cache, fetched first where it is missing. Throws without a registry. */
export function requireNode(version: string): string {
  const cache = join(process.env['CAUSEWAY_CACHE'] ?? join(homedir(), '.cache', 'causeway'), 'node')
  const binary = join(cache, version, 'package', 'bin', 'node')
  if (existsSync(binary)) return binary
  const temporary = join(cache, `${version}.${process.pid}`)
  mkdirSync(temporary, { recursive: true })
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}@${version}`
  const output = execFileSync('npm', ['pack', name, '--silent', '--pack-destination', temporary], {
    encoding: 'utf8',
    cwd: temporary,
  })
  const tarball = join(temporary, output.trim().split('\n').at(-1)!)
  execFileSync('tar', ['-xzf', tarball, '-C', temporary, 'package/bin/node'])
  rmSync(tarball)
  rmSync(join(cache, version), { recursive: true, force: true })
  renameSync(temporary, join(cache, version))
  return binary
}

/** Path of a Chromium or Chrome: CHROMIUM, or one on the path. Undefined when there is none. */
export function findChromium(): string | undefined {
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'chrome-headless-shell',
  ]
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [process.env['CHROMIUM'] ?? '', ...candidates].find((path) => path !== '' && existsSync(path))
}
