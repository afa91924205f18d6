export { relayerCommand } from './commands/relayer-command.ts'
export type { CommandIo } from './commands/io.ts'
export { startRelayer, createLog } from './start.ts'
export type { StartOptions } from './start.ts'
export { openChain, openChains, openEvmChain } from './open-chains.ts'
export { createRoute } from './worker/create-route.ts'
export type { CreateRouteOptions, RouteClients } from './worker/create-route.ts'
export type { Relayer } from './worker/relayer.ts'
export type { Chain } from './chain.ts'
export { checkConfig, loadConfig, parseConfig } from './config/load-config.ts'
export type {
  ChainConfig,
  CosmosChainConfig,
  EvmChainConfig,
  RelayerConfig,
  RelayerConfigInput,
  RouteConfig,
} from './config/schema.ts'
export { openWallet } from './keys/wallet.ts'
export type { Wallet } from './keys/wallet.ts'
export { openEvmWallet } from './keys/evm-wallet.ts'
export type { EvmWallet } from './keys/evm-wallet.ts'
export { RelayError } from './errors.ts'
