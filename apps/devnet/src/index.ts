export { testAddress, testMnemonic } from './chains/accounts.ts'
export type { DevnetRole } from './chains/accounts.ts'
export { devnetCommand } from './commands/devnet-command.ts'
