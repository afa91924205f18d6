// The databases that the same tests run on: PGlite always, Postgres where it can be had.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openDatabase, type Database } from './open-database.ts'

/** A kind of database to test on; `open` gives an empty one each time. */
export type TestDatabases = {
  name: string
  open(): Promise<Database>
  url?: () => Promise<string>
  stop(): Promise<void>
}

/** PGlite in memory. */
export const pgliteDatabases: TestDatabases = {
  name: 'PGlite',
  open: () => openDatabase({ kind: 'memory' }),
  stop: async () => undefined,
}

/**
 * A Postgres for the test: Docker's where Docker works, else a local server; else undefined, with the reason
 * printed.
 */
export async function postgresDatabases(): Promise<TestDatabases | undefined> {
  const server = (await dockerServer()) ?? (await localServer())
  if (server === undefined) return undefined
  let count = 0
  const url = async (): Promise<string> => {
    const name = `causeway_${count++}`
    const admin = new pg.Client({ connectionString: `${server.url}/postgres` })
    await admin.connect()
    await admin.query(`CREATE DATABASE ${name}`)
    await admin.end()
    return `${server.url}/${name}`
  }
  return {
    name: `Postgres (${server.where})`,
    url,
    open: async () => openDatabase({ kind: 'postgres', url: await url() }),
    stop: server.stop,
  }
}

/** Every kind that this machine offers. */
export async function allDatabases(): Promise<TestDatabases[]> {
  const postgres = await postgresDatabases()
  return postgres === undefined ? [pgliteDatabases] : [pgliteDatabases, postgres]
}

type Server = { where: string; url: string; stop(): Promise<void> }

async function dockerServer(): Promise<Server | undefined> {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 })
  } catch {
    console.log('Postgres in Docker: not tested, Docker does not answer')
    return undefined
  }
  const { GenericContainer, Wait } = await import('testcontainers')
  const container = await new GenericContainer('postgres:17-alpine')
    .withEnvironment({ POSTGRES_PASSWORD: 'test' })
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .start()
  const url = `postgres://postgres:test@${container.getHost()}:${container.getMappedPort(5432)}`
  return { where: 'Docker', url, stop: async () => void (await container.stop()) }
}

async function localServer(): Promise<Server | undefined> {
  const bin = postgresBinaries()
  if (bin === undefined) {
    console.log('local Postgres: not tested, no server binaries in /usr/lib/postgresql')
    return undefined
  }
  const directory = mkdtempSync(join(tmpdir(), 'causeway-postgres-'))
  chmodSync(directory, 0o777)
  const data = join(directory, 'data')
  const run = asPostgresUser()
  const [initdb, ...initArguments] = run(
    join(bin, 'initdb'),
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
  )
  execFileSync(initdb!, initArguments, { stdio: 'ignore' })
  const port = await freePort()
  const serve = run(join(bin, 'postgres'), '-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory)
  const child = spawn(serve[0]!, serve.slice(1), { stdio: 'ignore' })
  const killWithParent = (): void => void child.kill('SIGQUIT')
  process.once('exit', killWithParent)
  child.once('exit', () => process.off('exit', killWithParent))
  const url = `postgres://postgres@127.0.0.1:${port}`
  await waitUntilReady(`${url}/postgres`, child)
  return { where: 'local', url, stop: () => stopServer(child, directory) }
}

function postgresBinaries(): string | undefined {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return undefined
  const version = readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .find((name) => existsSync(join(root, name, 'bin', 'postgres')))
  return version === undefined ? undefined : join(root, version, 'bin')
}

/** Postgres refuses to run as root. setpriv keeps the process, so that a signal to it reaches the server. */
function asPostgresUser(): (...command: string[]) => string[] {
  if (process.getuid?.() !== 0) return (...command) => command
  return (...command) => ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]
}

async function stopServer(child: ChildProcess, directory: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (child.exitCode === null) {
    child.kill('SIGINT')
    await ended
  }
  rmSync(directory, { recursive: true, force: true })
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`postgres ended with code ${child.exitCode}`)
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new Error('postgres did not become ready')
}

/** A TCP port that nobody uses now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
