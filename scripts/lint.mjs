// ESLint with Nx's module boundaries: the rule reads Nx's project graph, which has to be on disk first.
import { spawnSync } from 'node:child_process'

const graph = spawnSync(process.execPath, ['node_modules/nx/dist/bin/nx.js', 'show', 'projects'], {
  encoding: 'utf8',
})
if (graph.status !== 0) {
  process.stderr.write(`Nx can't build the project graph:\n${graph.stdout}${graph.stderr}`)
  process.exit(1)
}
const targets = process.argv.length > 2 ? process.argv.slice(2) : ['.']
const eslint = ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', ...targets]
process.exit(spawnSync(process.execPath, eslint, { stdio: 'inherit' }).status ?? 1)
