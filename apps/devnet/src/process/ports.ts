import { createServer } from 'node:net'

/** A part that listens, and the port that it got. */
export interface Listening<Part> {
  readonly part: Part
  readonly port: number
  /** Set when the preferred port was taken. */
  readonly instead: number | undefined
}

/**
 * Attempts with other ports before giving up: only another program that grabs ports as fast as we ask for
 * them uses them up.
 */
const ATTEMPTS = 5

/**
 * Opens a part on the port that people expect, or on a free one when that is taken. `open` is tried on the
 * port itself, so that two devnets which start together can't both believe a port to be theirs.
 */
export async function openOnPort<Part>(
  preferred: number,
  open: (port: number) => Promise<Part>,
  chooseFree: () => Promise<number> = freePort,
): Promise<Listening<Part>> {
  let port = preferred
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (!(await isFree(port))) throw portTaken(port)
      const part = await open(port)
      return { part, port, instead: port === preferred ? undefined : preferred }
    } catch (error) {
      if (!isPortTaken(error) || attempt === ATTEMPTS) throw error
      port = await chooseFree()
    }
  }
}

/** Asks the system for a free port of the loopback interface. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0)
  if (port === undefined) throw new Error('no free port on the loopback interface')
  return port
}

/** Whether an error, or what caused it, says that a port is in use. */
export function isPortTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' || /EADDRINUSE/.test(error.message)) return true
  return isPortTaken(error.cause)
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined
}

function portTaken(port: number): Error {
  return Object.assign(new Error(`port ${port} is taken`), { code: 'EADDRINUSE' })
}

/** Listens and lets go again; the port, or undefined when it is taken. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    )
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const got = typeof address === 'object' && address !== null ? address.port : port
      server.close(() => resolve(got))
    })
  })
}
