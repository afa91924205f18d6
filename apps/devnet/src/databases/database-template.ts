import { existsSync, readFileSync, renameSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Lifecycle } from '../process/lifecycle.ts'
import type { RunFolder } from '../process/run-folder.ts'

/** An empty embedded database that is made once and copied for each part that wants one. */
export interface DatabaseTemplate {
  /**
   * Copies it to a folder that does not exist yet. Without a template the part makes its own database there.
   */
  copyTo(folder: string): Promise<void>
}

/**
 * Looks the template up in `base`, or begins to make it in another thread. It stays there for later starts,
 * under the version of the embedded database; only a complete one ever gets that name.
 */
export function openDatabaseTemplate(
  base: string,
  run: RunFolder,
  lifecycle: Lifecycle,
  onProblem: (error: Error) => void,
): DatabaseTemplate {
  const path = join(base, `postgres-${embeddedVersion()}`)
  const made = existsSync(path) ? Promise.resolve(path) : make(path, run, lifecycle)
  const usable = made.catch((error: Error) => {
    onProblem(error)
    return undefined
  })
  return {
    async copyTo(folder) {
      const template = await lifecycle.during(usable)
      if (template === undefined || existsSync(folder)) return
      // A part of the lifecycle: nothing may be deleted while it is being copied.
      await lifecycle.start(
        'copy of the template',
        () => cp(template, folder, { recursive: true }),
        () => undefined,
      )
    },
  }
}

async function make(path: string, run: RunFolder, lifecycle: Lifecycle): Promise<string> {
  const unfinished = join(run.path, 'postgres')
  const url = new URL('./make-template.ts', import.meta.url)
  const worker = await lifecycle.start(
    'database template',
    () => new Worker(url, { workerData: { path: unfinished } }),
    async (opened) => void (await opened.terminate()),
  )
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  worker.once('error', reject)
  worker.once('exit', (code) => {
    if (code === 0) resolve(publish(unfinished, path))
    else reject(new Error(`making the database template ended with ${code}`))
  })
  return await promise
}

/**
 * Gives the finished template its name; another devnet may have been quicker, and then ours serves this run
 * only.
 */
function publish(unfinished: string, path: string): string {
  try {
    renameSync(unfinished, path)
    return path
  } catch {
    return unfinished
  }
}

function embeddedVersion(): string {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
