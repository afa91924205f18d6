import { spawn } from 'node:child_process'
import { watchParent } from './watch-parent.mjs'

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }
const END_WITH_LAUNCHER = new URL('./end-with-launcher.mjs', import.meta.url).href

/**
 * Runs a Node program to its end and gives its exit code, as a shell would. What ends us ends it: signals
 * are passed on (a terminal sends Ctrl-C to the whole group, npm and kill to us alone, and a program that
 * hears it twice takes it as one), and it looks whether we are still there.
 */
export function runChild(node, args, options = {}) {
  const env = { ...(options.env ?? process.env), CAUSEWAY_LAUNCHER: String(process.pid) }
  return new Promise((resolve) => {
    const child = spawn(node, ['--import', END_WITH_LAUNCHER, ...args], { ...options, stdio: 'inherit', env })
    const forward = (signal) => child.kill(signal)
    for (const signal of Object.keys(EXIT_CODES)) process.on(signal, forward)
    // npm that was killed outright can't tell us either.
    const isOfNpm = process.env.npm_lifecycle_event !== undefined
    const stopWatching = isOfNpm ? watchParent(process.ppid, () => forward('SIGTERM')) : () => undefined
    const end = (code) => {
      stopWatching()
      for (const signal of Object.keys(EXIT_CODES)) process.off(signal, forward)
      resolve(code)
    }
    child.on('error', (error) => {
      process.stderr.write(`can't run ${node}: ${error.message}\n`)
      end(1)
    })
    child.on('close', (code, signal) => end(code ?? EXIT_CODES[signal] ?? 1))
  })
}
