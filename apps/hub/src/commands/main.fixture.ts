import { hubCommand } from './hub-command.ts'

await hubCommand().parseAsync(process.argv)
