import { join } from 'node:path'

import type { Logger } from 'pino'

import { createEvmChain } from './evm/evm-chain.ts'
import { createCosmosChain } from './cosmos/cosmos-chain.ts'
import type { Chain } from './chain.ts'
import type {
  ChainConfig,
  CosmosChainConfig,
  EvmChainConfig,
  RelayerConfig,
  SolanaChainConfig,
} from './config/schema.ts'
import { RelayError } from './errors.ts'
import type { EvmWallet } from './keys/evm-wallet.ts'
import { loadEvmWallet, loadSolanaWallet, loadWallet } from './keys/load-key.ts'
import type { SolanaWallet } from './keys/solana-wallet.ts'
import type { Wallet } from './keys/wallet.ts'
import { parseEvmChainId } from './plan/chain-ids.ts'
import { openProofSide } from './solana/open-proof-side.ts'
import { createSolanaChain } from './solana/solana-chain.ts'
import { PublicKey } from '@solana/web3.js'

/** What chains may be opened with beside their settings. */
export interface OpenedWith {
  readonly log?: Logger
  /** Where a chain may keep what makes its next start shorter; one process at a time. */
  readonly folder?: string
}

/**
 * Opens every configured chain with its wallet. Secrets are read from `env` or from key files and stay in
 * the wallets.
 */
export async function openChains(
  config: Pick<RelayerConfig, 'chains'>,
  env: NodeJS.ProcessEnv,
  nowMs: () => number,
  opened: OpenedWith = {},
): Promise<Map<string, Chain>> {
  const chains = new Map<string, Chain>()
  for (const chain of config.chains) chains.set(chain.id, await openConfigured(chain, env, nowMs, opened))
  return chains
}

async function openConfigured(
  chain: ChainConfig,
  env: NodeJS.ProcessEnv,
  nowMs: () => number,
  opened: OpenedWith,
): Promise<Chain> {
  if (chain.type === 'evm') return openEvmChain(chain, await loadEvmWallet(chain.key, env), nowMs)
  if (chain.type === 'solana') {
    return openSolanaChain(chain, await loadSolanaWallet(chain.key, env), nowMs, opened)
  }
  return openChain(chain, await loadWallet(chain.key, chain.addressPrefix, env), nowMs)
}

/** Opens one Cosmos chain with a wallet that is open already. */
export function openChain(config: CosmosChainConfig, wallet: Wallet, nowMs: () => number): Chain {
  return createCosmosChain({
    chainId: config.id,
    rpcUrls: config.rpc,
    wallet,
    gas: {
      mode: config.gas.mode,
      adjustmentPerMille: perMille(config.gas.adjustment),
      perMessage: config.gas,
      price: config.gasPrice,
      gasMax: config.gas.max,
    },
    clientTerms: {
      trustingPeriodSeconds: seconds(config.client.trustingPeriod),
      unbondingPeriodSeconds: seconds(config.client.unbondingPeriod),
      maxClockDriftSeconds: seconds(config.client.maxClockDrift),
    },
    ...timings(config),
    memo: config.memo,
    nowMs,
  })
}

/** Opens one EVM chain with a wallet that is open already. Throws `RelayError` (config). */
export function openEvmChain(config: EvmChainConfig, wallet: EvmWallet, nowMs: () => number): Chain {
  const chainId = parseEvmChainId(config.id)
  if (chainId === undefined) throw new RelayError('config', 'never', `${config.id} is no EVM chain`)
  const { maxFeePerGas, priorityFeePerGas, replaceAfter } = config.fees
  return createEvmChain({
    chainId,
    rpcUrls: config.rpc,
    beaconUrls: config.beacon,
    contract: config.contract,
    fromBlock: config.fromBlock,
    checkpoint: config.checkpoint === undefined ? undefined : Buffer.from(config.checkpoint.slice(2), 'hex'),
    wallet,
    fees: { maxFeePerGas, priorityFeePerGas },
    gasMax: config.gas.max,
    gasAdjustmentPerMille: perMille(config.gas.adjustment),
    confirmations: config.confirmations,
    clientTerms: {
      trustingPeriodSeconds: seconds(config.client.trustingPeriod),
      maxClockDriftSeconds: seconds(config.client.maxClockDrift),
    },
    ...timings(config),
    replaceAfterMs: Number(replaceAfter),
    nowMs,
  })
}

/** Opens one Solana cluster with a wallet that is open already. */
export function openSolanaChain(
  config: SolanaChainConfig,
  wallet: SolanaWallet,
  nowMs: () => number,
  { log, folder }: OpenedWith = {},
): Chain {
  const { id: chainId, client, fees, gas } = config
  const address = (name: keyof typeof config.programs) => new PublicKey(config.programs[name])
  const programs = {
    ...{ core: address('core'), vault: address('vault'), hubClient: address('hubClient') },
    ...{ upload: address('upload'), recorder: address('recorder') },
  }
  return createSolanaChain({
    ...{ chainId, rpcUrls: config.rpc, programs, clientId: client.id, hub: config.hub, wallet, nowMs, log },
    historyFile: folder && fileIn(folder, `history-${chainId}-${client.id}`),
    lookupsFile: folder && fileIn(folder, `lookup-table-${chainId}`),
    openProofs: async (history, genesisHash) =>
      await openProofSide({
        ...{ stream: config.stream, chainId, genesisHash, core: programs.core, clientId: client.id },
        ...{ recorder: programs.recorder, history, nowMs },
        clientTerms: {
          trustingPeriodSeconds: seconds(client.trustingPeriod),
          maxClockDriftSeconds: seconds(client.maxClockDrift),
        },
      }),
    fees: { priorityFee: fees.priorityFee, priorityFeeMax: fees.priorityFeeMax },
    unitsMax: Number(gas.max),
    unitsAdjustmentPerMille: perMille(gas.adjustment),
    ...timings(config),
    resendAfterMs: Number(fees.resendAfter),
    recordsStakes: config.recordStakes,
  })
}

function timings(config: ChainConfig) {
  return {
    pollMs: Number(config.poll),
    requestTimeoutMs: Number(config.requestTimeout),
    staleAfterMs: Number(config.staleAfter),
    confirmTimeoutMs: Number(config.confirmTimeout),
  }
}

function seconds(ms: bigint): bigint {
  return ms / 1000n
}

function perMille(ratio: number): bigint {
  return BigInt(Math.round(ratio * 1000))
}

function fileIn(folder: string, name: string): string {
  return join(folder, name.replace(/[^\w.-]/g, '_'))
}
