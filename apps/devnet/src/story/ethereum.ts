import { CollateralVault, IbcCore } from '@causeway/contracts-evm'
import { createPublicClient, createWalletClient, encodeFunctionData, http, parseEventLogs } from 'viem'
import type { Hex } from 'viem'
import { anvil } from 'viem/chains'
import { ethereumAccount } from '../chains/ethereum-accounts.ts'
import { CLIENTS, ETH, ETHEREUM, UNIT, USDC } from '../chains/facts.ts'
import { TestUsdc } from '../contracts/generated/tokens.ts'
import type { Devnet } from '../devnet.ts'
import type { Collateral, CollateralChain } from './collateral-chain.ts'
import { ethereumProofHeight } from './ethereum-proof-height.ts'
import { signPermit } from './sign-permit.ts'
import type { SentTransfer } from './trader.ts'

const MILLIETHER = 10n ** 15n
const DOLLARS: Collateral = { name: 'USDC', bridged: USDC, deposit: 1_000n * UNIT, withdrawal: 400n * UNIT }
const ETHER: Collateral = {
  name: 'ETH',
  bridged: ETH,
  deposit: 500n * MILLIETHER,
  withdrawal: 200n * MILLIETHER,
}

const CLIENT = CLIENTS.hubOnEthereum
const { vault, core, usdc, wrappedEther } = ETHEREUM.contracts
const TIMEOUT_SECONDS = 3_600n
const TIMEOUT_MS = 30_000
const POLL_MS = 100

/** The Ethereum, with the trader on it: stock viem, as a user's program is. */
export function openEthereumTrader({ ethereum: { rpcUrl } }: Devnet): CollateralChain {
  const account = ethereumAccount('trader', rpcUrl)
  const transport = http(rpcUrl)
  const client = createPublicClient({ chain: anvil, transport, pollingInterval: POLL_MS })
  const wallet = createWalletClient({ account, chain: anvil, transport })
  const erc20Balance = (token: Hex) =>
    client.readContract({
      address: token,
      abi: TestUsdc.abi,
      functionName: 'balanceOf',
      args: [account.address],
    })
  const send = async (data: Hex, value = 0n): Promise<SentTransfer> => {
    const hash = await wallet.sendTransaction({ to: vault, data, value })
    const receipt = await client.waitForTransactionReceipt({ hash, timeout: TIMEOUT_MS })
    const logs = receipt.logs.filter(({ address }) => address.toLowerCase() === core)
    const [sent] = parseEventLogs({ abi: IbcCore.abi, logs, eventName: 'SendPacket' })
    if (sent === undefined) throw new Error(`transaction ${hash} sent no packet`)
    return { transaction: hash, height: Number(receipt.blockNumber), sequence: sent.args.sequence }
  }
  const timeout = () => BigInt(Math.floor(Date.now() / 1_000)) + TIMEOUT_SECONDS
  return {
    end: { chainId: ETHEREUM.chainId, client: CLIENT, proofHeight: ethereumProofHeight(rpcUrl) },
    part: 'ethereum',
    address: account.address.toLowerCase(),
    collaterals: [DOLLARS, ETHER],
    // What is withdrawn comes as the token that went in: ether as wrapped ether.
    balance: async ({ bridged }) =>
      bridged === USDC
        ? await erc20Balance(usdc)
        : (await client.getBalance(account)) + (await erc20Balance(wrappedEther)),
    async deposit({ bridged, deposit: amount }, receiver) {
      const deadline = timeout()
      if (bridged === USDC) {
        const permit = await signPermit(account, rpcUrl, amount, deadline)
        const args = [usdc, amount, CLIENT, receiver, deadline, '', permit] as const
        const data = encodeFunctionData({ abi: CollateralVault.abi, functionName: 'depositWithPermit', args })
        return await send(data)
      }
      const args = [CLIENT, receiver, deadline, ''] as const
      const data = encodeFunctionData({ abi: CollateralVault.abi, functionName: 'depositETH', args })
      return await send(data, amount)
    },
    close: () => undefined,
  }
}
