import { ClearingPort, CollateralVault, IbcCore, StandbyLines } from '@causeway/contracts-evm'
import { packetCommitment, packetCommitmentKey } from '@causeway/messaging'
import { utf8 } from '@causeway/primitives'
import {
  bytesToHex,
  createWalletClient,
  defineChain,
  hexToBytes,
  http,
  parseAbi,
  parseEventLogs,
  type Abi,
  type Address,
  type Hex,
  type PrivateKeyAccount,
  type PublicClient,
  type TransactionReceipt,
} from 'viem'
import { predictDeployment } from '../bridge-addresses.ts'
import type { ProofOfStakeDevnet } from './proof-of-stake-devnet.ts'
import { requireShanghaiContracts } from './shanghai-contracts.ts'

/** A deposit that a vault sent a packet for. */
export interface SentDeposit {
  readonly blockNumber: bigint
  /** The key of its commitment, and what stands there. */
  readonly path: Uint8Array
  readonly commitment: Uint8Array
}

/** Waits until a transaction is in a block. */
export type Mined = (hash: Hex) => Promise<TransactionReceipt>

const GAS = 9_000_000n

/**
 * Deploys the bridge for the hub's client `hubClientId`, each contract the real one but the light client:
 * this chain knows no BLS precompiles, by which the hub's attestations are verified, so one that believes
 * everything stands for it.
 */
export async function deployBridge(
  { executionUrl, chainId }: ProofOfStakeDevnet,
  account: PrivateKeyAccount,
  mined: Mined,
  hubClientId: string,
): Promise<void> {
  const wallet = walletOf(executionUrl, chainId, account)
  const to = predictDeployment(account.address)
  const code = requireShanghaiContracts()
  const none = `0x${'00'.repeat(20)}` as const
  const wiring = {
    ...{ core: to.core, clearingPort: to.clearingPort, standbyLines: to.standbyLines },
    ...{ wrappedEther: to.wrappedEther, permit2: none },
  }
  const limit = { shareBps: 10_000, windowSeconds: 3_600, floor: 10n ** 24n }
  const counterparty = { clientId: hubClientId, merklePrefix: [bytesToHex(utf8('ibc')), '0x'] as Hex[] }
  const steps: [{ abi: Abi; bytecode: Hex }, unknown[]][] = [
    [{ abi: [], bytecode: code.wrappedEther }, []],
    [{ abi: parseAbi(['constructor(address core)']), bytecode: code.believingHubClient }, [to.core]],
    [{ abi: CollateralVault.abi, bytecode: code.collateralVault }, [wiring, limit, []]],
    [{ abi: StandbyLines.abi, bytecode: code.standbyLines }, [to.vault, to.clearingPort]],
    [{ abi: ClearingPort.abi, bytecode: code.clearingPort }, [to.core, to.vault, to.standbyLines]],
    [{ abi: IbcCore.abi, bytecode: code.ibcCore }, [to.vault, to.clearingPort, counterparty, to.hubClient]],
  ]
  const hashes: Hex[] = []
  for (const [nonce, [contract, args]] of steps.entries())
    hashes.push(await wallet.deployContract({ ...contract, args, nonce, gas: GAS }))
  for (const hash of hashes) {
    const { status } = await mined(hash)
    if (status !== 'success') throw new Error('a contract was not deployed')
  }
}

/** Deposits ether for an account of the hub. */
export async function depositEther(
  node: PublicClient,
  { executionUrl, chainId }: ProofOfStakeDevnet,
  account: PrivateKeyAccount,
  mined: Mined,
  deposit: { vault: Address; receiver: string; value: bigint },
): Promise<SentDeposit> {
  const { timestamp } = await node.getBlock()
  const receipt = await mined(
    await walletOf(executionUrl, chainId, account).writeContract({
      ...{ address: deposit.vault, abi: CollateralVault.abi, functionName: 'depositETH', gas: 1_000_000n },
      ...{ args: ['client-0', deposit.receiver, timestamp + 3_600n, ''], value: deposit.value },
    }),
  )
  return sentDeposit(receipt)
}

function walletOf(rpcUrl: string, id: number, account: PrivateKeyAccount) {
  const chain = defineChain({
    ...{ id, name: 'proof of stake', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 } },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  return createWalletClient({ account, chain, transport: http() })
}

function sentDeposit(receipt: TransactionReceipt): SentDeposit {
  const [sent] = parseEventLogs({ abi: IbcCore.abi, logs: receipt.logs, eventName: 'SendPacket' })
  if (!sent) throw new Error(`the deposit sent no packet: ${receipt.status}`)
  const { packet } = sent.args
  const commitment = packetCommitment({
    destinationClient: packet.destClient,
    timeoutTimestamp: packet.timeoutTimestamp,
    payloads: packet.payloads.map(({ destPort, value, ...payload }) => ({
      ...payload,
      destinationPort: destPort,
      value: hexToBytes(value),
    })),
  })
  const path = packetCommitmentKey(packet.sourceClient, packet.sequence)
  return { blockNumber: receipt.blockNumber, path, commitment }
}
