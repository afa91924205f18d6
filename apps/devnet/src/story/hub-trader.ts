import { connect, cosmosWallet } from '@causeway/client'
import type { Causeway, SentWithdrawal, Trader, WithdrawalTerms } from '@causeway/client'
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing'
import { testMnemonic } from '../chains/accounts.ts'
import { HUB } from '../chains/facts.ts'
import type { Devnet } from '../devnet.ts'
import type { SentTransfer } from './trader.ts'

/** The trader on the hub, through the client library. */
export interface HubTrader {
  readonly causeway: Causeway
  readonly trader: Trader
  /** Pays cash out, or sends a token back, over a line. Throws what the hub refuses. */
  withdraw(terms: WithdrawalTerms, isCash: boolean): Promise<SentTransfer>
}

/** The trader with its Cosmos wallet. Throws for a hub that is not on this machine: the key is public. */
export async function openHubTrader({ hub: { rpcUrl } }: Pick<Devnet, 'hub'>): Promise<HubTrader> {
  const { prefix, chainId } = HUB
  const signer = await DirectSecp256k1HdWallet.fromMnemonic(testMnemonic('trader', rpcUrl), { prefix })
  const causeway = await connect({ rpc: rpcUrl, chainId })
  const trader = causeway.trader(await cosmosWallet(signer))
  return {
    causeway,
    trader,
    withdraw: async (terms, isCash) => sentOf(await (isCash ? trader.redeem(terms) : trader.withdraw(terms))),
  }
}

function sentOf({ txHash, height, sequence }: SentWithdrawal): SentTransfer {
  if (sequence === undefined) throw new Error(`the withdrawal of ${txHash} waits in the queue of its line`)
  return { transaction: txHash, height: Number(height), sequence: BigInt(sequence) }
}
