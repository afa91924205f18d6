import { createPublicClient, createWalletClient, encodeDeployData, http } from 'viem'
import type { Abi, Hex, LocalAccount } from 'viem'
import { anvil } from 'viem/chains'
import { DEPLOYMENT_ORDER, contractAddresses } from './addresses.ts'
import type { ContractAddresses, ContractName } from './addresses.ts'

/** What the compiler gives of a contract. */
export interface Artifact {
  readonly abi: Abi
  readonly bytecode: Hex
}

/** Creates contracts at the addresses that were foretold. */
export interface Deployer {
  readonly addresses: ContractAddresses
  /**
   * Creates some, next in order, all at once; resolves when they exist. Throws when one of them does not.
   */
  deploy(contracts: readonly Deployment[]): Promise<void>
}

/** One contract to create. */
export interface Deployment {
  readonly name: ContractName
  readonly artifact: Artifact
  readonly arguments: readonly unknown[]
}

/** Estimates fail for what depends on a contract of the same block; six of these fit in one. */
const GAS_MAX = 10_000_000n
const POLL_MS = 100
const TIMEOUT_MS = 20_000

/** A deployer whose account has sent nothing yet. */
export function createDeployer(rpcUrl: string, account: LocalAccount): Deployer {
  const transport = http(rpcUrl)
  const wallet = createWalletClient({ account, chain: anvil, transport })
  const client = createPublicClient({ chain: anvil, transport, pollingInterval: POLL_MS })
  const addresses = contractAddresses(account.address)
  const send = async ({ name, artifact: { abi, bytecode }, arguments: args }: Deployment) => {
    const data = encodeDeployData({ abi, bytecode, args })
    const nonce = DEPLOYMENT_ORDER.indexOf(name)
    return { name, hash: await wallet.sendTransaction({ data, nonce, gas: GAS_MAX }) }
  }
  const confirm = async ({ name, hash }: Awaited<ReturnType<typeof send>>) => {
    const { status, contractAddress } = await client.waitForTransactionReceipt({ hash, timeout: TIMEOUT_MS })
    const isThere = status === 'success' && contractAddress?.toLowerCase() === addresses[name]
    if (!isThere) throw new Error(`contract ${name} was not created (transaction ${hash})`)
  }
  return {
    addresses,
    async deploy(contracts) {
      const sent = []
      for (const contract of contracts) sent.push(await send(contract))
      await Promise.all(sent.map(confirm))
    },
  }
}
