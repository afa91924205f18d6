import { cosmosWallet } from '@causeway/client'
import type { ConnectOptions, CosmosWallet } from '@causeway/client'
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing'
import { testMnemonic } from '../chains/accounts.ts'
import type { CrowdRole } from '../chains/accounts.ts'
import { HUB } from '../chains/facts.ts'

/** The hub, and the wallet of a role. Throws for a hub that is not on this machine: the keys are public. */
export async function hubAccount(
  rpcUrl: string,
  role: CrowdRole,
): Promise<{ readonly hub: ConnectOptions; readonly wallet: CosmosWallet }> {
  const { prefix, chainId } = HUB
  const signer = await DirectSecp256k1HdWallet.fromMnemonic(testMnemonic(role, rpcUrl), { prefix })
  return { hub: { rpc: rpcUrl, chainId }, wallet: await cosmosWallet(signer) }
}
