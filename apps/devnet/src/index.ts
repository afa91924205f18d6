export { devnetCommand } from './commands/devnet-command.ts'
