import { feederCommand } from './feeder-command.ts'

await feederCommand().parseAsync(process.argv)
