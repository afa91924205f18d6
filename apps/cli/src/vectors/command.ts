import { Command } from 'commander'
import { runVectors } from './run-vectors.ts'

/** `causeway vectors`: conformance to public test vectors. */
export function vectorsCommand(): Command {
  const command = new Command('vectors').description('run public test vectors against this implementation')
  command
    .command('run')
    .description('run every case below a folder; exit 1 if any fails or there is none')
    .argument('<dir>', 'folder of vectors, in the public formats, at any depth')
    .action((directory: string) => {
      const { passed, failed } = runVectors(directory, (line) => process.stdout.write(`${line}\n`))
      if (failed > 0 || passed === 0) process.exitCode = 1
    })
  return command
}
