import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What anvil is started with. */
export interface AnvilOptions {
  /** On the loopback interface; it must be free. */
  readonly port: number
  readonly chainId: number
  /** Time of block 0, in seconds since 1970. */
  readonly genesisTimeSeconds: number
  /** Where what it prints goes. */
  readonly logPath: string
  /** Told when it ends though nobody stopped it. */
  readonly onExit: (error: Error) => void
}

/** A running anvil. It makes blocks when it is told to, never by itself. */
export interface Anvil {
  readonly rpcUrl: string
  /** The process number of anvil's shell; anvil itself is its child. */
  readonly pid: number
  stop(): Promise<void>
}

const READY_MS_MAX = 20_000
const READY_LOOK_MS = 25

/**
 * The shell ends anvil as soon as its standard input closes, which the system does for a process that is
 * killed outright too. Its exit code is anvil's.
 */
const SUPERVISE = `
exec 3<&0
"$@" </dev/null 3<&- & anvil=$!
{ cat <&3 >/dev/null; kill -9 $anvil; } 2>/dev/null & guard=$!
wait $anvil; code=$?
kill $guard 2>/dev/null
exit $code`

/** Starts anvil and waits until it answers. Throws when it ends before or never does. */
export async function startAnvil(options: AnvilOptions): Promise<Anvil> {
  const rpcUrl = `http://127.0.0.1:${options.port}`
  const log = openSync(options.logPath, 'w')
  // A group of its own: Ctrl-C in the terminal is for us, and we end it after those who talk to it.
  const shell = spawn('sh', ['-c', SUPERVISE, 'anvil', binaryPath(), ...anvilArguments(options)], {
    stdio: ['pipe', log, log],
    detached: true,
  })
  closeSync(log)
  shell.stdin?.on('error', () => undefined) // it has ended: the exit tells
  let isStopping = false
  const exited = new Promise<Error>((resolve) => {
    shell.once('error', resolve)
    shell.once('exit', (code, signal) => resolve(endOf(signal ?? `code ${code}`, options.logPath)))
  })
  const stop = async () => {
    isStopping = true
    shell.stdin?.end()
    await exited
  }
  try {
    await untilListening(options.logPath, exited)
  } catch (error) {
    await stop()
    throw error
  }
  void exited.then((error) => {
    if (!isStopping) options.onExit(error)
  })
  return { rpcUrl, pid: shell.pid ?? 0, stop }
}

function anvilArguments({ port, chainId, genesisTimeSeconds }: AnvilOptions): string[] {
  const time = String(genesisTimeSeconds)
  return [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--chain-id',
    String(chainId),
    '--timestamp',
    time,
  ].concat(
    // Osaka's rules are Fulu's, Prague's are Electra's; what a light client sees is the same
    ['--hardfork', 'prague', '--gas-limit', '60000000', '--no-mining'],
  )
}

/** The package's own launcher is a Node process that would only stand in between. */
function binaryPath(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
  const machine = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `@foundry-rs/anvil-${process.platform}-${machine}`
  return join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'anvil')
}

/** Its own word, not an answer from the port: another one may have been quicker there. */
async function untilListening(logPath: string, exited: Promise<Error>): Promise<void> {
  const deadline = performance.now() + READY_MS_MAX
  let end: Error | undefined
  void exited.then((error) => (end = error))
  while (!/^Listening on /m.test(readFileSync(logPath, 'utf8'))) {
    if (end !== undefined) throw end
    if (performance.now() > deadline) throw new Error(`anvil did not listen within ${READY_MS_MAX} ms`)
    await new Promise((resolve) => setTimeout(resolve, READY_LOOK_MS))
  }
}

/** How it ended, with its last words; a taken port has the code that others have. */
function endOf(how: string, logPath: string): Error {
  const last = readFileSync(logPath, 'utf8').trimEnd().split('\n').at(-1) ?? ''
  const error = new Error(`anvil ended (${how}): ${last}`)
  return /address already in use/i.test(last) ? Object.assign(error, { code: 'EADDRINUSE' }) : error
}
