export { relayerCommand } from './commands/relayer-command.ts'
export type { CommandIo } from './commands/io.ts'
export { startRelayer, createLog } from './start.ts'
export type { StartOptions } from './start.ts'
export { openChain, openChains, openEvmChain, openSolanaChain } from './open-chains.ts'
export { createRoute } from './worker/create-route.ts'
export type { CreateRouteOptions, RouteClients } from './worker/create-route.ts'
export type { Relayer } from './worker/relayer.ts'
export type { Chain, Flight, Outcome, ProvenWork } from './chain.ts'
export { checkConfig, loadConfig, parseConfig } from './config/load-config.ts'
export type {
  ChainConfig,
  CosmosChainConfig,
  EvmChainConfig,
  RelayerConfig,
  RelayerConfigInput,
  RouteConfig,
  SolanaChainConfig,
} from './config/schema.ts'
export { openWallet } from './keys/wallet.ts'
export type { Wallet } from './keys/wallet.ts'
export { openEvmWallet } from './keys/evm-wallet.ts'
export type { EvmWallet } from './keys/evm-wallet.ts'
export { openSolanaWallet } from './keys/solana-wallet.ts'
export type { SolanaWallet } from './keys/solana-wallet.ts'
export { RelayError } from './errors.ts'
export { openBankFollower } from './solana/bank/open-bank-follower.ts'
export type { BankFollower, BankFollowerOptions } from './solana/bank/open-bank-follower.ts'
export type { Bank } from './solana/bank/bank.ts'
export { Headers } from './solana/headers.ts'
export type { SolanaClientTerms } from './solana/client-seed.ts'
