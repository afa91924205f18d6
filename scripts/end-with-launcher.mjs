// Loaded into what run-child.mjs runs: a launcher that is killed outright can't tell its program to end.
import { watchParent } from './watch-parent.mjs'

const launcher = Number(process.env.CAUSEWAY_LAUNCHER)
// A program further down inherits the variable, and is its own parent's to end.
if (launcher === process.ppid) watchParent(launcher, () => process.kill(process.pid, 'SIGTERM'))
