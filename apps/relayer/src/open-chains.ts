import { createCosmosChain } from './cosmos/cosmos-chain.ts'
import type { Chain } from './chain.ts'
import type { ChainConfig, RelayerConfig } from './config/schema.ts'
import { loadWallet } from './keys/load-key.ts'
import type { Wallet } from './keys/wallet.ts'

/**
 * Opens every configured chain with its wallet. Secrets are read from `env` or from key files and stay in
 * the wallets.
 */
export async function openChains(
  config: Pick<RelayerConfig, 'chains'>,
  env: NodeJS.ProcessEnv,
  nowMs: () => number,
): Promise<Map<string, Chain>> {
  const chains = new Map<string, Chain>()
  for (const chain of config.chains) {
    const wallet = await loadWallet(chain.key, chain.addressPrefix, env)
    chains.set(chain.id, openChain(chain, wallet, nowMs))
  }
  return chains
}

/** Opens one chain with a wallet that is open already. */
export function openChain(config: ChainConfig, wallet: Wallet, nowMs: () => number): Chain {
  const seconds = (ms: bigint) => ms / 1000n
  return createCosmosChain({
    chainId: config.id,
    rpcUrls: config.rpc,
    wallet,
    gas: {
      mode: config.gas.mode,
      adjustmentPerMille: BigInt(Math.round(config.gas.adjustment * 1000)),
      perMessage: config.gas,
      price: config.gasPrice,
      gasMax: config.gas.max,
    },
    clientTerms: {
      trustingPeriodSeconds: seconds(config.client.trustingPeriod),
      unbondingPeriodSeconds: seconds(config.client.unbondingPeriod),
      maxClockDriftSeconds: seconds(config.client.maxClockDrift),
    },
    pollMs: Number(config.poll),
    requestTimeoutMs: Number(config.requestTimeout),
    staleAfterMs: Number(config.staleAfter),
    confirmTimeoutMs: Number(config.confirmTimeout),
    memo: config.memo,
    nowMs,
  })
}
